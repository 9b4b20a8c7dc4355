"""Three months of documents: the plan, its prototypes, and their copies."""

from collections import defaultdict
from datetime import timedelta

from odoo.tools import SQL

from . import prototypes
from .clone import TreeCloner
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
    "picked_at": "timestamp",
    "shipped_at": "timestamp",
    "cancelled_at": "timestamp",
    "invoice_date": "date",
    "refund_date": "date",
    "user_id": "int4",
    "picker_id": "int4",
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
    _step_aside(demo, made)
    _clone(demo.env.cr)
    _settle_stock(demo)
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
    demo.env.cr.execute(
        SQL(
            """
            DROP TABLE IF EXISTS %(plan)s;
            CREATE TEMPORARY TABLE %(plan)s AS
            SELECT * FROM unnest(%(columns)s) AS plan(%(names)s);
            CREATE UNIQUE INDEX ON %(plan)s (copy_no);
            ANALYZE %(plan)s
            """,
            plan=SQL.identifier(PLAN_TABLE),
            columns=SQL(", ").join(
                SQL("%s::%s[]", [row[name] for row in rows], SQL(sql_type))
                for name, sql_type in PLAN_COLUMNS.items()
            ),
            names=SQL(", ").join(map(SQL.identifier, PLAN_COLUMNS)),
        )
    )
    numbers.move_sequences()


class _Numbers:
    """Names of documents in the order of their days, as sequences would give them."""

    def __init__(self, demo):
        self.env = demo.env
        self.company = demo.company
        self.last = defaultdict(int)
        self.orders = demo.env["ir.sequence"].create(
            {
                "name": "Заказы, Северный ветер",
                "code": "sale.order",
                "prefix": "СВ",
                "padding": 6,
                "company_id": demo.company.id,
            }
        )

    def _next(self, sequence):
        self.last[sequence] += 1
        return sequence.get_next_char(self.last[sequence])

    def name(self, sale, order):
        warehouse = order.warehouse_id
        has_transfer = sale.kind != "quotation"
        pick = warehouse.pick_type_id.sequence_id
        out = warehouse.out_type_id.sequence_id
        # A step that is pushed exists once the one before it is done.
        has_out = has_transfer and (sale.unit != "web" or sale.picked_at)
        return {
            "order_name": self._next(self.orders),
            "pick_name": self._next(pick)
            if has_transfer and sale.unit == "web"
            else None,
            "out_name": self._next(out) if has_out else None,
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

    def move_sequences(self):
        for sequence, last in self.last.items():
            sequence.number_next = last + 1


def _step_aside(demo, made):
    """Names are unique: the prototypes give up those that the plan hands out."""
    orders = demo.env["sale.order"].union(*made.values())
    for records in (orders.picking_ids, orders.invoice_ids):
        demo.env.cr.execute(
            SQL(
                "UPDATE %s SET name = 'prototype ' || id WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                records.ids,
            )
        )


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


def _settle_stock(demo):
    """Goods on hand follow from all moves; the opening stock came on the eve."""
    eve = demo.months[0] - timedelta(days=1)
    company = demo.company.id
    demo.env.cr.execute(
        SQL(
            """
            UPDATE stock_move
            SET date = %(eve)s
            WHERE company_id = %(company)s AND is_inventory;

            UPDATE stock_move_line AS line
            SET date = move.date
            FROM stock_move AS move
            WHERE move.id = line.move_id
                AND move.company_id = %(company)s
                AND move.is_inventory;

            WITH movement AS (
                SELECT
                    product_id, location_dest_id AS location_id,
                    quantity_product_uom AS quantity, 0 AS reserved
                FROM stock_move_line
                WHERE company_id = %(company)s AND state = 'done'
                UNION ALL
                SELECT product_id, location_id, -quantity_product_uom, 0
                FROM stock_move_line
                WHERE company_id = %(company)s AND state = 'done'
                UNION ALL
                SELECT product_id, location_id, 0, quantity_product_uom
                FROM stock_move_line
                WHERE company_id = %(company)s
                    AND state IN ('assigned', 'partially_available')
            ),
            balance AS (
                SELECT
                    product_id, location_id,
                    SUM(quantity) AS quantity, SUM(reserved) AS reserved
                FROM movement
                GROUP BY product_id, location_id
            )
            UPDATE stock_quant AS quant
            SET quantity = balance.quantity,
                reserved_quantity = balance.reserved,
                in_date = %(eve)s
            FROM balance
            WHERE quant.company_id = %(company)s
                AND quant.product_id = balance.product_id
                AND quant.location_id = balance.location_id
            """,
            eve=eve,
            company=company,
        )
    )
