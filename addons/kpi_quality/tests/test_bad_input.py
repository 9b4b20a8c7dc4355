"""The bad input that is sure to come: a message that helps, or no data with a reason.

What single models refuse is tested with them; here is what runs over many records,
where one bad record must not spoil the others.
"""

from odoo.fields import Command
from odoo.tests.common import freeze_time

from .bonus_common import KpiBonusCommon
from .common import NOW
from .scorecard_common import AFTER_MARCH


@freeze_time(NOW)
class TestBadInput(KpiBonusCommon):
    def problems(self):
        return self.march.message_ids[0].body

    def test_one_bad_employee_does_not_stop_the_others(self):
        """Without user, department and wage; with shares that make no whole; moved."""
        trainer = self.simple_matrix("Trainer")
        for matrix, share in ((self.template, 0.5), (trainer, 0.4)):
            matrix.assignment_ids = [
                Command.create({"employee_id": self.wholesaler.id, "share": share})
            ]
        bare = self._create_employee("Bare", None, self.job_seller)
        self._move_employee(self.seller_2, "2025-03-11", self.wholesale)
        self.give("t_conversion", 98, self.seller_2, "2025-03-12")
        self.march.scorecard_ids.unlink()
        with self.at("2025-03-20 12:00"):
            self.march.with_user(self.user_manager).action_generate_scorecards()
        problems = self.problems()
        for words in (
            "5 scorecards were made.",
            "Bare has no user",
            "Bare has no department",
            "Wholesaler: the shares of the matrices add up to 0.9 instead of 1",
            "Seller 2 held 2 positions",
        ):
            self.assertIn(words, problems)
        self.give("t_conversion", 110, bare)
        self.close_period()
        run = self.create_run()
        run.action_compute()
        self.assertEqual(
            self.amounts(run),
            # 12,000 x 0.8 x 10/31 and x 21/31
            {"Seller": 19500, "Seller 2": 9600, "Nobody": 0, "Bare": 0},
        )
        self.assertEqual(
            {line.employee_id.name: line.problem for line in run.line_ids},
            {
                "Seller": False,
                "Seller 2": False,
                "Nobody": "no_coefficient",
                "Bare": "no_wage",
            },
        )

    def test_nothing_to_divide_by(self):
        self.facts[self.seller].denominator = 0
        self.card(self.seller).action_refresh()
        self.assertRecordValues(
            self.card(self.seller).line_ids,
            [{"has_fact": False, "no_data_reason": "zero_denominator", "score": 0}],
        )
        self.assertFalse(self.card(self.seller).has_coefficient)

    def test_currency_without_a_rate(self):
        """The period is not measured, the indicator says why, the atoms stay."""
        matrix = self.matrix("Revenue", [("revenue", 1.0, 1, 2, 3)])
        matrix.assignment_ids = [Command.create({"employee_id": self.picker.id})]
        invoice = self.invoice("2025-03-05", 1000, self.user_seller)
        self.measure("revenue")
        self.generate()
        exotic = self.env["res.currency"].create({"name": "KPX", "symbol": "K"})
        self.invoice("2025-03-06", 5, self.user_seller, currency_id=exotic.id)
        self.invoice("2025-03-07", 2000, self.user_seller)
        self.assertTrue(invoice)
        before = self.atoms("revenue").mapped("numerator")
        with self.at(AFTER_MARCH):
            self.march.with_user(self.user_manager).action_measure()
        self.assertEqual(self.atoms("revenue").mapped("numerator"), before)
        self.assertIn(
            "KPX has no exchange rate", self.indicator("revenue").error_message
        )
        self.assertIn("KPX has no exchange rate", self.problems())

    def test_a_matrix_that_lost_its_balance(self):
        """Its lines were written one by one, past the matrix."""
        self.march.scorecard_ids.unlink()
        self.template.line_ids.weight = 0.9
        count, problems = self.env["kpi.scorecard"]._generate(self.march)
        self.assertEqual(count, 0)
        self.assertEqual(problems, ["Sellers: the weights add up to 0.9 instead of 1."])

    def test_an_empty_company(self):
        """No employees, no matrices, nothing measured: every button has words."""
        other = self._create_company("Empty")
        env = self.env(context={"allowed_company_ids": other.ids})
        period = env["kpi.period"].create({"kind": "month", "date_from": "2025-02-01"})
        self.assertEqual(env["kpi.scorecard"]._generate(period), (0, []))
        period.action_measure()
        period.action_close()
        run = env["kpi.bonus.run"].create(
            {"period_id": period.id, "company_id": other.id}
        )
        run.action_compute()
        self.assertIn("There is no bonus scheme", run.empty_reason)
