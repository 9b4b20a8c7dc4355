from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import SourceError
from .common import KpiCommon

ENGINE = "odoo.addons.kpi_quality.models.kpi_engine"


@tagged("post_install", "-at_install")
class TestCron(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.ref("kpi_quality.ir_cron_measure_today")
        cls.night = cls.env.ref("kpi_quality.ir_cron_measure_night")
        cls.env["kpi.period"].search([("state", "=", "open")]).unlink()

    def _trigger(self, cron):
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _fail(self, source, error):
        """One source that fails, in whatever way."""

        def select(indicator, window):
            raise error

        indicators = self.registry["kpi.indicator"]
        return patch.object(indicators, f"_select_{source}", select)

    # ------------------------------------------------------------------ windows
    def test_today_measures_today_only(self):
        self.invoice("2025-03-19", 1.0, self.user_seller)
        self.invoice("2025-03-20", 2.0, self.user_seller)
        self._trigger(self.today)
        self.assertEqual(self.atoms("revenue").mapped("date"), [date(2025, 3, 20)])
        self.assertFalse(self.indicator("revenue").fixed_until)

    def test_night_measures_all_open_days_and_fixes_them(self):
        self.invoice("2025-03-01", 1.0, self.user_seller)
        self.invoice("2025-03-20", 2.0, self.user_seller)
        self.invoice("2025-02-28", 4.0, self.user_seller)
        self._trigger(self.night)
        self.assertEqual(
            self.atoms("revenue").mapped("date"),
            [date(2025, 3, 1), date(2025, 3, 20)],
        )
        self.assertEqual(self.indicator("revenue").fixed_until, date(2025, 3, 19))

    def test_night_detects_late_corrections(self):
        invoice = self.invoice("2025-02-10", 100.0, self.user_seller)
        february = self.period("2025-02-01")
        february.action_measure()
        february.action_close()
        self.refund(invoice, "2025-02-11", 30.0)
        self._trigger(self.today)
        self.assertFalse(february.late_correction_count)
        self._trigger(self.night)
        self.env.invalidate_all()
        corrections = self.env["kpi.late.correction"].search(
            [("period_id", "=", february.id)]
        )
        self.assertEqual(
            {c.indicator_id.code: c.numerator for c in corrections},
            {"revenue": -30.0, "revenue_share": -30.0, "average_check": -30.0},
        )

    def test_scorecards_follow(self):
        self.matrix("One", [("revenue", 1, 10, 50, 80)], employees=self.seller)
        march = self.period()
        march.action_generate_scorecards()
        self.assertFalse(march.scorecard_ids.line_ids.has_fact)
        self.invoice("2025-03-20", 50.0, self.user_seller)
        self._trigger(self.today)
        self.assertEqual(march.scorecard_ids.line_ids.fact, 50.0)
        self.assertEqual(march.scorecard_ids.coefficient, 100.0)

    def test_drafts_and_retired_indicators_rest(self):
        draft, retired = (
            self.create_indicator(state, source="orders_processed", state=state)
            for state in ("draft", "retired")
        )
        self.order("2025-03-20 10:00", self.user_seller)
        self._trigger(self.today)
        self.assertTrue(self.atoms("orders_processed"))
        self.assertFalse(self.atoms("draft") or self.atoms("retired"))
        self.assertFalse(draft.measured_at or retired.measured_at)

    # ------------------------------------------------------------------- errors
    def test_one_failing_indicator_does_not_stop_the_others(self):
        self.invoice("2025-03-20", 2.0, self.user_seller)
        self.order("2025-03-20 10:00", self.user_seller)
        for error, hint, message in (
            (SourceError("No rate for MMK.", "data"), "data", "No rate for MMK."),
            (
                SourceError("No such field.", "definition"),
                "definition",
                "No such field.",
            ),
            (KeyError("oops"), "unexpected", "'oops'"),
            (ZeroDivisionError("x/0"), "unexpected", "x/0"),
        ):
            with self.subTest(hint, message=message):
                with self._fail("revenue", error), mute_logger(ENGINE):
                    self._trigger(self.today)
                self.assertRecordValues(
                    self.indicator("revenue"),
                    [{"error_message": message, "error_hint": hint}],
                )
                self.assertFalse(self.atoms("revenue"))
                self.assertEqual(self.atoms("orders_processed").numerator, 1.0)
        self._trigger(self.today)
        self.assertRecordValues(
            self.indicator("revenue"), [{"error_message": False, "error_hint": False}]
        )
        self.assertEqual(self.atoms("revenue").numerator, 2.0)

    def test_sql_error_is_an_error_like_others(self):
        """The transaction of the others goes on."""
        self.order("2025-03-20 10:00", self.user_seller)

        def select(indicator, window):
            indicator.env.cr.execute("SELECT 1 / 0")

        indicators = self.registry["kpi.indicator"]
        with (
            patch.object(indicators, "_select_revenue", select),
            mute_logger(ENGINE, "odoo.sql_db"),
        ):
            self._trigger(self.today)
        self.assertIn("division by zero", self.indicator("revenue").error_message)
        self.assertEqual(self.atoms("orders_processed").numerator, 1.0)

    def test_what_stood_before_an_error_still_stands(self):
        self.invoice("2025-03-20", 2.0, self.user_seller)
        self._trigger(self.today)
        self.invoice("2025-03-20", 3.0, self.user_seller)
        with self._fail("revenue", SourceError("broken", "data")):
            self._trigger(self.today)
        self.assertEqual(self.atoms("revenue").numerator, 2.0)

    def test_real_failure_with_its_hint(self):
        """A currency without a rate, in the night, from end to end."""
        kyat = self.env["res.currency"].with_context(active_test=False)
        kyat = kyat.search([("name", "=", "MMK")])
        kyat.active = True
        kyat.rate_ids.unlink()
        self.invoice("2025-03-20", 900.0, self.user_seller, currency_id=kyat.id)
        self._trigger(self.night)
        revenue = self.indicator("revenue")
        self.assertIn("MMK", revenue.error_message)
        self.assertEqual(revenue.error_hint, "data")
        self.assertEqual(self.fact("revenue", self.seller).reason, "source_error")

    # ------------------------------------------------------------------ conflicts
    def test_locked_indicator_is_left_for_the_next_run(self):
        self.invoice("2025-03-20", 2.0, self.user_seller)
        self.order("2025-03-20 10:00", self.user_seller)
        indicators = self.registry["kpi.indicator"]
        try_lock = indicators.try_lock_for_update

        def lock(records, **options):
            if "revenue" in records.mapped("code"):
                return records.browse()
            return try_lock(records, **options)

        with patch.object(indicators, "try_lock_for_update", lock):
            self._trigger(self.today)
        self.assertFalse(self.indicator("revenue").error_message)
        self.assertFalse(self.atoms("revenue"))
        self.assertEqual(self.atoms("orders_processed").numerator, 1.0)
        self._trigger(self.today)
        self.assertEqual(self.atoms("revenue").numerator, 2.0)

    # ------------------------------------------------------------------- progress
    def test_progress_is_reported(self):
        self._trigger(self.today)
        progress = self.env["ir.cron.progress"].search(
            [("cron_id", "=", self.today.id)], order="id DESC", limit=1
        )
        count = self.env["kpi.indicator"].search_count([("state", "=", "active")])
        self.assertEqual((progress.done, progress.remaining), (count + 1, 0))

    def test_run_out_of_time_reaches_the_last_indicator(self):
        """Ten seconds are all that the scheduler gives; the last one counts too."""
        codes = []

        def measure(engine, indicator, window, nightly=False):
            codes.append(indicator.code)

        with (
            patch.object(self.registry["kpi.engine"], "_measure", measure),
            patch.object(
                self.registry["ir.cron"],
                "_commit_progress",
                lambda cron, *args, **kwargs: 0.0,
            ),
        ):
            self._trigger(self.today)
        active = self.env["kpi.indicator"].search([("state", "=", "active")])
        self.assertEqual(sorted(codes), sorted(active.mapped("code")))

    def test_killed_run_goes_on_with_the_oldest(self):
        """What was measured last comes last."""
        self.env.cr.execute("UPDATE kpi_indicator SET past_measured_at = now()")
        self.env.cr.execute(
            """
            UPDATE kpi_indicator SET past_measured_at = '2025-03-19'
            WHERE code = 'lines_per_sale';
            UPDATE kpi_indicator SET past_measured_at = NULL
            WHERE code = 'pick_late_share';
            """
        )
        self.env.invalidate_all()
        codes = []

        def measure(engine, indicator, window, nightly=False):
            codes.append(indicator.code)

        with patch.object(self.registry["kpi.engine"], "_measure", measure):
            self._trigger(self.night)
        self.assertEqual(codes[:2], ["pick_late_share", "lines_per_sale"])
