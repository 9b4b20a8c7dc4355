from odoo import fields, models


class KpiSurveyCriterion(models.Model):
    """What a unit is rated by; ``key`` makes it the same over the cycles."""

    _name = "kpi.survey.criterion"
    _description = "Survey Criterion"
    _inherit = ["kpi.guarded.mixin"]
    _order = "campaign_id, group_id, sequence, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    group_id = fields.Many2one(
        "kpi.survey.criterion.group", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    hint = fields.Text(
        translate=True, help="What is meant, in a sentence: shown beside the marks."
    )
    key = fields.Char(
        required=True,
        help="Stays the same when a campaign is copied: figures of cycles with the "
        "same key are compared.",
    )
