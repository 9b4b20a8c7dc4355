from odoo.tools import SQL

from .models.kpi_order_journal_triggers import drop_triggers


def post_init_hook(env):
    """Freeze the promises of documents that were there before the addon.

    The best that is known of them: Odoo keeps the present deadline only.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE stock_move
            SET kpi_due_at = CASE
                    WHEN state NOT IN ('draft') THEN date_deadline
                END,
                kpi_done_at = CASE WHEN state = 'done' THEN date END,
                kpi_cancelled_at = CASE WHEN state = 'cancel' THEN write_date END
            WHERE kpi_due_at IS NULL
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order_line AS line
            SET kpi_promised_at = COALESCE(
                sale.commitment_date,
                sale.date_order + line.customer_lead * INTERVAL '1 day'
            )
            FROM sale_order AS sale
            WHERE sale.id = line.order_id
                AND sale.state = 'sale'
                AND line.display_type IS NULL
                AND line.kpi_promised_at IS NULL
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE purchase_order_line AS line
            SET kpi_promised_at = line.date_planned
            FROM purchase_order AS purchase
            WHERE purchase.id = line.order_id
                AND purchase.state = 'purchase'
                AND line.display_type IS NULL
                AND line.kpi_promised_at IS NULL
            """
        )
    )
    env.invalidate_all()


def uninstall_hook(env):
    """Orders and transfers go on without their journal."""
    drop_triggers(env.cr)
