"""Sheet names of a workbook."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.sheet_names import unique_sheet_names


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["Ann", "Bob"], ["Ann", "Bob"]),
        (["Ann", "ann", "ANN"], ["Ann", "ann (2)", "ANN (3)"]),
        (["Ann", "Ann (2)", "Ann"], ["Ann", "Ann (2)", "Ann (3)"]),
        (["Иванова Анна", "ИВАНОВА АННА"], ["Иванова Анна", "ИВАНОВА АННА (2)"]),
        (["a/b:c", "a\\b*c"], ["a b c", "a b c (2)"]),
        (["[x]?"], ["x"]),
        (["", "   ", "''", "[]"], ["Sheet", "Sheet (2)", "Sheet (3)", "Sheet (4)"]),
        (["'Ann'", "O'Hara"], ["Ann", "O'Hara"]),
        (["a\tb\0c"], ["a b c"]),
        (["History", "history"], ["History (2)", "history (3)"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        # the cut must not leave an apostrophe or a space at the end
        (["x" * 30 + "'y"], ["x" * 30]),
        (["x" * 30 + " y"], ["x" * 30]),
    ],
)
def test_unique_sheet_names(names, expected):
    assert unique_sheet_names(names) == expected


@given(st.lists(st.text("aA' []:*?/\\\0\n(2)ßİ😀", max_size=40), max_size=20))
@example(["History", "HISTORY", "'History'", "History "])
@example(["a" * 31] * 120)
@example(["a" * 26 + "'" * 9] * 3)
def test_names_are_valid_and_unique(names):
    result = unique_sheet_names(names)
    assert len(result) == len(names)
    assert len({name.casefold() for name in result}) == len(result)
    assert len({name.lower() for name in result}) == len(result)
    for name in result:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\\0\n")
        assert name[0] not in " '"
        assert name[-1] not in " '"
        assert name.lower() != "history"


@given(st.lists(st.text("abc D", min_size=1, max_size=20), unique=True))
def test_good_names_stay(names):
    good = {name.lower(): name for name in names if name == " ".join(name.split())}
    assert unique_sheet_names(good.values()) == list(good.values())
