"""The filled databases: made once per number of months, kept, copied for each run."""

import sys
import time
from pathlib import Path

from kpienv import conf, postgres, prepared, settings, util

HERE = Path(__file__).resolve().parent
GENERATOR = (
    *(
        HERE / f"{name}.py"
        for name in (
            "bulk",
            "company",
            "company_delays",
            "documents",
            "fill",
            "history",
            "purchases",
            "purchases_copies",
            "sales",
            "sales_copies",
        )
    ),
    settings.ADDONS / "kpi_quality" / "demo" / "clone.py",
)
WORKING = "kpi_bench"
# what the same figures are compared with
COMPARED = "gamification"
LOGS = settings.work_dir() / "logs" / "bench"


def lock():
    """:return: context in which no other benchmark touches the databases"""
    return util.locked(
        settings.work_dir() / "databases" / f"{WORKING}.lock",
        "another benchmark is running",
    )


def working_copy(months):
    """A fresh copy of the filled database.

    :return: its name
    """
    template = f"{WORKING}_{months}m"
    _bring_up_to_date(template, months)
    prepared.copy(template, WORKING)
    return WORKING


def plain_copy():
    """The addons and nothing in them.

    :return: its name
    """
    prepared.ensure_base(prepared.PLAIN, LOGS)
    prepared.copy(prepared.PLAIN.base, WORKING)
    util.step(f"database {WORKING}: installing")
    _run(WORKING, "-i", ",".join([*prepared.digests(), COMPARED]))
    return WORKING


def _bring_up_to_date(template, months):
    key = util.digest_of(prepared.PLAIN.key(), months, *GENERATOR)
    addons = prepared.digests()
    found = prepared.state(template)
    if found.get("generator") == key:
        if found.get("addons") != addons:
            util.step(f"database {template}: upgrading")
            _run(template, "-u", ",".join(addons))
            prepared.set_state(template, generator=key, addons=addons)
        return
    prepared.ensure_base(prepared.PLAIN, LOGS)
    util.step(f"database {template}: {months} month(s), some minutes")
    started = time.monotonic()
    prepared.copy(prepared.PLAIN.base, template)
    _run(template, "-i", ",".join([*addons, COMPARED]))
    util.run(
        [sys.executable, HERE / "fill.py", template, months],
        what="filling the database",
        quiet=False,
        env=conf.env(),
    )
    postgres.psql("VACUUM ANALYZE", template)
    prepared.set_state(template, generator=key, addons=addons)
    util.say(f"    filled in {time.monotonic() - started:.0f} s")


def _run(database, *arguments):
    log = LOGS / f"{database}.log"
    status = prepared.run_odoo(database, *arguments, log=log)
    usable, problems = prepared.check_run(
        database, status, log, database, [*prepared.installable(), COMPARED]
    )
    if not usable:
        raise util.EnvError("\n".join(problems))
