from odoo import fields, models


class KpiImprovement(models.Model):
    _inherit = "kpi.improvement"

    kpi_campaign_id = fields.Many2one(
        "kpi.survey.campaign", string="Survey", index="btree_not_null"
    )
    kpi_meeting_id = fields.Many2one(
        "kpi.survey.meeting", string="Planned at", index="btree_not_null"
    )
