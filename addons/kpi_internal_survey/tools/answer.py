"""What somebody sent can be counted, or is refused with a reason."""

from typing import NamedTuple

LOWEST, HIGHEST = 1, 10
MOST_COMMENT = 2000
# PostgreSQL's integers, and longer than any of them.
MOST_ID = 2**31 - 1
MOST_DIGITS = 10


class Rules(NamedTuple):
    """What a ballot may say; ids as in the form."""

    unit: int  # whom the ballot speaks for
    units: frozenset  # that it may rate, its own left out
    criteria: frozenset
    colleagues: frozenset  # that it may vote for
    votes: int  # at most
    low: int  # extreme up to
    high: int  # extreme from
    needs_comment: bool  # where a mark is extreme


class Unacceptable(ValueError):
    """:ivar reason: a key; ``values`` say more"""

    def __init__(self, reason, **values):
        super().__init__(reason)
        self.reason = reason
        self.values = values


def is_extreme(mark, rules):
    return mark <= rules.low or mark >= rules.high


def read(data, rules):
    """:return: the clear ballot, with nothing in it but what is asked for

    :param data: whatever JSON there came
    :raise Unacceptable: with the first reason not to take it
    """
    if not isinstance(data, dict):
        raise Unacceptable("unreadable")
    ratings = _ratings(_list(data, "ratings"), rules)
    votes = _votes(_list(data, "votes"), rules)
    if not any(rating["marks"] for rating in ratings):
        raise Unacceptable("empty")
    return {"unit": rules.unit, "ratings": ratings, "votes": votes}


def _list(data, key):
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unacceptable("unreadable")
    return value


def _id(value):
    if type(value) is not int or not 0 < value <= MOST_ID:
        raise Unacceptable("unreadable")
    return value


def _ratings(items, rules):
    known = rules.units | {rules.unit}
    ratings = {}
    for item in items:
        if not isinstance(item, dict):
            raise Unacceptable("unreadable")
        unit = _id(item.get("unit"))
        if unit not in known:
            raise Unacceptable("unit")
        if unit in ratings:
            raise Unacceptable("unit_twice")
        marks = _marks(item.get("marks"), rules)
        comment = _comment(item.get("comment"), unit)
        if comment and not marks:
            raise Unacceptable("comment_alone", unit=unit)
        if rules.needs_comment and not comment:
            if any(is_extreme(mark, rules) for mark in marks.values()):
                raise Unacceptable("comment_missing", unit=unit)
        ratings[unit] = {"unit": unit, "marks": marks, "comment": comment}
    # The order in which somebody went through them is his own.
    return [ratings[unit] for unit in sorted(ratings) if ratings[unit]["marks"]]


def _marks(marks, rules):
    if marks is None:
        return {}
    if not isinstance(marks, dict):
        raise Unacceptable("unreadable")
    result = {}
    for key, mark in marks.items():
        if not (key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS):
            raise Unacceptable("unreadable")
        criterion = int(key)
        if criterion not in rules.criteria:
            raise Unacceptable("criterion")
        if type(mark) is not int or not LOWEST <= mark <= HIGHEST:
            raise Unacceptable("mark")
        if str(criterion) in result:
            raise Unacceptable("unreadable")
        result[str(criterion)] = mark
    return dict(sorted(result.items(), key=lambda item: int(item[0])))


def _comment(text, unit):
    if text is None:
        return ""
    if not isinstance(text, str):
        raise Unacceptable("unreadable")
    text = "".join(
        letter
        for letter in text.replace("\r\n", "\n")
        if letter == "\n" or letter.isprintable()
    ).strip()
    if len(text) > MOST_COMMENT:
        raise Unacceptable("comment_long", unit=unit)
    return text


def _votes(items, rules):
    if len(items) > rules.votes:
        raise Unacceptable("votes")
    votes = {_id(item) for item in items}
    if len(votes) < len(items):
        raise Unacceptable("vote_twice")
    if not votes <= rules.colleagues:
        raise Unacceptable("vote")
    return sorted(votes)
