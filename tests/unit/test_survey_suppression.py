"""FORMULAS.md, Anonymity: tables small enough to see, and the rules on random ones."""

from collections import Counter, defaultdict
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.kpi_internal_survey.tools.suppression import MARGIN, suppress

K = 5


def matrix(rows):
    """Cells with people by rater from lines of numbers; 0 is no data."""
    return {
        (i, f"c{j}"): {i: people}
        for i, row in enumerate(rows)
        for j, people in enumerate(row)
        if people
    }


def hide(rows):
    """The same lines with x for what is hidden, and the margins at the end."""
    cells = matrix(rows)
    hidden = suppress(cells, K)
    width = len(rows[0])

    def show(row, column, people):
        return "x" if (row, column) in hidden else people

    lines = [
        [
            *(show(i, f"c{j}", people) for j, people in enumerate(row)),
            show(i, MARGIN, "r"),
        ]
        for i, row in enumerate(rows)
    ]
    bottom = [show(MARGIN, f"c{j}", "c") for j in range(width)]
    return [*lines, [*bottom, show(MARGIN, MARGIN, "t")]]


def people_of(cells, entries):
    """The sum over raters of the rater's largest cell among the entries."""
    largest = Counter()
    for row, column in entries:
        for (i, j), by_rater in cells.items():
            if row in (i, MARGIN) and column in (j, MARGIN):
                for rater, people in by_rater.items():
                    largest[rater] = max(largest[rater], people)
    return largest.total()


def lines_of(cells):
    """All entries by extended row and column."""
    lines = defaultdict(set)
    for row, column in cells:
        for entry in (
            (row, column),
            (row, MARGIN),
            (MARGIN, column),
            (MARGIN, MARGIN),
        ):
            lines["row", entry[0]].add(entry)
            lines["column", entry[1]].add(entry)
    return lines


# ----------------------------------------------------------------- by hand
def test_nothing_to_hide():
    rows = [[5, 6], [7, 8]]
    assert hide(rows) == [[5, 6, "r"], [7, 8, "r"], ["c", "c", "t"]]


def test_a_small_cell_takes_three_more_with_it():
    """Alone it would be its row's margin minus the rest: a rectangle is hidden."""
    rows = [[4, 6, 9], [7, 8, 9], [9, 9, 9]]
    assert hide(rows) == [
        ["x", "x", 9, "r"],
        ["x", "x", 9, "r"],
        [9, 9, 9, "r"],
        ["c", "c", "c", "t"],
    ]


def test_people_of_a_row_are_its_largest_hidden_cell():
    """4 + 4 + 4 in a row may be the same four people: a fifth has to be there."""
    rows = [[4, 4, 4, 9], [4, 4, 4, 9], [9, 9, 9, 9]]
    assert hide(rows) == [
        ["x", "x", "x", "x", "r"],
        ["x", "x", "x", "x", "r"],
        [9, 9, 9, 9, "r"],
        ["c", "c", "c", "c", "t"],
    ]


def test_people_of_a_column_are_all_of_its_hidden_cells():
    """3 + 3 in a column are six people: enough; their rows need one more each."""
    rows = [[3, 6, 9], [3, 6, 9], [9, 9, 9]]
    assert hide(rows) == [
        ["x", "x", 9, "r"],
        ["x", "x", 9, "r"],
        [9, 9, 9, "r"],
        ["c", "c", "c", "t"],
    ]


def test_a_unit_of_few_raters_has_no_score():
    """And the smallest other score goes too, or it would be the company's rest."""
    rows = [[2, 9, 9], [1, 9, 8], [0, 9, 9]]
    hidden = suppress(matrix(rows), K)
    assert (MARGIN, "c0") in hidden
    assert len({(MARGIN, "c1"), (MARGIN, "c2")} & hidden) == 1
    assert (MARGIN, MARGIN) not in hidden


def test_no_data_is_not_hidden():
    assert (0, "c0") not in suppress(matrix([[0, 4, 9], [6, 6, 6], [7, 7, 7]]), K)


def test_all_too_few():
    assert hide([[1, 2]]) == [["x", "x", "x"], ["x", "x", "x"]]


def test_nobody():
    assert suppress({}, K) == set()


def test_what_is_decided_elsewhere_stays():
    cells = matrix([[4, 6, 9], [7, 8, 9], [9, 9, 9]])
    fixed = {(0, MARGIN): True, (1, MARGIN): False, (2, "c2"): True}
    hidden = suppress(cells, K, fixed)
    assert {(0, MARGIN), (2, "c2")} <= hidden
    assert (1, MARGIN) not in hidden


def test_order_of_the_table_decides_nothing():
    cells = list(matrix([[6, 6, 6, 4], [6, 6, 6, 6], [6, 6, 6, 6]]).items())
    expected = suppress(dict(cells), K)
    rng = Random(1)
    for _attempt in range(10):
        rng.shuffle(cells)
        assert suppress(dict(cells), K) == expected


# ------------------------------------------------------------------ always
tables = st.lists(
    st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=2, max_size=6
)


@given(tables)
@settings(max_examples=150, deadline=None)
def test_rules_hold(rows):
    cells = matrix(rows)
    hidden = suppress(cells, K)
    for line in lines_of(cells).values():
        for entry in line - hidden:
            assert people_of(cells, [entry]) >= K
        gone = line & hidden
        if line - hidden:
            assert not gone or people_of(cells, gone) >= K
        # One alone would be the rest of its line.
        assert len(gone) != 1


@given(tables, st.integers(3, 6))
@settings(max_examples=100, deadline=None)
def test_a_higher_limit_shows_no_more_cells_below_it(rows, limit):
    hidden = suppress(matrix(rows), limit)
    for cell, by_rater in matrix(rows).items():
        if sum(by_rater.values()) < limit:
            assert cell in hidden


@pytest.mark.parametrize("habit", [0.6, 0.9])
def test_a_large_campaign_takes_no_time(habit):
    """5,000 people of 120 units give 40,000 ratings, most to a dozen of units."""
    rng = Random(7)
    usual = {i: rng.sample(range(120), 12) for i in range(120)}
    cells = Counter()
    for person in range(5000):
        rater = person % 120
        for _rating in range(8):
            rated = rng.choice(usual[rater]) if rng.random() < habit else None
            rated = rng.randrange(120) if rated is None else rated
            if rated != rater:
                cells[rater, f"c{rated}"] += 1
    start = perf_counter()
    hidden = suppress({cell: {cell[0]: n} for cell, n in cells.items()}, K)
    assert perf_counter() - start < 3
    shown = [cell for cell in cells if cell not in hidden]
    enough = [cell for cell, people in cells.items() if people >= K]
    # Little more than what has to be hidden: one cell of each row.
    assert len(shown) > 0.85 * len(enough)
    assert not any((MARGIN, f"c{j}") in hidden for j in range(120))
