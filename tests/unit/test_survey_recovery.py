"""A program with all that is published tries to compute what is hidden.

It knows the rows of the matrix with its margins, of the profiles and of the company,
as the board reads them, and nothing else of this add-on: which sums add up to which is
written down here again. What is hidden are unknowns; an unknown that is the same in
every solution of the equations is found out. It fails for every figure of fewer than k
people, and succeeds when only those are hidden that are too small themselves.
"""

from collections import Counter
from functools import cache
from itertools import combinations
from unittest.mock import patch

import numpy as np
import pytest
from scipy.linalg import null_space
from scipy.optimize import linprog
from survey_ballots import CRITERIA, random_ballots

from odoo.addons.kpi_internal_survey.tools import figures as figures_tool
from odoo.addons.kpi_internal_survey.tools import suppression
from odoo.addons.kpi_internal_survey.tools.figures import Figures
from odoo.addons.kpi_internal_survey.tools.tally import checked, tally

K = 5
LOWEST, HIGHEST = 1, 10
TOLERANCE = 1e-7
SEEDS = range(25)


class Campaign:
    """A counted campaign: what is published (``rows``), and the truth."""

    def __init__(self, seed, **options):
        units, ballots = random_ballots(seed, **options)
        known = set(units), set(CRITERIA)
        self.ballots = [checked(b, *known, LOWEST, HIGHEST) for b in ballots]
        self.tally = tally(self.ballots, len(CRITERIA), K, 2, 10)
        self.figures = Figures(
            self.tally, dict.fromkeys(units, "head_office"), [(1, 10, 1)], K
        )
        self.rows = self._published()
        self.people = self._truth()

    def _published(self):
        """``(people, sum)`` by what it is of, None where it is hidden."""
        rows = {}
        for row in self.figures.cells():
            key = row["kind"], row["rater_id"], row["rated_id"]
            rows[key] = self._figure(row, row.get("respondents"), row.get("score"))
        for row in self.figures.criteria():
            key = "criterion", row["view"], row["unit_id"], row["criterion_id"]
            rows[key] = self._figure(row, row.get("respondents"), row.get("score"))
        for row in self.figures.results():
            if row["has_score"]:  # the exact sum instead of the rounded mean
                kind = "column" if row["unit_id"] else "total"
                key = kind, None, row["unit_id"]
                assert rows[key][0] == row["respondents"]
                rows[key] = row["respondents"], row["total"]
        return rows

    def _figure(self, row, people, score):
        return None if row["is_hidden"] else (people, people * score)

    def _truth(self):
        """How many people are behind each of them, counted from the ballots."""
        people = {}
        for ballot in self.ballots:
            unit = ballot["unit"]
            pooled = sum(b["unit"] == unit for b in self.ballots) < K
            rater = None if pooled else unit
            for rating in ballot["ratings"]:
                rated, own = rating["unit"], rating["unit"] == unit
                view = "own" if own else "others"
                keys = {("criterion", view, rated, c) for c in rating["marks"]}
                if own:
                    keys.add(("own", unit, unit))
                else:
                    keys |= {("criterion", view, None, c) for c in rating["marks"]}
                    keys.add(("cell", rater, rated))
                    keys.add(("column", None, rated))
                for key in keys:
                    people[key] = people.get(key, 0) + 1
        for key, count in list(people.items()):
            if key[0] == "cell":  # the same people in a row: at least the largest
                row = "row", key[1], None
                people[row] = max(people.get(row, 0), count)
        people["total", None, None] = sum(
            count for key, count in people.items() if key[0] == "row"
        )
        return people

    @property
    def secrets(self):
        """What nobody may find out: figures of fewer than k people."""
        return {key for key, count in self.people.items() if count < K}


def equations(rows):
    """Which figures add up to which, as ``{figure: factor}`` that come to 0.

    Criteria add up to the score where everybody marks all of them: not always true
    here, but an attacker would try.
    """

    def add(*keys):
        found.setdefault(keys[:-1], {})[keys[-1]] = factor

    found = {}
    for key in rows:
        kind = key[0]
        if kind == "cell":
            factor = 1
            add("row", key[1], key)
            add("column", key[2], key)
        elif kind == "row":
            factor = -1
            add("row", key[1], key)
            factor = 1
            add("rows", key)
        elif kind == "column":
            factor = -1
            add("column", key[2], key)
            factor = 1
            add("columns", key)
            factor = -len(CRITERIA)
            add("profile", "others", key[2], key)
        elif kind == "total":
            factor = -1
            add("rows", key)
            add("columns", key)
            factor = -len(CRITERIA)
            add("profile", "others", None, key)
        elif kind == "own":
            factor = -len(CRITERIA)
            add("profile", "own", key[1], key)
        elif kind == "criterion":
            _kind, view, unit, criterion = key
            factor = 1
            add("profile", view, unit, key)
            if view == "others":
                factor = 1 if unit else -1
                add("company", criterion, key)
    return found.values()


def unknowns_of(rows):
    return [key for key, figure in rows.items() if figure is None]


def recovered(rows):
    """The hidden figures that follow from what is shown."""
    unknowns = unknowns_of(rows)
    if not unknowns:
        return set()
    place = {key: number for number, key in enumerate(unknowns)}
    system = np.array(
        [
            [dict(equation).get(key, 0) for key in unknowns]
            for equation in equations(rows)
            if any(key in place for key in equation)
        ],
        dtype=float,
    )
    free = null_space(system)
    if not free.size:
        return set(unknowns)
    fixed = np.abs(free).max(axis=1) < TOLERANCE
    return {key for key, is_fixed in zip(unknowns, fixed, strict=True) if is_fixed}


