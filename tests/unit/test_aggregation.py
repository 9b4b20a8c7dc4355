"""Roll-ups of atoms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.aggregation import AGGREGATIONS, Atom, aggregate


def day(number):
    return date(2025, 6, number)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_no_atoms_no_value(aggregation):
    assert aggregate([], aggregation) is None


@pytest.mark.parametrize(
    ("atoms", "scale", "expected"),
    [
        ([(27, 100)], 100, 27),
        ([(1, 4), (8, 6)], 1, 0.9),  # not the mean of 0.25 and 1.33
        ([(0, 5)], 100, 0),
        ([(3, 0)], 100, None),
        ([(3, 0.1), (3, 0.2), (3, -0.3)], 100, None),
        ([(0.1, 1), (0.2, 1), (-0.3, 1)], 1, 0),
    ],
)
def test_ratio(atoms, scale, expected):
    atoms = [Atom(day(1), *atom) for atom in atoms]
    assert aggregate(atoms, "ratio", scale) == pytest.approx(expected)


def test_sum():
    atoms = [Atom(day(1), 100.5, 7), Atom(day(2), -20), Atom(day(2), 0.1)]
    assert aggregate(atoms, "sum", scale=100) == pytest.approx(80.6)
    assert aggregate([Atom(day(1), 0)], "sum") == 0


@pytest.mark.parametrize(
    ("atoms", "expected"),
    [
        ([(1, 7), (1, 8), (1, 7)], 2),
        ([(1, 7), (-1, 7), (1, 8)], 1),  # a refund undoes the sale
        ([(0.1, 7), (0.2, 7), (-0.3, 7)], 0),
        ([(0, 7)], 0),
        ([(1, None), (1, 7)], 1),
        ([(1, None)], 0),
    ],
)
def test_distinct(atoms, expected):
    atoms = [
        Atom(day(number), numerator, key=key)
        for number, (numerator, key) in enumerate(atoms, 1)
    ]
    assert aggregate(atoms, "distinct") == expected


def test_snapshot_adds_over_atoms_and_takes_the_last_day_or_the_mean():
    atoms = [
        Atom(day(3), 5),
        Atom(day(1), 10),
        Atom(day(1), 20),
        Atom(day(3), 1),
        Atom(day(2), 0),
    ]
    assert aggregate(atoms, "snapshot") == 6
    assert aggregate(atoms, "snapshot", snapshot="mean") == 12  # 30, 0, 6


def test_unknown_names():
    with pytest.raises(ValueError, match="median"):
        aggregate([], "median")
    with pytest.raises(ValueError, match="first"):
        aggregate([], "snapshot", snapshot="first")


atom_lists = st.lists(
    st.builds(
        Atom,
        st.integers(0, 5).map(lambda number: day(1) + timedelta(days=number)),
        st.integers(-100, 100).map(lambda number: number / 4),
        st.integers(1, 400).map(lambda number: number / 4),
        st.none() | st.integers(1, 4),
    ),
    max_size=12,
)


@given(atom_lists, atom_lists)
def test_sums_of_parts_add_up(one, other):
    parts = [aggregate(part, "sum") or 0 for part in (one, other)]
    assert sum(parts) == (aggregate(one + other, "sum") or 0)


@given(atom_lists, atom_lists)
def test_ratio_lies_between_those_of_the_parts(one, other):
    parts = [aggregate(part, "ratio") for part in (one, other) if part]
    whole = aggregate(one + other, "ratio")
    if parts:
        assert min(parts) - 1e-9 <= whole <= max(parts) + 1e-9
    else:
        assert whole is None


@given(atom_lists, atom_lists)
def test_last_snapshots_of_groups_add_up(one, other):
    """On a day that both groups have, as stock by warehouse does."""
    last = day(30)
    one, other = [*one, Atom(last, 3)], [*other, Atom(last, 4)]
    parts = [aggregate(part, "snapshot") for part in (one, other)]
    assert aggregate(one + other, "snapshot") == sum(parts) == 7


@given(atom_lists)
def test_distinct_is_at_most_the_number_of_keys(atoms):
    keys = {atom.key for atom in atoms} - {None}
    assert (aggregate(atoms, "distinct") or 0) <= len(keys)
    positive = [atom._replace(numerator=1) for atom in atoms]
    assert (aggregate(positive, "distinct") or 0) == len(keys)


@given(
    atom_lists,
    st.sampled_from(AGGREGATIONS),
    st.sampled_from(["last", "mean"]),
    st.randoms(),
)
def test_order_of_atoms_does_not_matter(atoms, aggregation, snapshot, random):
    shuffled = random.sample(atoms, len(atoms))
    assert aggregate(atoms, aggregation, 100, snapshot) == aggregate(
        shuffled, aggregation, 100, snapshot
    )
