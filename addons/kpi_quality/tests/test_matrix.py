from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import NOW
from .scorecard_common import KpiScorecardCommon


@freeze_time(NOW)
class TestMatrix(KpiScorecardCommon):
    # -------------------------------------------------------------- weights
    def test_weights_add_up_to_one(self):
        with self.assertRaises(ValidationError) as caught:
            self.matrix(
                "Short",
                [("t_turnover", 0.5, 1, 2, 3), ("t_conversion", 0.4, 1, 2, 3)],
            )
        message = str(caught.exception)
        self.assertIn("“Short”", message)
        self.assertIn("add up to 0.9", message)
        self.assertIn("Change them by +0.1", message)

    def test_weights_of_tenths_make_one(self):
        """0.1 + 0.2 + 0.7 is not 1 in floating point."""
        matrix = self.matrix(
            "Tenths",
            [
                ("t_turnover", 0.1, 1, 2, 3),
                ("t_conversion", 0.2, 1, 2, 3),
                ("t_coverage", 0.7, 1, 2, 3),
            ],
        )
        self.assertEqual(matrix.weight_missing, 0.0)

    def test_weight_total_is_live(self):
        """While the matrix is typed in, before anything is saved."""
        matrix = self.env["kpi.matrix"].new(
            {
                "name": "New",
                "line_ids": [
                    Command.create({"indicator_id": self.turnover.id, "weight": weight})
                    for weight in (0.5, 0.15)
                ],
            }
        )
        self.assertAlmostEqual(matrix.weight_total, 0.65)
        self.assertAlmostEqual(matrix.weight_missing, 0.35)
        matrix.line_ids[0].weight = 0.85
        self.assertAlmostEqual(matrix.weight_missing, 0.0)

    def test_weight_of_a_line_lies_between_zero_and_one(self):
        for weights in ((1.5, -0.5), (1.0, 0.0)):
            with self.assertRefusedBySql("A weight lies above 0 and up to 1."):
                self.matrix(
                    "Odd",
                    [
                        ("t_turnover", weights[0], 1, 2, 3),
                        ("t_conversion", weights[1], 1, 2, 3),
                    ],
                )

    # ----------------------------------------------------------- thresholds
    def assertThresholdsRefused(self, code, thresholds, *words):
        with self.assertRaises(ValidationError) as caught:
            self.matrix("Bad", [(code, 1.0, *thresholds)])
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_base_differs_from_plan(self):
        self.assertThresholdsRefused(
            "t_conversion", (80, 80, 90), "“T Conversion”", "base and plan are both 80"
        )

    def test_thresholds_run_in_one_direction(self):
        self.assertThresholdsRefused(
            "t_turnover",
            (4000000, 5000000, 4500000.5),
            "base 4000000, plan 5000000 and challenge 4500000.5",
            "one direction",
        )

    def test_thresholds_follow_the_direction_of_the_indicator(self):
        self.assertThresholdsRefused(
            "t_conversion", (30, 20, 10), "better when it is higher", "base 30"
        )
        self.assertThresholdsRefused(
            "t_dissatisfaction", (1, 2, 5), "better when it is lower", "above plan 2"
        )

    def test_challenge_may_equal_plan(self):
        matrix = self.matrix("Equal", [("t_conversion", 1.0, 80, 100, 100)])
        self.assertEqual(matrix.line_ids.challenge, 100)

    def test_infinite_thresholds_are_refused(self):
        """JSON-RPC takes Infinity and NaN for numbers."""
        for bad in (float("inf"), float("nan")):
            self.assertThresholdsRefused("t_conversion", (80, 100, bad), "number")

    def test_scores_at_thresholds_rise(self):
        with self.assertRefusedBySql("rise, starting at 0"):
            self.simple_matrix(score_at_base=110)
        with self.assertRefusedBySql("rise, starting at 0"):
            self.simple_matrix(score_at_challenge=90)

    # ----------------------------------------------------------------- heirs
    def two_lines(self, name="Heirs", **values):
        return self.matrix(
            name,
            [
                ("t_dissatisfaction", 0.75, 5, 2, 1),
                ("t_standards", 0.25, 70, 85, 95, values),
            ],
        )

    def test_heir_needs_a_line_of_the_same_matrix(self):
        matrix, other = self.two_lines(), self.two_lines("Other")
        standards = matrix.line_ids[1]
        with self.assertRefused("T Standards.*takes over"):
            self.two_lines("No heir", missing="heir")
        for heir in (other.line_ids[0], standards):
            with (
                self.subTest(heir=heir),
                self.assertRefused("T Standards.*takes over"),
            ):
                values = {"missing": "heir", "heir_id": heir.id}
                matrix.line_ids = [Command.update(standards.id, values)]

    def test_heir_is_checked_on_the_line_too(self):
        """An import writes lines without their matrix."""
        with self.assertRefused("takes over"):
            self.two_lines().line_ids[1].missing = "heir"

    def test_copy_keeps_the_heir_within_the_copy(self):
        matrix = self.two_lines()
        heir, standards = matrix.line_ids
        standards.write({"missing": "heir", "heir_id": heir.id})
        copied = matrix.copy()
        self.assertEqual(copied.name, "Heirs (copy)")
        self.assertRecordValues(
            copied.line_ids,
            [
                {"missing": "exclude", "heir_id": False},
                {"missing": "heir", "heir_id": copied.line_ids[0].id},
            ],
        )

    # --------------------------------------------------------------- the rest
    def test_an_indicator_stands_once_per_scope(self):
        line = ("t_conversion", 0.5, 80, 100, 120)
        with self.assertRefusedBySql("stand in this matrix twice"):
            self.matrix("Twice", [line, line])
        self.matrix("Scopes", [line, (*line, {"scope": "department"})])

    def test_names_are_unique_among_active_ones(self):
        matrix = self.simple_matrix("Seller")
        with self.assertRefusedBySql("has this name"):
            self.simple_matrix("Seller")
        matrix.active = False
        self.env.flush_all()
        self.simple_matrix("Seller")

    def test_assignment_names_a_job_or_an_employee(self):
        matrix = self.simple_matrix()
        both = {"job_id": self.job_seller.id, "employee_id": self.seller.id}
        for values in ({}, both):
            with self.assertRefusedBySql("either a job or an employee"):
                matrix.assignment_ids = [Command.create(values)]
        for share in (0.0, 1.5, -1.0):
            with self.assertRefusedBySql("A share lies above 0 and up to 1."):
                matrix.assignment_ids = [
                    Command.create({"job_id": self.job_seller.id, "share": share})
                ]

    def test_warnings_say_what_is_unwise(self):
        matrix = self.matrix(
            "Unwise",
            [
                ("t_turnover", 0.7, 1, 2, 3),
                ("t_conversion", 0.15, 20, 30, 35),
                ("t_coverage", 0.15, 80, 95, 100),
            ],
        )
        self.assertEqual(
            matrix.warnings.splitlines(),
            [
                "Results weigh 0.7 and processes 0.3: they should weigh about the "
                "same, for stable results come from well-run processes.",
                "Indicators typed by hand carry 1 of the weight: above a third, the "
                "result depends on opinions.",
            ],
        )