def only_small_ones(cells, minimum, fixed=None):
    """What somebody would do who has not thought of subtraction."""
    table = suppression._Table(cells, minimum, fixed or {})
    with (
        patch.object(table, "_mend_lines", return_value=False),
        patch.object(table, "_mend_bridges", return_value=False),
    ):
        return table.protected()


@cache
def campaign(seed, skip):
    return Campaign(seed, skip=skip)


# --------------------------------------------------------------------- attacks
@pytest.mark.parametrize("skip", [0.0, 0.3])
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_small_is_shown(seed, skip):
    rows, people = campaign(seed, skip).rows, campaign(seed, skip).people
    assert {key for key in rows} == set(people)
    assert {key for key, figure in rows.items() if figure} & {
        key for key, count in people.items() if count < K
    } == set()


@pytest.mark.parametrize("skip", [0.0, 0.3])
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_is_recovered(seed, skip):
    attacked = campaign(seed, skip)
    assert attacked.secrets
    assert not recovered(attacked.rows) & attacked.secrets


def test_without_secondary_suppression_it_is_recovered():
    """The program is able to: so its failure above means something."""
    found = 0
    with patch.object(figures_tool, "suppress", only_small_ones):
        for seed in SEEDS:
            attacked = Campaign(seed, skip=0.3)
            found += bool(recovered(attacked.rows) & attacked.secrets)
    assert found > len(SEEDS) / 2


def test_recovered_figures_are_the_true_ones():
    """Not only does it say that it could: a cell of two people, to two decimals."""
    with patch.object(figures_tool, "suppress", only_small_ones):
        attacked = next(
            attacked
            for attacked in map(Campaign, SEEDS)
            if any(
                key[0] == "cell" and key[1]
                for key in recovered(attacked.rows) & attacked.secrets
            )
        )
    rows, lines = matrix_of(attacked)
    unknowns = unknowns_of(rows)
    left, right = system_of(rows, lines, unknowns)
    solution = np.linalg.lstsq(left, right)[0]
    sure = recovered(attacked.rows) & attacked.secrets
    key = next(key for key in unknowns if key in sure and key[0] == "cell" and key[1])
    true = attacked.tally.total_of(attacked.tally.cells[key[1:]])
    assert solution[unknowns.index(key)] == pytest.approx(float(true), abs=0.3)


# ------------------------------------------------------ sums of small groups
def matrix_of(attacked):
    """Rows and equations of the matrix alone, which hold exactly."""
    rows = {
        key: figure
        for key, figure in attacked.rows.items()
        if key[0] in ("cell", "row", "column", "total")
    }
    return rows, [line for line in equations(rows) if len(line) > 1]


def system_of(rows, lines, unknowns):
    """The equations as ``left x = right`` for the sums of what is hidden."""
    left = [[line.get(key, 0) for key in unknowns] for line in lines]
    right = [
        -sum(factor * rows[key][1] for key, factor in line.items() if rows[key])
        for line in lines
    ]
    return np.array(left, dtype=float), np.array(right)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_few_people_together_are_recovered(seed):
    """Two or three hidden cells of different units, fewer than k people in all."""
    attacked = campaign(seed, 0.0)
    rows, lines = matrix_of(attacked)
    unknowns = unknowns_of(rows)
    free = null_space(system_of(rows, lines, unknowns)[0])
    small = [
        number
        for number, key in enumerate(unknowns)
        if key[0] == "cell" and key in attacked.secrets
    ]
    for size in (2, 3):
        for group in combinations(small, size):
            people = Counter()
            for number in group:
                key = unknowns[number]
                people[key[1]] = max(people[key[1]], attacked.people[key])
            if people.total() < K:
                assert np.abs(free[list(group)].sum(axis=0)).max() > TOLERANCE


# -------------------------------------------------------------------- intervals
def intervals(attacked):
    """Between which means a hidden small cell lies, for who knows its people, too.

    Linear programming over all tables with marks from 1 to 10 that agree with what is
    shown, up to the rounding of the shown means.
    """
    rows, lines = matrix_of(attacked)
    unknowns = unknowns_of(rows)
    left, right = system_of(rows, lines, unknowns)
    blur = 0.005 * sum(figure[0] for figure in rows.values() if figure)
    sums = {
        "cell": lambda key: attacked.tally.cells[key[1:]],
        "row": lambda key: attacked.tally.rows()[key[1]],
        "column": lambda key: attacked.tally.columns()[key[2]],
        "total": lambda key: attacked.tally.total(),
    }
    people = [sums[key[0]](key).people for key in unknowns]
    problem = {
        "A_ub": np.vstack([left, -left]),
        "b_ub": np.concatenate([right + blur, blur - right]),
        "bounds": [(LOWEST * count, HIGHEST * count) for count in people],
    }
    for number, key in enumerate(unknowns):
        if key[0] == "cell" and key in attacked.secrets:
            aim = np.zeros(len(unknowns))
            aim[number] = 1
            low, high = linprog(aim, **problem).fun, -linprog(-aim, **problem).fun
            assert low - TOLERANCE <= float(
                attacked.tally.total_of(attacked.tally.cells[key[1:]])
            )
            yield (high - low) / people[number]


def test_hidden_cells_are_not_pinned_down():
    """Most may be anything from 1 to 10; the narrowest still over two marks apart."""
    widths = [width for seed in range(6) for width in intervals(campaign(seed, 0.0))]
    assert len(widths) > 50
    assert np.median(widths) == pytest.approx(HIGHEST - LOWEST)
    assert np.percentile(widths, 5) > 5
    assert min(widths) > 2
