from odoo.addons.kpi_internal_survey.wizard.survey_matrix_templates import TEMPLATES

from .survey_common import SurveyCase


class TestSurveyMatrixTemplate(SurveyCase):
    def create_from(self, key):
        wizard = self.env["kpi.matrix.template"].with_user(self.manager)
        wizard = wizard.create({"template": key})
        return self.env["kpi.matrix"].browse(wizard.action_create_matrix()["res_id"])

    def test_each_makes_a_matrix_that_nothing_is_wrong_with(self):
        for key, template in TEMPLATES.items():
            with self.subTest(key):
                matrix = self.create_from(key)
                self.assertFalse(matrix.warnings)
                self.assertFalse(matrix.weight_missing)
                self.assertEqual(matrix.period_kind, "year")
                self.assertEqual(len(matrix.line_ids), len(template.lines))

    def test_the_weights_of_the_seed(self):
        """Seed 001: 20 to 25 % of who supports, 10 to 15 % of who does business."""
        weights = {}
        for key in TEMPLATES:
            line = self.create_from(key).line_ids.filtered(
                lambda line: line.indicator_id.code == "internal_service"
            )
            self.assertEqual((line.base, line.plan, line.challenge), (5, 7, 9))
            self.assertEqual(line.scope, "department")
            weights[key] = line.weight
        self.assertTrue(0.20 <= weights["support_director"] <= 0.25)
        self.assertTrue(0.10 <= weights["business_director"] <= 0.15)

    def test_those_of_other_jobs_are_still_there(self):
        self.assertIn("picker", self.env["kpi.matrix.template"]._templates())
