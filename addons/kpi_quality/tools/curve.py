"""Bonus, in percent of the target premium, from the performance coefficient.

Source: FORMULAS.md, "Bonus from the coefficient". Coefficients and bonuses are percent.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_KINDS = ("linear", "points", "power")
_TOLERANCE = 1e-6
_MOST_EXPONENT = 10
_POWER_STEPS = 40


class Curve(NamedTuple):
    """How a coefficient turns into a bonus.

    `points` are pairs (coefficient, bonus), for ``linear`` exactly two; ``power`` has
    none and takes 100 x (coefficient / 100) ^ `exponent`. Below and at the `gate`
    nothing is paid; no bonus exceeds the `cap`. None is no gate, no cap.
    """

    kind: str
    gate: float | None
    cap: float | None
    points: tuple[tuple[float, float], ...]
    exponent: float = 1.0


def check_curve(curve: Curve) -> str | None:
    """Tell what is wrong with a curve.

    :return: None when it is good, else

        - ``no_points``: ``linear`` or ``points`` without any
        - ``two_points``: ``linear`` with another number of them
        - ``points_not_rising``: coefficients equal or not in rising order
        - ``bad_exponent``: ``power`` with one that is not above 0 and at most 10 [ours]
        - ``negative``: a negative gate, cap, coefficient or bonus
    :raise ValueError: an unknown kind
    """
    if curve.kind not in _KINDS:
        raise ValueError(f"unknown kind of curve: {curve.kind}")
    limits = [limit for limit in (curve.gate, curve.cap) if limit is not None]
    if curve.kind == "power":
        if not 0 < curve.exponent <= _MOST_EXPONENT:
            return "bad_exponent"
        return None if all(limit >= 0 for limit in limits) else "negative"
    if not curve.points:
        return "no_points"
    if curve.kind == "linear" and len(curve.points) != 2:
        return "two_points"
    if not all(left[0] < right[0] for left, right in pairwise(curve.points)):
        return "points_not_rising"
    figures = [*limits, *(figure for point in curve.points for figure in point)]
    return None if all(figure >= 0 for figure in figures) else "negative"


def bonus_percent(coefficient: float | None, curve: Curve) -> float:
    """Give the bonus that a coefficient earns.

    Paid only above the gate ("превышает"), by more than 1e-6. Straight lines between
    the points, before the first its value, after the last its value.

    :param coefficient: None or NaN, no coefficient, earns nothing
    :return: percent of the target premium, from 0 to the cap
    :raise ValueError: a curve that :func:`check_curve` refuses, with its reason
    """
    if reason := check_curve(curve):
        raise ValueError(reason)
    if coefficient is None or math.isnan(coefficient):
        return 0.0
    if curve.gate is not None and coefficient <= curve.gate + _TOLERANCE:
        return 0.0
    return _capped(coefficient, curve)


def curve_samples(curve: Curve, upto: float) -> list[tuple[float, float]]:
    """Give the corners of the curve's polyline, for drawing.

    From the coefficient 0 to `upto`. The jump at the gate is two points with the same
    coefficient, first the lower. A power curve is drawn with some forty steps.

    :param upto: the last coefficient
    :return: points (coefficient, bonus) with coefficients that do not fall; empty when
        `upto` is not above 0
    :raise ValueError: a curve that :func:`check_curve` refuses, with its reason
    """
    if reason := check_curve(curve):
        raise ValueError(reason)
    if upto <= 0:
        return []
    if curve.gate is not None and curve.gate >= upto:
        return [(0.0, 0.0), (float(upto), 0.0)]
    start = curve.gate or 0.0
    corners = {start, upto}
    corners.update(x for x in _corners(curve, start, upto) if start < x < upto)
    samples = [(float(x), _capped(x, curve)) for x in sorted(corners)]
    if curve.gate is None:
        return samples
    foot = [(0.0, 0.0), (float(start), 0.0), samples[0]]
    return list(dict.fromkeys(foot + samples[1:]))


def _capped(coefficient, curve):
    """Give the bonus as if there were no gate."""
    bonus = _bonus(coefficient, curve)
    return bonus if curve.cap is None else min(bonus, float(curve.cap))


def _bonus(coefficient, curve):
    if curve.kind == "power":
        return 100 * (max(coefficient, 0.0) / 100) ** curve.exponent
    if coefficient <= curve.points[0][0]:
        return float(curve.points[0][1])
    for (x0, y0), (x1, y1) in pairwise(curve.points):
        if coefficient <= x1:
            part = (coefficient - x0) / (x1 - x0)
            return y0 * (1 - part) + y1 * part
    return float(curve.points[-1][1])


def _corners(curve, start, upto) -> Iterator[float]:
    """Yield where the polyline bends: points, steps, and where it meets the cap."""
    if curve.kind == "power":
        step = (upto - start) / _POWER_STEPS
        yield from (start + step * number for number in range(1, _POWER_STEPS))
        if curve.cap is not None:
            yield 100 * (curve.cap / 100) ** (1 / curve.exponent)
        return
    yield from (x for x, _y in curve.points)
    if curve.cap is None:
        return
    for (x0, y0), (x1, y1) in pairwise(curve.points):
        if min(y0, y1) < curve.cap < max(y0, y1):
            yield x0 + (curve.cap - y0) / (y1 - y0) * (x1 - x0)
