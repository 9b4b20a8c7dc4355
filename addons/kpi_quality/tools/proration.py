"""Shares of a period for those who were hired, left or moved in it.

Source: FORMULAS.md, "Proration" [ours]. Days are calendar days, both ends included.
"""

from datetime import date, timedelta
from typing import NamedTuple


class Position(NamedTuple):
    """A stay in a department and a job (ids), from one day to another."""

    date_from: date
    date_to: date
    department: int | None
    job: int | None


def days_share(
    date_from: date | None,
    date_to: date | None,
    period_from: date,
    period_to: date,
) -> float:
    """Give the share of a period's days that lie in an interval.

    :param date_from: first day, None for "since ever"
    :param date_to: last day, None for "until further notice"
    :return: 0 (no day in common, or a period without days) to 1
    """
    first = max(date_from or period_from, period_from)
    last = min(date_to or period_to, period_to)
    if first > last:
        return 0.0
    return ((last - first).days + 1) / ((period_to - period_from).days + 1)


def merge_positions(positions) -> list[Position]:
    """Join neighbouring positions that differ in nothing that matters here.

    Those with the same department and job that touch or overlap become one, also when
    another function ran beside them. A position that ends before it begins is dropped.

    :param positions: iterable of :class:`Position`, in any order
    :return: positions by first day, last day, department and job
    """
    merged = []
    for position in sorted(positions, key=_by_function):
        if position.date_from > position.date_to:
            continue
        last = merged[-1] if merged else None
        if last and last[2:] == position[2:] and _touch(last, position):
            date_to = max(last.date_to, position.date_to)
            merged[-1] = last._replace(date_to=date_to)
        else:
            merged.append(position)
    return sorted(merged, key=_by_dates)  # stable: functions stay in order


def _touch(earlier, later):
    return later.date_from - earlier.date_to <= timedelta(days=1)


def _by_function(position):
    return position.department or 0, position.job or 0, *position[:2]


def _by_dates(position):
    return position[:2]
