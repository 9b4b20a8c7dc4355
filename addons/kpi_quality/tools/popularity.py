"""Visits of a department: from observed visitors, and among those who worked there."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

# A study grows old: assortment, neighbours and season change.
STUDY_AGE = relativedelta(months=6)


def popularity(observed: int, site_visitors: int) -> float | None:
    """Give the share of a site's visitors that comes to a department.

    :return: e.g. 0.85 for 85 of 100; None when nobody was observed on the site
    """
    return observed / site_visitors if site_visitors else None


def worked_seconds(
    intervals: list[tuple[datetime, datetime]], start: datetime, stop: datetime
) -> float:
    """Give how long somebody was there between two moments.

    :param intervals: (came, left), which do not overlap
    """
    there = (min(left, stop) - max(came, start) for came, left in intervals)
    return sum(max(length, timedelta()).total_seconds() for length in there)


def split_visits(visits: float, seconds: dict) -> dict:
    """Divide visits by the time that each seller worked.

    The parts add up to the whole; when nobody worked it stays in one piece.

    :param seconds: worked, by seller
    :return: ``{seller: Fraction}``, with None for a seller nobody knows
    """
    visits = Fraction(visits)
    working = {seller: Fraction(time) for seller, time in seconds.items() if time}
    if not working:
        return {None: visits}
    together = sum(working.values())
    return {seller: visits * time / together for seller, time in working.items()}


def last_due(valid_from: date, today: date) -> date | None:
    """Give the last day up to today on which a study was due again: twice a year.

    :param valid_from: the first day of the newest study
    """
    times = 0
    while valid_from + STUDY_AGE * (times + 1) <= today:
        times += 1
    return valid_from + STUDY_AGE * times if times else None
