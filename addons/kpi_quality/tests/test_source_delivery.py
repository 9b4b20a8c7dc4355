from odoo.fields import Command
from odoo.tests import tagged

from .delay_common import DELIVERY, PICK, DelayCommon


@tagged("post_install", "-at_install")
class TestSourceDelivery(DelayCommon):
    """Promised for the 5th at 10:00; noon of the 20th is now."""

    def assertDelivery(self, hours, due=1, place=None, now=None):
        self.assertDelay(DELIVERY, hours, due, place, now)

    # ----------------------------------------------------------------- one promise
    def test_three_sources_tell_three_things(self):
        """In time, 3 h and 5 h late: 8 h by 2 late, by 3 due; 2 of 3."""
        for hour in ("09", "13", "15"):
            self.ship(self.sale(), f"2025-03-05 {hour}:00")
        codes = f"delivery_lateness_hours {DELIVERY} delivery_late_share"
        self.measure(codes)
        for code, value in zip(codes.split(), (4.0, 8 / 3, 200 / 3), strict=True):
            self.assertAlmostEqual(self.fact(code).value, value, 9)
            self.assertAlmostEqual(self.fact(code, self.picker).value, value, 9)
        self.assertBuckets(DELIVERY)

    def test_buckets(self):
        """In time; 2 h; 2 h 1 min; 12 h; 24 h 1 min; 72 h; a month: one of each."""
        for moment, bucket in (
            ("2025-03-05 10:00", 0),
            ("2025-03-05 12:00", 1),
            ("2025-03-05 12:01", 2),
            ("2025-03-05 22:00", 3),
            ("2025-03-06 10:01", 5),
            ("2025-03-08 10:00", 5),
            ("2025-03-08 10:01", 6),
        ):
            with self.subTest(moment):
                order = self.sale()
                self.ship(order, moment)
                self.measure(DELIVERY)
                self.assertEqual(self.atoms(DELIVERY).item_key, bucket)
                self.assertBuckets(DELIVERY)
                self.env.flush_all()
                order.order_line.kpi_promised_at = False

    def test_open_for_ever(self):
        self.sale()
        self.assertDelivery(self.open_hours)
        self.assertDelivery(self.open_hours + 24, now="2025-03-21 12:00")

    def test_not_picked_is_not_shipped(self):
        """In two and three steps there is no outgoing transfer yet: late all the
        same, and the order is what it drills down to."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                order = self.sale()
                self.assertNotIn(self.delivery_type, order.picking_ids.picking_type_id)
                self.assertDelivery(self.open_hours)
                [(key, _hours, _due)] = self._rows(DELIVERY)
                self.assertEqual(key[:2], ["sale.order", order.id])
                order.order_line.kpi_promised_at = False

    def test_last_step_delivers(self):
        """Picked at 9:00, packed at 9:30, shipped at 16:00: 6 h late."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.sale()
        for moment in ("09:00", "09:30", "16:00"):
            self.ship(order, f"2025-03-05 {moment}")
        self.assertDelivery(6.0)
        self.assertDelay(PICK, 0.0)

    def test_quotation_promises_nothing(self):
        self.quotation("2025-03-03 10:00", self.user_seller, commitment_date=self.due)
        self.assertDelivery(0.0, 0)

    def test_promise_by_lead_time(self):
        """Two days after the order of the 3rd at 10:00; shipped on the 5th at 13:00."""
        self.product.sale_delay = 2
        order = self.order("2025-03-03 10:00", self.user_seller)
        self.ship(order, "2025-03-05 13:00")
        self.assertDelivery(3.0)

    # ----------------------------------------------------------------------- parts
    def test_partial_deliveries(self):
        """3 of 5 in time, 2 seven hours late: one promise, 7 h late."""
        order = self.sale()
        self.ship(order, "2025-03-05 09:00", 3)
        self.assertDelivery(self.open_hours)
        self.ship(order, "2025-03-05 17:00", user=self.user_picker_2)
        self.assertDelivery(7.0)
        self.assertDelivery(7.0, 1, self.picker_2)
        self.assertDelivery(0.0, 0, self.picker)

    def test_no_backorder_while_the_order_stands(self):
        """3 of 5, and no backorder: late until the order says 3, on the 6th."""
        order = self.sale()
        self.ship(order, "2025-03-05 09:00", 3, backorder=False)
        self.assertDelivery(self.open_hours)
        with self.at("2025-03-06 10:00"):
            order.order_line.product_uom_qty = 3
        self.assertDelivery(24.0)

    def test_more_delivered_than_ordered(self):
        self.ship(self.sale(), "2025-03-05 11:00", 7)
        self.assertDelivery(1.0)

    def test_raised_before_the_promise(self):
        """5 in time, 2 that were added the day before 4 h late: 4 h."""
        order = self.sale()
        with self.at("2025-03-04 10:00"):
            order.order_line.product_uom_qty = 7
        self.ship(order, "2025-03-05 09:00", 5)
        self.ship(order, "2025-03-05 14:00")
        self.assertDelivery(4.0)

    def test_raised_after_the_promise(self):
        """5 in time; 2 more were ordered on the 7th: no promise was broken."""
        order = self.sale()
        self.ship(order, "2025-03-05 09:00")
        with self.at("2025-03-07 10:00"):
            order.order_line.product_uom_qty = 7
        self.assertDelivery(0.0)

    def test_units(self):
        """A dozen: 11 in time, the twelfth at 12:00."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.quotation(
            "2025-03-03 10:00",
            self.user_seller,
            [(self.product, 1)],
            commitment_date=self.due,
        )
        order.order_line.product_uom_id = dozen
        with self.at("2025-03-03 10:00"):
            order.action_confirm()
        self.assertEqual(order.order_line.kpi_promised_qty, 12)
        self.ship(order, "2025-03-05 09:00", 11)
        self.ship(order, "2025-03-05 12:00")
        self.assertDelivery(2.0)

    # ------------------------------------------------------ cancelled and reduced
    def test_cancelled_before_the_promise(self):
        order = self.sale()
        with self.at("2025-03-05 09:59"):
            order._action_cancel()
        self.assertDelivery(0.0, 0)

    def test_cancelled_after_the_promise(self):
        order = self.sale()
        with self.at("2025-03-05 18:00"):
            order._action_cancel()
        self.assertDelivery(8.0)

    def test_cancelled_with_a_part_delivered(self):
        """3 of 5 in time, the rest cancelled at 14:00: awaited for 4 h."""
        order = self.sale()
        self.ship(order, "2025-03-05 09:00", 3)
        with self.at("2025-03-05 14:00"):
            order._action_cancel()
        self.assertDelivery(4.0)

    def test_cancelled_when_all_was_delivered(self):
        order = self.sale()
        self.ship(order, "2025-03-05 09:00")
        with self.at("2025-03-12 10:00"):
            order._action_cancel()
        self.assertDelivery(0.0)

    def test_cancelled_and_confirmed_again(self):
        """Cancelled at 18:00, confirmed on the 6th for the 30th, shipped on the 7th
        at 10:00: the first promise, 48 h."""
        order = self.sale()
        with self.at("2025-03-05 18:00"):
            order._action_cancel()
        with self.at("2025-03-06 10:00"):
            order.action_draft()
            order.commitment_date = self.utc("2025-03-30 10:00")
            order.action_confirm()
        self.assertDelivery(self.open_hours)
        self.ship(order, "2025-03-07 10:00")
        self.assertDelivery(48.0)

    def test_reduced_before_the_promise(self):
        order = self.sale()
        with self.at("2025-03-04 10:00"):
            order.order_line.product_uom_qty = 3
        self.ship(order, "2025-03-05 09:00")
        self.assertDelivery(0.0)

    def test_reduced_before_and_delivered_late(self):
        """3 of 5 wanted since the 4th, shipped at 11:00: 1 h."""
        order = self.sale()
        with self.at("2025-03-04 10:00"):
            order.order_line.product_uom_qty = 3
        self.ship(order, "2025-03-05 11:00")
        self.assertDelivery(1.0)

    def test_reduced_after_the_promise(self):
        """3 in time, 2 awaited until 15:00."""
        order = self.sale()
        self.ship(order, "2025-03-05 09:00", 3)
        with self.at("2025-03-05 15:00"):
            order.order_line.product_uom_qty = 3
        self.assertDelivery(5.0)

    def test_line_set_to_nothing(self):
        """Of two lines one is cancelled in time."""
        order = self.order(
            "2025-03-03 10:00",
            self.user_seller,
            [(self.product, 5), (self.product_2, 1)],
            commitment_date=self.due,
        )
        with self.at("2025-03-04 10:00"):
            order.order_line[0].product_uom_qty = 0
        self.ship(order, "2025-03-05 12:00")
        self.assertDelivery(2.0)

    def test_returned_by_the_customer(self):
        """Delivered in time, 2 came back, the order says 3: met. The way back is no
        delivery, and no receipt."""
        order = self.sale()
        picking = self.ship(order, "2025-03-05 09:00")
        back = self.send_back(picking, "2025-03-06 10:00", 2)
        self.assertEqual(back.picking_type_code, "incoming")
        with self.at("2025-03-07 10:00"):
            order.order_line.product_uom_qty = 3
        self.assertDelivery(0.0)
        self.assertDelay("receiving_hours", 0.0, 0)
        self.assertDelay("supplier_lead_hours", 0.0, 0)

    def test_returned_before_the_rest_comes(self):
        """3 in time, sent back on the 6th; the other 2 on the 7th: 5 of 5 had come."""
        order = self.sale()
        picking = self.ship(order, "2025-03-05 09:00", 3)
        self.send_back(picking, "2025-03-06 10:00", 3)
        self.ship(order, "2025-03-07 10:00")
        self.assertDelivery(48.0)

    # -------------------------------------------------- what carries no promise
    def test_no_promise(self):
        """Services, notes, a down payment, a negative quantity, a manual transfer."""
        order = self.order(
            "2025-03-03 10:00",
            self.user_seller,
            [(self.service, 1), (self.product, -1)],
            commitment_date=self.due,
        )
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Ring twice"}),
            Command.create(
                {
                    "product_id": self.service.id,
                    "product_uom_qty": 0,
                    "is_downpayment": True,
                }
            ),
        ]
        customers = self.partner.property_stock_customer
        self.env["stock.picking"].create(
            {
                "picking_type_id": self.delivery_type.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        ).action_confirm()
        self.assertDelivery(0.0, 0)

    def test_drop_shipping(self):
        """The vendor delivers to the customer at 13:00: 3 h late, by that transfer."""
        codes = dict(self.receipt_type._fields["code"].selection)
        kind = self.receipt_type.copy(
            {
                "name": "Dropship",
                "code": "dropship" if "dropship" in codes else "incoming",
                "sequence_code": "DS",
            }
        )
        order = self.sale()
        own = order.picking_ids
        purchase = self.purchase(
            picking_type_id=kind.id, dest_address_id=self.partner.id
        )
        move = purchase.picking_ids.move_ids
        move.location_dest_id = self.partner.property_stock_customer
        move.sale_line_id = order.order_line
        own.action_cancel()
        self.receive(purchase, "2025-03-05 13:00")
        self.assertDelivery(3.0)
