"""What stands out in a profile: the beginning of a recommendation."""

from odoo.addons.kpi_internal_survey.tools.advice import (
    Criterion,
    strongest,
    weakest,
    widest_gap,
)


def names(criteria):
    return [criterion.name for criterion in criteria]


def test_the_lowest_three_of_a_unit_are_below_the_company():
    profile = [
        Criterion("a", 6.0, 7.0),
        Criterion("b", 5.0, 4.0),
        Criterion("c", 5.5, 7.0),
        Criterion("d", 6.5, 7.0),
        Criterion("e", 6.9, 7.0),
        Criterion("f", 7.0, 7.0),
    ]
    assert names(weakest(profile)) == ["c", "a", "d"]


def test_of_the_company_the_lowest_count_whatever_they_are():
    profile = [Criterion("a", 9.0), Criterion("b", 8.0), Criterion("c", 8.0)]
    assert names(weakest(profile, 2)) == ["b", "c"]


def test_what_is_hidden_stands_out_nowhere():
    profile = [Criterion("a", None, 7.0, 9.0), Criterion("b", 7.5, 7.0, None)]
    assert weakest(profile) == []
    assert widest_gap(profile) is None
    assert strongest(profile).name == "b"
    assert strongest(profile[:1]) is None


def test_the_widest_gap_is_worth_a_word():
    profile = [
        Criterion("a", 7.0, 7.0, 7.4),
        Criterion("b", 6.0, 7.0, 8.0),
        Criterion("c", 9.0, 7.0, 4.0),
    ]
    assert widest_gap(profile).name == "b"
    assert widest_gap(profile[:1]) is None


def test_of_equal_gaps_the_first():
    profile = [Criterion("a", 6.0, 7.0, 7.0), Criterion("b", 6.0, 7.0, 7.0)]
    assert widest_gap(profile).name == "a"
