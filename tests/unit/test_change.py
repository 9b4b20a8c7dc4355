"""The change of a figure from sums, against the raw values behind them."""

from math import sqrt
from statistics import NormalDist, fmean, variance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.change import (
    Cases,
    compare,
    mean_difference,
    share_difference,
    student_quantile,
    wilson,
)

HOURS = st.lists(
    st.floats(min_value=0, max_value=500, allow_subnormal=False).map(
        lambda hours: round(hours, 3)
    ),
    min_size=30,
    max_size=120,
)
MARKS = st.lists(st.sampled_from((0, 1)), min_size=30, max_size=120)


def cases(values, others=0):
    """The sums that are kept of raw values, among ``others`` that are no case."""
    return Cases(
        count=len(values),
        total=sum(values),
        squares=sum(value * value for value in values),
        items=len(values) + others,
    )


# --------------------------------------------------------------- the two intervals
@given(HOURS, HOURS)
def test_means_like_on_the_raw_values(before, after):
    parts = [variance(values) / len(values) for values in (before, after)]
    assume(sum(parts) > 1e-6)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(values) - 1)
        for part, values in zip(parts, (before, after), strict=True)
    )
    reach = student_quantile(freedom) * sqrt(sum(parts))
    middle = fmean(after) - fmean(before)
    low, high = mean_difference(cases(before), cases(after))
    assert low == pytest.approx(middle - reach, abs=1e-6)
    assert high == pytest.approx(middle + reach, abs=1e-6)


@given(MARKS)
def test_wilson_ends_are_where_the_share_is_just_believable(marks):
    """Wilson's ends solve |share - p| = z sqrt(p (1 - p) / n) for p."""
    share, count = fmean(marks), len(marks)
    z = NormalDist().inv_cdf(0.975)
    for end in wilson(cases(marks)):
        assert abs(share - end) == pytest.approx(
            z * sqrt(end * (1 - end) / count), abs=1e-7
        )


def test_shares_like_in_newcombes_paper():
    """Table II of the paper, method 10: 56/70 - 48/80 = 0.0524 to 0.3339."""
    low, high = share_difference(Cases(80, 48, 48, 80), Cases(70, 56, 56, 70))
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(10, 2.228139), (29, 2.045230), (60, 2.000298), (120, 1.979930)],
)
def test_students_table(freedom, quantile):
    assert student_quantile(freedom) == pytest.approx(quantile, abs=2e-5)


# --------------------------------------------------------------------- the verdict
@given(st.one_of(st.tuples(HOURS, HOURS), st.tuples(MARKS, MARKS)), st.booleans())
def test_verdict_follows_the_interval(stretches, rising):
    before, after = map(cases, stretches)
    change = compare(before, after, rising)
    difference = after.mean - before.mean
    assert change.low - 1e-9 <= difference <= change.high + 1e-9
    if change.verdict == "noise":
        assert change.low <= 0 <= change.high
    else:
        better = difference > 0 if rising else difference < 0
        assert change.verdict == ("improved" if better else "worse")


@given(st.one_of(st.tuples(HOURS, HOURS), st.tuples(MARKS, MARKS)))
def test_the_other_direction_is_the_other_verdict(stretches):
    before, after = map(cases, stretches)
    other = {"improved": "worse", "worse": "improved"}
    falling = compare(before, after, False)
    rising = compare(before, after, True)
    assert rising.verdict == other.get(falling.verdict, falling.verdict)
    assert rising[1:] == falling[1:]


@given(st.one_of(st.tuples(HOURS, HOURS), st.tuples(MARKS, MARKS)))
def test_back_again_undoes_it(stretches):
    before, after = map(cases, stretches)
    there, back = compare(before, after, True), compare(after, before, True)
    assert (there.low, there.high) == pytest.approx(
        (-back.high, -back.low), abs=1e-9, rel=1e-9
    )


@given(HOURS)
def test_nothing_changed_is_noise(values):
    assert compare(cases(values), cases(values), False).verdict == "noise"


@given(HOURS, HOURS, st.integers(min_value=0, max_value=50))
def test_documents_that_are_no_case_do_not_matter(before, after, others):
    assert compare(cases(before, others), cases(after), True) == compare(
        cases(before), cases(after), True
    )


def test_seeds_dock():
    """14 hours late on average, 8 after the dock was enlarged: an improvement."""
    before, after = cases([2, 14, 26] * 20), cases([2, 8, 14] * 20)
    change = compare(before, after, rising=False)
    assert change.verdict == "improved"
    # variances 97.627 and 24.407 by 60 each: 1.42615; t of 86.8 degrees: 1.98771
    reach = 1.98771 * 1.42615
    assert (change.low, change.high) == pytest.approx(
        (-6 - reach, -6 + reach), abs=1e-4
    )


def test_one_late_truck_is_noise():
    before, after = cases([0] * 58 + [40, 44]), cases([0] * 59 + [40])
    assert compare(before, after, rising=False).verdict == "noise"


@pytest.mark.parametrize(("count", "verdict"), [(29, "too_few"), (30, "improved")])
def test_too_few_to_say(count, verdict):
    few, many = cases([1] * count), cases([0] * 100)
    assert compare(few, many, rising=False).verdict == verdict
    assert compare(many, few, rising=True).verdict == verdict
    assert compare(Cases(0, 0, 0, 0), many, rising=True).verdict == "too_few"


def test_amounts_are_no_cases():
    """A share of revenue: 40 invoices of 100, divided by 8000 of the department."""
    own, better = Cases(8000, 4000, 400000, 40), Cases(8000, 6000, 900000, 40)
    assert compare(own, better, rising=True).verdict == "unknown"


def test_more_than_all_is_no_share():
    """Coverage over 100 %: more attempts than visits."""
    over = Cases(100, 130, 130, 230)
    assert compare(over, over, rising=True).verdict == "unknown"
