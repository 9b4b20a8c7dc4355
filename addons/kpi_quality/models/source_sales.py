"""Sources of the sales process: invoices and confirmed orders by salesperson."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import SourceError

SALES_SOURCES = [
    ("revenue", "Revenue"),
    ("revenue_share", "Share in the department's revenue"),
    ("orders_processed", "Orders processed"),
    ("average_check", "Average check"),
    ("lines_per_sale", "Lines per sale"),
    ("order_handling_hours", "Order handling (creation to confirmation)"),
]
MONEY_SOURCES = ("revenue", "revenue_share", "average_check")


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=SALES_SOURCES,
        ondelete={source: "cascade" for source, _name in SALES_SOURCES},
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            "revenue": {"aggregation": "sum"},
            "revenue_share": {"aggregation": "ratio", "share_of": "department"},
            "orders_processed": {"aggregation": "sum"},
            "average_check": {"aggregation": "ratio"},
            "lines_per_sale": {"aggregation": "ratio"},
            "order_handling_hours": {"aggregation": "ratio"},
        }

    @api.model
    def _get_delay_sources(self):
        return super()._get_delay_sources() | {"order_handling_hours"}

    def _check_source(self, window):
        result = super()._check_source(window)
        if self.source in MONEY_SOURCES:
            self._check_currency_rates(window)
        return result

    def _check_currency_rates(self, window):
        """Odoo takes a missing rate for 1: that would count dollars as roubles."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    currency.name,
                    company.name,
                    MIN(move.name),
                    COUNT(*)
                FROM account_move AS move
                JOIN res_company AS company ON company.id = move.company_id
                JOIN res_currency AS currency ON currency.id = move.currency_id
                WHERE move.state = 'posted'
                    AND move.move_type IN ('out_invoice', 'out_refund')
                    AND move.invoice_date BETWEEN %(date_from)s AND %(date_to)s
                    AND move.currency_id != company.currency_id
                    AND COALESCE(move.invoice_currency_rate, 1) = 1
                    AND NOT EXISTS (
                        SELECT FROM res_currency_rate AS rate
                        WHERE rate.currency_id = move.currency_id
                            AND (
                                rate.company_id IS NULL
                                OR company.parent_path LIKE rate.company_id || '/%%'
                            )
                    )
                GROUP BY currency.name, company.name
                ORDER BY currency.name, company.name
                LIMIT 1
                """,
                date_from=window.date_from,
                date_to=window.date_to,
            )
        )
        for currency, company, invoice, count in rows:
            raise SourceError(
                self.env._(
                    "%(currency)s has no exchange rate in company %(company)s, so "
                    "%(count)s invoices, %(invoice)s among them, cannot be counted. "
                    "Enter the rate under Invoicing > Configuration > Currencies, "
                    "reset these invoices to draft and post them again.",
                    currency=currency,
                    company=company,
                    count=count,
                    invoice=invoice,
                )
            )

    # ------------------------------------------------------------- invoices
    def _select_invoices(self, window, numerator, denominator):
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM account_move AS move
                LEFT JOIN account_move AS reversed
                    ON reversed.id = move.reversed_entry_id
                WHERE move.state = 'posted'
                    AND move.move_type IN ('out_invoice', 'out_refund')
                    AND move.invoice_date BETWEEN %(date_from)s AND %(date_to)s
                """,
                date_from=window.date_from,
                date_to=window.date_to,
            ),
            res_model=SQL("'account.move'"),
            res_id=SQL("move.id"),
            day=SQL("move.invoice_date"),
            company_id=SQL("move.company_id"),
            # A refund is written by an accountant: it lowers the seller's revenue.
            user_id=SQL("COALESCE(reversed.invoice_user_id, move.invoice_user_id)"),
            partner_id=SQL("move.commercial_partner_id"),
            numerator=numerator,
            denominator=denominator,
        )

    def _select_revenue(self, window):
        """Posted customer invoices minus refunds, untaxed, company currency."""
        return self._select_invoices(
            window, SQL("move.amount_untaxed_signed"), SQL("0")
        )

    def _select_revenue_share(self, window):
        """Own revenue by the revenue of the department (``share_of``)."""
        amount = SQL("move.amount_untaxed_signed")
        return self._select_invoices(window, amount, amount)

    # --------------------------------------------------------------- orders
    def _select_orders(self, window, tail, numerator, denominator):
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM sale_order
                %(joins)s
                WHERE sale_order.state = 'sale'
                    AND sale_order.date_order >= %(utc_from)s
                    AND sale_order.date_order < %(utc_to)s
                %(rest)s
                """,
                joins=tail.get("joins", SQL("")),
                rest=tail.get("rest", SQL("")),
                utc_from=window.utc_from,
                utc_to=window.utc_to,
            ),
            res_model=SQL("'sale.order'"),
            res_id=SQL("sale_order.id"),
            moment=SQL("sale_order.date_order"),
            company_id=SQL("sale_order.company_id"),
            user_id=SQL("sale_order.user_id"),
            warehouse_id=SQL("sale_order.warehouse_id"),
            partner_id=SQL("sale_order.partner_id"),
            numerator=numerator,
            denominator=denominator,
        )

    def _not_undone(self, window):
        """SQL: no later refund took the whole sale back.

        A down payment that was returned takes nothing back yet. The few orders with
        a refund are found first, at once: adding up the invoices of every single
        order costs more than all the rest.
        """
        return SQL(
            """
            AND (
                sale_order.id NOT IN (
                    SELECT sold.order_id
                    FROM sale_order AS sale
                    JOIN sale_order_line AS sold
                        ON sold.order_id = sale.id
                    JOIN sale_order_line_invoice_rel AS returned
                        ON returned.order_line_id = sold.id
                    JOIN account_move_line AS returned_item
                        ON returned_item.id = returned.invoice_line_id
                    JOIN account_move AS refund
                        ON refund.id = returned_item.move_id
                    WHERE refund.state = 'posted'
                        AND refund.move_type = 'out_refund'
                        AND sale.date_order >= %(utc_from)s
                        AND sale.date_order < %(utc_to)s
                )
                OR NOT EXISTS (
                    SELECT
                    FROM sale_order_line AS line
                    JOIN sale_order_line_invoice_rel AS invoiced
                        ON invoiced.order_line_id = line.id
                    JOIN account_move_line AS item
                        ON item.id = invoiced.invoice_line_id
                    JOIN account_move AS move
                        ON move.id = item.move_id
                        AND move.state = 'posted'
                    WHERE line.order_id = sale_order.id
                        AND line.is_downpayment IS NOT TRUE
                    HAVING bool_or(move.move_type = 'out_refund')
                        AND SUM(
                            CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                            * item.price_subtotal
                        ) <= 0
                )
            )
            """,
            utc_from=window.utc_from,
            utc_to=window.utc_to,
        )

    def _select_orders_processed(self, window):
        """Confirmed sales orders by salesperson; the amount plays no part."""
        return self._select_orders(window, {}, SQL("1"), SQL("0"))

    def _select_average_check(self, window):
        """Revenue by sales; a sale is an order that no refund has undone."""
        return SQL(
            "%s UNION ALL %s",
            self._select_revenue(window),
            self._select_orders(
                window, {"rest": self._not_undone(window)}, SQL("0"), SQL("1")
            ),
        )

    def _select_lines_per_sale(self, window):
        """Product lines by sales."""
        return self._select_orders(
            window,
            {
                "joins": SQL(
                    """
                    LEFT JOIN sale_order_line AS product_line
                        ON product_line.order_id = sale_order.id
                        AND product_line.display_type IS NULL
                        AND product_line.is_downpayment IS NOT TRUE
                        AND product_line.product_uom_qty > 0
                    """
                ),
                "rest": SQL("%s GROUP BY sale_order.id", self._not_undone(window)),
            },
            SQL("COUNT(product_line.id)"),
            SQL("1"),
        )

    def _select_order_handling_hours(self, window):
        """Hours from the creation of an order to its first confirmation, by orders.

        An order that was cancelled and confirmed again was handled the first time.
        """
        engine = self.env["kpi.engine"]
        first = SQL("COALESCE(confirmed.moment, sale_order.date_order)")
        return self._select_orders(
            window,
            {
                "joins": SQL(
                    """
                    LEFT JOIN LATERAL (
                        SELECT MIN(journal.moment) AS moment
                        FROM kpi_order_journal AS journal
                        WHERE journal.res_model = 'sale.order'
                            AND journal.res_id = sale_order.id
                            AND journal.event = 'state'
                            AND journal.new_value = 'sale'
                    ) AS confirmed ON TRUE
                    %(working_time)s
                    """,
                    working_time=engine._working_time(
                        self,
                        window,
                        SQL("sale_order.company_id"),
                        SQL("sale_order.warehouse_id"),
                    ),
                ),
            },
            engine._elapsed_hours(self, SQL("sale_order.create_date"), first),
            SQL("1"),
        )
