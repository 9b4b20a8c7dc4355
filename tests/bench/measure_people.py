"""Scorecards, bonuses and drill-down: what people wait for."""

import time
from datetime import timedelta
from unittest.mock import patch

from company import LAST_DAY, NOW, PICKERS, SELLERS
from report import seconds
from session import environment
from timing import Stopwatch, alternate

from odoo.tools import SQL

FEW = 100
AFTER = NOW + timedelta(days=1)  # a period is measured when it is over
DOCUMENT_FIELDS = {
    "reference": {},
    "kind": {},
    "date": {},
    "partner_name": {},
    "employee_id": {"fields": {"display_name": {}}},
    "numerator": {},
}


def _period(env):
    return env["kpi.period"].search([("date_to", "=", LAST_DAY)])


def _as(env, login):
    return env(user=env["res.users"].search([("login", "=", login)]))


def _go_through(registry, employees, keep=False):
    """Make, measure and pay the scorecards of a number of employees.

    :return: ``{step: Stopwatch}`` and the number of employees paid
    """
    watches = {}
    with environment(registry, keep=keep) as env:
        if employees:
            env.cr.execute(
                SQL(
                    """
                    UPDATE hr_employee
                    SET active = FALSE
                    WHERE active
                        AND id NOT IN (
                            SELECT id FROM hr_employee
                            WHERE active
                            ORDER BY id %% 7, id
                            LIMIT %s
                        )
                    """,
                    employees,
                )
            )

        def step(name, login, work):
            env.flush_all()
            env.invalidate_all()
            watch = watches[name] = Stopwatch()
            with watch.running(env.cr):
                result = work(_as(env, login))
                env.flush_all()
            return result

        step(
            "make scorecards",
            "bench_manager",
            lambda own: _period(own).action_generate_scorecards(),
        )
        step(
            "refresh their figures",
            "bench_manager",
            lambda own: _period(own).scorecard_ids.action_refresh(),
        )
        with patch.object(registry["kpi.engine"], "_now", lambda _self: AFTER):
            step(
                "measure the period",
                "bench_manager",
                lambda own: _period(own).action_measure(),
            )
        run = step("create and compute the run", "bench_payroll", _compute_run)
        return watches, len(run.line_ids.employee_id)


def _compute_run(env):
    run = env["kpi.bonus.run"].create({"period_id": _period(env).id})
    run.action_compute()
    return run


def scorecards_and_bonus(registry, report):
    """The number of statements must not grow with the employees."""
    everybody = SELLERS + PICKERS
    _go_through(registry, FEW)  # caches of a server that has been up for a while
    few, few_paid = _go_through(registry, FEW)
    all_, all_paid = _go_through(registry, None)
    report.check(f"{FEW} employees are paid", few_paid == FEW)
    report.check(f"{everybody} employees are paid", all_paid == everybody)
    for name, watch in all_.items():
        report.line(
            f"{name}: {everybody} / {FEW} employees",
            f"{seconds(watch.seconds)}, {watch.statements} statements",
            f"{seconds(few[name].seconds)}, {few[name].statements} statements",
            watch.statements / few[name].statements,
            1.0,
        )


def make_scorecards(registry):
    """Draft scorecards that the scheduled runs keep up to date."""
    with environment(registry) as env:
        _period(_as(env, "bench_manager")).action_generate_scorecards()


def drill_down(registry, runs, report):
    """From a figure to the first page of its documents."""
    with environment(registry) as env:
        lines = env["kpi.scorecard.line"]
        period = _period(env)
        own = lines.search(
            [
                ("period_id", "=", period.id),
                ("scope", "=", "personal"),
                ("sample", ">", 0),
                ("indicator_id.code", "=", "revenue"),
            ],
            limit=1,
        )
        login = own.employee_id.user_id.login
        cases = [
            (f"{code} of one employee", login, code, "personal")
            for code in ("revenue", "orders_processed", "lines_per_sale")
        ]
        cases.append(
            ("revenue of a department", "bench_manager", "revenue", "department")
        )
        found = {}
        for _name, _login, code, scope in cases:
            found[code, scope] = lines.search(
                [
                    ("scorecard_id", "=", own.scorecard_id.id),
                    ("indicator_id.code", "=", code),
                    ("scope", "=", scope),
                ]
            ).id
    for name, login, code, scope in cases:
        counts = []

        def open_documents(login=login, line_id=found[code, scope], counts=counts):
            with environment(registry, login) as env:
                started = time.perf_counter()
                action = (
                    env["kpi.scorecard.line"].browse(line_id).action_open_documents()
                )
                documents = env["kpi.document"].with_context(**action["context"])
                page = documents.web_search_read([], DOCUMENT_FIELDS, limit=80)
                counts.append(page["length"])
                return time.perf_counter() - started

        [taken] = alternate(runs, open_documents)
        report.line(f"{name}: {counts[0]:,} documents", seconds(taken))
