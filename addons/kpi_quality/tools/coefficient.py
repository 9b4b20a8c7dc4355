"""Performance coefficient of a scorecard and the warnings on a matrix.

Source: FORMULAS.md, "Performance coefficient". Weights are fractions of 1, scores and
coefficients percent.
"""

import math
from collections.abc import Hashable, Iterable
from typing import NamedTuple

WEIGHT_TOLERANCE = 1e-6

_MISSING = ("exclude", "heir", "zero", "block")

_CONVERSION = "sale_conversion"
_COVERAGE = "visitor_coverage"
_MOST_IMBALANCE = 0.1
_MOST_LINES = 7
_MOST_MANUAL = 1 / 3


class LineScore(NamedTuple):
    """A scored line.

    `missing` says what the lack of a score does: ``exclude`` leaves the line out,
    ``heir`` gives its weight to the line with the key `heir`, ``zero`` counts 0,
    ``block`` leaves it out and reports it.
    """

    key: Hashable
    weight: float
    score: float | None
    missing: str = "exclude"
    heir: Hashable | None = None


class Coefficient(NamedTuple):
    """Result of :func:`coefficient`.

    `weights` maps every key to its weight in force: 0 for a line left out, and a sum
    of 1 unless `value` is None, when all are 0. `blocked` has the keys, in the order
    of the lines, of those without which the scorecard cannot be closed.
    """

    value: float | None
    weights: dict
    blocked: tuple


def coefficient(lines: Iterable[LineScore]) -> Coefficient:
    """Weigh the scores of a scorecard.

    Sum of weight x score over the lines that have a fact, divided by the sum of the
    weights in force. The order of the lines does not matter.

    [ours] A ``zero`` line counts as one with the score 0, so it can be an heir. An heir
    without a score passes the weight on to its own heir; where the chain ends without
    a score (an unknown key, a circle, a line left out), the weight is excluded. Blocked
    lines are excluded, so that a live scorecard shows something.

    :param lines: with different keys and weights that are not negative
    :return: see :class:`Coefficient`; its value is None when no weight is in force
    :raise ValueError: two lines with one key, or an unknown `missing`
    """
    lines = tuple(lines)
    bearer_keys = bearers(lines)
    parts = {line.key: [] for line in lines}
    for line in lines:
        if line.key in bearer_keys:
            parts[bearer_keys[line.key]].append(line.weight)
    weights = {key: math.fsum(part) for key, part in parts.items()}
    total = math.fsum(weights.values())
    blocked = tuple(
        line.key for line in lines if line.score is None and line.missing == "block"
    )
    if total <= 0:
        return Coefficient(None, dict.fromkeys(weights, 0.0), blocked)
    value = math.fsum(weights[line.key] * (line.score or 0.0) for line in lines) / total
    weights = {key: weight / total for key, weight in weights.items()}
    return Coefficient(value, weights, blocked)


def bearers(lines: Iterable[LineScore]) -> dict:
    """Tell which line bears the weight of each: itself or an heir.

    :return: keys of the bearers by key; a line whose weight is excluded has none
    :raise ValueError: two lines with one key, or an unknown `missing`
    """
    lines = tuple(lines)
    by_key = {line.key: line for line in lines}
    if len(by_key) < len(lines):
        raise ValueError("two lines have the same key")
    if unknown := {line.missing for line in lines} - set(_MISSING):
        raise ValueError(f"unknown treatment of a missing fact: {unknown}")
    found = {key: _bearer(line, by_key) for key, line in by_key.items()}
    return {key: bearer.key for key, bearer in found.items() if bearer}


def _bearer(line, by_key):
    """Find the line that bears the weight of `line`: itself, an heir or None."""
    seen = set()
    while line and line.key not in seen:
        if line.score is not None or line.missing == "zero":
            return line
        seen.add(line.key)
        line = by_key.get(line.heir) if line.missing == "heir" else None
    return None


def weights_total(weights: Iterable[float]) -> float:
    """Add weights up without the noise of repeated float addition.

    :return: to be compared with 1 within :data:`WEIGHT_TOLERANCE`
    """
    return math.fsum(weights)


class MatrixLine(NamedTuple):
    """A line of a matrix: `code` and `nature` are those of its indicator.

    `nature` is ``process`` or ``result``; `manual` tells figures typed by hand.
    """

    key: Hashable
    code: str
    nature: str
    weight: float
    manual: bool


def matrix_warnings(lines: Iterable[MatrixLine]) -> list[tuple[str, dict]]:
    """List what is unwise, though allowed, about a matrix.

    ===========================  ==================================================
    code                         figures
    ===========================  ==================================================
    result_process_balance       result, process: sums of weights
    conversion_coverage_differ   conversion, coverage: weights, 0 for an absent line
    conversion_coverage_small    together: their sum; other, code: weight and code of
                                 the heaviest other process line
    too_many_lines               count, limit
    too_much_manual              share: of the whole weight, 0 to 1; limit
    ===========================  ==================================================

    The conversion and coverage warnings need at least one of the two in the matrix.
    Lines of the same code (personal and department, say) are added up.

    :return: pairs of a code and its figures, in the order of the table
    """
    lines = tuple(lines)
    warnings = []
    result = _weight(line for line in lines if line.nature == "result")
    process = _weight(line for line in lines if line.nature == "process")
    if abs(result - process) > _MOST_IMBALANCE + WEIGHT_TOLERANCE:
        warnings.append(
            ("result_process_balance", {"result": result, "process": process})
        )
    warnings += _pair_warnings(lines)
    if len(lines) > _MOST_LINES:
        figures = {"count": len(lines), "limit": _MOST_LINES}
        warnings.append(("too_many_lines", figures))
    total = _weight(lines)
    manual = _weight(line for line in lines if line.manual)
    if total > 0 and manual / total > _MOST_MANUAL + WEIGHT_TOLERANCE:
        figures = {"share": manual / total, "limit": _MOST_MANUAL}
        warnings.append(("too_much_manual", figures))
    return warnings


def _pair_warnings(lines):
    """Yield the warnings on conversion and coverage, which belong together."""
    if not any(line.code in (_CONVERSION, _COVERAGE) for line in lines):
        return
    conversion = _weight(line for line in lines if line.code == _CONVERSION)
    coverage = _weight(line for line in lines if line.code == _COVERAGE)
    if abs(conversion - coverage) > WEIGHT_TOLERANCE:
        figures = {"conversion": conversion, "coverage": coverage}
        yield "conversion_coverage_differ", figures
    others = [
        (line.weight, line.code)
        for line in lines
        if line.nature == "process" and line.code not in (_CONVERSION, _COVERAGE)
    ]
    other, code = max(others, default=(-math.inf, ""))
    together = conversion + coverage
    if together <= other + WEIGHT_TOLERANCE:
        figures = {"together": together, "other": other, "code": code}
        yield "conversion_coverage_small", figures


def _weight(lines):
    return weights_total(line.weight for line in lines)
