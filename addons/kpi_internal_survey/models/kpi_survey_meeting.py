from odoo import fields, models

from ..const import MEETING_LEVELS, MEETING_STATES


class KpiSurveyMeeting(models.Model):
    """One talk of the cascade: results go down, plans come up."""

    _name = "kpi.survey.meeting"
    _description = "Meeting on Survey Results"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "campaign_id, date, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    level = fields.Selection(MEETING_LEVELS, required=True)
    unit_id = fields.Many2one("kpi.survey.unit", index=True)
    department_id = fields.Many2one(related="unit_id.department_id", store=True)
    date = fields.Date(required=True)
    user_id = fields.Many2one("res.users", string="Held by", required=True, index=True)
    state = fields.Selection(MEETING_STATES, required=True, default="planned")
    agenda = fields.Html()
    minutes = fields.Html()
    improvement_ids = fields.One2many("kpi.improvement", "kpi_meeting_id")
