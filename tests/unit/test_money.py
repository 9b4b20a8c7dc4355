"""Rounding of money and the bonus fund."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.money import round_money, scale_to_fund


@pytest.mark.parametrize(
    ("amount", "decimals", "expected"),
    [
        (0, 2, 0),
        (1.234, 2, 1.23),
        (1.236, 2, 1.24),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (-2.675, 2, -2.68),
        (-1.234, 2, -1.23),
        (0.5, 0, 1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (-0.5, 0, -1),
        (-2.5, 0, -3),
        (2.49, 0, 2),
        (2.4999999, 0, 2),
        (0.285 * 100, 0, 29),  # 28.499999999999996
        (1.005 * 1000, 0, 1005),
        (1.15 * 0.5, 2, 0.58),  # 0.575, in floats a breath less
        (123456.785, 2, 123456.79),
        (0.0005, 3, 0.001),
        (99999999999999.99, 2, 99999999999999.99),
        (1e300, 2, 1e300),
        (5e-324, 2, 0),
        (1234, 2, 1234),
    ],
)
def test_round_money(amount, decimals, expected):
    assert round_money(amount, decimals) == expected


def test_nothing_is_never_negative():
    assert math.copysign(1, round_money(-0.001, 2)) == 1
    assert math.copysign(1, round_money(-0.0, 2)) == 1


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
def test_no_amount(amount):
    with pytest.raises(ValueError, match="not an amount"):
        round_money(amount, 2)


money = st.floats(0, 1e7)
places = st.sampled_from([0, 2, 3])


@given(st.floats(-1e9, 1e9), places)
def test_rounded_within_half_a_unit_and_for_good(amount, decimals):
    rounded = round_money(amount, decimals)
    assert abs(rounded - amount) <= 0.5 * 10**-decimals + 1e-6
    assert round_money(rounded, decimals) == rounded
    assert round_money(-amount, decimals) == -rounded


@given(st.integers(-(10**9), 10**9), places)
def test_half_units_go_away_from_zero(units, decimals):
    half = float((Decimal(units) + Decimal("0.5").copy_sign(units)).scaleb(-decimals))
    away = units + (1 if units >= 0 else -1)
    assert round_money(half, decimals) == float(Decimal(away).scaleb(-decimals))


@given(money, money, places)
def test_rounding_keeps_the_order(one, other, decimals):
    low, high = sorted((one, other))
    assert round_money(low, decimals) <= round_money(high, decimals)


@pytest.mark.parametrize(
    ("amounts", "fund", "decimals", "factor", "expected"),
    [
        ([], 100, 2, 1, []),
        ([0, 0], 100, 2, 1, [0, 0]),
        ([40, 60], 100, 2, 1, [40, 60]),
        ([40, 60], 1000, 2, 1, [40, 60]),
        ([40, 60], 50, 2, 0.5, [20, 30]),
        ([40, 60], 0, 2, 0, [0, 0]),
        ([40, 60], -10, 2, 0, [0, 0]),
        # a unit is missing: the first of the equals has it
        ([10, 10, 10], 10, 2, 1 / 3, [3.34, 3.33, 3.33]),
        ([10, 10, 10], 10, 0, 1 / 3, [4, 3, 3]),
        # a unit is too much: the first of the equals gives it
        ([10, 10, 10], 20, 2, 2 / 3, [6.66, 6.67, 6.67]),
        # 0.8, 33.6, 33.6 of 68: what rounding won most gives, not the first
        ([1, 42, 42], 68, 0, 0.8, [1, 33, 34]),
        # 2.6, 5.2, 5.2 of 13
        ([5.2, 10.4, 10.4], 13, 0, 0.5, [3, 5, 5]),
        # not scaled, but rounding alone would exceed the fund
        ([0.005, 0.005], 0.01, 2, 1, [0, 0.01]),
        ([10.004, 10.004], 20.01, 2, 1, [10, 10]),
        # a fund finer than the currency
        ([10.004], 10.002, 2, 10.002 / 10.004, [10]),
        # an adjustment of a former run
        ([110, -10], 50, 2, 0.5, [55, -5]),
        ([-10, 5], 0, 2, 1, [-10, 5]),
    ],
)
def test_scale_to_fund(amounts, fund, decimals, factor, expected):
    result = scale_to_fund(amounts, fund, decimals)
    assert result[0] == pytest.approx(factor)
    assert result[1] == pytest.approx(expected)


@given(st.lists(money, max_size=12), money, places)
def test_fund_is_never_exceeded_and_used_up_when_short(amounts, fund, decimals):
    factor, paid = scale_to_fund(amounts, fund, decimals)
    unit = 10**-decimals
    assert 0 <= factor <= 1
    assert math.fsum(paid) <= fund + 1e-7
    if math.fsum(amounts) > fund:
        assert math.fsum(paid) > fund - unit - 1e-7


@given(st.lists(money, max_size=12), money, places)
def test_all_are_scaled_by_the_same_factor(amounts, fund, decimals):
    factor, paid = scale_to_fund(amounts, fund, decimals)
    unit = 10**-decimals
    assert len(paid) == len(amounts)
    for amount, pay in zip(amounts, paid, strict=True):
        assert abs(pay - amount * factor) < unit + 1e-7
        assert pay >= 0
        assert round_money(pay, decimals) == pay
    total = math.fsum(amounts)
    assert factor == (1 if total <= fund else pytest.approx(fund / total))


@given(st.lists(money, max_size=12), places)
def test_a_large_fund_only_rounds(amounts, decimals):
    factor, paid = scale_to_fund(amounts, 1e9, decimals)
    assert factor == 1
    assert paid == [round_money(amount, decimals) for amount in amounts]
