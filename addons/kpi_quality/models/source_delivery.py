"""Sources of delivery: what the customer was promised, and when it was delivered.

One promise per line of a sales order, late even when no transfer exists yet, met by
its last needed part.
"""

from odoo import api, fields, models
from odoo.tools import SQL

DELIVERY_SOURCES = [
    ("delivery_lateness_hours", "Delivery lateness (mean of the late ones)"),
    ("delivery_delay_hours", "Delivery delay (mean over all due)"),
    ("delivery_late_share", "Share of late deliveries"),
]
PROMISE_SOURCE = ("promise_moved_share", "Share of rescheduled promises")


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=[*DELIVERY_SOURCES, PROMISE_SOURCE],
        ondelete={
            source: "cascade" for source, _name in [*DELIVERY_SOURCES, PROMISE_SOURCE]
        },
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            **{
                source: {"aggregation": "ratio", "at_warehouse": True}
                for source, _name in DELIVERY_SOURCES
            },
            "promise_moved_share": {"aggregation": "ratio"},
        }

    @api.model
    def _get_delay_sources(self):
        return super()._get_delay_sources() | {
            source for source, _name in DELIVERY_SOURCES
        }

    def _select_deliveries(self, window, measure):
        """One row per due line of a sales order.

        :param measure: see :meth:`_delay_columns`
        """
        engine = self.env["kpi.engine"]
        return engine._document_select(
            SQL(
                """
                FROM (
                    SELECT
                        elapsed.*,
                        %(late_hours)s AS late_hours
                    FROM (
                        SELECT
                            delivery.*,
                            %(elapsed)s AS hours
                        FROM (%(deliveries)s) AS delivery
                        %(working_time)s
                    ) AS elapsed
                ) AS promise
                """,
                deliveries=self._deliveries(window),
                elapsed=engine._elapsed_hours(
                    self, SQL("delivery.promised_at"), SQL("delivery.delivered_at")
                ),
                late_hours=self._late_hours(SQL("elapsed.hours")),
                working_time=engine._working_time(
                    self,
                    window,
                    SQL("delivery.company_id"),
                    SQL("delivery.warehouse_id"),
                ),
            ),
            res_model=SQL(
                "CASE WHEN promise.picking_id IS NULL"
                " THEN 'sale.order' ELSE 'stock.picking' END"
            ),
            res_id=SQL("COALESCE(promise.picking_id, promise.order_id)"),
            moment=SQL("promise.promised_at"),
            company_id=SQL("promise.company_id"),
            user_id=SQL("promise.user_id"),
            site_id=SQL("promise.site_id"),
            warehouse_id=SQL("promise.warehouse_id"),
            partner_id=SQL("promise.partner_id"),
            **self._delay_columns(measure),
        )

    def _deliveries(self, window):
        """SQL: a row per due line: promised, delivered (up to now), where, by whom.

        Delivered is when somebody said so, else when the goods left the warehouse;
        where deliveries are confirmed, an unconfirmed one is still under way.
        """
        now = SQL("%s::timestamp", window.now)
        needed_at, promised_at = self._reached_at(
            SQL("part.delivered_at"), SQL("part.delivered_qty")
        )
        return SQL(
            """
            WITH line AS (%(promised)s),
            part AS (
                SELECT
                    move.id,
                    move.sale_line_id AS line_id,
                    move.picking_id,
                    COALESCE(
                        picking.kpi_delivered_by_id,
                        CASE WHEN picking.kpi_delivered_at IS NULL
                            THEN move.kpi_done_by_id
                        END,
                        picking.user_id,
                        move.kpi_done_by_id
                    ) AS user_id,
                    CASE
                        WHEN picking.kpi_delivered_at IS NOT NULL
                        THEN picking.kpi_delivered_at
                        WHEN move.state = 'done'
                            AND (
                                move.kpi_done_at >= picking_type.kpi_needs_mark_since
                            ) IS NOT TRUE
                        THEN COALESCE(move.kpi_done_at, move.date)
                    END AS delivered_at,
                    CASE
                        WHEN move.state != 'done' OR move.product_uom_qty = 0
                        THEN move.product_qty
                        ELSE move.quantity * move.product_qty / move.product_uom_qty
                    END AS quantity
                FROM line
                -- OFFSET: a few lines of many; the planner would join all moves ever
                -- sent to customers.
                JOIN LATERAL (
                    SELECT *
                    FROM stock_move
                    WHERE sale_line_id = line.id
                        AND state NOT IN ('draft', 'cancel')
                        AND origin_returned_move_id IS NULL
                    OFFSET 0
                ) AS move ON TRUE
                JOIN stock_location AS destination
                    ON destination.id = move.location_dest_id
                    AND destination.usage = 'customer'
                JOIN stock_picking AS picking
                    ON picking.id = move.picking_id
                JOIN stock_picking_type AS picking_type
                    ON picking_type.id = picking.picking_type_id
            ),
            met AS (
                SELECT
                    part.line_id,
                    %(needed_at)s AS needed_at,
                    %(promised_at)s AS promised_at,
                    (array_agg(part.picking_id ORDER BY %(last_part)s))[1]
                        AS picking_id,
                    (array_agg(part.user_id ORDER BY %(last_part)s))[1]
                        AS user_id
                FROM (
                    SELECT
                        part.*,
                        line.needed,
                        line.promised,
                        SUM(part.quantity) OVER (
                            PARTITION BY part.line_id
                            ORDER BY part.delivered_at, part.id
                        ) AS delivered_qty
                    FROM part
                    JOIN line ON line.id = part.line_id
                ) AS part
                GROUP BY part.line_id
            )
            SELECT
                line.order_id,
                line.promised_at,
                sale.company_id,
                sale.warehouse_id,
                sale.partner_id,
                COALESCE(city_area.site_id, state_area.site_id) AS site_id,
                met.picking_id,
                met.user_id,
                %(delivered_at)s AS delivered_at
            FROM line
            JOIN sale_order AS sale
                ON sale.id = line.order_id
            LEFT JOIN met ON met.line_id = line.id
            LEFT JOIN res_partner AS address
                ON address.id = sale.partner_shipping_id
            LEFT JOIN kpi_site_area AS city_area
                ON city_area.company_id = sale.company_id
                AND city_area.state_id = address.state_id
                AND city_area.city_key = %(city_key)s
            LEFT JOIN kpi_site_area AS state_area
                ON state_area.company_id = sale.company_id
                AND state_area.state_id = address.state_id
                AND state_area.city_key = ''
            """,
            promised=self._promised_lines(
                "sale_order_line", self._due_lines(window), now
            ),
            last_part=SQL("part.delivered_at DESC NULLS FIRST, part.id DESC"),
            needed_at=needed_at,
            promised_at=promised_at,
            delivered_at=self._met_at(
                SQL("met.needed_at"), SQL("met.promised_at"), now
            ),
            city_key=self.env["kpi.site.area"]._city_key_of(SQL("address.city")),
        )

    def _select_delivery_lateness_hours(self, window):
        """Hours late by late lines: how late the late ones are."""
        return self._select_deliveries(window, "lateness_hours")

    def _select_delivery_delay_hours(self, window):
        """Hours late by all due lines."""
        return self._select_deliveries(window, "delay_hours")

    def _select_delivery_late_share(self, window):
        """Late lines by all due lines."""
        return self._select_deliveries(window, "late_share")

    # ------------------------------------------------------------- rescheduling
    def _select_promise_moved_share(self, window):
        """Due lines whose promise was moved after it was given, by all due lines."""
        now = SQL("%s::timestamp", window.now)
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM (%(promised)s) AS line
                JOIN sale_order AS sale
                    ON sale.id = line.order_id
                """,
                promised=self._promised_lines(
                    "sale_order_line", self._due_lines(window), now
                ),
            ),
            res_model=SQL("'sale.order'"),
            res_id=SQL("line.order_id"),
            moment=SQL("line.promised_at"),
            company_id=SQL("sale.company_id"),
            user_id=SQL("sale.user_id"),
            warehouse_id=SQL("sale.warehouse_id"),
            partner_id=SQL("sale.partner_id"),
            numerator=SQL(
                "(line.order_id IN (%s) OR line.id IN (%s))::int4",
                self._moved_promises("res_id", now),
                self._moved_promises("line_id", now),
            ),
            denominator=SQL("1"),
        )

    @api.model
    def _moved_promises(self, column, now):
        """SQL: whose promise was moved: whole orders, or lines of them.

        :param column: ``res_id`` of entries without a line, else ``line_id``
        """
        return SQL(
            """
            SELECT %(column)s
            FROM kpi_order_journal
            WHERE res_model = 'sale.order'
                AND event = 'promise'
                AND moment <= %(now)s
                AND (line_id IS NULL) = %(of_order)s
            """,
            column=SQL.identifier(column),
            now=now,
            of_order=column == "res_id",
        )
