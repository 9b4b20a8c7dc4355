"""Three months of documents: the plan, its prototypes, and their copies."""

from collections import defaultdict

from odoo.tools import SQL

from . import handovers, journal, prototypes
from .clone import TreeCloner, step_aside, store_plan
from .numbering import Numbers
from .overrides import OVERRIDES
from .plan import Planner

PLAN_TABLE = "kpi_demo_plan"
PLAN_COLUMNS = {
    "copy_no": "int4",
    "root_id": "int4",
    "in_place": "bool",
    "ordered_at": "timestamp",
    "quoted_at": "timestamp",
    "promised_at": "timestamp",
    "pick_due_at": "timestamp",
    "picked_at": "timestamp",
    "shipped_at": "timestamp",
    "cancelled_at": "timestamp",
    "delivered_at": "timestamp",
    "marked_at": "timestamp",
    "mark_source": "varchar",
    "moved_at": "timestamp",
    "moved_to": "timestamp",
    "invoice_date": "date",
    "refund_date": "date",
    "user_id": "int4",
    "picker_id": "int4",
    "carrier_id": "int4",
    "partner_id": "int4",
    "partner_name": "varchar",
    "pick_type_id": "int4",
    "order_name": "varchar",
    "pick_name": "varchar",
    "out_name": "varchar",
    "invoice_name": "varchar",
    "refund_name": "varchar",
}
SALE_INVOICES = SQL(
    """
    SELECT invoiced.order_line_id AS parent_id, item.move_id AS id
    FROM sale_order_line_invoice_rel AS invoiced
    JOIN account_move_line AS item ON item.id = invoiced.invoice_line_id
    """
)
SALE_REFERENCES = SQL(
    "SELECT sale_id AS parent_id, reference_id AS id FROM stock_reference_sale_rel"
)
FULL_RECONCILES = SQL(
    """
    SELECT id AS parent_id, full_reconcile_id AS id
    FROM account_move_line
    WHERE full_reconcile_id IS NOT NULL
    """
)
# Tables with the one that they hang on; and in the order of writing.
TREE = (
    ("sale_order_line", "sale_order", "order_id"),
    ("stock_reference", "sale_order", SALE_REFERENCES),
    ("stock_picking", "sale_order", "sale_id"),
    ("stock_move", "stock_picking", "picking_id"),
    ("stock_move_line", "stock_move", "move_id"),
    ("account_move", "sale_order_line", SALE_INVOICES),
    ("account_move_line", "account_move", "move_id"),
    ("account_partial_reconcile", "account_move_line", "debit_move_id"),
    ("account_full_reconcile", "account_move_line", FULL_RECONCILES),
)
WRITTEN = (
    "sale_order",
    "sale_order_line",
    "stock_reference",
    "stock_picking",
    "stock_move",
    "stock_move_line",
    "account_move",
    "account_full_reconcile",
    "account_move_line",
    "account_partial_reconcile",
)
LINKS = (
    "stock_reference_sale_rel",
    "stock_reference_move_rel",
    "stock_move_move_rel",
    "sale_order_line_invoice_rel",
    "account_tax_sale_order_line_rel",
    "account_move_line_account_tax_rel",
    "account_account_tag_account_move_line_rel",
)


def make(demo):
    """Plan the history, make the prototypes and clone them."""
    sales = Planner(demo).sales()
    made = prototypes.make(demo, {sale.prototype for sale in sales})
    demo.env.flush_all()
    _store_plan(demo, sales, made)
    orders = demo.env["sale.order"].union(*made.values())
    for records in (orders.picking_ids, orders.invoice_ids):
        step_aside(demo.env.cr, records)
    _clone(demo.env.cr)
    handovers.record_deliveries(demo, PLAN_TABLE)
    journal.record_sales(demo, PLAN_TABLE)
    demo.env.invalidate_all()


def _store_plan(demo, sales, made):
    """The plan as a table for the cloner, with the names of all documents."""
    numbers = _Numbers(demo)
    used = set()
    names = {partner.id: partner.name for partner in demo.customers}
    rows = []
    for number, sale in enumerate(sales, 1):
        order = made[sale.prototype]
        central = sale.unit == "web"
        rows.append(
            {name: getattr(sale, name) for name in PLAN_COLUMNS if hasattr(sale, name)}
            | {
                "copy_no": number,
                "root_id": order.id,
                "in_place": order not in used,
                "partner_name": names[sale.partner_id],
                "pick_type_id": order.warehouse_id.pick_type_id.id if central else None,
            }
            | numbers.name(sale, order)
        )
        used.add(order)
    numbers.name_invoices(rows)
    store_plan(demo.env.cr, PLAN_TABLE, PLAN_COLUMNS, rows)
    numbers.move_sequences()


class _Numbers(Numbers):
    """Names of orders, transfers and invoices."""

    def __init__(self, demo):
        super().__init__(demo)
        self.orders = self.make_sequence("sale.order", "Заказы, Северный ветер", "СВ")

    def name(self, sale, order):
        warehouse = order.warehouse_id
        has_transfer = sale.kind != "quotation"
        pick = warehouse.pick_type_id.sequence_id
        out = warehouse.out_type_id.sequence_id
        # A step that is pushed exists once the one before it is done.
        has_out = has_transfer and (sale.unit != "web" or sale.picked_at)
        return {
            "order_name": self.next(self.orders),
            "pick_name": self.next(pick)
            if has_transfer and sale.unit == "web"
            else None,
            "out_name": self.next(out) if has_out else None,
        }

    def name_invoices(self, rows):
        """Invoices and refunds are numbered by their days, anew each year."""
        journal = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        for day, name, prefix in (
            ("invoice_date", "invoice_name", journal.code),
            ("refund_date", "refund_name", f"R{journal.code}"),
        ):
            last = defaultdict(int)
            for row in rows:
                row[name] = None
            for row in sorted(
                (row for row in rows if row[day]),
                key=lambda row: (row[day], row["copy_no"]),
            ):
                last[row[day].year] += 1
                row[name] = f"{prefix}/{row[day].year}/{last[row[day].year]:05d}"


def _clone(cr):
    cloner = TreeCloner(cr, PLAN_TABLE)
    cloner.add_root("sale_order")
    for table, parent, by in TREE:
        cloner.add(table, parent, by)
    for table in WRITTEN:
        cloner.fill(table, **OVERRIDES[table])
    for table in LINKS:
        cloner.link(table)
    cloner.analyze()
