"""Bonus from the performance coefficient."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.curve import (
    Curve,
    bonus_percent,
    check_curve,
    curve_samples,
)

SEED = Curve("points", 85, None, ((85, 70), (100, 100), (120, 160)))
LINEAR = Curve("linear", None, None, ((80, 50), (100, 100)))
POWER = Curve("power", 50, None, (), 2)


@pytest.mark.parametrize(
    ("coefficient", "expected"),
    [
        (None, 0),
        (math.nan, 0),
        (0, 0),
        (84.99, 0),
        (85, 0),
        (85 + 5e-7, 0),
        (85 + 2e-6, 70.000004),
        (85.01, 70.02),
        (90, 80),
        (100, 100),
        (110, 130),
        (120, 160),
        (140, 160),
    ],
)
def test_seed_curve(coefficient, expected):
    assert bonus_percent(coefficient, SEED) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("curve", "coefficient", "expected"),
    [
        (LINEAR, 0, 50),
        (LINEAR, 80, 50),
        (LINEAR, 90, 75),
        (LINEAR, 100, 100),
        (LINEAR, 130, 100),
        (LINEAR._replace(gate=60), 60, 0),
        (LINEAR._replace(gate=60), 61, 50),
        (LINEAR._replace(gate=0), 0, 0),
        (LINEAR._replace(cap=75), 85, 62.5),
        (LINEAR._replace(cap=75), 95, 75),
        (LINEAR._replace(cap=0), 95, 0),
        (POWER, 50, 0),
        (POWER, 60, 36),
        (POWER, 100, 100),
        (POWER, 120, 144),
        (POWER._replace(cap=130), 120, 130),
        (POWER._replace(exponent=0.5, gate=None), 25, 50),
        (POWER._replace(exponent=0.5, gate=None), -25, 0),
        (Curve("points", None, None, ((100, 40),)), 10, 40),
        (Curve("points", None, None, ((100, 40),)), 200, 40),
    ],
)
def test_bonus_percent(curve, coefficient, expected):
    assert bonus_percent(coefficient, curve) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("curve", "reason"),
    [
        (SEED, None),
        (LINEAR, None),
        (POWER, None),
        (SEED._replace(gate=None, cap=0), None),
        (SEED._replace(points=()), "no_points"),
        (LINEAR._replace(points=()), "no_points"),
        (LINEAR._replace(points=((80, 50),)), "two_points"),
        (LINEAR._replace(points=SEED.points), "two_points"),
        (SEED._replace(points=((85, 70), (85, 100))), "points_not_rising"),
        (SEED._replace(points=((85, 70), (120, 160), (100, 100))), "points_not_rising"),
        (SEED._replace(points=((85, 70), (math.nan, 100))), "points_not_rising"),
        (POWER._replace(exponent=10), None),
        (POWER._replace(exponent=0), "bad_exponent"),
        (POWER._replace(exponent=-1), "bad_exponent"),
        (POWER._replace(exponent=math.inf), "bad_exponent"),
        (POWER._replace(exponent=10.5), "bad_exponent"),
        (POWER._replace(gate=-1), "negative"),
        (SEED._replace(gate=-1), "negative"),
        (SEED._replace(cap=-1), "negative"),
        (SEED._replace(points=((-1, 70), (100, 100))), "negative"),
        (SEED._replace(points=((85, -1), (100, 100))), "negative"),
    ],
)
def test_check_curve(curve, reason):
    assert check_curve(curve) == reason
    if reason:
        with pytest.raises(ValueError, match=reason):
            bonus_percent(90, curve)
        with pytest.raises(ValueError, match=reason):
            curve_samples(curve, 120)


def test_unknown_kind():
    with pytest.raises(ValueError, match="spline"):
        check_curve(SEED._replace(kind="spline"))


@pytest.mark.parametrize(
    ("curve", "upto", "expected"),
    [
        (SEED, 140, [(0, 0), (85, 0), (85, 70), (100, 100), (120, 160), (140, 160)]),
        (SEED, 110, [(0, 0), (85, 0), (85, 70), (100, 100), (110, 130)]),
        (SEED, 85, [(0, 0), (85, 0)]),
        (SEED, 0, []),
        (
            SEED._replace(cap=130),
            140,
            [
                (0, 0),
                (85, 0),
                (85, 70),
                (100, 100),
                (110, 130),
                (120, 130),
                (140, 130),
            ],
        ),
        (LINEAR, 120, [(0, 50), (80, 50), (100, 100), (120, 100)]),
        (LINEAR._replace(gate=0), 90, [(0, 0), (0, 50), (80, 50), (90, 75)]),
    ],
)
def test_samples(curve, upto, expected):
    samples = curve_samples(curve, upto)
    assert [value for point in samples for value in point] == pytest.approx(
        [value for point in expected for value in point]
    )


def test_samples_of_a_power_curve_go_in_forty_steps():
    samples = curve_samples(POWER, 130)
    assert samples[:3] == [(0, 0), (50, 0), (50, 25)]
    assert samples[-1] == pytest.approx((130, 169))
    steps = [50 + 2 * number for number in range(41)]
    assert [x for x, _y in samples] == pytest.approx([0, 50, *steps])


def test_samples_of_a_power_curve_bend_at_the_cap_between_two_steps():
    samples = curve_samples(POWER._replace(cap=123.21), 250)  # steps of 5 from 50
    assert (111, 123.21) in [(round(x, 9), round(y, 9)) for x, y in samples]
    samples = curve_samples(POWER._replace(cap=144, exponent=0.5), 450)  # of 10
    assert samples[-1] == (450, 144)
    assert 207.36 in [round(x, 9) for x, _y in samples]


percents = st.floats(0, 300)


@st.composite
def curves(draw):
    kind = draw(st.sampled_from(["linear", "points", "power"]))
    count = {"linear": 2, "power": 0}.get(kind) or draw(st.integers(1, 5))
    # Steps of at least 1 %, and bonuses that do not fall.
    steps = draw(st.lists(st.integers(0, 200), unique=True, min_size=5, max_size=5))
    bonuses = draw(st.lists(percents, min_size=5, max_size=5))
    points = tuple(zip(sorted(steps), sorted(bonuses), strict=True))[:count]
    return Curve(
        kind,
        draw(st.none() | st.floats(0, 150)),
        draw(st.none() | percents),
        () if kind == "power" else points,
        draw(st.floats(0.1, 4)),
    )


@given(curves(), st.floats(0, 1))
def test_nothing_is_paid_at_or_below_the_gate(curve, part):
    assume(curve.gate is not None)
    assert bonus_percent(curve.gate * part, curve) == 0
    assert bonus_percent(curve.gate, curve) == 0


@given(curves(), percents)
def test_gate_only_withholds(curve, coefficient):
    ungated = bonus_percent(coefficient, curve._replace(gate=None))
    paid = coefficient > (-1 if curve.gate is None else curve.gate + 1e-6)
    assert bonus_percent(coefficient, curve) == (ungated if paid else 0)


@given(curves(), percents)
def test_continuous_above_the_gate(curve, coefficient):
    # Slopes are at most 300 per 1 %, and those of a root steep only near 0.
    coefficient += 1 if curve.kind == "power" else 0
    curve = curve._replace(gate=None)
    step = bonus_percent(coefficient + 1e-6, curve) - bonus_percent(coefficient, curve)
    assert abs(step) < 1e-3


@given(curves(), percents)
def test_bonus_lies_between_0_and_the_cap(curve, coefficient):
    bonus = bonus_percent(coefficient, curve)
    assert bonus >= 0
    if curve.cap is not None:
        assert bonus <= curve.cap
    if curve.points:
        assert bonus <= max(y for _x, y in curve.points) + 1e-9


@given(curves(), percents, percents)
def test_a_better_coefficient_never_earns_less(curve, one, other):
    worse, better = sorted((one, other))
    assert bonus_percent(worse, curve) <= bonus_percent(better, curve) + 1e-9


@given(curves(), st.floats(1, 300))
def test_samples_run_from_0_to_upto_and_lie_on_the_curve(curve, upto):
    samples = curve_samples(curve, upto)
    assert samples[0][0] == 0
    assert samples[-1][0] == upto
    assert all(left[0] <= right[0] for left, right in pairwise(samples))
    for x, y in samples:
        above = bonus_percent(x, curve._replace(gate=None))
        assert y == 0 or y == pytest.approx(above)
        if curve.gate is not None and x > curve.gate + 1e-6:
            assert y == pytest.approx(bonus_percent(x, curve))


@given(curves(), st.floats(1, 300), st.floats(0, 1))
def test_straight_lines_between_the_samples_are_the_curve(curve, upto, part):
    assume(curve.kind != "power")
    for (x0, y0), (x1, y1) in pairwise(curve_samples(curve, upto)):
        x = x0 + (x1 - x0) * part
        if x1 - x0 < 1e-3 or x - x0 < 1e-4:
            continue
        expected = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        assert bonus_percent(x, curve) == pytest.approx(expected, abs=1e-6)
