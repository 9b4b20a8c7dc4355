from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command

from odoo.addons.kpi_quality.models.kpi_reader import Figure
from odoo.addons.kpi_quality.tools.window import Window

from .survey_common import SurveyCase

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
DAY = date(2025, 11, 21)


class TestInternalService(SurveyCase):
    """IT is rated 6, 7 and 8 by three people, HR 9 by two; Finance is hidden.

    The company knows all marks: 21 + 18 and Finance's 4 + 4, of 7 ratings.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls.env.ref(
            "kpi_internal_survey.kpi_indicator_internal_service"
        )
        cls.whole = cls.result(cls.campaign, None, [6, 7, 8, 9, 9, 4, 4])
        cls.of_it = cls.result(cls.campaign, cls.it, [6, 7, 8])
        cls.of_hr = cls.result(cls.campaign, cls.hr, [9, 9])
        cls.of_finance = cls.env["kpi.survey.result"].create(
            {
                "campaign_id": cls.campaign.id,
                "company_id": cls.company.id,
                "unit_id": cls.finance.id,
                "department_id": cls.department_finance.id,
                "is_hidden": True,
            }
        )
        cls._set_state(cls.campaign, "published")

    @classmethod
    def result(cls, campaign, unit, marks):
        return cls.env["kpi.survey.result"].create(
            {
                "campaign_id": campaign.id,
                "company_id": campaign.company_id.id,
                "unit_id": unit and unit.id,
                "department_id": unit and unit.department_id.id,
                "respondents": len(marks),
                "total": sum(marks),
                "squares": sum(mark * mark for mark in marks),
                "score": sum(marks) / len(marks),
                "has_score": True,
            }
        )

    @classmethod
    def measure(cls, date_from=YEAR[0], date_to=YEAR[1]):
        engine = cls.env["kpi.engine"]
        window = Window(date_from, date_to, engine._now())
        engine._measure(cls.indicator, window)
        return cls.env["kpi.measurement"].search(
            [
                ("indicator_id", "=", cls.indicator.id),
                ("company_id", "=", cls.company.id),
            ],
            order="date, department_id, id",
        )

    def fact(self, department=None, date_from=YEAR[0], date_to=YEAR[1]):
        figure = Figure(
            self.indicator.id,
            self.company.id,
            date_from,
            date_to,
            "department" if department else "company",
            department_id=department and department.id,
        )
        return self.env["kpi.reader"]._read_facts([figure])[figure]

    def card_line(self, department, user=None):
        """The scorecard of somebody in a department, who answers for its mark."""
        employee = self.env["hr.employee"].create(
            {
                "name": f"Head of {department.name}",
                "company_id": self.company.id,
                "department_id": department.id,
                "user_id": user and user.id,
                "date_version": "2024-01-01",
            }
        )
        matrix = self.env["kpi.matrix"].create(
            {
                "name": employee.name,
                "company_id": self.company.id,
                "period_kind": "year",
                "line_ids": [
                    Command.create(
                        {
                            "indicator_id": self.indicator.id,
                            "scope": "department",
                            "weight": 1,
                            "base": 5,
                            "plan": 7,
                            "challenge": 9,
                        }
                    )
                ],
                "assignment_ids": [Command.create({"employee_id": employee.id})],
            }
        )
        period = self.env["kpi.period"].search(
            [("company_id", "=", self.company.id)]
        ) or self.env["kpi.period"].create(
            {
                "kind": "year",
                "date_from": YEAR[0],
                "company_id": self.company.id,
            }
        )
        self.env["kpi.scorecard"]._generate(period)
        card = self.env["kpi.scorecard"].search([("matrix_id", "=", matrix.id)])
        card.line_ids._refresh_facts()
        return card.line_ids

    def documents(self, figure, user=None):
        return (
            self.env["kpi.document"]
            .with_context(kpi_figure_model=figure._name, kpi_figure_id=figure.id)
            .with_user(user or self.env.user)
        )

    # ------------------------------------------------------------------ figures
    def test_a_row_for_each_unit_shown_and_one_for_the_rest(self):
        rows = self.measure()
        self.assertEqual(set(rows.mapped("date")), {DAY})
        self.assertEqual(
            {
                row.department_id: (
                    row.numerator,
                    row.denominator,
                    row.squares,
                    row.sample,
                )
                for row in rows
            },
            {
                self.department_it: (21, 3, 149, 3),
                self.department_hr: (18, 2, 162, 2),
                self.env["hr.department"]: (8, 2, 32, 2),
            },
        )

    def test_the_company_has_the_mean_of_all_marks(self):
        self.measure()
        fact = self.fact()
        self.assertAlmostEqual(fact.value, 47 / 7, 9)
        self.assertEqual(fact.sample, 7)

    def test_a_hidden_unit_has_no_figure(self):
        self.measure()
        fact = self.fact(self.department_finance)
        self.assertEqual((fact.value, fact.reason), (None, "no_measurement"))

    def test_without_the_company_row_nothing_is_told_of_the_rest(self):
        self.whole.is_hidden = True
        self.measure()
        self.assertEqual(self.fact().value, 39 / 5)

    def test_nothing_is_left_when_all_units_are_shown(self):
        self.whole.write({"respondents": 5, "total": 39, "squares": 311})
        self.assertNotIn(
            self.env["hr.department"], self.measure().mapped("department_id")
        )
        self.assertEqual(len(self.measure()), 2)

    def test_only_what_is_published_counts(self):
        for state in ("running", "closed"):
            with self.subTest(state):
                self._set_state(self.campaign, state)
                self.assertFalse(self.measure())
        self._set_state(self.campaign, "published")
        self.assertEqual(len(self.measure()), 3)

    def test_publishing_measures_at_once(self):
        self._set_state(self.campaign, "closed")
        self.assertIsNone(self.fact().value)
        self.campaign.is_counted = True
        self.campaign.with_user(self.manager).action_publish()
        self.assertAlmostEqual(self.fact().value, 47 / 7, 9)

    def test_a_closed_month_holds_no_mark_back_from_the_year_but_the_year_does(self):
        for kind, date_from, value in (
            ("month", "2025-11-01", 7),
            ("year", "2025-01-01", None),
        ):
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                period = self.env["kpi.period"].create(
                    {
                        "kind": kind,
                        "date_from": date_from,
                        "company_id": self.company.id,
                    }
                )
                self._set_state(self.campaign, "closed")
                period.action_measure()
                self.campaign._set_state("published")
                self.assertEqual(self.fact(self.department_it).value, value)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_two_cycles_of_a_year_are_one_mean_of_all_marks(self):
        spring = self._create_campaign("Spring", date_from="2025-05-01")
        spring.date_to = "2025-05-20"
        before = self._create_campaign("Before", date_from="2024-11-01")
        before.date_to = "2024-12-31"
        for campaign, marks in ((spring, [10]), (before, [1])):
            unit = self.env["kpi.survey.unit"].create(
                {
                    "campaign_id": campaign.id,
                    "department_id": self.department_it.id,
                    "name": "It",
                    "kind": "head_office",
                }
            )
            self.result(campaign, unit, marks)
            self._set_state(campaign, "published")
        self.measure(date(2024, 1, 1))
        self.assertEqual(self.fact(self.department_it).value, 31 / 4)
        self.assertEqual(self.fact(self.department_it, date(2025, 6, 1)).value, 7)
        last_year = (date(2024, 1, 1), date(2024, 12, 31))
        self.assertEqual(self.fact(self.department_it, *last_year).value, 1)

    def test_the_interval_is_that_of_the_marks(self):
        """100 marks 6 and 100 marks 8: 7 +- 1.96 sqrt(200 / 199 / 200) = 0.1389."""
        self.of_it.write({"respondents": 200, "total": 1400, "squares": 10000})
        self.measure()
        fact = self.fact(self.department_it)
        self.assertEqual(fact.value, 7)
        self.assertAlmostEqual(fact.margin, 0.1389, 4)

    # --------------------------------------------------------- units and their parts
    def test_a_unit_holds_no_unit_below_it(self):
        self.department_hr.parent_id = self.department_it
        self.measure()
        self.assertEqual(self.fact(self.department_it).value, 7)
        self.assertEqual(self.card_line(self.department_it).fact, 7)
        self.assertEqual(self.card_line(self.department_hr).fact, 9)

    def test_a_part_answers_for_the_mark_of_its_unit(self):
        """DESIGN, 8: a unit's figure contains its parts that are no units."""
        part, below = self.env["hr.department"].create(
            [
                {"name": "Servers", "company_id": self.company.id},
                {"name": "Night shift", "company_id": self.company.id},
            ]
        )
        part.parent_id = self.department_it
        below.parent_id = part
        self.measure()
        line = self.card_line(below)
        self.assertEqual((line.fact, line.sample), (7, 3))
        self.assertEqual(self.documents(line).search([]).res_id, self.of_it.id)

    def test_a_part_of_a_hidden_unit_has_no_other_units_mark(self):
        part = self.env["hr.department"].create(
            {
                "name": "Treasury",
                "company_id": self.company.id,
                "parent_id": self.department_finance.id,
            }
        )
        self.department_finance.parent_id = self.department_it
        self.measure()
        self.assertFalse(self.card_line(part).has_fact)

    def test_a_department_outside_of_all_units_has_no_figure(self):
        alone = self.env["hr.department"].create(
            {"name": "Alone", "company_id": self.company.id}
        )
        self.measure()
        self.assertEqual(self.card_line(alone).no_data_reason, "no_measurement")

    # --------------------------------------------------------------- documents
    def test_behind_the_figure_stands_the_published_result(self):
        self.measure()
        line = self.card_line(self.department_it)
        documents = self.documents(line).search([])
        self.assertEqual(documents.mapped("res_model"), ["kpi.survey.result"])
        self.assertEqual(documents.res_id, self.of_it.id)
        self.assertEqual((documents.numerator, documents.denominator), (21, 3))
        self.assertEqual(documents.reference, "It · Cycle 1")
        action = self.documents(line).action_open_all()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), self.of_it
        )

    def test_who_may_not_see_results_opens_none(self):
        self.measure()
        line = self.card_line(self.department_it)
        with self.assertRaises(AccessError):
            self.documents(line, self.outsider).search([])
