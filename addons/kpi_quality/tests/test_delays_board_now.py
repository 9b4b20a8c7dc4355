from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .board_common import BoardCommon


@tagged("post_install", "-at_install")
class TestDelaysBoardNow(BoardCommon):
    """What is late at noon of Thursday, 20 March, and due until midnight."""

    def live(self, process, user=None, **filters):
        board = self.env["kpi.delays.board"].with_user(user or self.user_manager)
        live = board.get_late_now({"process": process, **filters})
        return {
            item["key"]: [(row["id"], row["hours"]) for row in item["rows"]]
            for item in live["lists"]
        }

    # ---------------------------------------------------------------- picking
    def test_picks(self):
        """Two hours late, and three in which it can still be done."""
        late = self.sale(promise="2025-03-20 10:00").picking_ids
        later = self.sale(promise="2025-03-20 23:30").picking_ids
        soon = self.sale(promise="2025-03-20 15:00").picking_ids
        self.sale(promise="2025-03-21 00:30")
        done = self.sale(promise="2025-03-20 09:00")
        self.ship(done, "2025-03-20 11:00")
        self.sale(promise="2025-03-19 09:00")._action_cancel()
        self.assertEqual(
            self.live("pick"),
            {
                "pick_late": [(late.id, 2.0)],
                "pick_next": [(soon.id, 0.0), (later.id, 0.0)],
            },
        )

    def test_rescheduling_does_not_hide(self):
        picking = self.sale(promise="2025-03-19 12:00").picking_ids
        picking.scheduled_date = "2025-03-25 12:00:00"
        picking.move_ids.date_deadline = "2025-03-25 12:00:00"
        self.assertEqual(self.live("pick")["pick_late"], [(picking.id, 24.0)])

    def test_first_step_only(self):
        """Pick and ship: it waits to be picked, then nobody waits for the pick."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.sale(promise="2025-03-20 10:00")
        pick = order.picking_ids
        self.assertEqual(pick.picking_type_id, self.warehouse.pick_type_id)
        self.assertEqual(self.live("pick")["pick_late"], [(pick.id, 2.0)])
        self.ship(order, "2025-03-20 11:00")
        self.assertEqual(self.live("pick")["pick_late"], [])
        self.assertEqual(self.live("delivery")["delivery_late"], [(order.id, 2.0)])

    def test_long_lists_are_counted(self):
        for minute in range(10, 21):
            self.sale(promise=f"2025-03-20 10:{minute}")
        board = self.env["kpi.delays.board"].with_user(self.user_manager)
        late = board.get_late_now({"process": "pick"})["lists"][0]
        self.assertEqual((late["count"], len(late["rows"])), (11, 8))
        action = board.action_open_live({"process": "pick"}, "pick_late")
        self.assertEqual(action["res_model"], "stock.picking")
        found = self.env["stock.picking"].search(action["domain"])
        self.assertEqual(len(found), 11)
        with self.assertRaises(UserError):
            board.action_open_live({"process": "pick"}, "users")

    # ---------------------------------------------------------------- inbound
    def test_receipts(self):
        """Norm 4 h: at the dock since 06:00 is late by 2 h, since 10:00 not yet."""
        awaited = self.purchase(promise="2025-03-19 12:00").picking_ids
        expected = self.purchase(promise="2025-03-20 18:00").picking_ids
        waits, lies = (
            self.purchase(promise="2025-03-20 08:00").picking_ids for _each in "ab"
        )
        self.mark(lies, "2025-03-20 06:00")
        self.mark(waits, "2025-03-20 10:00")
        booked = self.purchase(promise="2025-03-19 08:00")
        self.receive(booked, "2025-03-20 08:00")
        self.assertEqual(
            self.live("inbound"),
            {
                "dock_late": [(lies.id, 2.0)],
                "dock_next": [(waits.id, 0.0)],
                "supply_late": [(awaited.id, 24.0)],
                "supply_next": [(expected.id, 0.0)],
            },
        )
        self.assertEqual(
            self.live("supplier"),
            {
                "supply_late": [(awaited.id, 24.0)],
                "supply_next": [(expected.id, 0.0)],
            },
        )

    def test_goods_on_the_way_into_stock(self):
        """Three steps: unloaded at 05:00, in quality control at noon: 3 h late."""
        self.warehouse.reception_steps = "three_steps"
        order = self.purchase(promise="2025-03-20 05:00")
        receipt = order.picking_ids
        self.receive(order, "2025-03-20 05:00")
        step = receipt.move_ids.move_dest_ids.picking_id
        self.assertEqual(self.live("inbound")["dock_late"], [(step.id, 3.0)])
        self.assertEqual(self.live("inbound")["supply_late"], [])
        self.deliver(step, "2025-03-20 06:00", user=self.user_picker)
        last = step.move_ids.move_dest_ids.picking_id
        self.assertEqual(self.live("inbound")["dock_late"], [(last.id, 3.0)])
        self.deliver(last, "2025-03-20 07:00", user=self.user_picker)
        self.assertEqual(self.live("inbound")["dock_late"], [])

    # --------------------------------------------------------------- delivery
    def test_deliveries(self):
        late = self.sale(promise="2025-03-20 09:00")
        today = self.sale(promise="2025-03-20 20:00")
        shipped = self.sale(promise="2025-03-20 08:00")
        self.ship(shipped, "2025-03-20 07:00")
        self.assertEqual(
            self.live("delivery"),
            {
                "delivery_late": [(late.id, 3.0)],
                "delivery_next": [(today.id, 0.0)],
            },
        )

    def test_shipped_but_not_confirmed(self):
        self.needs_mark(self.delivery_type)
        order = self.sale(promise="2025-03-20 09:00")
        picking = self.ship(order, "2025-03-20 07:00")
        self.assertEqual(self.live("delivery")["delivery_late"], [(order.id, 3.0)])
        self.mark(picking, "2025-03-20 08:00", "delivery")
        self.assertEqual(self.live("delivery")["delivery_late"], [])

    # ---------------------------------------------------------- working hours
    def test_working_hours(self):
        """Monday to Friday 9-18 in Moscow. On Thursday at noon: late since Wednesday
        17:00 is 1 + 3 h; since 20:00 of it, 3 h; at the dock since 17:00: 1 + 3 - 4."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Nine to six",
                "tz": "Europe/Moscow",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 18,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        self.warehouse.kpi_calendar_id = calendar
        for code in ("pick_delay_hours", "inbound_delay_hours"):
            self.indicator(code).hours_kind = "working"
        early = self.sale(promise="2025-03-19 17:00").picking_ids
        late = self.sale(promise="2025-03-19 20:00").picking_ids
        self.assertEqual(
            self.live("pick"),
            {"pick_late": [(early.id, 4.0), (late.id, 3.0)], "pick_next": []},
        )
        in_time, overdue = (
            self.purchase(promise="2025-03-19 08:00").picking_ids for _each in "ab"
        )
        self.mark(in_time, "2025-03-19 17:00")
        self.mark(overdue, "2025-03-19 15:00")
        live = self.live("inbound")
        self.assertEqual(live["dock_late"], [(overdue.id, 2.0)])
        self.assertEqual(live["dock_next"], [(in_time.id, 0.0)])

    # ------------------------------------------------------------------ rights
    def test_leads_see_their_warehouses(self):
        own = self.sale(promise="2025-03-20 10:00").picking_ids
        far = self.sale(
            promise="2025-03-20 11:00", warehouse_id=self.far_warehouse.id
        ).picking_ids
        self.assertEqual(self.live("pick")["pick_late"], [(own.id, 2.0), (far.id, 1.0)])
        for user, filters, seen in (
            (self.user_warehouse_lead, {}, [(own.id, 2.0)]),
            (self.user_manager, {"warehouse_id": self.far_warehouse.id}, None),
        ):
            found = self.live("pick", user, **filters)["pick_late"]
            self.assertEqual(found, seen or [(far.id, 1.0)])
        for user, filters in (
            (self.user_warehouse_lead, {"warehouse_id": self.far_warehouse.id}),
            (self.user_lead, {}),
            (self.user_picker, {}),
        ):
            self.assertEqual(self.live("pick", user, **filters), {})

    def test_an_employee_who_manages_without_the_group(self):
        self.storage.manager_id = self.picker
        self.sale(promise="2025-03-20 10:00")
        board = self.env["kpi.delays.board"].with_user(self.user_picker)
        live = board.get_late_now({"process": "pick"})
        self.assertEqual(live["lists"], [])
        self.assertIn("warehouses you lead", live["empty"])
        with self.assertRaises(UserError):
            board.action_open_live({"process": "pick"}, "pick_late")

    def test_without_stock_rights_names_are_seen_and_nothing_opens(self):
        self.sale(promise="2025-03-20 10:00")
        for user, may_open in (
            (self.user_warehouse_lead, False),
            (self.env.user, True),
        ):
            board = self.env["kpi.delays.board"].with_user(user)
            if may_open:
                self.user_warehouse_lead.group_ids += self.env.ref(
                    "stock.group_stock_user"
                )
                board = board.with_user(self.user_warehouse_lead)
            [row] = board.get_late_now({"process": "pick"})["lists"][0]["rows"]
            self.assertEqual(row["may_open"], may_open)
            self.assertEqual(row["partner"], "Customer")

    # -------------------------------------------------------------- statements
    def test_the_number_of_statements_is_fixed(self):
        for process in ("pick", "inbound", "delivery"):
            self.sale(promise="2025-03-20 10:00")
            self.purchase(promise="2025-03-20 10:00")
            self.live(process)
            few = self._count(process)
            for _each in range(4):
                self.sale(promise="2025-03-20 10:00")
                self.purchase(promise="2025-03-20 10:00")
            with self.subTest(process):
                self.assertEqual(self._count(process), few)
                self.assertLess(few, 30)

    def _count(self, process):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.live(process)
        return self.env.cr.sql_log_count - before
