"""Databases prepared once and used many times.

``kpi_base`` (and ``kpi_base_demo`` with demo data and Russian, ``kpi_base_odoo`` with
demo data for Odoo's own tests) hold the Odoo modules that our add-ons depend on;
copying one takes a second. Ours are installed on a copy.
``kpi_base_bridges`` is a copy of the first with the apps that our bridges stand beside:
add-ons that install themselves where such an app is, so that the others are tested
without it.
A small file per database says from which sources it was made, and is written last:
without it the database counts as missing.
"""

import ast
import contextlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import conf, logcheck, odoo, postgres, procs, settings, util, venv
from .util import EnvError

LANGUAGE = "ru_RU"
INSTALL_LIMIT = 45 * 60
# what changes none of a database's contents
_NOT_SOURCE = {"tests", "static", "readme", "__pycache__"}
_SOURCE = {".py", ".xml", ".csv", ".po", ".sql", ".json"}


def manifest(addon: str) -> dict:
    path = settings.ADDONS / addon / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (ValueError, SyntaxError) as error:
        raise EnvError(f"{path.relative_to(settings.REPO)}: {error}") from error


def installable() -> list[str]:
    """:return: our add-ons that can be installed, without the bridges, sorted."""
    return [name for name in _can_be_installed() if not _is_bridge(name)]


def bridges() -> list[str]:
    """:return: our add-ons that install themselves beside an app of Odoo, sorted."""
    return [name for name in _can_be_installed() if _is_bridge(name)]


def _can_be_installed() -> list[str]:
    return [
        name
        for name in settings.own_addons()
        if manifest(name).get("installable", True)
    ]


def _is_bridge(addon: str) -> bool:
    return bool(manifest(addon).get("auto_install"))


def core_depends(own) -> list[str]:
    """:return: the modules that add-ons of ours depend on, without ours, sorted."""
    found = {name for addon in own for name in manifest(addon).get("depends", [])}
    return sorted(found - set(own)) or ["base"]


def source_digest(addon: str) -> str:
    """:return: digest of the files whose change needs an upgrade of the add-on."""
    root = settings.ADDONS / addon
    parts = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(
            d for d in folders if d not in _NOT_SOURCE and not d.startswith(".")
        )
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix in _SOURCE:
                with contextlib.suppress(FileNotFoundError):
                    parts += [path.relative_to(root), path.read_bytes().hex()]
    return util.digest_of(*map(str, parts))


def digests(own=None) -> dict[str, str]:
    """:param own: names of add-ons of ours; else all but the bridges"""
    return {addon: source_digest(addon) for addon in own or installable()}


# --- the file beside each database


def _state_file(database: str) -> Path:
    return settings.work_dir() / "databases" / f"{database}.json"


