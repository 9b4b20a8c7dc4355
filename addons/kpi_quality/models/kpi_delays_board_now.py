from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.delay import lateness_hours
from .pick_sql import FIRST_STEP, IS_PICK

ROWS = 8
# Above this many the client would choke on the list of ids.
OPEN_LIMIT = 10000


class LiveList(NamedTuple):
    """Open promises of one kind: what is late, or due next."""

    key: str
    title: str
    model: str
    late: bool  # else due later today
    documents: SQL  # res_id, due_at


class KpiDelaysBoard(models.AbstractModel):
    """Late now and due next: from the documents themselves, not from measurements.

    Cheap by partial indexes that hold open promises only: ``_kpi_open_*_idx`` of moves
    and order lines, ``_kpi_at_dock_idx`` and ``_kpi_unconfirmed_idx`` of transfers.
    """

    _inherit = "kpi.delays.board"

    @api.model
    @api.readonly
    def get_late_now(self, filters):
        """What is late at this moment, and what is due next today.

        Leads see the warehouses they lead; references, partners and times only, as
        with the documents of a figure.

        :return: ``now``, ``empty`` (why there is nothing to see) and ``lists`` of
            ``key``, ``title``, ``late``, ``count`` and the first ``rows``
        :rtype: dict
        """
        filters = self._clean_filters(filters)
        now = fields.Datetime.now()
        warehouses = self._live_warehouses(filters)
        lists = []
        if warehouses:
            self.env.flush_all()
            lists = [
                self._read_live(live, now)
                for live in self._live_lists(filters.process, warehouses, now)
            ]
        return {
            "now": fields.Datetime.to_string(now),
            "empty": not warehouses
            and self.env._(
                "Open transfers show here for the warehouses you lead: those of the "
                "sites where a department of yours works."
            ),
            "lists": lists,
        }

    @api.model
    def action_open_live(self, filters, key):
        """Open a whole live list, with the user's own rights on the documents."""
        filters = self._clean_filters(filters)
        self.env.flush_all()
        now = fields.Datetime.now()
        warehouses = self._live_warehouses(filters)
        for live in self._live_lists(filters.process, warehouses, now):
            if live.key == key and warehouses:
                ids = [row[0] for row in self._live_rows(live, OPEN_LIMIT)]
                return {
                    "type": "ir.actions.act_window",
                    "name": live.title,
                    "res_model": live.model,
                    "views": [(False, "list"), (False, "form")],
                    "domain": [("id", "in", ids)],
                    "context": {"create": False},
                }
        raise UserError(self.env._("This list is empty by now."))

    # --------------------------------------------------------------- which ones
    @api.model
    def _live_warehouses(self, filters):
        if self._sees_all():
            warehouses = self.env["stock.warehouse"].sudo()  # may lack stock rights
            warehouses = warehouses.search([("company_id", "=", self.env.company.id)])
        else:
            warehouses = self._led_warehouses()
        if filters.warehouse_id:
            warehouses = warehouses.filtered(lambda w: w.id == filters.warehouse_id)
        return warehouses

    @api.model
    def _live_lists(self, process, warehouses, now):
        """:rtype: list[LiveList]"""
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        midnight = (
            self.env.tz.localize(datetime.combine(tomorrow, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
        )
        ids = tuple(warehouses.ids) or (0,)

        def due(column, late):
            if late:
                return SQL("%s <= %s", column, now)
            return SQL(
                "%(due)s > %(now)s AND %(due)s < %(end)s",
                due=column,
                now=now,
                end=midnight,
            )

        def pair(key, late_title, next_title, model, select):
            return [
                LiveList(
                    f"{key}_late", late_title, model, True, select(ids, due, True)
                ),
                LiveList(
                    f"{key}_next", next_title, model, False, select(ids, due, False)
                ),
            ]

        if process == "pick":
            return pair(
                "pick",
                self.env._("Not picked"),
                self.env._("To be picked today"),
                "stock.picking",
                self._open_picks,
            )
        if process == "delivery":
            return pair(
                "delivery",
                self.env._("Not delivered"),
                self.env._("To be delivered today"),
                "sale.order",
                self._open_deliveries,
            )
        awaited, next_awaited = pair(
            "supply",
            self.env._("Not arrived"),
            self.env._("To arrive today"),
            "stock.picking",
            self._awaited_receipts,
        )
        if process == "supplier":
            return [awaited, next_awaited]
        dock, next_dock = pair(
            "dock",
            self.env._("Arrived, but not booked in"),
            self.env._("To be booked in today"),
            "stock.picking",
            self._receipts_at_dock,
        )
        return [dock, awaited, next_dock, next_awaited]

    # ------------------------------------------------------------------- SELECTs
    @api.model
    def _open_picks(self, warehouse_ids, due, late):
        """The first steps out of the warehouse."""
        return SQL(
            """
            SELECT
                move.picking_id AS res_id,
                move.kpi_due_at AS due_at
            FROM stock_move AS move
            %(first_step)s
            WHERE move.kpi_due_at IS NOT NULL
                AND move.state NOT IN ('draft', 'done', 'cancel')
                AND %(due)s
                AND move.picking_id IS NOT NULL
                AND step.warehouse_id IN %(warehouses)s
                AND %(is_pick)s
            """,
            first_step=FIRST_STEP,
            is_pick=IS_PICK,
            due=due(SQL("move.kpi_due_at"), late),
            warehouses=warehouse_ids,
        )

    @api.model
    def _awaited_receipts(self, warehouse_ids, due, late):
        """Receipts of promised purchase lines that are not at the dock."""
        return SQL(
            """
            SELECT
                picking.id AS res_id,
                line.kpi_promised_at AS due_at
            FROM purchase_order_line AS line
            JOIN stock_move AS move
                ON move.purchase_line_id = line.id
                AND move.state NOT IN ('draft', 'done', 'cancel')
                AND move.origin_returned_move_id IS NULL
            JOIN stock_picking AS picking
                ON picking.id = move.picking_id
                AND picking.kpi_arrived_at IS NULL
            JOIN stock_picking_type AS picking_type
                ON picking_type.id = picking.picking_type_id
                AND picking_type.code IN ('incoming', 'dropship')
            WHERE line.kpi_promised_at IS NOT NULL
                AND line.qty_received < line.product_qty
                AND %(due)s
                AND picking_type.warehouse_id IN %(warehouses)s
            """,
            due=due(SQL("line.kpi_promised_at"), late),
            warehouses=warehouse_ids,
        )

    @api.model
    def _receipts_at_dock(self, warehouse_ids, due, late):
        """Goods that arrived and are not in stock, due at arrival plus the norm.

        Those still on the receipt, and those on a further step into stock.
        """
        norm = SQL("warehouse.kpi_receiving_norm_hours * interval '1 hour'")
        return SQL(
            """
            SELECT
                picking.id AS res_id,
                picking.kpi_arrived_at + %(norm)s AS due_at
            FROM stock_picking AS picking
            JOIN stock_picking_type AS picking_type
                ON picking_type.id = picking.picking_type_id
            JOIN stock_warehouse AS warehouse
                ON warehouse.id = picking_type.warehouse_id
            WHERE picking.kpi_arrived_at IS NOT NULL
                AND picking.state NOT IN ('draft', 'done', 'cancel')
                AND warehouse.id IN %(warehouses)s
                AND %(receipt_due)s
            UNION ALL
            SELECT
                step.picking_id AS res_id,
                step.arrived_at + step.norm AS due_at
            FROM (
                SELECT
                    move.picking_id,
                    %(norm)s AS norm,
                    (
                        WITH RECURSIVE origin AS (
                            SELECT chain.move_orig_id AS id
                            FROM stock_move_move_rel AS chain
                            WHERE chain.move_dest_id = move.id
                            UNION
                            SELECT chain.move_orig_id
                            FROM stock_move_move_rel AS chain
                            JOIN origin ON origin.id = chain.move_dest_id
                        )
                        SELECT MIN(COALESCE(receipt.kpi_arrived_at, first.kpi_done_at))
                        FROM origin
                        JOIN stock_move AS first ON first.id = origin.id
                        JOIN stock_picking AS receipt ON receipt.id = first.picking_id
                        JOIN stock_picking_type AS receipt_type
                            ON receipt_type.id = receipt.picking_type_id
                            AND receipt_type.code = 'incoming'
                    ) AS arrived_at
                FROM stock_warehouse AS warehouse
                JOIN stock_move AS move
                    ON move.picking_type_id IN (
                        warehouse.qc_type_id, warehouse.store_type_id
                    )
                WHERE warehouse.id IN %(warehouses)s
                    AND warehouse.reception_steps != 'one_step'
                    AND move.kpi_due_at IS NOT NULL
                    AND move.state NOT IN ('draft', 'done', 'cancel')
                    AND move.picking_id IS NOT NULL
            ) AS step
            WHERE %(step_due)s
            """,
            norm=norm,
            receipt_due=due(SQL("picking.kpi_arrived_at + %s", norm), late),
            step_due=due(SQL("step.arrived_at + step.norm"), late),
            warehouses=warehouse_ids,
        )

    @api.model
    def _open_deliveries(self, warehouse_ids, due, late):
        """Promised sale lines that are not shipped, or shipped and not confirmed."""
        return SQL(
            """
            SELECT
                line.order_id AS res_id,
                line.kpi_promised_at AS due_at
            FROM sale_order_line AS line
            JOIN sale_order AS sale
                ON sale.id = line.order_id
            WHERE line.kpi_promised_at IS NOT NULL
                AND line.qty_delivered < line.product_uom_qty
                AND line.kpi_promised_qty > line.kpi_withdrawn_qty
                AND %(due)s
                AND sale.state = 'sale'
                AND sale.warehouse_id IN %(warehouses)s
            UNION ALL
            SELECT
                line.order_id AS res_id,
                line.kpi_promised_at AS due_at
            FROM stock_picking_type AS picking_type
            JOIN stock_picking AS picking
                ON picking.picking_type_id = picking_type.id
                AND picking.state = 'done'
                AND picking.kpi_delivered_at IS NULL
                AND picking.date_done >= picking_type.kpi_needs_mark_since
            JOIN stock_move AS move
                ON move.picking_id = picking.id
                AND move.state = 'done'
                AND move.origin_returned_move_id IS NULL
            JOIN sale_order_line AS line
                ON line.id = move.sale_line_id
            WHERE picking_type.code = 'outgoing'
                AND picking_type.kpi_needs_mark_since IS NOT NULL
                AND picking_type.warehouse_id IN %(warehouses)s
                AND line.kpi_promised_at IS NOT NULL
                AND %(due)s
            """,
            due=due(SQL("line.kpi_promised_at"), late),
            warehouses=warehouse_ids,
        )

    # --------------------------------------------------------------------- rows
    @api.model
    def _live_rows(self, live, limit):
        """:return: (id, due, number of all), the longest due first"""
        return self.env.execute_query(
            SQL(
                """
                SELECT res_id, MIN(due_at) AS due_at, COUNT(*) OVER ()
                FROM (%(documents)s) AS open_document
                GROUP BY res_id
                ORDER BY due_at, res_id
                LIMIT %(limit)s
                """,
                documents=live.documents,
                limit=limit,
            )
        )

    @api.model
    def _read_live(self, live, now):
        rows = self._live_rows(live, ROWS)
        records = self.env[live.model].browse([row[0] for row in rows])
        may_open = set()
        if records.browse().has_access("read"):
            may_open = set(records._filtered_access("read").ids)
        names = {
            record.id: (record.display_name, record.partner_id.display_name)
            for record in records.sudo()  # reference and partner: see get_late_now
        }
        return {
            "key": live.key,
            "title": live.title,
            "late": live.late,
            "model": live.model,
            "count": rows[0][2] if rows else 0,
            "rows": [
                {
                    "id": res_id,
                    "name": names[res_id][0],
                    "partner": names[res_id][1] or "",
                    "due": fields.Datetime.to_string(due_at),
                    "hours": lateness_hours(due_at, None, now, 0.0),
                    "may_open": res_id in may_open,
                }
                for res_id, due_at, _count in rows
            ],
        }
