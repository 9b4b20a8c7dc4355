"""Score of one matrix line."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.score import (
    METHODS,
    ThresholdError,
    Thresholds,
    check_thresholds,
    score,
)

RISING = Thresholds(80, 100, 120)
FALLING = Thresholds(12, 4, 2)


@pytest.mark.parametrize(
    ("thresholds", "anchors", "fact", "expected"),
    [
        (RISING, (0, 100, 120), 79.99, 0),
        (RISING, (0, 100, 120), 80, 0),
        (RISING, (0, 100, 120), 90, 50),
        (RISING, (0, 100, 120), 100, 100),
        (RISING, (0, 100, 120), 110, 110),
        (RISING, (0, 100, 120), 120, 120),
        (RISING, (0, 100, 120), 150, 120),
        (FALLING, (0, 100, 120), 13, 0),
        (FALLING, (0, 100, 120), 12, 0),
        (FALLING, (0, 100, 120), 8, 50),
        (FALLING, (0, 100, 120), 4, 100),
        (FALLING, (0, 100, 120), 3, 110),
        (FALLING, (0, 100, 120), 2, 120),
        (FALLING, (0, 100, 120), 0, 120),
        (RISING, (50, 100, 150), 79, 0),
        (RISING, (50, 100, 150), 80, 50),
        (RISING, (50, 100, 150), 90, 75),
        (RISING, (50, 100, 150), 110, 125),
        (RISING, (50, 100, 150), 130, 150),
        # the lines of the example in "Performance coefficient"
        (Thresholds(4.0e6, 5.0e6, 5.5e6), (0, 100, 120), 4.6e6, 60),
        (Thresholds(20, 30, 35), (0, 100, 120), 27, 70),
        (Thresholds(80, 95, 100), (0, 100, 120), 92, 80),
        (Thresholds(5, 2, 1), (0, 100, 120), 2.5, 83.33333333333333),
    ],
)
def test_anchors(thresholds, anchors, fact, expected):
    assert score(fact, thresholds, "anchors", anchors) == pytest.approx(expected)


def test_anchors_0_100_120_are_the_default():
    assert score(110, RISING) == pytest.approx(110)


@pytest.mark.parametrize(("fact", "expected"), [(100, 100), (101, 100), (90, 50)])
def test_challenge_equal_to_plan_caps_at_the_score_of_the_plan(fact, expected):
    assert score(fact, Thresholds(80, 100, 100)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("fact", "expected"), [(80 - 1e-7, 50), (80 - 1e-5, 0), (80 + 1e-9, 50)]
)
def test_a_breath_below_the_base_is_at_the_base(fact, expected):
    assert score(fact, RISING, anchors=(50, 100, 150)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("thresholds", "fact", "expected"),
    [
        (RISING, 70, 0),
        (RISING, 80, 0),
        (RISING, 90, 50),
        (RISING, 100, 100),
        (RISING, 110, 150),
        (RISING, 120, 200),
        (RISING, 130, 200),
        (FALLING, 13, 0),
        (FALLING, 8, 50),
        (FALLING, 3, 112.5),
        (FALLING, 0, 125),  # (2 - 12) / (4 - 12)
        (Thresholds(80, 100, 100), 110, 100),
    ],
)
def test_from_base(thresholds, fact, expected):
    assert score(fact, thresholds, "from_base") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("thresholds", "fact", "expected"),
    [
        (RISING, -5, 0),
        (RISING, 0, 0),
        (RISING, 60, 60),
        (RISING, 90, 90),
        (RISING, 110, 110),
        (RISING, 130, 120),
        (FALLING, 16, 25),
        (FALLING, 8, 50),
        (FALLING, 4, 100),
        (FALLING, 3.2, 125),
        (FALLING, 1, 200),
        (FALLING, 0, 200),
        (FALLING, -1, 200),
        (Thresholds(0.2, 0.5, 0.8), 0.4, 80),
        (Thresholds(0.9, 0.5, 0.2), 0.4, 125),
        (Thresholds(0.9, 0.5, 0.2), 0.1, 250),
        # no share of a plan that is not above 0: distance from the base
        (Thresholds(5, 0, 0), 2.5, 50),
        (Thresholds(5, 0, 0), 0, 100),
        (Thresholds(5, 0, 0), 6, 0),
        (Thresholds(-10, 0, 5), -5, 50),
        (Thresholds(-10, 0, 5), 9, 150),
        (Thresholds(-10, -4, -1), -7, 50),
        # a challenge of 0 sets no limit to plan / fact: the cap from the base
        (Thresholds(12, 4, 0), 5, 80),
        (Thresholds(12, 4, 0), 3.2, 125),
        (Thresholds(12, 4, 0), 1, 150),
        (Thresholds(12, 4, 0), 0, 150),
    ],
)
def test_share_of_plan(thresholds, fact, expected):
    assert score(fact, thresholds, "share_of_plan") == pytest.approx(expected)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fact", [None, math.nan])
def test_no_fact_no_score(method, fact):
    assert score(fact, RISING, method) is None


@pytest.mark.parametrize(
    ("thresholds", "reason"),
    [
        ((80, 100, 120), None),
        ((80, 100, 100), None),
        ((12, 4, 2), None),
        ((12, 4, 4), None),
        ((-5, 0, 5), None),
        ((100, 100, 120), "base_equals_plan"),
        ((100, 100, 100), "base_equals_plan"),
        ((80, 100, 99), "wrong_order"),
        ((80, 100, 70), "wrong_order"),
        ((12, 4, 5), "wrong_order"),
        ((12, 4, 13), "wrong_order"),
        ((math.nan, 4, 2), "wrong_order"),
        ((12, 4, math.nan), "wrong_order"),
    ],
)
def test_check_thresholds(thresholds, reason):
    assert check_thresholds(Thresholds(*thresholds)) == reason


@pytest.mark.parametrize("method", METHODS)
def test_bad_thresholds_give_no_score(method):
    with pytest.raises(ThresholdError) as caught:
        score(90, Thresholds(80, 100, 90), method)
    assert caught.value.reason == "wrong_order"
    with pytest.raises(ThresholdError) as caught:
        score(None, Thresholds(80, 80, 90), method)
    assert caught.value.reason == "base_equals_plan"


def test_unknown_method():
    with pytest.raises(ValueError, match="guess"):
        score(90, RISING, "guess")


def test_direction():
    assert RISING.rising
    assert not FALLING.rising


# Whole numbers keep thresholds apart by at least 1, so a small step of the fact can
# only make a small step of the score.
values = st.integers(-1000, 1000)
facts = st.floats(-3000, 3000)
methods = st.sampled_from(METHODS)
all_anchors = st.lists(st.floats(0, 300), min_size=3, max_size=3).map(
    lambda anchors: tuple(sorted(anchors))
)


@st.composite
def all_thresholds(draw):
    low, middle, high = sorted(draw(st.lists(values, min_size=3, max_size=3)))
    if draw(st.booleans()):
        return Thresholds(low - 1, middle, high)
    return Thresholds(high + 1, middle, low)


@given(all_thresholds(), facts, facts, methods, all_anchors)
def test_a_better_fact_never_scores_less(thresholds, one, other, method, anchors):
    worse, better = sorted((one, other), reverse=not thresholds.rising)
    assert (
        score(worse, thresholds, method, anchors)
        <= score(better, thresholds, method, anchors) + 1e-9
    )


@given(all_thresholds(), facts, methods, all_anchors)
def test_score_lies_between_0_and_that_of_the_challenge(
    thresholds, fact, method, anchors
):
    best = score(thresholds.challenge, thresholds, method, anchors)
    assert 0 <= score(fact, thresholds, method, anchors) <= best + 1e-9


@given(all_thresholds(), all_anchors)
def test_anchors_are_hit(thresholds, anchors):
    base, plan, challenge = thresholds
    assert score(base, thresholds, "anchors", anchors) == anchors[0]
    assert score(plan, thresholds, "anchors", anchors) == anchors[1]
    if challenge != plan:
        assert score(challenge, thresholds, "anchors", anchors) == anchors[2]


@given(all_thresholds(), st.sampled_from(["from_base", "share_of_plan"]))
def test_plan_is_100(thresholds, method):
    assert score(thresholds.plan, thresholds, method) == pytest.approx(100)


@given(all_thresholds(), methods, all_anchors)
def test_no_jump_at_plan_and_challenge(thresholds, method, anchors):
    for point in (thresholds.plan, thresholds.challenge):
        scores = [
            score(fact, thresholds, method, anchors)
            for fact in (point - 1e-7, point, point + 1e-7)
        ]
        assert max(scores) - min(scores) < 1e-3


@given(all_thresholds(), facts, st.sampled_from(["anchors", "from_base"]))
def test_mirrored_thresholds_score_alike(thresholds, fact, method):
    mirrored = Thresholds(*(-value for value in thresholds))
    assert score(-fact, mirrored, method) == pytest.approx(
        score(fact, thresholds, method)
    )
