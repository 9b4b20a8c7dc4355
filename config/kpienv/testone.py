"""``make test-one``: the inner loop. One test file in seconds.

The database is prepared once; it is upgraded only when files of an add-on changed
that an upgrade reads (tests and static files are none).
"""

import shlex
from pathlib import Path

from . import postgres, prepared, pytests, settings, testrun, util
from .pytests import Outcome
from .util import EnvError


def kind_of(arguments) -> str:
    """Say which tests the arguments name.

    >>> kind_of(["addons/kpi_quality/tests/test_x.py", "-k", "name"])
    'addon'
    >>> kind_of(["tests/unit"]), kind_of(["-x", "tests/e2e/test_run.py::test_it"])
    ('pure', 'e2e')
    """
    kinds = set()
    for argument in arguments:
        parts = Path(argument.split("::")[0]).parts
        if parts[:1] == ("addons",):
            kinds.add("addon")
        elif parts[:2] == ("tests", "e2e"):
            kinds.add("e2e")
        elif parts[:1] == ("tests",):
            kinds.add("pure")
    if len(kinds) > 1:
        raise EnvError(f"name tests of one sort, not {' and '.join(sorted(kinds))}")
    return kinds.pop() if kinds else "addon"


def addons_in(arguments) -> set[str]:
    """Say which add-ons' tests the arguments name.

    >>> addons_in(["addons/kpi_quality_pos/tests/test_x.py", "-k", "name"])
    {'kpi_quality_pos'}
    """
    paths = [Path(argument.split("::")[0]).parts for argument in arguments]
    return {parts[1] for parts in paths if parts[:1] == ("addons",) and parts[1:]}


def main(arguments) -> int:
    """Run the named tests; without any, all of the add-ons. :return: exit status."""
    database = prepared.valid_name(settings.TEST_DB)
    database_kind = prepared.PLAIN
    if any(name in prepared.bridges() for name in addons_in(arguments)):
        database, database_kind = prepared.bridged(database), prepared.BRIDGES
    logs = settings.work_dir() / "logs" / database
    logs.mkdir(parents=True, exist_ok=True)
    kind = kind_of(arguments)
    if kind == "pure":
        outcome = pytests.run("pure", ["-p", "no:odoo", *arguments], logs)
        return report(outcome, arguments)
    with postgres.serving(keep=True):
        lock = settings.work_dir() / "databases" / f"{database}.lock"
        if kind == "e2e":
            return report(_e2e(arguments, logs), arguments)
        with util.locked(lock, f"{database} is in use (KPI_DB=name takes another)"):
            usable, problems = prepared.bring_up_to_date(database, database_kind, logs)
            if not usable:
                raise EnvError("\n".join(problems))
            if not any(argument.startswith("addons") for argument in arguments):
                arguments = [
                    *arguments,
                    *(
                        settings.ADDONS / name / "tests"
                        for name in prepared.installable()
                        if (settings.ADDONS / name / "tests").exists()
                    ),
                ]
            outcome = pytests.in_database("tests", database, arguments, logs)
            outcome.all(problems)
    return report(outcome, arguments)


def _e2e(arguments, logs) -> Outcome:
    """Run end-to-end tests on a copy of the demo database."""
    lock = settings.work_dir() / "databases" / f"{testrun.E2E_DB}.lock"
    with util.locked(lock, f"{testrun.E2E_DB} is in use"):
        if not prepared.current(testrun.DEMO_DB, prepared.DEMO):
            prepared.ensure_base(prepared.DEMO, logs)
            util.step("demo database")
            problems = prepared.install_own(
                testrun.DEMO_DB, prepared.DEMO, logs / "demo.log"
            )
            if not prepared.state(testrun.DEMO_DB):
                raise EnvError("\n".join(problems))
        prepared.copy(testrun.DEMO_DB, testrun.E2E_DB)
        with testrun.server(testrun.E2E_DB, logs / "e2e-server.log") as url:
            outcome = pytests.run(
                "e2e",
                ["-p", "no:odoo", *arguments],
                logs,
                KPI_E2E_URL=url,
                KPI_E2E_DB=testrun.E2E_DB,
            )
        prepared.drop(testrun.E2E_DB)
        return outcome


def report(outcome: Outcome, arguments) -> int:
    """Print the outcome; :return: exit status."""
    pytests.show(outcome)
    util.say(
        f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
    )
    if outcome.failed:
        words = shlex.join(map(str, arguments))
        util.say(f'again: make test-one ARGS="{words}"')
    return 1 if outcome.failed else 0
