"""Polls, attempts and force majeure out of raw presses.

The rules of "Polls and force majeure" in FORMULAS.md, written to be read: slow and
obvious. The database does the same in sets; the tests compare the two.

All times are whole milliseconds. Presses may come in any order and several times: the
same set of presses always means the same.
"""

import math
from typing import NamedTuple

ANSWERS = ("yes", "no", "unsure")
ASKS = ("poll", "both")
TRIES = ("attempt", "both")


class Press(NamedTuple):
    uuid: str
    moment: int
    button: str
    held: int = 200


class Rule(NamedTuple):
    """What the presses of a point mean from a moment on."""

    valid_from: float = -math.inf
    meaning: str = "both"
    window: int = 60_000
    long_press: int = 3_000
    bounce: int = 3_000
    limit: int = 60 * 60_000


STANDARD = (Rule(),)


class SellerPress(NamedTuple):
    """One press of the seller, of one part or of several within the bounce time.

    :param uuids: of its parts, the first one first
    """

    uuids: tuple
    moment: int
    is_long: bool
    rule: Rule


class ForceMajeure(NamedTuple):
    uuid: str
    start: int
    stop: int
    ended_by: str


class Poll(NamedTuple):
    """:param force_majeure: uuid of the press that opened it, or None"""

    uuid: str
    moment: int
    closes: int
    answer: str
    answer_uuid: str | None
    response: int | None
    force_majeure: str | None


class Derived(NamedTuple):
    """:param unasked: uuids of answers that are no poll's"""

    polls: list
    attempts: list
    force_majeures: list
    unasked: list


def in_order(press):
    """Customers' presses go before those of the seller at the same moment."""
    return press.moment, press.button == "seller", press.uuid


def rule_at(rules, moment):
    """The newest rule; the first one of a point reaches back for ever."""
    rules = sorted(rules, key=lambda rule: rule.valid_from)
    begun = [rule for rule in rules if rule.valid_from <= moment]
    return begun[-1] if begun else rules[0]


def derive(presses, rules=STANDARD, observed=()):
    """What the presses of one point mean.

    :param presses: of one point, in any order; sent twice is one
    :param rules: of the point
    :param observed: ``(start, stop)`` of popularity studies: presses of these times are
        observations and nothing else
    :rtype: Derived
    """
    known = {press.uuid: press for press in presses}.values()
    stream = sorted(
        (
            press
            for press in known
            if not any(start <= press.moment < stop for start, stop in observed)
        ),
        key=in_order,
    )
    merged = merge(stream, rules)
    short = [press for press in merged if not press.is_long]
    force_majeures = find_force_majeures(
        [press for press in merged if press.is_long],
        [press for press in stream if press.button == "over"],
    )
    polls = find_polls(
        short, [press for press in stream if press.button in ANSWERS], force_majeures
    )
    return Derived(
        polls,
        [press.uuids[0] for press in short if press.rule.meaning in TRIES],
        force_majeures,
        [
            press.uuid
            for press in stream
            if press.button in ANSWERS
            and not any(poll.moment < press.moment <= poll.closes for poll in polls)
        ],
    )


def merge(stream, rules):
    """A seller's press sooner after the one before than ``bounce`` is the same press.

    Exactly the bounce time later is another one [ours]. The press has the time of its
    first part, and is long when any part is.
    """
    merged = []
    previous = None
    for press in stream:
        if press.button != "seller":
            continue
        rule = rule_at(rules, press.moment)
        is_long = press.held >= rule.long_press
        if previous is not None and press.moment - previous.moment < rule.bounce:
            whole = merged[-1]
            merged[-1] = whole._replace(
                uuids=(*whole.uuids, press.uuid), is_long=whole.is_long or is_long
            )
        else:
            merged.append(SellerPress((press.uuid,), press.moment, is_long, rule))
        previous = press
    return merged


def find_force_majeures(long_presses, overs):
    """A long press opens it; the next one, "over" or the limit ends it.

    What comes exactly at the limit still ends it [ours].
    """
    marks = sorted(
        [
            (press.moment, True, number, press)
            for number, press in enumerate(long_presses)
        ]
        + [(press.moment, False, press.uuid, press) for press in overs],
        key=lambda mark: mark[:3],
    )
    found = []
    opened = None

    def close(moment, ended_by):
        found.append(ForceMajeure(opened.uuids[0], opened.moment, moment, ended_by))

    for moment, is_press, _order, press in marks:
        if opened and moment > opened.moment + opened.rule.limit:
            close(opened.moment + opened.rule.limit, "limit")
            opened = None
        if opened:
            close(moment, "press" if is_press else "over")
            opened = None
        elif is_press:
            opened = press
    if opened:
        close(opened.moment + opened.rule.limit, "limit")
    return found


def find_polls(short_presses, answers, force_majeures):
    """The first answer in the window, unless the seller pressed again before.

    An answer exactly at the end of the window counts, and goes before a seller's press
    of the same moment. A long press opens no poll and leaves an open one open.
    """
    polls = []
    for number, press in enumerate(short_presses):
        if press.rule.meaning not in ASKS:
            continue
        closes = press.moment + press.rule.window
        if number + 1 < len(short_presses):
            closes = min(closes, short_presses[number + 1].moment)
        given = [answer for answer in answers if press.moment < answer.moment <= closes]
        first = given[0] if given else None
        decisive = first.moment if first else press.moment
        polls.append(
            Poll(
                press.uuids[0],
                press.moment,
                closes,
                first.button if first else "silent",
                first.uuid if first else None,
                first.moment - press.moment if first else None,
                next(
                    (
                        item.uuid
                        for item in force_majeures
                        if item.start <= decisive < item.stop
                    ),
                    None,
                ),
            )
        )
    return polls
