"""Lateness, and the parts of an inbound delay."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.delay import (
    InboundDelay,
    inbound_split,
    lateness_hours,
    receiving_hours,
)

MOSCOW = ZoneInfo("Europe/Moscow")  # UTC+3, no summer time
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 6, 20, 12)


def at(day, hour, minute=0, second=0):
    return datetime(2025, 6, day, hour, minute, second)


@pytest.mark.parametrize(
    ("promise", "done", "expected"),
    [
        (at(16, 10), at(16, 9), 0),
        (at(16, 10), at(16, 10), 0),
        (at(16, 10), at(16, 13), 3),
        (at(16, 10), at(17, 11, 30), 25.5),
        # the tolerance of a minute: below it nothing, from it on the whole
        (at(16, 10), at(16, 10, 0, 59), 0),
        (at(16, 10), at(16, 10, 1), 1 / 60),
        # open ones up to now
        (at(19, 12), None, 24),
        (at(20, 11, 59, 30), None, 0),
        (at(21, 12), None, 0),
        # what was done after the closing moment was open then
        (at(19, 12), at(25, 12), 24),
        # a day: met by any time of it
        (date(2025, 6, 16), at(16, 23, 59), 0),
        (date(2025, 6, 16), at(17, 0), 0),
        (date(2025, 6, 16), at(17, 2), 2),
        (date(2025, 6, 19), None, 12),
        (date(2025, 6, 20), None, 0),
    ],
)
def test_lateness(promise, done, expected):
    assert lateness_hours(promise, done, NOW) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tolerance", "expected"), [(0, 0.25), (15, 0.25), (15.1, 0), (60, 0)]
)
def test_tolerance(tolerance, expected):
    late = lateness_hours(at(16, 10), at(16, 10, 15), NOW, tolerance)
    assert late == pytest.approx(expected)


def test_without_tolerance_on_time_is_still_0():
    assert lateness_hours(at(16, 10), at(16, 10), NOW, 0) == 0
    assert lateness_hours(at(16, 10), at(16, 9), NOW, 0) == 0


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (at(16, 20, 59), 0),  # 23:59 in Moscow
        (at(16, 23), 2),  # 02:00 of the next day
        (at(17, 0), 3),
    ],
)
def test_a_promised_day_is_a_local_day(done, expected):
    late = lateness_hours(date(2025, 6, 16), done, NOW, tz=MOSCOW)
    assert late == pytest.approx(expected)


def test_a_promised_moment_knows_no_zone():
    assert lateness_hours(at(16, 10), at(16, 12), NOW, tz=MOSCOW) == 2


def test_the_day_clocks_change_has_25_hours():
    promise = date(2025, 10, 26)  # ends at 23:00 UTC, begun at 22:00 the day before
    now = datetime(2025, 11, 1)
    done = datetime(2025, 10, 27, 0)
    assert lateness_hours(promise, done, now, tz=BERLIN) == pytest.approx(1)


def test_aware_moments_are_understood():
    done = datetime(2025, 6, 16, 15, tzinfo=MOSCOW)  # 12:00 UTC
    now = NOW.replace(tzinfo=timezone.utc)
    assert lateness_hours(at(16, 10), done, now) == pytest.approx(2)


def test_pytz_zones_are_understood():
    pytz = pytest.importorskip("pytz")
    zone = pytz.timezone("Europe/Moscow")
    late = lateness_hours(date(2025, 6, 16), at(16, 23), NOW, tz=zone)
    assert late == pytest.approx(2)


# 16 June 2025 is a Monday. R = 4 hours.
@pytest.mark.parametrize(
    ("arrival", "stocked", "expected"),
    [
        (at(16, 12), at(17, 2), (12, 2, 10)),
        (at(15, 18), at(16, 20), (6, 0, 6)),
        (at(17, 10), at(17, 12), (22, 22, 0)),
        (at(16, 9), at(16, 12), (0, 0, 0)),
        (at(16, 12), at(16, 13), (0, 0, 0)),  # late, but made good
        (at(16, 10), at(16, 14), (0, 0, 0)),
    ],
)
def test_inbound_split(arrival, stocked, expected):
    assert inbound_split(at(16, 10), arrival, stocked, 4) == expected


def test_inbound_split_names_its_parts():
    delay = inbound_split(at(16, 10), at(16, 12), at(17, 2), 4)
    assert delay == InboundDelay(total=12, supplier=2, own=10)


@pytest.mark.parametrize(
    ("arrival", "stocked", "expected"),
    [
        (at(16, 12), at(17, 2), 14),
        (at(16, 12), at(16, 12), 0),
        (at(16, 12), at(16, 9), 0),
    ],
)
def test_receiving_hours(arrival, stocked, expected):
    assert receiving_hours(arrival, stocked) == expected


moments = st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31))
promises = moments | st.dates(date(2025, 1, 1), date(2025, 12, 31))
zones = st.sampled_from([None, MOSCOW, BERLIN, ZoneInfo("America/St_Johns")])


@given(promises, st.none() | moments, moments, st.floats(0, 120), zones)
def test_lateness_is_0_or_at_least_the_tolerance(promise, done, now, tolerance, tz):
    late = lateness_hours(promise, done, now, tolerance, tz)
    assert late == 0 or late >= tolerance / 60 - 1e-9
    assert late >= 0


@given(promises, moments, st.integers(0, 500), moments, zones)
def test_later_is_never_less_late(promise, done, hours, now, tz):
    later = done + timedelta(hours=hours)
    assert lateness_hours(promise, done, now, tz=tz) <= lateness_hours(
        promise, later, now, tz=tz
    )


@given(promises, moments, moments, zones)
def test_open_counts_as_done_now(promise, done, now, tz):
    if done >= now:
        assert lateness_hours(promise, done, now, tz=tz) == lateness_hours(
            promise, None, now, tz=tz
        )


@given(moments, moments, moments, st.floats(0, 100))
def test_inbound_parts_are_not_negative_and_add_up(promise, arrival, stocked, norm):
    delay = inbound_split(promise, arrival, stocked, norm)
    assert delay.supplier >= 0
    assert delay.own >= 0
    assert delay.supplier + delay.own == pytest.approx(delay.total)
    if arrival <= promise:
        assert delay.supplier == 0
    late = (stocked - promise).total_seconds() / 3600 - norm
    assert delay.total == pytest.approx(max(0, late), abs=1e-6)
