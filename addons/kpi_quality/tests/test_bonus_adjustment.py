from odoo.exceptions import AccessError, UserError
from odoo.tests.common import freeze_time

from .bonus_common import KpiBonusCommon
from .common import NOW


@freeze_time(NOW)
class TestBonusAdjustment(KpiBonusCommon):
    """March is closed and paid; its documents change; April pays the difference."""

    def carried(self, run=None, **values):
        run = run or self.april_run(**values)
        run.action_carry_corrections()
        return run

    def explanation(self, line):
        return line.explanation.replace("\N{NO-BREAK SPACE}", " ").splitlines()

    # --------------------------------------------------------------- amounts
    def test_the_difference_is_paid(self):
        """seller_2: 98 -> 100 is 100 % instead of 80 % of 12,000."""
        march = self.approved_run()
        correction = self.correct_late(self.seller_2, 100)
        april = self.carried()
        [line] = april.line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "kind": "adjustment",
                    "employee_id": self.seller_2.id,
                    "adjusted_line_id": self.line(march, self.seller_2).id,
                    "amount": 2400,
                    "department_id": self.retail.id,
                }
            ],
        )
        self.assertRecordValues(
            correction, [{"state": "carried", "bonus_run_id": april.id}]
        )
        self.assertEqual(
            self.explanation(line),
            [
                "Late corrections: with today's facts the performance coefficient of "
                "March 2025 is 100.00 % instead of 90.00 %.",
                "That gives 12,000.00 €, 9,600.00 € were paid: 2,400.00 €",
            ],
        )
        self.assertEqual(self.line(march, self.seller_2).amount, 9600)
        self.assertEqual(self.card(self.seller_2).coefficient, 90)

    def test_what_was_overpaid_is_taken_back(self):
        self.approved_run()
        self.correct_late(self.seller, 100)
        self.assertEqual(self.carried().line_ids.amount, -4500)  # 15,000 - 19,500

    def test_over_the_gate(self):
        """97 stood at the gate; 97.002 scores 85.01 and pays 70.02 % of 9,000."""
        self.approved_run()
        self.correct_late(self.wholesaler, 97.002)
        self.assertEqual(self.carried().line_ids.amount, 6301.8)

    def test_under_the_gate(self):
        """Of 9,600 nothing is left."""
        self.approved_run()
        self.correct_late(self.seller_2, 97)
        self.assertEqual(self.carried().line_ids.amount, -9600)

    def test_the_fund_of_that_month_counts(self):
        """12,000 x 20,000 / 29,100 = 8,247.42, paid were 6,597.94"""
        self.approved_run(has_fund=True, fund=20000)
        self.correct_late(self.seller_2, 100)
        self.assertEqual(self.carried().line_ids.amount, 1649.48)

    def test_a_fact_that_was_missing(self):
        """nobody had no figure at all: 20,000 x 30 % x 100 %."""
        self.approved_run()
        self.env["kpi.late.correction"].create(
            {
                "period_id": self.march.id,
                "indicator_id": self.conversion.id,
                "date": "2025-03-10",
                "company_id": self.company.id,
                "employee_id": self.nobody.id,
                "numerator": 100,
                "denominator": 100,
            }
        )
        self.assertEqual(self.carried().line_ids.amount, 6000)

    def test_a_second_correction_pays_what_is_still_missing(self):
        self.approved_run()
        self.correct_late(self.seller_2, 99)  # 95 -> 90 %: 10,800
        april = self.carried()
        self.assertEqual(april.line_ids.amount, 1200)
        april.action_compute()
        april.action_submit()
        self.close_period(april.period_id, "2025-05-05 10:00")
        april.with_user(self.user_payroll_2).action_approve()
        self.correct_late(self.seller_2, 100)  # 12,000
        may = self.period("2025-05-01")
        self.measure_period(may, "2025-06-02 10:00")
        run = self.carried(self.create_run(period_id=may.id))
        self.assertEqual(run.line_ids.amount, 1200)
        self.assertIn(
            "That gives 12,000.00 €, 10,800.00 € were paid: 1,200.00 €",
            self.explanation(run.line_ids),
        )

    def test_more_corrections_into_the_same_run(self):
        """The line grows; what the run carried for others before stays."""
        self.approved_run()
        self.correct_late(self.seller_2, 99)
        april = self.carried()
        self.correct_late(self.seller_2, 100)
        self.correct_late(self.seller, 100)
        april.action_carry_corrections()
        self.assertEqual(self.amounts(april), {"Seller": -4500, "Seller 2": 2400})

    def test_corrections_of_two_months_into_the_same_run(self):
        """Those of March, carried first, stay when April's come."""
        march_run = self.approved_run()
        april = self.period("2025-04-01")
        self.give("t_conversion", 110, self.seller, "2025-04-10")
        self.generate(april)
        self.close_period(april, "2025-05-05 10:00")
        april_run = self.create_run(period_id=april.id)
        april_run.action_compute()
        april_run.action_submit()
        april_run.with_user(self.user_payroll_2).action_approve()
        may = self.period("2025-05-01")
        self.measure_period(may, "2025-06-02 10:00")
        run = self.create_run(period_id=may.id)
        in_march = self.correct_late(self.seller, 100)
        with self.at("2025-06-02 10:00"):
            run.action_carry_corrections()
            in_march.copy(
                {"period_id": april.id, "date": "2025-04-10", "state": "open"}
            )
            run.action_carry_corrections()
        self.assertRecordValues(
            run.line_ids.sorted(lambda line: line.adjusted_line_id.id),
            [
                {"amount": -4500, "adjusted_line_id": line.id}
                for line in (
                    self.line(march_run, self.seller),
                    self.line(april_run, self.seller),
                )
            ],
        )

    def test_a_change_without_effect_is_carried_without_a_line(self):
        self.approved_run()
        correction = self.correct_late(self.wholesaler, 96)
        april = self.carried()
        self.assertFalse(april.line_ids)
        self.assertEqual(correction.state, "carried")

    def test_dismissed_ones_do_not_count(self):
        self.approved_run()
        correction = self.correct_late(self.seller, 100)
        correction.with_user(self.user_manager).reason = "A typing error of the shop"
        correction.with_user(self.user_manager).action_dismiss()
        self.assertEqual(correction.decided_by_id, self.user_manager)
        self.correct_late(self.seller_2, 100)
        self.assertEqual(self.amounts(self.carried()), {"Seller 2": 2400})

    # ------------------------------------------------------------- life cycle
    def test_corrections_wait_for_the_run_of_their_month(self):
        """Carried before there is anything to compare with, they would be lost."""
        march = self.computed_run()
        correction = self.correct_late(self.seller, 100)
        april = self.april_run()
        with self.assertRefused("wait until its own bonuses are approved"):
            april.action_carry_corrections()
        self.assertEqual(correction.state, "open")
        march.action_submit()
        march.with_user(self.user_payroll_2).action_approve()
        self.assertEqual(self.carried(april).line_ids.amount, -4500)

    def test_an_earlier_month_does_not_carry_a_later_one(self):
        self.approved_run()
        self.correct_late(self.seller, 100)
        february = self.period("2025-02-01")
        self.measure_period(february)
        run = self.create_run(period_id=february.id)
        with self.assertRefused("no open late corrections"):
            run.action_carry_corrections()

    def test_computing_keeps_adjustments(self):
        self.approved_run()
        self.correct_late(self.seller, 100)
        april = self.carried()
        april.action_compute()
        self.assertEqual(self.amounts(april), {"Seller": -4500})
        april.action_submit()
        self.assertEqual(april.state, "submitted")

    def test_dropping_reopens(self):
        self.approved_run()
        correction = self.correct_late(self.seller, 100)
        april = self.carried()
        april.action_drop_corrections()
        self.assertFalse(april.line_ids)
        self.assertRecordValues(correction, [{"state": "open", "bonus_run_id": False}])
        self.assertEqual(self.carried(april).line_ids.amount, -4500)

    def test_deleting_the_draft_reopens(self):
        self.approved_run()
        correction = self.correct_late(self.seller, 100)
        for context in ({}, {"_force_unlink": True}):
            april = self.carried()
            april.with_context(**context).unlink()
            self.assertRecordValues(
                correction,
                [{"state": "open", "bonus_run_id": False, "decided_by_id": False}],
            )

    def test_an_approved_adjustment_stays(self):
        self.approved_run()
        correction = self.correct_late(self.seller, 100)
        april = self.carried()
        april.action_compute()
        april.action_submit()
        self.close_period(april.period_id, "2025-05-05 10:00")
        april.with_user(self.user_payroll_2).action_approve()
        for touch in (april.action_drop_corrections, april.action_carry_corrections):
            with self.assertRefused("is approved"):
                touch()
        with self.assertRaises(UserError):
            april.line_ids.unlink()
        self.assertEqual(correction.state, "carried")

    def test_who_carried_does_not_approve(self):
        self.approved_run()
        self.correct_late(self.seller, 100)
        april = self.april_run()
        april.with_user(self.user_payroll_2).action_carry_corrections()
        april.action_compute()
        april.action_submit()
        self.close_period(april.period_id, "2025-05-05 10:00")
        with self.assertRefused("four eyes"):
            april.with_user(self.user_payroll_2).action_approve()

    def test_adjustments_are_not_deleted_by_hand(self):
        self.approved_run()
        self.correct_late(self.seller, 100)
        april = self.carried()
        with self.assertRefused("by computing the run again"):
            april.line_ids.unlink()

    # ------------------------------------------------------------- protection
    def test_nobody_types_corrections(self):
        correction = self.correct_late(self.seller, 100)
        for values in (
            {"numerator": 5},
            {"state": "carried"},
            {"employee_id": self.seller_2.id},
        ):
            with self.assertRefused("only the reason"):
                correction.with_user(self.user_manager).write(values)
            with self.assertRaises(UserError):
                correction.with_user(self.user_payroll).write(values)
        with self.assertRaises(AccessError):
            correction.with_user(self.user_manager).create({})

    def test_only_managers_dismiss(self):
        correction = self.correct_late(self.seller, 100)
        with self.assertRefused("Write the reason first"):
            correction.with_user(self.user_manager).action_dismiss()
        correction.reason = "Because"
        for user in (self.user_lead, self.user_payroll):
            with self.assertRaises(AccessError):
                correction.with_user(user).action_dismiss()
        self.approved_run()
        self.carried()
        with self.assertRefused("Only an open correction"):
            correction.with_user(self.user_manager).action_dismiss()

    def test_only_payroll_carries(self):
        self.approved_run()
        self.correct_late(self.seller, 100)
        april = self.april_run()
        for user in (self.user_manager, self.user_lead, self.user_seller):
            with self.assertRaises(AccessError):
                april.with_user(user).action_carry_corrections()

    # ---------------------------------------------------------- real documents
    def test_from_a_late_refund_to_the_pay(self):
        """110,000 in March, 10,000 of it come back in April, dated March."""
        self.curve.matrix_ids.active = False
        matrix = self.matrix(
            "Revenue", [("revenue", 1.0, 80000, 100000, 120000)], [self.job_seller]
        )
        self.curve.matrix_ids = matrix
        self.march.scorecard_ids.unlink()
        invoice = self.invoice("2025-03-05", 110000, self.user_seller)
        self.generate()
        march = self.approved_run()
        self.assertEqual(self.line(march, self.seller).amount, 19500)
        self.refund(invoice, "2025-03-28", 10000, self.user_payroll)
        with self.at("2025-04-10 02:00"):
            revenue = self.indicator("revenue")
            self.measure(revenue, "2025-03-01", "2025-04-10", nightly=True)
            self.env["kpi.late.correction"]._detect(revenue)
        corrections = self.env["kpi.late.correction"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(corrections.mapped("numerator"), [-10000])
        april = self.carried()
        self.assertEqual(april.line_ids.mapped("amount"), [-4500])
        self.assertEqual(april.line_ids.employee_id, self.seller)
