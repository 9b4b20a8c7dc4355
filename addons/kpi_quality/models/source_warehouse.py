"""Sources of the warehouse: how late picking is against the frozen promise."""

from odoo import api, fields, models
from odoo.tools import SQL

from .pick_sql import FIRST_STEP, IS_PICK

PICK_SOURCES = [
    ("pick_lateness_hours", "Picking lateness (mean of the late ones)"),
    ("pick_delay_hours", "Picking delay (mean over all due)"),
    ("pick_late_share", "Share of late picks"),
    ("pick_long_late_share", "Share of long late picks"),
]


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=PICK_SOURCES,
        ondelete={source: "cascade" for source, _name in PICK_SOURCES},
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            source: {"aggregation": "ratio", "at_warehouse": True}
            for source, _name in PICK_SOURCES
        }

    @api.model
    def _get_delay_sources(self):
        return super()._get_delay_sources() | {source for source, _n in PICK_SOURCES}

    def _select_picks(self, window, measure):
        """One row per promise to pick: a sale line, else a move with its splits.

        Late up to now when it is not done, met by its last part, carried by the day
        of the promise. What was cancelled before the promise is not late; what was
        cancelled after it was late until then. But while the order stands, a pick
        that is cancelled, or done in part, is not done. A return is no pick.

        :param measure: see :meth:`_delay_columns`
        """
        engine = self.env["kpi.engine"]
        elapsed = engine._elapsed_hours(
            self,
            SQL("pick.due_at"),
            SQL("GREATEST(pick.end_at, pick.awaited_until)"),
        )
        return engine._document_select(
            SQL(
                """
                FROM (
                    SELECT
                        elapsed.*,
                        %(late_hours)s AS late_hours
                    FROM (
                        SELECT
                            pick.*,
                            %(elapsed)s AS hours
                        FROM (
                            SELECT
                                part.due_at,
                                part.company_id,
                                part.warehouse_id,
                                MAX(part.end_at) AS end_at,
                                bool_and(part.is_given_up) AS is_given_up,
                                %(awaited_until)s AS awaited_until,
                                (array_agg(part.picking_id ORDER BY %(last_part)s))[1]
                                    AS picking_id,
                                (array_agg(part.user_id ORDER BY %(last_part)s))[1]
                                    AS user_id,
                                (array_agg(part.partner_id ORDER BY %(last_part)s))[1]
                                    AS partner_id
                            FROM (%(parts)s) AS part
                            GROUP BY
                                part.sale_line_id, part.root_move_id,
                                part.due_at, part.company_id, part.warehouse_id
                        ) AS pick
                        %(working_time)s
                        WHERE NOT pick.is_given_up
                            OR pick.awaited_until IS NOT NULL
                    ) AS elapsed
                ) AS promise
                """,
                parts=self._pick_parts(window),
                awaited_until=self._awaited_until(SQL("%s::timestamp", window.now)),
                last_part=SQL("part.end_at DESC, part.id DESC"),
                elapsed=elapsed,
                late_hours=self._late_hours(SQL("elapsed.hours")),
                working_time=engine._working_time(
                    self, window, SQL("pick.company_id"), SQL("pick.warehouse_id")
                ),
            ),
            res_model=SQL("'stock.picking'"),
            res_id=SQL("promise.picking_id"),
            moment=SQL("promise.due_at"),
            company_id=SQL("promise.company_id"),
            user_id=SQL("promise.user_id"),
            warehouse_id=SQL("promise.warehouse_id"),
            partner_id=SQL("promise.partner_id"),
            **self._delay_columns(measure),
        )

    def _pick_parts(self, window):
        """SQL: the moves that take goods for customers from the shelf.

        The picker is who validated, else who is responsible.
        """
        return SQL(
            """
            SELECT
                move.id,
                move.sale_line_id,
                CASE
                    WHEN move.sale_line_id IS NULL
                    THEN COALESCE(move.kpi_root_move_id, move.id)
                END AS root_move_id,
                move.kpi_due_at AS due_at,
                move.company_id,
                step.warehouse_id,
                move.picking_id,
                picking.partner_id,
                COALESCE(move.kpi_done_by_id, picking.user_id) AS user_id,
                LEAST(
                    CASE move.state
                        WHEN 'done' THEN COALESCE(move.kpi_done_at, move.date)
                        WHEN 'cancel' THEN COALESCE(move.kpi_cancelled_at, %(now)s)
                        ELSE %(now)s
                    END,
                    %(now)s
                ) AS end_at,
                move.state = 'cancel'
                    OR move.state = 'done'
                    AND move.quantity < move.product_uom_qty * 0.999999
                    AS is_short,
                move.state = 'cancel'
                    AND (move.kpi_cancelled_at > move.kpi_due_at) IS NOT TRUE
                    AS is_given_up
            FROM stock_move AS move
            JOIN stock_picking AS picking
                ON picking.id = move.picking_id
            %(first_step)s
            WHERE move.kpi_due_at >= %(utc_from)s
                AND move.kpi_due_at < %(utc_to)s
                AND move.kpi_due_at <= %(now)s
                AND move.state != 'draft'
                AND %(is_pick)s
            """,
            now=SQL("%s::timestamp", window.now),
            utc_from=window.utc_from,
            utc_to=window.utc_to,
            first_step=FIRST_STEP,
            is_pick=IS_PICK,
        )

    def _awaited_until(self, now):
        """SQL: how long an order waited for what was not picked, else NULL.

        Its pick was cancelled, or done in part without a backorder: up to now, or
        until its line was reduced after the promise. Looked up for promises with such
        a part only: nearly none. An aggregate over ``part``.
        """
        return SQL(
            """
            CASE WHEN bool_or(part.is_short) THEN (
                SELECT
                    CASE
                        WHEN line.needed * 0.999999 > picked.quantity
                        THEN %(now)s
                        WHEN line.promised * 0.999999 > picked.quantity
                            AND line.withdrawn_at > line.promised_at
                        THEN line.withdrawn_at
                    END
                FROM (%(line)s) AS line
                CROSS JOIN (
                    SELECT
                        COALESCE(
                            SUM(
                                move.quantity * move.product_qty
                                / NULLIF(move.product_uom_qty, 0)
                            ),
                            0
                        ) AS quantity
                    FROM stock_move AS move
                    %(first_step)s
                    WHERE move.sale_line_id = part.sale_line_id
                        AND move.kpi_done_at <= %(now)s
                        AND %(is_pick)s
                ) AS picked
            ) END
            """,
            line=self._promised_lines(
                "sale_order_line", SQL("line.id = part.sale_line_id"), now
            ),
            now=now,
            first_step=FIRST_STEP,
            is_pick=IS_PICK,
        )

    def _select_pick_lateness_hours(self, window):
        """Hours late by late picks: how late the late ones are."""
        return self._select_picks(window, "lateness_hours")

    def _select_pick_delay_hours(self, window):
        """Hours late by all due picks."""
        return self._select_picks(window, "delay_hours")

    def _select_pick_late_share(self, window):
        """Late picks by all due picks."""
        return self._select_picks(window, "late_share")

    def _select_pick_long_late_share(self, window):
        """Picks later than the limit (3 days) by all due picks."""
        return self._select_picks(window, "long_late_share")
