"""Delays by plain SQL, to check the stored figures by.

What is asked for, a query each: ``(name, indicator, column, query)``.
"""

from company_delays import WORKING_CODE

# Orders and their transfers meet by the number they carry, not by their moves.
SUPPLIES = """
    WITH receipt AS (
        SELECT
            picking.id,
            picking.origin,
            picking.date_done AS done_at,
            CASE
                WHEN picking.kpi_arrived_at IS NOT NULL THEN picking.kpi_arrived_at
                WHEN picking_type.kpi_needs_mark AND picking.state = 'done'
                THEN LEAST(picking.date_done, picking.date_deadline)
                ELSE picking.date_done
            END AS arrived_at,
            picking.kpi_arrived_at IS NOT NULL AS is_marked,
            picking_type.kpi_needs_mark IS TRUE AS needs_mark,
            warehouse.reception_steps = 'two_steps' AS is_first_step,
            address.tz,
            store.date_done AS stored_at
        FROM (
            SELECT
                *,
                row_number() OVER (
                    PARTITION BY origin, picking_type_id ORDER BY id
                ) AS position
            FROM stock_picking
            WHERE origin LIKE 'PB%%'
                AND state != 'cancel'
        ) AS picking
        JOIN stock_picking_type AS picking_type
            ON picking_type.id = picking.picking_type_id
            AND picking_type.code = 'incoming'
        JOIN stock_warehouse AS warehouse
            ON warehouse.in_type_id = picking_type.id
        JOIN res_partner AS address ON address.id = warehouse.partner_id
        LEFT JOIN (
            SELECT
                *,
                row_number() OVER (
                    PARTITION BY origin, picking_type_id ORDER BY id
                ) AS position
            FROM stock_picking
            WHERE origin LIKE 'PB%%'
        ) AS store
            ON store.origin = picking.origin
            AND store.position = picking.position
            AND store.picking_type_id = warehouse.store_type_id
    ),
    place AS (
        SELECT picking_type.id AS in_type_id, address.tz
        FROM stock_warehouse AS warehouse
        JOIN stock_picking_type AS picking_type
            ON picking_type.id = warehouse.in_type_id
        JOIN res_partner AS address ON address.id = warehouse.partner_id
    ),
    supply AS (
        SELECT
            line.kpi_promised_at AS due_at,
            CASE WHEN purchase.state = 'cancel'
                THEN line.kpi_withdrawn_at
                ELSE COALESCE(came.arrived_at, %(now)s::timestamp)
            END AS arrived_at,
            CASE WHEN purchase.state = 'cancel'
                THEN line.kpi_withdrawn_at
                ELSE COALESCE(came.stocked_at, %(now)s::timestamp)
            END AS stocked_at
        FROM purchase_order_line AS line
        JOIN purchase_order AS purchase ON purchase.id = line.order_id
        JOIN place ON place.in_type_id = purchase.picking_type_id
        LEFT JOIN (
            SELECT
                origin,
                CASE WHEN COUNT(*) = COUNT(arrived_at) THEN MAX(arrived_at) END
                    AS arrived_at,
                CASE
                    WHEN bool_and(
                        CASE WHEN is_first_step THEN stored_at ELSE done_at END
                        IS NOT NULL
                    )
                    THEN MAX(CASE WHEN is_first_step THEN stored_at ELSE done_at END)
                END AS stocked_at
            FROM receipt
            GROUP BY origin
        ) AS came ON came.origin = purchase.name
        WHERE purchase.name LIKE 'PB%%'
            AND line.kpi_promised_at <= %(now)s
            AND (line.kpi_promised_at AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::date
                <= %(last)s
            AND (purchase.state != 'cancel'
                OR line.kpi_withdrawn_at > line.kpi_promised_at)
    ),
    delay AS (
        SELECT
            GREATEST(EXTRACT(EPOCH FROM arrived_at - due_at), 0) AS to_dock,
            GREATEST(EXTRACT(EPOCH FROM stocked_at - due_at) - 4 * 3600, 0) AS late
        FROM supply
    )
"""
SHIPMENTS = """
    WITH served AS (
        SELECT area.state_id, MIN(site.tz) AS tz
        FROM kpi_site_area AS area
        JOIN kpi_site AS site ON site.id = area.site_id
        GROUP BY area.state_id
    ),
    shipment AS (
        SELECT
            line.kpi_promised_at AS due_at,
            CASE
                WHEN sale.state = 'cancel' THEN line.kpi_withdrawn_at
                WHEN picking_type.kpi_needs_mark THEN picking.kpi_delivered_at
                ELSE picking.date_done
            END AS delivered_at,
            COALESCE(served.tz, address.tz) AS tz
        FROM sale_order_line AS line
        JOIN sale_order AS sale ON sale.id = line.order_id
        JOIN stock_warehouse AS warehouse ON warehouse.id = sale.warehouse_id
        JOIN res_partner AS address ON address.id = warehouse.partner_id
        JOIN res_partner AS customer ON customer.id = sale.partner_id
        LEFT JOIN served ON served.state_id = customer.state_id
        LEFT JOIN stock_picking AS picking
            ON picking.origin = sale.name
            AND picking.picking_type_id = warehouse.out_type_id
        LEFT JOIN stock_picking_type AS picking_type
            ON picking_type.id = picking.picking_type_id
        WHERE sale.name LIKE 'B%%'
            AND (sale.state != 'cancel'
                OR line.kpi_withdrawn_at > line.kpi_promised_at)
    ),
    late AS (
        SELECT
            EXTRACT(
                EPOCH FROM COALESCE(delivered_at, %(now)s::timestamp) - due_at
            ) AS seconds
        FROM shipment
        WHERE due_at <= %(now)s
            AND (due_at AT TIME ZONE 'UTC' AT TIME ZONE tz)::date <= %(last)s
    )
"""
# The first step of every order: what is late, until when, by whose hours.
PICKS = """
    WITH pick AS (
        SELECT
            move.id,
            move.kpi_due_at AS due_at,
            LEAST(
                COALESCE(move.kpi_done_at, move.kpi_cancelled_at, %(now)s::timestamp),
                %(now)s::timestamp
            ) AS end_at,
            COALESCE(warehouse.kpi_calendar_id, company.resource_calendar_id)
                AS calendar_id
        FROM (
            SELECT MIN(move.id) AS first_id
            FROM stock_move AS move
            WHERE move.origin LIKE 'B%%'
            GROUP BY move.sale_line_id
        ) AS first_step
        JOIN stock_move AS move ON move.id = first_step.first_id
        JOIN stock_warehouse AS warehouse ON warehouse.id = move.warehouse_id
        JOIN res_company AS company ON company.id = warehouse.company_id
        JOIN res_partner AS address ON address.id = warehouse.partner_id
        WHERE move.kpi_due_at <= %(now)s
            AND (move.kpi_due_at AT TIME ZONE 'UTC' AT TIME ZONE address.tz)::date
                <= %(last)s
            AND (move.state != 'cancel' OR move.kpi_cancelled_at > move.kpi_due_at)
    )
"""

