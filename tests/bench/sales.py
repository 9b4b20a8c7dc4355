"""Sales orders of a busy shop: a prototype of each kind, and who buys what when."""

from company import CUSTOMERS, LAST_DAY, NOW, PICKERS, SELLERS, ZONES, month_starts

from odoo.fields import Command
from odoo.tools import SQL

ORDERS_A_DAY = 4500
MOST_LINES = 4
# kind of order: how often, of 10,000
KINDS = {
    "sold": 9300,
    "uninvoiced": 200,
    "cancelled": 300,
    "returned": 100,
    "partly_returned": 100,
    "open": 0,  # sold, but not picked up to now
}
LATE = 0.12
NEVER_PICKED = 0.01
NEVER_MARKED = 0.02
FROM_WEB = 0.05
RECONFIRMED = 0.01
MOVED = 0.04  # promises, a quarter of them by the lead time of a line


# -------------------------------------------------------------------- prototypes
def make_prototypes(env, made):
    """An order of each kind, region and number of lines, through the ORM.

    :return: the refunds among what was made of them
    """
    products = made["products"]
    rows = []
    for region, warehouse in enumerate(made["warehouses"]):
        for kind in KINDS:
            for line_count in range(1, MOST_LINES + 1):
                number = len(rows)
                lines = [
                    Command.create(
                        {
                            "product_id": products[
                                (7 * number + position) % len(products)
                            ].id,
                            "product_uom_qty": 1 + (number + position) % 3,
                        }
                    )
                    for position in range(line_count)
                ]
                order = env["sale.order"].create(
                    {
                        "partner_id": made["customer"].id,
                        "warehouse_id": warehouse.id,
                        "order_line": lines,
                    }
                )
                _process(order, kind)
                rows.append((region, kind, line_count, order.id))
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_prototype ON COMMIT DROP AS
            SELECT * FROM unnest(%s::int4[], %s::varchar[], %s::int4[], %s::int4[])
                AS prototype(region, kind, line_count, order_id)
            """,
            *(list(column) for column in zip(*rows, strict=True)),
        )
    )
    orders = env["sale.order"].browse(order_id for *_kind, order_id in rows)
    return orders.invoice_ids.filtered(lambda move: move.move_type == "out_refund")


def _process(order, kind):
    order.action_confirm()
    if kind == "cancelled":
        order._action_cancel()
        return
    while kind != "open":
        pickings = order.picking_ids.filtered(lambda p: p.state == "assigned")
        if not pickings:
            break
        for move in pickings.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        pickings.button_validate()
    if kind == "uninvoiced":
        return
    invoice = order._create_invoices()
    invoice.action_post()
    if kind not in ("returned", "partly_returned"):
        return
    wizard = (
        order.env["account.move.reversal"]
        .with_context(active_model="account.move", active_ids=invoice.ids)
        .create({"journal_id": invoice.journal_id.id})
    )
    refund = order.env["account.move"].browse(wizard.reverse_moves()["res_id"])
    if kind == "partly_returned":
        for line in refund.invoice_line_ids:
            line.price_unit /= 2
    refund.action_post()


# ----------------------------------------------------------------- what is drawn
def draw(cr, months):
    """The plan of :class:`TreeCloner`: a row per order, in ``bench_order``."""
    first_day = month_starts(months)[0]
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_kind (kind varchar, low int4, high int4)
        ON COMMIT DROP
        """
    )
    low = 0
    for kind, often in KINDS.items():
        cr.execute(
            SQL("INSERT INTO bench_kind VALUES (%s, %s, %s)", kind, low, low + often)
        )
        low += often
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_order ON COMMIT DROP AS
            WITH drawn AS (
                SELECT
                    n,
                    %(first_day)s::date + (n / %(orders_a_day)s)::int4 AS day,
                    CASE WHEN pg_temp.part(n, 2) >= %(from_web)s
                        THEN floor(pg_temp.part(n, 3) * %(sellers)s)
                    END AS seller,
                    pg_temp.part(n, 5) AS of_day,
                    floor(pg_temp.part(n, 7) * %(regions)s) AS web_region,
                    floor(pg_temp.part(n, 11) * %(customers)s)::int4 AS customer,
                    floor(pg_temp.part(n, 13) * 10000) AS kind,
                    1 + floor(pg_temp.part(n, 17) * %(most_lines)s) AS line_count,
                    pg_temp.part(n, 19) AS promise,
                    pg_temp.part(n, 23) AS late_chance,
                    pg_temp.part(n, 29) AS lateness,
                    floor(pg_temp.part(n, 31) * %(pickers)s) AS picker,
                    pg_temp.part(n, 37) AS handling,
                    pg_temp.part(n, 41) AS reconfirmed,
                    pg_temp.part(n, 43) AS cancelling,
                    pg_temp.part(n, 47) AS shipping,
                    pg_temp.part(n, 53) AS marking,
                    pg_temp.part(n, 59) AS delivering,
                    pg_temp.part(n, 61) AS moving
                FROM generate_series(0, %(count)s::int8 - 1) AS n
            ),
            ordered AS (
                SELECT
                    drawn.*,
                    place.region,
                    place.out_type_id,
                    place.is_two_step,
                    place.marks_delivery,
                    seller.user_id,
                    -- shops sell from 8 to 21, the web shop at any hour
                    date_trunc('second', drawn.day + CASE
                        WHEN seller.user_id IS NULL
                        THEN drawn.of_day * INTERVAL '24 hours'
                        ELSE INTERVAL '8 hours' + drawn.of_day * INTERVAL '13 hours'
                    END) AT TIME ZONE place.tz AT TIME ZONE 'UTC' AS ordered_at
                FROM drawn
                LEFT JOIN bench_person AS seller
                    ON seller.job = 'Seller'
                    AND seller.position = drawn.seller
                JOIN bench_place AS place
                    ON place.region = COALESCE(seller.region, drawn.web_region)
            ),
            promised AS (
                SELECT
                    ordered.*,
                    date_trunc(
                        'second', ordered_at + (4 + promise * 44) * INTERVAL '1 hour'
                    ) AS due_at
                FROM ordered
            ),
            picked AS (
                SELECT
                    promised.*,
                    date_trunc('second', CASE
                        WHEN late_chance < %(late)s
                        THEN due_at + lateness * INTERVAL '30 hours'
                        ELSE due_at - lateness * INTERVAL '3 hours'
                    END) AS done_at
                FROM promised
            ),
            shipped AS (
                SELECT
                    picked.*,
                    -- Of two steps, the second one takes up to an hour more.
                    LEAST(date_trunc('second', CASE
                        WHEN is_two_step
                        THEN done_at + shipping * INTERVAL '1 hour'
                        ELSE done_at
                    END), %(now)s) AS shipped_at
                FROM picked
            ),
            delivered AS (
                SELECT
                    shipped.*,
                    date_trunc(
                        'second', shipped_at + delivering ^ 2 * INTERVAL '4 hours'
                    ) AS delivered_at
                FROM shipped
            )
            SELECT
                picked.n AS copy_no,
                prototype.order_id AS root_id,
                FALSE AS in_place,
                picked.day,
                LEAST(picked.day + 3, %(last_day)s) AS refund_day,
                picked.user_id,
                customer.id AS partner_id,
                picked.ordered_at, picked.due_at, picked.done_at,
                picker.user_id AS picker_id,
                picked.out_type_id,
                picked.shipped_at,
                date_trunc(
                    'second',
                    picked.ordered_at - picked.handling ^ 2 * INTERVAL '3 hours'
                ) AS created_at,
                CASE WHEN picked.reconfirmed < %(reconfirmed)s
                    THEN date_trunc(
                        'second',
                        picked.ordered_at - picked.handling ^ 2 * INTERVAL '2 hours'
                    )
                END AS first_confirmed_at,
                -- One in six is cancelled when its promise is over already.
                LEAST(date_trunc(
                    'second',
                    picked.ordered_at
                        + 1.2 * picked.cancelling * (picked.due_at - picked.ordered_at)
                ), %(now)s) AS cancelled_at,
                CASE
                    WHEN picked.marks_delivery
                        AND picked.marking >= %(never_marked)s
                        AND picked.delivered_at <= %(now)s
                    THEN picked.delivered_at
                END AS delivered_at,
                CASE WHEN picked.moving < %(moved)s
                    THEN date_trunc(
                        'second',
                        picked.ordered_at + (picked.due_at - picked.ordered_at) / 2
                    )
                END AS moved_at,
                picked.moving < %(moved)s / 4 AS moved_by_line
            FROM delivered AS picked
            JOIN bench_kind
                ON picked.kind >= bench_kind.low
                AND picked.kind < bench_kind.high
            JOIN bench_prototype AS prototype
                ON prototype.region = picked.region
                AND prototype.line_count = picked.line_count
                -- what the clock has not reached yet did not happen
                AND prototype.kind = CASE
                    WHEN bench_kind.kind != 'cancelled' AND (
                        picked.done_at > %(now)s
                        OR picked.late_chance < %(never)s
                    )
                    THEN 'open'
                    ELSE bench_kind.kind
                END
            JOIN bench_customer AS customer ON customer.position = picked.customer
            JOIN bench_person AS picker
                ON picker.job = 'Picker'
                AND picker.region = picked.region
                AND picker.regional_position = picked.picker
            """,
            first_day=first_day,
            last_day=LAST_DAY,
            now=SQL("%s::timestamp", NOW),
            orders_a_day=ORDERS_A_DAY,
            count=((LAST_DAY - first_day).days + 1) * ORDERS_A_DAY,
            from_web=FROM_WEB,
            sellers=SELLERS,
            pickers=PICKERS // len(ZONES),
            regions=len(ZONES),
            customers=CUSTOMERS,
            most_lines=MOST_LINES,
            late=LATE,
            never=NEVER_PICKED,
            never_marked=NEVER_MARKED,
            reconfirmed=RECONFIRMED,
            moved=MOVED,
        )
    )
    cr.execute("CREATE UNIQUE INDEX ON bench_order (copy_no)")
    cr.execute("ANALYZE bench_order")
