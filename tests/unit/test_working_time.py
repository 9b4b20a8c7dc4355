"""Hours of work between two moments."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.working_time import WorkingTime

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2025, 6, 16)


def week(tz=timezone.utc, monday=MONDAY):
    """8-12 and 13-17, Monday to Friday."""
    return WorkingTime.of(
        (
            (monday + timedelta(days=day, hours=start)).replace(tzinfo=tz),
            (monday + timedelta(days=day, hours=start + 4)).replace(tzinfo=tz),
        )
        for day in range(5)
        for start in (8, 13)
    )


def at(day, hour, minute=0):
    return datetime(2025, 6, day, hour, minute)


@pytest.mark.parametrize(
    ("start", "stop", "hours"),
    [
        (at(16, 9), at(16, 11), 2),
        (at(16, 11), at(16, 14), 2),  # lunch
        (at(16, 12), at(16, 13), 0),
        (at(16, 16), at(17, 9), 2),  # night
        (at(16, 0), at(22, 0), 40),  # all of it
        (at(20, 15), at(22, 23), 2),  # weekend
        (at(15, 0), at(16, 8), 0),  # before any work is known
        (at(1, 0), at(30, 0), 40),
        (at(16, 11), at(16, 9), 0),  # the other way round
        (at(16, 9), at(16, 9), 0),
        (at(16, 9, 30), at(16, 9, 45), 0.25),
    ],
)
def test_hours(start, stop, hours):
    assert week().hours(start, stop) == pytest.approx(hours)


def test_no_work_at_all():
    assert WorkingTime.of([]).hours(at(16, 0), at(20, 0)) == 0


def test_stretches_become_utc():
    """8:00 in Berlin is 6:00 UTC in summer."""
    assert week(BERLIN).starts[0] == at(16, 6)
    assert week(BERLIN).hours(at(16, 6), at(16, 7)) == 1


# Stretches of work in minutes, with pauses between them; moments around them.
stretches = st.lists(
    st.tuples(st.integers(0, 90), st.integers(1, 90)), min_size=1, max_size=12
)
moments = st.integers(-100, 2400)


def worked(pauses_and_lengths):
    """Give the working time and the set of minutes worked."""
    minute, minutes, parts = 0, set(), []
    for pause, length in pauses_and_lengths:
        minute += pause
        parts.append((_moment(minute), _moment(minute + length)))
        minutes.update(range(minute, minute + length))
        minute += length
    return WorkingTime.of(
        (start.replace(tzinfo=timezone.utc), stop.replace(tzinfo=timezone.utc))
        for start, stop in parts
    ), minutes


def _moment(minute):
    return MONDAY + timedelta(minutes=minute)


@given(stretches, moments, moments)
def test_equals_a_count_minute_by_minute(parts, start, stop):
    time, minutes = worked(parts)
    expected = sum(minute in minutes for minute in range(start, stop)) / 60
    assert time.hours(_moment(start), _moment(stop)) == pytest.approx(expected)


@given(stretches, st.tuples(moments, moments, moments).map(sorted))
def test_adds_up_over_a_middle_moment(parts, sorted_moments):
    time, _minutes = worked(parts)
    start, middle, stop = map(_moment, sorted_moments)
    assert time.hours(start, middle) + time.hours(middle, stop) == pytest.approx(
        time.hours(start, stop)
    )


@given(stretches, moments, moments)
def test_never_more_than_calendar_hours(parts, start, stop):
    time, _minutes = worked(parts)
    hours = time.hours(_moment(start), _moment(stop))
    assert 0 <= hours <= max(stop - start, 0) / 60 + 1e-9


@given(stretches, moments, st.tuples(moments, moments).map(sorted))
def test_later_ends_are_not_shorter(parts, start, stops):
    time, _minutes = worked(parts)
    sooner, later = (time.hours(_moment(start), _moment(stop)) for stop in stops)
    assert sooner <= later + 1e-9
