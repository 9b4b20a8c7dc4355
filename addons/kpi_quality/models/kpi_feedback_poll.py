from odoo import fields, models

from ..const import ANSWERS, POLL_STATES, QUESTION_KINDS


class KpiFeedbackPoll(models.Model):
    """A customer was asked the question in force; derived from the presses."""

    _name = "kpi.feedback.poll"
    _description = "Poll"
    _log_access = False
    _order = "moment DESC, id DESC"
    _rec_name = "moment"

    event_id = fields.Many2one(
        "kpi.feedback.event",
        string="Seller's press",
        required=True,
        index=False,
        ondelete="restrict",
    )
    point_id = fields.Many2one(
        "kpi.feedback.point", required=True, index=False, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=False)
    site_id = fields.Many2one("kpi.site", required=True, index=False)
    department_id = fields.Many2one("hr.department", index=False)
    employee_id = fields.Many2one("hr.employee", index=False)
    moment = fields.Datetime(required=True, help="Of the seller's press.")
    moment_ms = fields.Integer(aggregator=None)
    closes_at = fields.Datetime(
        required=True, help="The window's end, or the next press of the seller."
    )
    question_id = fields.Many2one("kpi.feedback.question", index=False)
    question_kind = fields.Selection(QUESTION_KINDS)
    answer = fields.Selection(ANSWERS, required=True, default="silent")
    answer_event_id = fields.Many2one(
        "kpi.feedback.event", index=False, ondelete="restrict"
    )
    answered_at = fields.Datetime()
    response_ms = fields.Integer(
        string="Answered after (ms)", aggregator="avg", help="Empty when silent."
    )
    force_majeure_id = fields.Many2one(
        "kpi.force.majeure",
        index="btree_not_null",
        ondelete="set null",
        help="By the time of the answer; for silent customers, of the press.",
    )
    partner_id = fields.Many2one("res.partner", string="Customer", index=False)
    sale_order_id = fields.Many2one(
        "sale.order", index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(POLL_STATES, required=True, default="unchecked")

    _event_unique = models.UniqueIndex("(event_id)")
    _moment_idx = models.Index("(moment)")
    _point_idx = models.Index("(point_id, moment)")
