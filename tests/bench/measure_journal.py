"""What the order journal and the frozen promises cost whoever works with orders."""

import time
from contextlib import ExitStack
from unittest.mock import patch

from report import seconds
from session import environment
from timing import alternate

from odoo.fields import Command
from odoo.tools import SQL

DOCUMENTS = 500
AIM = 1.05
TABLES = ("sale_order", "sale_order_line", "stock_picking")
# What of ours runs in Python when orders are confirmed and transfers are validated.
OVERRIDES = (
    ("sale.order.line", "_kpi_freeze_promise"),
    ("sale.order.line", "_kpi_follow_quantity"),
    ("stock.move", "_kpi_freeze_due"),
)


class Work:
    """Confirm orders and validate their deliveries, then take all of it back."""

    def __init__(self, registry):
        self.registry = registry
        self.entries = 0
        with environment(registry) as env:
            self.order_ids = _make_orders(env).ids

    def run(self, triggers=True, overrides=True):
        """:return: seconds that a user would wait"""
        with ExitStack() as stack:
            env = stack.enter_context(environment(self.registry, keep=False))
            if not triggers:
                for table in TABLES:
                    env.cr.execute(
                        SQL(
                            "ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)
                        )
                    )
            if not overrides:
                for model, method in OVERRIDES:
                    stack.enter_context(
                        patch.object(self.registry[model], method, lambda _self: None)
                    )
            before = self._entries(env)
            started = time.perf_counter()
            orders = env["sale.order"].browse(self.order_ids)
            orders.action_confirm()
            pickings = orders.picking_ids
            for move in pickings.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            pickings.button_validate()
            env.flush_all()
            taken = time.perf_counter() - started
            if triggers:
                self.entries = self._entries(env) - before
        return taken

    def seconds_of_entry(self):
        """What one entry costs, by PostgreSQL's own account: no noise of the rest."""
        with environment(self.registry, keep=False) as env:
            env.cr.execute(
                SQL(
                    "EXPLAIN (ANALYZE, FORMAT JSON)"
                    " UPDATE sale_order SET state = 'sale' WHERE id IN %s",
                    tuple(self.order_ids),
                )
            )
            [[plan]] = env.cr.fetchone()
        [trigger] = [
            trigger
            for trigger in plan["Triggers"]
            if trigger["Trigger Name"].startswith("kpi_journal")
        ]
        return trigger["Time"] / 1000 / trigger["Calls"]

    def _entries(self, env):
        env.cr.execute("SELECT COUNT(*) FROM kpi_order_journal")
        return env.cr.fetchone()[0]


def _make_orders(env):
    """Quotations for a warehouse that delivers in one step."""
    warehouse = env["stock.warehouse"].search(
        [("delivery_steps", "=", "ship_only"), ("kpi_site_ids", "!=", False)], limit=1
    )
    products = env["product.product"].search([("name", "=like", "Product %")], limit=5)
    customers = env["res.partner"].search([("name", "=like", "Customer %")], limit=50)
    return env["sale.order"].create(
        [
            {
                "partner_id": customers[number % len(customers)].id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 2})
                    for product in products[: 1 + number % 4]
                ],
            }
            for number in range(DOCUMENTS)
        ]
    )


def journal(registry, runs, report):
    """With the triggers, without them, and without our Python too."""
    work = Work(registry)
    work.run()  # the first run loads what the others find
    all_, untriggered, bare = alternate(
        runs,
        work.run,
        lambda: work.run(triggers=False),
        lambda: work.run(triggers=False, overrides=False),
    )
    report.check(f"{work.entries:,} entries written", work.entries >= 4 * DOCUMENTS)
    report.line(
        "triggers: with | without",
        seconds(all_),
        seconds(untriggered),
        all_ / untriggered,
        AIM,
    )
    alone = work.entries * work.seconds_of_entry()
    report.line(
        "the entries by themselves | the rest",
        seconds(alone),
        seconds(untriggered),
        1 + alone / untriggered,
        AIM,
    )
    report.line(
        "promises in Python: with | without",
        seconds(untriggered),
        seconds(bare),
        untriggered / bare,
    )
