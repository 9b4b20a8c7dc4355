"""What the Makefile calls: ``python3 config/kpi <command> [arguments]``."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from . import (
    browser,
    conf,
    demo,
    i18n,
    lint,
    npm,
    odoo,
    odootests,
    postgres,
    prepared,
    procs,
    pytests,
    settings,
    testone,
    testrun,
    util,
    venv,
)
from .util import EnvError


def setup() -> None:
    """Bring the environment to the state the other commands need."""
    cache = settings.cache_dir()
    odoo.path()  # a wrong KPI_ODOO shows at once
    with util.locked(cache / "setup.lock", "make setup is running"):
        venv.ensure()
        venv.ensure_box()
        npm.ensure()
        odoo.ensure()
        venv.link_odoo(odoo.path())
        browser.ensure()
        postgres.remove_orphans()
    conf.write()


def cmd_setup(_arguments) -> int:
    setup()
    with postgres.serving(keep=False):
        version = postgres.psql("SHOW server_version")
    util.say(f"ready: Odoo {settings.SERIES} at {odoo.path()}, PostgreSQL {version}")
    return 0


def cmd_odoo(arguments) -> int:
    setup()
    with postgres.serving(keep=True):
        return _foreground([venv.python(), "-m", "odoo", *arguments])


def cmd_sh(arguments) -> int:
    setup()
    with postgres.serving(keep=True):
        return _foreground(arguments or [os.environ.get("SHELL", "/bin/sh")])


def cmd_demo(arguments) -> int:
    setup()
    return demo.main(anew="new" in arguments)


def cmd_test(arguments) -> int:
    setup()
    return testrun.main(arguments)


def cmd_test_one(arguments) -> int:
    setup()
    return testone.main(arguments)


def cmd_test_odoo(arguments) -> int:
    setup()
    return odootests.main(arguments)


def cmd_lint(arguments) -> int:
    """Run the hooks, then test_lint; "hooks" as argument leaves the second out."""
    setup()
    logs = settings.work_dir() / "logs" / "lint"
    outcomes = [lint.pre_commit(logs)]
    if "hooks" not in arguments and prepared.installable():
        database = settings.TEST_DB
        lock = settings.work_dir() / "databases" / f"{database}.lock"
        with (
            postgres.serving(keep=True),
            util.locked(lock, f"{database} is in use"),
        ):
            usable, problems = prepared.bring_up_to_date(database, prepared.PLAIN, logs)
            if not usable:
                raise EnvError("\n".join(problems))
            outcomes.append(lint.test_lint(database, logs))
    for outcome in outcomes:
        pytests.show(outcome)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def cmd_tool(arguments) -> int:
    """Run a lint tool; this is what the pre-commit hooks call."""
    if not venv.stamp().exists() or not npm.folder().exists():
        setup()
    return lint.tool(arguments)


def cmd_bench(arguments) -> int:
    setup()
    script = settings.REPO / "tests" / "bench" / "run.py"
    if not script.exists():
        raise EnvError("there is no tests/bench/run.py yet")
    with postgres.serving(keep=False):
        return _foreground([venv.python(), script, *arguments])


def cmd_i18n(arguments) -> int:
    setup()
    with postgres.serving(keep=True):
        return i18n.export(check="check" in arguments)


def cmd_stop(_arguments) -> int:
    util.say("stopped" if postgres.stop() else "was not running")
    return 0


def cmd_clean_db(_arguments) -> int:
    """Remove every database of this checkout, and what belongs to them."""
    if postgres.external():
        raise EnvError("KPI_PG is set: remove the databases kpi_* there yourself")
    postgres.destroy()
    util.remove(settings.work_dir())
    util.say("removed the database server of this checkout with all its databases")
    return 0


def cmd_clean_cache(_arguments) -> int:
    """Remove what older versions of the lock files left in the cache."""
    current = {venv.folder(), venv.box_folder(), npm.folder(), odoo.folder()}
    current.add(postgres.programs_copy())
    for folder in {path.parent for path in current}:
        for item in folder.iterdir() if folder.exists() else ():
            if item not in current and not (item / "data").exists():
                util.say(f"removing {item}")
                util.remove(item)
    return 0


def cmd_lock(_arguments) -> int:
    """Write the lock files anew from the .in files, with checksums."""
    folder = venv.LOCK.parent
    with tempfile.TemporaryDirectory() as temporary:
        tools = Path(temporary)
        util.run([sys.executable, "-m", "venv", tools], what="temporary environment")
        util.run([tools / "bin" / "pip", "install", "uv"], what="installing uv")
        for source, lock in (("dev.in", venv.LOCK), ("box.in", venv.BOX_LOCK)):
            util.run(
                [tools / "bin" / "uv", "pip", "compile", "--universal", "--upgrade"]
                + ["--python-version=3.10", "--generate-hashes", "--no-header"]
                + ["--no-emit-index-url", source, "-o", lock.name],
                what="resolving the requirements",
                cwd=folder,
            )
        venv.ensure()  # of the new lock: node comes with it
        util.run(
            [venv.bin_dir() / "npm", "update", "--package-lock-only"]
            + ["--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"],
            what="npm update",
            cwd=npm.SOURCE,
            env=conf.env(),
        )
    return 0


def _foreground(command) -> int:
    """Run a command with the terminal; Ctrl-C is for it to handle."""
    process = subprocess.Popen([str(c) for c in command], env=conf.env())
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        if process.poll() is None:
            procs.end_one(process)


COMMANDS = {
    "setup": cmd_setup,
    "odoo": cmd_odoo,
    "sh": cmd_sh,
    "demo": cmd_demo,
    "test": cmd_test,
    "test-one": cmd_test_one,
    "test-odoo": cmd_test_odoo,
    "lint": cmd_lint,
    "tool": cmd_tool,
    "bench": cmd_bench,
    "i18n": cmd_i18n,
    "stop": cmd_stop,
    "clean-db": cmd_clean_db,
    "clean-cache": cmd_clean_cache,
    "lock": cmd_lock,
}


def _terminated(number, _frame):
    """Turn a signal into an exception, so that everything started is stopped."""
    raise SystemExit(128 + number)


def main(argv=None) -> int:
    """Run one command; :return: exit status."""
    parser = argparse.ArgumentParser(prog="kpi", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    args = parser.parse_args(argv)
    # a shell starts its background jobs with Ctrl-C ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminated)
    try:
        return COMMANDS[args.command](args.arguments)
    except EnvError as error:
        return util.fail(str(error))
    except KeyboardInterrupt:
        return util.fail("interrupted")
