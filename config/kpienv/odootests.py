"""``make test-odoo``: Odoo's own tests, without our add-ons and with them.

Two databases with the same modules of Odoo; the second has our add-ons, too. A test
that passes in the first and not in the second is a failure of ours.

pytest runs them, not Odoo's own runner: that one runs most of these tests while their
module is being installed or upgraded, when ours, which come later, are not loaded yet.
Here each test finds the complete system. What fails in such a system already without
us is listed as known.
"""

import json
import shutil
import time
from dataclasses import dataclass, field

from . import (
    browser,
    logcheck,
    odoo,
    postgres,
    prepared,
    pytests,
    settings,
    util,
    venv,
)
from .util import EnvError

MODULES = ("stock", "sale_stock", "purchase_stock", "purchase", "sale")
OWN_DB = "kpi_odoo_own"
RUN_DB = "kpi_odoo_run"
ALLOW = settings.CONFIG / "odoo-tests-allow.txt"
# a base in which more than that fails is no base to compare with
KNOWN_SHARE = 0.05
LIMIT = 90 * 60

AGAIN = "at the second try"
PASSED, SKIPPED, FAILED, MISSING = "passed", "skipped", "failed", "missing"


@dataclass
class Comparison:
    """What became of the tests in both databases, by what it means for us."""

    passed: int = 0  # in both
    again: list = field(default_factory=list)  # of these: at the second try
    broken: dict = field(default_factory=dict)  # pass without ours only
    allowed: dict = field(default_factory=dict)  # the same, with a reason on the list
    known: dict = field(default_factory=dict)  # fail without ours, too
    mended: list = field(default_factory=list)  # fail without ours only
    skipped: dict = field(default_factory=dict)  # without ours, too

    def add(self, name: str, without: list, ours: list, allowed) -> None:
        """:param without: outcome and text of a test without our add-ons
        :param ours: the same with them
        :param allowed: the entries of the list of exceptions
        """
        if without[0] == FAILED:
            if ours[0] == PASSED:
                self.mended.append(name)
            else:
                self.known[name] = without[1]
        elif without[0] == SKIPPED == ours[0]:
            self.skipped[name] = without[1]
        elif ours[0] == PASSED:
            self.passed += 1
            if ours[1]:
                self.again.append(name)
        else:
            text = f"{ours[0]}: {ours[1]}"
            reasons = [a.reason for a in allowed if a.pattern.search(f"{name}: {text}")]
            if reasons:
                self.allowed[name] = (text, reasons[0])
            else:
                self.broken[name] = text


def compare(without: dict, ours: dict, allowed=()) -> Comparison:
    """Compare outcomes; each is a dictionary of test id to [outcome, text]."""
    comparison = Comparison()
    for name in sorted(without.keys() | ours.keys()):
        absent = [MISSING, "was not run"]
        # a test that only our database has is judged like one that passed before
        comparison.add(
            name, without.get(name, [PASSED, ""]), ours.get(name, absent), allowed
        )
    return comparison


def unused(allowed, comparison: Comparison) -> list[str]:
    """:return: one text per exception that excuses no test any more"""
    texts = [f"{name}: {text}" for name, (text, _why) in comparison.allowed.items()]
    return [
        f"{ALLOW.name}: nothing fails any more like {item.pattern.pattern}"
        for item in allowed
        if not any(item.pattern.search(text) for text in texts)
    ]


def _addons_of(module: str):
    """:return: Odoo's folder of add-ons that has the module"""
    for root in odoo.addons_path():
        if (root / module / "tests").exists():
            return root
    raise EnvError(f"this Odoo has no tests of {module}")


def _pytest(name: str, folder, what, logs) -> dict:
    """Run tests below a folder; :return: what pytest's plugin wrote."""
    data = pytests.report(
        name,
        # pytest's configuration of this repository is not for Odoo's own tests;
        # imported by path, or Odoo's add-on "calendar" hides Python's
        [
            *pytests.odoo_options(RUN_DB, logs / f"{name}.log"),
            *("--import-mode=importlib", "-c", "/dev/null", "--disable-warnings"),
            *(f"--rootdir={folder}", *(folder / part for part in what)),
        ],
        logs,
        timeout=LIMIT,
        output=logs / f"{name}.txt",
    )
    if data["exitstatus"] not in (0, 1):
        raise EnvError(f"pytest ended with {data['exitstatus']}; see {logs}/{name}.txt")
    return data


def _run(module: str, database: str, logs, *, label: str) -> dict:
    """Run a module's tests on a copy of a database.

    Browser tests that failed are run once more: the steps of a tour have ten seconds
    each, which is not always enough on a busy machine.

    :return: test id to [outcome, text]
    """
    name = f"{label}-{module}"
    addons = _addons_of(module)
    prepared.copy(database, RUN_DB)
    began = time.monotonic()
    data = _pytest(name, addons, [f"{module}/tests"], logs)
    tests = data["tests"]
    again = [test for test in data["in_browser"] if tests[test][0] == FAILED]
    if again:
        util.say(f"    once more: {len(again)} browser tests that failed")
        data = _pytest(f"{name}-again", addons, again, logs)
        for test, (outcome, text) in data["tests"].items():
            tests[test] = [outcome, AGAIN if outcome == PASSED else text]
    prepared.drop(RUN_DB)
    util.say(f"    {count(tests)} in {time.monotonic() - began:.0f} s")
    return tests


