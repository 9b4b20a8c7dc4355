from odoo import fields, models

# What customers can answer on their own; one without questions cannot be sent.
SURVEYS = [
    ("survey_type", "!=", "live_session"),
    ("question_and_page_ids.is_page", "=", False),
]


class KpiFeedbackInvitation(models.TransientModel):
    """Which survey the dissatisfied customers are invited to."""

    _name = "kpi.feedback.invitation"
    _description = "Survey of the Unhappy"

    survey_id = fields.Many2one(
        "survey.survey",
        domain=SURVEYS,
        default=lambda self: self._default_survey(),
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", readonly=True, required=True
    )
    answer_count = fields.Integer(string="Dissatisfied answers", readonly=True)
    anonymous_count = fields.Integer(
        string="Of these without an e-mail address", readonly=True
    )

    def _default_survey(self):
        """The only one there is; of several the user chooses."""
        surveys = self.env["survey.survey"].search(SURVEYS, limit=2)
        return surveys if len(surveys) == 1 else surveys.browse()

    def action_invite(self):
        """Go on to the invitation of the Surveys app, with these customers in it."""
        self.ensure_one()
        action = self.survey_id.action_send_survey()
        return action | {
            "context": action["context"]
            | {"default_partner_ids": self.partner_ids.ids, "default_send_email": True}
        }
