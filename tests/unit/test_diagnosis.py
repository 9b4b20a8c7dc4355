"""Every cell of FORMULAS' diagnosis table, and what is said when figures lack."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.diagnosis import (
    CAUSE_INDEXES,
    STEPS,
    Diagnosis,
    Index,
    diagnose,
)

T = 5
GOOD_LOYALTY, BAD_LOYALTY = Index(60, 50), Index(40, 50)
PERCENT = st.floats(0, 100)
MAYBE = st.builds(
    Index, st.none() | PERCENT, st.none() | PERCENT, too_few=st.booleans()
)


def dissatisfaction(value, bad):
    """A figure that is worse, or not worse, than its reference value."""
    return Index(value, value - 1 if bad else value)


# staff bad, office bad, office - staff > t, loyalty bad -> cause
TABLE = {
    (True, True, True, True): "office",
    (True, True, True, False): "office",
    (True, True, False, True): "staff",
    (True, True, False, False): "staff",
    (True, False, True, True): "office",
    (True, False, True, False): "office",
    (True, False, False, True): "staff",
    (True, False, False, False): "staff",
    (False, True, True, True): "office",
    (False, True, True, False): "office",
    (False, True, False, True): "office",
    (False, True, False, False): "office",
    (False, False, True, True): "product",
    (False, False, True, False): "none",
    (False, False, False, True): "product",
    (False, False, False, False): "none",
}


@pytest.mark.parametrize(("case", "cause"), TABLE.items())
def test_every_cell(case, cause):
    staff_bad, office_bad, behind, loyalty_bad = case
    found = diagnose(
        dissatisfaction(10, staff_bad),
        dissatisfaction(16 if behind else 12, office_bad),
        BAD_LOYALTY if loyalty_bad else GOOD_LOYALTY,
        T,
    )
    assert found == Diagnosis(cause)


def test_the_table_is_complete():
    assert set(TABLE) == set(product((True, False), repeat=4))


def test_exactly_the_reference_is_good_and_exactly_t_is_not_behind():
    same = Index(10, 10)
    assert diagnose(same, same, Index(50, 50), T).cause == "none"
    assert diagnose(Index(10, 9), Index(15, 9), GOOD_LOYALTY, T).cause == "staff"
    assert diagnose(Index(0.1 + 0.2, 0.3), same, GOOD_LOYALTY, T).cause == "none"


# ------------------------------------------------------------------- next steps
def test_next_steps():
    assert STEPS["staff"] == ("mystery_shopper", "improvement", "measure_again")
    assert STEPS["office"] == ("survey", "improvement", "measure_again")
    assert STEPS["product"] == ("survey", "improvement", "measure_again")
    assert Diagnosis("staff").next_step == "mystery_shopper"
    assert Diagnosis("none").next_step is None


def test_the_same_index_is_measured_again():
    for cause, index in (
        ("staff", "dissatisfaction_staff"),
        ("office", "dissatisfaction_office"),
        ("product", "emotional_loyalty"),
        ("none", None),
    ):
        assert Diagnosis(cause).index == index
    assert set(CAUSE_INDEXES) < set(STEPS)


# ----------------------------------------------------------------- force majeure
@pytest.mark.parametrize(
    ("level", "limit", "first"),
    [(20.1, 20, True), (20, 20, False), (None, 20, False), (90, None, False)],
)
def test_fix_the_causes_first(level, limit, first):
    bad = Index(30, 10)
    found = diagnose(bad, bad, BAD_LOYALTY, T, level, limit)
    assert found.cause == ("force_majeure" if first else "staff")
    if first:
        assert found.next_step == "fix_causes"


def test_fix_the_causes_first_though_nothing_else_is_known():
    found = diagnose(Index(), Index(), Index(), T, 50, 20)
    assert found == Diagnosis("force_majeure")


# ----------------------------------------------------------------------- missing
BAD, GOOD = Index(20, 10), Index(5, 10)


@pytest.mark.parametrize(
    ("staff", "office", "loyalty", "missing"),
    [
        (Index(None, 10), BAD, BAD_LOYALTY, ("dissatisfaction_staff", "no_data")),
        (Index(20, 10, True), BAD, BAD_LOYALTY, ("dissatisfaction_staff", "too_few")),
        (Index(20, None), BAD, BAD_LOYALTY, ("dissatisfaction_staff", "no_reference")),
        (BAD, Index(None, 10), BAD_LOYALTY, ("dissatisfaction_office", "no_data")),
        (BAD, Index(20, 10, True), GOOD_LOYALTY, ("dissatisfaction_office", "too_few")),
        (GOOD, Index(9, None), BAD_LOYALTY, ("dissatisfaction_office", "no_reference")),
        (GOOD, GOOD, Index(None, 50), ("emotional_loyalty", "no_data")),
        (GOOD, GOOD, Index(60, 50, True), ("emotional_loyalty", "too_few")),
        (GOOD, GOOD, Index(60, None), ("emotional_loyalty", "no_reference")),
    ],
)
def test_says_what_is_missing(staff, office, loyalty, missing):
    found = diagnose(staff, office, loyalty, T)
    assert found == Diagnosis("unknown", (missing,))
    assert found.next_step == "collect"


def test_what_could_not_change_the_answer_is_not_missed():
    nothing = Index()
    assert diagnose(BAD, BAD, nothing, T).cause == "staff"
    assert diagnose(GOOD, BAD, nothing, T).cause == "office"
    # The staff is bad: the office's own reference value is not asked for.
    assert diagnose(BAD, Index(40, None), nothing, T).cause == "office"
    assert diagnose(BAD, Index(22, None), nothing, T).cause == "staff"


@given(MAYBE, MAYBE, MAYBE, st.floats(0, 20))
def test_a_known_answer_stays_when_more_becomes_known(staff, office, loyalty, t):
    found = diagnose(staff, office, loyalty, t)
    assert found.cause in STEPS
    assert bool(found.missing) == (found.cause == "unknown")
    if found.cause == "unknown":
        return
    for value in (0.0, 50.0, 100.0):
        full = [
            Index(
                value if index.lack_of_value else index.value,
                value if index.reference is None else index.reference,
            )
            for index in (staff, office, loyalty)
        ]
        assert diagnose(*full, t) == found
