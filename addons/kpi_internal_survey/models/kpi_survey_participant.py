from odoo import fields, models


class KpiSurveyParticipant(models.Model):
    """Who is invited. Who answered is written nowhere."""

    _name = "kpi.survey.participant"
    _description = "Invited to a Survey"
    _order = "campaign_id, unit_id, id"

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
    email = fields.Char(help="Empty: gets a slip of paper with a code.")

    _employee_unique = models.Constraint(
        "UNIQUE (campaign_id, employee_id)", "This employee is invited already."
    )