def state(database: str) -> dict:
    """:return: what is known about a database; empty when it is not complete."""
    try:
        found = json.loads(_state_file(database).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if database in postgres.databases() else {}


def set_state(database: str, **values) -> None:
    util.write_atomic(_state_file(database), json.dumps(values, indent=1) + "\n")


# --- whole databases


def drop(database: str) -> None:
    _state_file(database).unlink(missing_ok=True)
    postgres.terminate_connections(database)
    postgres.run_client("dropdb", "--if-exists", database)
    util.remove(conf.filestore(database))


def copy(source: str, target: str) -> None:
    """Copy a database with its filestore (files never change, so links serve)."""
    drop(target)
    postgres.terminate_connections(source)
    postgres.run_client("createdb", "-T", source, target)
    if conf.filestore(source).exists():
        shutil.copytree(
            conf.filestore(source), conf.filestore(target), copy_function=os.link
        )


def run_odoo(database: str, *arguments, log: Path, timeout=INSTALL_LIMIT) -> int:
    """Run Odoo on a database until it ends by itself; :return: exit status.

    Its log goes to ``log``, what it prints beside it to ``<log>.out``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    return procs.run(
        [venv.python(), "-m", "odoo", "server", "-d", database, *arguments]
        + ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
        + [f"--logfile={log}"],
        timeout=timeout,
        output=log.with_name(log.name + ".out"),
        cwd=settings.REPO,
    )


def check_run(database: str, status: int, log: Path, what: str, modules):
    """Say what was wrong with an installation or upgrade.

    :return: whether the database can be used, and one text per problem (what the log
        has counts as a problem, but does not make the database useless)
    """
    problems = [f"{what}: {text}" for text in logcheck.check(log)]
    if status:
        output = procs.tail(log.with_name(log.name + ".out"), 12)
        return False, [*problems, f"{what}: Odoo ended with {status}\n{output}"]
    rows = postgres.psql(
        "SELECT name || ' ' || state FROM ir_module_module WHERE state NOT IN"
        " ('installed', 'uninstalled', 'uninstallable')",
        database,
    )
    bad = [f"{what}: module left as: {row}" for row in rows.split("\n") if row]
    rows = postgres.psql(
        "SELECT name FROM ir_module_module WHERE state = 'installed'", database
    )
    missing = sorted(set(modules) - set(rows.split("\n")))
    bad += [f"{what}: {module} is not installed afterwards" for module in missing]
    return not bad, problems + bad


@dataclass(frozen=True)
class Kind:
    """A way to prepare a database.

    :param options: of Odoo's command line, for the base
    :param own_demo: whether our add-ons bring their demo data when Odoo's are there
    :param more: modules of Odoo beside those that our add-ons depend on
    :param bridges: whether the bridges are there, too
    :param start: kind whose base is the beginning of this one
    """

    base: str
    options: tuple = ()
    own_demo: bool = True
    more: tuple = ()
    bridges: bool = False
    start: "Kind | None" = None

    def own(self) -> list[str]:
        """:return: the add-ons of ours that are installed on a copy of the base."""
        return installable() + (bridges() if self.bridges else [])

    def modules(self) -> list[str]:
        """:return: modules of Odoo that the base has installed, sorted."""
        return sorted({*core_depends(self.own()), *self.more})

    def key(self) -> str:
        """:return: text that changes when the base has to be made anew."""
        return util.digest_of(
            odoo.version(), venv.LOCK, self.modules(), self.options, "2"
        )


PLAIN = Kind("kpi_base")
DEMO = Kind(
    "kpi_base_demo",
    options=("--with-demo", f"--load-language=en_US,{LANGUAGE}"),
)
# with Odoo's demo data, as some of its tests are skipped without them
ODOO = Kind(
    "kpi_base_odoo",
    options=("--with-demo",),
    own_demo=False,
    more=("sale_management",),  # or the tests that go through its menu are skipped
)
BRIDGES = Kind(
    "kpi_base_bridges",
    more=("sale_management",),  # brings pos_sale, as pos_hr comes by itself
    bridges=True,
    start=PLAIN,
)


def ensure_base(kind: Kind, log_dir: Path, anew: bool = False) -> bool:
    """Have the database with the modules of Odoo that ours need.

    :return: whether it was made now
    """
    if kind.start:
        ensure_base(kind.start, log_dir)
    with util.locked(
        settings.work_dir() / "databases" / f"{kind.base}.lock",
        f"{kind.base} is being made",
    ):
        if not anew and state(kind.base).get("key") == kind.key():
            return False
        modules = kind.modules()
        util.step(f"database {kind.base}: {' '.join(modules)} (some minutes)")
        key = kind.key()
        log = log_dir / f"{kind.base}.log"
        if kind.start:
            copy(kind.start.base, kind.base)
        else:
            drop(kind.base)
            postgres.run_client("createdb", "-T", "template0", "-E", "UTF8", kind.base)
        status = run_odoo(kind.base, "-i", ",".join(modules), *kind.options, log=log)
        # warnings of Odoo's own modules are not ours; here only failing counts
        usable, problems = check_run(kind.base, status, log, kind.base, modules)
        if not usable:
            raise EnvError("\n".join([*problems[-3:], procs.tail(log)]))
        set_state(kind.base, key=key)
        return True


def install_own(database: str, kind: Kind, log: Path) -> list[str]:
    """Install our add-ons on a fresh copy of the base.

    :return: problems, see :func:`check_run`
    """
    modules = kind.own()
    before = digests(modules)
    copy(kind.base, database)
    if not modules:
        return []
    if not kind.own_demo:
        # Odoo installs them when all modules that ours depend on say they have theirs
        postgres.psql("UPDATE ir_module_module SET demo = false", database)
    status = run_odoo(database, "-i", ",".join(modules), log=log)
    if not kind.own_demo:
        names = ", ".join(f"'{name}'" for name in modules)
        postgres.psql(
            f"UPDATE ir_module_module SET demo = name NOT IN ({names})"
            " WHERE state = 'installed'",
            database,
        )
    what = f"installing on {database}"
    usable, problems = check_run(database, status, log, what, modules)
    if usable:
        set_state(database, key=kind.key(), addons=before, problems=problems)
    return problems


def current(database: str, kind: Kind) -> bool:
    """:return: whether a database was made from today's sources."""
    found = state(database)
    return (
        bool(found)
        and found.get("key") == kind.key()
        and found.get("addons") == digests(kind.own())
        and not found.get("problems")
    )


def bring_up_to_date(database: str, kind: Kind, log_dir: Path):
    """The fast way to a database with today's sources: upgrade what changed.

    :return: whether the database can be used, and what its log said
    """
    found = state(database)
    now = digests(kind.own())
    known = found.get("addons", {})
    log = log_dir / f"{database}.log"
    if not found or found.get("key") != kind.key() or not set(known) <= set(now):
        ensure_base(kind, log_dir)
        util.step(f"database {database}: installing {' '.join(now)}")
        problems = install_own(database, kind, log)
        return bool(state(database)) or not now, problems
    new = sorted(set(now) - set(known))
    changed = sorted(name for name in known if known[name] != now[name])
    if not new and not changed:
        return True, found.get("problems", [])
    util.step(f"database {database}: upgrading {' '.join(new + changed)}")
    _state_file(database).unlink()  # a failed upgrade makes the next one start anew
    options = []
    if new:
        options += ["-i", ",".join(new)]
    if changed:
        options += ["-u", ",".join(changed)]
    status = run_odoo(database, *options, log=log)
    what = f"upgrading {database}"
    usable, problems = check_run(database, status, log, what, list(now))
    if usable:
        set_state(database, key=kind.key(), addons=now, problems=problems)
    return usable, problems


def bridged(database: str) -> str:
    """:return: name of the database beside another one that has the bridges, too."""
    return f"{database}_bridges"


def valid_name(database: str) -> str:
    """:raise EnvError: for a name that would need quoting in SQL"""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", database):
        raise EnvError(f"database name {database!r}: use a-z, 0-9 and _ only")
    return database
