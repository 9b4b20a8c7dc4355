from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.kpi_quality.exceptions import SourceError

from .pos_common import PosCommon


@tagged("post_install", "-at_install")
class TestSourceReceipts(PosCommon):
    def value(self, code, place=None):
        self.measure(code)
        return self.fact(code, place).value

    # -------------------------------------------------------------- revenue
    def test_revenue_is_untaxed_with_day_and_place_of_the_cashier(self):
        """Two chairs at 120 with 20 % in them: 200. Paid after midnight in Moscow."""
        self.company.country_id = self.env.ref("base.de")
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "country_id": self.company.country_id.id}
        )
        self.product.taxes_id = self.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20.0,
                "price_include_override": "tax_included",
                "tax_group_id": group.id,
                "country_id": group.country_id.id,
            }
        )
        receipt = self.receipt(
            "2025-03-05 00:30", self.user_seller, [(self.product, 2, 120.0)]
        )
        self.measure("revenue")
        self.assertEqual(receipt.amount_total, 240.0)
        self.assertRecordValues(
            self.atoms("revenue"),
            [
                {
                    "date": date(2025, 3, 5),
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "site_id": self.shop.id,
                    "warehouse_id": self.warehouse.id,
                    "numerator": 200.0,
                    "sample": 1,
                }
            ],
        )

    def test_only_what_is_paid_counts(self):
        self.receipt("2025-03-05 10:00", self.user_seller, paid=False)
        cancelled = self.receipt("2025-03-05 11:00", self.user_seller, paid=False)
        cancelled.state = "cancel"
        self.receipt("2025-03-05 12:00", self.user_seller)
        self.assertEqual(self.value("revenue"), 100.0)
        self.assertEqual(self.value("orders_processed"), 1.0)

    def test_closing_the_session_changes_nothing(self):
        """Its journal entry holds the same 100 once more."""
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        before = self.value("revenue")
        self.close("2025-03-05 22:00")
        self.assertEqual(receipt.state, "done")
        self.assertTrue(self.session.move_id)
        self.assertEqual((before, self.value("revenue")), (100.0, 100.0))
        self.assertEqual(self.value("orders_processed"), 1.0)

    def test_invoices_and_receipts_add_up(self):
        self.invoice("2025-03-05", 1000.0, self.user_seller)
        self.receipt("2025-03-05 10:00", self.user_seller)
        self.assertEqual(self.value("revenue", self.seller), 1100.0)

    def test_an_invoiced_receipt_counts_once_on_the_day_of_the_receipt(self):
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        invoice = self.invoice_receipt(receipt, "2025-03-07 10:00")
        self.assertEqual(invoice.state, "posted")
        self.measure("revenue")
        self.assertRecordValues(
            self.atoms("revenue"),
            [
                {
                    "date": date(2025, 3, 5),
                    "employee_id": self.seller.id,
                    "numerator": 100.0,
                }
            ],
        )

    def test_other_currency_counts_at_the_rate_of_the_receipt(self):
        """100 dollars at 1.25 dollars per euro are 80 euros, returned at the same."""
        session = self._dollar_session({"2025-03-01": 1.25})
        receipt = self.receipt("2025-03-05 10:00", self.user_seller, session=session)
        self.assertEqual(self.value("revenue"), 80.0)
        self.take_back(receipt, "2025-03-06 10:00")
        self.assertEqual(self.value("revenue"), 0.0)

    def test_no_rate_stops_before_anything_is_written(self):
        session = self._dollar_session({})
        self.receipt("2025-03-05 10:00", self.user_seller, session=session)
        with self.assertRaises(SourceError) as caught, self.env.cr.savepoint():
            self.measure("revenue")
        self.assertIn("USD", str(caught.exception))
        self.assertFalse(self.atoms("revenue"))

    def _dollar_session(self, rates):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in rates.items()
            ]
        )
        self.bank = self.bank.copy({"name": "Bank $", "currency_id": dollar.id})
        journal = self.sale_journal.copy({"code": "KPID", "currency_id": dollar.id})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        method = self.env["pos.payment.method"].create(
            {"name": "Card $", "journal_id": self.bank.id}
        )
        till = self._create_till(
            "Dollars",
            journal_id=journal.id,
            use_pricelist=True,
            pricelist_id=pricelist.id,
            available_pricelist_ids=[Command.set(pricelist.ids)],
            payment_method_ids=[Command.set(method.ids)],
        )
        return self._open(till)

    # -------------------------------------------------------------- refunds
    def test_a_refund_lowers_the_revenue_of_the_seller_of_the_receipt(self):
        """Sold by one for 350, a chair of it taken back a week later by the other."""
        receipt = self.receipt(
            "2025-03-05 10:00",
            self.user_seller,
            [(self.product, 1), (self.product_2, 1)],
        )
        self.take_back(
            receipt, "2025-03-12 10:00", self.user_seller_2, {self.product: 1}
        )
        self.measure("revenue")
        self.assertRecordValues(
            self.atoms("revenue"),
            [
                {
                    "date": date(2025, 3, 5),
                    "employee_id": self.seller.id,
                    "numerator": 350.0,
                },
                {
                    "date": date(2025, 3, 12),
                    "employee_id": self.seller.id,
                    "numerator": -100.0,
                },
            ],
        )

    def test_a_refund_lowers_revenue_whatever_sign_the_till_wrote(self):
        """The till's own screen sends the amounts of a return without their minus."""
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        refund = self.take_back(receipt, "2025-03-06 10:00")
        self.assertLess(refund.lines.price_subtotal, 0)
        refund.lines.price_subtotal = 100.0
        self.assertEqual(self.value("revenue"), 0.0)

    def test_an_exchange_is_a_return_of_one_and_a_sale_of_the_other(self):
        """The chair of the seller goes back for the table that seller 2 sells."""
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        self.receipt(
            "2025-03-06 10:00",
            self.user_seller_2,
            [
                (
                    self.product,
                    -1,
                    100.0,
                    {"refunded_orderline_id": receipt.lines.id},
                ),
                (self.product_2, 1),
            ],
        )
        self.measure("revenue orders_processed average_check")
        self.assertEqual(self.fact("revenue", self.seller).value, 0.0)
        self.assertEqual(self.fact("revenue", self.seller_2).value, 250.0)
        self.assertEqual(self.fact("orders_processed", self.seller_2).value, 1.0)
        self.assertEqual(self.fact("average_check", self.seller_2).value, 250.0)
        self.assertEqual(
            self.fact("average_check", self.seller).reason, "zero_denominator"
        )

    def test_a_credit_note_on_the_invoice_of_a_receipt(self):
        """30 of 100 credited by the accountant: it is the seller's."""
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        invoice = self.invoice_receipt(receipt, "2025-03-05 10:05")
        self.refund(invoice, "2025-03-12", 30.0, self.user_payroll)
        self.measure("revenue average_check")
        self.assertEqual(
            self.atoms("revenue").mapped(lambda a: (a.date.day, a.numerator)),
            [(5, 100.0), (12, -30.0)],
        )
        self.assertEqual(self.atoms("revenue").employee_id, self.seller)
        # 70 by one sale, which is not undone by less than all of it
        self.assertEqual(self.fact("average_check", self.seller).value, 70.0)

    def test_a_refund_that_is_invoiced_counts_once(self):
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        self.invoice_receipt(receipt, "2025-03-05 10:05")
        refund = self.take_back(receipt, "2025-03-06 10:00")
        if not refund.account_move:
            self.invoice_receipt(refund, "2025-03-06 10:05")
        self.assertEqual(refund.account_move.move_type, "out_refund")
        self.assertEqual(self.value("revenue"), 0.0)
        self.assertEqual(
            self.atoms("revenue").mapped("numerator"),
            [100.0, -100.0],
        )

    # ---------------------------------------------------------------- sales
    def test_share_of_the_department(self):
        """300 at the till of 400: three quarters."""
        self.receipt("2025-03-05 10:00", self.user_seller, [(self.product, 3)])
        self.invoice("2025-03-05", 100.0, self.user_seller_2)
        self.assertEqual(self.value("revenue_share", self.seller), 75.0)

    def test_average_check_and_lines_of_orders_and_receipts(self):
        """An order of 100 and receipts of 200 and 300: 600 by 3, with 1, 1 and 2 lines;
        a wholly returned one of 250 is no sale any more.
        """
        order = self.order("2025-03-04 10:00", self.user_seller)
        self.invoice("2025-03-04", order=order)
        self.receipt("2025-03-05 10:00", self.user_seller, [(self.product, 2)])
        self.receipt(
            "2025-03-05 11:00",
            self.user_seller,
            [(self.product_2, 1), (self.service, 1)],
        )
        returned = self.receipt(
            "2025-03-05 12:00", self.user_seller, [(self.product_2, 1)]
        )
        self.take_back(returned, "2025-03-06 12:00", self.user_seller_2)
        self.measure("average_check lines_per_sale orders_processed")
        self.assertEqual(self.fact("average_check", self.seller).value, 200.0)
        self.assertAlmostEqual(self.fact("lines_per_sale", self.seller).value, 4 / 3)
        # processed it was, and the return is no order
        self.assertEqual(self.fact("orders_processed", self.seller).value, 4.0)
        self.assertEqual(self.fact("orders_processed", self.seller_2).value, 0.0)

    def test_a_credit_note_over_everything_undoes_the_sale(self):
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        invoice = self.invoice_receipt(receipt, "2025-03-05 10:05")
        self.receipt("2025-03-05 11:00", self.user_seller, [(self.product, 3)])
        self.refund(invoice, "2025-03-12")
        self.assertEqual(self.value("average_check", self.seller), 300.0)

    def test_discounts_and_tips_are_no_lines(self):
        self.till.tip_product_id = self.service
        self.receipt(
            "2025-03-05 10:00",
            self.user_seller,
            [(self.product, 1), (self.product_2, 1, -20.0), (self.service, 1)],
        )
        self.assertEqual(self.value("lines_per_sale", self.seller), 1.0)
        self.assertEqual(self.value("revenue", self.seller), 130.0)

    def test_the_parts_of_a_combo_are_one_line(self):
        receipt = self.receipt(
            "2025-03-05 10:00",
            self.user_seller,
            [(self.product, 1), (self.product_2, 1, 0.0), (self.service, 1)],
        )
        receipt.lines[0].combo_parent_id = receipt.lines[1]
        self.assertEqual(self.value("lines_per_sale", self.seller), 2.0)

    # -------------------------------------------------------- other add-ons
    def test_the_employee_at_the_till_goes_before_its_user(self):
        """A cashier without a user logs in by badge while the lead's session runs."""
        self.assertIn("employee_id", self.env["pos.order"]._fields, "pos_hr is here")
        self.receipt("2025-03-05 10:00", self.user_lead, employee_id=self.nobody.id)
        receipt = self.receipt("2025-03-06 10:00", self.user_lead)
        receipt.employee_id = False
        for code, values in (("revenue", (100.0, 100.0)), ("orders_processed", (1, 1))):
            self.measure(code)
            with self.subTest(code):
                self.assertEqual(
                    (self.fact(code, self.nobody).value, self.fact(code, self.lead)[0]),
                    values,
                )

    def test_a_sales_order_settled_at_the_till_is_its_sellers(self):
        """An order of 100 by the seller, paid at the till of seller 2, who sells a
        table of 250 besides. Nothing is counted twice.
        """
        self.assertIn("sale_order_origin_id", self.env["pos.order.line"]._fields)
        order = self.order("2025-03-04 10:00", self.user_seller)
        link = {
            "sale_order_origin_id": order.id,
            "sale_order_line_id": order.order_line.id,
        }
        self.receipt(
            "2025-03-05 10:00",
            self.user_seller_2,
            [(self.product, 1, 100.0, link), (self.product_2, 1)],
        )
        self.measure("revenue orders_processed average_check lines_per_sale")
        for employee, revenue in ((self.seller, 100.0), (self.seller_2, 250.0)):
            with self.subTest(employee.name):
                self.assertEqual(self.fact("revenue", employee).value, revenue)
                self.assertEqual(self.fact("orders_processed", employee).value, 1.0)
                self.assertEqual(self.fact("average_check", employee).value, revenue)
                self.assertEqual(self.fact("lines_per_sale", employee).value, 1.0)

    def test_a_receipt_that_only_settles_is_no_sale_of_its_own(self):
        order = self.order("2025-03-04 10:00", self.user_seller)
        link = {"sale_order_origin_id": order.id}
        receipt = self.receipt(
            "2025-03-05 10:00", self.user_seller_2, [(self.product, 1, 100.0, link)]
        )
        self.take_back(receipt, "2025-03-06 10:00", self.user_seller_2)
        self.assertEqual(self.value("orders_processed"), 1.0)
        self.assertEqual(self.value("revenue", self.seller_2), 0.0)
        self.assertEqual(self.value("revenue", self.seller), 0.0)
        self.assertEqual(
            sorted(self.atoms("revenue").mapped("numerator")), [-100.0, 100.0]
        )

    # ----------------------------------------------------------- drill-down
    def test_behind_the_figure_stands_the_receipt(self):
        receipt = self.receipt("2025-03-05 10:00", self.user_seller)
        self.invoice_receipt(receipt, "2025-03-05 10:05")
        self.measure("revenue")
        action = self.atoms("revenue").action_open_documents()
        documents = (
            self.env["kpi.document"].with_context(**action["context"]).search([])
        )
        self.assertRecordValues(
            documents,
            [
                {
                    "res_model": "pos.order",
                    "res_id": receipt.id,
                    "reference": receipt.display_name,
                    "numerator": 100.0,
                }
            ],
        )
        opened = documents.action_open()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("pos.order", receipt.id)
        )
