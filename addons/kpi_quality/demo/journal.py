"""What the order journal would have noted: the triggers know the present only."""

from contextlib import contextmanager

from odoo.tools import SQL

TABLES = (
    "sale_order",
    "sale_order_line",
    "purchase_order",
    "purchase_order_line",
    "stock_picking",
)


@contextmanager
def switched_off(demo):
    """While documents are made and copied: the triggers would note the present."""
    cr = demo.env.cr
    _switch(cr, "DISABLE")
    yield
    demo.env.flush_all()
    _switch(cr, "ENABLE")


def _switch(cr, how):
    for table in TABLES:
        cr.execute(
            SQL("ALTER TABLE %s %s TRIGGER USER", SQL.identifier(table), SQL(how))
        )


def record_sales(demo, plan):
    """Orders, their transfers, and who worked on them."""
    cr = demo.env.cr
    order = SQL(
        """
        FROM clone_sale_order AS clone
        JOIN %s AS plan ON plan.copy_no = clone.copy_no
        JOIN sale_order AS orders ON orders.id = clone.new_id
        """,
        SQL.identifier(plan),
    )
    was_sent = SQL(
        "orders.state = 'sent' OR plan.quoted_at < plan.ordered_at - INTERVAL '1 hour'"
    )
    sent_at = SQL(
        "CASE WHEN orders.state = 'sent' THEN plan.quoted_at + INTERVAL '9 minutes'"
        " ELSE plan.quoted_at + (plan.ordered_at - plan.quoted_at) * 0.3 END"
    )
    before = SQL("CASE WHEN %s THEN 'sent' ELSE 'draft' END", was_sent)
    seller = SQL("plan.user_id")
    entries = [
        _state(
            "sale.order", order, SQL("NULL"), "draft", SQL("plan.quoted_at"), seller
        ),
        _state("sale.order", order, SQL("'draft'"), "sent", sent_at, seller, was_sent),
        _state(
            "sale.order",
            order,
            before,
            "sale",
            SQL("plan.ordered_at"),
            seller,
            SQL("orders.state IN ('sale', 'cancel')"),
        ),
        _state(
            "sale.order",
            order,
            SQL("'sale'"),
            "cancel",
            SQL("plan.cancelled_at"),
            seller,
            SQL("orders.state = 'cancel'"),
        ),
        _moved_order(order),
        _goods("sale", order, SQL("plan.ordered_at"), SQL("plan.quoted_at"), seller),
        # Seen when it was made, and again before it was confirmed.
        _visit(
            "sale.order", order, "made", SQL("plan.quoted_at"), seller, (90, 900), 1
        ),
        _visit(
            "sale.order",
            order,
            "confirmed",
            SQL("plan.ordered_at - INTERVAL '4 minutes'"),
            seller,
            (40, 230),
            0.45,
        ),
        *_transfers(order, SQL("plan.ordered_at"), seller),
    ]
    _insert(cr, entries)


