from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.kpi_engine import Measured
from ..tools.window import Window
from .common import MARCH, KpiCommon


@tagged("post_install", "-at_install")
class TestEngine(KpiCommon):
    # ----------------------------------------------------------- differences
    def test_measuring_twice_changes_nothing(self):
        """Identical rows, identical ids, for every source with documents."""
        order = self.order("2025-03-05 10:00", self.user_seller)
        self.order("2025-03-05 10:00", self.user_seller_2, [(self.product_2, 3)])
        self.refund(self.invoice("2025-03-06", order=order), "2025-03-07", 30.0)
        self.deliver(order.picking_ids, "2025-03-07 10:00", user=self.user_picker)
        codes = (
            "revenue revenue_share orders_processed average_check lines_per_sale "
            "pick_lateness_hours pick_delay_hours pick_late_share"
        )
        for code in codes.split():
            with self.subTest(code):
                measured = self.measure(code)
                self.assertGreater(measured.inserted, 0)
                self.assertEqual(measured[1:], (0, 0))
                rows = self.atoms(code).read(load=None)
                self.assertEqual(self.measure(code), Measured(0, 0, 0))
                self.assertEqual(self.atoms(code).read(load=None), rows)

    def test_one_day_measured_again_leaves_the_others(self):
        self.invoice("2025-03-05", 100.0, self.user_seller)
        self.invoice("2025-03-06", 200.0, self.user_seller)
        self.measure("revenue")
        before = self.atoms("revenue")
        self.invoice("2025-03-05", 1.0, self.user_seller)
        self.invoice("2025-03-06", 2.0, self.user_seller)
        measured = self.measure("revenue", "2025-03-05", "2025-03-05")
        self.assertEqual(measured, Measured(0, 1, 0))
        self.assertEqual(self.atoms("revenue"), before)
        self.assertEqual(before.mapped("numerator"), [101.0, 200.0])

    def test_cancelled_order_leaves_the_figure(self):
        kept, cancelled = (
            self.order("2025-03-05 10:00", self.user_seller) for _i in range(2)
        )
        alone = self.order("2025-03-06 10:00", self.user_seller)
        self.measure("orders_processed")
        atoms = self.atoms("orders_processed")
        self.assertEqual(atoms.mapped("numerator"), [2.0, 1.0])
        (cancelled + alone)._action_cancel()
        self.assertEqual(self.measure("orders_processed"), Measured(0, 1, 1))
        self.assertEqual(self.atoms("orders_processed"), atoms[0])
        self.assertEqual(self.fact("orders_processed", self.seller).value, 1.0)
        self.assertEqual(kept.state, "sale")

    def test_order_given_to_another_seller(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        self.measure("orders_processed")
        order.user_id = self.user_seller_2
        self.assertEqual(self.measure("orders_processed"), Measured(1, 0, 1))
        self.assertEqual(self.fact("orders_processed", self.seller).value, 0.0)
        self.assertEqual(self.fact("orders_processed", self.seller_2).value, 1.0)

    def test_squares_and_sample_of_the_items(self):
        """3, 4 and 5 items: sum 12, squares 9 + 16 + 25 = 50."""
        for amount in (3.0, 4.0, 5.0):
            self.invoice("2025-03-05", amount, self.user_seller)
        self.measure("revenue")
        self.assertRecordValues(
            self.atoms("revenue"),
            [{"numerator": 12.0, "squares": 50.0, "sample": 3, "denominator": 0.0}],
        )

    def test_a_document_may_stand_for_many(self):
        """A mean of 4 marks (6, 7, 8, 9) is one document: 4 items, squares 230."""
        indicator = self.create_indicator("many", source="manual", aggregation="ratio")

        def select_many(_indicator, window):
            return self.env["kpi.engine"]._document_select(
                SQL("WHERE %s <= %s", window.date_from, window.date_to),
                res_model=SQL("'res.company'"),
                res_id=SQL("%s", self.company.id),
                company_id=SQL("%s", self.company.id),
                day=SQL("DATE '2025-03-05'"),
                items=SQL("4"),
                squares=SQL("230"),
                numerator=SQL("30"),
                denominator=SQL("4"),
            )

        with patch.object(type(indicator), "_select_manual", select_many):
            window = Window(*MARCH, self.env["kpi.engine"]._now())
            atoms = self.env["kpi.engine"]._atoms(indicator, window)
            self.env.cr.execute(
                SQL(
                    "SELECT numerator, denominator, squares, sample FROM (%s) AS atom",
                    atoms,
                )
            )
            self.assertEqual(self.env.cr.fetchall(), [(30, 4, 230, 4)])

    def test_cents_do_not_drift(self):
        """0.10 and 0.20 are 0.30, and taken back they are nothing at all."""
        invoices = [
            self.invoice("2025-03-05", amount, self.user_seller)
            for amount in (0.10, 0.20)
        ]
        self.measure("revenue")
        self.env.cr.execute(
            "SELECT numerator::text FROM kpi_measurement WHERE id = %s",
            [self.atoms("revenue").id],
        )
        self.assertEqual(float(self.env.cr.fetchone()[0]), 0.3)
        for invoice in invoices:
            self.refund(invoice, "2025-03-06")
        self.measure("revenue")
        self.assertEqual(self.fact("revenue", self.seller).value, 0.0)

    # ------------------------------------------------------------- local day
    def test_day_is_that_of_the_site(self):
        """One order each at the same moment: the 5th in Kaliningrad and Moscow,
        the 6th in Vladivostok."""
        for site, tz, day in (
            ("Far East", "Asia/Vladivostok", date(2025, 3, 6)),
            ("West", "Europe/Kaliningrad", date(2025, 3, 5)),
            ("Capital", "Europe/Moscow", date(2025, 3, 5)),
        ):
            with self.subTest(tz):
                employee, user = self._employee_at(site, tz)
                self.order("2025-03-05 20:00", user)
                self.measure("orders_processed")
                atom = self.atoms("orders_processed", employee_id=employee)
                self.assertEqual(atom.date, day)

    def test_midnight_at_the_edges_of_the_earth(self):
        """A minute before and at midnight, far east and far west of Greenwich."""
        for tz in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Moscow"):
            with self.subTest(tz):
                employee, user = self._employee_at(tz, tz)
                self.order("2025-03-10 23:59", user, tz=tz)
                self.order("2025-03-11 00:00", user, tz=tz)
                self.measure("orders_processed", "2025-03-10", "2025-03-10")
                self.measure("orders_processed", "2025-03-11", "2025-03-11")
                self.assertRecordValues(
                    self.atoms("orders_processed", employee_id=employee),
                    [
                        {"date": date(2025, 3, 10), "numerator": 1.0},
                        {"date": date(2025, 3, 11), "numerator": 1.0},
                    ],
                )

    def test_month_ends_by_the_local_clock(self):
        """23:30 on 28 February in Vladivostok is February, though not yet in UTC
        March; 00:30 on 1 March is March, though in UTC still February."""
        employee, user = self._employee_at("Far East", "Asia/Vladivostok")
        self.order("2025-02-28 23:30", user, tz="Asia/Vladivostok")
        late = self.order("2025-03-01 00:30", user, tz="Asia/Vladivostok")
        self.assertEqual(late.date_order, datetime(2025, 2, 28, 14, 30))
        self.measure("orders_processed", "2025-02-01", "2025-02-28")
        self.assertEqual(
            self.atoms("orders_processed").mapped("date"), [date(2025, 2, 28)]
        )
        self.measure("orders_processed")
        self.assertEqual(self.fact("orders_processed", employee).value, 1.0)

    def test_daylight_saving_in_berlin(self):
        """Days of 23 and 25 hours: each order in its own local day and hour."""
        employee, user = self._employee_at("Berlin", "Europe/Berlin")
        hourly = self.create_indicator(
            "orders_hourly", source="orders_processed", grain="hour"
        )
        for moment in (
            "2025-03-29 22:59",  # UTC; 23:59 in winter time
            "2025-03-29 23:00",  # midnight
            "2025-03-30 00:59",  # 01:59
            "2025-03-30 01:00",  # 03:00 in summer time
            "2025-03-30 21:59",  # 23:59
            "2025-03-30 22:00",  # midnight
        ):
            self.order(moment, user, tz="UTC")
        for moment in ("2024-10-27 00:30", "2024-10-27 01:30"):  # 02:30, twice
            self.order(moment, user, tz="UTC")
        self.measure(hourly, "2024-10-01", "2025-03-31")
        self.assertRecordValues(
            self.atoms("orders_hourly", employee_id=employee),
            [
                {"date": date(2024, 10, 27), "hour": 2, "numerator": 2.0},
                {"date": date(2025, 3, 29), "hour": 23, "numerator": 1.0},
                {"date": date(2025, 3, 30), "hour": 0, "numerator": 1.0},
                {"date": date(2025, 3, 30), "hour": 1, "numerator": 1.0},
                {"date": date(2025, 3, 30), "hour": 3, "numerator": 1.0},
                {"date": date(2025, 3, 30), "hour": 23, "numerator": 1.0},
                {"date": date(2025, 3, 31), "hour": 0, "numerator": 1.0},
            ],
        )

    def test_warehouse_address_then_company_calendar(self):
        """Without a site the warehouse's address says the time, else the company."""
        self.depot.active = False
        self.warehouse.partner_id = self._create_partner("Port", tz="Asia/Vladivostok")
        self.order("2025-03-05 20:00")
        self.measure("orders_processed")
        self.assertEqual(self.atoms("orders_processed").date, date(2025, 3, 6))
        self.warehouse.partner_id.tz = False
        self.measure("orders_processed")
        self.assertEqual(self.atoms("orders_processed").date, date(2025, 3, 5))
        self.company.resource_calendar_id.tz = "Asia/Vladivostok"
        self.measure("orders_processed")
        self.assertEqual(self.atoms("orders_processed").date, date(2025, 3, 6))

    def test_site_before_warehouse_address(self):
        self.warehouse.partner_id = self._create_partner("Port", tz="Asia/Vladivostok")
        self.order("2025-03-05 20:00")
        self.measure("orders_processed")
        self.assertEqual(self.atoms("orders_processed").date, date(2025, 3, 5))

    def test_department_changes_at_local_midnight(self):
        """Moved on the 11th: 00:30 of the 11th, in UTC still the 10th, is the new
        department's."""
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        self.order("2025-03-10 23:30", self.user_seller)
        self.order("2025-03-11 00:30", self.user_seller)
        self.measure("orders_processed")
        self.assertRecordValues(
            self.atoms("orders_processed"),
            [
                {"date": date(2025, 3, 10), "department_id": self.retail.id},
                {"date": date(2025, 3, 11), "department_id": self.wholesale.id},
            ],
        )

    def _employee_at(self, name, tz):
        site = self.env["kpi.site"].create({"name": name, "tz": tz})
        department = self._create_department(name, kpi_site_id=site.id)
        user = self._create_user(f"kpi_{name}".lower().replace(" ", "_"), "user")
        return self._create_employee(name, department, user=user), user

    # ----------------------------------------------------------------- grain
    def test_hours_add_up_to_the_day(self):
        hourly = self.create_indicator(
            "orders_hourly", source="orders_processed", grain="hour"
        )
        for moment in ("2025-03-05 09:59", "2025-03-05 10:00", "2025-03-05 10:30"):
            self.order(moment, self.user_seller)
        self.measure(hourly)
        self.assertRecordValues(
            self.atoms("orders_hourly"),
            [{"hour": 9, "numerator": 1.0}, {"hour": 10, "numerator": 2.0}],
        )
        self.measure("orders_processed")
        self.assertEqual(
            self.fact(hourly, self.seller), self.fact("orders_processed", self.seller)
        )

    def test_midnight_hour_is_not_an_unknown_hour(self):
        """Invoices have a day only; an order at 00:15 has hour 0: two rows."""
        hourly = self.create_indicator(
            "check_hourly", source="average_check", grain="hour"
        )
        order = self.order("2025-03-05 00:15", self.user_seller)
        self.invoice("2025-03-05", order=order)
        self.env.cr.execute("UPDATE sale_order SET warehouse_id = NULL")
        self.measure(hourly)
        self.env.cr.execute(
            "SELECT hour FROM kpi_measurement WHERE indicator_id = %s ORDER BY 1",
            [hourly.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(0,), (None,)])
        self.assertEqual(self.measure(hourly), Measured(0, 0, 0))

    # ------------------------------------------------------- one company only
    def test_indicator_of_one_company_counts_that_company_only(self):
        other = self._create_company("Other")
        self._create_accounting(other)
        mine = self.create_indicator(
            "my_orders", source="orders_processed", company_id=self.company.id
        )
        self.order("2025-03-05 10:00", self.user_seller)
        env = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        with self.at("2025-03-05 10:00"):
            order = env["sale.order"].create(
                {
                    "partner_id": self.partner.id,
                    "company_id": other.id,
                    "order_line": [(0, 0, {"product_id": self.product.id})],
                }
            )
            order.action_confirm()
        self.measure(mine)
        self.measure("orders_processed")
        self.assertEqual(self.fact(mine).value, 1.0)
        self.assertFalse(self.atoms("my_orders", company=other))
        self.assertEqual(self.fact("orders_processed", other).value, 1.0)

    # --------------------------------------------------------------- changes
    def test_change_of_a_fixed_day_is_recorded_by_the_night(self):
        """Fixed at 100 in the night of the 6th; 30 are taken back on the 10th."""
        invoice = self.invoice("2025-03-05", 100.0, self.user_seller)
        self._night("2025-03-06 03:30")
        self.assertFalse(self._changes())
        self.assertEqual(self.indicator("revenue").fixed_until, date(2025, 3, 5))
        self.refund(invoice, "2025-03-05", 30.0)
        self._night("2025-03-10 03:30")
        self.assertRecordValues(
            self._changes(),
            [
                {
                    "date": date(2025, 3, 5),
                    "changed_at": self.utc("2025-03-10 03:30"),
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "numerator_before": 100.0,
                    "numerator_after": 70.0,
                    "difference": -30.0,
                }
            ],
        )
        self._night("2025-03-11 03:30")
        self.assertEqual(len(self._changes()), 1)

    def test_change_from_and_to_nothing(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        self._night("2025-03-06 03:30", "orders_processed")
        order.user_id = self.user_seller_2
        self._night("2025-03-07 03:30", "orders_processed")
        changes = self._changes("orders_processed").sorted("employee_id")
        self.assertRecordValues(
            changes,
            [
                {
                    "employee_id": self.seller.id,
                    "numerator_before": 1.0,
                    "numerator_after": 0.0,
                },
                {
                    "employee_id": self.seller_2.id,
                    "numerator_before": 0.0,
                    "numerator_after": 1.0,
                },
            ],
        )

    def test_days_that_no_night_fixed_are_no_changes(self):
        self.invoice("2025-03-05", 100.0, self.user_seller)
        self._night("2025-03-06 03:30")
        self.invoice("2025-03-06", 50.0, self.user_seller)
        self._night("2025-03-07 03:30")
        self.assertFalse(self._changes())

    def test_the_day_is_fixed_when_it_is_over_everywhere(self):
        """At 03:30 on the 6th in Moscow it is still the 5th in New York."""
        self._employee_at("New York", "America/New_York")
        self._night("2025-03-06 03:30")
        self.assertEqual(self.indicator("revenue").fixed_until, date(2025, 3, 4))

    def test_measuring_by_day_records_nothing(self):
        invoice = self.invoice("2025-03-05", 100.0, self.user_seller)
        self._night("2025-03-06 03:30")
        self.refund(invoice, "2025-03-05", 30.0)
        self.measure("revenue")
        self.assertFalse(self._changes())

    def _night(self, moment, code="revenue"):
        with self.at(moment):
            engine = self.env["kpi.engine"]
            self.env["kpi.engine"]._measure(
                self.indicator(code), engine._open_window(), nightly=True
            )

    def _changes(self, code="revenue"):
        return self.env["kpi.measurement.change"].search(
            [("indicator_id.code", "=", code), ("company_id", "=", self.company.id)]
        )

    # --------------------------------------------------------------- windows
    def test_today_is_every_day_that_is_today_somewhere(self):
        """At noon in Moscow it is the 20th from Berlin to Vladivostok; by 20:00 it
        is the 21st in Vladivostok."""
        self._employee_at("Far East", "Asia/Vladivostok")
        engine = self.env["kpi.engine"]
        self.assertEqual(
            engine._today_window()[:2], (date(2025, 3, 20), date(2025, 3, 20))
        )
        with self.at("2025-03-20 20:00"):
            self.assertEqual(
                engine._today_window()[:2], (date(2025, 3, 20), date(2025, 3, 21))
            )

    def test_open_window_begins_with_the_first_open_day(self):
        engine = self.env["kpi.engine"]
        self.env["kpi.period"].search([]).unlink()
        self.assertEqual(engine._open_window().date_from, date(2025, 3, 1))
        january, february = (self.period(date(2025, month, 1)) for month in (1, 2))
        self.assertEqual(engine._open_window().date_from, date(2025, 1, 1))
        january._set_state("measured")
        self.assertEqual(engine._open_window().date_from, date(2025, 2, 1))
        february._set_state("measured")
        self.assertEqual(engine._open_window().date_from, date(2025, 3, 1))
        self.period(date(2025, 1, 1), "quarter")
        self.assertEqual(engine._open_window().date_from, date(2025, 3, 1))
        january._set_state("open")
        self.assertEqual(engine._open_window().date_from, date(2025, 1, 1))

    # ---------------------------------------------------------- measured days
    def test_days_of_a_measured_period_stay(self):
        self.invoice("2025-02-05", 100.0, self.user_seller)
        self.invoice("2025-03-05", 10.0, self.user_seller)
        self.measure("revenue", "2025-02-01")
        february = self.period(date(2025, 2, 1))
        february._set_state("measured", measured_at=datetime(2025, 3, 2))
        self.invoice("2025-02-05", 1.0, self.user_seller)
        self.invoice("2025-02-06", 2.0, self.user_seller)
        self.invoice("2025-03-05", 3.0, self.user_seller)
        self.assertEqual(self.measure("revenue", "2025-02-01"), Measured(0, 1, 0))
        self.assertEqual(self.atoms("revenue").mapped("numerator"), [100.0, 13.0])

    def test_a_yearly_figure_is_not_held_by_a_month(self):
        """What comes after the month's closing is still the year's."""
        february = self.period(date(2025, 2, 1))
        february._set_state("measured", measured_at=datetime(2025, 3, 2))
        self.invoice("2025-02-05", 100.0, self.user_seller)
        self.assertEqual(self.measure("revenue", "2025-02-01").inserted, 0)
        with self.source_options("revenue", fixed_by=("year",)):
            self.assertEqual(self.measure("revenue", "2025-02-01").inserted, 1)

    def test_period_of_another_company_freezes_nothing(self):
        other = self._create_company("Other")
        february = self.period(date(2025, 2, 1), company_id=other.id)
        february._set_state("measured", measured_at=datetime(2025, 3, 2))
        self.invoice("2025-02-05", 100.0, self.user_seller)
        self.assertEqual(self.measure("revenue", "2025-02-01").inserted, 1)

    # ----------------------------------------------------------------- rights
    def test_only_a_manager_measures(self):
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.indicator("revenue").with_user(user).action_measure()
        self.invoice("2025-03-05", 100.0, self.user_seller)
        self.indicator("revenue").with_user(self.user_manager).action_measure()
        self.assertEqual(self.atoms("revenue").numerator, 100.0)

    def test_window_is_closed_on_both_sides(self):
        for day in ("2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07"):
            self.invoice(day, 1.0, self.user_seller)
        self.measure("revenue", "2025-03-05", "2025-03-06")
        self.assertEqual(
            self.atoms("revenue").mapped("date"),
            [date(2025, 3, 5), date(2025, 3, 6)],
        )
        window = Window(date(2025, 3, 5), date(2025, 3, 6), datetime(2025, 3, 7))
        self.assertEqual(window.utc_from, datetime(2025, 3, 4))
        self.assertEqual(window.utc_to, datetime(2025, 3, 8))
