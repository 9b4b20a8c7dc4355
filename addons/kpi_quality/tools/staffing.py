"""Hours of the day with too few sellers for the visitors who come."""

from typing import NamedTuple

# Well below: under this part of what the day reaches on average.
THIN = 0.8
# Fewer days of an hour say nothing about the hour.
LEAST_DAYS = 5


class HourFigures(NamedTuple):
    """What was counted in one hour of the day, over all days together."""

    hour: int
    attempts: float
    visits: float
    days: int  # with visits in that hour


class ThinStretch(NamedTuple):
    """Hours in a row, ``hour_to`` not included: from 17 to 19 are two hours."""

    hour_from: int
    hour_to: int
    coverage: float
    visits: float
    attempts: float


def thin_stretches(figures: list[HourFigures]) -> list[ThinStretch]:
    """Find where sellers turn to far fewer visitors than on the day's average.

    An hour is thin when its coverage (attempts by visits) is below both 80 % of the
    day's and 1; thin hours in a row are one stretch.

    :param figures: one per hour, in any order
    """
    known = sorted(f for f in figures if f.visits > 0 and f.days >= LEAST_DAYS)
    visits = sum(figure.visits for figure in known)
    if not visits:
        return []
    limit = min(THIN * sum(figure.attempts for figure in known) / visits, 1.0)
    stretches = []
    for figure in known:
        if figure.attempts / figure.visits >= limit:
            continue
        hour, attempts, visits = figure.hour, figure.attempts, figure.visits
        if stretches and stretches[-1].hour_to == hour:
            previous = stretches.pop()
            hour = previous.hour_from
            attempts += previous.attempts
            visits += previous.visits
        stretches.append(
            ThinStretch(hour, figure.hour + 1, attempts / visits, visits, attempts)
        )
    return stretches
