from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import EVENT_BUTTONS, EVENT_SOURCES
from .kpi_feedback_triggers import create_feedback_triggers


class KpiFeedbackEvent(models.Model):
    """One raw press, as it happened; never changed, never deleted."""

    _name = "kpi.feedback.event"
    _description = "Press"
    _log_access = False
    _order = "pressed_at DESC, pressed_ms DESC, id DESC"
    _rec_name = "uuid"

    uuid = fields.Char(
        required=True,
        default=lambda self: str(uuid4()),
        help="Given by the console: sent twice is one.",
    )
    point_id = fields.Many2one(
        "kpi.feedback.point", required=True, index=False, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        required=True,
        index=True,
        precompute=True,
    )
    button = fields.Selection(EVENT_BUTTONS, required=True)
    pressed_at = fields.Datetime(required=True, help="When the key went down.")
    pressed_ms = fields.Integer(
        string="Milliseconds", aggregator=None, help="Of that second."
    )
    held_ms = fields.Integer(string="Held (ms)", aggregator=None)
    received_at = fields.Datetime(
        required=True, default=fields.Datetime.now, readonly=True
    )
    source = fields.Selection(EVENT_SOURCES, required=True, default="manual")
    user_id = fields.Many2one(
        "res.users",
        string="Entered by",
        readonly=True,
        index=False,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    employee_id = fields.Many2one(
        "hr.employee", help="The seller, where the console knows.", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", ondelete="restrict", index="btree_not_null"
    )
    sale_order_id = fields.Many2one(
        "sale.order", ondelete="set null", index="btree_not_null"
    )

    _uuid_unique = models.UniqueIndex("(uuid)", "This press is known already.")
    _point_idx = models.Index("(point_id, pressed_at, pressed_ms)")
    _order_unique = models.UniqueIndex(
        "(sale_order_id) WHERE source = 'order'", "This order asked already."
    )
    _whole_seconds = models.Constraint(
        "CHECK (pressed_at = date_trunc('second', pressed_at))",
        "Fractions of the second belong into the milliseconds.",
    )
    _milliseconds = models.Constraint(
        "CHECK (pressed_ms BETWEEN 0 AND 999)", "Milliseconds are 0 to 999."
    )
    _held_positive = models.Constraint(
        "CHECK (held_ms >= 0)", "A button cannot be held for less than nothing."
    )

    @api.depends("point_id")
    def _compute_company_id(self):
        """Of the point, then: a press stays what it was when the point moves."""
        for event in self:
            event.company_id = event.point_id.company_id

    @api.depends("button", "point_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        buttons = dict(self._fields["button"]._description_selection(self.env))
        for event in self:
            event.display_name = " · ".join(
                filter(None, (buttons.get(event.button), event.point_id.name))
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Who enters a press, and when, is not for him to say."""
        if not self.env.su:
            stamp = {"user_id": self.env.uid, "received_at": fields.Datetime.now()}
            vals_list = [{**vals, **stamp} for vals in vals_list]
        events = super().create(vals_list)
        derivation = self.env["kpi.feedback.derivation"].sudo()  # written by nobody
        derivation._derive_pending(events.point_id)
        return events

    def write(self, vals):
        """Nobody at all: PostgreSQL would refuse it as well."""
        if self and vals:
            self.check_access("write")
            raise UserError(self.env._("A press is never changed nor deleted."))
        return super().write(vals)

    def init(self):
        create_feedback_triggers(self.env.cr)

    # --------------------------------------------------------- started by documents
    @api.model
    def _start_for(self, record, point):
        """Ask the customer of a document, as if the seller had pressed the button.

        :param record: an order, or what else knows ``_kpi_poll_values``, and by
            ``_kpi_poll_link`` the field of a press that names it
        :param point: where the customer is to answer
        :return: the press; the one there is when the document asked before
        """
        record.ensure_one()
        point.ensure_one()
        values = record._kpi_poll_values()
        events = self.sudo()  # sellers enter no presses
        known = events.search(
            [
                ("source", "=", "order"),
                (record._kpi_poll_link, "=", record.id),
            ],
            limit=1,
        )
        return known or events.create(
            {
                "point_id": point.id,
                "button": "seller",
                "pressed_at": fields.Datetime.now(),
                "source": "order",
                **values,
            }
        )
