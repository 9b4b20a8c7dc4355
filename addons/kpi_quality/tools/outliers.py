"""Who stands out in a ranking of delays, and by which measure. Lower is better.

Quartile fences: J. W. Tukey, Exploratory Data Analysis, 1977. [ours] is marked.
"""

from collections.abc import Hashable, Mapping
from statistics import median, quantiles
from typing import NamedTuple

# [ours] Below this many cases chance speaks: a member is neither marked nor the leader.
MIN_CASES = 10
# Quartiles of four members are their own fences.
MIN_MEMBERS = 5
# Tukey's factor of the distance between the quartiles.
REACH = 1.5
# [ours] Far from the leader: so many times his value, and the middle's distance.
LEADER_FACTOR = 2.0


class Member(NamedTuple):
    """One place in a ranking: a mean value over a number of cases."""

    value: float
    cases: int


class Fences(NamedTuple):
    """What lies outside of these is unlike the others."""

    low: float
    high: float


class Outliers(NamedTuple):
    """Who stands out, and what he was held against."""

    marks: dict[Hashable, list[str]]
    fences: Fences | None  # None: too few members
    best: float | None  # of those with enough cases


def tukey_fences(values) -> Fences | None:
    """Lay the fences 1.5 interquartile ranges outside of the quartiles.

    :param values: of all members that count, at least ``MIN_MEMBERS``
    :return: None when there are too few to say what is usual
    """
    values = sorted(values)
    if len(values) < MIN_MEMBERS:
        return None
    first, _median, third = quantiles(values, n=4, method="inclusive")
    reach = REACH * (third - first)
    return Fences(first - reach, third + reach)


def far_from_leader(value, best, middle, apart) -> bool:
    """Tell whether somebody lags so far behind that the leader can teach him. [ours]

    More than ``LEADER_FACTOR`` times the best value; more than so many times as far
    behind as the middle of the ranking is, so that not everybody lags behind a leader
    who is never late; and by more than ``apart``: twice a few minutes is no distance.

    :param best: the lowest value of those with enough cases
    :param middle: their median
    :param apart: in the unit of the values
    """
    behind = value - best
    usual = max(best * (LEADER_FACTOR - 1), (middle - best) * LEADER_FACTOR)
    return behind > max(usual, apart)


def find_outliers(members: Mapping[Hashable, Member], apart: float) -> Outliers:
    """Mark the members that stand out.

    :param members: by key; those with fewer than ``MIN_CASES`` cases are left alone
    :param apart: the least distance that matters, in the unit of the values; also
        from the fences, so that members who hardly differ are not held against
        each other
    :return: with the reasons of the members marked: ``above`` or ``below`` the
        fences, ``leader`` when far behind the best
    """
    counted = {key: m.value for key, m in members.items() if m.cases >= MIN_CASES}
    if not counted:
        return Outliers({}, None, None)
    fences = tukey_fences(counted.values())
    best, middle = min(counted.values()), median(counted.values())
    marks = {}
    for key, value in counted.items():
        reasons = []
        if fences and value > fences.high + apart:
            reasons.append("above")
        elif fences and value < fences.low - apart:
            reasons.append("below")
        if far_from_leader(value, best, middle, apart):
            reasons.append("leader")
        if reasons:
            marks[key] = reasons
    return Outliers(marks, fences, best)
