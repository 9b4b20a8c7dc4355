from odoo import fields, models


class KpiSurveyCriterionGroup(models.Model):
    _name = "kpi.survey.criterion.group"
    _description = "Group of Survey Criteria"
    _inherit = ["kpi.survey.part.mixin"]
    _order = "campaign_id, sequence, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    criterion_ids = fields.One2many(
        "kpi.survey.criterion", "group_id", string="Criteria", copy=True
    )
