from odoo import fields, models
from odoo.exceptions import ValidationError

from ..const import QUESTION_KINDS


class KpiFeedbackQuestion(models.Model):
    """A key question that customers are asked."""

    _name = "kpi.feedback.question"
    _description = "Key Question"
    _inherit = ["kpi.guarded.mixin"]
    _order = "sequence, id"
    _rec_name = "text"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        QUESTION_KINDS,
        required=True,
        help="Staff: dissatisfaction with the people at the counter. Office: with the "
        "organization and the processes. Recommendation: emotional loyalty.",
    )
    text = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    invitation = fields.Binary(
        attachment=True, help="Sound or video that invites to answer."
    )
    invitation_name = fields.Char(export_string_translation=False)

    def write(self, vals):
        if "kind" in vals:
            self.filtered(lambda q: q.kind != vals["kind"])._check_not_asked()
        return super().write(vals)

    def _check_not_asked(self):
        """Answers were given to it: no other index can be made of them later."""
        periods = self.env["kpi.feedback.question.period"].sudo()  # of all companies
        asked = periods.search(
            [("question_id", "in", self.ids), ("is_begun", "=", True)], limit=1
        )
        if asked:
            raise ValidationError(
                self.env._(
                    "“%(question)s” has been asked already, so its kind cannot change. "
                    "Archive it and add another question.",
                    question=asked.question_id.text,
                )
            )
