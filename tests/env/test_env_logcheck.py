"""The log check: what counts as a problem, and what an allow-list may excuse."""

import pytest
from kpienv import logcheck
from kpienv.util import EnvError

PREFIX = "2026-11-21 10:00:00,123 42"
INFO = f"{PREFIX} INFO kpi_test odoo.modules.loading: 12 modules loaded"
WARNING = f"{PREFIX} WARNING kpi_test odoo.addons.x: field kpi.a.b has no label"
ERROR = f"""{PREFIX} ERROR kpi_test odoo.sql_db: bad query: SELECT 1/0
ERROR: division by zero
Traceback (most recent call last):
  File "x.py", line 1, in <module>"""


def levels(text, allowed=""):
    found = logcheck.problems(text, logcheck.parse_allowed(allowed))
    return [record.level for record in found]


def test_info_is_no_problem():
    assert levels(INFO) == []


def test_warning_and_error_are_problems():
    assert levels("\n".join([INFO, WARNING, INFO, ERROR])) == ["WARNING", "ERROR"]


def test_a_stack_trace_belongs_to_its_record():
    [record] = logcheck.parse(ERROR)
    assert record.logger == "odoo.sql_db"
    assert record.message.endswith('File "x.py", line 1, in <module>')


def test_text_before_the_first_record_is_an_error():
    assert levels("Traceback (most recent call last):\n" + INFO) == ["ERROR"]


def test_a_log_line_without_database():
    [record] = logcheck.parse(f"{PREFIX} CRITICAL ? odoo.service.server: cannot start")
    assert (record.level, record.text) == (
        "CRITICAL",
        "CRITICAL odoo.service.server: cannot start",
    )


def test_allowed_with_a_reason():
    assert levels(WARNING, "# core says so\nodoo.addons.x: field .* no label") == []


def test_allowed_says_nothing_about_other_messages():
    assert levels(WARNING, "# reason\nodoo.addons.y") == ["WARNING"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pattern", "allow-list:1: no reason"),
        ("# reason\n\npattern", "allow-list:3: no reason"),
        ("# reason\n(", "allow-list:2: "),
    ],
)
def test_a_pattern_needs_a_reason_and_has_to_be_one(text, message):
    with pytest.raises(EnvError, match=message):
        logcheck.parse_allowed(text)


def test_a_missing_log_is_a_problem(tmp_path):
    assert logcheck.check(tmp_path / "no.log", []) == ["no log was written (no.log)"]


def test_long_messages_keep_their_beginning_and_end():
    text = "\n".join(str(number) for number in range(100))
    short = logcheck.shorten(text, lines=5).split("\n")
    assert short == ["0", "    ...", "97", "98", "99"]


def test_the_lists_in_the_repository_can_be_read():
    from kpienv import pytests

    assert logcheck.load_allowed()
    logcheck.load_allowed(pytests.SKIP_ALLOW)
