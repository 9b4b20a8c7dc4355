"""Safe arithmetic over indicators."""

import math
import operator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.kpi_quality.tools.formula import (
    FormulaError,
    FormulaValue,
    evaluate,
    find_cycle,
    parse,
)

VALUES = {
    "revenue": FormulaValue(200.0, 600.0, 3.0),
    "orders": FormulaValue(8.0, 8.0, 1.0),
    "returns": FormulaValue(0.0, 0.0, 1.0),
    "silent": FormulaValue(None, None, 0.0),
    "huge": FormulaValue(1e300, 1e300, 1.0),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("1.5e2", 150),
        ("revenue", 200),
        ("revenue.numerator", 600),
        ("revenue.denominator", 3),
        ("revenue + orders", 208),
        ("revenue - orders * 2", 184),
        ("(revenue - orders) * 2", 384),
        ("revenue / orders / 5", 5),
        ("revenue.numerator / orders.numerator", 75),
        ("-orders", -8),
        ("--orders", 8),
        ("-orders ** 2", -64),
        ("orders ** -1", 0.125),
        ("2 ** 10", 1024),
        ("2 ** -10", 0.0009765625),
        ("(orders ** 2) ** 2", 4096),
        ("orders ** 0", 1),
        ("min(revenue, orders, 3)", 3),
        ("max(revenue, orders)", 200),
        ("abs(orders - revenue)", 192),
        ("round(2.675, 2)", 2.68),
        ("round(2.5, 0)", 3),
        ("round(orders / 16)", 1),
        ("round(-orders / 16)", -1),
        ("  revenue\n  +\torders ", 208),
        ("returns", 0),
        ("returns / orders", 0),
        # no data
        ("silent", None),
        ("revenue + silent", None),
        ("silent * 0", None),
        ("min(revenue, silent)", None),
        ("unheard_of", None),
        ("silent.numerator", None),
        ("silent.denominator + 1", 1),
        # no denominator
        ("revenue / returns", None),
        ("revenue / (orders - 8)", None),
        ("returns ** -1", None),
        ("min(1, 1 / returns)", None),
        # beyond floats, also on the way
        ("huge * huge", None),
        ("1 / (huge * huge)", None),
        ("huge ** 2", None),
        ("-huge * huge", None),
        ("1e999", None),
        ("9" * 400, None),
        ("((9 ** 10) ** 10) ** 10", None),
    ],
)
def test_evaluate(text, expected):
    assert evaluate(parse(text), VALUES) == pytest.approx(expected)


def test_values_that_are_not_finite_are_no_data():
    for odd in (math.nan, math.inf):
        assert evaluate(parse("a + 1"), {"a": FormulaValue(odd, 1, 1)}) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1 + 2", set()),
        ("revenue / orders + revenue", {"revenue", "orders"}),
        ("revenue.numerator / visits.denominator", {"revenue", "visits"}),
        ("min(a, -b) ** 2 + round(abs(c), 1)", {"a", "b", "c"}),
    ],
)
def test_names(text, names):
    assert parse(text).names == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "1 +",
        "revenue orders",
        "(1",
        "1)",
        "a..numerator",
        "* 2",
        "1 if",
        "a.",
    ],
)
def test_syntax(text):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.reason == "syntax"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("a < b", "<"),
        ("a == b", "="),
        ("a[0]", "["),
        ("'a'", "'"),
        ('f"{a}"', '"'),
        ("a := 1", ":"),
        ("lambda: 1", ":"),
        ("{1}", "{"),
        ("a @ b", "@"),
        ("a % b", "%"),
        ("a # b", "#"),
        ("a\\\nb", "\\"),
        ("a\0", "\0"),
        ("выручка", "в"),
        ("a // b", "a // b"),
        ("+a", "+a"),
        ("1 + not_me.value", "not_me.value"),
        ("a and b", "a and b"),
        ("not a", "not a"),
        ("1 if a else 2", "1 if a else 2"),
        ("1, 2", "1, 2"),
        ("()", "()"),
        ("...", "..."),
        ("1j", "1j"),
        ("True", "True"),
        ("None", "None"),
        ("__import__", "__import__"),
        ("_a", "_a"),
        ("min", "min"),
        ("min.numerator", "min.numerator"),
        ("a.numerator.real", "a.numerator.real"),
        ("a.__class__", "a.__class__"),
        ("(1).real", "(1).real"),
        ("revenue()", "revenue()"),
        ("print(1)", "print(1)"),
        ("a.numerator()", "a.numerator()"),
        ("min(a)()", "min(a)()"),
        ("min(*a)", "min(*a)"),
        ("min()", "min()"),
        ("min(1)", "min(1)"),
        ("abs(1, 2)", "abs(1, 2)"),
        ("round(1, 2, 3)", "round(1, 2, 3)"),
        ("round(1, a)", "round(1, a)"),
        ("round(1, -1)", "round(1, -1)"),
        ("round(1, 11)", "round(1, 11)"),
        ("round(1, 1.0)", "round(1, 1.0)"),
        ("2 ** a", "2 ** a"),
        ("2 ** 0.5", "2 ** 0.5"),
        ("2 ** 11", "2 ** 11"),
        ("2 ** -11", "2 ** -11"),
        ("2 ** 3 ** 2", "2 ** 3 ** 2"),
        ("2 ** True", "2 ** True"),
        ("(yield)", "yield"),
    ],
)
def test_not_allowed(text, detail):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.detail) == ("not_allowed", detail)


def test_length():
    assert evaluate(parse("1" + " " * 499), {}) == 1
    with pytest.raises(FormulaError) as caught:
        parse("1" + " " * 500)
    assert caught.value.reason == "too_long"


