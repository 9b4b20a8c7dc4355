"""Shares of a period, and positions that follow each other."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.proration import (
    Position,
    days_share,
    merge_positions,
)

JUNE = (date(2025, 6, 1), date(2025, 6, 30))


def june(first, last=None):
    return date(2025, 6, first), date(2025, 6, last or first)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (june(1, 30), 1),
        (june(16, 30), 0.5),
        (june(1, 15), 0.5),
        (june(10), 1 / 30),
        (june(30), 1 / 30),
        ((date(2025, 5, 20), date(2025, 6, 6)), 0.2),
        ((date(2025, 6, 25), date(2025, 7, 9)), 0.2),
        ((date(2020, 1, 1), date(2030, 1, 1)), 1),
        ((date(2025, 5, 1), date(2025, 5, 31)), 0),
        ((date(2025, 7, 1), date(2025, 7, 31)), 0),
        ((date(2025, 6, 20), date(2025, 6, 10)), 0),
        ((None, date(2025, 6, 3)), 0.1),
        ((date(2025, 6, 28), None), 0.1),
        ((None, None), 1),
    ],
)
def test_share_of_june(interval, expected):
    assert days_share(*interval, *JUNE) == pytest.approx(expected)


def test_leap_february():
    period = date(2024, 2, 1), date(2024, 2, 29)
    assert days_share(date(2024, 2, 29), None, *period) == pytest.approx(1 / 29)


def test_a_period_without_days_has_no_share():
    assert days_share(None, None, date(2025, 6, 2), date(2025, 6, 1)) == 0


def test_neighbours_of_one_function_become_one():
    assert merge_positions(
        [
            Position(*june(11, 20), 1, 7),
            Position(*june(1, 10), 1, 7),
            Position(*june(21, 30), 2, 7),
        ]
    ) == [Position(*june(1, 20), 1, 7), Position(*june(21, 30), 2, 7)]


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ([], []),
        # a day between
        ([(1, 9, 1, 7), (11, 20, 1, 7)], [(1, 9, 1, 7), (11, 20, 1, 7)]),
        # another job, another department
        ([(1, 10, 1, 7), (11, 20, 1, 8)], [(1, 10, 1, 7), (11, 20, 1, 8)]),
        ([(1, 10, None, 7), (11, 20, 1, 7)], [(1, 10, None, 7), (11, 20, 1, 7)]),
        # none is as good as another
        ([(1, 10, None, None), (11, 20, None, None)], [(1, 20, None, None)]),
        # back again
        (
            [(1, 5, 1, 7), (6, 9, 2, 7), (10, 20, 1, 7)],
            [(1, 5, 1, 7), (6, 9, 2, 7), (10, 20, 1, 7)],
        ),
        # overlapping, and one within the other
        ([(1, 12, 1, 7), (8, 20, 1, 7)], [(1, 20, 1, 7)]),
        ([(1, 20, 1, 7), (5, 8, 1, 7)], [(1, 20, 1, 7)]),
        # a second function beside
        (
            [(1, 10, 1, 7), (1, 30, 2, 8), (11, 30, 1, 7)],
            [(1, 30, 1, 7), (1, 30, 2, 8)],
        ),
        # no department and a department, no job and a job, beside each other
        (
            [(1, 5, None, 7), (3, 8, 1, 7), (6, 10, None, 7)],
            [(1, 10, None, 7), (3, 8, 1, 7)],
        ),
        (
            [(1, 5, 7, None), (3, 8, 7, 1), (6, 10, 7, None)],
            [(1, 10, 7, None), (3, 8, 7, 1)],
        ),
        # over before it begins
        ([(9, 8, 1, 7), (9, 10, 1, 7)], [(9, 10, 1, 7)]),
    ],
)
def test_merge_positions(positions, expected):
    def build(rows):
        return [
            Position(*june(first, last), *function) for first, last, *function in rows
        ]

    assert merge_positions(build(positions)) == build(expected)


days = st.dates(date(2025, 1, 1), date(2025, 12, 31))


@given(days, days, st.sets(days, max_size=6))
def test_shares_of_a_partition_add_up_to_1(one, other, cuts):
    first, last = sorted((one, other))
    starts = sorted({first} | {cut for cut in cuts if first < cut <= last})
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    shares = [
        days_share(start, end, first, last)
        for start, end in zip(starts, ends, strict=True)
    ]
    assert sum(shares) == pytest.approx(1)
    assert all(0 < share <= 1 for share in shares)


@given(days, days, days, days)
def test_share_counts_the_common_days(date_from, date_to, period_from, period_to):
    period_from, period_to = sorted((period_from, period_to))
    period = [
        period_from + timedelta(days=number)
        for number in range((period_to - period_from).days + 1)
    ]
    common = [day for day in period if date_from <= day <= date_to]
    assert days_share(date_from, date_to, period_from, period_to) == pytest.approx(
        len(common) / len(period)
    )


functions = st.none() | st.integers(1, 2)
short = st.integers(1, 28)
positions = st.lists(
    st.builds(
        lambda first, length, department, job: Position(
            date(2025, 6, first),
            date(2025, 6, first) + timedelta(days=length),
            department,
            job,
        ),
        short,
        st.integers(0, 6),
        functions,
        functions,
    ),
    max_size=8,
)


def covered(rows):
    return {
        (row.date_from + timedelta(days=number), row.department, row.job)
        for row in rows
        for number in range((row.date_to - row.date_from).days + 1)
    }


@given(positions, st.randoms())
def test_merged_positions_cover_the_same_days_once(rows, random):
    merged = merge_positions(rows)
    assert covered(merged) == covered(rows)
    assert sum((row.date_to - row.date_from).days + 1 for row in merged) == len(
        covered(rows)
    )
    assert merge_positions(merged) == merged
    assert merge_positions(random.sample(rows, len(rows))) == merged


@given(positions)
def test_nothing_is_left_to_merge(rows):
    merged = merge_positions(rows)
    for one in merged:
        follower = one.date_to + timedelta(days=1)
        assert not any(
            row.date_from == follower and row[2:] == one[2:] for row in merged
        )
