"""Purchase orders and their receipts: what a copy has of its own."""

from odoo.tools import SQL

from odoo.addons.kpi_quality.demo.clone import TreeCloner

TABLES = (
    "purchase_order",
    "purchase_order_line",
    "purchase_order_stock_picking_rel",
    "stock_picking",
    "stock_move",
    "stock_move_move_rel",
)

# The moves into the dock, and the further ones into stock.
MOVES = """
    SELECT line.order_id AS parent_id, receipt.id, receipt.picking_id
    FROM purchase_order_line AS line
    JOIN stock_move AS receipt ON receipt.purchase_line_id = line.id
    UNION ALL
    SELECT line.order_id AS parent_id, further.id, further.picking_id
    FROM purchase_order_line AS line
    JOIN stock_move AS receipt ON receipt.purchase_line_id = line.id
    JOIN stock_move_move_rel AS chain ON chain.move_orig_id = receipt.id
    JOIN stock_move AS further ON further.id = chain.move_dest_id
"""


def clone(cr, backorders):
    """Write the orders of ``bench_purchase`` with all that belongs to them.

    :param backorders: transfers of the prototypes that bring the rest
    :return: the number of rows by table
    """
    cloner = TreeCloner(cr, "bench_purchase")
    cloner.add_root("purchase_order")
    cloner.add("purchase_order_line", "purchase_order", by="order_id")
    for table, column in (("stock_picking", "picking_id"), ("stock_move", "id")):
        pairs = SQL(
            "SELECT parent_id, %s AS id FROM (%s) AS move",
            SQL.identifier(column),
            SQL(MOVES),
        )
        cloner.add(table, "purchase_order", by=pairs)
    counts = {}

    def write(table, **overrides):
        counts[table] = cloner.fill(
            table,
            **{
                name: SQL(value) if isinstance(value, str) else value
                for name, value in overrides.items()
            },
        )

    def of_receipt(picking, first, rest):
        return SQL(
            "CASE WHEN %s = ANY(%s) THEN %s ELSE %s END",
            SQL(picking),
            backorders.ids,
            SQL(rest),
            SQL(first),
        )

    def done_at(picking):
        return SQL(
            "CASE WHEN source.picking_type_id = plan.store_type_id THEN %s ELSE %s END",
            of_receipt(picking, "plan.stored_at", "plan.rest_stored_at"),
            of_receipt(picking, "plan.done_at", "plan.rest_done_at"),
        )

    number = "'PB' || plan.copy_no"
    write(
        "purchase_order",
        name=number,
        access_token="NULL",
        partner_id="plan.partner_id",
        user_id="plan.buyer_id",
        date_order="plan.ordered_at",
        date_approve="plan.ordered_at",
        date_planned="plan.due_at",
        create_date="plan.ordered_at",
        effective_date="CASE WHEN source.effective_date IS NOT NULL"
        " THEN plan.done_at END",
    )
    write(
        "purchase_order_line",
        partner_id="plan.partner_id",
        date_planned="plan.due_at",
        create_date="plan.ordered_at",
        kpi_confirmed_at="plan.ordered_at",
        kpi_promised_at="plan.due_at",
        kpi_withdrawn_at="CASE"
        " WHEN source.kpi_withdrawn_at IS NULL THEN NULL"
        " WHEN source.product_qty > 0 AND source.kpi_withdrawn_qty"
        " < source.kpi_promised_qty THEN plan.ordered_at + INTERVAL '1 hour'"
        " ELSE plan.withdrawn_at END",
    )
    write(
        "stock_picking",
        name="source.name || '/' || plan.copy_no",
        origin=number,
        partner_id="plan.partner_id",
        user_id="plan.receiver_id",
        scheduled_date="plan.due_at",
        date_deadline="plan.due_at",
        date_done=SQL(
            "CASE WHEN source.date_done IS NOT NULL THEN %s END", done_at("source.id")
        ),
        create_date="plan.ordered_at",
        kpi_arrived_at=SQL(
            "CASE WHEN source.picking_type_id = plan.in_type_id"
            " AND source.state != 'cancel' THEN %s END",
            of_receipt("source.id", "plan.arrived_at", "plan.rest_arrived_at"),
        ),
    )
    write(
        "stock_move",
        origin=number,
        reference="source.reference || '/' || plan.copy_no",
        partner_id="plan.partner_id",
        date=done_at("source.picking_id"),
        date_deadline="plan.due_at",
        create_date="plan.ordered_at",
        kpi_due_at="CASE WHEN source.kpi_due_at IS NOT NULL THEN plan.due_at END",
        kpi_done_at=SQL(
            "CASE WHEN source.state = 'done' THEN %s END", done_at("source.picking_id")
        ),
        kpi_done_by_id="CASE WHEN source.state = 'done' THEN plan.receiver_id END",
        kpi_cancelled_at="CASE WHEN source.state = 'cancel' THEN plan.withdrawn_at END",
    )
    cloner.link("stock_move_move_rel")
    cloner.link("purchase_order_stock_picking_rel")
    return counts
