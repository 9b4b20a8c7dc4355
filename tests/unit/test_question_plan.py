"""Turns of questions: by hand for known calendars, by property for all others."""

from collections import Counter
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.question_plan import (
    free_days,
    stretch_around,
    turns,
)
from odoo.addons.kpi_quality.tools.stretch import Stretch

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))
LENGTHS = st.sampled_from(["decade", "week", "month"])


def days(first, last):
    return Stretch(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("length", "day", "expected"),
    [
        ("decade", "2025-03-01", days("2025-03-01", "2025-03-10")),
        ("decade", "2025-03-10", days("2025-03-01", "2025-03-10")),
        ("decade", "2025-03-11", days("2025-03-11", "2025-03-20")),
        ("decade", "2025-03-31", days("2025-03-21", "2025-03-31")),
        ("decade", "2025-02-21", days("2025-02-21", "2025-02-28")),
        ("decade", "2024-02-29", days("2024-02-21", "2024-02-29")),
        ("week", "2025-03-20", days("2025-03-17", "2025-03-23")),
        ("week", "2024-12-31", days("2024-12-30", "2025-01-05")),
        ("month", "2024-02-10", days("2024-02-01", "2024-02-29")),
        ("month", "2025-12-31", days("2025-12-01", "2025-12-31")),
    ],
)
def test_stretch_of_the_calendar(length, day, expected):
    assert stretch_around(length, date.fromisoformat(day)) == expected


def test_three_questions_take_the_decades_of_a_month_in_order():
    planned = turns("decade", date(2025, 3, 1), date(2025, 4, 10), 3)
    assert list(planned) == [
        (days("2025-03-01", "2025-03-10"), 0),
        (days("2025-03-11", "2025-03-20"), 1),
        (days("2025-03-21", "2025-03-31"), 2),
        (days("2025-04-01", "2025-04-10"), 0),
    ]


def test_plan_that_begins_and_ends_in_the_middle():
    planned = turns("week", date(2025, 3, 20), date(2025, 3, 25), 2)
    assert list(planned) == [
        (days("2025-03-20", "2025-03-23"), 0),
        (days("2025-03-24", "2025-03-25"), 1),
    ]


def test_no_day_is_no_turn():
    assert not list(turns("week", date(2025, 3, 2), date(2025, 3, 1), 2))


@given(LENGTHS, DAYS, st.integers(0, 500), st.integers(1, 6), st.text(max_size=5))
def test_turns_cover_each_day_once(length, start, more, questions, seed):
    stop = start + timedelta(days=more)
    planned = list(turns(length, start, stop, questions, seed))
    assert planned[0].days.date_from == start
    assert planned[-1].days.date_to == stop
    for turn, following in pairwise(planned):
        assert following.days.date_from == turn.days.date_to + timedelta(days=1)
        assert stretch_around(length, turn.days.date_to).date_to == turn.days.date_to


@given(LENGTHS, st.integers(1, 6), st.text(max_size=5))
def test_each_question_equally_often_over_a_round(length, questions, seed):
    planned = turns(length, date(2025, 1, 1), date(2030, 1, 1), questions, seed)
    rounds = islice(planned, questions * 4)
    places = [turn.place for turn in rounds]
    for begin in range(0, len(places), questions):
        assert Counter(places[begin : begin + questions]) == Counter(range(questions))


@given(st.text(max_size=5), st.integers(0, 300), st.integers(1, 300))
def test_what_is_drawn_does_not_depend_on_how_far_one_looks(seed, near, more):
    start = date(2025, 1, 1)

    def drawn(number):
        stop = start + timedelta(days=number)
        return [turn.place for turn in turns("week", start, stop, 4, seed)]

    assert drawn(near + more)[: len(drawn(near))] == drawn(near)


def test_seeds_draw_different_orders():
    orders = {
        tuple(
            turn.place
            for turn in turns("month", date(2025, 1, 1), date(2025, 12, 31), 4, seed)
        )
        for seed in "abcdefghij"
    }
    assert len(orders) > 5


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], [("2025-03-01", "2025-03-10")]),
        ([("2025-02-01", "2025-02-28")], [("2025-03-01", "2025-03-10")]),
        ([("2025-02-01", "2025-04-28")], []),
        ([("2025-02-01", "2025-03-01")], [("2025-03-02", "2025-03-10")]),
        (
            [("2025-03-08", "2025-03-09"), ("2025-03-03", "2025-03-03")],
            [
                ("2025-03-01", "2025-03-02"),
                ("2025-03-04", "2025-03-07"),
                ("2025-03-10", "2025-03-10"),
            ],
        ),
    ],
)
def test_free_days(taken, expected):
    wanted = days("2025-03-01", "2025-03-10")
    assert free_days(wanted, [days(*item) for item in taken]) == [
        days(*item) for item in expected
    ]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=6),
    st.integers(0, 40),
    st.integers(0, 20),
)
def test_free_days_are_the_difference_of_sets(others, first, more):
    origin = date(2025, 1, 1)

    def stretch(begin, length):
        return Stretch(
            origin + timedelta(days=begin), origin + timedelta(days=begin + length)
        )

    def members(stretches):
        return [
            item.date_from + timedelta(days=number)
            for item in stretches
            for number in range(item.days)
        ]

    wanted = stretch(first, more)
    taken = [stretch(*item) for item in others]
    left = members(free_days(wanted, taken))
    assert sorted(set(left)) == left
    assert set(left) == set(members([wanted])) - set(members(taken))
