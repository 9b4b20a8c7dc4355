"""Sources of procurement: when goods came to the dock, when into stock, whose delay.

One promise per line of a purchase order, met by its last needed part.
"""

from odoo import api, fields, models
from odoo.tools import SQL

SUPPLIER_SOURCES = [
    ("supplier_lead_hours", "Supplier's lead time"),
    ("supplier_lateness_hours", "Supplier's lateness (mean of the late ones)"),
    ("supplier_delay_hours", "Supplier's delay (mean over all due)"),
    ("supplier_late_share", "Share of late supplies"),
]
INBOUND_SOURCES = [
    ("inbound_delay_hours", "Inbound delay: whole (mean over all due)"),
    ("inbound_delay_supplier", "Inbound delay: supplier's part"),
    ("inbound_delay_receiving", "Inbound delay: own receiving's part"),
]
PROCUREMENT_SOURCES = SUPPLIER_SOURCES + INBOUND_SOURCES


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=PROCUREMENT_SOURCES,
        ondelete={source: "cascade" for source, _name in PROCUREMENT_SOURCES},
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            source: {"aggregation": "ratio", "at_warehouse": True, "by_partner": True}
            for source, _name in PROCUREMENT_SOURCES
        }

    @api.model
    def _get_delay_sources(self):
        return super()._get_delay_sources() | {
            source for source, _name in PROCUREMENT_SOURCES
        }

    # ---------------------------------------------------------------- promises
    def _select_supplies(self, window, lines, moment, columns, condition=None):
        """One row per promised line of a purchase order.

        :param SQL lines: condition on ``line`` (purchase_order_line): which ones
        :param SQL moment: whose day carries it
        :param columns: numerator, denominator, item_key over ``promise``, which has
            the hours ``lead``, ``supplier_late``, ``late`` and ``late_supplier``
        :param SQL condition: which promises count; all of them without
        """
        engine = self.env["kpi.engine"]
        promised, arrived, stocked = (
            SQL("supply.promised_at"),
            SQL("supply.arrived_at"),
            SQL("supply.stocked_at"),
        )
        return engine._document_select(
            SQL(
                """
                FROM (
                    SELECT
                        elapsed.*,
                        %(supplier_late)s AS supplier_late,
                        %(late)s AS late,
                        LEAST(%(late)s, elapsed.to_dock) AS late_supplier
                    FROM (
                        SELECT
                            supply.*,
                            %(lead)s AS lead,
                            %(to_dock)s AS to_dock,
                            GREATEST(%(to_stock)s - supply.norm, 0) AS over_norm
                        FROM (%(supplies)s) AS supply
                        %(working_time)s
                    ) AS elapsed
                ) AS promise
                WHERE %(condition)s
                """,
                condition=condition or SQL("TRUE"),
                supplies=self._supplies(window, lines),
                supplier_late=self._late_hours(SQL("elapsed.to_dock")),
                late=self._late_hours(SQL("elapsed.over_norm")),
                lead=engine._elapsed_hours(self, SQL("supply.ordered_at"), arrived),
                to_dock=engine._elapsed_hours(self, promised, arrived),
                to_stock=engine._elapsed_hours(self, promised, stocked),
                working_time=engine._working_time(
                    self, window, SQL("supply.company_id"), SQL("supply.warehouse_id")
                ),
            ),
            res_model=SQL(
                "CASE WHEN promise.picking_id IS NULL"
                " THEN 'purchase.order' ELSE 'stock.picking' END"
            ),
            res_id=SQL("COALESCE(promise.picking_id, promise.order_id)"),
            moment=moment,
            company_id=SQL("promise.company_id"),
            user_id=SQL("promise.user_id"),
            warehouse_id=SQL("promise.warehouse_id"),
            partner_id=SQL("promise.partner_id"),
            **columns,
        )

    def _supplies(self, window, lines):
        """SQL: a row per line: when it was promised, at the dock, and in stock.

        What has not come, or is not in stock, is so up to now.
        """
        now = SQL("%s::timestamp", window.now)
        needed_arrived, all_arrived = self._reached_at(
            SQL("part.arrived_at"), SQL("part.arrived_qty")
        )
        needed_stocked, all_stocked = self._reached_at(
            SQL("part.stocked_at"), SQL("part.stocked_qty")
        )
        return SQL(
            """
            WITH line AS (%(promised)s),
            %(parts)s,
            met AS (
                SELECT
                    part.line_id,
                    %(needed_arrived)s AS needed_arrived_at,
                    %(all_arrived)s AS all_arrived_at,
                    %(needed_stocked)s AS needed_stocked_at,
                    %(all_stocked)s AS all_stocked_at,
                    (
                        array_agg(
                            part.picking_id
                            ORDER BY part.stocked_at DESC NULLS FIRST, part.id DESC
                        )
                    )[1] AS picking_id
                FROM (
                    SELECT
                        part.*,
                        line.needed,
                        line.promised,
                        SUM(part.quantity) OVER (
                            PARTITION BY part.line_id
                            ORDER BY part.arrived_at, part.id
                        ) AS arrived_qty,
                        SUM(part.quantity) OVER (
                            PARTITION BY part.line_id
                            ORDER BY part.stocked_at, part.id
                        ) AS stocked_qty
                    FROM part
                    JOIN line ON line.id = part.line_id
                ) AS part
                GROUP BY part.line_id
            )
            SELECT
                line.id,
                line.order_id,
                line.promised_at,
                COALESCE(line.confirmed_at, purchase.date_approve) AS ordered_at,
                purchase.company_id,
                purchase.user_id,
                vendor.commercial_partner_id AS partner_id,
                picking_type.warehouse_id,
                COALESCE(warehouse.kpi_receiving_norm_hours, 0)::numeric AS norm,
                met.picking_id,
                line.needed,
                LEAST(
                    met.all_arrived_at,
                    CASE WHEN line.needed > 0 THEN met.needed_arrived_at END
                ) <= %(now)s AS has_arrived,
                %(arrived_at)s AS arrived_at,
                %(stocked_at)s AS stocked_at
            FROM line
            JOIN purchase_order AS purchase
                ON purchase.id = line.order_id
            JOIN res_partner AS vendor
                ON vendor.id = purchase.partner_id
            LEFT JOIN stock_picking_type AS picking_type
                ON picking_type.id = purchase.picking_type_id
            LEFT JOIN stock_warehouse AS warehouse
                ON warehouse.id = picking_type.warehouse_id
            LEFT JOIN met ON met.line_id = line.id
            """,
            promised=self._promised_lines("purchase_order_line", lines, now),
            now=now,
            parts=self._receipt_parts(
                SQL("move.purchase_line_id IN (SELECT id FROM line)")
            ),
            needed_arrived=needed_arrived,
            all_arrived=all_arrived,
            needed_stocked=needed_stocked,
            all_stocked=all_stocked,
            arrived_at=self._met_at(
                SQL("met.needed_arrived_at"), SQL("met.all_arrived_at"), now
            ),
            stocked_at=self._met_at(
                SQL("met.needed_stocked_at"), SQL("met.all_stocked_at"), now
            ),
        )

    # ----------------------------------------------------------------- sources
    def _select_due_supplies(self, window, columns):
        return self._select_supplies(
            window, self._due_lines(window), SQL("promise.promised_at"), columns
        )

    def _select_supplier_lead_hours(self, window):
        """Hours from the order to the dock, by lines; what is overdue, up to now."""
        lines = SQL(
            """
            line.id IN (
                SELECT move.purchase_line_id
                FROM stock_move AS move
                WHERE move.purchase_line_id IS NOT NULL
                    AND move.kpi_done_at >= %(utc_from)s
                    AND move.kpi_done_at < %(utc_to)s
                UNION ALL
                SELECT move.purchase_line_id
                FROM stock_picking AS picking
                JOIN stock_move AS move ON move.picking_id = picking.id
                WHERE move.purchase_line_id IS NOT NULL
                    AND picking.kpi_arrived_at >= %(utc_from)s
                    AND picking.kpi_arrived_at < %(utc_to)s
                UNION ALL
                SELECT move.purchase_line_id
                FROM stock_move AS move
                WHERE move.purchase_line_id IS NOT NULL
                    AND move.state NOT IN ('draft', 'done', 'cancel')
            )
            """,
            utc_from=window.utc_from,
            utc_to=window.utc_to,
        )
        return self._select_supplies(
            window,
            lines,
            SQL("promise.arrived_at"),
            {"numerator": SQL("promise.lead"), "denominator": SQL("1")},
            # What is not due yet, or was given up, has no lead time.
            SQL(
                """
                promise.has_arrived
                OR promise.needed > 0 AND promise.promised_at < promise.arrived_at
                """
            ),
        )

    def _select_supplier_lateness_hours(self, window):
        """Hours from the promise to the dock by late lines."""
        late = SQL("promise.supplier_late")
        return self._select_due_supplies(
            window, self._delay_columns("lateness_hours", late)
        )

    def _select_supplier_delay_hours(self, window):
        """Hours from the promise to the dock by all due lines."""
        late = SQL("promise.supplier_late")
        return self._select_due_supplies(
            window, self._delay_columns("delay_hours", late)
        )

    def _select_supplier_late_share(self, window):
        """Late lines by all due lines."""
        late = SQL("promise.supplier_late")
        return self._select_due_supplies(
            window, self._delay_columns("late_share", late)
        )

    def _select_inbound_delay_hours(self, window):
        """Hours over promise and receiving norm by all due lines."""
        late = SQL("promise.late")
        return self._select_due_supplies(
            window, self._delay_columns("delay_hours", late)
        )

    def _select_inbound_delay_supplier(self, window):
        """What of it the supplier came too late, by all due lines."""
        return self._select_due_supplies(
            window,
            {"numerator": SQL("promise.late_supplier"), "denominator": SQL("1")},
        )

    def _select_inbound_delay_receiving(self, window):
        """What of it the goods lay at our dock, by all due lines."""
        return self._select_due_supplies(
            window,
            {
                "numerator": SQL("promise.late - promise.late_supplier"),
                "denominator": SQL("1"),
            },
        )
