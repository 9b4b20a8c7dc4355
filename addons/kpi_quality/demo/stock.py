"""What is in stock after all the copied transfers."""

from datetime import timedelta

from odoo.tools import SQL


def make(demo):
    """Goods on hand follow from all moves; the opening stock came on the eve."""
    eve = demo.months[0] - timedelta(days=1)
    company = demo.company.id
    demo.env.cr.execute(
        SQL(
            """
            UPDATE stock_move
            SET date = %(eve)s
            WHERE company_id = %(company)s AND is_inventory;

            UPDATE stock_move_line AS line
            SET date = move.date
            FROM stock_move AS move
            WHERE move.id = line.move_id
                AND move.company_id = %(company)s
                AND move.is_inventory;

            WITH movement AS (
                SELECT
                    product_id, location_dest_id AS location_id,
                    quantity_product_uom AS quantity, 0 AS reserved
                FROM stock_move_line
                WHERE company_id = %(company)s AND state = 'done'
                UNION ALL
                SELECT product_id, location_id, -quantity_product_uom, 0
                FROM stock_move_line
                WHERE company_id = %(company)s AND state = 'done'
                UNION ALL
                SELECT product_id, location_id, 0, quantity_product_uom
                FROM stock_move_line
                WHERE company_id = %(company)s
                    AND state IN ('assigned', 'partially_available')
            ),
            balance AS (
                SELECT
                    product_id, location_id,
                    SUM(quantity) AS quantity, SUM(reserved) AS reserved
                FROM movement
                GROUP BY product_id, location_id
            )
            UPDATE stock_quant AS quant
            SET quantity = balance.quantity,
                reserved_quantity = balance.reserved,
                in_date = %(eve)s
            FROM balance
            WHERE quant.company_id = %(company)s
                AND quant.product_id = balance.product_id
                AND quant.location_id = balance.location_id
            """,
            eve=eve,
            company=company,
        )
    )
