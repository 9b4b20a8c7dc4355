"""What a copied purchase has of its own: SQL over ``source`` and ``plan``."""

from odoo.tools import SQL

from .overrides import case, kept_empty


def by_part(is_rest, is_return):
    """The receipt, what came later, and what was sent back have their own moments."""

    def choose(first, rest, back):
        return case(is_return, back, case(is_rest, rest, first))

    return choose


PLANNED_AT = "COALESCE(plan.moved_to, plan.promised_at)"
DONE_AT = ("plan.stocked_at", "plan.rest_stocked_at", "plan.returned_at")
BEGUN_AT = ("plan.approved_at", "plan.stocked_at", "plan.returned_at")
NAME = ("plan.receipt_name", "plan.rest_name", "plan.return_name")

of_transfer = by_part("source.backorder_id IS NOT NULL", "source.return_id IS NOT NULL")
of_move = by_part(
    "source.kpi_root_move_id IS NOT NULL", "source.origin_returned_move_id IS NOT NULL"
)
OF_MOVE_LINE = by_part(
    "move.kpi_root_move_id IS NOT NULL", "move.origin_returned_move_id IS NOT NULL"
)(*DONE_AT)
ORIGIN = case("{}", "'Возврат ' || plan.receipt_name", "plan.order_name")

_TEXTS = {
    "purchase_order": {
        "name": "plan.order_name",
        "access_token": "NULL",
        "create_date": "plan.ordered_at",
        "create_uid": "plan.user_id",
        "user_id": "plan.user_id",
        "partner_id": "plan.partner_id",
        "date_order": "plan.ordered_at",
        "date_approve": kept_empty("date_approve", "plan.approved_at"),
        "date_calendar_start": case(
            "source.date_approve IS NOT NULL", "plan.approved_at", "plan.ordered_at"
        ),
        "date_planned": PLANNED_AT,
        "effective_date": kept_empty("effective_date", "plan.stocked_at"),
    },
    "purchase_order_line": {
        "create_date": "plan.ordered_at",
        "partner_id": "plan.partner_id",
        "date_planned": PLANNED_AT,
        "kpi_promised_at": kept_empty("kpi_promised_at", "plan.promised_at"),
        "kpi_withdrawn_at": kept_empty("kpi_withdrawn_at", "plan.cancelled_at"),
        "kpi_confirmed_at": kept_empty("kpi_confirmed_at", "plan.approved_at"),
    },
    "stock_reference": {"name": "plan.order_name"},
    "stock_picking": {
        "name": of_transfer(*NAME),
        "origin": ORIGIN.format("source.return_id IS NOT NULL"),
        "create_date": of_transfer(*BEGUN_AT),
        "partner_id": "plan.partner_id",
        "user_id": "plan.receiver_id",
        "scheduled_date": case(
            "source.state = 'done'", of_transfer(*DONE_AT), PLANNED_AT
        ),
        "date_deadline": kept_empty("date_deadline", PLANNED_AT),
        "date_done": kept_empty("date_done", of_transfer(*DONE_AT)),
        "kpi_arrived_at": case(
            "plan.mark_source IS NOT NULL",
            of_transfer("plan.arrived_at", "plan.rest_arrived_at", "NULL::timestamp"),
        ),
    },
    "stock_move": {
        "reference": of_move(*NAME),
        "origin": ORIGIN.format("source.origin_returned_move_id IS NOT NULL"),
        "create_date": of_move(*BEGUN_AT),
        "partner_id": kept_empty("partner_id", "plan.partner_id"),
        "date": case("source.state = 'done'", of_move(*DONE_AT), PLANNED_AT),
        "date_deadline": kept_empty("date_deadline", PLANNED_AT),
        "kpi_due_at": kept_empty("kpi_due_at", "plan.promised_at"),
        "kpi_done_at": kept_empty("kpi_done_at", of_move(*DONE_AT)),
        "kpi_done_by_id": case("source.kpi_done_at IS NOT NULL", "plan.receiver_id"),
        "kpi_cancelled_at": kept_empty("kpi_cancelled_at", "plan.cancelled_at"),
    },
    "stock_move_line": {
        "create_date": "plan.approved_at",
        "date": case(
            "source.state = 'done'",
            f"(SELECT {OF_MOVE_LINE} FROM stock_move AS move"
            " WHERE move.id = source.move_id)",
            PLANNED_AT,
        ),
    },
}
OVERRIDES = {
    table: {column: SQL(text) for column, text in texts.items()}
    for table, texts in _TEXTS.items()
}
