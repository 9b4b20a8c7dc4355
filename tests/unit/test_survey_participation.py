"""Whose participation is shown, and that nobody can work out the rest."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_internal_survey.tools.participation import (
    hidden_units,
    percent,
    shown_total,
)


def test_enough_people_everywhere_hide_nothing():
    assert hidden_units({1: (9, 5), 2: (8, 8), 3: (70, 12)}, 5) == set()


def test_too_few_answers_or_people_are_hidden():
    counts = {1: (9, 4), 2: (4, 4), 3: (20, 20), 4: (30, 15)}
    assert hidden_units(counts, 5) == {1, 2}


def test_a_single_hidden_unit_takes_the_next_smallest_with_it():
    counts = {1: (9, 4), 2: (50, 30), 3: (20, 12), 4: (40, 35)}
    assert hidden_units(counts, 5) == {1, 3}


def test_hidden_units_without_enough_answers_take_another_with_them():
    """Else the total would say that nobody of either has answered."""
    counts = {1: (9, 0), 2: (9, 0), 3: (20, 12), 4: (40, 35)}
    assert hidden_units(counts, 5) == {1, 2, 3}


def test_a_total_of_few_people_is_not_shown():
    assert shown_total({1: (9, 2), 2: (9, 2)}, 5) is None
    assert shown_total({1: (9, 2), 2: (9, 3)}, 5) == 5


def test_a_hundred_percent_are_really_all():
    assert percent(199, 200) == 99
    assert percent(200, 200) == 100
    assert percent(97, 147) == 66
    assert percent(0, 0) == 0


COUNTS = st.dictionaries(
    st.integers(1, 40),
    st.tuples(st.integers(0, 30), st.floats(0, 1)).map(
        lambda pair: (pair[0], round(pair[0] * pair[1]))
    ),
    max_size=12,
)


@given(counts=COUNTS, least=st.integers(3, 8))
def test_the_rest_of_the_total_is_several_units_and_enough_answers(counts, least):
    hidden = hidden_units(counts, least)
    assert hidden >= {unit for unit, pair in counts.items() if min(pair) < least}
    if hidden and hidden != counts.keys():
        assert len(hidden) > 1
        assert sum(counts[unit][1] for unit in hidden) >= least
