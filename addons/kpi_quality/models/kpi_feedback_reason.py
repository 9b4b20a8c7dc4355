from odoo import fields, models

from ..const import CHECK_KINDS, VERDICTS


class KpiFeedbackReason(models.Model):
    """Why an expert decided so."""

    _name = "kpi.feedback.reason"
    _description = "Reason of a Verdict"
    _order = "kind, sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(CHECK_KINDS, required=True)
    verdict = fields.Selection(VERDICTS, required=True)
