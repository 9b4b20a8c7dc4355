"""The days of named periods, and those before them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from odoo.addons.kpi_quality.tools.stretch import Stretch, stretch_of

TODAY = date(2025, 3, 20)


@mark.parametrize(
    ("period", "date_from", "date_to"),
    [
        ("today", TODAY, TODAY),
        ("days_7", date(2025, 3, 14), TODAY),
        ("days_30", date(2025, 2, 19), TODAY),
        ("month", date(2025, 3, 1), TODAY),
        ("last_month", date(2025, 2, 1), date(2025, 2, 28)),
    ],
)
def test_named_periods(period, date_from, date_to):
    assert stretch_of(period, TODAY) == Stretch(date_from, date_to)


def test_last_month_in_january():
    assert stretch_of("last_month", date(2025, 1, 31)) == Stretch(
        date(2024, 12, 1), date(2024, 12, 31)
    )


def test_another_name():
    with raises(KeyError):
        stretch_of("ever", TODAY)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_the_previous_stretch_is_as_long_and_right_before(start, days):
    stretch = Stretch(start, date.fromordinal(start.toordinal() + days - 1))
    assert stretch.days == stretch.previous.days == days
    assert stretch.previous.date_to.toordinal() + 1 == start.toordinal()


def test_not_fewer_days():
    assert Stretch(TODAY, TODAY).at_least(7) == stretch_of("days_7", TODAY)
    assert stretch_of("days_30", TODAY).at_least(7) == stretch_of("days_30", TODAY)
