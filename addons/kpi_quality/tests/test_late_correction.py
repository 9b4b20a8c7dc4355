from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KpiCommon

FEBRUARY = (date(2025, 2, 1), date(2025, 2, 28))


@tagged("post_install", "-at_install")
class TestLateCorrection(KpiCommon):
    """February was measured on 3 March and closed on the 5th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice_100 = cls.invoice("2025-02-10", 100.0, cls.user_seller)
        cls.order_1, cls.order_2 = (
            cls.order("2025-02-10 10:00", cls.user_seller) for _number in range(2)
        )
        cls.february = cls.period(FEBRUARY[0])
        cls.matrix(
            "Sales",
            [
                ("revenue", 0.4, 10, 50, 80),
                ("orders_processed", 0.3, 1, 2, 3),
                ("pick_delay_hours", 0.3, 100, 10, 1),
            ],
            employees=cls.seller,
        )
        cls.february.action_generate_scorecards()
        with cls.at("2025-03-03 12:00"):
            cls.february.action_measure()
        with cls.at("2025-03-05 12:00"):
            cls.february.action_close()

    def _night(self, moment="2025-03-10 03:30", codes="revenue"):
        with self.at(moment):
            engine = self.env["kpi.engine"]
            for code in codes.split():
                engine._measure_or_record_error(
                    self.indicator(code), engine._open_window(), nightly=True
                )
                self.assertFalse(self.indicator(code).error_message)

    def _corrections(self, **values):
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["kpi.late.correction"].search(domain, order="id")

    def _fact(self, code="revenue", place=None, **options):
        return self.fact(code, place or self.seller, *FEBRUARY, **options).value

    # ------------------------------------------------------------- detection
    def test_nothing_changed_nothing_listed(self):
        self._night(codes="revenue orders_processed pick_delay_hours revenue_share")
        self.assertFalse(self._corrections())

    def test_late_refund_is_listed_with_its_amount(self):
        """30 of February's 100 are taken back in March, dated February."""
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        self.assertRecordValues(
            self._corrections(),
            [
                {
                    "period_id": self.february.id,
                    "indicator_id": self.indicator("revenue").id,
                    "date": date(2025, 2, 20),
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "site_id": self.shop.id,
                    "numerator": -30.0,
                    "denominator": 0.0,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(self._fact(), 100.0)
        self.assertEqual(self._fact(corrected=True), 70.0)
        self.assertEqual(self.february.late_correction_count, 1)

    def test_cancelled_order_lowers_the_closed_month_by_one(self):
        self.order_1._action_cancel()
        self._night(codes="orders_processed")
        self.assertEqual(self._corrections().numerator, -1.0)
        self.assertEqual(self._fact("orders_processed"), 2.0)
        self.assertEqual(self._fact("orders_processed", corrected=True), 1.0)

    def test_second_night_shows_the_same(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        self._night("2025-03-11 03:30")
        self.assertEqual(self._corrections().numerator, -30.0)

    def test_change_that_was_taken_back_disappears(self):
        refund = self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        refund.button_draft()
        self._night("2025-03-11 03:30")
        self.assertFalse(self._corrections())

    def test_changes_of_one_day_and_place_are_one(self):
        self.refund(self.invoice_100, "2025-02-10", 30.0)
        self.invoice("2025-02-10", 5.0, self.user_seller)
        self._night()
        self.assertEqual(self._corrections().numerator, -25.0)
        self.assertEqual(self._fact(corrected=True), 75.0)

    def test_order_given_to_another_is_a_minus_and_a_plus(self):
        self.order_1.user_id = self.user_seller_2
        self._night(codes="orders_processed")
        self.assertEqual(
            {c.employee_id: c.numerator for c in self._corrections()},
            {self.seller: -1.0, self.seller_2: 1.0},
        )
        place = self.sales
        self.assertEqual(self._fact("orders_processed", place), 2.0)
        self.assertEqual(self._fact("orders_processed", place, corrected=True), 2.0)

    def test_ratio_is_corrected_in_both_sums(self):
        """100 by 2 sales; one sale is cancelled: 100 by 1."""
        self.assertEqual(self._fact("average_check"), 50.0)
        self.order_1._action_cancel()
        self._night(codes="average_check")
        self.assertEqual(self._fact("average_check"), 50.0)
        self.assertEqual(self._fact("average_check", corrected=True), 100.0)

    def test_indicator_made_after_the_closing_corrects_nothing(self):
        """Its February was never measured: not one great correction, but no data."""
        later = self.create_indicator("later", source="revenue")
        self.measure(later, *FEBRUARY)
        self._night(codes="later")
        self.assertFalse(self._corrections())

    def test_open_promise_does_not_grow_after_the_measuring(self):
        """Late until 3 March when it was measured: what happens to it then is not
        February's."""
        due = self._fact("pick_delay_hours", self.depot)
        self.assertGreater(due, 24.0)
        self._night(codes="pick_delay_hours")
        self.assertFalse(self._corrections())
        self.deliver(
            self.order_1.picking_ids, "2025-03-12 10:00", user=self.user_picker
        )
        with self.at("2025-03-13 10:00"):
            self.order_2._action_cancel()
        self._night("2025-03-14 03:30", codes="pick_delay_hours")
        hours = sum(self._corrections().mapped("numerator"))
        self.assertAlmostEqual(hours, 0.0, 6)

    def test_quarter_lists_the_day_in_the_month_that_fixed_it_first(self):
        quarter = self.period("2025-01-01", "quarter")
        with self.at("2025-04-02 12:00"):
            quarter.action_measure()
            quarter.action_close()
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self.refund(self.invoice_100, "2025-03-20", 7.0)
        self._night("2025-04-10 03:30")
        self.assertEqual(
            [(c.period_id, c.numerator) for c in self._corrections()],
            [(self.february, -30.0), (quarter, -7.0)],
        )
        whole = (date(2025, 1, 1), date(2025, 3, 31))
        corrected = self.fact("revenue", self.seller, *whole, corrected=True)
        self.assertEqual(corrected.value, 63.0)
        self.assertEqual(self._corrections()[0]._get_periods(), self.february | quarter)

    def test_measured_but_not_closed_period_lists_nothing_yet(self):
        march = self.period()
        with self.at("2025-04-02 12:00"):
            march.action_measure()
        self.invoice("2025-03-15", 9.0, self.user_seller)
        self._night("2025-04-05 03:30")
        self.assertFalse(self._corrections())
        with self.at("2025-04-06 12:00"):
            march.action_close()
        self._night("2025-04-07 03:30")
        self.assertEqual(self._corrections().numerator, 9.0)

    def test_closed_long_ago_is_not_watched_any_more(self):
        """Found within 92 days of the closing on 5 March, and kept after."""
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night("2025-06-05 03:30")
        self.assertEqual(len(self._corrections()), 1)
        self.refund(self.invoice_100, "2025-02-21", 1.0)
        self._night("2025-06-06 03:30")
        self.assertEqual(self._corrections().numerator, -30.0)

    def test_other_companies_are_left_alone(self):
        other = self._create_company("Other")
        self._create_accounting(other)
        self.env["kpi.period"].create(
            {"kind": "month", "date_from": FEBRUARY[0], "company_id": other.id}
        )
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        self.assertEqual(self._corrections().company_id, self.company)
        self.assertEqual(
            self.env["kpi.late.correction"].search_count(
                [("company_id", "=", other.id)]
            ),
            0,
        )

    def test_by_day_nothing_is_detected(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self.measure("revenue")
        self.assertFalse(self._corrections())

    def test_indicator_that_has_no_documents_is_left_alone(self):
        snapshot = self.create_indicator(
            "open_quotations",
            source="model",
            aggregation="snapshot",
            model_id=self.env["ir.model"]._get("sale.order").id,
            model_domain="[('state', '=', 'draft')]",
            model_date_path="date_order",
        )
        marks = self.create_indicator("marks", source="manual")
        self.quotation("2025-02-10 10:00", self.user_seller)
        self._night(codes=f"{snapshot.code} {marks.code}")
        self.assertFalse(self._corrections())

    # -------------------------------------------------------------- decisions
    def test_dismissed_is_not_shown_twice(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        self._dismiss(self._corrections())
        self._night("2025-03-11 03:30")
        self.assertEqual(self._corrections().state, "dismissed")
        self.assertEqual(self._fact(corrected=True), 100.0)
        self.refund(self.invoice_100, "2025-02-20", 5.0)
        self._night("2025-03-12 03:30")
        self.assertEqual(
            [(c.state, c.numerator) for c in self._corrections()],
            [("dismissed", -30.0), ("open", -5.0)],
        )
        self.assertEqual(self._fact(corrected=True), 95.0)

    def test_dismissed_change_that_was_taken_back(self):
        """What was dismissed as -30 and never was any more is +30 against it: the
        two are nothing together."""
        refund = self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        self._dismiss(self._corrections())
        refund.button_draft()
        self._night("2025-03-11 03:30")
        opened = self._corrections(state="open")
        self.assertEqual(opened.numerator, 30.0)

    def test_carried_is_not_shown_twice(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        self._corrections().sudo().write({"state": "carried"})
        self._night("2025-03-11 03:30")
        self.assertEqual(self._corrections().state, "carried")
        self.assertEqual(self._fact(corrected=True), 70.0)

    def test_dismissing_needs_a_reason(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        correction = self._corrections().with_user(self.user_manager)
        for reason in (False, "", "   "):
            correction.reason = reason
            with self.subTest(reason), self.assertRaises(UserError):
                correction.action_dismiss()
        correction.reason = "Agreed with the shop"
        correction.action_dismiss()
        self.assertRecordValues(
            correction,
            [{"state": "dismissed", "decided_by_id": self.user_manager.id}],
        )
        with self.assertRaises(UserError):
            correction.action_dismiss()

    def test_reason_of_a_decision_stays(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        correction = self._corrections().with_user(self.user_manager)
        self._dismiss(correction)
        with self.assertRaises(UserError):
            correction.reason = "Something nicer"

    def test_facts_are_not_typed(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        correction = self._corrections().with_user(self.user_manager)
        for values in (
            {"numerator": 1e6},
            {"state": "carried"},
            {"employee_id": self.manager.id},
            {"decided_by_id": self.user_lead.id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                correction.write(values)
        with self.assertRaises(AccessError):
            correction.unlink()
        with self.assertRaises(AccessError):
            correction.create({"numerator": 1.0})

    def test_who_is_no_manager_does_not_dismiss(self):
        self.refund(self.invoice_100, "2025-02-20", 30.0)
        self._night()
        correction = self._corrections()
        correction.reason = "Why not"
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            with self.subTest(user.login), self.assertRaises(AccessError):
                correction.with_user(user).action_dismiss()

    def _dismiss(self, correction):
        correction.with_user(self.user_manager).reason = "Agreed"
        correction.with_user(self.user_manager).action_dismiss()

    # -------------------------------------------------------------- documents
    def test_documents_of_the_day_and_place(self):
        """The whole day as it is by now: the invoice and what was taken back."""
        self.refund(self.invoice_100, "2025-02-10", 30.0)
        self._night()
        correction = self._corrections()
        documents = (
            self.env["kpi.document"]
            .with_context(**correction.action_open_documents()["context"])
            .search([])
        )
        self.assertEqual(sorted(documents.mapped("numerator")), [-30.0, 100.0])
