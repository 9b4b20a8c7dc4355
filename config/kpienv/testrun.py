"""``make test``: all checks one after another, and one plain summary at the end."""

import shutil
import time
import urllib.request
from pathlib import Path

from . import (
    browser,
    conf,
    i18n,
    leftovers,
    lint,
    logcheck,
    postgres,
    prepared,
    procs,
    pytests,
    settings,
    tours,
    util,
    venv,
)
from .pytests import Outcome
from .util import EnvError

FULL_DB = "kpi_full"
DEMO_DB = "kpi_demo_prepared"
E2E_DB = "kpi_e2e"
GONE_DB = "kpi_uninstalled"
BRIDGES_DB = prepared.bridged(FULL_DB)


class Run:
    """One run of the tests; each ``step_*`` method returns its :class:`Outcome`."""

    STEPS = {
        "lint": "lint (pre-commit)",
        "pure": "tests without a database",
        "install": "install and upgrade",
        "testlint": "Odoo's test_lint",
        "i18n": "translations",
        "addons": "add-on tests and tours",
        "bridges": "beside other apps",
        "demo": "demo database",
        "e2e": "end to end",
        "uninstall": "uninstall",
    }

    def __init__(self):
        self.logs = settings.work_dir() / "logs" / "test"
        self.anew = settings.is_ci()
        self.bases_made = set()

    def log(self, name: str) -> Path:
        return self.logs / name

    def base(self, kind) -> None:
        """Have a base database; in CI made anew, once a run."""
        anew = self.anew and kind.base not in self.bases_made
        prepared.ensure_base(kind, self.logs, anew)
        self.bases_made.add(kind.base)

    def step_lint(self) -> Outcome:
        return lint.pre_commit(self.logs)

    def step_pure(self) -> Outcome:
        folders = [
            path
            for path in sorted((settings.REPO / "tests").iterdir())
            if path.is_dir() and path.name not in ("e2e", "bench", "__pycache__")
        ]
        if not pytests.has_tests(*folders):
            return Outcome()
        return pytests.run("pure", ["-p", "no:odoo", *folders], self.logs)

    def step_install(self) -> Outcome:
        outcome = Outcome()
        modules = prepared.installable()
        if not modules:
            util.say("    no add-ons yet")
            return outcome
        if not self.anew and prepared.current(FULL_DB, prepared.PLAIN):
            util.say("    unchanged since it last passed")
            outcome.passed += 2
            return outcome
        self.base(prepared.PLAIN)
        problems = prepared.install_own(
            FULL_DB, prepared.PLAIN, self.log("install.log")
        )
        self._count(outcome, problems)
        if not prepared.state(FULL_DB):
            return outcome
        state = prepared.state(FULL_DB)
        log = self.log("upgrade.log")
        status = prepared.run_odoo(FULL_DB, "-u", ",".join(modules), log=log)
        usable, problems = prepared.check_run(
            FULL_DB, status, log, "upgrading", modules
        )
        self._count(outcome, problems)
        if usable:
            state["problems"] = state["problems"] + problems
            prepared.set_state(FULL_DB, **state)
        else:
            prepared.drop(FULL_DB)
        return outcome

    @staticmethod
    def _count(outcome: Outcome, problems) -> None:
        outcome.all(problems)
        if not problems:
            outcome.passed += 1

    def _full_database(self) -> bool:
        return bool(prepared.state(FULL_DB))

    def _without(self, what: str) -> Outcome:
        outcome = Outcome()
        outcome.problem(f"{what}: not run, the add-ons could not be installed")
        return outcome

    def step_testlint(self) -> Outcome:
        if not prepared.installable():
            return Outcome()
        if not self._full_database():
            return self._without("test_lint")
        return lint.test_lint(FULL_DB, self.logs)

    def step_i18n(self) -> Outcome:
        """Whether .pot and .po files hold all terms of the installed add-ons."""
        if not prepared.installable():
            return Outcome()
        if not self._full_database():
            return self._without("translations")
        return self._translations(FULL_DB, prepared.installable())

    def _translations(self, database: str, addons) -> Outcome:
        outcome = Outcome()
        try:
            incomplete = i18n.export_from(database, addons, self.logs / "i18n", True)
        except EnvError as error:
            outcome.problem(str(error))
        else:
            self._count(
                outcome,
                ["terms are missing or not translated: run `make i18n`"]
                if incomplete
                else [],
            )
        return outcome

    def step_addons(self) -> Outcome:
        existing = tours.defined(settings.ADDONS)
        folders = [settings.ADDONS / name / "tests" for name in prepared.installable()]
        if not pytests.has_tests(*folders):
            outcome = Outcome()
        elif not self._full_database():
            return self._without("add-on tests")
        elif not browser.find():
            outcome = Outcome()
            outcome.problem(f"no browser found (looked for {', '.join(browser.NAMES)})")
        else:
            paths = [folder for folder in folders if folder.exists()]
            outcome = pytests.in_database("addons", FULL_DB, paths, self.logs)
        outcome.all(tours.missing(existing, outcome.tours))
        outcome.all(tours.unrun(tours.unit_tests(settings.ADDONS), outcome.pages))
        util.say(f"    tours: {len(outcome.tours)} ran, {len(existing)} exist")
        return outcome

    def step_bridges(self) -> Outcome:
        """Our bridges, in a database with the apps that they stand beside."""
        outcome = Outcome()
        addons = prepared.bridges()
        if not addons:
            return outcome
        kind = prepared.BRIDGES
        if self.anew or not prepared.current(BRIDGES_DB, kind):
            self.base(kind)
            log = self.log("bridges-install.log")
            self._count(outcome, prepared.install_own(BRIDGES_DB, kind, log))
        if not prepared.state(BRIDGES_DB):
            return outcome
        folders = [settings.ADDONS / name / "tests" for name in addons]
        for found in (
            self._translations(BRIDGES_DB, addons),
            pytests.in_database("bridges", BRIDGES_DB, folders, self.logs),
            self._uninstalled(BRIDGES_DB, kind, self.log("bridges-uninstall.log")),
        ):
            outcome.passed += found.passed
            outcome.skipped += found.skipped
            outcome.failed += found.failed
            outcome.problems += found.problems
        return outcome

    def step_demo(self) -> Outcome:
        outcome = Outcome()
        if not prepared.installable():
            return outcome
        if not self.anew and prepared.current(DEMO_DB, prepared.DEMO):
            util.say("    unchanged since it last passed")
            outcome.passed += 1
            return outcome
        self.base(prepared.DEMO)
        problems = prepared.install_own(DEMO_DB, prepared.DEMO, self.log("demo.log"))
        self._count(outcome, problems)
        return outcome

    def step_e2e(self) -> Outcome:
        outcome = Outcome()
        if not prepared.installable():
            return outcome
        if not prepared.state(DEMO_DB):
            return self._without("end-to-end tests")
        prepared.copy(DEMO_DB, E2E_DB)
        log = self.log("e2e-server.log")
        try:
            with server(E2E_DB, log) as url:
                with urllib.request.urlopen(f"{url}/web/login", timeout=120) as page:
                    if page.status == 200:
                        outcome.passed += 1
                folder = settings.REPO / "tests" / "e2e"
                if pytests.has_tests(folder):
                    found = pytests.run(
                        "e2e",
                        ["-p", "no:odoo", folder],
                        self.logs,
                        KPI_E2E_URL=url,
                        KPI_E2E_DB=E2E_DB,
                    )
                    found.passed += outcome.passed
                    outcome = found
        except (EnvError, OSError) as error:
            outcome.problem(f"end to end: {error}\n{procs.tail(log)}")
        outcome.all(f"log of the server: {text}" for text in logcheck.check(log))
        prepared.drop(E2E_DB)
        return outcome

    def step_uninstall(self) -> Outcome:
        if not prepared.installable():
            return Outcome()
        if not self._full_database():
            return self._without("uninstalling")
        return self._uninstalled(FULL_DB, prepared.PLAIN, self.log("uninstall.log"))

    def _uninstalled(self, database: str, kind, log: Path) -> Outcome:
        """Uninstall ours on a copy, and see what that leaves there."""
        outcome = Outcome()
        prepared.copy(database, GONE_DB)
        log.unlink(missing_ok=True)
        rc = conf.write(log.with_suffix(".conf"), logfile=str(log))
        status = procs.run(
            [venv.python(), "-m", "odoo", "module", "uninstall", *kind.own()]
            + ["-c", rc, "-d", GONE_DB],
            timeout=20 * 60,
            output=log.with_name(log.name + ".out"),
            cwd=settings.REPO,
        )
        usable, problems = prepared.check_run(GONE_DB, status, log, "uninstalling", [])
        if usable:
            problems += leftovers.find(kind.base, GONE_DB)
        self._count(outcome, problems)
        prepared.drop(GONE_DB)
        return outcome


