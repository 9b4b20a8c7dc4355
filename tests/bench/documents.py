"""Orders, transfers and invoices of a busy shop, cloned by SQL from prototypes.

What is drawn (who, when, how late, which kind) depends on the number of the order
only, so the same months give the same documents on every machine.
"""

from bulk import loading
from company import CUSTOMERS, LAST_DAY, NOW, PICKERS, SELLERS, ZONES, month_starts

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.kpi_quality.demo.clone import TreeCloner

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
FROM_WEB = 0.05

TABLES = (
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_move",
    "stock_move_move_rel",
    "account_move",
    "account_move_line",
    "sale_order_line_invoice_rel",
)

PART = """
    CREATE OR REPLACE FUNCTION pg_temp.part(key int8, prime int4) RETURNS float8
    IMMUTABLE LANGUAGE SQL
    AS $$ SELECT key * sqrt(prime::float8) - floor(key * sqrt(prime::float8)) $$
"""


def make(env, months, made):
    """Clone the documents of some months.

    :param dict made: what :func:`company.make` returned
    :return: the number of rows by table
    """
    # Multiples of an irrational root without their whole part: evenly spread in
    # [0, 1), the same everywhere, and independent for different primes (Weyl).
    env.cr.execute(PART)
    refunds = _make_prototypes(env, made)
    env.flush_all()
    _draw(env.cr, months, made)
    env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, TABLES))))
    with loading(env.cr, TABLES):
        counts = _clone(env.cr, refunds)
    env.invalidate_all()
    return counts


