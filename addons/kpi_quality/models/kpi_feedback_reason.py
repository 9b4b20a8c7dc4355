from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import CHECK_KINDS, KIND_VERDICTS, VERDICTS


class KpiFeedbackReason(models.Model):
    """Why an expert decided so.

    A verdict that has reasons needs one: what is left out of a figure is explained.
    """

    _name = "kpi.feedback.reason"
    _description = "Reason of a Verdict"
    _order = "kind, verdict, sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(CHECK_KINDS, required=True)
    verdict = fields.Selection(VERDICTS, required=True)

    @api.constrains("kind", "verdict")
    def _check_verdict(self):
        for reason in self:
            if reason.verdict not in KIND_VERDICTS[reason.kind]:
                raise ValidationError(
                    self.env._(
                        "“%(reason)s”: an item of this kind cannot be judged so.",
                        reason=reason.name,
                    )
                )
