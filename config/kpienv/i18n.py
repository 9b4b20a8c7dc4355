"""``make i18n``: new terms into the .pot files and the Russian translations.

Runs inside the virtual environment (it needs polib): ``python -m kpienv.i18n``.
"""

import sys
from pathlib import Path

from . import conf, prepared, procs, settings, util, venv
from .util import EnvError

LANGUAGES = ("ru",)
PLURALS = {
    "ru": {
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 &&"
        " n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    }
}


def export(check: bool) -> int:
    """Export the terms of all add-ons and merge them; :return: exit status."""
    logs = settings.work_dir() / "logs" / "i18n"
    status = 0
    for database, kind, addons in (
        (settings.TEST_DB, prepared.PLAIN, prepared.installable()),
        (prepared.bridged(settings.TEST_DB), prepared.BRIDGES, prepared.bridges()),
    ):
        lock = settings.work_dir() / "databases" / f"{database}.lock"
        with util.locked(lock, f"{database} is in use"):
            usable, problems = prepared.bring_up_to_date(database, kind, logs)
            if not usable:
                raise EnvError("\n".join(problems))
            status |= export_from(database, addons, logs, check)
    return status


def export_from(database: str, addons, logs: Path, check: bool) -> int:
    """The same from a database that has the add-ons; :return: exit status."""
    logs.mkdir(parents=True, exist_ok=True)
    status = 0
    for addon in addons:
        fresh = logs / f"{addon}.pot"
        fresh.unlink(missing_ok=True)
        command = [venv.python(), "-m", "odoo", "i18n", "export", addon]
        command += ["-c", conf.file(), "-d", database, "-o", fresh]
        ended = procs.run(command, timeout=600, output=logs / f"{addon}.out")
        if ended or not fresh.exists():
            raise EnvError(
                f"exporting {addon} failed\n{procs.tail(logs / f'{addon}.out')}"
            )
        status |= procs.run(
            [venv.python(), "-m", "kpienv.i18n", addon, fresh]
            + (["--check"] if check else []),
            timeout=120,
            env={**conf.env(), "PYTHONPATH": str(settings.CONFIG)},
        )
    return status


def merge(addon: str, fresh: Path, check: bool) -> int:
    """Bring an add-on's files up to date, or say what is not.

    :return: 0 when nothing is missing
    """
    import polib

    folder = settings.ADDONS / addon / "i18n"
    pot_file = folder / f"{addon}.pot"
    pot = polib.pofile(str(fresh))
    old = polib.pofile(str(pot_file)) if pot_file.exists() else None
    same = old is not None and _terms(old) == _terms(pot)
    if not same and not check:
        folder.mkdir(exist_ok=True)
        pot.save(str(pot_file))
    status = 0
    if not same and check:
        util.say(f"{addon}: the .pot file is not up to date (run `make i18n`)")
        status = 1
    for language in LANGUAGES:
        po_file = folder / f"{language}.po"
        if po_file.exists():
            po = polib.pofile(str(po_file))
        else:
            po = polib.POFile()
            po.metadata = {**pot.metadata, "Language": language, **PLURALS[language]}
        before = str(po)
        po.merge(pot)
        for entry in po.obsolete_entries():
            po.remove(entry)
        if not check and (str(po) != before or not po_file.exists()):
            po.save(str(po_file))
        todo = po.untranslated_entries() + po.fuzzy_entries()
        util.say(f"{addon}: {language}: {len(po) - len(todo)} of {len(po)} translated")
        for entry in todo[:10] if check else []:
            util.say(f"    {entry.msgid!r}")
        status |= bool(todo) and check
    return int(status)


def _terms(po) -> list:
    return sorted((e.msgid, e.msgctxt or "", sorted(e.occurrences)) for e in po)


if __name__ == "__main__":
    sys.exit(merge(sys.argv[1], Path(sys.argv[2]), "--check" in sys.argv))
