"""Performance coefficient and the warnings on a matrix."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.coefficient import (
    WEIGHT_TOLERANCE,
    LineScore,
    MatrixLine,
    coefficient,
    matrix_warnings,
    weights_total,
)

# Seed 002: revenue 60, conversion 70, coverage 80, dissatisfaction 250 / 3 (83.3333).
SEED = (
    LineScore("revenue", 0.50, 60),
    LineScore("conversion", 0.15, 70),
    LineScore("coverage", 0.15, 80),
    LineScore("dissatisfaction", 0.15, 250 / 3),
)


def with_standards(missing, heir=None):
    return (*SEED, LineScore("standards", 0.05, None, missing, heir))


@pytest.mark.parametrize(
    ("missing", "value", "dissatisfaction", "standards"),
    [
        ("heir", 69.166667, 0.20, 0),  # 30 + 10.5 + 12 + 16.666667
        ("exclude", 68.421053, 0.157895, 0),  # 65 / 0.95, 0.15 / 0.95
        ("zero", 65, 0.15, 0.05),  # 30 + 10.5 + 12 + 12.5
        ("block", 68.421053, 0.157895, 0),
    ],
)
def test_seed_example(missing, value, dissatisfaction, standards):
    result = coefficient(with_standards(missing, "dissatisfaction"))
    assert result.value == pytest.approx(value, abs=1e-6)
    assert result.weights["dissatisfaction"] == pytest.approx(dissatisfaction, abs=1e-6)
    assert result.weights["standards"] == pytest.approx(standards)
    assert result.blocked == (("standards",) if missing == "block" else ())


def test_a_blocking_line_with_a_fact_blocks_nothing():
    result = coefficient([LineScore("a", 1, 50, "block")])
    assert result == (50, {"a": 1}, ())


def test_a_fact_of_0_is_a_fact():
    result = coefficient([LineScore("a", 0.5, 0), LineScore("b", 0.5, 100)])
    assert result.value == 50


def test_weight_passes_along_a_chain_of_heirs():
    result = coefficient(
        [
            LineScore("a", 0.2, None, "heir", "b"),
            LineScore("b", 0.3, None, "heir", "c"),
            LineScore("c", 0.1, 100),
            LineScore("d", 0.4, 50),
        ]
    )
    assert result.value == pytest.approx(80)  # 0.6 x 100 + 0.4 x 50
    assert result.weights == pytest.approx({"a": 0, "b": 0, "c": 0.6, "d": 0.4})


def test_several_lines_may_have_one_heir():
    result = coefficient(
        [
            LineScore("a", 0.1, None, "heir", "c"),
            LineScore("b", 0.2, None, "heir", "c"),
            LineScore("c", 0.3, 100),
            LineScore("d", 0.4, 0),
        ]
    )
    assert result.weights == pytest.approx({"a": 0, "b": 0, "c": 0.6, "d": 0.4})


@pytest.mark.parametrize(
    "lines",
    [
        [LineScore("a", 0.5, None, "heir", "nobody")],
        [LineScore("a", 0.5, None, "heir", None)],
        [LineScore("a", 0.5, None, "heir", "a")],
        [
            LineScore("a", 0.2, None, "heir", "b"),
            LineScore("b", 0.3, None, "heir", "a"),
        ],
        [LineScore("a", 0.2, None, "heir", "b"), LineScore("b", 0.3, None)],
        [LineScore("a", 0.2, None, "heir", "b"), LineScore("b", 0.3, None, "block")],
    ],
)
def test_an_heir_without_a_fact_leaves_the_line_out(lines):
    result = coefficient([*lines, LineScore("z", 0.5, 70)])
    assert result.value == pytest.approx(70)
    assert result.weights["z"] == 1


def test_a_zero_line_can_be_an_heir():
    result = coefficient(
        [
            LineScore("a", 0.2, None, "heir", "b"),
            LineScore("b", 0.3, None, "zero"),
            LineScore("c", 0.5, 100),
        ]
    )
    assert result.value == pytest.approx(50)
    assert result.weights == pytest.approx({"a": 0, "b": 0.5, "c": 0.5})


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [LineScore("a", 1, None)],
        [LineScore("a", 0.5, None, "heir", "b"), LineScore("b", 0.5, None)],
        [LineScore("a", 0, 100)],
    ],
)
def test_no_weight_in_force_gives_no_value(lines):
    result = coefficient(lines)
    assert result.value is None
    assert result.weights == {line.key: 0 for line in lines}


def test_blocked_lines_are_told_even_without_a_value():
    result = coefficient([LineScore("a", 1, None, "block")])
    assert result == (None, {"a": 0}, ("a",))


def test_one_zero_line_is_a_value():
    assert coefficient([LineScore("a", 1, None, "zero")]).value == 0


def test_two_lines_with_one_key():
    with pytest.raises(ValueError, match="key"):
        coefficient([LineScore("a", 0.5, 1), LineScore("a", 0.5, 2)])


def test_unknown_treatment():
    with pytest.raises(ValueError, match="ignore"):
        coefficient([LineScore("a", 1, None, "ignore")])


KEYS = range(8)
scores = st.floats(0, 200)
weights = st.floats(0.01, 1)


@st.composite
def line_lists(draw):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=8))
    return [
        LineScore(
            key,
            draw(weights),
            draw(st.none() | scores),
            draw(st.sampled_from(["exclude", "heir", "zero", "block"])),
            draw(st.none() | st.sampled_from(KEYS)),
        )
        for key in keys
    ]


@given(line_lists())
def test_weights_in_force_add_up_to_1_and_give_the_value(lines):
    result = coefficient(lines)
    assert set(result.weights) == {line.key for line in lines}
    if result.value is None:
        assert not any(result.weights.values())
        return
    assert math.fsum(result.weights.values()) == pytest.approx(1)
    assert all(weight >= 0 for weight in result.weights.values())
    assert result.value == pytest.approx(
        sum(result.weights[line.key] * (line.score or 0) for line in lines)
    )


@given(line_lists())
def test_value_lies_between_the_scores(lines):
    counted = [line.score for line in lines if line.score is not None]
    counted += [0 for line in lines if line.score is None and line.missing == "zero"]
    value = coefficient(lines).value
    assert (value is None) == (not counted)
    if counted:
        assert min(counted) - 1e-9 <= value <= max(counted) + 1e-9


@given(line_lists(), st.randoms())
def test_order_of_lines_does_not_matter(lines, random):
    shuffled = random.sample(lines, len(lines))
    one, other = coefficient(lines), coefficient(shuffled)
    assert one.value == other.value
    assert one.weights == other.weights
    assert set(one.blocked) == set(other.blocked)


@given(line_lists())
def test_lines_without_a_fact_bear_no_weight_unless_zero(lines):
    in_force = coefficient(lines).weights
    for line in lines:
        bears = line.score is not None or line.missing == "zero"
        assert (in_force[line.key] > 0) == bears


@given(line_lists(), st.floats(0.1, 10))
def test_only_the_proportion_of_weights_matters(lines, factor):
    scaled = [line._replace(weight=line.weight * factor) for line in lines]
    one, other = coefficient(lines), coefficient(scaled)
    assert one.value == pytest.approx(other.value)
    assert one.weights == pytest.approx(other.weights)


def test_weights_total():
    assert weights_total([0.1] * 10) == 1  # plain addition gives 0.9999999999999999
    assert weights_total([]) == 0
    assert WEIGHT_TOLERANCE == 1e-6


def line(code, nature, weight, manual=False):
    return MatrixLine(code, code, nature, weight, manual)


BALANCED = (
    line("revenue", "result", 0.5),
    line("sale_conversion", "process", 0.15),
    line("visitor_coverage", "process", 0.15),
    line("dissatisfaction_department", "process", 0.2),
)


def codes(lines):
    return [code for code, _figures in matrix_warnings(lines)]


def figures(lines, code):
    return dict(matrix_warnings(lines))[code]


def test_no_warning_on_a_good_matrix_or_none():
    assert matrix_warnings(BALANCED) == []
    assert matrix_warnings([]) == []


@pytest.mark.parametrize(
    ("result", "process", "warned"),
    [(0.55, 0.45, False), (0.45, 0.55, False), (0.56, 0.44, True), (0.4, 0.6, True)],
)
def test_result_process_balance(result, process, warned):
    lines = [line("a", "result", result), line("b", "process", process)]
    assert codes(lines) == (["result_process_balance"] if warned else [])
    if warned:
        assert figures(lines, "result_process_balance") == {
            "result": result,
            "process": process,
        }


def test_conversion_and_coverage_differ():
    lines = [
        line("revenue", "result", 0.5),
        line("sale_conversion", "process", 0.3),
        line("visitor_coverage", "process", 0.2),
    ]
    assert matrix_warnings(lines) == [
        ("conversion_coverage_differ", {"conversion": 0.3, "coverage": 0.2})
    ]


@pytest.mark.parametrize("code", ["sale_conversion", "visitor_coverage"])
def test_one_of_the_pair_alone_differs_from_nothing(code):
    lines = [line("revenue", "result", 0.5), line(code, "process", 0.5)]
    assert codes(lines) == ["conversion_coverage_differ"]
    assert set(figures(lines, "conversion_coverage_differ").values()) == {0.5, 0}


@pytest.mark.parametrize(
    ("each", "other", "warned"),
    [(0.15, 0.2, False), (0.13, 0.24, False), (0.125, 0.25, True), (0.1, 0.3, True)],
)
def test_conversion_and_coverage_together_exceed_every_other(each, other, warned):
    lines = [
        line("revenue", "result", 0.5),
        line("sale_conversion", "process", each),
        line("visitor_coverage", "process", each),
        line("standards", "process", 0.0),
        line("dissatisfaction", "process", other),
    ]
    assert codes(lines) == (["conversion_coverage_small"] if warned else [])
    if warned:
        assert figures(lines, "conversion_coverage_small") == {
            "together": 2 * each,
            "other": other,
            "code": "dissatisfaction",
        }


def test_the_pair_is_not_compared_with_result_lines():
    assert "conversion_coverage_small" not in codes(BALANCED)  # 0.3 against 0.5


def test_no_pair_no_pair_warning():
    lines = [line("a", "result", 0.5), line("b", "process", 0.5)]
    assert matrix_warnings(lines) == []


@pytest.mark.parametrize(("count", "warned"), [(7, False), (8, True)])
def test_too_many_lines(count, warned):
    lines = [line("revenue", "result", 0.5)]
    lines += [line(f"p{i}", "process", 0.5 / (count - 1)) for i in range(count - 1)]
    expected = [("too_many_lines", {"count": 8, "limit": 7})] if warned else []
    assert matrix_warnings(lines) == expected


@pytest.mark.parametrize(
    ("manual", "warned"), [(0.3, False), (1 / 3, False), (0.34, True), (0.5, True)]
)
def test_too_much_manual(manual, warned):
    lines = [
        line("a", "result", 0.5),
        line("b", "process", manual, manual=True),
        line("c", "process", 0.5 - manual),
    ]
    assert codes(lines) == (["too_much_manual"] if warned else [])
    if warned:
        assert figures(lines, "too_much_manual") == pytest.approx(
            {"share": manual, "limit": 1 / 3}
        )


def test_manual_is_a_share_of_the_weights_so_far():
    lines = [line("a", "result", 0.1), line("b", "process", 0.1, manual=True)]
    assert figures(lines, "too_much_manual")["share"] == pytest.approx(0.5)
