"""Counting: reports of pytest, skips, tours, hooks, the summary's last line."""

from pathlib import Path

from kpienv import lint, logcheck, pytests, testone, testrun, tours
from kpienv.pytests import Outcome


def report(**values):
    data = {"passed": 3, "failed": [], "skipped": [], "tours": [], "exitstatus": 0}
    return {**data, **values}


def test_all_passed():
    outcome = pytests.read_report(report(tours=["a"]), [])
    assert (outcome.passed, outcome.failed, outcome.tours) == (3, 0, ["a"])


def test_failed_tests_are_named():
    outcome = pytests.read_report(report(failed=["a::b"], exitstatus=1), [])
    assert (outcome.failed, outcome.problems) == (1, ["failed: a::b"])


def test_a_skip_fails_unless_it_is_on_the_list():
    data = report(skipped=[["a::b", "no browser"]])
    allowed = logcheck.parse_allowed("# because\na::b: no browser")
    assert pytests.read_report(data, []).failed == 1
    outcome = pytests.read_report(data, allowed)
    assert (outcome.failed, outcome.skipped) == (0, 1)


def test_pytest_breaking_down_is_a_failure():
    assert pytests.read_report(report(passed=0, exitstatus=3), []).failed == 1


def test_no_test_found_is_a_failure():
    assert pytests.read_report(report(passed=0, exitstatus=5), []).failed == 1


TOUR = 'registry.category("web_tour.tours").add("kpi_one", {steps: () => []});'


def test_tours_are_found_however_they_are_written():
    source = f"""
    {TOUR}
    registry
        .category('web_tour.tours')
        .add(
            'kpi_two', {{}});
    """
    assert tours.defined_in(source) == ["kpi_one", "kpi_two"]


def test_a_tour_in_a_comment_is_none():
    assert tours.defined_in(f"// {TOUR}\n/* {TOUR} */") == []


def test_other_registries_are_no_tours():
    assert tours.defined_in('registry.category("actions").add("kpi_one", 1)') == []


def test_tours_below_the_add_ons(tmp_path: Path):
    folder = tmp_path / "kpi_x" / "static" / "tests" / "tours" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text(TOUR)
    (folder.parent / "b.js").write_text(TOUR.replace("one", "b"))
    assert tours.defined(tmp_path) == ["kpi_b", "kpi_one"]


def test_a_tour_that_nobody_runs():
    assert tours.missing(["a", "b"], ["a", "core_tour"]) == [
        "tour b exists, but no test ran it to its end"
    ]


def test_a_tour_defined_twice_hides_one():
    assert tours.missing(["a", "a"], ["a"]) == ["tour a is defined 2 times"]


def test_javascript_tests_that_nobody_opens():
    assert tours.unrun(["a.test.js"], ["/web"]) != []
    assert tours.unrun(["a.test.js"], ["/web/tests?headless"]) == []
    assert tours.unrun([], []) == []


def test_hooks_are_read_from_pre_commits_output():
    output = (
        "ruff.....................................................Passed\n"
        "eslint...............................(no files to check)Skipped\n"
        "\x1b[41mpylint-odoo....................................Failed\x1b[m\n"
        "- hook id: pylint_odoo\n"
    )
    assert lint.hooks_in(output) == {
        "Passed": ["ruff"],
        "Failed": ["pylint-odoo"],
        "Skipped": ["eslint"],
    }


def test_the_last_line_adds_everything_up():
    good = Outcome(passed=10, skipped=1)
    bad = Outcome(passed=2, failed=1, problems=["it broke"])
    lines, failed = testrun.summary([("one", good, 1), ("two", bad, 2)], Path("logs"))
    assert (lines[-1], failed) == ("12 passed, 1 failed, 1 skipped", 1)
    assert "  two: it broke" in lines


def test_which_tests_the_arguments_name():
    assert testone.kind_of(["addons/kpi_quality/tests/test_x.py", "-k", "y"]) == "addon"
    assert testone.kind_of(["tests/unit/test_x.py::test_y"]) == "pure"
    assert testone.kind_of(["-x", "tests/e2e"]) == "e2e"
    assert testone.kind_of([]) == "addon"
