"""What an exported bonus run shows: plain data, all words in the reader's language."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from ..tools.curve import Curve
from ..tools.score import Thresholds


class CardLine(NamedTuple):
    """An indicator on a scorecard.

    `fact` is None without data, and `no_data` tells why. `missing` and `heir` are
    those of :class:`~odoo.addons.kpi_quality.tools.coefficient.LineScore`.
    """

    key: int
    indicator: str
    unit: str
    decimals: int
    weight: float
    thresholds: Thresholds
    method: str
    fact: float | None
    no_data: str
    missing: str
    heir: int | None
    score: float
    weight_in_force: float
    contribution: float


class Card(NamedTuple):
    """The scorecard behind a bonus; `anchors` are the scores at its thresholds."""

    title: str
    anchors: tuple[float, float, float]
    coefficient: float | None
    lines: tuple[CardLine, ...]


class Bonus(NamedTuple):
    """How an amount was computed, with the figures stored on the line.

    `wage` is None when the premium is a fixed amount. `problem` tells why nothing is
    paid, where that is not the curve's doing.
    """

    scheme: str
    card: Card
    curve: Curve
    coefficient: float | None
    wage: float | None
    wage_percent: float
    premium: float
    proration: float
    days: str
    share: float
    percent: float
    problem: str


class Line(NamedTuple):
    """A line of the run; `bonus` is None for what was not computed by a scheme."""

    key: int
    kind: str
    department: str
    position: str
    before_fund: float
    fund_factor: float
    amount: float
    note: str
    bonus: Bonus | None


class Person(NamedTuple):
    """An employee with all lines of the run."""

    key: int
    name: str
    lines: tuple[Line, ...]

    @property
    def amount(self):
        return math.fsum(line.amount for line in self.lines)


class Step(NamedTuple):
    """Who took the run a step further."""

    label: str
    user: str
    moment: datetime | None


class Run(NamedTuple):
    """A bonus run; `fund` is None without a limit.

    `money` is a number format of Excel, `decimals` those of the currency.
    """

    name: str
    company: str
    currency: str
    money: str
    decimals: int
    period: str
    date_from: date
    date_to: date
    state: str
    steps: tuple[Step, ...]
    fund: float | None
    fund_factor: float
    empty_reason: str
    people: tuple[Person, ...]

    @property
    def lines(self):
        return [line for person in self.people for line in person.lines]

    @property
    def bonuses(self):
        return [line for line in self.lines if line.kind == "bonus"]

    @property
    def amount(self):
        return math.fsum(line.amount for line in self.lines)


class Labels(NamedTuple):
    """The fixed words of the export; `kinds` has those of the kinds of lines."""

    kinds: Mapping[str, str]
    summary: str
    overview: str
    back: str
    company: str
    period: str
    state: str
    number: str
    employee: str
    department: str
    position: str
    kind: str
    scheme: str
    coefficient: str
    premium: str
    proration: str
    share: str
    percent: str
    before_fund: str
    fund_factor: str
    amount: str
    note: str
    total: str
    on_sheets: str
    in_summary: str
    on_sheet: str
    difference: str
    bonuses_before_fund: str
    bonuses: str
    fund: str
    no_fund: str
    ok: str
    wrong: str
    over_fund: str
    indicator: str
    unit: str
    weight: str
    base: str
    plan: str
    challenge: str
    fact: str
    score: str
    weight_counted: str
    weight_in_force: str
    contribution: str
    no_data: str
    counts_as_zero: str
    heir: str
    score_at: str
    card_changed: str
    run_coefficient: str
    curve_coefficient: str
    curve_percent: str
    exponent: str
    gate: str
    cap: str
    segment: str
    wage: str
    wage_percent: str
    moved_unit: str
    other_items: str
    line_id: str
    employee_id: str
    date_from: str
    date_to: str
    currency: str
