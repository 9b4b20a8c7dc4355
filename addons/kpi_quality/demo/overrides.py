"""What a copy has of its own: SQL over ``source`` (the prototype) and ``plan``."""

from odoo.tools import SQL


def case(condition, then, otherwise="NULL"):
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


def kept_empty(column, value):
    """The plan's value where the prototype has one at all."""
    return case(f"source.{column} IS NOT NULL", value)


IS_PICK = "source.picking_type_id = plan.pick_type_id"
DONE_AT = case(IS_PICK, "plan.picked_at", "plan.shipped_at")
# The date of today, and the first one: the plan keeps them apart.
PROMISED_AT = "COALESCE(plan.moved_to, plan.promised_at)"
DEADLINE = case(IS_PICK, "plan.pick_due_at", PROMISED_AT)
DUE_AT = case(IS_PICK, "plan.pick_due_at", "plan.promised_at")
SCHEDULED_AT = case("source.state = 'done'", DONE_AT, DEADLINE)
# Couriers and those who deal with the carriers have the parcel from the warehouse on.
RESPONSIBLE = case(
    IS_PICK, "plan.picker_id", "COALESCE(plan.carrier_id, plan.picker_id)"
)
TRANSFER_NAME = case(IS_PICK, "plan.pick_name", "plan.out_name")

IS_REFUND = "source.move_type = 'out_refund'"
INVOICED_ON = case(IS_REFUND, "plan.refund_date", "plan.invoice_date")
INVOICE_NAME = case(IS_REFUND, "plan.refund_name", "plan.invoice_name")
OF_REFUND = (
    "(SELECT move.move_type FROM account_move AS move WHERE move.id = source.move_id)"
    " = 'out_refund'"
)
ITEM_DATE = case(OF_REFUND, "plan.refund_date", "plan.invoice_date")
ITEM_NAME = case(OF_REFUND, "plan.refund_name", "plan.invoice_name")

_TEXTS = {
    "sale_order": {
        "name": "plan.order_name",
        "access_token": "NULL",
        "create_date": "plan.quoted_at",
        "create_uid": "plan.user_id",
        "date_order": "plan.ordered_at",
        "validity_date": "plan.ordered_at::date + 30",
        "commitment_date": PROMISED_AT,
        "effective_date": "plan.shipped_at",
        "user_id": "plan.user_id",
        "partner_id": "plan.partner_id",
        "partner_invoice_id": "plan.partner_id",
        "partner_shipping_id": "plan.partner_id",
    },
    "sale_order_line": {
        "create_date": "plan.quoted_at",
        "order_partner_id": "plan.partner_id",
        "salesman_id": "plan.user_id",
        "kpi_promised_at": kept_empty("kpi_promised_at", "plan.promised_at"),
        "kpi_withdrawn_at": kept_empty("kpi_withdrawn_at", "plan.cancelled_at"),
        "kpi_confirmed_at": kept_empty("kpi_confirmed_at", "plan.ordered_at"),
    },
    "stock_reference": {"name": "plan.order_name"},
    "stock_picking": {
        "name": TRANSFER_NAME,
        "origin": "plan.order_name",
        "create_date": "plan.ordered_at",
        "partner_id": "plan.partner_id",
        "user_id": RESPONSIBLE,
        "scheduled_date": SCHEDULED_AT,
        "date_deadline": kept_empty("date_deadline", DEADLINE),
        "date_done": kept_empty("date_done", DONE_AT),
        "kpi_delivered_at": case(IS_PICK, "NULL", "plan.delivered_at"),
        "kpi_delivered_by_id": case(
            f"NOT ({IS_PICK}) AND plan.mark_source IN ('tap', 'scan')",
            "plan.carrier_id",
        ),
    },
    "stock_move": {
        "reference": TRANSFER_NAME,
        "origin": "plan.order_name",
        "create_date": "plan.ordered_at",
        "partner_id": kept_empty("partner_id", "plan.partner_id"),
        "date": SCHEDULED_AT,
        "date_deadline": kept_empty("date_deadline", DEADLINE),
        "kpi_due_at": kept_empty("kpi_due_at", DUE_AT),
        "kpi_done_at": kept_empty("kpi_done_at", DONE_AT),
        "kpi_done_by_id": case("source.kpi_done_at IS NOT NULL", "plan.picker_id"),
        "kpi_cancelled_at": kept_empty("kpi_cancelled_at", "plan.cancelled_at"),
    },
    "stock_move_line": {
        "create_date": "plan.ordered_at",
        "date": case(
            "source.state = 'done'",
            case(
                "(SELECT picking_type_id FROM stock_picking"
                " WHERE id = source.picking_id) = plan.pick_type_id",
                "plan.picked_at",
                "plan.shipped_at",
            ),
            "plan.ordered_at",
        ),
    },
    "account_move": {
        "name": INVOICE_NAME,
        "sequence_prefix": f"regexp_replace({INVOICE_NAME}, '[0-9]+$', '')",
        "sequence_number": f"substring({INVOICE_NAME} FROM '[0-9]+$')::int4",
        "payment_reference": INVOICE_NAME,
        "ref": case(IS_REFUND, "source.ref", "plan.order_name"),
        "access_token": "NULL",
        "create_date": INVOICED_ON,
        "date": INVOICED_ON,
        "invoice_date": INVOICED_ON,
        "invoice_date_due": INVOICED_ON,
        "delivery_date": kept_empty("delivery_date", INVOICED_ON),
        "invoice_origin": "plan.order_name",
        "invoice_user_id": "plan.user_id",
        "partner_id": "plan.partner_id",
        "commercial_partner_id": "plan.partner_id",
        "partner_shipping_id": "plan.partner_id",
        "invoice_partner_display_name": "plan.partner_name",
    },
    "account_move_line": {
        "move_name": ITEM_NAME,
        "name": case("source.display_type = 'payment_term'", ITEM_NAME, "source.name"),
        "partner_id": kept_empty("partner_id", "plan.partner_id"),
        "create_date": ITEM_DATE,
        "date": ITEM_DATE,
        "invoice_date": ITEM_DATE,
        "date_maturity": kept_empty("date_maturity", ITEM_DATE),
        "matching_number": "new_full_reconcile_id.new_id::varchar",
    },
    "account_partial_reconcile": {"max_date": "plan.refund_date"},
    "account_full_reconcile": {},
}
OVERRIDES = {
    table: {column: SQL(text) for column, text in texts.items()}
    for table, texts in _TEXTS.items()
}
