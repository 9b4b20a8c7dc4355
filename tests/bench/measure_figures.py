"""Is it even right? Stored figures against SQL that shares nothing with the sources."""

from company import NOW
from figures_delays import DELAY_CHECKS
from measure_engine import indicator_of
from session import environment

from odoo.tools import SQL


def check_figures(registry, window, report):
    """A handful of figures against SQL that shares nothing with the sources."""
    with environment(registry) as env:
        for name, code, column, query in (*SALES_CHECKS, *DELAY_CHECKS):
            env.cr.execute(
                SQL(
                    "SELECT SUM(%s) FROM kpi_measurement WHERE indicator_id = %s"
                    " AND date BETWEEN %s AND %s",
                    SQL.identifier(column),
                    indicator_of(env, code).id,
                    window.date_from,
                    window.date_to,
                )
            )
            [measured] = env.cr.fetchone()
            env.cr.execute(
                SQL(query, now=NOW, first=window.date_from, last=window.date_to)
            )
            [expected] = env.cr.fetchone()
            report.check(
                f"{name}: {measured:,.2f} | {expected:,.2f}",
                abs(measured - expected) < 0.005,
            )


# All documents of the shop lie in the window; those of other days are prototypes.
SALES_CHECKS = (
    (
        "revenue: sum of posted items",
        "revenue",
        "numerator",
        """
        SELECT -SUM(item.balance)
        FROM account_move_line AS item
        JOIN account_move AS move ON move.id = item.move_id
        WHERE move.state = 'posted'
            AND item.display_type = 'product'
            AND move.name LIKE '%%/%%/%%/%%'
        """,
    ),
    (
        "orders confirmed",
        "orders_processed",
        "numerator",
        """
        SELECT COUNT(*)::numeric
        FROM sale_order
        WHERE name LIKE 'B%%'
            AND state = 'sale'
        """,
    ),
    (
        "lines sold and not taken back",
        "lines_per_sale",
        "numerator",
        """
        SELECT COUNT(*)::numeric
        FROM sale_order_line AS line
        JOIN sale_order AS sale ON sale.id = line.order_id
        WHERE sale.name LIKE 'B%%'
            AND sale.state = 'sale'
            AND sale.id NOT IN (
                SELECT bought.order_id
                FROM sale_order_line AS bought
                JOIN sale_order_line_invoice_rel AS link
                    ON link.order_line_id = bought.id
                JOIN account_move_line AS item ON item.id = link.invoice_line_id
                GROUP BY bought.order_id
                HAVING SUM(item.balance) = 0
            )
        """,
    ),
    (
        "lines due and picked late",
        "pick_late_share",
        "numerator",
        """
        SELECT COUNT(*)::numeric
        FROM (
            SELECT MIN(move.id) AS first_id
            FROM stock_move AS move
            WHERE move.origin LIKE 'B%%'
            GROUP BY move.sale_line_id
        ) AS first_step
        JOIN stock_move AS move ON move.id = first_step.first_id
        JOIN stock_warehouse AS warehouse ON warehouse.id = move.warehouse_id
        JOIN res_partner AS address ON address.id = warehouse.partner_id
        WHERE move.state IN ('assigned', 'done', 'cancel')
            AND move.kpi_due_at <= %(now)s
            AND COALESCE(move.kpi_done_at, move.kpi_cancelled_at, %(now)s::timestamp)
                >= move.kpi_due_at + INTERVAL '1 minute'
            AND (move.kpi_due_at AT TIME ZONE 'UTC' AT TIME ZONE address.tz)::date
                <= %(last)s
        """,
    ),
)
