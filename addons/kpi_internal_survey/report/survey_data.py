"""What a survey report shows: plain data, for the page and for the workbook.

A hidden figure has no value here either: what is not in the data is in no cell, no
formula and no cache of a chart.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Figure(NamedTuple):
    """A mean; ``score`` is None when it is hidden, or nobody marked it.

    :param margin: half the width of the 95 % interval, if known
    """

    score: float | None = None
    people: int | None = None
    margin: float | None = None
    is_hidden: bool = False


class Place(NamedTuple):
    """A unit in the ranking; ``rank`` is None for those that are not ranked."""

    rank: int | None
    unit: str
    figure: Figure
    band: str
    own: Figure
    before: Figure
    is_mine: bool


class Row(NamedTuple):
    """A criterion: the unit's (or company's) figure, and what it is compared with."""

    group: str
    name: str
    figure: Figure
    company: Figure
    own: Figure
    before: Figure


class Trend(NamedTuple):
    """:param lines: ``(name, a figure for each cycle)``, the company first"""

    cycles: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Figure, ...]], ...]


class Cell(NamedTuple):
    figure: Figure
    sign: str | None = None


class Matrix(NamedTuple):
    """Who rates whom; the last row and column are the margins.

    :param cells: ``{(row, column): Cell}``; what nobody rated is not in it
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict
    own: frozenset = frozenset()


class Pair(NamedTuple):
    """A cell that stands out, with the margins it stands out from."""

    rater: str
    rated: str
    figure: Figure
    given: Figure
    got: Figure


class Note(NamedTuple):
    tone: str
    text: str


class Best(NamedTuple):
    place: int
    name: str
    unit: str
    votes: int


class Advice(NamedTuple):
    """:param unit: empty for the whole company"""

    unit: str
    text: str


class Action(NamedTuple):
    unit: str
    name: str
    responsible: str
    deadline: date
    state: str
    before: Figure
    after: Figure
    verdict: str


class Participation(NamedTuple):
    """:param submitted: None while there are too few to be shown"""

    unit: str
    invited: int
    submitted: int | None


@dataclass(frozen=True)
class UnitPart:
    """One unit in detail."""

    name: str
    place: Place | None
    ranked: int
    rows: tuple[Row, ...]
    trend: Trend
    comments: tuple[Note, ...]
    advice: tuple[Advice, ...]
    participation: Participation | None


@dataclass(frozen=True)
class Report:
    """:param kind: ``board``, ``director`` or ``unit``
    :param comments: ``(unit, notes)``
    :param matrix: None for those who do not see it
    """

    kind: str
    title: str
    campaign: str
    company: str
    date_from: date
    date_to: date
    minimum: int
    figure: Figure
    band: str
    participation: Participation
    trend: Trend
    rows: tuple[Row, ...] = ()
    ranking: tuple[Place, ...] = ()
    units: tuple[UnitPart, ...] = ()
    units_participation: tuple[Participation, ...] = ()
    criteria: Matrix | None = None
    matrix: Matrix | None = None
    conflicts: tuple[Pair, ...] = ()
    praise: tuple[Pair, ...] = ()
    comments: tuple[tuple[str, tuple[Note, ...]], ...] = ()
    best: tuple[Best, ...] = ()
    best_units: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    actions_before: tuple[Action, ...] = ()
    actions: tuple[Action, ...] = ()
    words: dict = field(default_factory=dict)
