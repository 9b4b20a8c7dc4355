from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from .common import NOW, KpiCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderReport(KpiCommon):
    """Promised for 10:00 of 5 March; it is noon of 20 March: 362 hours later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls.utc("2025-03-05 10:00")
        cls.open_hours = 15 * 24 + 2.0

    def sale(self, user=None, lines=None, **values):
        return self.order(
            "2025-03-03 10:00",
            user or self.user_seller,
            lines,
            **{"commitment_date": self.due, **values},
        )

    def row(self, order, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["kpi.order.report"].with_user(user or self.env.user)
        return rows.search([("order_id", "=", order.id)])

    def backdate(self, order, created, **moments):
        """The journal and ``create_date`` know no frozen clock.

        :param moments: local moment by new state
        """
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s WHERE id = %s",
            [self.utc(created), order.id],
        )
        for state, moment in moments.items():
            self.env.cr.execute(
                """
                UPDATE kpi_order_journal SET moment = %s
                WHERE res_model = 'sale.order' AND res_id = %s AND new_value = %s
                """,
                [self.utc(moment), order.id, state],
            )
        self.env.invalidate_all()

    # ------------------------------------------------------------------ one row
    def test_one_row_for_an_order_and_its_dimensions(self):
        order = self.sale(lines=[(self.product, 2), (self.product_2, 1)])
        self.assertRecordValues(
            self.row(order),
            [
                {
                    "id": order.id,
                    "order_id": order.id,
                    "company_id": self.company.id,
                    "partner_id": self.partner.id,
                    "user_id": self.user_seller.id,
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "warehouse_id": self.warehouse.id,
                    "site_id": self.shop.id,
                    "state": "sale",
                    "amount": 450.0,
                    "line_count": 2,
                    "promised_at": self.due,
                    "picked_at": False,
                    "shipped_at": False,
                    "delivered_at": False,
                }
            ],
        )

    def test_department_is_that_of_the_day(self):
        self._move_employee(self.seller, "2025-03-10", self.wholesale)
        early = self.sale()
        late = self.order("2025-03-12 10:00", self.user_seller)
        before_all = self.order("2023-12-12 10:00", self.user_seller)
        self.assertEqual(self.row(early).department_id, self.retail)
        self.assertEqual(self.row(late).department_id, self.wholesale)
        self.assertEqual(self.row(before_all).department_id, self.retail)

    def test_nobody_known(self):
        """No salesperson: the warehouse tells the site, nobody is the employee."""
        order = self.sale()
        order.user_id = False
        row = self.row(order)
        self.assertFalse(row.employee_id)
        self.assertFalse(row.department_id)
        self.assertEqual(row.site_id, self.depot)

    def test_amount_is_in_the_currency_of_the_company(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2025-01-01",
                "rate": 2.0,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        order = self.sale(
            lines=[(self.product, 1, 300.0)],
            pricelist_id=pricelist.id,
        )
        self.assertEqual(order.amount_untaxed, 300.0)
        self.assertEqual(self.row(order).amount, 150.0)

    # ------------------------------------------------------------------ moments
    def test_handling_is_until_the_first_confirmation(self):
        """Created at 8, confirmed at 10:30, cancelled, confirmed again at 18."""
        order = self.sale()
        self.backdate(order, "2025-03-03 08:00", sale="2025-03-03 10:30")
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        row = self.row(order)
        self.assertEqual(row.confirmed_at, self.utc("2025-03-03 10:30"))
        self.assertAlmostEqual(row.handling_hours, 2.5)
        self.measure("order_handling_hours", "2025-01-01", "2025-12-31")
        fact = self.fact("order_handling_hours", None, "2025-01-01", "2025-12-31")
        self.assertAlmostEqual(fact.numerator, 2.5)

    def test_orders_older_than_the_journal(self):
        order = self.sale()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM kpi_order_journal")
        self.assertEqual(self.row(order).confirmed_at, order.date_order)
        quotation = self.quotation("2025-03-03 10:00")
        row = self.row(quotation)
        self.assertEqual((row.confirmed_at, row.handling_hours), (False, 0.0))

    def test_moments_of_one_step(self):
        order = self.sale(lines=[(self.product, 2), (self.product_2, 1)])
        transfer = order.picking_ids
        rest = self.deliver(
            transfer, "2025-03-05 12:00", {self.product: 2}, self.user_picker
        )
        row = self.row(order)
        self.assertFalse(row.picked_at or row.shipped_at or row.delivered_at)
        self.deliver(rest, "2025-03-06 09:00", user=self.user_picker)
        last = self.utc("2025-03-06 09:00")
        self.assertRecordValues(
            self.row(order),
            [{"picked_at": last, "shipped_at": last, "delivered_at": last}],
        )

    def test_moments_of_two_steps(self):
        """In two steps the delivery is not there until the pick is done."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.sale()
        self.deliver(order.picking_ids, "2025-03-05 12:00", user=self.user_picker)
        picked = self.utc("2025-03-05 12:00")
        row = self.row(order)
        self.assertFalse(row.shipped_at or row.delivered_at)
        outgoing = order.picking_ids.filtered(lambda transfer: transfer.state != "done")
        self.deliver(outgoing, "2025-03-06 09:00", user=self.user_picker)
        shipped = self.utc("2025-03-06 09:00")
        self.assertRecordValues(
            self.row(order),
            [{"picked_at": picked, "shipped_at": shipped, "delivered_at": shipped}],
        )

    def test_delivered_is_when_the_customer_had_it(self):
        with self.at("2025-03-01 10:00"):
            self.warehouse.out_type_id.kpi_needs_mark = True
            self.env.flush_all()
        order = self.sale()
        self.deliver(order.picking_ids, "2025-03-20 11:00", user=self.user_picker)
        row = self.row(order)
        self.assertTrue(row.shipped_at)
        self.assertFalse(row.delivered_at)
        order.picking_ids.sudo().kpi_delivered_at = "2025-03-20 08:30:00"
        self.assertEqual(str(self.row(order).delivered_at), "2025-03-20 08:30:00")

    # ------------------------------------------------------------------- delays
    def test_delays_add_up_to_the_figures(self):
        """In time; 3 h late; two lines of which one is open; open altogether."""
        self.deliver(self.sale().picking_ids, "2025-03-05 09:00", user=self.user_picker)
        late = self.sale()
        self.deliver(late.picking_ids, "2025-03-05 13:00", user=self.user_picker)
        partly = self.sale(lines=[(self.product, 2), (self.product_2, 1)])
        self.deliver(
            partly.picking_ids, "2025-03-05 12:00", {self.product: 2}, self.user_picker
        )
        never = self.sale()
        given_up = self.sale()
        with self.at("2025-03-06 10:00"):
            given_up._action_cancel()
        for order, hours in (
            (late, 3.0),
            (partly, 2.0 + self.open_hours),
            (never, self.open_hours),
            (given_up, 24.0),
        ):
            row = self.row(order)
            self.assertAlmostEqual(row.pick_delay_hours, hours, 6)
            self.assertAlmostEqual(row.delivery_delay_hours, hours, 6)
        self.assertFiguresAgree(5.0 + 24.0 + 2 * self.open_hours)

    def test_delays_of_two_steps_add_up_to_the_figures(self):
        """Picked 2 h late, delivered 26 h late; one picked in time, not delivered."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.sale()
        self.deliver(order.picking_ids, "2025-03-05 12:00", user=self.user_picker)
        outgoing = order.picking_ids.filtered(lambda transfer: transfer.state != "done")
        self.deliver(outgoing, "2025-03-06 12:00", user=self.user_picker)
        waiting = self.sale()
        self.deliver(waiting.picking_ids, "2025-03-05 09:00", user=self.user_picker)
        row, other = self.row(order), self.row(waiting)
        self.assertEqual((row.pick_delay_hours, row.delivery_delay_hours), (2.0, 26.0))
        self.assertEqual(other.pick_delay_hours, 0.0)
        self.assertAlmostEqual(other.delivery_delay_hours, self.open_hours, 6)
        self.assertFiguresAgree(2.0, 26.0 + self.open_hours)

    def test_options_of_the_indicator_count(self):
        order = self.sale()
        self.deliver(order.picking_ids, "2025-03-05 10:20", user=self.user_picker)
        self.assertAlmostEqual(self.row(order).pick_delay_hours, 1 / 3)
        self.indicator("pick_delay_hours").tolerance_minutes = 30
        self.assertEqual(self.row(order).pick_delay_hours, 0.0)

    def test_working_hours_as_in_the_figures(self):
        """Promised for Wednesday 10:00, delivered on Thursday 10:00: a working day."""
        for code in ("pick_delay_hours", "delivery_delay_hours"):
            self.indicator(code).hours_kind = "working"
        order = self.sale()
        self.deliver(order.picking_ids, "2025-03-06 10:00", user=self.user_picker)
        self.assertAlmostEqual(self.row(order).pick_delay_hours, 8.0, 6)
        self.assertFiguresAgree(8.0)

    def assertFiguresAgree(self, pick_hours, delivery_hours=None):
        self.env.flush_all()
        rows = self.env["kpi.order.report"]
        for code, hours in (
            ("pick_delay_hours", pick_hours),
            (
                "delivery_delay_hours",
                pick_hours if delivery_hours is None else delivery_hours,
            ),
        ):
            self.measure(code)
            numerator = self.fact(code).numerator
            self.assertAlmostEqual(numerator, hours, 6)
            [(total,)] = rows._read_group(
                [("company_id", "=", self.company.id)], [], [f"{code}:sum"]
            )
            self.assertAlmostEqual(total, numerator, 6)

    # ------------------------------------------------------------------ journal
    def test_hands_and_work(self):
        order = self.sale()
        journal = self.env["kpi.order.journal"]
        transfer = order.picking_ids
        self.env.flush_all()
        row = self.row(order)
        self.assertEqual(
            (row.people_count, row.opened_count, row.worked_minutes), (0, 0, 0.0)
        )
        for user, document, visit, seconds in (
            (self.user_seller, order, "visit-1", 90),
            (self.user_seller, order, "visit-2", 30),
            (self.user_picker, transfer, "visit-3", 60),
        ):
            journal.with_user(user)._log_visit(document, visit, seconds)
        row = self.row(order)
        self.assertEqual(
            (row.people_count, row.opened_count, row.worked_minutes), (2, 3, 3.0)
        )
        transfer = transfer.with_user(self.user_picker_2)
        transfer.scheduled_date += timedelta(days=1)
        transfer.env.flush_all()
        row = self.row(order)
        self.assertEqual((row.people_count, row.reschedule_count), (3, 1))
        self.assertEqual(row.promise_move_count, 0)

    def test_moved_promises_and_changed_goods(self):
        order = self.sale().with_user(self.user_seller)
        self.assertEqual(self.row(order).promise_move_count, 0)
        order.commitment_date = self.due + timedelta(days=1)
        order.env.flush_all()
        order = order.with_user(self.user_lead).sudo()
        order.commitment_date = self.due + timedelta(days=2)
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = create_date - INTERVAL '1 day'"
            " WHERE id = %s",
            [order.id],
        )
        order.order_line.product_uom_qty = 3
        order.env.flush_all()
        self.assertRecordValues(
            self.row(order),
            [
                {
                    "promise_move_count": 2,
                    "promise_moved_by_id": self.user_lead.id,
                    "goods_change_count": 1,
                    "promised_at": self.due,
                }
            ],
        )

    # ------------------------------------------------------------------- rights
    def seen(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["kpi.order.report"].with_user(user)
        rows = rows.with_context(allowed_company_ids=user.company_ids.ids)
        found = rows.search([])
        everything = rows.browse(self.env["kpi.order.report"].search([]).ids)
        self.assertEqual(everything._filtered_access("read"), found)
        return found.sudo().order_id & self.orders

    def test_who_reads_what(self):
        other_warehouse = self.env["stock.warehouse"].create(
            {"name": "Shop", "code": "SHOP"}
        )
        own = self.sale()
        foreign = self.sale(self.user_seller_2)
        of_picker = self.sale(self.user_picker)
        elsewhere = self.sale(self.user_picker, warehouse_id=other_warehouse.id)
        company = self._create_company("Elsewhere")
        order = self.env["sale.order"].with_company(company)
        abroad = order.create(
            {"partner_id": self.partner.id, "user_id": self.user_seller.id}
        )
        self.orders = own | foreign | of_picker | elsewhere | abroad
        here = self.orders - abroad
        self.assertEqual(self.seen(self.user_seller), own)
        self.assertEqual(self.seen(self.user_picker), of_picker | elsewhere)
        self.assertEqual(self.seen(self.user_wholesaler), self.orders.browse())
        # Sellers of the own departments; all of the own warehouse.
        self.assertEqual(self.seen(self.user_lead), own | foreign)
        self.assertEqual(self.seen(self.user_warehouse_lead), here)
        for user in (self.user_manager, self.user_payroll, self.user_expert):
            self.assertEqual(self.seen(user), here)
        self.depot.warehouse_id = False
        self.assertEqual(self.seen(self.user_warehouse_lead), of_picker | elsewhere)

    def test_breaking_in(self):
        own, foreign = self.sale(), self.sale(self.user_seller_2)
        self.env.flush_all()
        rows = self.env["kpi.order.report"].with_user(self.user_seller)
        with self.assertRaises(AccessError):
            rows.browse(foreign.id).read(["amount"])
        with self.assertRaises(AccessError):
            rows.browse(foreign.id).web_read({"worked_minutes": {}})
        with self.assertRaises(AccessError):
            rows.browse(foreign.id).action_open_journal()
        self.assertFalse(rows.search([("order_id", "=", foreign.id)]))
        [(count, total)] = rows._read_group([], [], ["__count", "amount:sum"])
        self.assertEqual((count, total), (1, own.amount_untaxed))
        for change in (
            lambda: rows.browse(own.id).write({"amount": 1}),
            lambda: rows.browse(own.id).unlink(),
            lambda: rows.create({"amount": 1}),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_opening_the_order_and_its_journal(self):
        order = self.sale()
        row = self.row(order, self.user_seller)
        self.assertEqual(row.action_open_order()["res_id"], order.id)
        self.env.flush_all()
        # Payroll may see the figures, not the order.
        row = self.row(order, self.user_payroll)
        with self.assertRaises(UserError):
            row.action_open_order()
        domain = row.action_open_journal()["domain"]
        entries = self.env["kpi.order.journal"]
        self.assertFalse(entries.with_user(self.user_payroll).search(domain))
        self.assertTrue(entries.with_user(self.user_manager).search(domain))

    # -------------------------------------------------------------------- speed
    def test_statements_do_not_grow_with_orders(self):
        rows = self.env["kpi.order.report"].with_user(self.user_manager)
        fields = {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in rows._fields.items()
            if field.store or name == "display_name"
        }

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = rows.web_search_read([], fields, limit=80)
            return self.env.cr.sql_log_count - before, found["length"]

        self.sale()
        count()
        few, one = count()
        for _number in range(6):
            self.sale(lines=[(self.product, 1), (self.product_2, 1)])
        many, seven = count()
        self.assertEqual(seven, one + 6)
        self.assertLessEqual(many, few)

    def test_what_nobody_asks_for_is_not_computed(self):
        """Counting and a plain list read the orders and nothing else."""
        rows = self.env["kpi.order.report"]
        for fields, tables in (
            (["amount"], {"sale_order"}),
            (["line_count"], {"sale_order", "sale_order_line"}),
        ):
            query = rows._search([], order="date_order DESC, id DESC", limit=80)
            columns = [
                rows._field_to_sql(query.table, name, query) for name in ["id", *fields]
            ]
            [(plan,)] = self.env.execute_query(
                SQL("EXPLAIN (FORMAT JSON) %s", query.select(*columns))
            )
            self.assertEqual(self.tables_of(plan[0]["Plan"]), tables)

    def tables_of(self, plan):
        found = {plan["Relation Name"]} if "Relation Name" in plan else set()
        return found.union(*(self.tables_of(part) for part in plan.get("Plans", [])))
