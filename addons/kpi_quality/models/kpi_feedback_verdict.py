from odoo import fields, models

from ..const import VERDICTS


class KpiFeedbackVerdict(models.Model):
    """What an expert decided; a later one of the same check counts instead."""

    _name = "kpi.feedback.verdict"
    _description = "Verdict of an Expert"
    _order = "id DESC"
    _rec_name = "verdict"

    check_id = fields.Many2one(
        "kpi.feedback.check", required=True, index=True, ondelete="restrict"
    )
    event_id = fields.Many2one(
        "kpi.feedback.event", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True)
    verdict = fields.Selection(VERDICTS, required=True)
    reason_id = fields.Many2one("kpi.feedback.reason", ondelete="restrict")
    note = fields.Char()
    served = fields.Integer(help="Customers seen in the time slice.")
    missed = fields.Integer(help="Of these, served without a press.")
    user_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