def count(tests: dict) -> str:
    """:return: e.g. "10 passed, 1 failed, 0 skipped" """
    outcomes = [outcome for outcome, _text in tests.values()]
    return ", ".join(f"{outcomes.count(o)} {o}" for o in (PASSED, FAILED, SKIPPED))


def without_ours(module: str, logs) -> dict:
    """:return: outcomes in the base; kept until Odoo or what is installed changes"""
    base = prepared.ODOO.base
    prepared.ensure_base(prepared.ODOO, logs)
    installed = postgres.psql(
        "SELECT name FROM ir_module_module WHERE state = 'installed' ORDER BY name",
        base,
    )
    plugin = pytests.PLUGINS / "kpi_report.py"
    key = util.digest_of(odoo.version(), venv.LOCK, installed, plugin, browser.find())
    kept = settings.work_dir() / "odoo-tests" / f"{module}.json"
    if kept.exists() and not settings.is_ci():
        data = json.loads(kept.read_text(encoding="utf-8"))
        if data["key"] == key:
            util.step(f"{module}, without our add-ons: known from an earlier run")
            util.say(f"    {count(data['tests'])}")
            return data["tests"]
    util.step(f"{module}, without our add-ons")
    tests = _run(module, base, logs, label="without")
    util.write_atomic(kept, json.dumps({"key": key, "tests": tests}, indent=1))
    return tests


def with_ours(module: str, logs) -> dict:
    util.step(f"{module}, with {' '.join(prepared.installable())}")
    return _run(module, OWN_DB, logs, label="with")


def ensure_own(logs) -> None:
    """Have a database with our add-ons as they are now."""
    if not settings.is_ci() and prepared.current(OWN_DB, prepared.ODOO):
        return
    prepared.ensure_base(prepared.ODOO, logs)
    util.step(f"database {OWN_DB}: {' '.join(prepared.installable())}")
    problems = prepared.install_own(OWN_DB, prepared.ODOO, logs / f"{OWN_DB}.log")
    if not prepared.state(OWN_DB):
        raise EnvError("\n".join(problems))
    for text in problems:  # `make test` fails on these
        util.say(util.indent(text, "  ! "))


def _named(failures: dict) -> list[str]:
    """:return: test ids, each with what the test said (lists of values cut short)"""
    return [
        "\n".join([name, *(f"    {line[:200]}" for line in text.split("\n"))])
        for name, text in failures.items()
    ]


def summary(comparison: Comparison, problems) -> list[str]:
    """:return: what the person who ran it reads at the end"""
    lines = []

    def section(title, texts):
        if texts:
            lines.extend(["", title])
            lines.extend(util.indent(text, "  ") for text in texts)

    reasons: dict = {}
    for name, text in comparison.skipped.items():
        reasons.setdefault(text, []).append(name)
    section(
        "Skipped in both:",
        [f"{len(names):4}  {reason}" for reason, names in sorted(reasons.items())],
    )
    section("Known: they fail without our add-ons, too:", _named(comparison.known))
    section("Browser tests that pass at the second try only:", comparison.again)
    section("They fail only without our add-ons:", comparison.mended)
    section(
        f"They fail with our add-ons for a reason in {ALLOW.name}:",
        [f"{n}\n    {why}" for n, (_text, why) in comparison.allowed.items()],
    )
    section("BROKEN by our add-ons:", _named(comparison.broken))
    section("Also wrong:", problems)
    lines += [
        "",
        f"{comparison.passed} pass without and with our add-ons,"
        f" {len(comparison.broken)} are broken by them,"
        f" {len(comparison.allowed)} fail for a reason on the list,"
        f" {len(comparison.known)} fail in both,"
        f" {len(comparison.skipped)} are skipped in both",
    ]
    return lines


def main(names=()) -> int:
    """Run the tests of all modules, or of those named; :return: exit status."""
    unknown = sorted(set(names) - set(MODULES))
    if unknown:
        raise EnvError(
            f"not among the modules: {' '.join(unknown)} (they are {' '.join(MODULES)})"
        )
    if not browser.find():
        raise EnvError(f"no browser found (looked for {', '.join(browser.NAMES)})")
    modules = [name for name in MODULES if not names or name in names]
    allowed = logcheck.load_allowed(ALLOW)
    logs = settings.work_dir() / "logs" / "test-odoo"
    without, ours = {}, {}
    with (
        util.locked(settings.work_dir() / "test-odoo.lock", "make test-odoo runs"),
        postgres.serving(keep=False),
    ):
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)
        ensure_own(logs)
        for module in modules:
            without.update(without_ours(module, logs))
            ours.update(with_ours(module, logs))
    comparison = compare(without, ours, allowed)
    problems = [] if names else unused(allowed, comparison)
    if len(comparison.known) > KNOWN_SHARE * len(without):
        problems.append(
            f"{len(comparison.known)} of {len(without)} tests fail without our add-ons:"
            " too many to compare with"
        )
    util.say("\n".join([*summary(comparison, problems), "", f"Logs: {logs}"]))
    return 1 if comparison.broken or problems else 0