# -------------------------------------------------------------------- prototypes
def _make_prototypes(env, made):
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
def _draw(cr, months, made):
    """The plan of :class:`TreeCloner`: a row per order."""
    first_day = month_starts(months)[0]
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_place ON COMMIT DROP AS
            SELECT place.position - 1 AS region, place.warehouse_id, place.tz
            FROM unnest(%s::int4[], %s::varchar[]) WITH ORDINALITY
                AS place(warehouse_id, tz, position)
            """,
            made["warehouses"].ids,
            list(ZONES),
        )
    )
    # Sellers and pickers serve the region of the department they started in.
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_person ON COMMIT DROP AS
        SELECT
            employee.user_id,
            place.region,
            job.name->>'en_US' AS job,
            row_number() OVER (
                PARTITION BY job.id ORDER BY employee.id
            ) - 1 AS position,
            row_number() OVER (
                PARTITION BY job.id, place.region ORDER BY employee.id
            ) - 1 AS regional_position
        FROM hr_employee AS employee
        JOIN (
            SELECT DISTINCT ON (employee_id) employee_id, department_id, job_id
            FROM hr_version
            WHERE active
            ORDER BY employee_id, date_version
        ) AS version ON version.employee_id = employee.id
        JOIN hr_job AS job ON job.id = version.job_id
        JOIN hr_department AS department ON department.id = version.department_id
        JOIN kpi_site AS site ON site.id = department.kpi_site_id
        JOIN bench_place AS place ON place.warehouse_id = site.warehouse_id
        WHERE employee.active
        """
    )
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_customer ON COMMIT DROP AS
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS position
        FROM res_partner
        WHERE name LIKE 'Customer %'
        """
    )
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
                    floor(pg_temp.part(n, 31) * %(pickers)s) AS picker
                FROM generate_series(0, %(count)s::int8 - 1) AS n
            ),
            ordered AS (
                SELECT
                    drawn.*,
                    place.region,
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
                picker.user_id AS picker_id
            FROM picked
            JOIN bench_kind
                ON picked.kind >= bench_kind.low
                AND picked.kind < bench_kind.high
            JOIN bench_prototype AS prototype
                ON prototype.region = picked.region
                AND prototype.line_count = picked.line_count
                -- what the clock has not reached yet did not happen
                AND prototype.kind = CASE
                    WHEN bench_kind.kind != 'cancelled' AND (
                        picked.done_at > %(now)s::timestamp
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
            now=NOW,
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
        )
    )
    cr.execute("CREATE UNIQUE INDEX ON bench_order (copy_no)")
    cr.execute("ANALYZE bench_order")


# ---------------------------------------------------------------------- cloning
def _clone(cr, refunds):
    cloner = TreeCloner(cr, "bench_order")
    cloner.add_root("sale_order")
    cloner.add("sale_order_line", "sale_order", by="order_id")
    cloner.add("stock_picking", "sale_order", by="sale_id")
    cloner.add("stock_move", "stock_picking", by="picking_id")
    cloner.add(
        "account_move",
        "sale_order_line",
        by=SQL(
            """
            SELECT invoiced.order_line_id AS parent_id, item.move_id AS id
            FROM sale_order_line_invoice_rel AS invoiced
            JOIN account_move_line AS item ON item.id = invoiced.invoice_line_id
            """
        ),
    )
    cloner.add("account_move_line", "account_move", by="move_id")
    counts = {}

    def write(table, **overrides):
        counts[table] = cloner.fill(
            table,
            **{
                name: SQL(value) if isinstance(value, str) else value
                for name, value in overrides.items()
            },
        )

    number = "'B' || plan.copy_no"
    write(
        "sale_order",
        name=number,
        access_token="NULL",
        partner_id="plan.partner_id",
        partner_invoice_id="plan.partner_id",
        partner_shipping_id="plan.partner_id",
        user_id="plan.user_id",
        date_order="plan.ordered_at",
        create_date="plan.ordered_at",
        effective_date="CASE WHEN source.effective_date IS NOT NULL"
        " THEN plan.done_at END",
    )
    write(
        "sale_order_line",
        order_partner_id="plan.partner_id",
        salesman_id="plan.user_id",
        create_date="plan.ordered_at",
        kpi_promised_at="plan.due_at",
    )
    write(
        "stock_picking",
        name="source.name || '/' || plan.copy_no",
        origin=number,
        partner_id="plan.partner_id",
        user_id="plan.picker_id",
        scheduled_date="plan.due_at",
        date_deadline="plan.due_at",
        date_done="CASE WHEN source.date_done IS NOT NULL THEN plan.done_at END",
        create_date="plan.ordered_at",
    )
    write(
        "stock_move",
        origin=number,
        reference="source.reference || '/' || plan.copy_no",
        partner_id="plan.partner_id",
        date="plan.done_at",
        date_deadline="plan.due_at",
        create_date="plan.ordered_at",
        kpi_due_at="plan.due_at",
        kpi_done_at="CASE WHEN source.state = 'done' THEN plan.done_at END",
        kpi_done_by_id="CASE WHEN source.state = 'done' THEN plan.picker_id END",
        kpi_cancelled_at="CASE WHEN source.state = 'cancel' THEN plan.ordered_at END",
    )
    cloner.link("stock_move_move_rel")

    def day_of(move):
        return SQL(
            "CASE WHEN %s = ANY(%s) THEN plan.refund_day ELSE plan.day END",
            SQL(move),
            refunds.ids,
        )

    write(
        "account_move",
        name="source.name || '/' || plan.copy_no",
        payment_reference="source.payment_reference || '/' || plan.copy_no",
        sequence_number="plan.copy_no + 1000",
        access_token="NULL",
        invoice_origin=number,
        ref=number,
        partner_id="plan.partner_id",
        commercial_partner_id="plan.partner_id",
        partner_shipping_id="plan.partner_id",
        invoice_user_id="plan.user_id",
        date=day_of("source.id"),
        invoice_date=day_of("source.id"),
        invoice_date_due=day_of("source.id"),
        create_date="plan.ordered_at",
    )
    write(
        "account_move_line",
        move_name="source.move_name || '/' || plan.copy_no",
        ref=number,
        partner_id="plan.partner_id",
        date=day_of("source.move_id"),
        invoice_date=day_of("source.move_id"),
        date_maturity="CASE WHEN source.date_maturity IS NOT NULL THEN plan.day END",
        full_reconcile_id="NULL",
        matching_number="NULL",
        create_date="plan.ordered_at",
    )
    cloner.link("sale_order_line_invoice_rel")
    return counts
