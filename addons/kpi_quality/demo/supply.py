"""Three months of purchasing: plan, prototypes and copies, as with the sales."""

from odoo.tools import SQL

from . import handovers, journal, supply_prototypes, vendors
from .clone import TreeCloner, step_aside, store_plan
from .numbering import Numbers
from .supply_overrides import OVERRIDES
from .supply_plan import SupplyPlanner

PLAN_TABLE = "kpi_demo_supply_plan"
PLAN_COLUMNS = {
    "copy_no": "int4",
    "root_id": "int4",
    "in_place": "bool",
    "ordered_at": "timestamp",
    "sent_at": "timestamp",
    "approved_at": "timestamp",
    "promised_at": "timestamp",
    "arrived_at": "timestamp",
    "stocked_at": "timestamp",
    "rest_arrived_at": "timestamp",
    "rest_stocked_at": "timestamp",
    "returned_at": "timestamp",
    "cancelled_at": "timestamp",
    "moved_at": "timestamp",
    "moved_to": "timestamp",
    "mark_source": "varchar",
    "user_id": "int4",
    "receiver_id": "int4",
    "partner_id": "int4",
    "order_name": "varchar",
    "receipt_name": "varchar",
    "rest_name": "varchar",
    "return_name": "varchar",
}
# Tables with the one that they hang on, in the order of writing.
TREE = (
    ("purchase_order_line", "purchase_order", "order_id"),
    (
        "stock_reference",
        "purchase_order",
        SQL(
            "SELECT purchase_id AS parent_id, reference_id AS id"
            " FROM stock_reference_purchase_rel"
        ),
    ),
    (
        "stock_picking",
        "purchase_order",
        SQL(
            "SELECT purchase_order_id AS parent_id, stock_picking_id AS id"
            " FROM purchase_order_stock_picking_rel"
        ),
    ),
    ("stock_move", "stock_picking", "picking_id"),
    ("stock_move_line", "stock_move", "move_id"),
)
LINKS = (
    "stock_reference_purchase_rel",
    "stock_reference_move_rel",
    "purchase_order_stock_picking_rel",
    "stock_move_move_rel",
    "account_tax_purchase_order_line_rel",
)


def make(demo):
    """Plan the purchases, make the prototypes and clone them."""
    vendors.make(demo)
    purchases = SupplyPlanner(demo).purchases()
    made = supply_prototypes.make(demo, {p.prototype for p in purchases})
    demo.env.flush_all()
    _store_plan(demo, purchases, made)
    orders = demo.env["purchase.order"].union(*made.values())
    step_aside(demo.env.cr, orders.picking_ids)
    cloner = TreeCloner(demo.env.cr, PLAN_TABLE)
    cloner.add_root("purchase_order")
    for table, parent, by in TREE:
        cloner.add(table, parent, by)
    for table in ("purchase_order", *(table for table, _parent, _by in TREE)):
        cloner.fill(table, **OVERRIDES[table])
    for table in LINKS:
        cloner.link(table)
    cloner.analyze()
    handovers.record_arrivals(demo, PLAN_TABLE)
    journal.record_purchases(demo, PLAN_TABLE)
    demo.env.invalidate_all()


def _store_plan(demo, purchases, made):
    numbers = Numbers(demo)
    orders = numbers.make_sequence("purchase.order", "Закупки, Северный ветер", "ЗП")
    used = set()
    rows = []
    for number, purchase in enumerate(purchases, 1):
        order = made[purchase.prototype]
        receipts = order.picking_type_id
        returns = receipts.return_picking_type_id.sequence_id
        row = {name: getattr(purchase, name, None) for name in PLAN_COLUMNS} | {
            "copy_no": number,
            "root_id": order.id,
            "in_place": order not in used,
            "order_name": numbers.next(orders),
        }
        if purchase.kind != "sent":
            row["receipt_name"] = numbers.next(receipts.sequence_id)
        if purchase.kind.startswith("partial"):
            row["rest_name"] = numbers.next(receipts.sequence_id)
        if purchase.returned_at:
            # after those that the sales have given
            last = returns.number_next_actual - 1
            row["return_name"] = numbers.next(returns, after=last)
        rows.append(row)
        used.add(order)
    store_plan(demo.env.cr, PLAN_TABLE, PLAN_COLUMNS, rows)
    numbers.move_sequences()
