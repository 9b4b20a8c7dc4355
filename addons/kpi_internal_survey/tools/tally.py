"""From opened ballots to sums: the only step that sees the marks of one person.

Source: FORMULAS.md, "Internal survey". A respondent's mark of a unit is the mean of the
criteria he marked. All sums are whole numbers: marks are counted in parts of
``Tally.scale``, the least common multiple of all possible numbers of criteria, so that
nothing depends on an order of additions.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, lcm

# The rater "other units": those with too few ballots, pooled.
POOL = None


@dataclass(slots=True)
class Sums:
    """People, and the sums of their marks and of the squares, in parts of the scale."""

    people: int = 0
    total: int = 0
    squares: int = 0

    def add(self, mark):
        self.people += 1
        self.total += mark
        self.squares += mark * mark

    def __add__(self, other):
        return Sums(
            self.people + other.people,
            self.total + other.total,
            self.squares + other.squares,
        )


@dataclass
class Tally:
    """What a campaign's ballots come to.

    ``cells`` are by (rater or POOL, rated unit), without the own view; ``own`` by unit.
    ``criteria`` are by (rated unit, criterion) and rater: marks of others;
    ``own_criteria`` by (unit, criterion). ``votes`` are by employee, ``comments`` are
    (unit, tone, text) in no meaningful order. ``raters`` are the units, the own one
    too, whose people rated a unit.
    """

    scale: int
    submitted: Counter = field(default_factory=Counter)
    cells: dict = field(default_factory=lambda: defaultdict(Sums))
    own: dict = field(default_factory=lambda: defaultdict(Sums))
    criteria: dict = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Sums))
    )
    own_criteria: dict = field(default_factory=lambda: defaultdict(Sums))
    votes: Counter = field(default_factory=Counter)
    comments: list = field(default_factory=list)
    raters: dict = field(default_factory=lambda: defaultdict(set))

    def rows(self):
        """What each rater gives."""
        return self._added(lambda rater, rated: rater)

    def columns(self):
        """What each unit gets: its score."""
        return self._added(lambda rater, rated: rated)

    def total(self):
        """What all give: the company's score."""
        return sum(self.cells.values(), Sums())

    def company_criteria(self):
        """The marks of others by criterion."""
        result = defaultdict(Sums)
        for (_unit, criterion), by_rater in self.criteria.items():
            for sums in by_rater.values():
                result[criterion] += sums
        return result

    def writers(self, rated):
        """Among how many people is whoever wrote a comment on a unit."""
        return sum(self.submitted[unit] for unit in self.raters[rated])

    def _added(self, key):
        result = defaultdict(Sums)
        for cell, sums in self.cells.items():
            result[key(*cell)] += sums
        return result

    # ------------------------------------------------- back from whole numbers
    def mean(self, sums):
        """:rtype: Fraction or None"""
        if not sums.people:
            return None
        return Fraction(sums.total, sums.people * self.scale)

    def total_of(self, sums):
        return Fraction(sums.total, self.scale)

    def squares_of(self, sums):
        return Fraction(sums.squares, self.scale**2)


def tally(ballots, criteria, minimum, low_limit, high_limit):
    """Count clear ballots.

    :param ballots: checked ones, see :func:`checked`
    :param int criteria: how many there are
    :param minimum: rater units with fewer ballots are pooled
    :param low_limit: a criterion marked so or lower is extreme
    :param high_limit: a criterion marked so or higher is extreme
    :rtype: Tally
    """
    ballots = list(ballots)
    result = Tally(scale=lcm(*range(1, max(criteria, 1) + 1)))
    result.submitted = Counter(ballot["unit"] for ballot in ballots)
    for ballot in ballots:
        unit = ballot["unit"]
        rater = unit if result.submitted[unit] >= minimum else POOL
        result.votes.update(set(ballot["votes"]))
        for rating in ballot["ratings"]:
            marks = rating["marks"]
            result.raters[rating["unit"]].add(unit)
            if rating["comment"]:
                tone = tone_of(marks.values(), low_limit, high_limit)
                result.comments.append((rating["unit"], tone, rating["comment"]))
            if marks:
                _count_rating(result, unit, rater, rating["unit"], marks)
    # Whose comment came first is nobody's business, not even a statement log's.
    result.comments.sort()
    return result


def _count_rating(result, unit, rater, rated, marks):
    mark = sum(marks.values()) * result.scale // len(marks)
    if rated == unit:
        result.own[unit].add(mark)
    else:
        result.cells[rater, rated].add(mark)
    for criterion, value in marks.items():
        if rated == unit:
            result.own_criteria[unit, criterion].add(value * result.scale)
        else:
            result.criteria[rated, criterion][rater].add(value * result.scale)


def tone_of(marks, low_limit, high_limit):
    """One comment answers for all extremes of a rating; low ones weigh more."""
    marks = list(marks)
    if any(mark <= low_limit for mark in marks):
        return "low"
    if any(mark >= high_limit for mark in marks):
        return "high"
    return "plain"


def checked(data, units, criteria, lowest, highest):
    """A ballot from a box, if it can be counted.

    :param data: what the box held
    :param units: ids of all units
    :param criteria: ids of all criteria
    :return: the ballot; ids of criteria are numbers, nothing stands in it twice
    :raise ValueError: something else than a ballot
    """
    try:
        unit = data["unit"]
        ratings = {rating["unit"]: rating for rating in data["ratings"]}
        if len(ratings) != len(data["ratings"]) or not units.issuperset(
            (unit, *ratings)
        ):
            raise ValueError("units")
        return {
            "unit": unit,
            "ratings": [
                {
                    "unit": rated,
                    "marks": _checked_marks(rating["marks"], criteria, lowest, highest),
                    "comment": _clean(rating.get("comment") or ""),
                }
                for rated, rating in ratings.items()
            ],
            "votes": sorted({int(employee) for employee in data.get("votes") or ()}),
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("no ballot") from error


def _checked_marks(marks, criteria, lowest, highest):
    result = {int(criterion): mark for criterion, mark in marks.items()}
    if not criteria.issuperset(result):
        raise ValueError("criteria")
    for mark in result.values():
        if type(mark) is not int or not lowest <= mark <= highest:
            raise ValueError("marks")
    return result


def _clean(text):
    """What a database takes: neither NUL nor halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip()


# ------------------------------------------------------------------- the scale
def band_of(mean, bands):
    """The band of a mean, rounded half up: 6.5 is a 7.

    :param Fraction mean:
    :param bands: ``(from, to, band)``
    :return: the band, None where the scale has a hole
    """
    mark = floor(mean + Fraction(1, 2))
    for mark_from, mark_to, band in bands:
        if mark_from <= mark <= mark_to:
            return band
    return None


def rounded(value, digits=2):
    """Half up, as a figure is shown.

    :param Fraction value:
    :rtype: float
    """
    return floor(value * 10**digits + Fraction(1, 2)) / 10**digits


def places(figures):
    """Places of the highest figures first; equal ones share: 1, 2, 2, 4.

    :param dict figures: by whom
    :return: place by whom
    """
    ordered = sorted(figures.values(), reverse=True)
    return {who: ordered.index(figure) + 1 for who, figure in figures.items()}
