from fractions import Fraction

import pytest

from odoo.addons.kpi_internal_survey.tools.significance import margin_of, signs_of


def sums(*marks):
    return len(marks), sum(marks), sum(mark * mark for mark in marks)


def matrix(marks):
    """Cells and their margins from single marks by (rater, rated)."""
    cells = {cell: sums(*values) for cell, values in marks.items()}
    rows, columns = {}, {}
    for (rater, rated), values in marks.items():
        rows.setdefault(rater, []).extend(values)
        columns.setdefault(rated, []).extend(values)
    return (
        cells,
        {rater: sums(*values) for rater, values in rows.items()},
        {rated: sums(*values) for rated, values in columns.items()},
    )


LOW, USUAL, HIGH = [3, 4, 3, 4, 3], [7, 8, 7, 6, 7], [9, 10, 9, 10, 9]


def usual():
    return {(i, j): USUAL for i in "abcd" for j in "abcd" if i != j}


def signs(**changes):
    return signs_of(*matrix(usual() | {tuple(key): v for key, v in changes.items()}))


def test_nothing_stands_out():
    assert signs() == {}


def test_conflict():
    assert signs(ab=LOW) == {("a", "b"): "conflict"}


def test_who_is_strict_with_everybody_has_no_conflict():
    assert signs(ab=LOW, ac=LOW, ad=LOW) == {}


def test_who_is_weak_for_everybody_has_no_conflict():
    assert signs(ab=LOW, cb=LOW, db=LOW) == {}


def test_praise_takes_two():
    assert signs(ab=HIGH) == {}
    assert signs(ab=HIGH, ba=HIGH) == {("a", "b"): "praise", ("b", "a"): "praise"}


def test_less_than_a_mark_is_no_conflict_however_sure():
    """100 marks of 6 against 7 everywhere: 0.9 below, and no doubt about it."""
    many = {cell: [7] * 95 + [8] * 5 for cell in usual()}
    many["a", "b"] = [6] * 85 + [7] * 15
    cells, rows, columns = matrix(many)
    assert signs_of(cells, rows, columns) == {}
    many["a", "b"] = [6] * 100
    assert signs_of(*matrix(many)) == {("a", "b"): "conflict"}


def test_wide_spread_is_no_conflict():
    assert signs(ab=[1, 10, 1, 10, 1]) == {}


def test_without_a_shown_margin_no_sign():
    cells, rows, columns = matrix(usual() | {("a", "b"): LOW})
    assert signs_of(cells, {k: v for k, v in rows.items() if k != "a"}, columns) == {}
    assert signs_of(cells, rows, {k: v for k, v in columns.items() if k != "b"}) == {}


def test_exact_sums_are_taken():
    cells, rows, columns = (
        {key: tuple(map(Fraction, values)) for key, values in part.items()}
        for part in matrix(usual() | {("a", "b"): LOW})
    )
    assert signs_of(cells, rows, columns) == {("a", "b"): "conflict"}


def test_margin():
    """Marks 6, 7, 8: s = 1, so 1.96 / sqrt(3)."""
    assert margin_of(*sums(6, 7, 8)) == pytest.approx(1.1316, abs=1e-4)
    assert margin_of(*sums(7)) is None
    assert margin_of(*sums(7, 7, 7)) == 0
