from odoo import fields, models


class KpiSurveyBand(models.Model):
    """A named part of the scale; a mean is rounded half up first (FORMULAS.md)."""

    _name = "kpi.survey.band"
    _description = "Band of the Survey Scale"
    _inherit = ["kpi.guarded.mixin"]
    _order = "campaign_id, mark_from DESC"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    mark_from = fields.Integer(string="From", required=True)
    mark_to = fields.Integer(string="To", required=True)
    key = fields.Char(required=True)
