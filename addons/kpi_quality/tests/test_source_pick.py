from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestSourcePick(KpiCommon):
    """Promised for 10:00 of 5 March; it is noon of 20 March: 362 hours later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls.utc("2025-03-05 10:00")
        cls.open_hours = 15 * 24 + 2.0

    def _order(self, lines=None, due=None, picker=None, **values):
        order = self.order(
            "2025-03-03 10:00",
            self.user_seller,
            lines,
            commitment_date=due or self.due,
            **values,
        )
        order.picking_ids.user_id = picker or self.user_picker
        return order

    def _pick(self, moment, order=None, **options):
        order = order or self._order()
        options.setdefault("user", self.user_picker)
        return self.deliver(order.picking_ids, moment, **options)

    def assertDelay(self, hours, due, place=None):
        """Hours late over the promises that were due."""
        self.measure("pick_delay_hours")
        fact = self.fact("pick_delay_hours", place)
        self.assertAlmostEqual(fact.numerator, hours, 6)
        self.assertEqual(fact.denominator, due)

    # ------------------------------------------------------------ the sources
    def test_three_sources_tell_three_things(self):
        """On time, 3 h late and 5 h late: 8 h by 2 late, by 3 due; 2 of 3."""
        for moment in ("2025-03-05 09:00", "2025-03-05 13:00", "2025-03-05 15:00"):
            self._pick(moment)
        self.measure("pick_lateness_hours pick_delay_hours pick_late_share")
        for code, numerator, denominator, value in (
            ("pick_lateness_hours", 8.0, 2.0, 4.0),
            ("pick_delay_hours", 8.0, 3.0, 8 / 3),
            ("pick_late_share", 2.0, 3.0, 200 / 3),
        ):
            with self.subTest(code):
                fact = self.fact(code, self.picker)
                self.assertEqual(fact[1:4], (numerator, denominator, 3))
                self.assertAlmostEqual(fact.value, value, 9)

    def test_nothing_late_is_no_mean_lateness(self):
        """No late pick: the mean of the late ones has nothing to divide by."""
        self._pick("2025-03-05 09:00")
        self.measure("pick_lateness_hours pick_delay_hours pick_late_share")
        fact = self.fact("pick_lateness_hours", self.picker)
        self.assertEqual((fact.value, fact.reason), (None, "zero_denominator"))
        self.assertEqual(self.fact("pick_delay_hours", self.picker).value, 0.0)
        self.assertEqual(self.fact("pick_late_share", self.picker).value, 0.0)

    def test_day_of_the_promise_carries_the_delay(self):
        self._pick("2025-03-09 10:00")
        self.measure("pick_delay_hours")
        self.assertRecordValues(
            self.atoms("pick_delay_hours"),
            [
                {
                    "date": date(2025, 3, 5),
                    "employee_id": self.picker.id,
                    "department_id": self.storage.id,
                    "site_id": self.depot.id,
                    "warehouse_id": self.warehouse.id,
                    "numerator": 96.0,
                    "denominator": 1.0,
                }
            ],
        )

    def test_day_is_that_of_the_warehouse(self):
        """Due at 20:00 in Moscow, done by a Moscow picker: in Vladivostok, where
        the warehouse is, that is the 6th."""
        self.depot.tz = "Asia/Vladivostok"
        self._pick("2025-03-05 21:00", self._order(due=self.utc("2025-03-05 20:00")))
        self.measure("pick_delay_hours")
        self.assertEqual(self.atoms("pick_delay_hours").date, date(2025, 3, 6))

    def test_pick_at_another_site_counts_where_the_goods_are(self):
        """A shop assistant helps out in the depot: the depot's hours and site."""
        self.user_seller.group_ids += self.env.ref("stock.group_stock_user")
        self._pick("2025-03-05 13:00", user=self.user_seller)
        self.measure("pick_delay_hours")
        atom = self.atoms("pick_delay_hours")
        self.assertEqual(atom.employee_id, self.seller)
        self.assertEqual(atom.department_id, self.retail)
        self.assertEqual(atom.site_id, self.depot)

    # -------------------------------------------------------------- tolerance
    def test_tolerance(self):
        """59 seconds are no delay, a minute is; with 30 minutes 29 are none."""
        indicator = self.indicator("pick_delay_hours")
        for tolerance, done, hours in (
            (1.0, "2025-03-05 10:00:59", 0.0),
            (1.0, "2025-03-05 10:01:00", 1 / 60),
            (30.0, "2025-03-05 10:29:59", 0.0),
            (30.0, "2025-03-05 10:30:00", 0.5),
            (0.0, "2025-03-05 09:00:00", 0.0),
            (0.0, "2025-03-05 10:00:00", 0.0),
            (0.0, "2025-03-05 10:00:36", 0.01),
        ):
            with self.subTest(tolerance=tolerance, done=done):
                indicator.tolerance_minutes = tolerance
                order = self._order()
                self._pick(done, order)
                self.assertDelay(hours, 1)
                order.picking_ids.move_ids.kpi_due_at = False

    # -------------------------------------------------------------- open ones
    def test_open_for_ever_is_late_up_to_now(self):
        self._order()
        self.assertDelay(self.open_hours, 1, self.picker)
        with self.at("2025-03-21 12:00"):
            self.assertDelay(self.open_hours + 24, 1, self.picker)

    def test_not_yet_due_is_not_counted(self):
        self._order(due=self.utc("2025-03-20 12:01"))
        self._order(due=self.utc("2025-03-25 10:00"))
        self.assertDelay(0.0, 0)
        with self.at("2025-03-20 13:01"):
            self.assertDelay(1.0, 1)

    def test_done_before_it_is_due_counts_from_the_day_of_the_promise(self):
        self._pick("2025-03-04 10:00", self._order(due=self.utc("2025-03-25 10:00")))
        self.assertDelay(0.0, 0)
        with self.at("2025-03-25 10:00"):
            self.assertDelay(0.0, 1)

    def test_figure_of_a_past_moment_knows_nothing_later(self):
        """Measured as of the 6th, the pick done on the 9th was still open."""
        self._pick("2025-03-09 10:00")
        self.measure("pick_delay_hours", now=self.utc("2025-03-06 10:00"))
        self.assertEqual(self.fact("pick_delay_hours").numerator, 24.0)

    # ------------------------------------------------------------------ parts
    def test_partly_done_is_late_by_its_last_part(self):
        """3 of 5 in time, 2 seven hours late: one promise, 7 hours."""
        order = self._order([(self.product, 5)])
        backorder = self._pick("2025-03-05 09:00", order, quantities={self.product: 3})
        self.assertDelay(self.open_hours, 1)
        self.deliver(backorder, "2025-03-05 17:00", user=self.user_picker_2)
        self.assertDelay(7.0, 1)
        self.assertDelay(7.0, 1, self.picker_2)
        self.assertDelay(0.0, 0, self.picker)

    def test_line_by_line(self):
        """One transfer, two lines: the chair in time, the table 5 hours late."""
        order = self._order([(self.product, 1), (self.product_2, 1)])
        backorder = self._pick("2025-03-05 09:00", order, quantities={self.product: 1})
        self.deliver(backorder, "2025-03-05 15:00", user=self.user_picker)
        self.assertDelay(5.0, 2)

    def test_no_backorder(self):
        """3 of 5 picked in time and the rest written off: not picked, until the order
        says 3, too: an hour before the promise, or 4 h after it."""
        for moment, hours in (("2025-03-05 09:00", 0.0), ("2025-03-05 14:00", 4.0)):
            with self.subTest(moment):
                order = self._order([(self.product, 5)])
                self._pick(moment, order, quantities={self.product: 3}, backorder=False)
                self.assertDelay(self.open_hours, 1)
                with self.at(moment):
                    order.order_line.product_uom_qty = 3
                self.assertDelay(hours, 1)
                order.picking_ids.move_ids.kpi_due_at = False

    def test_services_are_not_picked(self):
        order = self._order([(self.product, 1), (self.service, 1)])
        self._pick("2025-03-05 12:00", order)
        self.assertDelay(2.0, 1)

    # ------------------------------------------------------------ cancellation
    def test_cancelled_before_the_promise_is_not_late(self):
        order = self._order()
        with self.at("2025-03-05 09:59"):
            order._action_cancel()
        self.assertDelay(0.0, 0)

    def test_cancelled_after_the_promise_was_late_until_then(self):
        order = self._order()
        with self.at("2025-03-05 18:00"):
            order._action_cancel()
        self.assertDelay(8.0, 1, self.picker)

    def test_cancelling_and_confirming_again_wins_no_time(self):
        """Cancelled after 8 hours and confirmed with a new date: one promise, open
        until it is done on the 7th at 10:00."""
        order = self._order()
        with self.at("2025-03-05 18:00"):
            order._action_cancel()
            order.action_draft()
            order.commitment_date = self.utc("2025-03-30 10:00")
            order.action_confirm()
        self.assertDelay(self.open_hours, 1)
        new = order.picking_ids.filtered(lambda p: p.state != "cancel")
        self.deliver(new, "2025-03-07 10:00", user=self.user_picker)
        self.assertDelay(48.0, 1, self.picker)

    def test_quantity_lowered_to_nothing_in_time(self):
        order = self._order()
        with self.at("2025-03-04 10:00"):
            order.order_line.product_uom_qty = 0
        self.assertDelay(0.0, 0)

    def test_rescheduling_wins_no_time(self):
        order = self._order()
        with self.at("2025-03-04 10:00"):
            order.commitment_date = self.utc("2025-03-30 10:00")
            order.picking_ids.scheduled_date = self.utc("2025-03-30 10:00")
            order.picking_ids.move_ids.date_deadline = self.utc("2025-03-30 10:00")
        self._pick("2025-03-06 10:00", order)
        self.assertDelay(24.0, 1)

    def test_backdated_transfer_wins_no_time(self):
        order = self._order()
        self._pick("2025-03-06 10:00", order)
        with self.at("2025-03-06 10:00"):
            order.picking_ids.date_done = self.due
            order.picking_ids.move_ids.date = self.due
        self.assertDelay(24.0, 1)

    # --------------------------------------------------------------- the picker
    def test_picker_is_who_validated(self):
        order = self._order(picker=self.user_picker)
        self._pick("2025-03-05 11:00", order, user=self.user_picker_2)
        self.assertDelay(1.0, 1, self.picker_2)
        self.assertDelay(0.0, 0, self.picker)

    def test_validated_by_a_scheduled_action_it_is_the_responsible(self):
        order = self._order(picker=self.user_picker_2)
        self.deliver(order.picking_ids, "2025-03-05 11:00")
        self.assertFalse(order.picking_ids.move_ids.kpi_done_by_id)
        self.assertDelay(1.0, 1, self.picker_2)

    def test_open_pick_belongs_to_the_responsible_or_nobody(self):
        self._order(picker=self.user_picker_2)
        unassigned = self._order()
        unassigned.picking_ids.user_id = False
        self.assertDelay(self.open_hours, 1, self.picker_2)
        self.assertDelay(2 * self.open_hours, 2, self.depot)
        self.assertDelay(2 * self.open_hours, 2, self.warehouse)
        self.assertDelay(self.open_hours, 1, self.storage)

    # ---------------------------------------------------------------- the steps
    def test_only_the_first_step_is_a_pick(self):
        """Picked 2 hours late, whatever packing and shipping do after."""
        for steps in ("pick_ship", "pick_pack_ship"):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                order = self._order()
                self._pick("2025-03-05 12:00", order)
                self.measure("pick_delay_hours")
                for moment in ("2025-03-08 10:00", "2025-03-15 10:00"):
                    rest = order.picking_ids.filtered(lambda p: p.state != "done")
                    if rest:
                        self.deliver(rest, moment, user=self.user_picker_2)
                self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})
                self.assertDelay(2.0, 1)
                self.assertDelay(2.0, 1, self.picker)
                self.env.cr.execute("UPDATE stock_move SET kpi_due_at = NULL")
                self.env.invalidate_all()

    def test_unpicked_order_of_two_steps_is_late(self):
        """Nothing is shipped because nothing is picked: late, not absent."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self._order()
        self.assertEqual(order.picking_ids.picking_type_id, self.warehouse.pick_type_id)
        self.assertDelay(self.open_hours, 1)

    def test_bought_to_order_is_picked_when_it_is_delivered(self):
        """The receipt before the delivery is no pick: the delivery is."""
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        product = self._create_product(
            "Lamp",
            10.0,
            is_storable=True,
            route_ids=[Command.set((mto + self.warehouse.buy_pull_id.route_id).ids)],
            seller_ids=[Command.create({"partner_id": self.partner.id, "price": 5.0})],
        )
        order = self._order([(product, 1)])
        purchase = self.env["purchase.order"].search(
            [("order_line.product_id", "=", product.id)]
        )
        with self.at("2025-03-03 11:00"):
            purchase.button_confirm()
        self.deliver(purchase.picking_ids, "2025-03-05 08:00", user=self.user_picker_2)
        self.assertTrue(order.picking_ids.move_ids.move_orig_ids)
        self._pick("2025-03-05 13:00", order)
        self.assertDelay(3.0, 1, self.picker)

    def test_returns_are_no_picks(self):
        order = self._order()
        self._pick("2025-03-05 09:00", order)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=order.picking_ids.id, active_model="stock.picking"
        )
        with self.at("2025-03-06 10:00"):
            wizard = wizard.create({})
            wizard.product_return_moves.quantity = 1
            back = self.env["stock.picking"].browse(
                wizard.action_create_returns()["res_id"]
            )
            back.move_ids.date_deadline = self.utc("2025-03-07 10:00")
            back.move_ids.sudo().kpi_due_at = self.utc("2025-03-07 10:00")
        self.assertDelay(0.0, 1)

    def _purchase(self):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 5,
                            "price_unit": 10.0,
                            "date_planned": self.due,
                        }
                    )
                ],
            }
        )
        with self.at("2025-03-03 10:00"):
            purchase.button_confirm()
        return purchase

    def test_receipts_are_no_picks(self):
        self._purchase()
        self.assertDelay(0.0, 0)

    def test_what_goes_back_to_a_vendor_is_no_pick(self):
        """4 of 5 received, then only 3 wanted: Odoo plans one back by OUT."""
        purchase = self._purchase()
        self.deliver(
            purchase.picking_ids,
            "2025-03-04 10:00",
            {self.product: 4},
            user=self.user_picker,
        )
        with self.at("2025-03-04 12:00"):
            purchase.order_line.product_qty = 3
        back = purchase.picking_ids.filtered(
            lambda one: one.picking_type_id == self.warehouse.out_type_id
        )
        self.assertTrue(back.move_ids.kpi_due_at)
        self.assertDelay(0.0, 0)

    def test_drafts_are_not_due(self):
        self.quotation("2025-03-03 10:00", self.user_seller, commitment_date=self.due)
        self._manual_picking(self.due)
        self.assertDelay(0.0, 0)

    def test_transfer_by_hand_with_a_deadline_is_one_promise(self):
        """Without a sale: a move with its splits is one promise."""
        picking = self._manual_picking(self.due, quantity=4)
        with self.at("2025-03-03 12:00"):
            picking.action_confirm()
        first = self.deliver(
            picking, "2025-03-05 09:00", {self.product: 1}, self.user_picker
        )
        second = self.deliver(
            first, "2025-03-05 09:30", {self.product: 1}, self.user_picker
        )
        self.assertDelay(self.open_hours, 1)
        self.deliver(second, "2025-03-05 14:00", user=self.user_picker)
        self.assertDelay(4.0, 1, self.picker)

    def _manual_picking(self, deadline, quantity=1):
        out_type = self.warehouse.out_type_id
        customers = self.env.ref("stock.stock_location_customers")
        return self.env["stock.picking"].create(
            {
                "picking_type_id": out_type.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                            "date_deadline": deadline,
                        }
                    )
                ],
            }
        )

    def test_transfer_split_in_two_before_it_is_done(self):
        """Half of it put off by hand to a transfer of its own: still one promise."""
        order = self._order([(self.product, 4)])
        picking = order.picking_ids
        move = picking.move_ids
        with self.at("2025-03-04 10:00"):
            [values] = move._split(2)
            other = picking.copy({"move_ids": []})
            self.env["stock.move"].create(values | {"picking_id": other.id})
            other.move_ids._action_confirm(merge=False)
        self.deliver(picking, "2025-03-05 09:00", user=self.user_picker)
        self.deliver(other, "2025-03-05 16:00", user=self.user_picker)
        self.assertDelay(6.0, 1, self.picker)

    def test_every_warehouse_for_itself(self):
        """The same order line number plays no part: two warehouses, two places."""
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self._pick("2025-03-05 12:00")
        self._pick("2025-03-05 14:00", self._order(warehouse_id=second.id))
        self.assertDelay(2.0, 1, self.warehouse)
        self.assertDelay(4.0, 1, second)
        self.assertDelay(6.0, 2)

    # ---------------------------------------------------------------- backfill
    def test_documents_from_before_the_addon(self):
        """The hook freezes what is known: the present deadlines."""
        done, open_, cancelled = (self._order() for _i in range(3))
        self._pick("2025-03-05 12:00", done)
        with self.at("2025-03-05 15:00"):
            cancelled._action_cancel()
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 2,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                            "date_planned": self.due,
                        }
                    )
                ],
            }
        )
        purchase.button_confirm()
        quotation = self.quotation(
            "2025-03-03 10:00", self.user_seller, commitment_date=self.due
        )
        lead = self.order("2025-03-03 10:00", self.user_seller)
        lead.order_line.customer_lead = 4
        kept = self._order()
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE stock_move
            SET kpi_due_at = NULL, kpi_done_at = NULL, kpi_cancelled_at = NULL,
                write_date = '2025-03-05 12:00'
            WHERE sale_line_id != %(kept)s OR sale_line_id IS NULL;
            UPDATE sale_order_line
            SET kpi_promised_at = NULL, kpi_promised_qty = 0, kpi_withdrawn_qty = 0,
                kpi_confirmed_at = NULL, kpi_withdrawn_at = NULL
            WHERE id != %(kept)s;
            UPDATE purchase_order_line
            SET kpi_promised_at = NULL, kpi_promised_qty = 0, kpi_confirmed_at = NULL;
            UPDATE sale_order SET write_date = '2025-03-05 12:00';
            """,
            {"kept": kept.order_line.id},
        )
        self.env.invalidate_all()
        kept.commitment_date += timedelta(days=5)
        post_init_hook(self.env)
        self.assertEqual(done.order_line.kpi_promised_at, self.due)
        self.assertEqual(lead.order_line.kpi_promised_at, self.utc("2025-03-07 10:00"))
        self.assertEqual(kept.order_line.kpi_promised_at, self.due)
        self.assertEqual(kept.picking_ids.move_ids.kpi_due_at, self.due)
        self.assertEqual(purchase.order_line.kpi_promised_at, self.due)
        self.assertEqual(purchase.order_line.kpi_promised_qty, 24.0)
        self.assertEqual(purchase.order_line.kpi_confirmed_at, purchase.date_approve)
        self.assertFalse(quotation.order_line.kpi_promised_at)
        self.assertFalse(quotation.order_line.kpi_promised_qty)
        self.assertRecordValues(
            (done + cancelled).order_line,
            [
                {
                    "kpi_promised_at": self.due,
                    "kpi_confirmed_at": self.utc("2025-03-03 10:00"),
                    "kpi_promised_qty": 1.0,
                    "kpi_withdrawn_qty": 0.0,
                    "kpi_withdrawn_at": False,
                },
                {
                    "kpi_promised_at": self.due,
                    "kpi_confirmed_at": self.utc("2025-03-03 10:00"),
                    "kpi_promised_qty": 1.0,
                    "kpi_withdrawn_qty": 1.0,
                    "kpi_withdrawn_at": self.utc("2025-03-05 15:00"),
                },
            ],
        )
        self.assertRecordValues(
            (done + open_ + cancelled).picking_ids.move_ids,
            [
                {
                    "kpi_due_at": self.due,
                    "kpi_done_at": self.utc("2025-03-05 12:00"),
                    "kpi_cancelled_at": False,
                },
                {
                    "kpi_due_at": self.due,
                    "kpi_done_at": False,
                    "kpi_cancelled_at": False,
                },
                {
                    "kpi_due_at": self.due,
                    "kpi_done_at": False,
                    "kpi_cancelled_at": self.utc("2025-03-05 15:00"),
                },
            ],
        )
