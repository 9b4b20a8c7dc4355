from odoo import fields, models

from ..const import FORCE_MAJEURE_ENDS, FORCE_MAJEURE_STATES


class KpiForceMajeure(models.Model):
    """A time that customers should not hold against the staff, as a seller says."""

    _name = "kpi.force.majeure"
    _description = "Force Majeure"
    _log_access = False
    _order = "start_at DESC, id DESC"
    _rec_name = "start_at"

    event_id = fields.Many2one(
        "kpi.feedback.event",
        string="Long press",
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
    start_at = fields.Datetime(required=True)
    start_ms = fields.Integer(aggregator=None)
    stop_at = fields.Datetime(required=True)
    stop_ms = fields.Integer(aggregator=None)
    ended_by = fields.Selection(FORCE_MAJEURE_ENDS, required=True)
    state = fields.Selection(FORCE_MAJEURE_STATES, required=True, default="unchecked")
    reason_id = fields.Many2one("kpi.feedback.reason", index=False)

    _event_unique = models.UniqueIndex("(event_id)")
    _point_idx = models.Index("(point_id, start_at)")
