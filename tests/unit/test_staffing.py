"""Hours of the day with too few sellers."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from odoo.addons.kpi_quality.tools.staffing import (
    LEAST_DAYS,
    THIN,
    HourFigures,
    thin_stretches,
)


def hours(days=LEAST_DAYS, **coverage):
    """100 visits in each hour: ``h17=0.4`` are 40 attempts."""
    return [
        HourFigures(int(hour[1:]), 100 * share, 100, days)
        for hour, share in coverage.items()
    ]


def test_too_few_from_17_to_19():
    [stretch] = thin_stretches(
        hours(h10=0.9, h11=0.9, h16=0.8, h17=0.4, h18=0.3, h19=0.85)
    )
    assert stretch[:2] == (17, 19)
    assert stretch.coverage == approx(0.35)
    assert (stretch.visits, stretch.attempts) == (200, 70)


def test_exactly_80_percent_of_the_day_is_enough():
    # 0.8, 1.2: the day has 1.0.
    assert thin_stretches(hours(h10=0.8, h11=1.2)) == []
    [stretch] = thin_stretches(hours(h10=0.79, h11=1.2))
    assert stretch.hour_from == 10


def test_who_covers_everybody_is_not_thin():
    # Half of the day's figure, but every visitor was turned to.
    assert thin_stretches(hours(h10=1.0, h11=3.0)) == []


def test_an_hour_between_parts_the_stretches():
    found = thin_stretches(hours(h10=0.2, h11=0.9, h12=0.9, h13=0.9, h14=0.2))
    assert [stretch[:2] for stretch in found] == [(10, 11), (14, 15)]


def test_too_few_days_and_no_visits_say_nothing():
    assert thin_stretches([]) == []
    few = hours(days=LEAST_DAYS - 1, h18=0.0)
    assert thin_stretches(hours(h10=0.9, h11=0.9) + few) == []
    unvisited = HourFigures(20, 5, 0, 0)
    assert thin_stretches([unvisited]) == []


@given(
    st.dictionaries(
        st.integers(0, 23),
        st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 9)),
    )
)
def test_stretches_hold_exactly_the_thin_hours(figures):
    found = thin_stretches(
        [HourFigures(hour, *figure) for hour, figure in figures.items()]
    )
    known = {
        hour: (attempts, visits)
        for hour, (attempts, visits, days) in figures.items()
        if visits and days >= LEAST_DAYS
    }
    attempts, visits = (sum(pair[i] for pair in known.values()) for i in (0, 1))
    thin = {
        hour
        for hour, (tried, came) in known.items()
        if tried / came < THIN * attempts / visits and tried < came
    }
    assert {h for stretch in found for h in range(*stretch[:2])} == thin
    assert all(a.hour_to < b.hour_from for a, b in zip(found, found[1:], strict=False))
    for stretch in found:
        inside = [known[hour] for hour in range(*stretch[:2])]
        assert stretch.attempts == sum(pair[0] for pair in inside)
        assert stretch.visits == sum(pair[1] for pair in inside)
