from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import PERSONAL_HANDOVER_SOURCES

# When the goods changed hands is marked, never typed into the transfer.
FACTS = {"kpi_arrived_at", "kpi_delivered_at", "kpi_delivered_by_id"}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    kpi_arrived_at = fields.Datetime(
        string="Arrived at the dock",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the vendor's truck stood at the dock, before anything was booked "
        "in: until then a delay is the vendor's, from then on our own.",
    )
    kpi_delivered_at = fields.Datetime(
        string="Delivered to the customer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the customer got the goods, as against when they were shipped.",
    )
    kpi_delivered_by_id = fields.Many2one(
        "res.users",
        string="Delivered by",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    kpi_handover_ids = fields.One2many(
        "kpi.handover", "picking_id", string="Handovers", readonly=True
    )

    # For the delays board: what stands at the dock, and what is shipped but not
    # confirmed as delivered.
    _kpi_at_dock_idx = models.Index(
        "(kpi_arrived_at) WHERE kpi_arrived_at IS NOT NULL"
        " AND state NOT IN ('draft', 'done', 'cancel')"
    )
    _kpi_unconfirmed_idx = models.Index(
        "(picking_type_id, date_done) WHERE kpi_delivered_at IS NULL AND state = 'done'"
    )

    # ---------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        # Said outright, so that no default of the context steps in.
        nothing = dict.fromkeys(FACTS, False)
        return super().create([vals | nothing for vals in vals_list])

    def write(self, vals):
        if not self.env.su and (FACTS | {"kpi_handover_ids"}) & vals.keys():
            raise UserError(
                self.env._(
                    "When goods arrived and were delivered is marked with the button "
                    "on the dock or delivery screen, never typed."
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------- actions
    def action_kpi_arrived(self):
        self._kpi_mark("arrival", "tap")
        return True

    def action_kpi_delivered(self):
        self._kpi_mark("delivery", "tap")
        return True

    # ------------------------------------------------------------ business
    def _kpi_mark(self, kind, source, moment=None):
        """Record that the goods changed hands.

        Delivery connectors call it with ``source="carrier"`` and the carrier's moment.

        :param str kind: ``arrival`` or ``delivery``
        :param str source: a key of ``HANDOVER_SOURCES``
        :param datetime moment: naive UTC; the server's present without
        :return: the new ``kpi.handover`` records
        """
        self._kpi_check_may_mark()
        by_person = source in PERSONAL_HANDOVER_SOURCES
        return (
            self.env["kpi.handover"]
            .sudo()  # nobody creates rows of these sources
            .create(
                [
                    {
                        "picking_id": picking.id,
                        "kind": kind,
                        "source": source,
                        "moment": moment or fields.Datetime.now(),
                        "user_id": by_person and self.env.uid,
                    }
                    for picking in self
                ]
            )
        )

    def _kpi_check_may_mark(self):
        """Salespeople may write transfers as well, but are not at the door."""
        self.check_access("write")
        if self.env.su or self.env.user.has_group("stock.group_stock_user"):
            return
        raise AccessError(
            self.env._("Arrivals and deliveries are marked by users of Inventory.")
        )

    def _kpi_moved_at(self, choose):
        """When the goods were really booked: ``choose`` of the moves' moments."""
        self.ensure_one()
        moments = self.move_ids.filtered("kpi_done_at").mapped("kpi_done_at")
        return choose(moments, default=self.date_done)
