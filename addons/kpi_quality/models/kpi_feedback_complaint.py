from odoo import fields, models

from ..const import COMPLAINT_CHANNELS, COMPLAINT_KINDS, COMPLAINT_STATES


class KpiFeedbackComplaint(models.Model):
    """A customer is dissatisfied: by the red button, or as somebody registered."""

    _name = "kpi.feedback.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "moment DESC, id DESC"
    _rec_name = "moment"

    channel = fields.Selection(COMPLAINT_CHANNELS, required=True, default="counter")
    kind = fields.Selection(COMPLAINT_KINDS, required=True, default="active")
    event_id = fields.Many2one(
        "kpi.feedback.event", string="Red press", readonly=True, ondelete="restrict"
    )
    point_id = fields.Many2one("kpi.feedback.point", ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one("kpi.site")
    department_id = fields.Many2one("hr.department", index="btree_not_null")
    employee_id = fields.Many2one("hr.employee")
    partner_id = fields.Many2one("res.partner", string="Customer")
    sale_order_id = fields.Many2one("sale.order", ondelete="set null")
    moment = fields.Datetime(required=True, default=fields.Datetime.now)
    description = fields.Text()
    state = fields.Selection(
        COMPLAINT_STATES, required=True, default="unchecked", readonly=True
    )
    notified_at = fields.Datetime(readonly=True)
    escalation_level = fields.Integer(readonly=True, aggregator=None)
    reacted_at = fields.Datetime(readonly=True)
    reacted_by_id = fields.Many2one("res.users", readonly=True)
    reaction = fields.Text(help="What was done about it.")

    _event_unique = models.UniqueIndex("(event_id) WHERE event_id IS NOT NULL")
    _moment_idx = models.Index("(moment)")
