from odoo import fields, models


class KpiSurveyRecommendation(models.Model):
    """What HR recommends, for the company or for one unit."""

    _name = "kpi.survey.recommendation"
    _description = "HR's Recommendation after a Survey"
    _inherit = ["kpi.guarded.mixin"]
    _order = "campaign_id, sequence, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one(
        "kpi.survey.unit", index=True, help="Empty: for the whole company."
    )
    department_id = fields.Many2one(related="unit_id.department_id", store=True)
    text = fields.Text(required=True)