@pytest.mark.parametrize(
    ("head", "tail", "most"),
    [
        ("(", ")", 50),
        ("-", "", 49),
        ("abs(", ")", 49),
        ("", "+0", 49),
        ("1*(", ")", 49),
        ("(", ")**1", 49),
    ],
)
def test_depth(head, tail, most):
    assert abs(evaluate(parse(head * most + "1" + tail * most), {})) == 1
    for depth in (most + 1, 90):
        with pytest.raises(FormulaError) as caught:
            parse(head * depth + "1" + tail * depth)
        assert caught.value.reason == "too_deep"


def test_error_reads_reason_and_detail():
    assert str(FormulaError("not_allowed", "a < b")) == "not_allowed: a < b"
    assert str(FormulaError("syntax")) == "syntax"


ALPHABET = "ab1.,+-*/() _\n<>=[]{}'\"\\:;@%#&|~^!\0éв\u2028"
TOKENS = """
    a b revenue 1 2.5 1e999 0x1f 1_0 None ( ) , . + - * / ** // ' [ ] : min( round( abs(
    .numerator __import__ lambda not if else and or in is for await yield
"""
tokens = st.sampled_from(TOKENS.split())


@given(st.text(ALPHABET, max_size=60) | st.lists(tokens, max_size=25).map(" ".join))
@example("__import__('os').system('echo')")
@example("(lambda: 0)()")
@example("a.__class__.__mro__")
@example("(" * 499)
@example("-" * 499)
@example("not " * 120 + "a")
@example("a" + ".a" * 249)
@example("1 " * 250)
@example("\ud800")
def test_any_text_is_a_formula_or_a_formula_error(text):
    try:
        formula = parse(text)
    except FormulaError as error:
        assert error.reason in ("syntax", "not_allowed", "too_long", "too_deep")
        return
    values = {name: FormulaValue(2.0, 4.0, 2.0) for name in formula.names}
    result = evaluate(formula, values)
    assert result is None or math.isfinite(result)


class Trap:
    """Something that must not be touched."""

    def __getattribute__(self, name):
        raise AssertionError(f"touched {name}")


def test_values_that_are_not_used_are_not_touched():
    assert evaluate(parse("a + 1"), {"a": FormulaValue(1, 1, 1), "b": Trap()}) == 2


NUMBERS = {"a": 3.0, "b": -2.0, "c": 0.0, "d": 0.5, "e": None}
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def both(sign):
    """Build a node from two: its text and its value, None for no data."""

    def build(left, right):
        text = f"({left[0]} {sign} {right[0]})"
        if left[1] is None or right[1] is None:
            return text, None
        if sign == "/":
            return text, left[1] / right[1] if right[1] else None
        return text, BINARY[sign](left[1], right[1])

    return build


def power(base, exponent):
    text = f"({base[0]}) ** {exponent}"
    if base[1] is None or (base[1] == 0 and exponent < 0):
        return text, None
    return text, base[1] ** exponent


def call(name, function):
    def build(left, right):
        known = left[1] is not None and right[1] is not None
        text = f"{name}({left[0]}, {right[0]})"
        return text, function(left[1], right[1]) if known else None

    return build


def negated(node):
    return f"-({node[0]})", None if node[1] is None else -node[1]


trees = st.recursive(
    st.sampled_from(sorted(NUMBERS)).map(lambda name: (name, NUMBERS[name]))
    | st.integers(0, 20).map(lambda number: (f"{number / 4}", number / 4)),
    lambda nodes: st.one_of(
        *(st.builds(both(sign), nodes, nodes) for sign in "+-*/"),
        st.builds(power, nodes, st.integers(-2, 2)),
        st.builds(call("min", min), nodes, nodes),
        st.builds(call("max", max), nodes, nodes),
        st.builds(negated, nodes),
    ),
    max_leaves=10,
)


@given(trees.filter(lambda tree: len(tree[0]) <= 500))
def test_random_formulas_compute_what_they_say(tree):
    text, expected = tree
    values = {name: FormulaValue(value, None, None) for name, value in NUMBERS.items()}
    if expected is not None and not math.isfinite(expected):
        expected = None
    assert evaluate(parse(text), values) == expected


@pytest.mark.parametrize(
    ("formulas", "cycle"),
    [
        ({}, None),
        ({"a": ["b"], "b": ["c"]}, None),
        ({"a": ["b", "c"], "b": ["c"], "c": []}, None),
        ({"a": ["a"]}, ["a"]),
        ({"b": ["a"], "a": ["b"]}, ["a", "b"]),
        ({"a": ["c"], "c": ["b"], "b": ["a"]}, ["a", "c", "b"]),
        ({"x": ["c"], "c": ["b", "z"], "b": ["c"]}, ["b", "c"]),
    ],
)
def test_find_cycle(formulas, cycle):
    assert find_cycle(formulas) == cycle


graphs = st.dictionaries(
    st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefg")), max_size=6
)


def reaches(formulas, start, goal):
    seen, waiting = set(), [start]
    while waiting:
        for name in formulas.get(waiting.pop(), ()):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return False


@given(graphs, st.randoms())
def test_a_cycle_is_found_exactly_when_there_is_one(formulas, random):
    cycle = find_cycle(formulas)
    assert (cycle is None) == (not any(reaches(formulas, n, n) for n in formulas))
    if cycle:
        assert len(set(cycle)) == len(cycle)
        assert cycle[0] == min(cycle)
        for user, used in zip(cycle, cycle[1:] + cycle[:1], strict=True):
            assert used in formulas[user]
    shuffled = {
        name: random.sample(sorted(formulas[name]), len(formulas[name]))
        for name in random.sample(sorted(formulas), len(formulas))
    }
    assert find_cycle(shuffled) == cycle
