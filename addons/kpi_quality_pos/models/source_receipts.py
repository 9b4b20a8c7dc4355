"""Till receipts and refunds in the sources of the sales process."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kpi_quality.exceptions import SourceError

from . import receipt_sql


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    @api.model
    def _get_sources(self):
        sources = super()._get_sources()
        if receipt_sql.has_column(self.env, "pos.order", "employee_id"):
            # Cashiers log in at the till by badge or PIN, without a user.
            for name in (
                "revenue",
                "revenue_share",
                "orders_processed",
                "average_check",
                "lines_per_sale",
            ):
                sources[name] = {**sources[name], "by_user": False}
        return sources

    # ------------------------------------------------------------ revenue
    def _select_invoices(self, window, numerator, denominator):
        """Without those of a till: their receipts count, and know the cashier."""
        return SQL(
            """
            SELECT *
            FROM (%s) AS invoice
            WHERE NOT EXISTS (
                SELECT
                FROM pos_order AS receipt
                LEFT JOIN account_move AS refund
                    ON refund.reversed_entry_id = receipt.account_move
                    AND refund.move_type = 'out_refund'
                WHERE invoice.res_id IN (receipt.account_move, refund.id)
            )
            """,
            super()._select_invoices(window, numerator, denominator),
        )

    def _select_revenue(self, window):
        return SQL(
            "%s UNION ALL %s",
            super()._select_revenue(window),
            self._select_receipt_revenue(window, is_share=False),
        )

    def _select_revenue_share(self, window):
        return SQL(
            "%s UNION ALL %s",
            super()._select_revenue_share(window),
            self._select_receipt_revenue(window, is_share=True),
        )

    def _select_receipt_revenue(self, window, is_share):
        """Untaxed amounts of what was sold and returned, in the company's currency.

        They are those of Odoo's own analysis of till orders. Credit notes that an
        accountant writes on the invoice of a receipt lower its sellers' revenue, each
        by the part in it.
        """
        seller = receipt_sql.seller_columns(self.env)
        amount = SQL("part.amount")
        columns = {
            "res_model": SQL("part.res_model"),
            "res_id": SQL("part.res_id"),
            "company_id": SQL("part.company_id"),
            "employee_id": SQL("part.employee_id"),
            "user_id": SQL("part.user_id"),
            "warehouse_id": SQL("part.warehouse_id"),
            "partner_id": SQL("part.partner_id"),
            "numerator": amount,
            "denominator": amount if is_share else SQL("0"),
        }
        return SQL(
            "%s UNION ALL %s",
            self.env["kpi.engine"]._document_select(
                SQL(
                    """
                    FROM (
                        SELECT
                            'pos.order' AS res_model,
                            receipt.id AS res_id,
                            receipt.date_order AS moment,
                            receipt.company_id,
                            %(employee)s AS employee_id,
                            %(user)s AS user_id,
                            picking_type.warehouse_id,
                            receipt.partner_id,
                            SUM(
                                %(amount)s
                                / COALESCE(NULLIF(receipt.currency_rate, 0), 1)
                            ) AS amount
                        FROM pos_order AS receipt
                        %(lines)s
                        LEFT JOIN pos_config AS till
                            ON till.id = receipt.config_id
                        LEFT JOIN stock_picking_type AS picking_type
                            ON picking_type.id = till.picking_type_id
                        WHERE receipt.state IN %(paid)s
                            AND receipt.date_order >= %(utc_from)s
                            AND receipt.date_order < %(utc_to)s
                        GROUP BY receipt.id, 5, 6, picking_type.warehouse_id
                    ) AS part
                    """,
                    employee=seller["employee_id"],
                    user=seller["user_id"],
                    amount=receipt_sql.line_amount(),
                    lines=receipt_sql.receipt_lines(self.env),
                    paid=receipt_sql.PAID,
                    utc_from=window.utc_from,
                    utc_to=window.utc_to,
                ),
                moment=SQL("part.moment"),
                **columns,
            ),
            self.env["kpi.engine"]._document_select(
                SQL(
                    """
                    FROM (
                        SELECT
                            res_model, res_id, day, company_id, employee_id, user_id,
                            NULL AS warehouse_id, partner_id, SUM(amount) AS amount
                        FROM (
                            SELECT
                                'account.move' AS res_model,
                                refund.id AS res_id,
                                refund.invoice_date AS day,
                                refund.company_id,
                                %(employee)s AS employee_id,
                                %(user)s AS user_id,
                                refund.commercial_partner_id AS partner_id,
                                refund.amount_untaxed_signed * %(amount)s
                                    / NULLIF(
                                        SUM(%(amount)s) OVER (PARTITION BY refund.id), 0
                                    ) AS amount
                            %(credit_notes)s
                            %(lines)s
                            WHERE %(is_credit_note)s
                                AND refund.invoice_date
                                    BETWEEN %(date_from)s AND %(date_to)s
                        ) AS credited
                        GROUP BY
                            res_model, res_id, day, company_id, employee_id, user_id,
                            partner_id
                    ) AS part
                    """,
                    employee=seller["employee_id"],
                    user=seller["user_id"],
                    amount=receipt_sql.line_amount(),
                    credit_notes=receipt_sql.credit_notes(),
                    lines=receipt_sql.receipt_lines(self.env),
                    is_credit_note=receipt_sql.is_credit_note(),
                    date_from=window.date_from,
                    date_to=window.date_to,
                ),
                day=SQL("part.day"),
                **columns,
            ),
        )

    # -------------------------------------------------------------- sales
    def _select_receipts(self, window, numerator, denominator, condition=None):
        """Receipts that are a sale of their own, one row each.

        :param SQL numerator, denominator: over the lines sold
        """
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM pos_order AS receipt
                %(lines)s
                LEFT JOIN pos_config AS till
                    ON till.id = receipt.config_id
                LEFT JOIN stock_picking_type AS picking_type
                    ON picking_type.id = till.picking_type_id
                WHERE receipt.state IN %(paid)s
                    AND receipt.date_order >= %(utc_from)s
                    AND receipt.date_order < %(utc_to)s
                    AND %(is_sold)s
                    AND %(condition)s
                GROUP BY receipt.id, picking_type.warehouse_id
                """,
                lines=receipt_sql.receipt_lines(self.env),
                paid=receipt_sql.PAID,
                utc_from=window.utc_from,
                utc_to=window.utc_to,
                is_sold=receipt_sql.is_sold(),
                condition=condition or SQL("TRUE"),
            ),
            res_model=SQL("'pos.order'"),
            res_id=SQL("receipt.id"),
            moment=SQL("receipt.date_order"),
            company_id=SQL("receipt.company_id"),
            employee_id=SQL("receipt.employee_id")
            if receipt_sql.has_column(self.env, "pos.order", "employee_id")
            else SQL("NULL"),
            user_id=SQL("receipt.user_id"),
            warehouse_id=SQL("picking_type.warehouse_id"),
            partner_id=SQL("receipt.partner_id"),
            numerator=numerator,
            denominator=denominator,
        )

    def _select_orders_processed(self, window):
        return SQL(
            "%s UNION ALL %s",
            super()._select_orders_processed(window),
            self._select_receipts(window, SQL("1"), SQL("0")),
        )

    def _select_average_check(self, window):
        """The receipts' revenue is in the revenue already."""
        return SQL(
            "%s UNION ALL %s",
            super()._select_average_check(window),
            self._select_receipts(
                window, SQL("0"), SQL("1"), receipt_sql.not_undone(window)
            ),
        )

    def _select_lines_per_sale(self, window):
        """The parts of a combo are one line, as the customer chose one thing."""
        return SQL(
            "%s UNION ALL %s",
            super()._select_lines_per_sale(window),
            self._select_receipts(
                window,
                SQL("COUNT(*) FILTER (WHERE line.combo_parent_id IS NULL)"),
                SQL("1"),
                receipt_sql.not_undone(window),
            ),
        )

    def _sales_documents(self, window):
        return SQL(
            "%s UNION ALL %s",
            super()._sales_documents(window),
            self._select_receipts(
                window, SQL("1"), SQL("0"), receipt_sql.not_undone(window)
            ),
        )

    # --------------------------------------------------------- currencies
    def _check_currency_rates(self, window):
        """A till may sell in a currency of its own."""
        result = super()._check_currency_rates(window)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    currency.name,
                    company.name,
                    COUNT(*)
                FROM pos_order AS receipt
                JOIN pos_config AS till ON till.id = receipt.config_id
                JOIN account_journal AS journal ON journal.id = till.journal_id
                JOIN res_company AS company ON company.id = receipt.company_id
                JOIN res_currency AS currency ON currency.id = journal.currency_id
                WHERE receipt.state IN %(paid)s
                    AND receipt.date_order >= %(utc_from)s
                    AND receipt.date_order < %(utc_to)s
                    AND currency.id != company.currency_id
                    AND COALESCE(receipt.currency_rate, 1) = 1
                    AND NOT EXISTS (
                        SELECT FROM res_currency_rate AS rate
                        WHERE rate.currency_id = currency.id
                            AND (
                                rate.company_id IS NULL
                                OR company.parent_path LIKE rate.company_id || '/%%'
                            )
                    )
                GROUP BY currency.name, company.name
                ORDER BY currency.name, company.name
                LIMIT 1
                """,
                paid=receipt_sql.PAID,
                utc_from=window.utc_from,
                utc_to=window.utc_to,
            )
        )
        for currency, company, count in rows:
            raise SourceError(
                self.env._(
                    "%(currency)s has no exchange rate in company %(company)s, so "
                    "%(count)s till receipts cannot be counted. Enter the rate under "
                    "Invoicing > Configuration > Currencies.",
                    currency=currency,
                    company=company,
                    count=count,
                )
            )
        return result
