"""Which question is asked on which days of a plan.

[seed 001] All customers of a period are asked one question; it changes regularly, e.g.
with each decade of the month, or at random. [ours] How that is cut and drawn.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from .stretch import Stretch

_DAY = timedelta(days=1)


class Turn(NamedTuple):
    """The days of one question; ``place`` counts from 0 in the chosen order."""

    days: Stretch
    place: int


def stretch_around(length: str, day: date) -> Stretch:
    """Give the calendar's stretch that a day lies in.

    :param length: ``decade`` (1-10, 11-20, 21-end of the month), ``week`` (from Monday)
        or ``month``
    :raise KeyError: for another length
    """
    first_of_next = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    decade = min((day.day - 1) // 10, 2)
    monday = day - timedelta(days=day.weekday())
    return {
        "decade": Stretch(
            day.replace(day=decade * 10 + 1),
            day.replace(day=decade * 10 + 10) if decade < 2 else first_of_next - _DAY,
        ),
        "week": Stretch(monday, monday + 6 * _DAY),
        "month": Stretch(day.replace(day=1), first_of_next - _DAY),
    }[length]


def turns(
    length: str,
    start: date,
    stop: date,
    questions: int,
    seed: str | None = None,
) -> Iterator[Turn]:
    """Go through the turns of a plan, cut at both ends.

    :param start: first day of the plan; the first turn lasts to the end of its stretch
    :param stop: last day wanted
    :param questions: how many take turns
    :param seed: draws the order of each round anew; None keeps the chosen order
    """
    number, day = 0, start
    while day <= stop:
        end = stretch_around(length, day).date_to
        place = _place(number, questions, seed)
        yield Turn(Stretch(day, min(end, stop)), place)
        number, day = number + 1, end + _DAY


def _place(number: int, questions: int, seed: str | None) -> int:
    turn_of_round = number % questions
    if seed is None:
        return turn_of_round
    drawn = number // questions

    def lot(place):
        return sha256(f"{seed}:{drawn}:{place}".encode()).digest()

    return sorted(range(questions), key=lot)[turn_of_round]


def free_days(wanted: Stretch, taken: list[Stretch]) -> list[Stretch]:
    """Give what is left of some days when others are taken out."""
    left, day = [], wanted.date_from
    for busy in sorted(taken):
        if busy.date_to < day or busy.date_from > wanted.date_to:
            continue
        if busy.date_from > day:
            left.append(Stretch(day, busy.date_from - _DAY))
        day = busy.date_to + _DAY
    if day <= wanted.date_to:
        left.append(Stretch(day, wanted.date_to))
    return left
