from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .bonus_common import KpiBonusCommon
from .common import NOW

STORED = (
    "employee_id scorecard_id scheme_id coefficient premium proration share percent"
    " amount_before_fund fund_factor amount problem details"
).split()


@freeze_time(NOW)
class TestBonusFigures(KpiBonusCommon):
    def explanation(self, line):
        return line.explanation.replace("\N{NO-BREAK SPACE}", " ").splitlines()

    # --------------------------------------------------------------- amounts
    def test_amounts(self):
        run = self.computed_run()
        self.assertEqual(
            self.amounts(run),
            {"Seller": 19500, "Seller 2": 9600, "Wholesaler": 0, "Nobody": 0},
        )
        self.assertRecordValues(
            run,
            [
                {
                    "state": "computed",
                    "line_count": 4,
                    "problem_count": 1,
                    "amount_total": 29100,
                    "fund_factor": 1.0,
                    "empty_reason": False,
                    "computed_by_id": self.user_payroll.id,
                }
            ],
        )
        self.assertEqual(self.line(run, self.nobody).problem, "no_coefficient")
        self.assertRecordValues(
            self.line(run, self.seller),
            [
                {
                    "department_id": self.retail.id,
                    "job_id": self.job_seller.id,
                    "premium": 15000,
                    "percent": 130,
                    "coefficient": 110,
                    "company_id": self.company.id,
                    "period_id": self.march.id,
                }
            ],
        )

    def test_a_hair_above_the_gate(self):
        """97.002 scores 85.01: 70.02 % of 9,000."""
        self.facts[self.wholesaler].numerator = 97.002
        run = self.computed_run()
        self.assertAlmostEqual(self.line(run, self.wholesaler).percent, 70.02)
        self.assertEqual(self.line(run, self.wholesaler).amount, 6301.8)

    def test_again_gives_the_same_figures(self):
        run = self.computed_run()
        before = [line.read(STORED)[0] | {"id": 0} for line in run.line_ids]
        run.action_compute()
        again = [line.read(STORED)[0] | {"id": 0} for line in run.line_ids]
        self.assertEqual(before, again)

    def test_rounded_once_half_up(self):
        """100.25 x 100 % x 0.5 = 50.125: 50.13, where a banker would say 50.12."""
        twin = self.simple_matrix("Twin")
        self.template.assignment_ids.unlink()
        self.march.scorecard_ids.unlink()
        for matrix in self.template, twin:
            matrix.assignment_ids = [
                Command.create({"employee_id": self.seller.id, "share": 0.5})
            ]
        self.curve.write(
            {
                "premium_kind": "fixed",
                "premium_amount": 100.25,
                "matrix_ids": [Command.link(twin.id)],
            }
        )
        self.facts[self.seller].numerator = 100
        self.generate()
        run = self.computed_run()
        self.assertEqual(run.line_ids.mapped("amount_before_fund"), [50.125, 50.125])
        self.assertEqual(run.line_ids.mapped("amount"), [50.13, 50.13])

    def test_part_of_the_month(self):
        """10 of 31 days in Retail, 21 in Wholesale, the wage rises on the 21st."""
        self.march.scorecard_ids.unlink()
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        self.seller.create_version({"date_version": "2025-03-21", "wage": 60000})
        self.seller.create_version({"date_version": "2025-04-01", "wage": 90000})
        self.give("t_conversion", 110, self.seller, "2025-03-12")
        self.generate()
        run = self.computed_run()
        lines = self.line(run, self.seller).sorted("scorecard_id")
        # 15,000 x 10/31 x 1.3 and, at the wage of the last day, 18,000 x 21/31 x 1.3
        self.assertEqual(lines.mapped("amount"), [6290.32, 15851.61])
        self.assertEqual(lines.department_id, self.retail | self.wholesale)

    def test_share_of_the_function(self):
        trainer = self.simple_matrix("Trainer")
        self.curve.matrix_ids = [Command.link(trainer.id)]
        self.march.scorecard_ids.unlink()
        self.template.assignment_ids = [
            Command.create({"employee_id": self.seller.id, "share": 0.6})
        ]
        trainer.assignment_ids = [
            Command.create({"employee_id": self.seller.id, "share": 0.4})
        ]
        self.generate()
        run = self.computed_run()
        lines = self.line(run, self.seller).sorted("amount")
        self.assertEqual(lines.mapped("amount"), [7800, 11700])  # 0.4 and 0.6 x 19,500
        self.assertIn("Share of the function: 0.4", self.explanation(lines[0]))

    def test_two_schemes_pay_one_card(self):
        extra = self.scheme(
            "Extra", self.template, premium_kind="fixed", premium_amount=100
        )
        run = self.computed_run()
        self.assertEqual(len(run.line_ids), 8)
        self.assertEqual(self.amounts(run)["Seller"], 19630)
        own = self.line(run, self.seller).filtered(lambda ln: ln.scheme_id == extra)
        self.assertEqual(own.amount, 130)

    def test_only_the_chosen_schemes_and_departments(self):
        self.scheme("Extra", self.template, premium_kind="fixed", premium_amount=100)
        run = self.computed_run(
            scheme_ids=[Command.link(self.curve.id)],
            department_ids=[Command.link(self.retail.id)],
        )
        self.assertEqual(
            self.amounts(run), {"Seller": 19500, "Seller 2": 9600, "Nobody": 0}
        )
        rest = self.create_run(
            scheme_ids=[Command.link(self.curve.id)],
            department_ids=[Command.link(self.sales.id)],
        )
        rest.action_compute()
        self.assertEqual(self.amounts(rest), {"Wholesaler": 0})

    def test_the_scheme_may_change_afterwards(self):
        run = self.approved_run()
        before = self.explanation(self.line(run, self.seller))
        self.curve.write({"gate": 150, "premium_percent": 1})
        self.seller.wage = 1
        self.env.invalidate_all()
        line = self.line(run, self.seller)
        self.assertEqual(self.explanation(line), before)
        self.assertEqual(line.amount, 19500)
        self.assertEqual(line.curve_data["gate"], 85)

    # -------------------------------------------------------------- the fund
    def test_the_fund_scales_all_by_one_factor(self):
        """20,000 / 29,100 = 0.687285...: 13,402.06 + 6,597.94"""
        run = self.computed_run(has_fund=True, fund=20000)
        self.assertAlmostEqual(run.fund_factor, 20000 / 29100)
        self.assertEqual(
            self.amounts(run),
            {"Seller": 13402.06, "Seller 2": 6597.94, "Wholesaler": 0, "Nobody": 0},
        )
        self.assertEqual(run.amount_total, 20000)
        self.assertEqual(run.amount_before_fund, 29100)
        self.assertEqual(set(run.line_ids.mapped("fund_factor")), {run.fund_factor})

    def test_the_sum_never_exceeds_the_fund(self):
        self.facts[self.seller_2].numerator = 110
        self.facts[self.wholesaler].numerator = 110
        (self.seller | self.seller_2 | self.wholesaler).wage = 1000
        run = self.computed_run(has_fund=True, fund=100)
        self.assertEqual(sorted(self.amounts(run).values()), [0, 33.33, 33.33, 33.34])
        self.assertEqual(run.amount_total, 100)

    def test_a_fund_that_suffices_changes_nothing(self):
        run = self.computed_run(has_fund=True, fund=29100)
        self.assertEqual((run.fund_factor, run.amount_total), (1.0, 29100))

    def test_an_empty_fund_pays_nothing(self):
        run = self.computed_run(has_fund=True, fund=0)
        self.assertEqual((run.fund_factor, run.amount_total), (0.0, 0.0))

    def test_a_fund_is_not_negative(self):
        with self.assertRefusedBySql("cannot be negative"):
            self.create_run(has_fund=True, fund=-1)

    # ----------------------------------------------------------- explanation
    def test_explained_by_wage_and_curve(self):
        run = self.computed_run()
        self.assertEqual(
            self.explanation(self.line(run, self.seller)),
            [
                "Target premium: 30 % of the wage 50,000.00 € = 15,000.00 €",
                "Performance coefficient 110.00 % gives 130.00 % of the target premium",
                "15,000.00 € × 130.00 % = 19,500.00 €",
            ],
        )

    def test_explained_by_gate(self):
        run = self.computed_run()
        self.assertIn(
            "Performance coefficient 85.00 % is not above the gate of 85 %: nothing is "
            "paid.",
            self.explanation(self.line(run, self.wholesaler)),
        )

    def test_explained_by_fund_and_days(self):
        self.march.scorecard_ids.unlink()
        self.seller.write({"active": False, "departure_date": "2025-03-10"})
        self.generate()
        run = self.computed_run(has_fund=True, fund=1000)
        # 15,000 x 10/31 x 1.3 = 6,290.32 beside 9,600: factor 1,000 / 15,890.32
        self.assertEqual(
            self.explanation(self.line(run, self.seller)),
            [
                "Target premium: 30 % of the wage 50,000.00 € = 15,000.00 €",
                "Share of the period: 0.3226 (03/01/2025 – 03/10/2025)",
                "Performance coefficient 110.00 % gives 130.00 % of the target premium",
                "The fund is too small: all bonuses x 0.062931",
                "15,000.00 € × 0.3226 × 130.00 % × 0.062931 = 395.86 €",
            ],
        )

    def test_explained_problems(self):
        self.seller.wage = 0
        run = self.computed_run()
        self.assertIn(
            "Nothing is paid: No line of the scorecard has a figure.",
            self.explanation(self.line(run, self.nobody)),
        )
        self.assertEqual(self.line(run, self.seller).problem, "no_wage")
        self.assertIn(
            "Nothing is paid: The employee has no wage on the last day of the "
            "position.",
            self.explanation(self.line(run, self.seller)),
        )
        self.assertEqual(self.line(run, self.seller).amount, 0)

    def test_the_chart_shows_where_the_employee_stands(self):
        run = self.computed_run()
        self.assertEqual(self.line(run, self.seller).curve_data["point"], [110, 130])
        self.assertEqual(self.line(run, self.wholesaler).curve_data["point"], [85, 0])
        self.assertIsNone(self.line(run, self.nobody).curve_data["point"])

    def test_a_line_opens_its_scorecard(self):
        run = self.approved_run()
        line = self.line(run, self.seller).with_user(self.user_seller)
        action = line.action_open_documents()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("kpi.scorecard", self.card(self.seller).id),
        )
        item = self.add_item(self.create_run(), 5)
        with self.assertRefused("entered by hand"):
            item.action_open_documents()

    # ----------------------------------------------------------- empty runs
    def assertEmpty(self, run, words):
        run.action_compute()
        self.assertFalse(run.line_ids.filtered(lambda line: line.kind == "bonus"))
        self.assertIn(words, run.empty_reason)
        with self.assertRefused("has no lines"):
            run.action_submit()

    def test_empty_without_a_scheme(self):
        self.close_period()
        self.curve.active = False
        self.assertEmpty(self.create_run(), "There is no bonus scheme.")

    def test_empty_without_a_matrix_on_the_scheme(self):
        self.close_period()
        self.curve.matrix_ids = [Command.clear()]
        self.assertEmpty(
            self.create_run(), "No matrix is chosen on the schemes (Sellers)"
        )

    def test_empty_without_scorecards(self):
        self.assertEmpty(self.april_run(), "“April 2025” has no scorecards.")

    def test_empty_with_other_matrices(self):
        self.close_period()
        self.curve.matrix_ids = [Command.set(self.simple_matrix("Other").ids)]
        self.assertEmpty(self.create_run(), "belong to other matrices")

    def test_empty_departments(self):
        self.close_period()
        run = self.create_run(department_ids=[Command.link(self.storage.id)])
        self.assertEmpty(run, "Nobody in the chosen departments")

    def test_empty_because_paid_elsewhere(self):
        run = self.computed_run(name="The first one")
        self.assertEmpty(self.create_run(), "in another run: The first one")
        self.assertEqual(len(run.line_ids), 4)

    def test_two_runs_never_pay_one_card(self):
        """What is left when both look at the same moment: the unique index."""
        run = self.computed_run()
        other = self.create_run()
        row = self.env["kpi.bonus.run.line"]._compute_row(
            self.card(self.seller), self.curve, 50000
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertNothingWritten("kpi.bonus.run.line"),
            self.assertRaisesRegex(UserError, "paid by this scheme in a run already"),
        ):
            self.env["kpi.bonus.run.line"]._insert_rows(other, [row])
        self.assertEqual(self.amounts(run)["Seller"], 19500)

    # ------------------------------------------------------------- set-based
    def crowd(self, count, name):
        job = self.env["hr.job"].create({"name": name, "company_id": self.company.id})
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": f"{name} {number}",
                    "company_id": self.company.id,
                    "department_id": self.retail.id,
                    "job_id": job.id,
                    "date_version": "2024-01-01",
                    "wage": 1000 + number,
                }
                for number in range(count)
            ]
        )
        for employee in employees:
            self.give("t_conversion", 110, employee)
        matrix = self.simple_matrix(name, jobs=[job])
        return self.scheme(name, matrix)

    def test_statements_do_not_grow_with_the_employees(self):
        crowds = [
            (self.crowd(count, f"Crowd of {count}"), count) for count in (2, 5, 50)
        ]
        self.generate()
        self.close_period()
        counts = []
        for scheme, lines in crowds:  # the first one fills the caches
            run = self.create_run(
                scheme_ids=[Command.link(scheme.id)], has_fund=True, fund=1000
            )
            counts.append(self.statements(run.action_compute))
            self.assertEqual(len(run.line_ids), lines)
            counts.append(self.statements(run.action_compute))
            counts.append(self.statements(run.action_submit))
            counts.append(
                self.statements(run.with_user(self.user_payroll_2).action_approve)
            )
        self.assertEqual(counts[4:8], counts[8:])
