from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .delay_common import DelayCommon

PICKS = (
    "pick_lateness_hours",
    "pick_delay_hours",
    "pick_late_share",
    "pick_long_late_share",
)
DELIVERIES = (
    "delivery_lateness_hours",
    "delivery_delay_hours",
    "delivery_late_share",
)
SUPPLIES = ("supplier_lateness_hours", "supplier_delay_hours", "supplier_late_share")
INBOUND = ("inbound_delay_hours", "inbound_delay_receiving")
RECEIVING = ("receiving_hours", "receiving_late_share")
OUTBOUND = PICKS + DELIVERIES
ALL_SUPPLIES = (*SUPPLIES, "supplier_lead_hours", "inbound_delay_hours")


@tagged("post_install", "-at_install")
class TestDelayCheats(DelayCommon):
    """What people do to look better, and that they do not.

    All are promised for the 5th at 10:00. A figure has improved when it is lower, or
    is gone, after the trick.
    """

    def _values(self, codes):
        self.measure(" ".join(codes))
        return {code: self.fact(code).value for code in codes}

    def assertNothingWon(self, trick, codes):
        before = self._values(codes)
        trick()
        for code, value in self._values(codes).items():
            with self.subTest(code):
                self.assertIsNotNone(value)
                self.assertGreaterEqual(value, before[code] - 1e-9)

    # ------------------------------------------------------------- other dates
    def test_rescheduling_late_deliveries_to_tomorrow(self):
        """Every date that can be typed is moved to tomorrow; done on the 8th it is
        72 h late all the same, and the promise counts as moved."""
        order = self.sale()
        tomorrow = self.utc("2025-03-21 10:00")

        def trick():
            with self.at("2025-03-06 10:00"):
                order.commitment_date = tomorrow
                order.picking_ids.scheduled_date = tomorrow
                order.picking_ids.date_deadline = tomorrow
                order.picking_ids.move_ids.write(
                    {"date": tomorrow, "date_deadline": tomorrow}
                )
            self._journal_at(order, "2025-03-06 10:00")

        self.assertNothingWon(trick, (*OUTBOUND, "promise_moved_share"))
        self.assertEqual(self.fact("promise_moved_share").value, 100.0)
        self.ship(order, "2025-03-08 10:00")
        for code in ("pick_delay_hours", "delivery_delay_hours"):
            self.assertDelay(code, 72.0)

    def test_rescheduling_late_supplies_to_tomorrow(self):
        order = self.purchase()
        tomorrow = self.utc("2025-03-21 10:00")

        def trick():
            with self.at("2025-03-06 10:00"):
                order.date_planned = tomorrow
                order.order_line.date_planned = tomorrow
                order.picking_ids.scheduled_date = tomorrow
                order.picking_ids.move_ids.date_deadline = tomorrow

        self.assertNothingWon(trick, ALL_SUPPLIES)
        self.receive(order, "2025-03-08 10:00")
        self.assertDelay("supplier_delay_hours", 72.0)

    def test_backdating_what_was_done(self):
        """The transfer says it was done on the 5th; it was on the 8th."""
        sale, purchase = self.sale(), self.purchase()
        shipped = self.ship(sale, "2025-03-08 10:00")
        received = self.receive(purchase, "2025-03-08 10:00")

        def trick():
            (shipped + received).date_done = self.due
            (shipped + received).move_ids.date = self.due
            (shipped + received).move_line_ids.date = self.due
            purchase.date_approve = self.due - timedelta(hours=1)

        self.assertNothingWon(trick, OUTBOUND + ALL_SUPPLIES)

    # ------------------------------------------------------------------- parts
    def test_splitting_deliveries(self):
        """4 of 5 at once, the last one later: one promise, not five."""
        order = self.sale()

        def trick():
            for day in range(6, 10):
                self.ship(order, f"2025-03-{day:02} 10:00", 1)

        self.assertNothingWon(trick, OUTBOUND)
        self.ship(order, "2025-03-10 10:00")
        self.assertDelay("delivery_delay_hours", 120.0)

    def test_splitting_receipts(self):
        order = self.purchase()

        def trick():
            for day in range(6, 10):
                self.receive(order, f"2025-03-{day:02} 10:00", 1)

        self.assertNothingWon(trick, (*SUPPLIES, "inbound_delay_hours"))
        self.receive(order, "2025-03-10 10:00")
        self.assertDelay("supplier_delay_hours", 120.0)

    def test_splitting_receipts_at_the_dock(self):
        """Came at 8:00: two pieces are booked in at once, the rest waits until the
        6th. One truck, unloaded by its last part, from the first mark on. (While the
        rest is not booked in it may be on its way, for all that anybody knows.)"""
        self.needs_mark(self.receipt_type)
        order = self.purchase()
        self.mark(order.picking_ids, "2025-03-05 08:00")
        self.receive(order, "2025-03-05 08:30", 1)
        self.receive(order, "2025-03-05 09:00", 1)
        self.receive(order, "2025-03-06 08:00")
        self.assertDelay("receiving_hours", 24.0)
        self.assertDelay("receiving_late_share", 1.0)
        self.assertInbound(supplier=0.0, receiving=18.0)

    def test_leaving_it_open_for_ever(self):
        """Two are late by a day and by two; not doing the second at all is worse."""
        first, second = self.sale(), self.sale()
        self.ship(first, "2025-03-06 10:00")
        self.assertDelay("delivery_delay_hours", 24.0 + self.open_hours, 2)
        self.assertDelay("pick_delay_hours", 24.0 + self.open_hours, 2)
        self.ship(second, "2025-03-07 10:00")
        self.assertDelay("delivery_delay_hours", 24.0 + 48.0, 2)

    def test_leaving_it_at_the_dock_for_ever(self):
        """The truck of the 5th, 8:00, is not booked in: every day costs a day."""
        self.mark(self.purchase().picking_ids, "2025-03-05 08:00")
        self.assertDelay("receiving_hours", 364.0)
        self.assertDelay("receiving_hours", 388.0, now="2025-03-21 12:00")
        self.assertDelay("receiving_late_share", 1.0)

    def test_booking_in_without_a_backorder(self):
        """1 of 5, the rest written off on the transfer; the order says 5."""
        sale, purchase = self.sale(), self.purchase()

        def trick():
            self.ship(sale, "2025-03-05 09:00", 1, backorder=False)
            self.receive(purchase, "2025-03-05 09:00", 1, backorder=False)

        codes = (*OUTBOUND, *SUPPLIES, "inbound_delay_hours")
        self.assertNothingWon(trick, codes)
        self.assertDelay("pick_delay_hours", self.open_hours)

    def test_validating_nothing(self):
        """Zero pieces picked and no backorder: a cancelled transfer, an open order."""
        sale = self.sale()

        def trick():
            with self.at("2025-03-05 09:00"):
                picking = sale.picking_ids
                picking.move_ids.quantity = 0
                picking.action_cancel()

        self.assertNothingWon(trick, OUTBOUND)

    # ------------------------------------------------------------ cancellation
    def test_cancelling_and_confirming_again(self):
        """Cancelled in time, confirmed again for the 25th: the first date stays."""
        sale, purchase = self.sale(), self.purchase()

        def trick():
            with self.at("2025-03-05 09:00"):
                for order, cancel, draft, confirm in (
                    (sale, "_action_cancel", "action_draft", "action_confirm"),
                    (purchase, "button_cancel", "button_draft", "button_confirm"),
                ):
                    getattr(order, cancel)()
                    getattr(order, draft)()
                    if order == sale:
                        order.commitment_date = self.utc("2025-03-25 10:00")
                    else:
                        order.order_line.date_planned = self.utc("2025-03-25 10:00")
                    getattr(order, confirm)()

        self.assertNothingWon(trick, OUTBOUND + ALL_SUPPLIES)

    def test_cancelling_after_the_promise_and_ordering_again(self):
        """Cancelled 24 h late and made anew as another order: the old promise stays
        broken for these 24 h. That the new one is the same wish nobody can know, a
        second order of the same customer looks like it; the share of the late does
        not get below one of two."""
        order = self.sale()
        with self.at("2025-03-06 10:00"):
            new = order.copy({"commitment_date": self.utc("2025-03-19 10:00")})
            order._action_cancel()
            new.action_confirm()
        self.assertDelay("delivery_delay_hours", 24.0 + 26.0, 2)
        self.assertDelay("delivery_late_share", 2.0, 2)
        self.ship(new, "2025-03-18 10:00")
        self.assertDelay("delivery_delay_hours", 24.0, 2)
        self.assertDelay("delivery_late_share", 1.0, 2)

    def test_cancelling_the_pick(self):
        """Before or after the promise: while the order stands nothing is won."""
        self.warehouse.delivery_steps = "pick_ship"
        for moment in ("2025-03-05 09:00", "2025-03-05 11:00"):
            with self.subTest(moment):
                order = self.sale()

                def trick(order=order, moment=moment):
                    with self.at(moment):
                        order.picking_ids.action_cancel()

                self.assertNothingWon(trick, OUTBOUND)

    def test_cancelling_the_pick_and_reducing_later(self):
        """Cancelled in time, the order reduced on the 6th at 10:00: 24 h."""
        order = self.sale()
        with self.at("2025-03-05 09:00"):
            order.picking_ids.action_cancel()
        with self.at("2025-03-06 10:00"):
            order.order_line.product_uom_qty = 0
        self.assertDelay("pick_delay_hours", 24.0)
        self.assertDelay("delivery_delay_hours", 24.0)

    def test_cancelling_the_put_away(self):
        self.warehouse.reception_steps = "two_steps"
        order = self.purchase()
        self.receive(order, "2025-03-05 08:00")

        def trick():
            with self.at("2025-03-05 09:00"):
                order.picking_ids.move_ids.move_dest_ids.picking_id.action_cancel()

        self.assertNothingWon(trick, INBOUND + RECEIVING)

    # ----------------------------------------------------------------- quantities
    def test_reducing_and_raising_around_the_promise(self):
        """One piece wanted a minute before the promise, five again a minute after."""
        sale, purchase = self.sale(), self.purchase()

        def trick():
            for moment, quantity in (("09:59", 1), ("10:01", 5)):
                with self.at(f"2025-03-05 {moment}"):
                    sale.order_line.product_uom_qty = quantity
                    purchase.order_line.product_qty = quantity

        self.assertNothingWon(
            trick, (*DELIVERIES, *SUPPLIES, "inbound_delay_hours", *PICKS)
        )

    def test_reducing_delivering_and_raising(self):
        """One piece is delivered in time, four are added after: five were promised."""
        sale = self.sale()

        def trick():
            with self.at("2025-03-05 09:00"):
                sale.order_line.product_uom_qty = 1
            self.ship(sale, "2025-03-05 09:30")
            with self.at("2025-03-05 11:00"):
                sale.order_line.product_uom_qty = 5

        self.assertNothingWon(trick, DELIVERIES)

    def test_second_line_for_the_rest(self):
        """The late line is set to nothing on the 7th, a copy of it is promised for
        the 25th: the old one was late until then, 48 h. Its own date keeps the new
        line out: that it is the same wish nobody can know."""
        order = self.purchase()
        line = order.order_line
        with self.at("2025-03-07 10:00"):
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_qty": 5,
                        "price_unit": 10.0,
                        "date_planned": self.utc("2025-03-25 10:00"),
                    }
                )
            ]
            line.product_qty = 0
        self.assertDelay("supplier_delay_hours", 48.0)
        self.assertDelay("supplier_late_share", 1.0)

    def test_duplicated_line(self):
        """A second line of the same is one more promise that has to be kept. (Its lead
        time begins when it was added.)"""
        order = self.purchase()

        def trick():
            with self.at("2025-03-04 10:00"):
                order.order_line.copy({"order_id": order.id})

        self.assertNothingWon(trick, (*SUPPLIES, "inbound_delay_hours"))

    # ----------------------------------------------------------------------- marks
    def _at_the_dock(self):
        """At the dock on the 5th at 8:00, in stock on the 6th at 8:00: 24 h, 18 h
        beyond promise and norm, all our own."""
        self.needs_mark(self.receipt_type)
        order = self.purchase()
        return order, order.picking_ids

    def test_not_marking_the_arrival(self):
        """Honest: 24 h. Without a mark: from the promise on, 22 h, and late by the
        share whatever it took; the whole delay stays ours."""
        order, picking = self._at_the_dock()
        mark = self.mark(picking, "2025-03-05 08:00")
        self.receive(order, "2025-03-06 08:00")
        self.assertNothingWon(
            lambda: self.take_back(mark, "2025-03-05 08:10"),
            (*INBOUND, "receiving_late_share"),
        )
        self.assertInbound(supplier=0.0, receiving=18.0)

    def test_marking_late_and_taking_back(self):
        """Marked a minute before it is booked in: that shows the vendor late by 22 h,
        and us quick. Taken back, or never made, it is ours again."""
        order, picking = self._at_the_dock()
        mark = self.mark(picking, "2025-03-06 07:59")
        self.receive(order, "2025-03-06 08:00")
        self.assertInbound(supplier=18.0, receiving=0.0)
        self.assertNothingWon(
            lambda: self.take_back(mark, "2025-03-06 08:05"), (*INBOUND, *RECEIVING)
        )
        self.assertInbound(supplier=0.0, receiving=18.0)

    def test_not_marking_the_delivery(self):
        self.needs_mark(self.delivery_type)
        picking = self.ship(self.sale(), "2025-03-05 09:00")
        mark = self.mark(picking, "2025-03-05 12:00", "delivery")
        self.assertNothingWon(
            lambda: self.take_back(mark, "2025-03-05 12:10"), DELIVERIES
        )
