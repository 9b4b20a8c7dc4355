"""What is published of a count: rows, worked by hand (FORMULAS.md, Internal survey)."""

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .survey_common import SurveyCase


class CountCase(SurveyCase):
    def result(self, unit=None, campaign=None):
        return self.env["kpi.survey.result"].search(
            [
                ("campaign_id", "=", (campaign or self.campaign).id),
                ("unit_id", "=", unit.id if unit else False),
            ]
        )

    def cell(self, rater=None, rated=None, kind="cell"):
        return self.env["kpi.survey.cell"].search(
            [
                ("campaign_id", "=", self.campaign.id),
                ("kind", "=", kind),
                ("rater_id", "=", rater.id if rater else False),
                ("rated_id", "=", rated.id if rated else False),
            ]
        )

    def criterion(self, unit, key, view="others"):
        return self.env["kpi.survey.result.criterion"].search(
            [
                ("result_id", "=", self.result(unit).id),
                ("criterion_id.key", "=", key),
                ("view", "=", view),
            ]
        )

    def several(self, count, unit, marks, **values):
        return [self.ballot(unit, marks, **values) for _person in range(count)]

    def assertFigure(self, row, respondents, score):
        self.assertRecordValues(
            row, [{"respondents": respondents, "score": score, "is_hidden": False}]
        )

    def assertHidden(self, rows):
        """Neither the figure nor how many are behind it, here or in the table."""
        self.assertTrue(rows)
        for row in rows:
            row.env.cr.execute(
                f"SELECT is_hidden, respondents, score FROM {row._table} WHERE id = %s",
                row.ids,
            )
            self.assertEqual(row.env.cr.fetchone(), (True, None, None))


