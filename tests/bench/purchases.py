"""Receipts of a busy shop: a prototype of each kind, and what comes from whom when."""

from datetime import timedelta

from company import LAST_DAY, NOW, ZONES, month_starts
from company_delays import VENDORS

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

RECEIPTS_A_DAY = 600
LINE_COUNTS = (3, 5, 7)
# kind of purchase order: how often, of 10,000
KINDS = {
    "received": 8300,
    "partly": 1200,  # in two receipts
    "reduced": 200,  # fewer than promised are wanted
    "withdrawn": 300,
    # what the clock makes of them:
    "in_store": 0,  # received, not on the shelf
    "awaited": 0,  # of two receipts, the second has not been booked in
    "open": 0,
}
BUYERS = 2  # of each region's warehouse
RECEIVERS = 10
LATE = 0.25
NEVER_RECEIVED = 0.01
NOT_MARKED = 0.05


# -------------------------------------------------------------------- prototypes
def make_prototypes(env, made):
    """A purchase order of each kind, region and number of lines, through the ORM.

    :return: the second receipts among what was made of them, and their store steps
    """
    rows = []
    backorders = env["stock.picking"]
    for region, warehouse in enumerate(made["warehouses"]):
        for kind in KINDS:
            for line_count in LINE_COUNTS:
                order = _make_order(env, made, warehouse, len(rows), line_count)
                backorders |= _process(order, kind)
                rows.append((region, kind, line_count, order.id))
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_purchase_prototype ON COMMIT DROP AS
            SELECT * FROM unnest(%s::int4[], %s::varchar[], %s::int4[], %s::int4[])
                AS prototype(region, kind, line_count, order_id)
            """,
            *(list(column) for column in zip(*rows, strict=True)),
        )
    )
    return backorders


def _make_order(env, made, warehouse, number, line_count):
    products = made["products"]
    return env["purchase.order"].create(
        {
            "partner_id": made["vendors"][0].id,
            "picking_type_id": warehouse.in_type_id.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": products[
                            (11 * number + position) % len(products)
                        ].id,
                        "product_qty": 10 + 2 * position,
                        "price_unit": 50,
                        "tax_ids": [Command.clear()],
                        "date_planned": fields.Datetime.now() + timedelta(days=3),
                    }
                )
                for position in range(line_count)
            ],
        }
    )


def _process(order, kind):
    """:return: the backorder with its store step, for orders that have one"""
    order.button_confirm()
    receipt = order.picking_ids
    backorder = receipt.browse()
    if kind == "withdrawn":
        order.button_cancel()
    elif kind == "reduced":
        for line in order.order_line:
            line.product_qty -= 4
    if kind in ("withdrawn", "open"):
        return backorder
    _book(receipt, 0.5 if kind in ("partly", "awaited") else 1)
    if kind != "in_store":
        _book(_store_step(receipt))
    backorder = order.picking_ids - receipt
    if kind == "partly":
        _book(backorder)
        _book(_store_step(backorder))
    return backorder | _store_step(backorder)


def _store_step(receipt):
    return receipt.move_ids.move_dest_ids.picking_id


def _book(picking, share=1):
    if not picking:
        return
    for move in picking.move_ids:
        move.write({"quantity": move.product_uom_qty * share, "picked": True})
    picking.with_context(skip_backorder=True).button_validate()


# ----------------------------------------------------------------- what is drawn
def draw(cr, months):
    """The plan of :class:`TreeCloner`: a row per order, in ``bench_purchase``."""
    first_day = month_starts(months)[0]
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_purchase_kind ON COMMIT DROP AS
            SELECT kind, SUM(often) OVER kinds - often AS low,
                SUM(often) OVER kinds AS high
            FROM unnest(%s::varchar[], %s::int4[]) WITH ORDINALITY
                AS kind(kind, often, position)
            WINDOW kinds AS (ORDER BY position)
            """,
            list(KINDS),
            list(KINDS.values()),
        )
    )
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_purchase ON COMMIT DROP AS
            WITH drawn AS (
                SELECT
                    n,
                    %(first_day)s::date + (n / %(receipts_a_day)s)::int4 AS day,
                    floor(pg_temp.part(n, 2) * %(regions)s) AS region,
                    floor(pg_temp.part(n, 3) * %(vendors)s) AS vendor,
                    floor(pg_temp.part(n, 5) * %(buyers)s) AS buyer,
                    floor(pg_temp.part(n, 7) * 10000) AS kind,
                    (%(line_counts)s::int4[])[
                        1 + floor(pg_temp.part(n, 11) * %(most_lines)s)::int4
                    ] AS line_count,
                    pg_temp.part(n, 13) AS of_day,
                    pg_temp.part(n, 17) AS lead,
                    pg_temp.part(n, 19) AS late_chance,
                    pg_temp.part(n, 23) AS lateness,
                    pg_temp.part(n, 29) AS receiving,
                    pg_temp.part(n, 31) AS storing,
                    pg_temp.part(n, 37) AS marking,
                    pg_temp.part(n, 41) AS withdrawing,
                    pg_temp.part(n, 43) AS rest,
                    floor(pg_temp.part(n, 47) * %(receivers)s) AS receiver
                FROM generate_series(0, %(count)s::int8 - 1) AS n
            ),
            promised AS (
                SELECT
                    drawn.*, place.in_type_id, place.store_type_id,
                    place.stores, place.marks_arrival,
                    date_trunc(
                        'second',
                        drawn.day + (8 + of_day * 10) * INTERVAL '1 hour'
                    ) AT TIME ZONE place.tz AT TIME ZONE 'UTC' AS due_at
                FROM drawn
                JOIN bench_place AS place ON place.region = drawn.region
            ),
            arrived AS (
                SELECT
                    promised.*,
                    due_at - (1 + lead * 11) * INTERVAL '1 day' AS ordered_at,
                    date_trunc('second', CASE
                        WHEN late_chance < %(late)s
                        THEN due_at + lateness ^ 2 * INTERVAL '120 hours'
                        ELSE due_at - lateness * INTERVAL '6 hours'
                    END) AS arrived_at
                FROM promised
            ),
            -- Six in ten within the norm of four hours.
            booked AS (
                SELECT
                    arrived.*,
                    date_trunc(
                        'second',
                        arrived_at + (0.2 + receiving * 6) * INTERVAL '1 hour'
                    ) AS done_at
                FROM arrived
            ),
            stored AS (
                SELECT
                    booked.*,
                    CASE WHEN stores
                        THEN date_trunc(
                            'second', done_at + (0.1 + storing * 4) * INTERVAL '1 hour'
                        )
                        ELSE done_at
                    END AS stored_at
                FROM booked
            ),
            rest_arrived AS (
                SELECT
                    stored.*,
                    stored_at + (10 + rest * 60) * INTERVAL '1 hour' AS rest_arrived_at
                FROM stored
            ),
            rest_stored AS (
                SELECT
                    rest_arrived.*,
                    date_trunc('second', rest_arrived_at + (done_at - arrived_at))
                        AS rest_done_at,
                    date_trunc('second', rest_arrived_at + (stored_at - arrived_at))
                        AS rest_stored_at
                FROM rest_arrived
            )
            SELECT
                supply.n AS copy_no,
                prototype.order_id AS root_id,
                FALSE AS in_place,
                vendor.id AS partner_id,
                buyer.user_id AS buyer_id,
                receiver.user_id AS receiver_id,
                supply.in_type_id,
                supply.store_type_id,
                date_trunc('second', supply.ordered_at) AS ordered_at,
                supply.due_at,
                supply.done_at, supply.stored_at,
                supply.rest_done_at, supply.rest_stored_at,
                -- One in three is withdrawn when its promise is over already.
                LEAST(
                    date_trunc(
                        'second',
                        supply.due_at
                            + (supply.withdrawing - 2 / 3.0) * INTERVAL '3 days'
                    ),
                    %(now)s
                ) AS withdrawn_at,
                CASE WHEN supply.is_marked AND supply.arrived_at <= %(now)s
                    THEN supply.arrived_at
                END AS arrived_at,
                CASE WHEN supply.is_marked AND supply.rest_arrived_at <= %(now)s
                    THEN date_trunc('second', supply.rest_arrived_at)
                END AS rest_arrived_at
            FROM (
                SELECT
                    *,
                    marks_arrival
                        AND marking >= %(not_marked)s
                        AND late_chance >= %(never)s AS is_marked
                FROM rest_stored
            ) AS supply
            JOIN bench_purchase_kind AS kind
                ON supply.kind >= kind.low
                AND supply.kind < kind.high
            JOIN bench_purchase_prototype AS prototype
                ON prototype.region = supply.region
                AND prototype.line_count = supply.line_count
                -- what the clock has not reached yet did not happen
                AND prototype.kind = CASE
                    WHEN kind.kind = 'withdrawn' THEN kind.kind
                    WHEN supply.late_chance < %(never)s OR supply.done_at > %(now)s
                    THEN 'open'
                    WHEN supply.stored_at > %(now)s THEN 'in_store'
                    WHEN kind.kind = 'partly' AND supply.rest_stored_at > %(now)s
                    THEN 'awaited'
                    ELSE kind.kind
                END
            JOIN bench_vendor AS vendor ON vendor.position = supply.vendor
            JOIN bench_person AS buyer
                ON buyer.job = 'Picker'
                AND buyer.region = supply.region
                AND buyer.regional_position = supply.buyer
            JOIN bench_person AS receiver
                ON receiver.job = 'Picker'
                AND receiver.region = supply.region
                AND receiver.regional_position = %(buyers)s + supply.receiver
            """,
            first_day=first_day,
            now=SQL("%s::timestamp", NOW),
            receipts_a_day=RECEIPTS_A_DAY,
            count=((LAST_DAY - first_day).days + 1) * RECEIPTS_A_DAY,
            regions=len(ZONES),
            vendors=VENDORS,
            buyers=BUYERS,
            receivers=RECEIVERS,
            line_counts=list(LINE_COUNTS),
            most_lines=len(LINE_COUNTS),
            late=LATE,
            never=NEVER_RECEIVED,
            not_marked=NOT_MARKED,
        )
    )
    cr.execute("CREATE UNIQUE INDEX ON bench_purchase (copy_no)")
    cr.execute("ANALYZE bench_purchase")