def server(database: str, log: Path, port: int | None = None):
    """Run a server with one database on a port; the block gets its address.

    :param port: a free one without; given, a server can be started there again
    """
    return _Server(database, log, port)


class _Server:
    def __init__(self, database: str, log: Path, port: int | None):
        self.log = log
        self.port = port or procs.free_port()
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        self.process = procs.started(
            [venv.python(), "-m", "odoo", "server", "-d", database]
            + [f"--db-filter=^{database}$", f"--http-port={self.port}"]
            # Odoo's own scheduled actions get in each other's way after a copy.
            + ["--max-cron-threads=0"]
            + ["--http-interface=127.0.0.1", f"--logfile={log}"],
            output=log.with_name(log.name + ".out"),
            cwd=settings.REPO,
        )

    def __enter__(self) -> str:
        url = f"http://127.0.0.1:{self.port}"
        process = self.process.__enter__()
        try:
            procs.wait_for(f"{url}/web/health", process)
        except BaseException:
            self.process.__exit__(None, None, None)
            raise
        return url

    def __exit__(self, *error):
        return self.process.__exit__(*error)


def summary(rows, logs: Path) -> tuple[list[str], int]:
    """Make the closing lines.

    :param rows: title, outcome and seconds of each step
    :return: lines, and the number of failures
    """
    lines = ["", f"{'':28}{'passed':>8}{'failed':>8}{'skipped':>8}{'time':>8}"]
    for title, outcome, seconds in rows:
        lines.append(
            f"{title:28}{outcome.passed:8}{outcome.failed:8}{outcome.skipped:8}"
            f"{seconds:6.0f} s"
        )
    problems = [
        f"  {title}: {logcheck.shorten(text, lines=4)}"
        for title, outcome, _seconds in rows
        for text in outcome.problems
    ]
    if problems:
        lines += ["", "What failed (in full above):", *problems, "", f"Logs: {logs}"]
    passed, failed, skipped = (
        sum(getattr(outcome, name) for _title, outcome, _seconds in rows)
        for name in ("passed", "failed", "skipped")
    )
    lines += ["", f"{passed} passed, {failed} failed, {skipped} skipped"]
    return lines, failed


def main(names=()) -> int:
    """Run all steps, or those named; :return: exit status."""
    unknown = sorted(set(names) - set(Run.STEPS))
    if unknown:
        raise EnvError(
            f"no such step: {' '.join(unknown)} (steps: {' '.join(Run.STEPS)})"
        )
    with util.locked(settings.work_dir() / "test.lock", "make test is running"):
        run = Run()
        shutil.rmtree(run.logs, ignore_errors=True)
        run.logs.mkdir(parents=True)
        rows = []
        with postgres.serving(keep=False):
            for name, title in Run.STEPS.items():
                if names and name not in names:
                    continue
                util.step(title)
                began = time.monotonic()
                try:
                    outcome = getattr(run, f"step_{name}")()
                except EnvError as error:
                    outcome = Outcome()
                    outcome.problem(str(error))
                pytests.show(outcome)
                rows.append((title, outcome, time.monotonic() - began))
        lines, failed = summary(rows, run.logs)
        util.say("\n".join(lines))
        return 1 if failed else 0