def record_purchases(demo, plan):
    """Purchases, their receipts, and who worked on them."""
    order = SQL(
        """
        FROM clone_purchase_order AS clone
        JOIN %s AS plan ON plan.copy_no = clone.copy_no
        JOIN purchase_order AS orders ON orders.id = clone.new_id
        """,
        SQL.identifier(plan),
    )
    buyer = SQL("plan.user_id")
    confirmed = SQL("orders.state IN ('purchase', 'cancel')")
    model = "purchase.order"
    entries = [
        _state(model, order, SQL("NULL"), "draft", SQL("plan.ordered_at"), buyer),
        _state(model, order, SQL("'draft'"), "sent", SQL("plan.sent_at"), buyer),
        _state(
            model,
            order,
            SQL("'sent'"),
            "purchase",
            SQL("plan.approved_at"),
            buyer,
            confirmed,
        ),
        _state(
            model,
            order,
            SQL("'purchase'"),
            "cancel",
            SQL("plan.cancelled_at"),
            buyer,
            SQL("orders.state = 'cancel'"),
        ),
        _moved_lines(order),
        _goods("purchase", order, SQL("plan.approved_at"), SQL("plan.sent_at"), buyer),
        _visit(model, order, "made", SQL("plan.ordered_at"), buyer, (120, 1500), 1),
        _visit(
            model,
            order,
            "approved",
            SQL("plan.approved_at - INTERVAL '5 minutes'"),
            buyer,
            (60, 290),
            0.7,
        ),
        # Where is the truck?
        _visit(
            model,
            order,
            "asked",
            SQL("plan.promised_at + INTERVAL '70 minutes'"),
            buyer,
            (60, 600),
            0.8,
            SQL(
                "COALESCE(plan.arrived_at, plan.cancelled_at, NOW() AT TIME ZONE 'UTC')"
                " > plan.promised_at + INTERVAL '2 hours'"
            ),
        ),
        *_transfers(order, SQL("plan.approved_at"), buyer),
    ]
    _insert(demo.env.cr, entries)


def _transfers(order, begun_at, user):
    """The transfers of copied orders: made, done or cancelled, and opened for it."""
    transfer = SQL(
        """
        FROM clone_stock_picking AS clone
        JOIN (SELECT plan.*, %(begun_at)s AS begun_at, orders.id AS order_id
            %(order)s) AS plan
            ON plan.copy_no = clone.copy_no
        JOIN stock_picking AS orders ON orders.id = clone.new_id
        LEFT JOIN LATERAL (
            SELECT
                MIN(kpi_done_by_id) AS done_by_id,
                MIN(kpi_cancelled_at) AS cancelled_at
            FROM stock_move
            WHERE picking_id = orders.id
        ) AS move ON TRUE
        """,
        begun_at=begun_at,
        order=order,
    )
    model = "stock.picking"
    ready = SQL(
        "CASE WHEN orders.state = 'confirmed' THEN 'confirmed' ELSE 'assigned' END"
    )
    done_by = SQL("COALESCE(move.done_by_id, plan.user_id)")
    is_done = SQL("orders.state = 'done'")
    return [
        _state(model, transfer, SQL("NULL"), "draft", SQL("orders.create_date"), user),
        _state(
            model,
            transfer,
            SQL("'draft'"),
            ready,
            SQL("orders.create_date + INTERVAL '1 second'"),
            user,
        ),
        _state(
            model, transfer, ready, "done", SQL("orders.date_done"), done_by, is_done
        ),
        _state(
            model,
            transfer,
            ready,
            "cancel",
            SQL("move.cancelled_at"),
            user,
            SQL("orders.state = 'cancel'"),
        ),
        _visit(
            model,
            transfer,
            "done",
            SQL("orders.date_done - INTERVAL '6 minutes'"),
            done_by,
            (50, 350),
            0.6,
            is_done,
        ),
    ]


# ---------------------------------------------------------------------- entries
def _entry(model, documents, event, moment, user, condition, **columns):
    values = {
        "line_id": SQL("NULL::int4"),
        "product_id": SQL("NULL::int4"),
        "old_value": SQL("NULL"),
        "new_value": SQL("NULL"),
        "seconds": SQL("NULL::int4"),
        "visit": SQL("NULL"),
    } | columns
    return SQL(
        """
        SELECT
            %(model)s AS res_model, orders.id AS res_id, orders.company_id,
            %(event)s AS event, %(old_value)s AS old_value, %(new_value)s AS new_value,
            %(product_id)s AS product_id, %(line_id)s AS line_id,
            %(user)s AS user_id, %(moment)s AS moment,
            %(seconds)s AS seconds, %(visit)s AS visit
        %(documents)s
        WHERE %(condition)s
        """,
        model=model,
        event=event,
        user=user,
        moment=moment,
        documents=documents,
        condition=condition or SQL("TRUE"),
        **values,
    )


