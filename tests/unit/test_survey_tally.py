from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from survey_ballots import CRITERIA, random_ballots

from odoo.addons.kpi_internal_survey.tools.tally import (
    POOL,
    Sums,
    band_of,
    checked,
    places,
    rounded,
    tally,
    tone_of,
)

BANDS = [
    (10, 10, "far"),
    (9, 9, "exceeds"),
    (7, 8, "meets"),
    (5, 6, "partly"),
    (1, 4, "fails"),
]


def ballot(unit, ratings, votes=(), comments=None):
    """
    :param ratings: marks of criteria 1, 2, ... by rated unit
    """
    comments = comments or {}
    return {
        "unit": unit,
        "ratings": [
            {
                "unit": rated,
                "marks": {n: mark for n, mark in enumerate(marks, 1) if mark},
                "comment": comments.get(rated, ""),
            }
            for rated, marks in ratings.items()
        ],
        "votes": list(votes),
    }


def count(ballots, minimum=3, criteria=2):
    return tally(ballots, criteria, minimum, low_limit=2, high_limit=10)


def check_in(data):
    units = set(range(1, 10))
    return checked(data, units, set(CRITERIA), 1, 10)


# -------------------------------------------------------------- means and sums
def test_mark_of_a_respondent_is_the_mean_of_what_he_marked():
    """(7 + 8) / 2 = 7.5, and 6 alone: (7.5 + 6) / 2 = 6.75."""
    result = count([ballot(1, {2: [7, 8]}), ballot(1, {2: [None, 6]})])
    sums = result.columns()[2]
    assert sums.people == 2
    assert result.mean(sums) == Fraction("6.75")
    assert result.total_of(sums) == Fraction("13.5")
    assert result.squares_of(sums) == Fraction("92.25")


def test_own_people_are_left_out_of_the_score():
    result = count([ballot(1, {1: [10, 10], 2: [4, 4]}), ballot(2, {1: [6, 6]})])
    assert result.mean(result.columns()[1]) == 6
    assert result.mean(result.own[1]) == 10
    assert result.mean(result.total()) == 5


def test_company_score_is_the_mean_of_all_marks_by_others():
    """Three marks of 9 for one unit, one of 5 for another: 8, not 7."""
    result = count([*[ballot(1, {2: [9, 9]})] * 3, ballot(2, {3: [5, 5]})])
    assert result.mean(result.total()) == 8


def test_units_with_few_ballots_are_pooled():
    ballots = [*[ballot(1, {3: [8, 8]})] * 3, *[ballot(2, {3: [2, 2]})] * 2]
    result = count(ballots, minimum=3)
    assert {cell: sums.people for cell, sums in result.cells.items()} == {
        (1, 3): 3,
        (POOL, 3): 2,
    }


def test_a_ballot_counts_for_its_unit_whatever_it_rates():
    """Who rated the own unit only makes his unit big enough, too."""
    result = count([*[ballot(1, {1: [8, 8]})] * 2, ballot(1, {2: [8, 8]})], minimum=3)
    assert set(result.cells) == {(1, 2)}


def test_a_rating_without_a_mark_is_none():
    assert not count([ballot(1, {2: [None, None]})]).cells


def test_votes_are_counted_once_per_ballot():
    result = count([ballot(1, {}, votes=[7, 8]), ballot(2, {}, votes=[7, 7])])
    assert result.votes == {7: 2, 8: 1}


@pytest.mark.parametrize(
    ("marks", "tone"),
    [([2, 10], "low"), ([3, 10], "high"), ([3, 9], "plain"), ([], "plain")],
)
def test_tone(marks, tone):
    assert tone_of(marks, low_limit=2, high_limit=10) == tone


@given(st.integers(0, 10**6))
@settings(deadline=None)
def test_order_of_ballots_decides_nothing(seed):
    _units, ballots = random_ballots(seed, units=4, skip=0.2)
    ballots = [check_in(data) for data in ballots]
    for number, one in enumerate(ballots):
        for rating in one["ratings"]:
            rating["comment"] = f"{number % 3}"
    first = count(ballots, criteria=4)
    Random(seed + 1).shuffle(ballots)
    second = count(ballots, criteria=4)
    assert first == second


@given(st.integers(0, 10**6))
@settings(deadline=None)
def test_parts_add_up(seed):
    _units, ballots = random_ballots(seed, units=5, skip=0.3)
    result = count([check_in(data) for data in ballots], criteria=4)
    assert sum(result.rows().values(), Sums()) == result.total()
    assert sum(result.columns().values(), Sums()) == result.total()


# ------------------------------------------------------------------ the scale
@pytest.mark.parametrize(
    ("mean", "band"),
    [
        ("6.6", "meets"),
        ("6.5", "meets"),
        ("6.49", "partly"),
        ("8.5", "exceeds"),
        ("9.4999", "exceeds"),
        ("9.5", "far"),
        ("4.5", "partly"),
        ("1", "fails"),
    ],
)
def test_band_is_rounded_half_up(mean, band):
    assert band_of(Fraction(mean), BANDS) == band


def test_no_band_in_a_hole_of_the_scale():
    assert band_of(Fraction(9), BANDS[2:]) is None


def test_score_is_rounded_half_up():
    assert rounded(Fraction("7.085")) == 7.09
    assert rounded(Fraction("7.0849")) == 7.08


def test_equal_figures_share_a_place():
    assert places({"a": 7, "b": 9, "c": 7, "d": 6}) == {"b": 1, "a": 2, "c": 2, "d": 4}


# ------------------------------------------------------------ what is a ballot
GOOD = {"unit": 1, "ratings": [{"unit": 2, "marks": {"101": 5}, "comment": " a\0b "}]}


def test_good_ballot():
    assert check_in(GOOD) == {
        "unit": 1,
        "ratings": [{"unit": 2, "marks": {101: 5}, "comment": "ab"}],
        "votes": [],
    }


def rating(**values):
    return {**GOOD, "ratings": [{**GOOD["ratings"][0], **values}]}


@pytest.mark.parametrize(
    "data",
    [
        None,
        7,
        [],
        {},
        {**GOOD, "unit": 99},
        {**GOOD, "unit": []},
        {**GOOD, "ratings": 3},
        {**GOOD, "ratings": GOOD["ratings"] * 2},
        {**GOOD, "votes": ["x"]},
        {**GOOD, "votes": 5},
        rating(unit=99),
        rating(marks=None),
        rating(marks={"999": 5}),
        rating(marks={"x": 5}),
        rating(marks={"101": 11}),
        rating(marks={"101": 0}),
        rating(marks={"101": "5"}),
        rating(marks={"101": True}),
        rating(marks={"101": 5.5}),
        rating(comment=7),
    ],
)
def test_what_is_no_ballot(data):
    with pytest.raises(ValueError):
        check_in(data)


def test_half_a_character_stops_nobody():
    text = check_in(rating(comment="\ud800 x"))["ratings"][0]["comment"]
    assert text == "? x"
