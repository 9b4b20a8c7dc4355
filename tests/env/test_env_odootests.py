"""`make test-odoo`: what a test's two outcomes mean."""

from kpienv import logcheck, odootests

PASSED, SKIPPED = ["passed", ""], ["skipped", "no demo data"]
FAILED = ["failed", "AssertionError: 1 != 2"]


def compare(without, ours, allowed=""):
    return odootests.compare(without, ours, logcheck.parse_allowed(allowed))


def test_a_test_that_fails_with_ours_only_is_broken():
    found = compare({"a": PASSED, "b": PASSED}, {"a": PASSED, "b": FAILED})
    assert found.passed == 1
    assert found.broken == {"b": "failed: AssertionError: 1 != 2"}


def test_a_test_that_fails_in_both_is_known_and_named():
    found = compare({"a": FAILED}, {"a": FAILED})
    assert (found.broken, found.known) == ({}, {"a": "AssertionError: 1 != 2"})
    lines = "\n".join(odootests.summary(found, [])).split("\n")
    assert lines[2:4] == ["  a", "      AssertionError: 1 != 2"]


def test_not_running_is_no_way_to_pass():
    found = compare({"a": PASSED, "b": PASSED}, {"a": SKIPPED})
    assert found.broken == {"a": "skipped: no demo data", "b": "missing: was not run"}


def test_a_skip_in_both_is_counted_by_its_reason():
    found = compare({"a": SKIPPED, "b": SKIPPED}, {"a": SKIPPED, "b": SKIPPED})
    assert "     2  no demo data" in odootests.summary(found, [])


def test_a_test_skipped_without_ours_has_to_pass_with_them():
    assert compare({"a": SKIPPED}, {"a": FAILED}).broken
    assert compare({}, {"a (collection)": FAILED}).broken


def test_a_second_try_is_told():
    found = compare({"a": PASSED}, {"a": ["passed", odootests.AGAIN]})
    assert (found.passed, found.again) == (1, ["a"])


def test_an_exception_excuses_only_the_failure_it_names():
    without = {"a::b": PASSED}
    allowed = "# one statement a line\na::b: failed: .*Query count"
    found = compare(without, {"a::b": ["failed", "Query count 3 > 2"]}, allowed)
    assert (list(found.allowed), found.broken) == (["a::b"], {})
    assert list(compare(without, {"a::b": FAILED}, allowed).broken) == ["a::b"]


def test_an_exception_that_excuses_nothing_is_a_problem():
    allowed = logcheck.parse_allowed("# reason\na::b: failed")
    assert odootests.unused(allowed, odootests.compare({"a::b": PASSED}, {}, allowed))
    failing = odootests.compare({"a::b": PASSED}, {"a::b": FAILED}, allowed)
    assert odootests.unused(allowed, failing) == []


def test_the_list_in_the_repository_can_be_read():
    logcheck.load_allowed(odootests.ALLOW)
