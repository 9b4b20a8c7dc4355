"""The same figures by Odoo's own gamification: revenue and orders of each seller."""

import time

from company import LAST_DAY, NOW, month_starts
from measure_engine import _measure, _truncate, indicator_of, whole_window
from report import seconds
from session import environment
from timing import alternate

from odoo.tools import SQL

from odoo.addons.kpi_quality.models.kpi_reader import Figure

DEFINITIONS = {
    "revenue": {
        "model": "account.move",
        "mode": "sum",
        "field": "amount_untaxed_signed",
        "date": "invoice_date",
        "user": "invoice_user_id",
        "domain": "[('state', '=', 'posted'),"
        " ('move_type', 'in', ('out_invoice', 'out_refund'))]",
    },
    "orders_processed": {
        "model": "sale.order",
        "mode": "count",
        "field": "id",
        "date": "date_order",
        "user": "user_id",
        "domain": "[('state', '=', 'sale')]",
    },
}


def _make_goals(registry):
    """A definition of each figure, evaluated for all users at once, and its goals."""
    with environment(registry) as env:
        get = env["ir.model.fields"]._get
        sellers = env["hr.employee"].search([("job_id.name", "=", "Seller")])
        goals = env["gamification.goal"]
        for code, about in DEFINITIONS.items():
            definition = env["gamification.goal.definition"].create(
                {
                    "name": code,
                    "computation_mode": about["mode"],
                    "model_id": env["ir.model"]._get_id(about["model"]),
                    "field_id": get(about["model"], about["field"]).id,
                    "field_date_id": get(about["model"], about["date"]).id,
                    "domain": about["domain"],
                    "batch_mode": True,
                    "batch_distinctive_field": get(about["model"], about["user"]).id,
                    "batch_user_expression": "user.id",
                }
            )
            goals |= goals.create(
                [
                    {
                        "definition_id": definition.id,
                        "user_id": seller.user_id.id,
                        "start_date": month_starts(1)[0],
                        "end_date": LAST_DAY,
                        "target_goal": 1e12,
                        "state": "inprogress",
                    }
                    for seller in sellers
                ]
            )
        return goals.ids, sellers.ids


def _update_goals(registry, goal_ids):
    with environment(registry) as env:
        started = time.perf_counter()
        env["gamification.goal"].browse(goal_ids).update_goal()
        env.cr.commit()
        return time.perf_counter() - started


def _forget_goals(registry):
    with environment(registry) as env:
        env.cr.execute("UPDATE gamification_goal SET current = 0")


def _figures(env, employee_ids):
    return {
        (employee_id, code): Figure(
            indicator_id=indicator_of(env, code).id,
            company_id=env.company.id,
            date_from=month_starts(1)[0],
            date_to=LAST_DAY,
            scope="personal",
            employee_id=employee_id,
        )
        for employee_id in employee_ids
        for code in DEFINITIONS
    }


def _ours(registry, employee_ids):
    """Measure both indicators and read the figure of each employee."""
    started = time.perf_counter()
    for code in DEFINITIONS:
        _measure(registry, code, whole_window(1))
    with environment(registry) as env:
        figures = _figures(env, employee_ids)
        env["kpi.reader"]._read_facts(figures.values())
    return time.perf_counter() - started


def compare(registry, runs, report):
    goal_ids, employee_ids = _make_goals(registry)

    def theirs_first():
        _forget_goals(registry)
        return _update_goals(registry, goal_ids)

    def ours_first():
        _truncate(registry, "kpi_measurement")
        return _ours(registry, employee_ids)

    for name, tasks in (
        ("first time", (ours_first, theirs_first)),
        (
            "again, nothing changed",
            (
                lambda: _ours(registry, employee_ids),
                lambda: _update_goals(registry, goal_ids),
            ),
        ),
    ):
        ours, theirs = alternate(runs, *tasks)
        report.line(
            f"{len(goal_ids):,} figures, {name}",
            seconds(ours),
            seconds(theirs),
            ours / theirs,
        )
    _one_by_one(registry, goal_ids, report)
    _check_equal(registry, employee_ids, report)


def _one_by_one(registry, goal_ids, report):
    """Gamification's default: a query per goal, with the user in the domain."""
    with environment(registry) as env:
        definitions = env["gamification.goal"].browse(goal_ids).definition_id
        for definition in definitions:
            user = DEFINITIONS[definition.name]["user"]
            definition.write(
                {
                    "batch_mode": False,
                    "domain": f"[('{user}', '=', user.id),{definition.domain[1:]}",
                }
            )
    _forget_goals(registry)
    report.line(
        "gamification without batch mode",
        "",
        seconds(_update_goals(registry, goal_ids)),
    )


def _check_equal(registry, employee_ids, report):
    """Shops are open while it is the same day by UTC, so the figures must agree."""
    with environment(registry) as env:
        facts = env["kpi.reader"]._read_facts(_figures(env, employee_ids).values())
        figures = _figures(env, employee_ids)
        users = {
            employee.id: employee.user_id.id
            for employee in env["hr.employee"].browse(employee_ids)
        }
        env.cr.execute(
            SQL(
                """
                SELECT definition.name->>'en_US', goal.user_id, goal.current
                FROM gamification_goal AS goal
                JOIN gamification_goal_definition AS definition
                    ON definition.id = goal.definition_id
                """
            )
        )
        goals = {(code, user): current for code, user, current in env.cr.fetchall()}
        for code in DEFINITIONS:
            differing = [
                employee
                for employee in employee_ids
                if abs(
                    facts[figures[employee, code]].value - goals[code, users[employee]]
                )
                > 0.005
            ]
            report.check(
                f"{code} of {len(employee_ids)} sellers, both ways", not differing
            )


assert NOW.date() == LAST_DAY
