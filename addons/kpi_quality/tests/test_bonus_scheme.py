from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from ..tools.curve import bonus_percent
from .bonus_common import KpiBonusCommon
from .common import NOW


@freeze_time(NOW)
class TestBonusScheme(KpiBonusCommon):
    def percents(self, scheme, *coefficients):
        return [round(bonus_percent(c, scheme._curve()), 6) for c in coefficients]

    # ---------------------------------------------------------------- curves
    def test_break_points_with_a_gate(self):
        """The table of FORMULAS.md: exactly 85 pays nothing, 85.01 pays 70.02."""
        self.assertEqual(
            self.percents(self.curve, 84.99, 85, 85.01, 90, 100, 110, 120, 140),
            [0, 0, 70.02, 80, 100, 130, 160, 160],
        )

    def test_order_of_the_points_does_not_matter(self):
        backwards = self.scheme(
            "Backwards", self.template, points=((120, 160), (85, 70), (100, 100))
        )
        self.assertEqual(self.percents(backwards, 90, 110), [80, 130])

    def test_without_a_gate(self):
        self.curve.has_gate = False
        self.assertEqual(self.percents(self.curve, 10, 85, 90), [70, 70, 80])

    def test_cap(self):
        self.curve.write({"has_cap": True, "cap": 120})
        self.assertEqual(self.percents(self.curve, 100, 106, 110), [100, 118, 120])

    def test_linear(self):
        linear = self.scheme(
            "Linear",
            self.template,
            points=((50, 0), (150, 200)),
            curve="linear",
            has_gate=False,
        )
        self.assertEqual(self.percents(linear, 40, 75, 100, 200), [0, 50, 100, 200])

    def test_power(self):
        power = self.scheme(
            "Power", self.template, points=(), curve="power", exponent=2, gate=50
        )
        self.assertEqual(self.percents(power, 50, 60, 100, 110), [0, 36, 100, 121])

    # ----------------------------------------------------------- bad curves
    def assertCurveRefused(self, words, points=((85, 70), (100, 100)), **values):
        with self.subTest(words), self.assertRefused(f"“Bad”: .*{words}"):
            self.scheme("Bad", self.template, points=points, **values)

    def test_bad_curves_are_refused_with_words(self):
        self.assertCurveRefused("add at least one point", points=())
        self.assertCurveRefused(
            "exactly two points", points=((1, 1), (2, 2), (3, 3)), curve="linear"
        )
        self.assertCurveRefused("exactly two points", points=((1, 1),), curve="linear")
        self.assertCurveRefused("exponent", points=(), curve="power", exponent=0)
        self.assertCurveRefused("exponent", points=(), curve="power", exponent=50)
        self.assertCurveRefused("cannot be negative", gate=-1)
        self.assertCurveRefused("cannot be negative", has_cap=True, cap=-1)
        self.assertCurveRefused("cannot be negative", points=((0, -5), (1, 2)))

    def test_two_points_with_one_coefficient(self):
        with self.assertRefusedBySql("every point needs its own"):
            self.scheme("Bad", self.template, points=((85, 70), (85, 100)))

    def test_a_premium_is_not_negative(self):
        for values in ({"premium_percent": -1}, {"premium_amount": -1}):
            with self.assertRefusedBySql("cannot be negative"):
                self.scheme("Bad", self.template, **values)

    def test_a_curve_without_points_computes_nothing(self):
        """Points deleted one by one, beside their scheme."""
        run = self.computed_run()
        self.curve.point_ids.unlink()
        with (
            self.assertNothingWritten("kpi.bonus.run", "kpi.bonus.run.line"),
            self.assertRaisesRegex(UserError, "“Sellers”: add at least one point"),
        ):
            run.action_compute()

    def test_names_are_unique(self):
        with self.assertRefusedBySql("has this name"):
            self.scheme("Sellers", self.template)

    def test_matrices_of_another_company_are_refused(self):
        other = self._create_company("Elsewhere")
        foreign = self.env["kpi.matrix"].create(
            {"name": "Foreign", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.curve.matrix_ids = [Command.link(foreign.id)]

    # -------------------------------------------------------------- the chart
    def test_the_chart_draws_what_is_paid(self):
        chart = self.curve.curve_data
        self.assertEqual(chart["gate"], 85)
        self.assertIsNone(chart["point"])
        for x, y in chart["line"]:
            if x != 85:  # the jump: nothing at the gate, 70 right of it
                self.assertAlmostEqual(self.percents(self.curve, x)[0], y, places=6)
        self.assertIn([85, 0], chart["line"])
        self.assertIn([85, 70], chart["line"])

    def test_the_chart_of_half_a_curve_is_empty(self):
        unfinished = self.env["kpi.bonus.scheme"].new({"curve": "linear"})
        self.assertFalse(unfinished.curve_data)
