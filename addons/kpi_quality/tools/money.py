"""Rounding of money, once and at the end, and the bonus fund.

Source: FORMULAS.md, head and "Plan scheme"; handing out the remainder is [ours].
"""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_NOISE = 8
"""Units in the last place that a few float operations may have lost."""


def round_money(amount: float, decimals: int) -> float:
    """Round half up, away from zero for negative amounts.

    As people reckon on paper: the decimal notation is rounded, not the binary value
    behind it (2.675 -> 2.68), and a hair's breadth below a half that float arithmetic
    left is a half (0.285 x 100 = 28.499999999999996 -> 29).

    :param amount: finite
    :param decimals: places of the currency
    :raise ValueError: an infinite amount or NaN
    """
    return _amount(_units(amount, decimals), decimals)


def scale_to_fund(
    amounts: Iterable[float], fund: float, decimals: int
) -> tuple[float, list[float]]:
    """Cut the lines of a run to the fund, all by the same factor.

    factor = min(1, fund / total). Each scaled amount is rounded half up; then single
    smallest units are moved so that the sum is right: the fund to the last unit when
    lines were scaled, never more than the fund otherwise. Units go to those whose
    rounding lost most and come from those whose rounding won most, the earlier line
    first among equals, so no line is more than a unit off and none changes sign.

    :param amounts: in one currency, not rounded
    :param fund: a negative one counts as empty
    :param decimals: places of the currency
    :return: the factor, not rounded, and the amounts to pay in the given order
    """
    amounts = list(amounts)
    fund = max(fund, 0.0)
    total = math.fsum(amounts)
    factor = min(1.0, fund / total) if total > 0 else 1.0
    scaled = [amount * factor for amount in amounts]
    units = [_units(amount, decimals) for amount in scaled]
    available = math.floor(_decimal(fund).scaleb(decimals))
    missing = available - sum(units)
    if missing < 0 or factor < 1:
        step = 1 if missing > 0 else -1
        exact = [_decimal(amount).scaleb(decimals) for amount in scaled]
        by_gain = sorted(
            range(len(units)),
            key=lambda index: step * (exact[index] - units[index]),
            reverse=True,
        )
        for index in by_gain[: abs(missing)]:
            units[index] += step
    return factor, [_amount(unit, decimals) for unit in units]


def _decimal(amount):
    return Decimal(repr(float(amount)))


def _units(amount, decimals):
    """Round to a whole number of the currency's smallest units."""
    if not math.isfinite(amount):
        raise ValueError(f"not an amount: {amount}")
    exact = abs(_decimal(amount))
    noise = min(
        Decimal(math.ulp(amount)) * _NOISE,
        Decimal(1).scaleb(-decimals - 2),  # where floats are coarser than the currency
    )
    units = int((exact + noise).scaleb(decimals).to_integral_value(ROUND_HALF_UP))
    return -units if amount < 0 else units


def _amount(units, decimals):
    return float(Decimal(units).scaleb(-decimals))