@tagged("post_install", "-at_install")
class TestCount(CountCase):
    # --------------------------------------------------------------- figures
    def test_score_is_the_mean_of_the_respondents(self):
        """Five times 7 and once (4 + 5 + 5 + 4) / 4 = 4.5: 39.5 / 6 = 6.58, a 7."""
        self.count(
            [
                *self.several(5, self.it, {self.hr: 7}),
                self.ballot(self.it, {self.hr: [4, 5, 5, 4]}),
            ]
        )
        self.assertRecordValues(
            self.result(self.hr),
            [
                {
                    "respondents": 6,
                    "total": 39.5,
                    "squares": 265.25,
                    "score": 6.58,
                    "margin": 0.82,
                    "band_id": self.campaign.band_ids.filtered(
                        lambda band: band.key == "meets"
                    ).id,
                    "rank": 1,
                    "is_hidden": False,
                    "has_score": True,
                    "department_id": self.department_hr.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertFigure(self.cell(self.it, self.hr), 6, 6.58)
        self.assertFigure(self.cell(rater=self.it, kind="row"), 6, 6.58)
        self.assertFigure(self.cell(rated=self.hr, kind="column"), 6, 6.58)
        self.assertFigure(self.cell(kind="total"), 6, 6.58)
        self.assertFigure(self.result(), 6, 6.58)

    def test_who_marks_fewer_criteria_weighs_as_much(self):
        """8 by one criterion and 6 by four: 7, not 6.4."""
        self.count(
            [
                *self.several(3, self.it, {self.hr: [8, None, None, None]}),
                *self.several(3, self.it, {self.hr: 6}),
            ]
        )
        self.assertEqual(self.result(self.hr).score, 7)

    def test_company_is_the_mean_of_all_marks_by_others(self):
        """15 marks of 8 and five of 4: 7, though the units' mean is 6."""
        self.count(
            [
                *self.several(5, self.it, {self.hr: 8, self.it: 10}),
                *self.several(5, self.risk, {self.hr: 8}),
                *self.several(5, self.legal, {self.hr: 8, self.it: 4}),
            ]
        )
        self.assertFigure(self.result(), 20, 7)
        self.assertRecordValues(
            self.result(self.it),
            [
                {
                    "score": 4,
                    "own_score": 10,
                    "own_respondents": 5,
                    "has_own_score": True,
                    "own_is_hidden": False,
                }
            ],
        )

    def test_no_data_is_not_too_few(self):
        self.count(self.several(5, self.it, {self.hr: 8}))
        self.assertRecordValues(
            self.result(self.legal),
            [{"has_score": False, "is_hidden": False, "has_own_score": False}],
        )
        self.assertFalse(self.cell(self.hr, self.it))
        self.assertEqual(
            len(self.campaign.unit_ids) + 1,
            self.env["kpi.survey.result"].search_count(
                [("campaign_id", "=", self.campaign.id)]
            ),
        )

    def test_only_the_head_office_is_ranked_and_ties_share(self):
        marks = {self.hr: 8, self.it: 9, self.legal: 8, self.risk: 7, self.north: 10}
        self.count(self.several(5, self.finance, marks))
        for unit, rank in (
            (self.it, 1),
            (self.hr, 2),
            (self.legal, 2),
            (self.risk, 4),
            (self.north, 0),
        ):
            self.assertEqual(self.result(unit).rank, rank, unit.name)

    def test_criteria(self):
        """HR: answers 8, responsibility 6, speed 4, respect by five of six: 10."""
        self.count(
            [
                *self.several(5, self.it, {self.hr: [8, 6, 4, 10]}),
                *self.several(6, self.it, {self.risk: 5}),
                self.ballot(self.it, {self.hr: [8, 6, 4, None]}),
                *self.several(5, self.hr, {self.hr: [9, 9, 9, 8]}),
            ]
        )
        self.assertFigure(self.criterion(self.hr, "answers"), 6, 8)
        self.assertFigure(self.criterion(self.hr, "respect"), 5, 10)
        self.assertFigure(self.criterion(self.hr, "respect", "own"), 5, 8)
        # The company's: six of 8 and six of 5.
        self.assertFigure(self.criterion(None, "answers"), 12, 6.5)

    # ------------------------------------------------------------- anonymity
    def test_fewer_than_five_are_hidden(self):
        self.count(
            [
                *self.several(6, self.it, {self.hr: 8, self.risk: 7, self.legal: 7}),
                *self.several(4, self.finance, {self.hr: 3, self.finance: 9}),
                *self.several(2, self.finance, {self.risk: 7, self.legal: 9}),
                *self.several(6, self.legal, {self.hr: 8, self.risk: 7}),
            ]
        )
        self.assertHidden(self.cell(self.finance, self.hr))
        self.assertHidden(self.cell(self.finance, self.finance, "own"))
        own = self.result(self.finance)
        self.assertRecordValues(
            own, [{"own_is_hidden": True, "has_own_score": False, "own_score": 0}]
        )
        self.assertHidden(self.criterion(self.finance, "speed", "own"))

    def test_a_hidden_score_has_neither_sums_nor_rank_nor_band(self):
        self.count(
            [
                *self.several(4, self.it, {self.hr: 9}),
                *self.several(6, self.it, {self.risk: 8, self.legal: 7}),
            ]
        )
        hidden = self.result(self.hr)
        self.assertHidden(hidden)
        self.env.cr.execute(
            """
            SELECT total, squares, margin, band_id, rank, has_score
            FROM kpi_survey_result
            WHERE id = %s
            """,
            hidden.ids,
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None, None, None, None, False))
        for key in ("answers", "responsibility", "speed", "respect"):
            self.assertHidden(self.criterion(self.hr, key))
        # One of the two others goes with it, or it would be the company's rest.
        others = self.result(self.risk) + self.result(self.legal)
        self.assertEqual(sorted(others.mapped("is_hidden")), [False, True])
        self.assertTrue(self.result().has_score)

    def test_small_units_rate_together(self):
        self.count(
            [
                *self.several(3, self.north, {self.hr: 6}),
                *self.several(4, self.south, {self.hr: 9}),
                *self.several(6, self.it, {self.hr: 8}),
            ]
        )
        self.assertFigure(self.cell(None, self.hr), 7, 7.71)
        self.assertFalse(self.cell(self.north, self.hr))
        self.assertFigure(self.result(self.hr), 13, 7.85)

    def test_a_criterion_of_few_is_hidden_with_another(self):
        """Two people marked "respect": the score less the other three would tell."""
        self.count(
            [
                *self.several(6, self.it, {self.hr: [8, 8, 7, None], self.risk: 8}),
                *self.several(2, self.it, {self.hr: [8, 8, 7, 1], self.risk: 8}),
                *self.several(6, self.risk, {self.hr: 8, self.legal: 8}),
            ]
        )
        self.assertFigure(self.criterion(self.hr, "respect"), 8, 6.25)
        self.count_again(
            [
                *self.several(6, self.it, {self.hr: [8, 8, 7, None], self.risk: 8}),
                *self.several(2, self.it, {self.hr: [8, 8, 7, 1], self.risk: 8}),
            ]
        )
        rows = self.result(self.hr).criterion_ids
        self.assertHidden(self.criterion(self.hr, "respect"))
        self.assertGreaterEqual(len(rows.filtered("is_hidden")), 2)
        self.assertTrue(self.result(self.hr).has_score)

    def count_again(self, ballots):
        for model in ("result", "cell", "best", "comment"):
            self.env[f"kpi.survey.{model}"].search(
                [("campaign_id", "=", self.campaign.id)]
            ).unlink()
        self.count(ballots)

    # ------------------------------------------------------- what stands out
    def test_conflict_and_praise(self):
        ballots = []
        units = self.it + self.hr + self.legal + self.risk
        for rater in units:
            for number in range(6):
                marks = dict.fromkeys(units - rater, 7 + number % 2)
                if rater == self.it:
                    marks[self.hr] = 2 + number % 2
                if rater in (self.legal, self.risk):
                    marks[(self.legal + self.risk) - rater] = 10 - number % 2
                ballots.append(self.ballot(rater, marks))
        self.count(ballots)
        self.assertEqual(self.cell(self.it, self.hr).sign, "conflict")
        self.assertEqual(self.cell(self.legal, self.risk).sign, "praise")
        self.assertEqual(self.cell(self.risk, self.legal).sign, "praise")
        signed = self.env["kpi.survey.cell"].search(
            [("campaign_id", "=", self.campaign.id), ("sign", "!=", False)]
        )
        self.assertEqual(len(signed), 3)

    # ---------------------------------------------------------- best, comments
    def test_best_need_five_votes_and_ties_share(self):
        first, second, third, fourth = self.people[self.hr][:4]
        self.count(
            [
                *self.several(6, self.it, {}, votes=first + second),
                self.ballot(self.risk, {}, votes=first + second + third),
                *self.several(5, self.risk, {}, votes=third),
                *self.several(4, self.legal, {}, votes=fourth),
            ]
        )
        rows = self.env["kpi.survey.best"].search(
            [("campaign_id", "=", self.campaign.id)]
        )
        self.assertEqual(
            {(row.employee_id, row.votes, row.place) for row in rows},
            {(first, 7, 1), (second, 7, 1), (third, 6, 3)},
        )
        self.assertEqual(rows.unit_id, self.hr)

    def test_who_has_been_deleted_is_not_the_best(self):
        missing = self.env["hr.employee"].browse(2**31 - 1)
        self.count(self.several(6, self.it, {self.hr: 7}, votes=missing))
        self.assertTrue(self.campaign.is_counted)
        self.assertFalse(
            self.env["kpi.survey.best"].search([("campaign_id", "=", self.campaign.id)])
        )

    def test_comments(self):
        def said(unit, mark, text):
            return self.ballot(self.it, {unit: mark}, comments={unit: text})

        self.count(
            [
                said(self.hr, [2, 10, 7, 7], "Low"),
                said(self.hr, [7, 10, 7, 7], "High"),
                said(self.hr, 7, "Plain"),
                said(self.it, 1, "About ourselves"),
                said(self.risk, 1, "Of few"),
                *self.several(5, self.finance, {self.hr: 7, self.legal: 7}),
            ]
        )
        rows = self.env["kpi.survey.comment"].search(
            [("campaign_id", "=", self.campaign.id)]
        )
        self.assertEqual(
            {(row.text, row.tone, row.unit_id, row.department_id) for row in rows},
            {
                ("Low", "low", self.hr, self.department_hr),
                ("High", "high", self.hr, self.department_hr),
                ("Plain", "plain", self.hr, self.department_hr),
                # A unit without a figure: its comments bear none, either.
                ("About ourselves", "plain", self.it, self.department_it),
                ("Of few", "plain", self.risk, self.department_risk),
            },
        )

    def test_comments_of_few_possible_writers_are_not_kept(self):
        """North is rated by none but its own four: they would know who wrote what."""
        few = self.ballot(self.north, {self.north: 7}, comments={self.north: "Few"})
        many = self.ballot(self.south, {self.south: 7}, comments={self.south: "Five"})
        mixed = self.ballot(self.west, {self.west: 7}, comments={self.west: "Mixed"})
        self.count(
            [
                *[few] * 4,
                *[many] * 5,
                *[mixed] * 4,
                *self.several(5, self.it, {self.west: 7}),
            ]
        )
        rows = self.env["kpi.survey.comment"].search(
            [("campaign_id", "=", self.campaign.id)]
        )
        self.assertEqual(
            {(row.unit_id, row.text) for row in rows},
            {(self.south, "Five"), (self.west, "Mixed")},
        )

    def test_a_comment_has_nothing_of_its_writer(self):
        self.assertEqual(
            {
                name
                for name, field in self.env["kpi.survey.comment"]._fields.items()
                if field.store
            },
            {"id", "campaign_id", "company_id", "unit_id", "department_id"}
            | {"tone", "text"},
        )

    # -------------------------------------------------------------- robustness
    def test_what_is_no_ballot_is_left_out(self):
        good = self.several(5, self.it, {self.hr: 7})
        bad = [None, {}, {"unit": 0, "ratings": [], "votes": []}]
        self._set_state(self.campaign, "closed")
        self.assertEqual(self.campaign._count([*bad, *good]), 3)
        self.assertFigure(self.result(self.hr), 5, 7)

    def test_nobody_answered(self):
        self.count([])
        self.assertTrue(self.campaign.is_counted)
        self.assertFalse(self.result().has_score)
        self.assertFalse(self.result().is_hidden)

    def test_a_campaign_is_counted_once(self):
        self.count(self.several(5, self.it, {self.hr: 7}))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.campaign._count(self.several(5, self.it, {self.hr: 7}))
