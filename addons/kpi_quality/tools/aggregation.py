"""How atoms roll up: the plain reference that every query has to agree with.

Source: DESIGN.md, "Measurement: the heart". Figures are added as decimals, the way the
database adds `numeric`, so what cancels out is exactly 0.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

AGGREGATIONS = ("ratio", "sum", "distinct", "snapshot")

_SNAPSHOTS = ("last", "mean")


class Atom(NamedTuple):
    """One measured thing; `key` is what a ``distinct`` indicator counts."""

    date: date
    numerator: float
    denominator: float = 0.0
    key: int | None = None


def aggregate(
    atoms: Iterable[Atom],
    aggregation: str,
    scale: float = 1.0,
    snapshot: str = "last",
) -> float | None:
    """Roll atoms up to one value. No atoms, no value.

    - ``ratio``: sum of numerators / sum of denominators x `scale`, None when the
      denominators add up to 0
    - ``sum``: of the numerators
    - ``distinct``: number of different keys whose numerators add up to more than 0;
      atoms without a key are nobody's and do not count [ours]
    - ``snapshot``: numerators added up per day, then the value of the last day or the
      mean over the days that have atoms

    :param aggregation: one of :data:`AGGREGATIONS`
    :param scale: of a ratio, 100 for percent; the others ignore it
    :param snapshot: ``last`` or ``mean``
    :raise ValueError: an unknown aggregation or snapshot
    """
    if aggregation not in AGGREGATIONS:
        raise ValueError(f"unknown aggregation: {aggregation}")
    if snapshot not in _SNAPSHOTS:
        raise ValueError(f"unknown snapshot: {snapshot}")
    atoms = tuple(atoms)
    if not atoms:
        return None
    if aggregation == "ratio":
        denominator = sum(_decimal(atom.denominator) for atom in atoms)
        numerator = sum(_decimal(atom.numerator) for atom in atoms)
        return float(numerator / denominator) * scale if denominator else None
    if aggregation == "sum":
        return float(sum(_decimal(atom.numerator) for atom in atoms))
    if aggregation == "distinct":
        totals = _totals((atom.key, atom.numerator) for atom in atoms)
        return float(sum(total > 0 for key, total in totals.items() if key is not None))
    days = _totals((atom.date, atom.numerator) for atom in atoms)
    if snapshot == "last":
        return float(days[max(days)])
    return float(sum(days.values()) / len(days))


def _decimal(figure):
    return Decimal(repr(float(figure)))


def _totals(pairs):
    totals = defaultdict(Decimal)
    for group, figure in pairs:
        totals[group] += _decimal(figure)
    return totals
