from odoo import fields, models

from ..const import POLL_STATES


class KpiFeedbackAttempt(models.Model):
    """A seller turned to a customer; derived from a press of the seller's button."""

    _name = "kpi.feedback.attempt"
    _description = "Sales Attempt"
    _log_access = False
    _order = "moment DESC, id DESC"
    _rec_name = "moment"

    event_id = fields.Many2one(
        "kpi.feedback.event", string="Press", required=True, ondelete="restrict"
    )
    point_id = fields.Many2one(
        "kpi.feedback.point", required=True, index=False, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=False)
    site_id = fields.Many2one("kpi.site", required=True, index=False)
    department_id = fields.Many2one("hr.department", index=False)
    employee_id = fields.Many2one("hr.employee", index=False)
    moment = fields.Datetime(required=True)
    moment_ms = fields.Integer(aggregator=None)
    state = fields.Selection(POLL_STATES, required=True, default="unchecked")

    _event_unique = models.UniqueIndex("(event_id)")
    _moment_idx = models.Index("(moment)")
    _point_idx = models.Index("(point_id, moment)")
