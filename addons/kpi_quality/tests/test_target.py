from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import NOW
from .scorecard_common import KpiScorecardCommon


@freeze_time(NOW)
class TestTarget(KpiScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simple_matrix(employees=[cls.seller])

    def target(self, plan, indicator=None, period=None, **place):
        return self.env["kpi.target"].create(
            {
                "indicator_id": (indicator or self.conversion).id,
                "period_id": (period or self.march).id,
                "base": plan - 10,
                "plan": plan,
                "challenge": plan + 10,
                **{name: record.id for name, record in place.items()},
            }
        )

    def planned(self):
        """The plan that a fresh scorecard gets."""
        self.march.scorecard_ids.unlink()
        [card], _problems = self.generate()
        return card.line_ids.plan

    def test_the_closest_target_wins(self):
        """employee > nearest department > site > company > matrix line"""
        self.assertEqual(self.planned(), 100)
        self.target(91)
        self.assertEqual(self.planned(), 91)
        self.target(92, site_id=self.shop)
        self.assertEqual(self.planned(), 92)
        self.target(93, department_id=self.sales)
        self.assertEqual(self.planned(), 93)
        self.target(94, department_id=self.retail)
        self.assertEqual(self.planned(), 94)
        self.target(95, employee_id=self.seller)
        self.assertEqual(self.planned(), 95)

    def test_targets_of_other_places_and_periods_do_not_count(self):
        self.target(91, employee_id=self.seller_2)
        self.target(92, department_id=self.wholesale)
        self.target(93, site_id=self.depot)
        self.target(94, indicator=self.coverage)
        self.target(95, period=self.period("2025-04-01"))
        self.assertEqual(self.planned(), 100)

    def test_a_department_is_its_own_branch(self):
        """The path of a department is a prefix of another's number: 1/1 and 1/12."""
        departments = self.env["hr.department"].create(
            [
                {"name": f"Part {number}", "parent_id": self.sales.id}
                for number in range(12)
            ]
        )
        for department in departments:
            self.target(department.id, department_id=department)
        self.seller.department_id = departments[-1]
        self.assertEqual(self.planned(), departments[-1].id)

    def test_one_target_for_each_place(self):
        self.target(91, department_id=self.retail)
        with self.assertRefusedBySql("There is a target already"):
            self.target(92, department_id=self.retail)
        self.target(93)
        with self.assertRefusedBySql("There is a target already"):
            self.target(94)

    def test_a_target_has_one_place(self):
        with self.assertRefusedBySql("fill one of them"):
            self.target(91, department_id=self.retail, site_id=self.shop)

    def test_thresholds_are_checked(self):
        with self.assertRefused("base and plan are both 91"):
            self.target(91).base = 91

    def test_targets_of_a_closed_period_stay(self):
        target = self.target(91)
        self.generate()
        self.close_period()
        closed = "“March 2025” is closed"
        with self.assertRefused(closed):
            self.target(92, employee_id=self.seller)
        with self.assertRefused(closed):
            target.plan = 95
        with self.assertRefused(closed):
            target.unlink()

    def test_places_of_another_company_are_refused(self):
        other = self._create_company("Elsewhere")
        elsewhere = self.env["hr.department"].create(
            {"name": "Elsewhere", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.target(91, department_id=elsewhere)

    def test_matrix_and_target_do_not_move_an_agreed_card(self):
        target = self.target(91)
        [card], _problems = self.generate()
        card.with_user(self.user_seller).action_agree()
        target.write({"base": 1, "plan": 2, "challenge": 3})
        matrix = card.matrix_id
        matrix.line_ids.write({"base": 4, "plan": 5, "challenge": 6})
        matrix.write({"score_at_plan": 90, "line_ids": [Command.clear()]})
        self.assertRecordValues(
            card.line_ids, [{"base": 81, "plan": 91, "challenge": 101, "weight": 1.0}]
        )
        self.assertEqual(card.score_at_plan, 100)
        self.give("t_conversion", 86, self.seller)  # half-way from 81 to 91
        card.action_refresh()
        self.assertAlmostEqual(card.coefficient, 50.0)
