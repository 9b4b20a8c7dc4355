"""Which browser tests exist, to compare them with those that ran."""

import re
from pathlib import Path

DEFINITION = re.compile(
    r"""registry\s*\.\s*category\(\s*(["'])web_tour\.tours\1\s*\)\s*"""
    r"""\.\s*add\(\s*(["'`])(?P<name>[^"'`]+)\2"""
)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)


def defined_in(source: str) -> list[str]:
    """:return: names of the tours that a JavaScript source defines, in its order."""
    return [m["name"] for m in DEFINITION.finditer(COMMENT.sub("", source))]


def defined(addons: Path) -> list[str]:
    """:return: names of the test tours of all add-ons, sorted."""
    names = []
    for file in addons.glob("*/static/tests/tours/**/*.js"):
        names += defined_in(file.read_text(encoding="utf-8"))
    return sorted(names)


def unit_tests(addons: Path) -> list[str]:
    """:return: files with JavaScript unit tests (Hoot)."""
    return sorted(str(f) for f in addons.glob("*/static/tests/**/*.test.js"))


def unrun(unit_test_files, pages) -> list[str]:
    """:return: a text when there are JavaScript unit tests and no test opened them."""
    if unit_test_files and not any(page.startswith("/web/tests") for page in pages):
        return [f"{len(unit_test_files)} *.test.js files, but no test opens /web/tests"]
    return []


def missing(defined_names, ran) -> list[str]:
    """:return: one text per tour that did not run, or that exists twice."""
    defined_names = list(defined_names)
    problems = [
        f"tour {name} is defined {defined_names.count(name)} times"
        for name in sorted(set(defined_names))
        if defined_names.count(name) > 1
    ]
    problems += [
        f"tour {name} exists, but no test ran it to its end"
        for name in sorted(set(defined_names) - set(ran))
    ]
    return problems