def _state(model, documents, old, new, moment, user, condition=None):
    return _entry(
        model,
        documents,
        "state",
        moment,
        user,
        condition,
        old_value=old,
        new_value=new,
    )


def _visit(model, documents, what, moment, user, seconds, share, condition=None):
    """Somebody had it open; how often and how long is drawn by its number."""
    low, high = seconds
    return _entry(
        model,
        documents,
        "opened",
        moment,
        user,
        SQL(
            "%s AND %s < %s",
            condition or SQL("TRUE"),
            _share(SQL("orders.name"), what),
            share,
        ),
        seconds=SQL(
            "%s + (%s * %s)::int4",
            low,
            _share(SQL("orders.name"), f"{what} seconds"),
            high - low,
        ),
        visit=SQL("md5(%s || orders.id)", f"{model} {what} "),
    )


def _moved_order(order):
    return _entry(
        "sale.order",
        order,
        "promise",
        SQL("plan.moved_at"),
        SQL("plan.user_id"),
        SQL("plan.moved_at IS NOT NULL"),
        old_value=SQL("plan.promised_at::text"),
        new_value=SQL("plan.moved_to::text"),
    )


def _moved_lines(order):
    return _entry(
        "purchase.order",
        SQL("%s JOIN purchase_order_line AS line ON line.order_id = orders.id", order),
        "promise",
        SQL("plan.moved_at"),
        SQL("plan.user_id"),
        SQL("plan.moved_at IS NOT NULL"),
        old_value=SQL("plan.promised_at::text"),
        new_value=SQL("plan.moved_to::text"),
        product_id=SQL("line.product_id"),
        line_id=SQL("line.id"),
    )


def _goods(kind, order, confirmed_at, begun_at, user):
    """In some orders the customer, or the vendor, changed a number before."""
    quantity = SQL.identifier(
        "line", {"sale": "product_uom_qty", "purchase": "product_qty"}[kind]
    )
    drawn = _share(SQL("orders.name || line.name"), "goods")
    return _entry(
        f"{kind}.order",
        SQL(
            "%s JOIN %s AS line ON line.order_id = orders.id",
            order,
            SQL.identifier(f"{kind}_order_line"),
        ),
        "goods",
        SQL(
            "date_trunc('second', %(begun)s + (%(confirmed)s - %(begun)s) * 0.8)",
            begun=begun_at,
            confirmed=confirmed_at,
        ),
        user,
        SQL("%s < 0.05 AND %s > %s", drawn, confirmed_at, begun_at),
        # one more or fewer than in the end; or it was not there at all
        old_value=SQL(
            "CASE WHEN %(drawn)s < 0.02 THEN NULL"
            " ELSE trim_scale(%(quantity)s + 1)::text END",
            drawn=drawn,
            quantity=quantity,
        ),
        new_value=SQL("trim_scale(%s)::text", quantity),
        product_id=SQL("line.product_id"),
        line_id=SQL("line.id"),
    )


def _share(name, what):
    """SQL: a number from 0 up to 1 that follows from the arguments alone."""
    return SQL(
        "(('x' || substr(md5(%s || %s), 1, 8))::bit(32)::int8 / 4294967296.0)",
        f"{what} ",
        name,
    )


def _insert(cr, entries):
    """In the order of the moments, as it would have been written."""
    cr.execute(
        SQL(
            """
            INSERT INTO kpi_order_journal (
                res_model, res_id, company_id, event, old_value, new_value,
                product_id, line_id, user_id, moment, seconds, visit
            )
            SELECT
                res_model, res_id, company_id, event, old_value, new_value,
                product_id, line_id, user_id, moment, seconds, visit
            FROM (%s) AS entry
            WHERE moment <= NOW() AT TIME ZONE 'UTC'
            ORDER BY moment, res_id
            """,
            SQL(" UNION ALL ").join(entries),
        )
    )
