from odoo.tools import SQL

from .models.kpi_feedback_triggers import drop_feedback_triggers
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
    # Confirmed ones; and cancelled ones that had been: transfers were made of them.
    _freeze_lines(
        env,
        "sale_order_line",
        "sale_order",
        quantity="product_uom_qty",
        promise=SQL(
            """
            COALESCE(
                orders.commitment_date,
                orders.date_order + line.customer_lead * INTERVAL '1 day'
            )
            """
        ),
        confirmed=SQL("orders.date_order"),
        condition=SQL(
            """
            orders.state = 'sale'
            OR orders.state = 'cancel'
            AND EXISTS (SELECT FROM stock_move WHERE sale_line_id = line.id)
            """
        ),
    )
    _freeze_lines(
        env,
        "purchase_order_line",
        "purchase_order",
        quantity="product_qty",
        promise=SQL("line.date_planned"),
        confirmed=SQL("orders.date_approve"),
        condition=SQL(
            """
            orders.state = 'purchase'
            OR orders.state = 'cancel'
            AND orders.date_approve IS NOT NULL
            """
        ),
    )
    env.invalidate_all()


def _freeze_lines(env, lines, orders, quantity, promise, confirmed, condition):
    """What is on the lines is what was promised; of cancelled orders it is withdrawn.

    :param quantity: column with the quantity ordered
    :param SQL promise, confirmed, condition: over ``line`` and ``orders``
    """
    env.cr.execute(
        SQL(
            """
            UPDATE %(lines)s AS line
            SET kpi_promised_at = promise.promised_at,
                kpi_confirmed_at = promise.confirmed_at,
                kpi_promised_qty = promise.quantity,
                kpi_withdrawn_qty = CASE
                    WHEN promise.is_cancelled THEN promise.quantity ELSE 0
                END,
                kpi_withdrawn_at = CASE
                    WHEN promise.is_cancelled THEN promise.changed_at
                END
            FROM (
                SELECT
                    line.id,
                    %(promise)s AS promised_at,
                    %(confirmed)s AS confirmed_at,
                    orders.state = 'cancel' AS is_cancelled,
                    orders.write_date AS changed_at,
                    CASE
                        WHEN template.type = 'consu' AND line.%(quantity)s > 0
                        THEN line.%(quantity)s * unit.factor / product_unit.factor
                        ELSE 0
                    END AS quantity
                FROM %(lines)s AS line
                JOIN %(orders)s AS orders ON orders.id = line.order_id
                LEFT JOIN product_product AS product ON product.id = line.product_id
                LEFT JOIN product_template AS template
                    ON template.id = product.product_tmpl_id
                LEFT JOIN uom_uom AS product_unit ON product_unit.id = template.uom_id
                LEFT JOIN uom_uom AS unit ON unit.id = line.product_uom_id
                WHERE line.display_type IS NULL
                    AND line.kpi_promised_at IS NULL
                    AND (%(condition)s)
            ) AS promise
            WHERE promise.id = line.id
            """,
            lines=SQL.identifier(lines),
            orders=SQL.identifier(orders),
            quantity=SQL.identifier(quantity),
            promise=promise,
            confirmed=confirmed,
            condition=condition,
        )
    )


def uninstall_hook(env):
    """Orders and transfers go on without their journal; presses may go."""
    drop_triggers(env.cr)
    drop_feedback_triggers(env.cr)
