from odoo import fields, models

from ..const import CHECK_KINDS, CHECK_STATES


class KpiFeedbackCheck(models.Model):
    """What an expert should look at."""

    _name = "kpi.feedback.check"
    _description = "Check by an Expert"
    _log_access = False
    _order = "priority DESC, moment, id"
    _rec_name = "moment"

    kind = fields.Selection(CHECK_KINDS, required=True)
    event_id = fields.Many2one("kpi.feedback.event", index=False, ondelete="restrict")
    point_id = fields.Many2one("kpi.feedback.point", required=True, index=False)
    company_id = fields.Many2one("res.company", required=True, index=False)
    site_id = fields.Many2one("kpi.site", required=True, index=False)
    department_id = fields.Many2one("hr.department", index=False)
    moment = fields.Datetime(required=True)
    stop = fields.Datetime(help="Of a time slice or of force majeure.")
    priority = fields.Integer(required=True, default=0, aggregator=None)
    state = fields.Selection(CHECK_STATES, required=True, default="waiting")
    claimed_by_id = fields.Many2one("res.users", index=False)
    claimed_until = fields.Datetime()
    verdict_ids = fields.One2many("kpi.feedback.verdict", "check_id")

    _event_unique = models.UniqueIndex("(kind, event_id) WHERE event_id IS NOT NULL")
    _slice_unique = models.UniqueIndex("(point_id, moment) WHERE kind = 'slice'")
    _waiting_idx = models.Index(
        "(company_id, priority DESC, moment) WHERE state = 'waiting'"
    )
