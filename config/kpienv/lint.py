"""``make lint``: the pre-commit hooks, then Odoo's own test_lint on our add-ons."""

import re
import subprocess
from pathlib import Path

from . import conf, npm, odoo, prepared, procs, pytests, settings, util, venv
from .pytests import Outcome
from .util import EnvError

HOOK = re.compile(r"^(?P<name>.+?)\.{3,}(?:\(.*\))?(?P<status>Passed|Failed|Skipped)$")


def environment() -> dict[str, str]:
    """:return: environment in which the hooks find their tools."""
    env = conf.env()
    env["PATH"] = f"{npm.bin_dir()}:{env['PATH']}"
    # the configuration files in the repository find the npm packages in the cache
    env["NODE_PATH"] = str(npm.folder() / "node_modules")
    env["PRE_COMMIT_HOME"] = str(settings.cache_dir() / "pre-commit")
    env["PYLINTHOME"] = str(settings.cache_dir() / "pylint")
    return env


def files() -> list[str]:
    """:return: tracked and new files (git's ignored ones left out)."""
    output = util.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--deduplicate"],
        what="git ls-files",
        cwd=settings.REPO,
    ).stdout
    return [name for name in output.splitlines() if (settings.REPO / name).is_file()]


def hooks_in(output: str) -> dict[str, list[str]]:
    """Read pre-commit's output.

    :return: hook names by status ("Passed", "Failed", "Skipped")
    """
    found: dict[str, list[str]] = {"Passed": [], "Failed": [], "Skipped": []}
    for line in output.splitlines():
        match = HOOK.match(re.sub(r"\x1b\[[0-9;]*m", "", line).strip())
        if match:
            found[match["status"]].append(match["name"])
    return found


def pre_commit(log_dir: Path) -> Outcome:
    """Run all hooks over all files. As usual with them, some mend what they find."""
    outcome = Outcome()
    log_dir.mkdir(parents=True, exist_ok=True)
    output = log_dir / "lint.txt"
    status = procs.run(
        [venv.bin_dir() / "pre-commit", "run", "--color=never", "--files", *files()],
        timeout=20 * 60,
        env=environment(),
        cwd=settings.REPO,
        output=output,
    )
    text = output.read_text(encoding="utf-8", errors="replace")
    util.say(util.indent(text.rstrip()))
    hooks = hooks_in(text)
    # a hook with no files to look at did nothing wrong, and nothing was left out
    outcome.passed = len(hooks["Passed"])
    outcome.all(f"lint: {name}" for name in hooks["Failed"])
    if status and not outcome.failed:
        outcome.problem(f"pre-commit ended with {status}")
    return outcome


def test_lint(database: str, log_dir: Path) -> Outcome:
    """Run the tests of Odoo's add-on ``test_lint`` on our add-ons.

    Left out: test_pylint (minutes over all of Odoo; pylint-odoo runs as a hook) and
    what tests the checkers themselves.
    """
    folder = odoo.path() / "odoo" / "addons" / "test_lint" / "tests"
    if not folder.exists():
        folder = odoo.path() / "addons" / "test_lint" / "tests"
    if not folder.exists():
        raise EnvError("this Odoo has no add-on test_lint")
    left_out = ("test_pylint.py", "test_checkers.py", "test_docstring.py")
    arguments = ["-p", "kpi_test_lint", "--import-mode=importlib"]
    # pytest's configuration of this repository is not for Odoo's own tests
    arguments += [f"--rootdir={folder}", "-c", "/dev/null", "--disable-warnings"]
    arguments += [f"--ignore={folder / name}" for name in left_out]
    return pytests.in_database(
        "testlint",
        database,
        [*arguments, folder],
        log_dir,
        KPI_LINT_ADDONS=",".join(prepared.installable() + prepared.bridges()),
        PATH=f"{npm.bin_dir()}:{conf.env()['PATH']}",
        ESLINT_USE_FLAT_CONFIG="false",
    )


def tool(arguments) -> int:
    """Run one lint tool with the hooks' environment; :return: its exit status."""
    if not arguments:
        raise EnvError("name a tool, e.g. ruff or prettier")
    return subprocess.run(arguments, env=environment(), check=False).returncode
