"""Three months of presses: planned, stored, derived and checked."""

from collections import Counter
from uuid import NAMESPACE_OID, uuid5

from odoo.tools import SQL

from . import feedback_audits, feedback_checks, feedback_places
from .feedback_plan import Planner
from .moments import local_day


def make(demo):
    feedback_places.make(demo)
    feedback_places.clock_in(demo)
    sales = _sales_in_shops(demo)
    presses = Planner(demo, sales).presses()
    feedback_places.count_visitors(demo, _served(demo, presses))
    _store(demo, presses)
    demo.env["kpi.feedback.derivation"]._derive_pending()
    demo.env.invalidate_all()
    feedback_checks.make(demo)
    feedback_places.plan_duty(demo)
    feedback_audits.make(demo)


def _sales_in_shops(demo):
    """:return: rows as :class:`Planner` wants them"""
    sellers = {p.user.id: p for p in demo.people.values() if p.job == "seller"}
    rows = demo.env.execute_query(
        SQL(
            """
            SELECT id, partner_id, date_order, user_id
            FROM sale_order
            WHERE company_id = %(company)s
                AND state = 'sale'
                AND user_id = ANY(%(sellers)s)
            ORDER BY date_order, name
            """,
            company=demo.company.id,
            sellers=list(sellers),
        )
    )
    return [(*row[:3], sellers[row[3]]) for row in rows]


def _served(demo, presses):
    """:return: seller's presses of the electronics floors by shop and local day"""
    return Counter(
        (press.point[:3], local_day(press.at, demo.sites[press.point[:3]].tz))
        for press in presses
        if press.button == "seller" and press.point.endswith("_el")
    )


COLUMNS = {
    "uuid": "varchar",
    "point_id": "int4",
    "button": "varchar",
    "pressed_at": "timestamp",
    "pressed_ms": "int4",
    "held_ms": "int4",
    "employee_id": "int4",
    "partner_id": "int4",
    "sale_order_id": "int4",
}


def _store(demo, presses):
    """As consoles deliver them, a second or two later."""
    rows = []
    numbers = Counter()
    for press in presses:
        key = f"{press.point} {press.at.isoformat()} {press.button}"
        numbers[key] += 1
        rows.append(
            (
                str(uuid5(NAMESPACE_OID, f"{key} {numbers[key]}")),
                demo.points[press.point].id,
                press.button,
                press.at.replace(microsecond=0),
                press.at.microsecond // 1000,
                press.held_ms,
                press.employee_id,
                press.partner_id,
                press.sale_order_id,
            )
        )
    demo.env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_feedback_event (%(names)s, company_id, received_at, source)
            SELECT
                press.*, %(company)s, press.pressed_at + INTERVAL '2 seconds', 'console'
            FROM unnest(%(columns)s) AS press(%(names)s)
            ORDER BY press.pressed_at, press.pressed_ms, press.uuid
            """,
            names=SQL(", ").join(map(SQL.identifier, COLUMNS)),
            company=demo.company.id,
            columns=SQL(", ").join(
                SQL("%s::%s[]", list(column), SQL(kind))
                for column, kind in zip(
                    zip(*rows, strict=True), COLUMNS.values(), strict=True
                )
            ),
        )
    )
