"""The marks behind arrivals and deliveries: who tapped, scanned or imported them."""

from odoo.tools import SQL


def record_arrivals(demo, plan):
    _record(
        demo,
        plan,
        kind="arrival",
        moment=SQL("picking.kpi_arrived_at"),
        marked_at=SQL("picking.kpi_arrived_at"),
        user=SQL("plan.receiver_id"),
    )
    _record_slips(
        demo,
        "arrival",
        moment=SQL("mark.moment - INTERVAL '50 minutes'"),
        by="warehouse",
        reason="Отметили не ту машину",
    )


def record_deliveries(demo, plan):
    _record(
        demo,
        plan,
        kind="delivery",
        moment=SQL("picking.kpi_delivered_at"),
        marked_at=SQL("plan.marked_at"),
        user=SQL("plan.carrier_id"),
    )
    _record_slips(
        demo,
        "delivery",
        moment=SQL("picking.date_done + (mark.moment - picking.date_done) * 0.7"),
        by="delivery",
        reason="Отметили не тот заказ",
    )


def _record(demo, plan, kind, moment, marked_at, user):
    """A mark for each transfer that has a moment."""
    demo.env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_handover (
                picking_id, company_id, kind, moment, user_id, source,
                create_uid, create_date, write_uid, write_date
            )
            SELECT
                picking.id, picking.company_id, %(kind)s, %(moment)s, %(user)s,
                plan.mark_source,
                %(user)s, %(marked_at)s, %(user)s, %(marked_at)s
            FROM clone_stock_picking AS clone
            JOIN %(plan)s AS plan
                ON plan.copy_no = clone.copy_no
            JOIN stock_picking AS picking
                ON picking.id = clone.new_id
            WHERE %(moment)s IS NOT NULL
            ORDER BY %(marked_at)s, picking.id
            """,
            plan=SQL.identifier(plan),
            kind=kind,
            moment=moment,
            marked_at=marked_at,
            user=user,
        )
    )


def _record_slips(demo, kind, moment, by, reason):
    """A few marks were wrong, and taken back by the head before the right one."""
    demo.env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_handover (
                picking_id, company_id, kind, moment, user_id, source, reason,
                revoked_at, revoked_by_id,
                create_uid, create_date, write_uid, write_date
            )
            SELECT
                mark.picking_id, mark.company_id, mark.kind, slip.moment,
                mark.user_id, mark.source, %(reason)s,
                slip.moment + INTERVAL '17 minutes', %(by)s,
                mark.user_id, slip.moment, %(by)s,
                slip.moment + INTERVAL '17 minutes'
            FROM kpi_handover AS mark
            JOIN stock_picking AS picking
                ON picking.id = mark.picking_id
            CROSS JOIN LATERAL (
                SELECT date_trunc('second', %(moment)s) AS moment
            ) AS slip
            WHERE mark.company_id = %(company)s
                AND mark.kind = %(kind)s
                AND mark.source = 'tap'
                AND md5(picking.name) < '02'
            """,
            company=demo.company.id,
            kind=kind,
            moment=moment,
            by=demo.people[by].user.id,
            reason=reason,
        )
    )
