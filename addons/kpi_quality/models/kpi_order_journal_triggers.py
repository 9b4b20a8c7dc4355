"""The triggers that write the order journal, as PostgreSQL has them.

They see every change of a state, whoever makes it and however: by hand, by import,
without tracking, in the transaction that creates the order. A condition that need not
look elsewhere stands in WHEN, so that nothing is called for what does not matter.
"""

from odoo.tools import SQL

STATE_TABLES = {
    "sale_order": "sale.order",
    "purchase_order": "purchase.order",
    "stock_picking": "stock.picking",
}
GOODS_TABLES = {
    # lines: (orders, model, quantity)
    "sale_order_line": ("sale_order", "sale.order", "product_uom_qty"),
    "purchase_order_line": ("purchase_order", "purchase.order", "product_qty"),
}

NOW = SQL("clock_timestamp() AT TIME ZONE 'UTC'")

QUANTITY = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_journal_quantity(
        product int4, unit int4, quantity numeric
    ) RETURNS numeric LANGUAGE sql STABLE AS $$
        -- In the unit of the product: 2 dozen are 24.
        SELECT COALESCE(
            trim_scale(
                round(quantity * line_unit.factor / product_unit.factor, 5)
            ),
            trim_scale(quantity)
        )
        FROM (SELECT) AS one_row
        LEFT JOIN product_product ON product_product.id = product
        LEFT JOIN product_template
            ON product_template.id = product_product.product_tmpl_id
        LEFT JOIN uom_uom AS product_unit ON product_unit.id = product_template.uom_id
        LEFT JOIN uom_uom AS line_unit ON line_unit.id = unit
    $$
    """
)

STATE = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_journal_state() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_order_journal (
            res_model, res_id, company_id, event, old_value, new_value, user_id, moment
        ) VALUES (
            TG_ARGV[0], NEW.id, NEW.company_id, 'state',
            CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state,
            NEW.write_uid, %(now)s
        );
        RETURN NULL;
    END
    $$
    """,
    now=NOW,
)

ORDER_PROMISE = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_journal_order_promise() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_order_journal (
            res_model, res_id, company_id, event, old_value, new_value, user_id, moment
        ) VALUES (
            'sale.order', NEW.id, NEW.company_id, 'promise',
            OLD.commitment_date::text, NEW.commitment_date::text,
            NEW.write_uid, %(now)s
        );
        RETURN NULL;
    END
    $$
    """,
    now=NOW,
)

LEAD_PROMISE = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_journal_lead_promise() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_order_journal (
            res_model, res_id, company_id, event, old_value, new_value,
            product_id, line_id, user_id, moment
        ) VALUES (
            'sale.order', NEW.order_id, NEW.company_id, 'promise',
            OLD.customer_lead::text, NEW.customer_lead::text,
            NEW.product_id, NEW.id, NEW.write_uid, %(now)s
        );
        RETURN NULL;
    END
    $$
    """,
    now=NOW,
)

PURCHASE_PROMISE = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_journal_purchase_promise() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_order_journal (
            res_model, res_id, company_id, event, old_value, new_value,
            product_id, line_id, user_id, moment
        )
        SELECT
            'purchase.order', purchase.id, purchase.company_id, 'promise',
            OLD.date_planned::text, NEW.date_planned::text,
            NEW.product_id, NEW.id, NEW.write_uid, %(now)s
        FROM purchase_order AS purchase
        WHERE purchase.id = NEW.order_id
            AND purchase.state = 'purchase';
        RETURN NULL;
    END
    $$
    """,
    now=NOW,
)

# One product for another is two entries: the one is gone, the other has come.
GOODS = """
    CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_order_journal (
            res_model, res_id, company_id, event, old_value, new_value,
            product_id, line_id, user_id, moment
        )
        SELECT
            %(model)s, orders.id, orders.company_id, 'goods',
            before.quantity::text, after.quantity::text, product_id,
            COALESCE(NEW.id, OLD.id), COALESCE(NEW.write_uid, OLD.write_uid), %(now)s
        FROM (
            SELECT
                OLD.product_id,
                kpi_journal_quantity(
                    OLD.product_id, OLD.product_uom_id, OLD.%(quantity)s
                ) AS quantity
            WHERE TG_OP != 'INSERT'
        ) AS before
        FULL JOIN (
            SELECT
                NEW.product_id,
                kpi_journal_quantity(
                    NEW.product_id, NEW.product_uom_id, NEW.%(quantity)s
                ) AS quantity
            WHERE TG_OP != 'DELETE'
        ) AS after USING (product_id)
        -- Lines that go with their order find none any more.
        JOIN %(orders)s AS orders
            ON orders.id = COALESCE(NEW.order_id, OLD.order_id)
        WHERE product_id IS NOT NULL
            AND before.quantity IS DISTINCT FROM after.quantity
            -- What is typed while the order is being made is no change: Odoo dates
            -- all rows of a transaction alike.
            AND (
                TG_OP = 'DELETE'
                OR NEW.write_date IS DISTINCT FROM orders.create_date
            );
        RETURN NULL;
    END
    $$
