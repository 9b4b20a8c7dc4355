from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestIndicator(KpiCommon):
    def test_codes(self):
        for code in ("Revenue", "1st", "a", "with space", "with-dash", "été", "_x", ""):
            with self.subTest(code), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self.create_indicator(code, source="manual")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.create_indicator("revenue", source="manual")

    def test_copy_has_a_code_of_its_own_and_no_history(self):
        revenue = self.indicator("revenue")
        self.measure("revenue")
        revenue._record_error("broken", "data")
        copy = revenue.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "code": "revenue_copy",
                    "name": "Revenue (copy)",
                    "measured_at": False,
                    "past_measured_at": False,
                    "measured_from": False,
                    "fixed_until": False,
                    "error_message": False,
                    "source": "revenue",
                }
            ],
        )

    def test_copy_is_a_draft(self):
        """Measured twice a day for nothing otherwise, until somebody looks."""
        self.assertEqual(self.indicator("revenue").copy().state, "draft")

    def test_aggregation_of_a_built_in_source_is_fixed(self):
        for code, wrong in (("revenue", "ratio"), ("average_check", "sum")):
            with self.subTest(code), self.assertRaises(ValidationError):
                self.indicator(code).aggregation = wrong

    def test_aggregation_follows_the_source(self):
        indicator = self.create_indicator("one", source="average_check")
        self.assertEqual(indicator.aggregation, "ratio")
        indicator.source = "orders_processed"
        self.assertEqual(indicator.aggregation, "sum")
        indicator.write({"source": "formula", "formula": "revenue"})
        self.assertEqual(indicator.aggregation, "sum")

    def test_decimals_follow_the_unit(self):
        for unit, decimals in (
            ("count", 0),
            ("money", 0),
            ("percent", 2),
            ("hours", 2),
        ):
            with self.subTest(unit):
                indicator = self.create_indicator(
                    f"in_{unit}", source="manual", unit=unit
                )
                self.assertEqual(indicator.decimals, decimals)
        for decimals in (-1, 7):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    indicator.decimals = decimals
                    indicator.flush_recordset()

    def test_percent_is_for_ratios_only(self):
        """A sum in percent is what was typed; a ratio is x 100."""
        total, ratio = (
            self.create_indicator(
                f"in_{kind}", source="manual", unit="percent", aggregation=kind
            )
            for kind in ("sum", "ratio")
        )
        self.assertEqual((total._scale, ratio._scale), (1.0, 100.0))

    def test_tolerance_is_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.indicator("pick_delay_hours").tolerance_minutes = -1.0
            self.env.flush_all()

    def test_only_managers_change_definitions(self):
        revenue = self.indicator("revenue")
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            with self.subTest(user.login):
                self.assertTrue(revenue.with_user(user).name)
                for values in ({"name": "Mine"}, {"state": "retired"}):
                    with self.assertRaises(AccessError):
                        revenue.with_user(user).write(values)
                with self.assertRaises(AccessError):
                    revenue.with_user(user).action_retire()
        revenue.with_user(self.user_manager).action_retire()
        self.assertEqual(revenue.state, "retired")

    def test_every_source_says_how_it_is_read(self):
        """Each has a SELECT, and options that exist."""
        indicators = self.env["kpi.indicator"]
        sources = dict(indicators._fields["source"].selection)
        described = indicators._get_sources()
        for source in sources:
            with self.subTest(source):
                if source != "formula":
                    self.assertTrue(hasattr(indicators, f"_select_{source}"))
        self.assertLessEqual(described.keys(), sources.keys())

    def test_measurement_count(self):
        for day in ("2025-03-05", "2025-03-06"):
            self.invoice(day, 1.0, self.user_seller)
        self.measure("revenue")
        revenue = self.indicator("revenue").with_company(self.company)
        self.assertEqual(revenue.measurement_count, 2)
