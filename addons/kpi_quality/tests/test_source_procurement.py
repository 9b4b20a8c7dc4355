from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .delay_common import INBOUND, SUPPLIER, DelayCommon


@tagged("post_install", "-at_install")
class TestSourceProcurement(DelayCommon):
    """Promised for the 5th at 10:00, receiving norm 4 h; noon of the 20th is now."""

    def assertSupplier(self, hours, due=1, place=None, now=None):
        self.assertDelay(SUPPLIER, hours, due, place, now)

    # ------------------------------------------- the three examples of FORMULAS.md
    def _inbound(self, promise, arrived, stocked):
        order = self.purchase(promise=promise, at="2025-03-01 10:00")
        self.mark(order.picking_ids, arrived)
        self.receive(order, stocked)

    def test_goods_lay_at_the_dock(self):
        """P Mon 10:00 + 4 h = 14:00, in stock Tue 02:00: 12 h late; at the dock Mon
        12:00, 2 h after the promise: 12 = 2 + 10."""
        self._inbound("2025-03-10 10:00", "2025-03-10 12:00", "2025-03-11 02:00")
        self.assertInbound(supplier=2.0, receiving=10.0)
        self.assertSupplier(2.0)

    def test_supplier_early_and_receiving_late(self):
        """P Mon 10:00 + 4 h = 14:00, in stock Mon 20:00: 6 h late; at the dock Sun
        18:00: 6 = 0 + 6."""
        self._inbound("2025-03-10 10:00", "2025-03-09 18:00", "2025-03-10 20:00")
        self.assertInbound(supplier=0.0, receiving=6.0)
        self.assertSupplier(0.0)

    def test_supplier_late_and_receiving_quick(self):
        """P Mon 10:00 + 4 h = 14:00, in stock Tue 12:00: 22 h late; at the dock Tue
        10:00, 24 h late, of which 22 count: 22 = 22 + 0."""
        self._inbound("2025-03-10 10:00", "2025-03-11 10:00", "2025-03-11 12:00")
        self.assertInbound(supplier=22.0, receiving=0.0)
        self.assertSupplier(24.0)

    # ----------------------------------------------------------------- one promise
    def test_in_time(self):
        """Booked in on the promised hour; and two days early."""
        self.receive(self.purchase(), "2025-03-05 10:00")
        self.receive(self.purchase(), "2025-03-03 12:00")
        self.assertSupplier(0.0, 2)
        self.assertInbound(0.0, 0.0, 2)

    def test_late_without_marks_is_the_supplier_s(self):
        """Booked in at 20:00, 10 h late; over the norm 6 h, all before the booking."""
        self.receive(self.purchase(), "2025-03-05 20:00")
        self.assertSupplier(10.0)
        self.assertInbound(supplier=6.0, receiving=0.0)

    def test_never_came(self):
        """Late up to now: 362 h, inbound 358 h, all of it the supplier's."""
        self.purchase()
        self.assertSupplier(self.open_hours)
        self.assertInbound(supplier=358.0, receiving=0.0)
        self.assertSupplier(self.open_hours + 24, now="2025-03-21 12:00")

    def test_at_the_dock_for_ever(self):
        """Came in time and is not booked in until now: 358 h, all of it our own."""
        self.mark(self.purchase().picking_ids, "2025-03-05 09:00")
        self.assertSupplier(0.0)
        self.assertInbound(supplier=0.0, receiving=358.0)

    def test_not_due_yet(self):
        self.purchase(promise="2025-03-20 12:01")
        self.assertSupplier(0.0, 0)
        self.assertSupplier(1.0, 1, now="2025-03-20 13:01")

    def test_three_sources_tell_three_things(self):
        """In time, 3 h and 5 h late: 8 h by 2 late, by 3 due; 2 of 3."""
        for hour in ("09", "13", "15"):
            self.receive(self.purchase(), f"2025-03-05 {hour}:00")
        codes = f"supplier_lateness_hours {SUPPLIER} supplier_late_share"
        self.measure(codes)
        for code, value in zip(codes.split(), (4.0, 8 / 3, 200 / 3), strict=True):
            self.assertAlmostEqual(self.fact(code).value, value, 9)
            self.assertAlmostEqual(self.fact(code, self.buyer).value, value, 9)
        self.assertBuckets(SUPPLIER)

    def test_dimensions(self):
        """The buyer of that day, the vendor's company, the warehouse and its site."""
        self._move_employee(self.buyer, "2025-03-05", self.storage)
        contact = self._create_partner("Ann", parent_id=self.vendor.id)
        self.receive(self.purchase(partner_id=contact.id), "2025-03-06 10:00")
        self.receive(
            self.purchase(promise="2025-03-04 10:00"),
            "2025-03-04 11:30",
        )
        self.measure(SUPPLIER)
        common = {
            "employee_id": self.buyer.id,
            "partner_id": self.vendor.id,
            "warehouse_id": self.warehouse.id,
            "site_id": self.depot.id,
        }
        self.assertRecordValues(
            self.atoms(SUPPLIER),
            [
                common
                | {
                    "date": date(2025, 3, 4),
                    "department_id": self.office.id,
                    "numerator": 1.5,
                    "item_key": 1,
                },
                common
                | {
                    "date": date(2025, 3, 5),
                    "department_id": self.storage.id,
                    "numerator": 24.0,
                    "item_key": 4,
                },
            ],
        )

    def test_tolerance(self):
        """With a tolerance of 30 minutes 29:59 are no delay, 30 are half an hour."""
        self.env["kpi.indicator"].search(
            [("code", "in", [SUPPLIER, INBOUND])]
        ).tolerance_minutes = 30
        self.receive(self.purchase(), "2025-03-05 10:29:59")
        self.assertSupplier(0.0)
        self.receive(self.purchase(), "2025-03-05 10:30")
        self.assertSupplier(0.5, 2)

    # ----------------------------------------------------------------------- parts
    def test_partial_receipts(self):
        """3 of 5 in time, 2 seven hours late: one promise, 7 h late."""
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00", 3)
        self.assertSupplier(self.open_hours)
        last = self.receive(order, "2025-03-05 17:00")
        self.assertSupplier(7.0)
        self.measure(SUPPLIER)
        documents = self._rows(SUPPLIER)
        self.assertEqual(documents[0][0][:2], ["stock.picking", last.id])

    def test_five_trucks_for_one_line(self):
        """One each hour from 8:00, the last at 12:00: 2 h late, once."""
        order = self.purchase()
        for hour in range(8, 13):
            self.receive(order, f"2025-03-05 {hour:02}:00", 1)
        self.assertSupplier(2.0)

    def test_lines_of_one_order_are_promises_of_their_own(self):
        """Chairs promised for the 5th come in time, tables promised for the 6th a
        day late: 24 h by two promises."""
        order = self.purchase(
            [5, (self.product_2, 2, {"date_planned": self.utc("2025-03-06 10:00")})]
        )
        chairs = order.picking_ids.move_ids.filtered(
            lambda move: move.product_id == self.product
        )
        self.deliver(
            chairs.picking_id, "2025-03-05 09:00", {self.product: 5}, self.user_picker
        )
        self.receive(order, "2025-03-07 10:00")
        self.assertSupplier(24.0, 2)

    def test_receipt_with_two_orders(self):
        """One truck, two orders in one receipt, promised 10:00 and 16:00, booked in
        at 12:00: 2 h by two promises."""
        first = self.purchase()
        second = self.purchase(promise="2025-03-05 16:00")
        empty = second.picking_ids
        second.picking_ids.move_ids.picking_id = first.picking_ids
        empty.unlink()
        self.receive(first, "2025-03-05 12:00")
        self.assertSupplier(2.0, 2)

    def test_no_backorder_while_the_order_stands(self):
        """3 of 5 came, the rest was written off on the receipt only: still awaited."""
        self.receive(self.purchase(), "2025-03-05 09:00", 3, backorder=False)
        self.assertSupplier(self.open_hours)

    def test_more_came_than_ordered(self):
        """7 instead of 5 at once, an hour late; and 5 in time, 2 on top later."""
        self.receive(self.purchase(), "2025-03-05 11:00", 7)
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00")
        with self.at("2025-03-08 10:00"):
            order.order_line.product_qty = 7
        self.receive(order, "2025-03-09 10:00")
        self.assertSupplier(1.0, 2)

    def test_dozens(self):
        """2 dozen: 23 pieces are not enough, the 24th came at 14:00."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.purchase([(self.product, 2, {"product_uom_id": dozen.id})])
        self.assertEqual(order.order_line.kpi_promised_qty, 24)
        self.receive(order, "2025-03-05 09:00", 23)
        self.assertSupplier(self.open_hours)
        self.receive(order, "2025-03-05 14:00")
        self.assertSupplier(4.0)

    # ------------------------------------------------------ cancelled and reduced
    def test_cancelled_before_the_promise(self):
        order = self.purchase()
        with self.at("2025-03-05 09:59"):
            order.button_cancel()
        self.assertSupplier(0.0, 0)

    def test_cancelled_after_the_promise(self):
        """Awaited from 10:00 to 18:00: 8 h, inbound 4 h beyond the norm."""
        order = self.purchase()
        with self.at("2025-03-05 18:00"):
            order.button_cancel()
        self.assertSupplier(8.0)
        self.assertInbound(supplier=4.0, receiving=0.0)

    def test_cancelled_with_a_part_received(self):
        """3 of 5 in time, cancelled at 16:00: 2 were awaited for 6 h."""
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00", 3)
        with self.at("2025-03-05 16:00"):
            order.button_cancel()
        self.assertSupplier(6.0)

    def test_cancelled_when_all_had_come(self):
        """Received in time, cancelled a week later: nobody waited for anything."""
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00")
        with self.at("2025-03-12 10:00"):
            order.button_cancel()
        self.assertSupplier(0.0)

    def test_line_set_to_nothing(self):
        """The chairs are dropped in time, the tables come 3 h late."""
        order = self.purchase([5, (self.product_2, 1)])
        with self.at("2025-03-04 10:00"):
            order.order_line[0].product_qty = 0
        self.receive(order, "2025-03-05 13:00")
        self.assertSupplier(3.0)

    def test_reduced_before_the_promise(self):
        """3 of 5 wanted since the day before: met by the third."""
        order = self.purchase()
        with self.at("2025-03-04 10:00"):
            order.order_line.product_qty = 3
        self.receive(order, "2025-03-05 09:00")
        self.assertSupplier(0.0)

    def test_reduced_after_the_promise(self):
        """3 in time; for the other 2 we waited until 15:00, 5 h."""
        order = self.purchase()
        self.receive(order, "2025-03-05 09:00", 3)
        with self.at("2025-03-05 15:00"):
            order.order_line.product_qty = 3
        self.assertSupplier(5.0)

    def test_returned_to_the_vendor(self):
        """5 in time, 2 sent back and not wanted any more: the promise was met. The
        way back is no supply."""
        order = self.purchase()
        receipt = self.receive(order, "2025-03-05 09:00")
        self.send_back(receipt, "2025-03-06 10:00", 2)
        with self.at("2025-03-07 10:00"):
            order.order_line.product_qty = 3
        self.assertSupplier(0.0)
        self.assertInbound(0.0, 0.0)

    # -------------------------------------------------- what carries no promise
    def test_no_promise(self):
        """Services, notes, a negative quantity, a request for quotation."""
        order = self.purchase([(self.service, 1), (self.product, -2)])
        with self.at("2025-03-04 10:00"):
            order.order_line = [
                Command.create(
                    {
                        "display_type": "line_note",
                        "name": "Ring twice",
                        "product_qty": 0,
                    }
                )
            ]
            order.copy()
        self.assertSupplier(0.0, 0)

    def test_drop_shipping(self):
        """From the vendor to the customer: at the dock is at the customer's. The type
        exists with the app only; without it a receipt that ends there."""
        codes = dict(self.receipt_type._fields["code"].selection)
        kind = self.receipt_type.copy(
            {
                "name": "Dropship",
                "code": "dropship" if "dropship" in codes else "incoming",
                "sequence_code": "DS",
            }
        )
        order = self.purchase(picking_type_id=kind.id, dest_address_id=self.partner.id)
        customers = self.partner.property_stock_customer
        order.picking_ids.move_ids.location_dest_id = customers
        self.receive(order, "2025-03-05 12:00")
        self.assertSupplier(2.0)
        self.assertInbound(0.0, 0.0)

    # ---------------------------------------------------------------- the places
    def test_norm_of_the_warehouse(self):
        """Booked in 10 h after the promise: norm 10 nothing, 9.5 half an hour."""
        self.receive(self.purchase(), "2025-03-05 20:00")
        for norm, hours in ((10.0, 0.0), (9.5, 0.5), (0.0, 10.0)):
            self.warehouse.kpi_receiving_norm_hours = norm
            self.assertInbound(supplier=hours, receiving=0.0)

    def test_two_warehouses(self):
        """2 h late here, 6 h there, norm 4 and 1: 0 and 5 inbound."""
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "kpi_receiving_norm_hours": 1}
        )
        self.receive(self.purchase(), "2025-03-05 12:00")
        self.receive(
            self.purchase(picking_type_id=second.in_type_id.id), "2025-03-05 16:00"
        )
        self.assertSupplier(2.0, 1, self.warehouse)
        self.assertSupplier(6.0, 1, second)
        self.assertInbound(supplier=5.0, receiving=0.0, due=2)

    def test_day_is_that_of_the_site(self):
        """22:00 of 31 March in Moscow is April in Vladivostok: not March's promise."""
        self.receive(self.purchase(promise="2025-03-31 22:00"), "2025-03-19 10:00")
        now = "2025-04-02 12:00"
        self.assertSupplier(0.0, 1, now=now)
        self.depot.tz = "Asia/Vladivostok"
        self.assertSupplier(0.0, 0, now=now)

    # ------------------------------------------------------------------ lead time
    def assertLead(self, hours, lines, now="2025-03-20 12:00"):
        self.assertDelay("supplier_lead_hours", hours, lines, now=now)

    def test_lead_time(self):
        """Ordered on the 3rd at 10:00, at the dock on the 4th at 12:00: 26 h,
        whenever it is booked in; carried by the day of arrival."""
        order = self.purchase()
        self.mark(order.picking_ids, "2025-03-04 12:00")
        self.receive(order, "2025-03-09 10:00")
        self.assertLead(26.0, 1)
        self.assertEqual(self.atoms("supplier_lead_hours").date, date(2025, 3, 4))

    def test_lead_time_of_what_is_overdue(self):
        """From the 3rd at 10:00 until noon of the 20th: 17 days and 2 h = 410 h.
        What is not due yet, or was cancelled, has none and is not counted."""
        self.purchase()
        self.purchase(promise="2025-03-25 10:00")
        with self.at("2025-03-06 10:00"):
            self.purchase().button_cancel()
        self.assertLead(410.0, 1)
        self.assertEqual(sum(self.atoms("supplier_lead_hours").mapped("sample")), 1)

    def test_lead_time_starts_at_the_first_confirmation(self):
        """Cancelled and confirmed again on the 8th: from the 3rd on, still."""
        order = self.purchase()
        with self.at("2025-03-08 10:00"):
            order.button_cancel()
            order.button_draft()
            order.button_confirm()
        self.receive(order, "2025-03-09 10:00")
        self.assertLead(6 * 24.0, 1)
