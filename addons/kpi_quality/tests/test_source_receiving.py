from datetime import date

from odoo.tests import tagged

from .delay_common import SUPPLIER, DelayCommon

HOURS = "receiving_hours"
LATE = "receiving_late_share"


@tagged("post_install", "-at_install")
class TestSourceReceiving(DelayCommon):
    """Norm 4 h. Promised for the 5th at 10:00; noon of the 20th is now."""

    def _receipt(self, arrived=None, stocked=None, promise=None, at="2025-03-01 10:00"):
        order = self.purchase(promise=promise, at=at)
        if arrived:
            self.mark(order.picking_ids, arrived)
        if stocked:
            self.receive(order, stocked)
        return order

    def assertReceiving(self, hours, late, receipts, now=None):
        """Hours at the dock; how many of the receipts took longer than the norm."""
        self.assertDelay(HOURS, hours, receipts, now=now)
        self.assertDelay(LATE, late, receipts, now=now)

    # ----------------------------------------------------------------- marked ones
    def test_hours_at_the_dock(self):
        """12:00 to 02:00 = 14 h, late; 08:00 to 12:00 = 4 h, not; mean 9 h, 50 %."""
        self._receipt("2025-03-05 12:00", "2025-03-06 02:00")
        self._receipt("2025-03-05 08:00", "2025-03-05 12:00")
        self.assertReceiving(18.0, 1, 2)
        self.assertEqual(self.fact(HOURS, self.picker).value, 9.0)
        self.assertEqual(self.fact(LATE, self.warehouse).value, 50.0)

    def test_days(self):
        """The hours belong to the day they end on, the share to the day on which the
        norm was over: arrived on the 5th at 22:00, 6th 02:00, in stock on the 7th."""
        self._receipt("2025-03-05 22:00", "2025-03-07 10:00")
        self.measure(f"{HOURS} {LATE}")
        self.assertEqual(self.atoms(HOURS).date, date(2025, 3, 7))
        self.assertEqual(self.atoms(LATE).date, date(2025, 3, 6))
        self.assertEqual(self.atoms(LATE).partner_id, self.vendor)

    def test_still_at_the_dock(self):
        """Since 9:00 of the 20th, 3 h: within the norm, not counted yet; at 13:01 it
        is late."""
        self._receipt("2025-03-20 09:00")
        self.assertReceiving(0.0, 0, 0)
        self.assertReceiving(4 + 1 / 60, 1, 1, now="2025-03-20 13:01")

    def test_at_the_dock_for_ever(self):
        """From the 5th at 10:00 on: 362 h."""
        self._receipt("2025-03-05 10:00")
        self.assertReceiving(self.open_hours, 1, 1)

    def test_cancelled_at_the_dock(self):
        """The truck was sent away: nothing was received."""
        order = self._receipt("2025-03-05 09:00")
        with self.at("2025-03-05 18:00"):
            order.button_cancel()
        self.assertReceiving(0.0, 0, 0)

    def test_mark_taken_back(self):
        """Somebody tapped the wrong receipt: it never arrived."""
        order = self.purchase()
        mark = self.mark(order.picking_ids, "2025-03-05 09:00")
        self.assertReceiving(363.0, 1, 1)
        self.take_back(mark, "2025-03-05 09:05")
        self.assertReceiving(0.0, 0, 0)
        self.assertInbound(supplier=358.0, receiving=0.0)

    def test_one_truck_booked_in_twice(self):
        """3 of 5 after 1 h, the rest, without a mark of its own, at 19:00. Where
        marks are the rule it came with the first truck: one receipt, 11 h. As to the
        delay it was there by the promise of 10:00: 5 h beyond the norm are ours."""
        self.needs_mark(self.receipt_type)
        order = self._receipt("2025-03-05 08:00")
        self.receive(order, "2025-03-05 09:00", 3)
        self.receive(order, "2025-03-05 19:00")
        self.assertReceiving(11.0, 1, 1)
        self.assertInbound(supplier=0.0, receiving=5.0)

    def test_tolerance_and_norm(self):
        """Norm 2 h: 2 h 29 is over it by less than half an hour, 2 h 30 is late."""
        self.warehouse.kpi_receiving_norm_hours = 2
        self.indicator(LATE).tolerance_minutes = 30
        self._receipt("2025-03-05 08:00", "2025-03-05 10:29")
        self._receipt("2025-03-05 08:00", "2025-03-05 10:30")
        self.assertDelay(LATE, 1, 2)

    # --------------------------------------------------------------- unmarked ones
    def test_without_marks_nobody_knows(self):
        """One step, no marks: booked in is arrived, no time at the dock is known."""
        self._receipt(stocked="2025-03-05 20:00")
        self.assertReceiving(0.0, 0, 0)

    def test_forgotten_mark_is_ours(self):
        """Where marks are the rule the vendor is taken to have been in time: from
        10:00 to 20:00 at our dock, 6 h beyond the norm."""
        self.needs_mark(self.receipt_type)
        self._receipt(stocked="2025-03-05 20:00")
        self.assertReceiving(10.0, 1, 1)
        self.assertInbound(supplier=0.0, receiving=6.0)
        self.assertDelay(SUPPLIER, 0.0)

    def test_forgotten_mark_within_the_norm(self):
        """From 10:00 to 12:00; a missing mark is late all the same."""
        self.needs_mark(self.receipt_type)
        self._receipt(stocked="2025-03-05 12:00")
        self.assertReceiving(2.0, 1, 1)

    def test_forgotten_mark_before_the_promise(self):
        """Booked in on the 4th: for how long it lay there nobody can say, and that
        is what the share counts."""
        self.needs_mark(self.receipt_type)
        self._receipt(stocked="2025-03-04 10:00")
        self.assertDelay(HOURS, 0.0, 0)
        self.assertDelay(LATE, 1, 1)
        self.assertInbound(0.0, 0.0)

    def test_marks_are_needed_from_a_day_on(self):
        """Since the 6th: what was booked in before needs none, the vendor was late."""
        self.needs_mark(self.receipt_type, since="2025-03-06 00:00")
        self._receipt(stocked="2025-03-05 20:00")
        self.assertReceiving(0.0, 0, 0)
        self.assertInbound(supplier=6.0, receiving=0.0)

    def test_needs_a_mark_and_is_open(self):
        """Nobody saw a truck: up to now it is the vendor's."""
        self.needs_mark(self.receipt_type)
        self._receipt()
        self.assertReceiving(0.0, 0, 0)
        self.assertInbound(supplier=358.0, receiving=0.0)

    def test_forgotten_mark_of_last_month(self):
        """Promised for 28 March, booked in on 3 April: March's late receiving."""
        self.needs_mark(self.receipt_type)
        self._receipt(stocked="2025-04-03 10:00", promise="2025-03-28 10:00")
        self.assertDelay(LATE, 1, 1, now="2025-04-10 10:00")

    # ---------------------------------------------------------------- several steps
    def _steps(self, steps):
        self.warehouse.reception_steps = steps

    def test_two_steps_without_marks(self):
        """Unloaded at 9:00, in stock at 16:00: the first step is the arrival."""
        self._steps("two_steps")
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00")
        self._store(order, "2025-03-05 16:00")
        self.assertReceiving(7.0, 1, 1)
        self.assertInbound(supplier=0.0, receiving=2.0)

    def test_three_steps_with_a_mark(self):
        """At the dock 8:00, unloaded 9:00, checked 11:00, in stock 20:00: 12 h at our
        place, 6 h beyond promise and norm."""
        self._steps("three_steps")
        order = self.purchase()
        self.mark(order.picking_ids, "2025-03-05 08:00")
        self.receive(order, "2025-03-05 09:00")
        self._store(order, "2025-03-05 11:00")
        self._store(order, "2025-03-05 20:00")
        self.assertReceiving(12.0, 1, 1)
        self.assertInbound(supplier=0.0, receiving=6.0)

    def test_unloaded_and_never_stored(self):
        """Two of three steps done: not in stock, up to now."""
        self._steps("three_steps")
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00")
        self._store(order, "2025-03-05 11:00")
        self.assertReceiving(363.0, 1, 1)
        self.assertInbound(supplier=0.0, receiving=358.0)

    def test_stored_in_two_parts(self):
        """3 of 5 at 10:00, 2 at 18:00: in stock by the last, 8 h after promise and
        norm less 4: 4 h; 9 h at our place."""
        self._steps("two_steps")
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00")
        self._store(order, "2025-03-05 10:00", 3)
        self._store(order, "2025-03-05 18:00")
        self.assertReceiving(9.0, 1, 1)
        self.assertInbound(supplier=0.0, receiving=4.0)

    def test_put_away_cancelled(self):
        """The goods stay in the input area: not in stock."""
        self._steps("two_steps")
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00")
        with self.at("2025-03-05 10:00"):
            self._to_store(order).action_cancel()
        self.assertReceiving(363.0, 1, 1)

    def test_sent_back_from_the_input_area(self):
        """2 of 5 were broken and went back at 12:00, 3 into stock at 11:00: done."""
        self._steps("two_steps")
        order = self.purchase()
        receipt = self.receive(order, "2025-03-05 09:00")
        self._store(order, "2025-03-05 11:00", 3, backorder=False)
        self.send_back(receipt, "2025-03-05 12:00", 2)
        self.assertReceiving(3.0, 0, 1)

    def _to_store(self, order):
        moves = order.picking_ids.move_ids
        while moves.move_dest_ids:
            moves = moves.move_dest_ids
        return moves.picking_id.filtered(lambda p: p.state not in ("done", "cancel"))

    def _store(self, order, moment, quantity=None, backorder=True):
        quantities = None if quantity is None else {self.product: quantity}
        self.deliver(
            self._to_store(order), moment, quantities, self.user_picker, backorder
        )

    # ------------------------------------------------------------------- the places
    def test_every_warehouse_has_its_norm(self):
        """6 h at each dock: late by the norm of 4, not by that of 8."""
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "kpi_receiving_norm_hours": 8}
        )
        orders = [
            self.purchase(picking_type_id=warehouse.in_type_id.id)
            for warehouse in self.warehouse + second
        ]
        for order in orders:
            self.mark(order.picking_ids, "2025-03-05 08:00")
            self.receive(order, "2025-03-05 14:00")
        self.assertReceiving(12.0, 1, 2)
        self.assertEqual(self.fact(LATE, second).value, 0.0)

    def test_two_orders_in_one_truck(self):
        """One receipt with two orders is one receipt, two promises."""
        first, second = self.purchase(), self.purchase(promise="2025-03-05 12:00")
        empty = second.picking_ids
        second.picking_ids.move_ids.picking_id = first.picking_ids
        empty.unlink()
        self.mark(first.picking_ids, "2025-03-05 11:00")
        self.receive(first, "2025-03-05 17:00")
        self.assertReceiving(6.0, 1, 1)
        self.assertInbound(supplier=1.0, receiving=3.0, due=2)

    def test_closed_warehouse_keeps_its_norm(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "kpi_receiving_norm_hours": 48}
        )
        order = self.purchase(
            promise="2025-02-26 10:00",
            at="2025-02-25 10:00",
            picking_type_id=second.in_type_id.id,
        )
        self.mark(order.picking_ids, "2025-02-27 20:00")
        self.receive(order, "2025-02-27 22:00")
        second.active = False
        self.assertDelay(LATE, 0, 1)

    # ---------------------------------------------------------------- closed months
    def test_arrival_entered_after_closing(self):
        """March is closed with a late vendor; a mark that is entered in April moves
        nothing and shows among the late corrections: 10 h less."""
        order = self.purchase()
        self.receive(order, "2025-03-05 20:00")
        self.measure(SUPPLIER)
        march = self.period()
        with self.at("2025-04-02 10:00"):
            march.action_measure()
            march.action_close()
        with self.at("2025-04-03 10:00"):
            order.picking_ids.with_user(self.user_picker)._kpi_mark(
                "arrival", "import", self.utc("2025-03-05 09:00")
            )
            self.measure(SUPPLIER)
            self.env["kpi.late.correction"]._detect(self.indicator(SUPPLIER))
        self.assertEqual(self.fact(SUPPLIER).numerator, 10.0)
        corrections = self.env["kpi.late.correction"].search(
            [("period_id", "=", march.id)]
        )
        self.assertEqual(sum(corrections.mapped("numerator")), -10.0)
