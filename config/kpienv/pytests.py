"""Run pytest and read what its plugin reported."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from . import conf, logcheck, procs, settings, util, venv
from .util import EnvError

PLUGINS = settings.CONFIG / "pytest_plugins"
SKIP_ALLOW = settings.CONFIG / "skip-allow.txt"


@dataclass
class Outcome:
    """What a step of the tests did. A problem counts as a failure, too."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    problems: list = field(default_factory=list)
    tours: list = field(default_factory=list)
    pages: list = field(default_factory=list)

    def problem(self, text: str) -> None:
        self.failed += 1
        self.problems.append(text)

    def all(self, texts) -> None:
        for text in texts:
            self.problem(text)


def forbidden_skips(skipped, allowed) -> list[str]:
    """:param skipped: pairs of test id and reason
    :return: one text per skip that is on no list
    """
    texts = [f"{name}: {reason}" for name, reason in skipped]
    return [
        f"skipped, and not on {SKIP_ALLOW.name}: {text}"
        for text in texts
        if not any(item.pattern.search(text) for item in allowed)
    ]


def read_report(data: dict, allowed) -> Outcome:
    """Turn the plugin's report into an outcome."""
    outcome = Outcome(
        passed=data["passed"],
        failed=len(data["failed"]),
        skipped=len(data["skipped"]),
        problems=[f"failed: {name}" for name in data["failed"]],
        tours=data["tours"],
        pages=data.get("pages", []),
    )
    outcome.all(forbidden_skips(data["skipped"], allowed))
    # 0: all passed, 1: some failed, 5: nothing collected; others: pytest itself failed
    if data["exitstatus"] not in (0, 1, 5) and not data["failed"]:
        outcome.problem(f"pytest ended with {data['exitstatus']}")
    if data["exitstatus"] == 5:
        outcome.problem("pytest found no test")
    return outcome


def environment(report: Path, **more) -> dict[str, str]:
    env = conf.env()
    parts = [str(PLUGINS), env.get("PYTHONPATH", "")]
    env["PYTHONPATH"] = ":".join(part for part in parts if part)
    env["KPI_REPORT"] = str(report)
    env.update({key: str(value) for key, value in more.items()})
    return env


def odoo_options(database: str, log: Path) -> list[str]:
    """:return: pytest's options for tests inside a database."""
    return [
        f"--odoo-database={database}",
        "--odoo-http",
        "--odoo-log-level=warn",
        f"--odoo-extra=logfile={log}",
        "--odoo-extra=max-cron-threads=0",
    ]


def report(
    name: str, arguments, log_dir: Path, *, timeout=50 * 60, output=None, **more
):
    """Run pytest; :return: what its plugin wrote.

    :param name: name of the step, for its files
    :param output: file for what pytest prints; else it is shown
    :param more: further environment variables
    :raise EnvError: when the plugin wrote nothing
    """
    file = log_dir / f"{name}.json"
    file.unlink(missing_ok=True)
    command = [venv.python(), "-m", "pytest", "-p", "kpi_report", "-q"]
    command.append("--continue-on-collection-errors")
    command += ["-o", f"cache_dir={settings.work_dir() / 'pytest_cache'}", *arguments]
    status = procs.run(
        command,
        timeout=timeout,
        output=output,
        env=environment(file, **more),
        cwd=settings.REPO,
    )
    if not file.exists():
        raise EnvError(f"pytest ended with {status} before its tests")
    return json.loads(file.read_text(encoding="utf-8"))


def run(name: str, arguments, log_dir: Path, **more) -> Outcome:
    """Run pytest with its output shown, see :func:`report`."""
    allowed = logcheck.load_allowed(SKIP_ALLOW)
    try:
        return read_report(report(name, arguments, log_dir, **more), allowed)
    except EnvError as error:
        outcome = Outcome()
        outcome.problem(f"{name}: {error}")
        return outcome


def in_database(name, database, arguments, log_dir, **more) -> Outcome:
    """Run Odoo tests in a database; its log counts."""
    log = log_dir / f"{name}.log"
    log.unlink(missing_ok=True)
    log.touch()
    outcome = run(name, odoo_options(database, log) + arguments, log_dir, **more)
    outcome.all(logcheck.check(log))
    return outcome


def has_tests(*folders: Path) -> bool:
    return any(True for folder in folders for _file in folder.rglob("test_*.py"))


def show(outcome: Outcome) -> None:
    for text in outcome.problems:
        util.say(util.indent(text, "  ! ")[:4000])
