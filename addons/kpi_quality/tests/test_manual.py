from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestManual(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marks = cls.create_indicator("marks", source="manual")
        cls.measurements = cls.env["kpi.measurement"].with_user(cls.user_manager)

    def _type(self, user=None, **values):
        measurements = self.measurements.with_user(user or self.user_manager)
        return measurements.create(
            {
                "indicator_id": self.marks.id,
                "date": "2025-03-05",
                "company_id": self.company.id,
                "employee_id": self.seller.id,
                "numerator": 4.0,
                **values,
            }
        )

    def test_author_department_and_site_are_filled_in(self):
        row = self._type(note="Talk on Wednesday")
        self.assertRecordValues(
            row,
            [
                {
                    "author_id": self.user_manager.id,
                    "department_id": self.retail.id,
                    "site_id": self.shop.id,
                    "numerator": 4.0,
                    "sample": 1,
                }
            ],
        )
        self.assertEqual(self.fact(self.marks, self.seller).value, 4.0)
        self.assertEqual(self.fact(self.marks, self.sales).value, 4.0)

    def test_author_cannot_be_chosen(self):
        row = self._type(author_id=self.user_lead.id)
        self.assertEqual(row.author_id, self.user_manager)
        manager_2 = self._create_user("kpi_manager_2", "manager")
        row.with_user(manager_2).write(
            {"numerator": 5.0, "author_id": self.user_lead.id}
        )
        self.assertEqual(row.author_id, manager_2)

    def test_department_is_that_of_the_day(self):
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        before, after = (self._type(date=day) for day in ("2025-03-10", "2025-03-11"))
        self.assertEqual(before.department_id, self.retail)
        self.assertEqual(after.department_id, self.wholesale)

    def test_department_follows_a_corrected_employee_or_day(self):
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        row = self._type()
        row.employee_id = self.picker
        self.assertEqual((row.department_id, row.site_id), (self.storage, self.depot))
        row.write({"employee_id": self.seller.id, "date": "2025-03-12"})
        self.assertEqual((row.department_id, row.site_id), (self.wholesale, self.shop))
        row.date = "2025-03-04"
        self.assertEqual(row.department_id, self.retail)

    def test_department_typed_with_the_employee_is_kept(self):
        row = self._type(department_id=self.storage.id)
        self.assertEqual((row.department_id, row.site_id), (self.storage, self.depot))

    def test_department_without_employee(self):
        row = self._type(employee_id=False, department_id=self.storage.id)
        self.assertEqual(row.site_id, self.depot)
        self.assertEqual(self.fact(self.marks, self.storage).value, 4.0)

    def test_one_row_for_a_day_and_place(self):
        self._type()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._type(numerator=9.0)

    def test_only_manual_indicators_are_typed(self):
        self.invoice("2025-03-05", 100.0, self.user_seller)
        self.measure("revenue")
        revenue = self.indicator("revenue")
        own = self._type(date="2025-03-06")
        for user in (self.user_manager, self.env.ref("base.user_root")):
            atom = self.atoms("revenue").with_user(user)
            for what, records, method, vals in (
                ("create", atom, "create", {"indicator_id": revenue.id}),
                ("write", atom, "write", {"numerator": 1e6}),
                ("take over", atom, "write", {"indicator_id": self.marks.id}),
                ("hand over", own, "write", {"indicator_id": revenue.id}),
                ("unlink", atom, "unlink", None),
            ):
                with (
                    self.subTest(what, user=user.login),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    getattr(records.with_user(user), method)(
                        *([vals] if vals is not None else [])
                    )
        self.assertEqual(self.atoms("revenue").numerator, 100.0)

    def test_manager_does_not_raise_the_own_revenue(self):
        """The own row is readable for everybody: readable, not writable."""
        self.invoice("2025-03-05", 100.0, self.user_manager)
        self.measure("revenue")
        atom = self.atoms("revenue").with_user(self.user_manager)
        self.assertEqual(atom.employee_id, self.manager)
        atom.check_access("read")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(atom.has_access(operation))

    def test_who_is_no_manager_types_nothing(self):
        row = self._type()
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self._type(user, date="2025-03-06")
                with self.assertRaises(AccessError):
                    row.with_user(user).write({"numerator": 5.0})
                with self.assertRaises(AccessError):
                    row.with_user(user).unlink()

    def test_days_of_a_measured_period_are_closed(self):
        row = self._type()
        march = self.period()
        march._set_state("measured", measured_at=datetime(2025, 4, 1))
        self.env.invalidate_all()
        february = self._type(date="2025-02-05")
        values = {"indicator_id": self.marks.id, "date": "2025-03-07"}
        for user in (self.user_manager, self.env.ref("base.user_root")):
            for what, records, method, vals in (
                ("create", row, "create", values),
                ("write", row, "write", {"numerator": 9.0}),
                ("move out", row, "write", {"date": "2025-02-06"}),
                ("move in", february, "write", {"date": "2025-03-06"}),
                ("unlink", row, "unlink", None),
            ):
                with (
                    self.subTest(what, user=user.login),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    getattr(records.with_user(user), method)(
                        *([vals] if vals is not None else [])
                    )
        self.assertEqual(self.fact(self.marks, self.seller).value, 4.0)
        march._set_state("open")
        self.env.invalidate_all()
        row.numerator = 9.0
        self.assertEqual(self.fact(self.marks, self.seller).value, 9.0)

    def test_frozen_days_can_be_searched(self):
        inside, outside = self._type(), self._type(date="2025-02-05")
        self.period()._set_state("measured", measured_at=datetime(2025, 4, 1))
        domain = [("indicator_id", "=", self.marks.id)]
        rows = self.env["kpi.measurement"]
        self.assertEqual(rows.search([*domain, ("is_frozen", "=", True)]), inside)
        self.assertEqual(rows.search([*domain, ("is_frozen", "=", False)]), outside)
        self.env.invalidate_all()
        self.assertEqual((inside + outside).mapped("is_frozen"), [True, False])

    def test_value_of_a_row(self):
        quality = self.create_indicator(
            "quality", source="manual", aggregation="ratio", unit="percent"
        )
        good = self._type(indicator_id=quality.id, numerator=37.0, denominator=50.0)
        empty = self._type(indicator_id=quality.id, date="2025-03-06", numerator=3.0)
        self.assertEqual((good + empty).mapped("value"), [74.0, 0.0])
        self.assertEqual(self._type().value, 4.0)

    def test_measuring_leaves_the_rows(self):
        row = self._type()
        self.assertEqual(self.measure("marks"), (0, 0, 0))
        self.assertTrue(row.exists())
        self.assertEqual(self.marks.measured_at, datetime(2025, 3, 20, 9))

    def test_figure_for_another_company_is_refused(self):
        other = self._create_company("Other")
        self.marks.company_id = other
        with self.assertRaises(ValidationError):
            self.env["kpi.measurement"].create(
                {
                    "indicator_id": self.marks.id,
                    "company_id": self.company.id,
                    "date": date(2025, 3, 5),
                }
            )
