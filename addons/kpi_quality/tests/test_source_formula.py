from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..exceptions import SourceError
from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestSourceFormula(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls, cls.deals = (
            cls.create_indicator(code, source="manual") for code in ("calls", "deals")
        )
        cls.quality = cls.create_indicator(
            "quality", source="manual", aggregation="ratio", unit="percent"
        )

    def _formula(self, formula, code="calculated", **values):
        return self.create_indicator(code, source="formula", formula=formula, **values)

    def _type(self, indicator, employee, numerator, denominator=0.0, **values):
        return self.env["kpi.measurement"].create(
            {
                "indicator_id": indicator.id,
                "date": "2025-03-05",
                "company_id": self.company.id,
                "employee_id": employee.id,
                "numerator": numerator,
                "denominator": denominator,
                **values,
            }
        )

    # --------------------------------------------------------------- values
    def test_over_the_figures_of_the_same_place_and_period(self):
        """20 deals by 80 calls of one, 30 by 20 of another: 0.25 and 1.5, and
        50 by 100 of both, not the mean of the two."""
        formula = self._formula("deals / calls")
        for employee, deals, calls in (
            (self.seller, 20.0, 80.0),
            (self.seller_2, 30.0, 20.0),
        ):
            self._type(self.deals, employee, deals)
            self._type(self.calls, employee, calls)
        self._type(self.calls, self.picker, 900.0)
        self._type(self.calls, self.seller, 900.0, date="2025-02-28")
        self.assertEqual(self.fact(formula, self.seller).value, 0.25)
        self.assertEqual(self.fact(formula, self.seller_2).value, 1.5)
        self.assertEqual(self.fact(formula, self.retail).value, 0.5)
        self.assertEqual(self.fact(formula, self.seller).sample, 2)

    def test_numerator_and_denominator_of_an_operand(self):
        """37 good of 50: the value is 74 %, its sums are 37 and 50."""
        self._type(self.quality, self.seller, 37.0, 50.0)
        for formula, value in (
            ("quality", 74.0),
            ("quality.numerator", 37.0),
            ("quality.denominator", 50.0),
            ("quality.numerator / quality.denominator * 100 - quality", 0.0),
            ("max(quality, 80) + min(1, 2) - abs(-3) * 2 ** 2", 69.0),
            ("round(quality / 7, 2)", 10.57),
        ):
            with self.subTest(formula):
                indicator = self._formula(formula)
                self.assertAlmostEqual(
                    self.fact(indicator, self.seller).value, value, 9
                )
                indicator.unlink()

    def test_over_measured_sources(self):
        """400 of revenue by 2 orders."""
        formula = self._formula("revenue / orders_processed")
        for moment in ("2025-03-05", "2025-03-06"):
            self.order(f"{moment} 10:00", self.user_seller)
            self.invoice(moment, 200.0, self.user_seller)
        self.measure("revenue orders_processed calculated")
        self.assertEqual(self.fact(formula, self.seller).value, 200.0)

    def test_formula_over_a_formula(self):
        inner = self._formula("deals / calls", "inner")
        outer = self._formula("inner * 100", "outer")
        self._type(self.deals, self.seller, 20.0)
        self._type(self.calls, self.seller, 80.0)
        self.assertEqual(self.fact(outer, self.seller).value, 25.0)
        self.assertEqual(outer._formula_parts(), self.deals | self.calls)
        self.assertEqual(inner._formula_parts(), self.deals | self.calls)

    def test_same_operand_on_two_ways(self):
        self._formula("deals * 2", "left")
        self._formula("deals * 3", "right")
        top = self._formula("left + right + deals", "top")
        self._type(self.deals, self.seller, 10.0)
        self.assertEqual(self.fact(top, self.seller).value, 60.0)
        self.assertEqual(top._formula_parts(), self.deals)

    # -------------------------------------------------------------- no data
    def test_missing_operand_is_no_data(self):
        formula = self._formula("deals + calls")
        self._type(self.deals, self.seller, 20.0)
        fact = self.fact(formula, self.seller)
        self.assertEqual((fact.value, fact.reason), (None, "formula"))

    def test_zero_denominator_is_no_data(self):
        formula = self._formula("deals / calls")
        self._type(self.deals, self.seller, 20.0)
        self._type(self.calls, self.seller, 0.0)
        self.assertEqual(self.fact(formula, self.seller).reason, "formula")

    def test_missing_operand_of_a_nested_formula(self):
        self._formula("deals / calls", "inner")
        outer = self._formula("inner + 1", "outer")
        self.assertEqual(self.fact(outer, self.seller).reason, "formula")

    # ---------------------------------------------------------- definitions
    def test_what_cannot_be_read_is_refused(self):
        for formula, part in (
            (False, "cannot be read"),
            ("", "cannot be read"),
            ("deals +", "cannot be read"),
            ("deals; calls", ";"),
            ("__import__('os')", "'"),
            ("deals.__class__", "deals.__class__"),
            ("no_such_code / deals", "no_such_code"),
            ("deals / nothing + nobody", "nobody, nothing"),
            ("calculated + 1", "calculated"),
        ):
            with self.subTest(formula), self.assertRaises(ValidationError) as caught:
                with self.env.cr.savepoint():
                    self._formula(formula)
            self.assertIn(part, str(caught.exception))

    def test_circle_is_refused_and_shown(self):
        self._formula("deals", "one")
        self._formula("one", "two")
        three = self._formula("two", "three")
        with self.assertRaises(ValidationError) as caught:
            self.indicator("one").formula = "three"
        self.assertIn("one → three → two", str(caught.exception))
        self.assertEqual(three._formula_parts(), self.deals)

    def test_indicator_turned_into_a_formula_over_itself(self):
        self._formula("deals", "one")
        with self.assertRaises(ValidationError):
            self.deals.write({"source": "formula", "formula": "one"})

    def test_circle_in_the_database_is_an_error_and_no_endless_loop(self):
        """Written past the ORM: the reader goes on, the night says what is wrong."""
        one = self._formula("deals", "one")
        self._formula("one", "two")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kpi_indicator SET formula = 'two' WHERE id = %s", [one.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.fact(one, self.seller).reason, "formula")
        with self.assertRaises(SourceError) as caught, self.env.cr.savepoint():
            self.measure("one")
        self.assertEqual(caught.exception.hint, "definition")

    def test_renamed_operand_is_an_error_with_its_name(self):
        formula = self._formula("deals / calls")
        self.calls.code = "phone_calls"
        self.assertEqual(self.fact(formula, self.seller).reason, "formula")
        with self.assertRaises(SourceError) as caught, self.env.cr.savepoint():
            self.measure("calculated")
        self.assertEqual(caught.exception.hint, "definition")
        self.assertIn("calls", str(caught.exception))

    def test_formula_clears_its_error_when_it_is_right_again(self):
        formula = self._formula("deals / calls")
        formula._record_error("wrong", "definition")
        self.measure("calculated")
        self.assertRecordValues(
            formula, [{"error_message": False, "error_hint": False}]
        )

    def test_formula_measures_nothing_itself(self):
        self._formula("deals")
        self.assertEqual(self.measure("calculated"), (0, 0, 0))
        self.assertFalse(self.atoms("calculated"))
