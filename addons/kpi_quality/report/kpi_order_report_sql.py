"""The parts of the order report: what belongs to one order, the row ``orders``.

Each is the inside of a LATERAL subquery that gives exactly one row.
"""

from odoo import SUPERUSER_ID
from odoo.tools import SQL

# Of the employee on the day of the order; before the first version that of the first
# one.
DEPARTMENT = SQL(
    """
    (
        SELECT version.department_id
        FROM hr_version AS version
        WHERE version.employee_id = employee.id
            AND version.active
        ORDER BY
            version.date_version <= orders.date_order::date DESC,
            ABS(orders.date_order::date - version.date_version)
        LIMIT 1
    )
    """
)

LINES = SQL(
    """
    SELECT
        COUNT(*) AS line_count,
        MAX(line.kpi_promised_at) AS promised_at
    FROM sale_order_line AS line
    WHERE line.order_id = orders.id
        AND line.display_type IS NULL
    """
)

# By the journal; orders older than it by Odoo's own date.
CONFIRMED = SQL(
    """
    SELECT
        COALESCE(
            MIN(entry.moment),
            CASE WHEN orders.state = 'sale' THEN orders.date_order END
        ) AS moment
    FROM kpi_order_journal AS entry
    WHERE entry.res_model = 'sale.order'
        AND entry.res_id = orders.id
        AND entry.event = 'state'
        AND entry.new_value = 'sale'
    """
)

# When the last goods were picked, shipped and delivered. Nothing while some of them are
# still to come. In several steps the later ones are not there before the earlier are
# done, so those have to be done as well.
GOODS = SQL(
    """
    SELECT
        CASE WHEN step.is_picked THEN step.picked_at END AS picked_at,
        CASE WHEN step.is_picked AND step.is_shipped THEN step.shipped_at END
            AS shipped_at,
        CASE WHEN step.is_picked AND step.is_delivered THEN step.delivered_at
        END AS delivered_at
    FROM (
        SELECT
            bool_and(part.done_at IS NOT NULL) AS is_picked,
            COALESCE(
                MAX(part.done_at) FILTER (WHERE part.is_pick),
                MAX(part.done_at) FILTER (WHERE part.is_last)
            ) AS picked_at,
            bool_and(part.done_at IS NOT NULL) FILTER (WHERE part.is_last)
                AS is_shipped,
            MAX(part.done_at) FILTER (WHERE part.is_last) AS shipped_at,
            bool_and(part.delivered_at IS NOT NULL) FILTER (WHERE part.is_last)
                AS is_delivered,
            MAX(part.delivered_at) FILTER (WHERE part.is_last) AS delivered_at
        FROM (%(parts)s) AS part
    ) AS step
    """,
    parts=SQL(
        """
        SELECT
            picking_type.id = warehouse.pick_type_id AS is_pick,
            destination.usage = 'customer' AS is_last,
            CASE WHEN move.state = 'done'
                THEN COALESCE(move.kpi_done_at, move.date)
            END AS done_at,
            COALESCE(
                picking.kpi_delivered_at,
                CASE
                    WHEN move.state = 'done'
                        AND (
                            picking_type.kpi_needs_mark_since
                            <= move.kpi_done_at
                        ) IS NOT TRUE
                    THEN COALESCE(move.kpi_done_at, move.date)
                END
            ) AS delivered_at
        FROM sale_order_line AS line
        JOIN stock_move AS move
            ON move.sale_line_id = line.id
            AND move.state NOT IN ('draft', 'cancel')
            AND move.origin_returned_move_id IS NULL
        JOIN stock_picking AS picking
            ON picking.id = move.picking_id
        JOIN stock_picking_type AS picking_type
            ON picking_type.id = move.picking_type_id
        JOIN stock_location AS destination
            ON destination.id = move.location_dest_id
        LEFT JOIN stock_warehouse AS warehouse
            ON warehouse.id = picking_type.warehouse_id
        WHERE line.order_id = orders.id
        """
    ),
)

# Over the entries of the order and of its transfers.
JOURNAL = SQL(
    """
    SELECT
        COUNT(*) FILTER (WHERE %(moved)s) AS promise_move_count,
        (array_agg(entry.user_id ORDER BY entry.moment DESC)
            FILTER (WHERE %(moved)s))[1] AS promise_moved_by_id,
        COUNT(*) FILTER (
            WHERE entry.event = 'promise' AND entry.res_model = 'stock.picking'
        ) AS reschedule_count,
        -- Customers who sign and Odoo itself are no hands of ours.
        COUNT(DISTINCT entry.user_id) FILTER (
            WHERE person.share IS FALSE AND person.id != %(root)s
        ) AS people_count,
        COUNT(*) FILTER (WHERE entry.event = 'opened') AS opened_count,
        COALESCE(SUM(entry.seconds) / 60.0, 0) AS worked_minutes,
        COUNT(*) FILTER (WHERE entry.event = 'goods') AS goods_change_count
    FROM (
        SELECT own.*
        FROM kpi_order_journal AS own
        WHERE own.res_model = 'sale.order'
            AND own.res_id = orders.id
        UNION ALL
        SELECT of_transfer.*
        FROM stock_picking AS transfer
        JOIN kpi_order_journal AS of_transfer
            ON of_transfer.res_model = 'stock.picking'
            AND of_transfer.res_id = transfer.id
        WHERE transfer.sale_id = orders.id
    ) AS entry
    LEFT JOIN res_users AS person
        ON person.id = entry.user_id
    """,
    moved=SQL("entry.event = 'promise' AND entry.res_model = 'sale.order'"),
    root=SUPERUSER_ID,
)
