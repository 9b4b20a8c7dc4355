"""SQL of till receipts, shared by the sources that count them.

Every line of a receipt has its own seller. What was returned lowers the figures of
who sold it, as a refund does; what settles a sales order is that order's, of its
salesperson, and the till only took the money.
"""

from odoo.tools import SQL

# A receipt counts from its payment on; the closing of the session changes nothing.
PAID = SQL("('paid', 'done')")


def has_column(env, model, name):
    """Whether an add-on that we do not depend on has brought a field."""
    return name in env[model]._fields


def seller_columns(env):
    """SQL of a line's employee and user, over ``receipt_lines``."""
    employee = (
        SQL("CASE WHEN ordered.id IS NULL THEN seller.employee_id END")
        if has_column(env, "pos.order", "employee_id")  # of pos_hr
        else SQL("NULL::int4")
    )
    return {
        "employee_id": employee,
        "user_id": SQL(
            "CASE WHEN ordered.id IS NULL THEN seller.user_id ELSE ordered.user_id END"
        ),
    }


def line_order(env):
    """SQL of the sales order that a line, or what it returns, belongs to."""
    if has_column(env, "pos.order.line", "sale_order_origin_id"):  # of pos_sale
        return SQL("COALESCE(sold.sale_order_origin_id, line.sale_order_origin_id)")
    return SQL("NULL::int4")


def receipt_lines(env):
    """SQL: joins from ``receipt`` to its lines and to whose they are.

    ``sold`` is the line that a return takes back, ``seller`` the receipt on which it
    was sold, ``ordered`` the sales order behind it.
    """
    return SQL(
        """
        JOIN pos_order_line AS line
            ON line.order_id = receipt.id
        LEFT JOIN pos_order_line AS sold
            ON sold.id = line.refunded_orderline_id
        JOIN pos_order AS seller
            ON seller.id = COALESCE(sold.order_id, receipt.id)
        LEFT JOIN sale_order AS ordered
            ON ordered.id = %s
        """,
        line_order(env),
    )


def line_amount(line="line"):
    """SQL of a line's untaxed amount, in the currency of the till.

    The till writes the amount of a returned line with either sign, depending on where
    it was returned; its quantity and price always tell.
    """
    return SQL(
        "SIGN(%(line)s.qty * %(line)s.price_unit) * ABS(%(line)s.price_subtotal)",
        line=SQL.identifier(line),
    )


def is_sold():
    """SQL: a line by which the receipt is a sale of its own.

    Neither a return, nor what a sales order has sold already, nor a discount or tip.
    """
    return SQL(
        """
        line.qty > 0
        AND line.refunded_orderline_id IS NULL
        AND line.price_unit >= 0
        AND ordered.id IS NULL
        AND line.product_id IS DISTINCT FROM till.tip_product_id
        """
    )


def credit_notes():
    """SQL: credit notes on the invoices of receipts, which no till has written."""
    return SQL(
        """
        FROM account_move AS refund
        JOIN account_move AS invoice
            ON invoice.id = refund.reversed_entry_id
        JOIN pos_order AS receipt
            ON receipt.account_move = invoice.id
        """
    )


def is_credit_note():
    return SQL(
        """
        refund.state = 'posted'
        AND refund.move_type = 'out_refund'
        AND NOT EXISTS (
            SELECT FROM pos_order AS till_refund
            WHERE till_refund.account_move = refund.id
        )
        """
    )


def not_undone(window):
    """SQL over ``receipt``: less was taken back than was sold.

    Taken back by returned lines, or by a credit note on the receipt's invoice, of
    which each of its receipts has its part.
    """
    return SQL(
        """
        receipt.id NOT IN (
            SELECT undone.id
            FROM (
                SELECT
                    sold.order_id,
                    -%(back_amount)s AS amount,
                    0 AS part
                FROM pos_order_line AS back
                JOIN pos_order_line AS sold
                    ON sold.id = back.refunded_orderline_id
                JOIN pos_order AS returned
                    ON returned.id = back.order_id
                    AND returned.state IN %(paid)s
                UNION ALL
                SELECT
                    receipt.id,
                    0,
                    refund.amount_untaxed / NULLIF(invoice.amount_untaxed, 0)
                %(credit_notes)s
                WHERE %(is_credit_note)s
            ) AS taken
            JOIN pos_order AS undone
                ON undone.id = taken.order_id
                AND undone.date_order >= %(utc_from)s
                AND undone.date_order < %(utc_to)s
            CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(%(mine_amount)s), 0) AS amount
                FROM pos_order_line AS mine
                WHERE mine.order_id = undone.id
                    AND mine.refunded_orderline_id IS NULL
            ) AS sale
            GROUP BY undone.id, sale.amount
            HAVING SUM(taken.amount) + SUM(taken.part) * sale.amount >= sale.amount
        )
        """,
        back_amount=line_amount("back"),
        mine_amount=line_amount("mine"),
        paid=PAID,
        credit_notes=credit_notes(),
        is_credit_note=is_credit_note(),
        utc_from=window.utc_from,
        utc_to=window.utc_to,
    )
