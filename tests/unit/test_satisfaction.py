"""The indexes: FORMULAS' numbers, and a plain list of polls against the sums."""

from math import sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.const import ANSWERS, QUESTION_KINDS, SILENT_READINGS
from odoo.addons.kpi_quality.tools.satisfaction import (
    QUESTIONS,
    VALUES,
    interval,
    poll_value,
    silent_weight,
)

ANSWER_KEYS = [key for key, _name in ANSWERS]
POLLS = st.lists(st.sampled_from(ANSWER_KEYS), max_size=200)
INDEXES = st.sampled_from(sorted(VALUES))
WEIGHTS = st.floats(0, 1).map(lambda weight: round(weight, 3))


def values_of(index, answers, weight):
    return [poll_value(index, answer, weight) for answer in answers]


def sums(values):
    return len(values), sum(values), sum(value * value for value in values)


def index_of(index, weight, **counts):
    answers = [answer for answer, count in counts.items() for _number in range(count)]
    return interval(*sums(values_of(index, answers, weight)))


# ------------------------------------------------------------------- FORMULAS.md
@pytest.mark.parametrize(
    ("index", "value", "margin"),
    [
        ("dissatisfaction_staff", 11.00, 2.81),
        ("dissatisfaction_office", 11.00, 2.81),
        ("emotional_loyalty", 64.00, 6.47),
    ],
)
def test_four_hundred_polls(index, value, margin):
    found = index_of(index, 0.8, yes=300, no=12, unsure=48, silent=40)
    assert found.value * 100 == pytest.approx(value)
    assert found.margin * 100 == pytest.approx(margin, abs=0.005)


def test_four_hundred_polls_by_the_other_reading():
    """(12 + 0.2 x 40) / 400 and (300 - 12 - 0.2 x 40) / 400."""
    weight = silent_weight(0.8, "other_reasons")
    counts = {"yes": 300, "no": 12, "unsure": 48, "silent": 40}
    staff = index_of("dissatisfaction_staff", weight, **counts)
    loyalty = index_of("emotional_loyalty", weight, **counts)
    assert staff.value * 100 == pytest.approx(5.0)
    assert loyalty.value * 100 == pytest.approx(70.0)


def test_effective_weight():
    assert silent_weight(0.8, "published") == 0.8
    assert silent_weight(0.8, "other_reasons") == pytest.approx(0.2)
    with pytest.raises(ValueError, match="other"):
        silent_weight(0.8, "another")
    for reading, _name in SILENT_READINGS:
        assert 0 <= silent_weight(0.8, reading) <= 1


def test_every_question_and_answer_is_known():
    assert set(QUESTIONS.values()) == {key for key, _name in QUESTION_KINDS}
    assert set(QUESTIONS) == set(VALUES)
    for values in VALUES.values():
        assert set(values) == set(ANSWER_KEYS)


# --------------------------------------------------------------------- few polls
def test_no_polls_are_no_value():
    assert interval(0, 0, 0) is None


@pytest.mark.parametrize(("count", "known"), [(1, False), (29, False), (30, True)])
def test_too_few_to_say(count, known):
    found = interval(count, count, count)
    assert found.value == 1
    assert (found.margin is not None) == known


# --------------------------------------------------------------------- properties
@given(INDEXES, POLLS, WEIGHTS)
def test_like_a_plain_list(index, answers, weight):
    values = values_of(index, answers, weight)
    found = interval(*sums(values), least_cases=2)
    if not values:
        assert found is None
        return
    assert found.value == pytest.approx(fmean(values))
    if len(values) > 1:
        margin = 1.96 * sqrt(variance(values)) / sqrt(len(values))
        assert found.margin == pytest.approx(margin, abs=1e-7)


@given(INDEXES, POLLS.filter(bool), WEIGHTS)
def test_like_the_formula_in_words(index, answers, weight):
    yes, no, _unsure, silent = map(answers.count, ("yes", "no", "unsure", "silent"))
    if index == "emotional_loyalty":
        expected = (yes - no - weight * silent) / len(answers)
    else:
        expected = (no + weight * silent) / len(answers)
    found = interval(*sums(values_of(index, answers, weight)))
    assert found.value == pytest.approx(expected, abs=1e-12)


@given(INDEXES, POLLS.filter(bool), WEIGHTS)
def test_bounded(index, answers, weight):
    found = interval(*sums(values_of(index, answers, weight)), least_cases=2)
    assert (-1 if index == "emotional_loyalty" else 0) - 1e-9 <= found.value <= 1 + 1e-9
    assert found.margin is None or 0 <= found.margin <= 1.96


@given(INDEXES, POLLS.filter(bool), WEIGHTS, st.integers(0, 200))
def test_the_order_of_polls_and_their_parts_do_not_matter(index, answers, weight, cut):
    """Sums of parts are the sums of the whole: departments add up to the company."""
    parts = [
        sums(values_of(index, part, weight)) for part in (answers[:cut], answers[cut:])
    ]
    together = [sum(column) for column in zip(*parts, strict=True)]
    whole = interval(*sums(values_of(index, reversed(answers), weight)))
    found = interval(*together)
    assert found.value == pytest.approx(whole.value, abs=1e-12)
    assert (found.margin is None) == (whole.margin is None)


@given(POLLS.filter(bool), WEIGHTS)
def test_a_better_answer_is_never_worse(answers, weight):
    for index, rising in (("dissatisfaction_staff", -1), ("emotional_loyalty", 1)):
        before = interval(*sums(values_of(index, answers, weight))).value
        after = interval(*sums(values_of(index, ["yes", *answers[1:]], weight))).value
        assert rising * (after - before) >= -1e-12
