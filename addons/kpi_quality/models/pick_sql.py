"""Which moves take goods for customers from the shelf, in SQL over ``move``.

Apart from the models: importing a model early changes the order of overrides.
"""

from odoo.tools import SQL

# The first step out of the warehouse: the pick where there is one, else the delivery.
# OFFSET keeps the planner from joining each move with every warehouse.
FIRST_STEP = SQL(
    """
    JOIN (
        SELECT
            picking_type.id,
            warehouse.id AS warehouse_id,
            warehouse.pick_type_id,
            warehouse.pack_type_id
        FROM stock_warehouse AS warehouse
        JOIN stock_picking_type AS picking_type
            ON picking_type.id IN (warehouse.pick_type_id, warehouse.out_type_id)
        OFFSET 0
    ) AS step ON step.id = move.picking_type_id
    """
)
IS_PICK = SQL(
    """
    move.origin_returned_move_id IS NULL
    -- What a purchase order was reduced by is sent back by the same type.
    AND move.purchase_line_id IS NULL
    AND (
        step.id = step.pick_type_id
        OR NOT EXISTS (
            SELECT
            FROM stock_move_move_rel AS chain
            JOIN stock_move AS earlier_step
                ON earlier_step.id = chain.move_orig_id
                AND earlier_step.picking_type_id IN (
                    step.pick_type_id, step.pack_type_id
                )
            WHERE chain.move_dest_id = move.id
        )
    )
    """
)
