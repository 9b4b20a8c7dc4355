from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import BusyError
from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestPeriod(KpiCommon):
    # ----------------------------------------------------------------- dates
    def test_end_and_name_follow_the_kind(self):
        for kind, first, last, name in (
            ("month", "2024-02-01", date(2024, 2, 29), "February 2024"),
            ("quarter", "2025-01-01", date(2025, 3, 31), "Q1 2025"),
            ("year", "2025-01-01", date(2025, 12, 31), "2025"),
            ("month", "2025-03-16", date(2025, 4, 15), "March 2025"),
        ):
            with self.subTest(kind, first=first):
                period = self.period(first, kind)
                self.assertEqual((period.date_to, period.name), (last, name))
        other = self.period("2025-03-03", "other", date_to="2025-03-09")
        self.assertEqual(other.name, "03/03/2025 – 03/09/2025")

    def test_next_period(self):
        for kind, first, following, last in (
            ("month", "2024-01-01", date(2024, 2, 1), date(2024, 2, 29)),
            ("quarter", "2024-10-01", date(2025, 1, 1), date(2025, 3, 31)),
        ):
            action = self.period(first, kind).action_create_next()
            created = self.env["kpi.period"].browse(action["res_id"])
            self.assertEqual((created.date_from, created.date_to), (following, last))
        week = self.period("2025-03-03", "other", date_to="2025-03-09")
        created = self.env["kpi.period"].browse(week.action_create_next()["res_id"])
        self.assertEqual(created.date_from, date(2025, 3, 10))
        self.assertEqual(created.date_to, date(2025, 3, 16))

    def test_overlap_within_a_kind_is_refused(self):
        self.period()
        for values in (
            {"date_from": "2025-03-01"},
            {"date_from": "2025-03-31", "date_to": "2025-04-29"},
            {"date_from": "2025-02-15", "date_to": "2025-03-01"},
            {"date_from": "2025-03-10", "date_to": "2025-03-12"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self.period(**values)
        self.period("2025-04-01")
        self.period("2025-02-01")
        self.period("2025-01-01", "quarter")
        self.period(company_id=self._create_company("Other").id)

    def test_end_before_beginning_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.period("2025-03-10", "other", date_to="2025-03-09")

    # ----------------------------------------------------------------- states
    def test_states_change_by_buttons_only(self):
        period = self.period().with_user(self.user_manager)
        for values in (
            {"state": "closed"},
            {"measured_at": "2025-03-01 00:00:00"},
            {"closed_at": "2025-03-01 00:00:00"},
            {"closed_by_id": self.user_lead.id},
            {"measured_indicator_ids": [Command.clear()]},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                period.write(values)

    def test_state_cannot_be_chosen_when_made(self):
        """Neither among the values nor as a default in the context."""
        periods = self.env["kpi.period"].with_user(self.user_manager)
        closed = {"state": "closed", "closed_at": "2025-03-01 00:00:00"}
        defaults = {f"default_{name}": value for name, value in closed.items()}
        for number, period in enumerate(
            (
                periods.create({"date_from": "2025-03-01", **closed}),
                periods.with_context(**defaults).create({"date_from": "2025-04-01"}),
            )
        ):
            with self.subTest(number):
                self.assertEqual(period.state, "open")
                self.assertFalse(period.closed_at)

    def test_copy_is_open(self):
        period = self.period("2025-01-01")
        period.action_measure()
        period.action_close()
        copy = period.copy({"date_from": "2025-05-01"})
        self.assertRecordValues(
            copy,
            [
                {
                    "name": "May 2025",
                    "date_to": date(2025, 5, 31),
                    "state": "open",
                    "measured_at": False,
                    "closed_at": False,
                }
            ],
        )

    def test_who_is_no_manager_does_nothing(self):
        period = self.period("2025-02-01")
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            for action in (
                "action_generate_scorecards",
                "action_measure",
                "action_reopen",
                "action_close",
            ):
                with self.subTest(f"{user.login} {action}"):
                    with self.assertRaises(UserError):
                        getattr(period.with_user(user), action)()

    def test_ways_through_the_states(self):
        period = self.period("2025-02-01").with_user(self.user_manager)
        with self.assertRaises(UserError):
            period.action_close()
        with self.assertRaises(UserError):
            period.action_reopen()
        period.action_measure()
        self.assertRecordValues(
            period, [{"state": "measured", "measured_at": datetime(2025, 3, 20, 9)}]
        )
        with self.assertRaises(UserError):
            period.action_measure()
        period.action_reopen()
        self.assertRecordValues(period, [{"state": "open", "measured_at": False}])
        period.action_measure()
        period.action_close()
        self.assertRecordValues(
            period,
            [
                {
                    "state": "closed",
                    "closed_at": datetime(2025, 3, 20, 9),
                    "closed_by_id": self.user_manager.id,
                }
            ],
        )
        for action in ("action_measure", "action_reopen", "action_close"):
            with self.subTest(action), self.assertRaises(UserError):
                getattr(period, action)()

    def test_dates_stay_once_it_is_measured(self):
        period = self.period("2025-02-01")
        period.date_to = "2025-02-20"
        period.action_measure()
        for values in ({"date_to": "2025-02-28"}, {"kind": "other"}):
            with self.subTest(values), self.assertRaises(UserError):
                period.write(values)
        period.name = "Short February"

    # ---------------------------------------------------------------- measuring
    def test_not_before_the_last_day_is_over_everywhere(self):
        """The clock of the shops decides, not that of the manager's screen."""
        self.user_manager.tz = "Pacific/Kiritimati"  # where it is tomorrow already
        march = self.period().with_user(self.user_manager)
        for moment in ("2025-03-20 12:00", "2025-03-31 23:59"):
            with self.subTest(moment), self.at(moment), self.assertRaises(UserError):
                march.action_measure()
        self.shop.tz = "Europe/Kaliningrad"  # an hour behind Moscow
        with self.at("2025-04-01 00:30"), self.assertRaises(UserError):
            march.action_measure()
        with self.at("2025-04-01 01:00"):
            march.action_measure()
        self.assertEqual(march.state, "measured")

    def test_measuring_fixes_figures_and_scorecards(self):
        card = self._card_of_february()
        self.assertEqual(card.state, "draft")
        self.invoice("2025-02-10", 100.0, self.user_seller)
        card.period_id.with_user(self.user_manager).action_measure()
        self.assertEqual(card.state, "measured")
        self.assertEqual(card.line_ids.fact, 100.0)
        self.invoice("2025-02-11", 7.0, self.user_seller)
        self.measure("revenue", "2025-02-01")
        self.env["kpi.scorecard.line"]._refresh_live(self.indicator("revenue"))
        self.assertEqual(card.line_ids.fact, 100.0)
        self.assertEqual(self._february().value, 100.0)

    def test_reopening_makes_them_live_again(self):
        card = self._card_of_february()
        card.with_user(self.user_seller).action_agree()
        card.period_id.action_measure()
        self.invoice("2025-02-11", 7.0, self.user_seller)
        card.period_id.action_reopen()
        self.assertEqual(card.state, "agreed")
        self.indicator("revenue").action_measure()
        self.assertEqual(card.line_ids.fact, 7.0)

    def test_measuring_a_period_leaves_closed_neighbours(self):
        """January is closed; measuring February does not touch it."""
        january = self.period("2025-01-01")
        january.action_measure()
        january.action_close()
        self.invoice("2025-01-31", 5.0, self.user_seller)
        self.invoice("2025-02-01", 3.0, self.user_seller)
        card = self._card_of_february()
        card.period_id.action_measure()
        self.assertEqual(self.atoms("revenue").mapped("numerator"), [3.0])

    def test_operands_of_a_formula_are_measured(self):
        self.create_indicator(
            "per_order", source="formula", formula="revenue / orders_processed"
        )
        order = self.order("2025-02-10 10:00", self.user_seller)
        self.invoice("2025-02-10", order=order)
        card = self._card_of_february("per_order")
        card.period_id.action_measure()
        self.assertEqual(card.line_ids.fact, 100.0)

    def test_busy_indicator_stops_the_measuring(self):
        """Not measured at all rather than fixed with yesterday's figures."""
        card = self._card_of_february()
        self.patch(self.registry["kpi.indicator"], "try_lock_for_update", _lock_nothing)
        with self.assertRaises(BusyError), self.env.cr.savepoint():
            card.period_id.action_measure()
        self.assertEqual(card.period_id.state, "open")
        self.assertEqual(card.state, "draft")

    def test_failing_indicator_stops_the_closing(self):
        card = self._card_of_february()
        period = card.period_id
        dollar = self.env["res.currency"].with_context(active_test=False)
        kyat = dollar.search([("name", "=", "MMK")])
        kyat.active = True
        kyat.rate_ids.unlink()
        invoice = self.invoice(
            "2025-02-10", 900.0, self.user_seller, currency_id=kyat.id
        )
        period.action_measure()
        self.assertIn("MMK", self.indicator("revenue").error_message)
        self.assertIn("MMK", period.message_ids[0].body)
        with self.assertRaises(UserError) as caught:
            period.action_close()
        self.assertIn("Revenue", str(caught.exception))
        invoice.button_draft()
        self.measure("revenue", "2025-02-01")  # mended, but the days are fixed
        with self.assertRaises(UserError):
            period.action_close()
        period.action_reopen()
        period.action_measure()
        period.action_close()
        self.assertEqual(period.state, "closed")

    def test_retired_indicator_does_not_stop_the_closing(self):
        """What cannot be mended can be retired."""
        card = self._card_of_february()
        self.patch(self.registry["kpi.indicator"], "_check_source", _fail)
        card.period_id.action_measure()
        with self.assertRaises(UserError):
            card.period_id.action_close()
        self.indicator("revenue").action_retire()
        card.period_id.action_close()
        self.assertEqual(card.period_id.state, "closed")

    def _card_of_february(self, code="revenue"):
        period = self.period("2025-02-01")
        self.matrix("One", [(code, 1, 10, 50, 80)], employees=self.seller)
        period.action_generate_scorecards()
        return period.scorecard_ids

    def _february(self):
        return self.fact("revenue", self.seller, "2025-02-01", "2025-02-28")


def _lock_nothing(indicators, **options):
    return indicators.browse()


def _fail(indicator, window):
    raise UserError(indicator.display_name)
