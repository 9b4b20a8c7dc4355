"""Sales orders, transfers and invoices: what a copy has of its own."""

from odoo.tools import SQL

from odoo.addons.kpi_quality.demo.clone import TreeCloner

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

IS_OUT = "source.picking_type_id = plan.out_type_id"
DONE_AT = f"CASE WHEN {IS_OUT} THEN plan.shipped_at ELSE plan.done_at END"
IS_DELIVERED = f"{IS_OUT} AND source.state = 'done'"


def clone(cr, refunds):
    """Write the orders of ``bench_order`` with all that belongs to them."""
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
        create_date="plan.created_at",
        effective_date="CASE WHEN source.effective_date IS NOT NULL"
        " THEN plan.shipped_at END",
    )
    write(
        "sale_order_line",
        order_partner_id="plan.partner_id",
        salesman_id="plan.user_id",
        create_date="plan.ordered_at",
        kpi_confirmed_at="COALESCE(plan.first_confirmed_at, plan.ordered_at)",
        kpi_promised_at="plan.due_at",
        kpi_withdrawn_at="CASE WHEN source.kpi_withdrawn_at IS NOT NULL"
        " THEN plan.cancelled_at END",
    )
    write(
        "stock_picking",
        name="source.name || '/' || plan.copy_no",
        origin=number,
        partner_id="plan.partner_id",
        user_id="plan.picker_id",
        scheduled_date="plan.due_at",
        date_deadline="plan.due_at",
        date_done=f"CASE WHEN source.date_done IS NOT NULL THEN {DONE_AT} END",
        create_date="plan.ordered_at",
        kpi_delivered_at=f"CASE WHEN {IS_DELIVERED} THEN plan.delivered_at END",
        kpi_delivered_by_id=f"CASE WHEN {IS_DELIVERED} AND plan.delivered_at IS NOT"
        " NULL THEN plan.picker_id END",
    )
    write(
        "stock_move",
        origin=number,
        reference="source.reference || '/' || plan.copy_no",
        partner_id="plan.partner_id",
        date=DONE_AT,
        date_deadline="plan.due_at",
        create_date="plan.ordered_at",
        kpi_due_at="plan.due_at",
        kpi_done_at=f"CASE WHEN source.state = 'done' THEN {DONE_AT} END",
        kpi_done_by_id="CASE WHEN source.state = 'done' THEN plan.picker_id END",
        kpi_cancelled_at="CASE WHEN source.state = 'cancel' THEN plan.cancelled_at END",
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
