from odoo.exceptions import AccessError, UserError
from odoo.tests.common import freeze_time

from ..wizard.matrix_templates import TEMPLATES
from .common import NOW, KpiCommon


@freeze_time(NOW)
class TestMatrixTemplate(KpiCommon):
    def create_from(self, key, user=None):
        wizard = (
            self.env["kpi.matrix.template"]
            .with_user(user or self.user_manager)
            .create({"template": key})
        )
        action = wizard.action_create_matrix()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_each_makes_a_matrix_that_nothing_is_wrong_with(self):
        for key, template in TEMPLATES.items():
            with self.subTest(template=key):
                matrix = self.create_from(key)
                self.assertFalse(matrix.warnings)
                self.assertFalse(matrix.weight_missing)
                self.assertEqual(matrix.company_id, self.company)
                self.assertEqual(len(matrix.line_ids), len(template.lines))
                indicators = matrix.line_ids.indicator_id
                self.assertEqual(set(indicators.mapped("state")), {"active"})

    def test_the_head_of_the_warehouse_has_two_hours(self):
        """Seed 000: no number of orders, but picking not more than 2 hours late."""
        lines = self.create_from("warehouse_head").line_ids
        lateness = lines.filtered(
            lambda line: line.indicator_id.code == "pick_lateness_hours"
        )
        self.assertEqual((lateness.plan, lateness.scope), (2, "warehouse"))
        self.assertNotIn("count", lines.indicator_id.mapped("unit"))

    def test_a_second_one_gets_another_name(self):
        names = [self.create_from("buyer").name for _number in range(3)]
        self.assertEqual(names, ["Buyer", "Buyer 2", "Buyer 3"])

    def test_scorecards_come_of_it(self):
        matrix = self.create_from("picker")
        matrix.assignment_ids = [(0, 0, {"job_id": self.job_picker.id})]
        march = self.env["kpi.period"].create(
            {"kind": "month", "date_from": "2025-03-01"}
        )
        self.env["kpi.scorecard"]._generate(march)
        card = self.env["kpi.scorecard"].search([("employee_id", "=", self.picker.id)])
        self.assertEqual(card.line_ids.indicator_id, matrix.line_ids.indicator_id)

    def test_the_seller_of_seed_002(self):
        lines = self.create_from("shop_seller").line_ids
        self.assertEqual(
            [(line.indicator_id.code, line.weight, line.scope) for line in lines],
            [
                ("revenue", 0.5, "department"),
                ("sale_conversion", 0.15, "personal"),
                ("visitor_coverage", 0.15, "personal"),
                ("dissatisfaction_department", 0.15, "department"),
                ("corporate_standards", 0.05, "personal"),
            ],
        )
        revenue, _conversion, _coverage, dissatisfaction, standards = lines
        self.assertEqual(
            (standards.missing, standards.heir_id), ("heir", dissatisfaction)
        )
        self.assertEqual(
            lines.indicator_id.filtered(lambda i: i.nature == "result"),
            revenue.indicator_id,
        )

    def test_the_seller_without_mystery_shoppers(self):
        lines = self.create_from("shop_seller_plain").line_ids
        self.assertEqual(lines.mapped("weight"), [0.5, 0.15, 0.15, 0.2])
        self.assertNotIn("corporate_standards", lines.indicator_id.mapped("code"))

    def test_the_weight_of_the_mystery_shopper_goes_to_the_dissatisfaction(self):
        """FORMULAS.md: 69.1667 % with the facts of its table."""
        matrix = self.create_from("shop_seller")
        matrix.assignment_ids = [(0, 0, {"job_id": self.job_seller.id})]
        march = self.env["kpi.period"].create(
            {"kind": "month", "date_from": "2025-03-01"}
        )
        self.env["kpi.scorecard"]._generate(march)
        card = self.env["kpi.scorecard"].search([("employee_id", "=", self.seller.id)])
        facts = {
            "revenue": 4600000,
            "sale_conversion": 27,
            "visitor_coverage": 92,
            "dissatisfaction_department": 2.5,
        }
        scores = {
            line: line._line_score(facts[line.indicator_id.code])
            if line.indicator_id.code in facts
            else None
            for line in card.line_ids
        }
        result = card.line_ids._coefficient(scores)
        self.assertAlmostEqual(result.value, 69.1667, 4)

    def test_who_does_not_sell_is_measured_by_the_customers(self):
        lines = self.create_from("front_line").line_ids
        main = max(lines, key=lambda line: line.weight)
        self.assertEqual(main.indicator_id.code, "dissatisfaction_staff")
        self.assertEqual(main.scope, "personal")
        standards = lines.filtered(lambda line: line.missing == "heir")
        self.assertEqual(standards.heir_id, main)

    def test_an_indicator_that_is_not_measured_is_named(self):
        self.indicator("supplier_lead_hours").state = "retired"
        with self.assertRaisesRegex(UserError, "supplier_lead_hours"):
            self.create_from("buyer")

    def test_managers_only(self):
        with self.assertRaises(AccessError):
            self.create_from("buyer", self.user_lead)
