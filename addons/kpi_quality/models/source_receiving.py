"""Sources of receiving: from the dock into stock, and what both sides know of it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

RECEIVING_SOURCES = [
    ("receiving_hours", "Receiving time (dock to stock)"),
    ("receiving_late_share", "Share of late receiving"),
]


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=RECEIVING_SOURCES,
        ondelete={source: "cascade" for source, _name in RECEIVING_SOURCES},
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            source: {"aggregation": "ratio", "at_warehouse": True, "by_partner": True}
            for source, _name in RECEIVING_SOURCES
        }

    @api.model
    def _get_delay_sources(self):
        return super()._get_delay_sources() | {
            source for source, _name in RECEIVING_SOURCES
        }

    # -------------------------------------------------------------- the parts
    @api.model
    def _receipt_parts(self, condition):
        """SQL: two CTEs, the last of them ``part``: the moves that bring goods in.

        ``arrived_at`` is the mark made at the dock. Without one it is the moment when
        the first step was done; where marks are the rule, the supplier is taken to
        have been in time, so that not marking never helps our own receiving.
        ``stocked_at`` is when the last step into stock was done.

        :param SQL condition: on ``move`` (stock_move)
        """
        return SQL(
            """
            receipt AS (
                SELECT
                    move.id,
                    move.purchase_line_id AS line_id,
                    move.picking_id,
                    COALESCE(whole.picking_id, move.picking_id) AS truck_id,
                    move.company_id,
                    move.kpi_done_by_id,
                    picking.user_id,
                    picking.partner_id,
                    picking_type.warehouse_id,
                    warehouse.id IS NOT NULL AS is_in_input_area,
                    picking.kpi_arrived_at AS marked_at,
                    %(is_unmarked)s AS is_unmarked,
                    CASE WHEN move.state = 'done'
                        THEN COALESCE(move.kpi_done_at, move.date)
                    END AS done_at,
                    CASE
                        WHEN picking.kpi_arrived_at IS NOT NULL
                        THEN picking.kpi_arrived_at
                        WHEN %(is_unmarked)s
                        THEN LEAST(
                            COALESCE(promise.kpi_promised_at, move.kpi_due_at),
                            move.kpi_done_at
                        )
                        WHEN move.state = 'done'
                        THEN COALESCE(move.kpi_done_at, move.date)
                    END AS arrived_at,
                    CASE
                        WHEN move.state != 'done' OR move.product_uom_qty = 0
                        THEN move.product_qty
                        ELSE move.quantity * move.product_qty / move.product_uom_qty
                    END AS quantity
                FROM stock_move AS move
                JOIN stock_picking AS picking
                    ON picking.id = move.picking_id
                JOIN stock_picking_type AS picking_type
                    ON picking_type.id = picking.picking_type_id
                    AND picking_type.code IN ('incoming', 'dropship')
                LEFT JOIN stock_warehouse AS warehouse
                    ON warehouse.id = picking_type.warehouse_id
                    AND warehouse.wh_input_stock_loc_id = move.location_dest_id
                    AND warehouse.lot_stock_id != move.location_dest_id
                LEFT JOIN purchase_order_line AS promise
                    ON promise.id = move.purchase_line_id
                -- Split off and never marked: it came with the truck that was.
                LEFT JOIN stock_move AS whole
                    ON whole.id = move.kpi_root_move_id
                    AND %(is_unmarked)s
                WHERE move.state NOT IN ('draft', 'cancel')
                    AND move.origin_returned_move_id IS NULL
                    AND %(condition)s
            ),
            store_step AS (
                WITH RECURSIVE step AS (
                    SELECT
                        receipt.id AS receipt_move_id,
                        %(step)s
                    FROM receipt
                    %(next_of_receipt)s
                    UNION
                    SELECT
                        step.receipt_move_id,
                        %(step)s
                    FROM step
                    %(next_of_step)s
                )
                SELECT
                    receipt_move_id,
                    SUM(quantity) FILTER (WHERE is_last) AS quantity,
                    MAX(kpi_done_at) AS stocked_at
                FROM step
                GROUP BY receipt_move_id
            ),
            stored AS (
                -- What came into the input area and is in stock, or was sent back.
                SELECT
                    receipt.id,
                    CASE
                        WHEN store_step.quantity >= receipt.quantity * 0.999999
                        THEN store_step.stocked_at
                        WHEN COALESCE(store_step.quantity, 0) + sent_back.quantity
                            >= receipt.quantity * 0.999999
                        THEN GREATEST(store_step.stocked_at, sent_back.done_at)
                    END AS stocked_at
                FROM receipt
                LEFT JOIN store_step ON store_step.receipt_move_id = receipt.id
                LEFT JOIN LATERAL (
                    SELECT
                        SUM(back.product_qty) AS quantity,
                        MAX(back.kpi_done_at) AS done_at
                    FROM stock_move AS back
                    WHERE back.origin_returned_move_id = receipt.id
                        AND back.state = 'done'
                ) AS sent_back ON TRUE
                WHERE store_step.receipt_move_id IS NOT NULL
                    OR receipt.is_in_input_area
            ),
            part AS (
                SELECT
                    receipt.*,
                    CASE
                        WHEN stored.id IS NULL THEN receipt.done_at
                        ELSE stored.stocked_at
                    END AS stocked_at
                FROM receipt
                LEFT JOIN stored ON stored.id = receipt.id
            )
            """,
            condition=condition,
            is_unmarked=SQL(
                """
                (
                    picking.kpi_arrived_at IS NULL
                    AND move.state = 'done'
                    AND move.kpi_done_at >= picking_type.kpi_needs_mark_since
                )
                """
            ),
            step=SQL(
                """
                further.id,
                further.kpi_done_at,
                further.picking_type_id = store.store_type_id AS is_last,
                CASE WHEN further.state = 'done'
                    THEN further.quantity * further.product_qty
                        / NULLIF(further.product_uom_qty, 0)
                END AS quantity
                """
            ),
            next_of_receipt=self._next_store_step(SQL("receipt.id")),
            next_of_step=self._next_store_step(SQL("step.id")),
        )

    @api.model
    def _next_store_step(self, move):
        """SQL: JOIN of the moves that carry goods on from the dock into stock."""
        return SQL(
            """
            -- OFFSET keeps the planner, which cannot know how few these moves are, from
            -- joining the whole tables.
            JOIN LATERAL (
                SELECT further.*
                FROM stock_move_move_rel AS chain
                JOIN stock_move AS further
                    ON further.id = chain.move_dest_id
                WHERE chain.move_orig_id = %(move)s
                OFFSET 0
            ) AS further ON TRUE
            JOIN stock_warehouse AS store
                ON further.picking_type_id IN (store.qc_type_id, store.store_type_id)
            """,
            move=move,
        )

    # ------------------------------------------------------------ the receipts
    def _select_receipts(self, window, receipts, columns):
        """One row per receipt that has a time at the dock: ``receipt`` with hours.

        One step without a mark has none: nobody knows how long the goods lay there.
        Where marks are the rule it is ``is_unmarked``.

        :param SQL receipts: condition on ``receipt`` with ``arrived_at``,
            ``stocked_at`` (up to now) and ``norm``
        :param columns: moment, numerator, denominator over ``receipt``
        """
        engine = self.env["kpi.engine"]
        now = SQL("%s::timestamp", window.now)
        return engine._document_select(
            SQL(
                """
                FROM (
                    SELECT
                        place.*,
                        place.arrived_at + place.norm * INTERVAL '1 hour' AS due_at,
                        %(elapsed)s AS hours
                    FROM (
                        WITH %(parts)s
                        SELECT
                            part.truck_id AS picking_id,
                            part.company_id,
                            part.warehouse_id,
                            MIN(part.arrived_at) AS arrived_at,
                            MAX(vendor.commercial_partner_id) AS partner_id,
                            MAX(COALESCE(part.kpi_done_by_id, part.user_id)) AS user_id,
                            COALESCE(warehouse.kpi_receiving_norm_hours, 0)::numeric
                                AS norm,
                            bool_or(
                                part.is_unmarked AND part.picking_id = part.truck_id
                            ) IS TRUE AS is_unmarked,
                            bool_and(part.stocked_at <= %(now)s) IS TRUE AS is_stocked,
                            MAX(LEAST(COALESCE(part.stocked_at, %(now)s), %(now)s))
                                AS stocked_at
                        FROM part
                        JOIN stock_warehouse AS warehouse
                            ON warehouse.id = part.warehouse_id
                        LEFT JOIN res_partner AS vendor
                            ON vendor.id = part.partner_id
                        WHERE part.arrived_at <= %(now)s
                            AND (
                                part.marked_at IS NOT NULL
                                OR part.is_unmarked
                                OR part.stocked_at IS DISTINCT FROM part.arrived_at
                            )
                        GROUP BY
                            part.truck_id, part.company_id, part.warehouse_id,
                            warehouse.id,
                            CASE WHEN part.marked_at IS NULL AND NOT part.is_unmarked
                                THEN part.arrived_at
                            END
                    ) AS place
                    %(working_time)s
                ) AS receipt
                WHERE %(receipts)s
                """,
                parts=self._receipt_parts(self._recent_receipts(window)),
                now=now,
                elapsed=engine._elapsed_hours(
                    self, SQL("place.arrived_at"), SQL("place.stocked_at")
                ),
                working_time=engine._working_time(
                    self, window, SQL("place.company_id"), SQL("place.warehouse_id")
                ),
                receipts=receipts,
            ),
            res_model=SQL("'stock.picking'"),
            res_id=SQL("receipt.picking_id"),
            company_id=SQL("receipt.company_id"),
            user_id=SQL("receipt.user_id"),
            warehouse_id=SQL("receipt.warehouse_id"),
            partner_id=SQL("receipt.partner_id"),
            **columns,
        )

    def _recent_receipts(self, window):
        """SQL: condition on ``picking``: what arrived or was stocked in the window.

        And whatever is at the dock still. What is due in the window may have arrived
        a receiving norm before it. What is not marked arrived when it was promised.
        """
        norms = self.env["stock.warehouse"].sudo()  # of all companies, closed ones too
        norms = norms.with_context(active_test=False)
        norms = norms.search([("kpi_receiving_norm_hours", ">", 0)])
        margin = max(norms.mapped("kpi_receiving_norm_hours"), default=0.0)
        recent = SQL(
            """
            SELECT marked.id
            FROM stock_picking AS marked
            WHERE marked.kpi_arrived_at >= %(arrived_from)s
                AND marked.kpi_arrived_at < %(utc_to)s
            UNION
            SELECT marked.id
            FROM stock_picking AS marked
            WHERE marked.kpi_arrived_at IS NOT NULL
                AND marked.state NOT IN ('done', 'cancel')
            UNION
            SELECT done.picking_id
            FROM stock_move AS done
            JOIN stock_picking_type AS receiving
                ON receiving.id = done.picking_type_id
                AND receiving.code IN ('incoming', 'dropship')
            WHERE done.kpi_done_at >= %(arrived_from)s
                AND done.kpi_done_at < %(utc_to)s
            UNION
            SELECT first_step.picking_id
            FROM (
                SELECT id, picking_type_id
                FROM stock_move
                WHERE kpi_done_at >= %(utc_from)s
                    AND kpi_done_at < %(utc_to)s
                UNION ALL
                SELECT id, picking_type_id
                FROM stock_move
                WHERE state NOT IN ('draft', 'done', 'cancel')
            ) AS step
            JOIN stock_warehouse AS store
                ON step.picking_type_id IN (store.qc_type_id, store.store_type_id)
            JOIN stock_move_move_rel AS chain
                ON chain.move_dest_id = step.id
            LEFT JOIN stock_move_move_rel AS earlier_chain
                ON earlier_chain.move_dest_id = chain.move_orig_id
            JOIN stock_move AS first_step
                ON first_step.id IN (chain.move_orig_id, earlier_chain.move_orig_id)
            UNION
            SELECT unmarked.picking_id
            FROM purchase_order_line AS promise
            JOIN stock_move AS unmarked
                ON unmarked.purchase_line_id = promise.id
            JOIN stock_picking_type AS marking
                ON marking.id = unmarked.picking_type_id
                AND marking.kpi_needs_mark_since IS NOT NULL
            WHERE promise.kpi_promised_at >= %(arrived_from)s
                AND promise.kpi_promised_at < %(utc_to)s
            """,
            arrived_from=window.utc_from - timedelta(hours=margin),
            utc_from=window.utc_from,
            utc_to=window.utc_to,
        )
        # With all the parts that a truck was booked in by.
        return SQL(
            """
            picking.id IN (
                WITH recent AS (%(recent)s),
                truck AS (
                    SELECT id FROM recent
                    UNION
                    SELECT whole.picking_id
                    FROM recent
                    JOIN stock_move AS part ON part.picking_id = recent.id
                    JOIN stock_move AS whole ON whole.id = part.kpi_root_move_id
                    WHERE part.kpi_root_move_id IS NOT NULL
                )
                SELECT id FROM truck
                UNION
                SELECT part.picking_id
                FROM truck
                JOIN stock_move AS whole ON whole.picking_id = truck.id
                JOIN stock_move AS part ON part.kpi_root_move_id = whole.id
                WHERE part.kpi_root_move_id IS NOT NULL
            )
            """,
            recent=recent,
        )

    def _select_receiving_hours(self, window):
        """Hours from the dock into stock, by receipts; over the norm, up to now.

        Booked in before its promise and never marked: nobody knows.
        """
        return self._select_receipts(
            window,
            SQL(
                """
                receipt.is_stocked
                AND (receipt.hours > 0 OR NOT receipt.is_unmarked)
                OR receipt.hours > receipt.norm
                """
            ),
            {
                "moment": SQL("receipt.stocked_at"),
                "numerator": SQL("receipt.hours"),
                "denominator": SQL("1"),
            },
        )

    def _select_receiving_late_share(self, window):
        """Receipts that took longer than the norm, by those that could have.

        A mark that is the rule and is missing counts as late: nothing is won by
        keeping silent.
        """
        late = SQL(
            "CASE WHEN receipt.is_unmarked THEN 1 ELSE %s END",
            self._late_hours(SQL("GREATEST(receipt.hours - receipt.norm, 0)")),
        )
        return self._select_receipts(
            window,
            SQL("receipt.is_stocked OR receipt.hours > receipt.norm"),
            {
                "moment": SQL("receipt.due_at"),
                **self._delay_columns("late_share", late),
            },
        )
