from odoo import fields, models

from ..const import AGREEMENT_STATES


class KpiSurveyAgreement(models.Model):
    """What a director says to the criteria and the scale before the start."""

    _name = "kpi.survey.agreement"
    _description = "Director's Agreement on a Survey"
    _inherit = ["kpi.guarded.mixin"]
    _order = "campaign_id, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    department_id = fields.Many2one("hr.department", required=True, index=True)
    user_id = fields.Many2one("res.users", string="Director", required=True, index=True)
    state = fields.Selection(AGREEMENT_STATES, required=True, default="waiting")
    remark = fields.Text()
    answer = fields.Text(help="What HR makes of the remark.")
