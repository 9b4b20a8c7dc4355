"""The published rows against a slow reading of FORMULAS.md, from the ballots."""

from collections import defaultdict
from fractions import Fraction
from math import floor, sqrt
from random import Random

from odoo.tests import tagged

from .survey_common import SurveyCase

K = 5


def mean(marks):
    return Fraction(sum(marks), len(marks))


def half_up(value, digits=0):
    return floor(value * 10**digits + Fraction(1, 2)) / 10**digits


@tagged("post_install", "-at_install")
class TestCountReference(SurveyCase):
    """Nothing of ``tools/`` is used here: lists, loops and fractions."""

    def random_ballots(self, seed):
        rng = Random(seed)
        ballots = []
        units = list(self.campaign.unit_ids.sorted("id"))  # in the order of creation
        habits = [rng.sample(units, 4) for _unit in units]
        for unit, usual in zip(units, habits, strict=True):
            for _person in range(rng.choice((3, 6, 9, 14))):
                marks = {
                    other: [
                        rng.randint(1, 10) if rng.random() < 0.9 else None
                        for _criterion in self.criteria
                    ]
                    for other in rng.sample(units, 2) + rng.sample(usual, 3)
                }
                votes = rng.sample(list(self.people[units[0]]), 2)
                ballots.append(self.ballot(unit, marks, votes=votes))
        rng.shuffle(ballots)
        return ballots

    def marks_of(self, ballots):
        """One line per respondent and unit: rater, rated, marks by criterion."""
        submitted = defaultdict(int)
        for ballot in ballots:
            submitted[ballot["unit"]] += 1
        for ballot in ballots:
            for rating in ballot["ratings"]:
                if rating["marks"]:
                    unit, rated = ballot["unit"], rating["unit"]
                    rater = unit if submitted[unit] >= K else False
                    marks = {int(c): m for c, m in rating["marks"].items()}
                    yield unit == rated, rater, rated, marks

    def test_random_campaigns(self):
        for seed in range(4):
            campaign = self._create_campaign(f"Random {seed}")
            self._set_state(self.campaign, "closed")
            self.campaign = campaign
            self._run(campaign)
            self._name_units(campaign)
            ballots = self.random_ballots(seed)
            self.count(ballots, campaign)
            lines = list(self.marks_of(ballots))
            with self.subTest(seed=seed):
                self.check_scores(lines)
                self.check_cells(lines)
                self.check_criteria(lines)
                self.check_best(ballots)

    def rows(self, model, path="campaign_id"):
        return self.env[model].search([(path, "=", self.campaign.id)])

    def check_figure(self, row, marks):
        """A shown figure is the mean of at least k, a hidden one is not there."""
        if row.is_hidden:
            self.assertFalse(row.respondents or row.score)
            return
        self.assertGreaterEqual(len(marks), K)
        self.assertEqual(row.respondents, len(marks))
        self.assertEqual(row.score, half_up(mean(marks), 2))

    def check_scores(self, lines):
        scores = {}
        for row in self.rows("kpi.survey.result"):
            marks = [
                mean(list(marks.values()))
                for own, _rater, rated, marks in lines
                if not own and row.unit_id.id in (False, rated)
            ]
            if row.has_score or row.is_hidden:
                self.check_figure(row, marks)
            else:
                self.assertFalse(marks)
            if row.has_score:
                middle = mean(marks)
                spread = sum((mark - middle) ** 2 for mark in marks)
                margin = 1.96 * sqrt(spread / (len(marks) - 1) / len(marks))
                self.assertAlmostEqual(row.margin, margin, delta=0.0051)
                self.assertAlmostEqual(row.total, float(sum(marks)), 6)
                band = row.band_id
                self.assertTrue(band.mark_from <= half_up(middle) <= band.mark_to)
                if row.unit_id.kind == "head_office":
                    scores[row] = row.score
        for row, score in scores.items():
            better = sum(other > score for other in scores.values())
            self.assertEqual(row.rank, better + 1)

    def check_cells(self, lines):
        found = set()
        for cell in self.rows("kpi.survey.cell"):
            key = cell.kind, cell.rater_id.id, cell.rated_id.id
            self.assertNotIn(key, found)
            found.add(key)
            marks = [
                mean(list(marks.values()))
                for own, rater, rated, marks in lines
                if (cell.kind == "own") == own
                and (cell.kind in ("column", "total", "own") or rater == key[1])
                and (cell.kind in ("row", "total") or rated == key[2])
            ]
            self.check_figure(cell, marks)
        expected = {("total", False, False)}
        for own, rater, rated, _marks in lines:
            if own:
                expected.add(("own", rated, rated))
            else:
                expected.add(("cell", rater, rated))
                expected.add(("row", rater, False))
                expected.add(("column", False, rated))
        self.assertEqual(found, expected)
        self.check_lines(lines)

    def check_lines(self, lines):
        """People behind the hidden cells of a line: none or k (FORMULAS.md)."""
        people = defaultdict(int)
        for own, rater, rated, _marks in lines:
            people[rater, rated] += not own
        cells = self.rows("kpi.survey.cell")
        hidden = cells.filtered("is_hidden")
        for margin in cells.filtered(lambda c: c.kind in ("row", "column")):
            if margin.is_hidden:
                continue  # nothing can be subtracted from it
            column = margin.kind == "column"
            gone = [
                people[cell.rater_id.id, cell.rated_id.id]
                for cell in hidden
                if cell.kind == "cell"
                and (
                    cell.rated_id == margin.rated_id
                    if column
                    else cell.rater_id == margin.rater_id
                )
            ]
            if gone:
                self.assertGreaterEqual(sum(gone) if column else max(gone), K)

    def check_criteria(self, lines):
        found = 0
        for row in self.rows("kpi.survey.result.criterion", "result_id.campaign_id"):
            unit = row.result_id.unit_id.id
            marks = [
                marks[row.criterion_id.id]
                for own, _rater, rated, marks in lines
                if own == (row.view == "own")
                and unit in (False, rated)
                and row.criterion_id.id in marks
            ]
            self.check_figure(row, marks)
            found += len(marks)
        # Each mark by others is in its unit's row and in the company's.
        self.assertEqual(
            found, sum(len(marks) * (1 if own else 2) for own, *_, marks in lines)
        )

    def check_best(self, ballots):
        votes = defaultdict(int)
        for ballot in ballots:
            for employee in ballot["votes"]:
                votes[employee] += 1
        expected = {
            (employee, count, 1 + sum(other > count for other in votes.values()))
            for employee, count in votes.items()
            if count >= K
        }
        self.assertEqual(
            {
                (row.employee_id.id, row.votes, row.place)
                for row in self.rows("kpi.survey.best")
            },
            expected,
        )
