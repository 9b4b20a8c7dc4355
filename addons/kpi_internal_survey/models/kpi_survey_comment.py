from odoo import fields, models

from ..const import TONES


class KpiSurveyComment(models.Model):
    """What somebody wrote about a unit: without the writer's unit, mark and time."""

    _name = "kpi.survey.comment"
    _description = "Survey Comment"
    _log_access = False
    _order = "campaign_id, unit_id, tone, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    unit_id = fields.Many2one(
        "kpi.survey.unit", required=True, index=True, ondelete="cascade"
    )
    department_id = fields.Many2one("hr.department", index=True)
    tone = fields.Selection(TONES, required=True)
    text = fields.Text(required=True)
