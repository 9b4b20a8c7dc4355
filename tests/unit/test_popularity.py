"""Popularity of departments, and visits divided among sellers."""

from datetime import date, datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from odoo.addons.kpi_quality.tools.popularity import (
    last_due,
    popularity,
    split_visits,
    worked_seconds,
)


@mark.parametrize(("observed", "visits"), [(85, 170), (90, 180)])
def test_two_hundred_visitors_after_a_study_of_a_hundred(observed, visits):
    assert 200 * popularity(observed, 100) == approx(visits)


def test_nobody_observed_is_no_popularity():
    assert popularity(0, 0) is None
    assert popularity(0, 100) == 0


def test_only_the_time_within_counts():
    day = [
        (datetime(2025, 3, 5, 9, 45), datetime(2025, 3, 5, 10, 15)),
        (datetime(2025, 3, 5, 10, 30), datetime(2025, 3, 5, 18, 0)),
    ]
    ten, eleven = datetime(2025, 3, 5, 10), datetime(2025, 3, 5, 11)
    assert worked_seconds(day, ten, eleven) == 45 * 60
    assert worked_seconds([], ten, eleven) == 0


def test_who_worked_twice_as_long_had_twice_the_visits():
    assert split_visits(170, {"a": 7200, "b": 3600, "c": 0}) == {
        "a": Fraction(340, 3),
        "b": Fraction(170, 3),
    }


def test_nobody_worked():
    assert split_visits(170, {"a": 0}) == {None: 170}


@given(
    st.integers(0, 10_000),
    st.dictionaries(st.integers(1, 9), st.integers(0, 3600)),
)
def test_parts_add_up(visits, seconds):
    assert sum(split_visits(visits, seconds).values()) == visits


@mark.parametrize(
    ("today", "due"),
    [
        (date(2025, 2, 27), None),
        (date(2025, 2, 28), date(2025, 2, 28)),
        (date(2025, 8, 30), date(2025, 2, 28)),
        (date(2025, 8, 31), date(2025, 8, 31)),
        (date(2027, 1, 1), date(2026, 8, 31)),
    ],
)
def test_due_twice_a_year(today, due):
    assert last_due(date(2024, 8, 31), today) == due
