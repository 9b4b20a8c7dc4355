"""Safe arithmetic over indicators, for those whose source is a formula.

A text is parsed by :mod:`ast`, checked node by node against a short list of what is
allowed, and walked; it is never compiled or run.
"""

import ast
import math
import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from .money import round_money

_MOST_CHARACTERS = 500
_MOST_DEPTH = 50
_MOST_EXPONENT = 10
_MOST_DECIMALS = 10

_FOREIGN = re.compile(r"[^A-Za-z0-9_.,+\-*/()\s]")
_PARTS = ("numerator", "denominator")
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS = {
    "min": (min, 2, math.inf),
    "max": (max, 2, math.inf),
    "abs": (abs, 1, 1),
    "round": (lambda value, digits=0: round_money(value, int(digits)), 1, 2),
}
"""Function, least and most number of arguments. `round` rounds half up."""


class FormulaError(ValueError):
    """A text that is no formula.

    :ivar reason: ``syntax``, ``not_allowed``, ``too_long`` or ``too_deep``
    :ivar detail: the part in question, for a message
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class FormulaValue(NamedTuple):
    """What a formula may use of an indicator; None is no data."""

    value: float | None
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Formula:
    """A checked formula; `names` are the codes of the indicators it uses."""

    text: str
    names: frozenset[str]
    _tree: ast.expr = field(repr=False, compare=False)


class _NoData(Exception):
    pass


def parse(text: str) -> Formula:
    """Read a formula.

    Allowed are numbers, codes of indicators (``revenue``, their value) and their sums
    (``revenue.numerator``, ``revenue.denominator``), ``+ - * /``, unary minus,
    parentheses, ``**`` with a whole number from -10 to 10, ``min`` and ``max`` of two
    or more, ``abs``, and ``round`` with a whole number of decimals up to 10. A code
    starts with a letter and is not the name of a function.

    :param text: up to 500 characters, nested up to 50 deep
    :raise FormulaError: anything else
    """
    if len(text) > _MOST_CHARACTERS:
        raise FormulaError("too_long", str(_MOST_CHARACTERS))
    if foreign := _FOREIGN.search(text):
        raise FormulaError("not_allowed", foreign[0])
    if _nesting(text) > _MOST_DEPTH:
        raise FormulaError("too_deep", str(_MOST_DEPTH))
    line = " ".join(text.split())
    try:
        tree = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        raise FormulaError("syntax", error.msg) from error
    except (MemoryError, RecursionError) as error:  # how the parser says "too deep"
        raise FormulaError("too_deep", str(_MOST_DEPTH)) from error
    return Formula(text, frozenset(_check(tree, line, 1)), tree)


def evaluate(formula: Formula, values: Mapping[str, FormulaValue]) -> float | None:
    """Compute a formula.

    :param values: by code of indicator; one that is not there has no data
    :return: None when an operand has no data, a denominator is 0, or a result on the
        way is beyond floats
    """
    try:
        return _walk(formula._tree, values)
    except (_NoData, ZeroDivisionError, OverflowError):
        return None


def find_cycle(formulas: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Look for formulas that use each other in a circle.

    :param formulas: by code, the codes that its formula uses
    :return: the codes of one circle, each using the next and the last the first,
        beginning with the alphabetically first; None when there is none
    """
    graph = {name: sorted(set(formulas[name])) for name in sorted(formulas)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = error.args[1][:0:-1]  # closed, and each used by the next
        first = cycle.index(min(cycle))
        return cycle[first:] + cycle[:first]
    return None


def _nesting(text):
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _check(node, line, depth):
    """Yield the codes used in `node`, a part of `line`.

    :raise FormulaError: something that is not allowed
    """
    if depth > _MOST_DEPTH:
        raise FormulaError("too_deep", str(_MOST_DEPTH))
    spelled = line[node.col_offset : node.end_col_offset]
    match node:
        case ast.Constant(value=number) if type(number) in (int, float):
            pass
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name)):
            if name in _FUNCTIONS or name.startswith("_"):
                raise FormulaError("not_allowed", spelled)
            if isinstance(node, ast.Attribute) and node.attr not in _PARTS:
                raise FormulaError("not_allowed", spelled)
            yield name
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from _check(operand, line, depth + 1)
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            if _whole(right, -_MOST_EXPONENT, _MOST_EXPONENT) is None:
                raise FormulaError("not_allowed", spelled)
            yield from _check(left, line, depth + 1)
        case ast.BinOp(op=sign, left=left, right=right) if type(sign) in _OPERATORS:
            yield from _check(left, line, depth + 1)
            yield from _check(right, line, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if not _callable(name, arguments):
                raise FormulaError("not_allowed", spelled)
            for argument in arguments:
                yield from _check(argument, line, depth + 1)
        case _:
            raise FormulaError("not_allowed", spelled)


def _callable(name, arguments):
    _function, least, most = _FUNCTIONS.get(name, (None, 1, 0))
    if not least <= len(arguments) <= most:
        return False
    if name == "round" and len(arguments) == 2:
        return _whole(arguments[1], 0, _MOST_DECIMALS) is not None
    return True


def _whole(node, least, most):
    """Give the whole number, possibly signed, that `node` spells, within limits."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=number)):
            sign = -1
        case ast.Constant(value=number):
            sign = 1
        case _:
            return None
    if type(number) is not int or not least <= sign * number <= most:
        return None
    return sign * number


def _walk(node, values):
    """Compute a node that :func:`_check` let pass."""
    match node:
        case ast.Constant(value=number):
            result = number
        case ast.Name(id=name):
            result = _operand(values, name, "value")
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            result = _operand(values, name, part)
        case ast.UnaryOp(operand=operand):
            result = -_walk(operand, values)
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            exponent = _whole(right, -_MOST_EXPONENT, _MOST_EXPONENT)
            result = _walk(left, values) ** exponent
        case ast.BinOp(op=sign, left=left, right=right):
            result = _OPERATORS[type(sign)](_walk(left, values), _walk(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            function = _FUNCTIONS[name][0]
            result = function(*(_walk(argument, values) for argument in arguments))
    result = float(result)
    if not math.isfinite(result):
        raise OverflowError
    return result


def _operand(values, name, part):
    operand = values.get(name)
    figure = None if operand is None else getattr(operand, part)
    if figure is None:
        raise _NoData
    return figure