DELAY_CHECKS = (
    (
        "picks more than three days late",
        "pick_long_late_share",
        "numerator",
        PICKS
        + """
        SELECT COUNT(*)::numeric FROM pick WHERE end_at > due_at + INTERVAL '3 days'
        """,
    ),
    (
        "picking, working hours late",
        WORKING_CODE,
        "numerator",
        PICKS
        + """
        SELECT SUM(hours) FROM (
            SELECT SUM(EXTRACT(EPOCH FROM
                LEAST(pick.end_at, shift.ends) - GREATEST(pick.due_at, shift.starts)
            ) / 3600) AS hours
            FROM pick
            JOIN (
                SELECT
                    attendance.calendar_id,
                    (day::timestamp + attendance.hour_from * INTERVAL '1 hour')
                        AT TIME ZONE calendar.tz AT TIME ZONE 'UTC' AS starts,
                    (day::timestamp + attendance.hour_to * INTERVAL '1 hour')
                        AT TIME ZONE calendar.tz AT TIME ZONE 'UTC' AS ends
                FROM resource_calendar_attendance AS attendance
                JOIN resource_calendar AS calendar
                    ON calendar.id = attendance.calendar_id
                JOIN generate_series(
                    %(first)s::date - 2, %(last)s::date + 2, INTERVAL '1 day'
                ) AS day
                    ON EXTRACT(ISODOW FROM day) - 1 = attendance.dayofweek::int4
                WHERE attendance.day_period != 'lunch'
            ) AS shift
                ON shift.calendar_id = pick.calendar_id
                AND shift.starts < pick.end_at
                AND shift.ends > pick.due_at
            GROUP BY pick.id
        ) AS late
        WHERE hours * 60 >= 1
        """,
    ),
    (
        "supplies, hours late at the dock",
        "supplier_delay_hours",
        "numerator",
        SUPPLIES + "SELECT SUM(to_dock) / 3600 FROM delay WHERE to_dock >= 60",
    ),
    (
        "inbound, hours over promise and norm",
        "inbound_delay_hours",
        "numerator",
        SUPPLIES + "SELECT SUM(late) / 3600 FROM delay WHERE late >= 60",
    ),
    (
        "of them the suppliers'",
        "inbound_delay_supplier",
        "numerator",
        SUPPLIES
        + "SELECT SUM(LEAST(late, to_dock)) / 3600 FROM delay WHERE late >= 60",
    ),
    (
        "of them our receiving's",
        "inbound_delay_receiving",
        "numerator",
        SUPPLIES
        + "SELECT SUM(late - LEAST(late, to_dock)) / 3600 FROM delay WHERE late >= 60",
    ),
    (
        "receiving, hours from dock to shelf",
        "receiving_hours",
        "numerator",
        SUPPLIES
        + """
        SELECT SUM(hours)
        FROM (
            SELECT
                EXTRACT(EPOCH FROM
                    MAX(COALESCE(stocked_at, %(now)s::timestamp)) - MIN(arrived_at)
                ) / 3600 AS hours,
                COUNT(*) = COUNT(stocked_at) AS is_stocked,
                (
                    MAX(COALESCE(stocked_at, %(now)s::timestamp))
                    AT TIME ZONE 'UTC' AT TIME ZONE MAX(tz)
                )::date AS day
            FROM (
                SELECT
                    *,
                    CASE WHEN is_first_step THEN stored_at ELSE done_at END
                        AS stocked_at
                FROM receipt
            ) AS place
            WHERE arrived_at IS NOT NULL
                AND (needs_mark OR stocked_at IS DISTINCT FROM arrived_at)
            -- Without a mark, the parts of an order count as one lorry load.
            GROUP BY CASE WHEN needs_mark AND NOT is_marked
                THEN origin ELSE id::text
            END
        ) AS place
        WHERE (is_stocked OR hours > 4)
            AND day <= %(last)s
        """,
    ),
    (
        "delivery, hours late at the customer",
        "delivery_delay_hours",
        "numerator",
        SHIPMENTS + "SELECT SUM(seconds) / 3600 FROM late WHERE seconds >= 60",
    ),
    (
        "orders, hours from creation to first confirmation",
        "order_handling_hours",
        "numerator",
        """
        SELECT SUM(EXTRACT(EPOCH FROM first.moment - sale.create_date)) / 3600
        FROM sale_order AS sale
        JOIN LATERAL (
            SELECT moment
            FROM kpi_order_journal
            WHERE res_model = 'sale.order'
                AND res_id = sale.id
                AND old_value = 'draft'
            ORDER BY moment
            LIMIT 1
        ) AS first ON TRUE
        WHERE sale.name LIKE 'B%%'
            AND sale.state = 'sale'
        """,
    ),
)
