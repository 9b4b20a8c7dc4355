from odoo import api, fields, models


class KpiSurveyParticipant(models.Model):
    """Who is invited. Who answered is written nowhere."""

    _name = "kpi.survey.participant"
    _description = "Invited to a Survey"
    _order = "campaign_id, unit_id, id"
    _rec_name = "employee_id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    unit_id = fields.Many2one(
        "kpi.survey.unit", required=True, index=True, ondelete="cascade"
    )
    employee_id = fields.Many2one("hr.employee", required=True, index=True)
    email = fields.Char(
        groups="hr.group_hr_user",
        help="Empty: gets a slip of paper with a code. It may be the private address.",
    )
    has_email = fields.Boolean(
        string="By mail", compute="_compute_has_email", store=True, compute_sudo=True
    )

    _employee_unique = models.Constraint(
        "UNIQUE (campaign_id, employee_id)", "This employee is invited already."
    )

    @api.depends("email")
    def _compute_has_email(self):
        for participant in self:
            participant.has_email = bool(participant.email)
