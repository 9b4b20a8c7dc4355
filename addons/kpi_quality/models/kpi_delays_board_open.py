from odoo import api, models
from odoo.tools import SQL

from .pick_sql import FIRST_STEP, IS_PICK


class KpiDelaysBoard(models.AbstractModel):
    """The open promises behind "late now", in SQL.

    Cheap by partial indexes that hold open promises only: ``_kpi_open_*_idx`` of moves
    and order lines, ``_kpi_at_dock_idx`` and ``_kpi_unconfirmed_idx`` of transfers.
    """

    _inherit = "kpi.delays.board"

    @api.model
    def _open_picks(self, warehouse_ids, due, late):
        """The first steps out of the warehouse."""
        return SQL(
            """
            SELECT
                move.picking_id AS res_id,
                step.warehouse_id,
                move.kpi_due_at AS due_at,
                move.kpi_due_at AS since_at,
                0 AS norm
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
                picking_type.warehouse_id,
                line.kpi_promised_at AS due_at,
                line.kpi_promised_at AS since_at,
                0 AS norm
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
                warehouse.id AS warehouse_id,
                picking.kpi_arrived_at + %(norm)s AS due_at,
                picking.kpi_arrived_at AS since_at,
                warehouse.kpi_receiving_norm_hours AS norm
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
                step.warehouse_id,
                step.arrived_at + step.norm AS due_at,
                step.arrived_at AS since_at,
                step.norm_hours AS norm
            FROM (
                SELECT
                    move.picking_id,
                    warehouse.id AS warehouse_id,
                    warehouse.kpi_receiving_norm_hours AS norm_hours,
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
                sale.warehouse_id,
                line.kpi_promised_at AS due_at,
                line.kpi_promised_at AS since_at,
                0 AS norm
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
                picking_type.warehouse_id,
                line.kpi_promised_at AS due_at,
                line.kpi_promised_at AS since_at,
                0 AS norm
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
