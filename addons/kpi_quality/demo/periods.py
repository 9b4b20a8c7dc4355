"""Three months of working with figures: agreed, measured, closed and paid.

Everything goes the way that users go, with their rights; only moments are set back.
"""

from datetime import datetime, time, timedelta

from odoo.tools import SQL

from . import chance, corrections, supply_figures
from .company import SHOPS
from .targets import Targets


def make(demo):
    """Bring periods, scorecards and bonus runs to where they stand today."""
    manager = demo.as_user("kpi")
    periods = manager["kpi.period"].create(
        [{"kind": "month", "date_from": month} for month in demo.months]
    )
    first, second, current = demo.periods = periods
    _visit_shops(demo)
    demo.measure()
    Targets(demo, first, first, 1.0).make()
    Targets(demo, second, second, 1.0).make()
    Targets(demo, current, second, 1.04).make()
    for period in periods:
        if period == current:
            supply_figures.introduce(demo)
        period.action_generate_scorecards()
        backdate_talk(demo, period, at(period.date_from, 10))
        _agree(demo, period)
    demo.env["kpi.scorecard.line"].search([])._refresh_facts()

    _close(demo, first)
    paid = _compute_run(demo, first)
    _approve(demo, paid)
    corrections.change_first_month(demo)
    demo.find_late_corrections()

    _close(demo, second)
    waiting = _compute_run(demo, second, carry=True)
    corrections.change_both_months(demo)
    demo.measure(nightly=True, now=at(demo.today, 3) - timedelta(hours=2, minutes=30))
    corrections.change_this_month(demo)
    demo.measure(nightly=True)
    for name, record in (
        ("period_paid", first),
        ("period_waiting", second),
        ("period_live", current),
        ("run_paid", paid),
        ("run_waiting", waiting),
    ):
        demo.register(name, record)


def at(day, hour):
    """A working hour in Moscow, in UTC."""
    return datetime.combine(day, time(hour - 3))


def backdate(records, **moments):
    """Set moments that the buttons set to now back to when it would have been."""
    records.env.flush_all()
    records.env.cr.execute(
        SQL(
            "UPDATE %s SET %s WHERE id = ANY(%s)",
            SQL.identifier(records._table),
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), moment)
                for name, moment in moments.items()
            ),
            records.ids,
        )
    )
    records.invalidate_recordset(list(moments))


def backdate_talk(demo, records, moment):
    """The messages that an action has just left on records."""
    messages = demo.env["mail.message"].search(
        [
            ("model", "=", records._name),
            ("res_id", "in", records.ids),
            ("date", ">=", demo.now),
        ]
    )
    backdate(messages, date=min(moment, demo.now - timedelta(seconds=1)))


def _visit_shops(demo):
    """The mystery shopper's checklists, typed in by the KPI manager."""
    rows = []
    for number, month in enumerate(demo.months):
        for shop in SHOPS:
            day = month + timedelta(days=4 + int(chance.share(month, shop.code) * 14))
            if day > demo.today or (number, shop.code) == (1, "vvo"):
                continue  # not yet; and nobody came to Vladivostok
            points = int(chance.between(30, 40, "points", shop.code, month))
            rows.append(
                {
                    "indicator_id": demo.indicators["standards"].id,
                    "date": day,
                    "site_id": demo.sites[shop.code].id,
                    "numerator": points,
                    "denominator": 40,
                    "note": f"Чек-лист тайного покупателя: {points} из 40",
                }
            )
    demo.as_user("kpi")["kpi.measurement"].create(rows)


def _agree(demo, period):
    """Employees agree to their targets; some have not got to it this month."""
    live = period.date_to >= demo.today
    by_employee = {person.employee: person for person in demo.people.values()}
    for card in demo.env["kpi.scorecard"].search([("period_id", "=", period.id)]):
        person = by_employee[card.employee_id]
        if live and chance.share(person.login, "has not agreed") < 0.15:
            continue
        # Who has left cannot log in any more: agreed on paper.
        user = demo.people["kpi"].user if person.left else person.user
        card.with_user(user).action_agree()
        day = max(card.date_from, period.date_from) + timedelta(
            days=int(chance.share(person.login, period.date_from, "agreed") * 3)
        )
        agreed_at = min(at(day, 12), demo.now)
        backdate(card, agreed_at=agreed_at)
        if person.left:
            backdate_talk(demo, card, agreed_at)


def _close(demo, period):
    closed_at = min(at(period.date_to + timedelta(days=3), 11), demo.now)
    period.action_measure()
    period.action_close()
    backdate(period, closed_at=closed_at)
    backdate(period.scorecard_ids, measured_at=closed_at)
    backdate_talk(demo, period, closed_at)


def _compute_run(demo, period, carry=False):
    """Payroll officer one computes and submits."""
    run = demo.as_user("payroll")["kpi.bonus.run"].create({"period_id": period.id})
    run.action_compute()
    if carry:
        run.action_carry_corrections()
    else:
        run.write({"line_ids": [(0, 0, vals) for vals in _one_off_items(demo)]})
    run.action_submit()
    day = period.date_to + timedelta(days=4)
    computed_at, submitted_at = (min(at(day, hour), demo.now) for hour in (12, 15))
    backdate(run, computed_at=computed_at, submitted_at=submitted_at)
    backdate_talk(demo, run, submitted_at)
    return run


def _one_off_items(demo):
    yield {
        "employee_id": demo.people["msk_el2"].employee.id,
        "kind": "one_off",
        "amount": 5000.0,
        "reason": "Наставничество: обучение нового продавца",
    }
    yield {
        "employee_id": demo.people["kzn_el2"].employee.id,
        "kind": "deduction",
        "amount": -2500.0,
        "reason": "Недостача по итогам инвентаризации, приказ № 47",
    }


def _approve(demo, run):
    """Payroll officer two checks, approves and pays."""
    run = run.with_user(demo.people["payroll2"].user)
    run.action_approve()
    run.action_pay()
    day = run.period_id.date_to + timedelta(days=5)
    approved_at = at(day, 11)
    backdate(run, approved_at=approved_at, paid_at=at(day + timedelta(days=5), 16))
    backdate_talk(demo, run, approved_at)
