"""Means and shares of delays, and who holds the goods."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from odoo.addons.kpi_quality.tools.delay_sums import DelaySums, bottleneck

hours = st.integers(0, 10_000).map(lambda eighths: eighths / 8)
sums = st.builds(
    lambda late, in_time, supplier, own: DelaySums(
        late + in_time, late, supplier + own, supplier, own
    ),
    st.integers(1, 100),
    st.integers(0, 100),
    hours,
    hours,
)


def test_the_case_of_the_seed():
    """Ten of forty receipts late by 143 hours, 121 of them on our dock."""
    seed = DelaySums(due=40, late=10, hours=143.0, supplier=22.0, own=121.0)
    assert seed.mean_lateness == approx(14.3)
    assert seed.own / seed.late == approx(12.1)
    assert seed.mean_delay == approx(3.575)
    assert seed.late_share == approx(25)
    assert seed.own_share == approx(84.6153846)
    assert bottleneck(seed) == "own"


@mark.parametrize(
    ("supplier", "own", "holder"),
    [(10, 20, "own"), (10, 19, "both"), (19, 10, "both"), (20, 10, "supplier")],
)
def test_two_thirds_make_a_bottleneck(supplier, own, holder):
    assert bottleneck(DelaySums(5, 3, supplier + own, supplier, own)) == holder


def test_nothing_late_and_nothing_due():
    assert bottleneck(DelaySums(due=5)) == "in_time"
    assert DelaySums(due=5).mean_delay == 0
    assert DelaySums(due=5).mean_lateness is None
    assert bottleneck(DelaySums()) == "no_data"
    assert DelaySums().mean_delay is None
    assert DelaySums().late_share is None


@given(sums, sums)
def test_the_whole_lies_between_its_parts(first, second):
    whole = first + second
    for figure in ("mean_lateness", "mean_delay", "late_share"):
        parts = [getattr(first, figure), getattr(second, figure)]
        slack = 1e-9 * (1 + max(parts))
        assert min(parts) - slack <= getattr(whole, figure) <= max(parts) + slack