"""


def _triggers():
    """:return: ``(name, table, function, what it fires after and when)``"""
    for table, model in STATE_TABLES.items():
        call = SQL("kpi_journal_state(%s)", model)
        yield "kpi_journal_state_first", table, call, SQL("AFTER INSERT"), SQL("TRUE")
        yield (
            "kpi_journal_state",
            table,
            call,
            SQL("AFTER UPDATE OF state"),
            SQL("OLD.state IS DISTINCT FROM NEW.state"),
        )
    yield (
        "kpi_journal_promise",
        "sale_order",
        SQL("kpi_journal_order_promise()"),
        SQL("AFTER UPDATE OF commitment_date"),
        SQL(
            "OLD.state = 'sale'"
            " AND OLD.commitment_date IS DISTINCT FROM NEW.commitment_date"
        ),
    )
    yield (
        "kpi_journal_promise",
        "sale_order_line",
        SQL("kpi_journal_lead_promise()"),
        SQL("AFTER UPDATE OF customer_lead"),
        SQL(
            "OLD.state = 'sale' AND OLD.product_id IS NOT NULL"
            " AND OLD.customer_lead IS DISTINCT FROM NEW.customer_lead"
        ),
    )
    yield (
        "kpi_journal_promise",
        "purchase_order_line",
        SQL("kpi_journal_purchase_promise()"),
        SQL("AFTER UPDATE OF date_planned"),
        SQL("OLD.date_planned IS DISTINCT FROM NEW.date_planned"),
    )
    for table, (_orders, _model, quantity) in GOODS_TABLES.items():
        call = SQL("%s()", SQL.identifier(f"kpi_journal_goods_{table}"))
        columns = ("product_id", "product_uom_id", quantity)
        for name, after, row in (
            ("kpi_journal_goods_insert", SQL("AFTER INSERT"), SQL("NEW")),
            ("kpi_journal_goods_delete", SQL("AFTER DELETE"), SQL("OLD")),
        ):
            is_goods = SQL(
                "%(row)s.product_id IS NOT NULL AND %(row)s.is_downpayment IS NOT TRUE",
                row=row,
            )
            yield name, table, call, after, is_goods
        yield (
            "kpi_journal_goods_update",
            table,
            call,
            SQL(
                "AFTER UPDATE OF %s",
                SQL(", ").join(SQL.identifier(column) for column in columns),
            ),
            SQL(" OR ").join(
                SQL(
                    "OLD.%(column)s IS DISTINCT FROM NEW.%(column)s",
                    column=SQL.identifier(column),
                )
                for column in columns
            ),
        )


def _functions():
    yield from (QUANTITY, STATE, ORDER_PROMISE, LEAD_PROMISE, PURCHASE_PROMISE)
    for table, (orders, model, quantity) in GOODS_TABLES.items():
        yield SQL(
            GOODS,
            function=SQL.identifier(f"kpi_journal_goods_{table}"),
            orders=SQL.identifier(orders),
            quantity=SQL.identifier(quantity),
            model=model,
            now=NOW,
        )


def create_triggers(cr):
    """Make functions and triggers anew: at installation and at every upgrade."""
    drop_triggers(cr)
    for function in _functions():
        cr.execute(function)
    for name, table, call, after, when in _triggers():
        cr.execute(
            SQL(
                "CREATE TRIGGER %s %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s",
                SQL.identifier(name),
                after,
                SQL.identifier(table),
                when,
                call,
            )
        )


def drop_triggers(cr):
    """Take all of it away: an order that calls what is gone could not be saved."""
    cr.execute(
        """
        SELECT oid::regprocedure::text
        FROM pg_proc
        WHERE proname LIKE 'kpi\\_journal\\_%'
            AND pronamespace = current_schema()::regnamespace
        """
    )
    for [function] in cr.fetchall():
        # The name comes from the catalogue, quoted where it has to be.
        cr.execute(f"DROP FUNCTION {function} CASCADE")  # pylint: disable=sql-injection
