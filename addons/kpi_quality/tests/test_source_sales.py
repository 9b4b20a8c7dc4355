from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from ..exceptions import SourceError
from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestSourceSales(KpiCommon):
    # -------------------------------------------------------------- revenue
    def test_revenue_is_untaxed_and_posted_only(self):
        self.company.country_id = self.env.ref("base.de")
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "country_id": self.company.country_id.id}
        )
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20.0,
                "tax_group_id": group.id,
                "country_id": group.country_id.id,
            }
        )
        self.invoice(
            "2025-03-05",
            user=self.user_seller,
            invoice_line_ids=[
                Command.create(
                    {"name": "Goods", "price_unit": 500.0, "tax_ids": tax.ids}
                )
            ],
        )
        draft = self.invoice("2025-03-05", 70.0, self.user_seller)
        draft.button_draft()
        cancelled = self.invoice("2025-03-06", 80.0, self.user_seller)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.measure("revenue")
        self.assertRecordValues(
            self.atoms("revenue"),
            [
                {
                    "date": date(2025, 3, 5),
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "site_id": self.shop.id,
                    "warehouse_id": False,
                    "numerator": 500.0,
                    "sample": 1,
                }
            ],
        )

    def test_vendor_bills_are_no_revenue(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2025-03-05",
                "invoice_line_ids": [Command.create({"name": "x", "price_unit": 9.0})],
            }
        )
        bill.action_post()
        self.measure("revenue")
        self.assertFalse(self.atoms("revenue"))

    def test_refund_is_credited_to_the_seller_of_the_invoice(self):
        """1,000 sold in March by the seller, 300 taken back by the accountant."""
        invoice = self.invoice("2025-03-05", 1000.0, self.user_seller)
        self.refund(invoice, "2025-03-12", 300.0, self.user_payroll)
        self.measure("revenue")
        self.assertRecordValues(
            self.atoms("revenue"),
            [
                {
                    "date": date(2025, 3, 5),
                    "employee_id": self.seller.id,
                    "numerator": 1000.0,
                },
                {
                    "date": date(2025, 3, 12),
                    "employee_id": self.seller.id,
                    "numerator": -300.0,
                },
            ],
        )
        self.assertEqual(self.fact("revenue", self.seller).value, 700.0)
        self.assertEqual(self.fact("revenue", self.office).value, 0.0)

    def test_refund_of_last_month_lowers_this_month(self):
        invoice = self.invoice("2025-02-27", 1000.0, self.user_seller)
        self.refund(invoice, "2025-03-03")
        self.measure("revenue", "2025-02-01")
        february = (date(2025, 2, 1), date(2025, 2, 28))
        self.assertEqual(self.fact("revenue", self.seller, *february).value, 1000.0)
        self.assertEqual(self.fact("revenue", self.seller).value, -1000.0)

    def test_other_currency_counts_at_the_rate_of_the_invoice(self):
        """100 dollars at 1.25 dollars per euro are 80 euros, refunded at 2.00: 25."""
        dollar = self._currency({"2025-03-01": 1.25, "2025-03-10": 2.0})
        self.invoice("2025-03-05", 100.0, self.user_seller, currency_id=dollar.id)
        later = self.invoice(
            "2025-03-11", 50.0, self.user_seller, currency_id=dollar.id
        )
        self.measure("revenue")
        self.assertEqual(
            self.atoms("revenue").mapped("numerator"),
            [80.0, 25.0],
        )
        self.refund(later, "2025-03-12")
        self.measure("revenue")
        self.assertEqual(self.fact("revenue", self.seller).value, 80.0)

    def test_no_rate_stops_before_anything_is_written(self):
        invoice = self.invoice("2025-03-04", 10.0, self.user_seller)
        self.measure("revenue")
        atoms = self.atoms("revenue")
        kyat = self._currency({}, "MMK")
        self.invoice("2025-03-05", 9000.0, self.user_seller, currency_id=kyat.id)
        invoice.button_draft()
        for code in ("revenue", "revenue_share", "average_check"):
            with self.subTest(code), self.assertRaises(SourceError) as caught:
                with self.env.cr.savepoint():
                    self.measure(code)
            self.assertEqual(caught.exception.hint, "data")
            self.assertIn("MMK", str(caught.exception))
            self.assertIn(self.company.name, str(caught.exception))
        self.assertEqual(self.atoms("revenue"), atoms)
        self.assertEqual(atoms.numerator, 10.0)

    def test_rate_typed_on_the_invoice_is_enough(self):
        kyat = self._currency({}, "MMK")
        self.invoice(
            "2025-03-05",
            9000.0,
            self.user_seller,
            currency_id=kyat.id,
            invoice_currency_rate=90.0,
        )
        self.measure("revenue")
        self.assertEqual(self.atoms("revenue").numerator, 100.0)

    def _currency(self, rates, name="USD"):
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", name)])
        currency.active = True
        currency.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in rates.items()
            ]
        )
        return currency

    # ---------------------------------------------------------- who and where
    def test_document_without_salesperson_belongs_to_the_company_only(self):
        self.invoice("2025-03-05", 40.0)
        self.measure("revenue")
        self.assertRecordValues(
            self.atoms("revenue"),
            [{"employee_id": False, "department_id": False, "numerator": 40.0}],
        )
        self.assertEqual(self.fact("revenue").value, 40.0)
        self.assertEqual(self.fact("revenue", self.sales).value, 0.0)

    def test_order_without_salesperson_belongs_to_the_site_of_its_warehouse(self):
        self.order("2025-03-05 10:00")
        self.measure("orders_processed")
        self.assertRecordValues(
            self.atoms("orders_processed"),
            [
                {
                    "employee_id": False,
                    "department_id": False,
                    "site_id": self.depot.id,
                    "warehouse_id": self.warehouse.id,
                    "numerator": 1.0,
                }
            ],
        )

    def test_employee_without_department_counts_for_the_company(self):
        user = self._create_user("kpi_lonely", "user")
        lonely = self._create_employee("lonely", None, user=user)
        self.invoice("2025-03-05", 60.0, user)
        self.measure("revenue")
        self.assertEqual(self.fact("revenue", lonely).value, 60.0)
        self.assertEqual(self.fact("revenue").value, 60.0)
        self.assertFalse(self.atoms("revenue").department_id)

    def test_user_without_employee_counts_for_the_company(self):
        self.invoice("2025-03-05", 60.0, self._create_user("kpi_stranger", "user"))
        self.measure("revenue")
        self.assertFalse(self.atoms("revenue").employee_id)
        self.assertEqual(self.fact("revenue").value, 60.0)

    def test_archived_employee_keeps_the_documents(self):
        self.invoice("2025-03-05", 60.0, self.user_seller)
        self.seller.action_archive()
        self.measure("revenue")
        self.assertEqual(self.atoms("revenue").employee_id.id, self.seller.id)

    def test_department_is_that_of_the_day(self):
        """Moved on 11 March: the 10th is Retail's, the 11th Wholesale's."""
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        self.invoice("2025-03-10", 100.0, self.user_seller)
        self.invoice("2025-03-11", 30.0, self.user_seller)
        self.measure("revenue")
        self.assertEqual(self.fact("revenue", self.retail).value, 100.0)
        self.assertEqual(self.fact("revenue", self.wholesale).value, 30.0)
        self.assertEqual(self.fact("revenue", self.sales).value, 130.0)
        self.assertEqual(self.fact("revenue", self.seller).value, 130.0)

    def test_version_planned_for_the_future_changes_nothing_yet(self):
        self._move_employee(self.seller, "2025-04-01", self.wholesale)
        self.invoice("2025-03-31", 100.0, self.user_seller)
        self.measure("revenue")
        self.assertEqual(self.atoms("revenue").department_id, self.retail)

    def test_days_before_the_first_version_belong_to_it(self):
        self.invoice("2023-03-10", 100.0, self.user_seller)
        self.measure("revenue", "2023-03-01", "2023-03-31")
        self.assertEqual(self.atoms("revenue").department_id, self.retail)

    def test_one_user_in_two_companies(self):
        """Each company's documents go to the employee of that company."""
        other = self._create_company("Other")
        accounts, journal = self._create_accounting(other)
        self.user_seller.company_ids += other
        there = self._create_employee(
            "there", None, user=self.user_seller, company_id=other.id
        )
        self.invoice("2025-03-05", 100.0, self.user_seller)
        env_other = self.env["account.move"].with_company(other)
        invoice = env_other.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_user_id": self.user_seller.id,
                "invoice_date": "2025-03-05",
                "journal_id": journal.id,
                "company_id": other.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": 7.0,
                            "account_id": accounts["income"].id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self.measure("revenue")
        self.assertEqual(self.fact("revenue", self.seller).value, 100.0)
        self.assertEqual(self.fact("revenue", there).value, 7.0)
        self.assertEqual(self.fact("revenue").value, 100.0)
        self.assertEqual(self.fact("revenue", other).value, 7.0)

    # --------------------------------------------------------- revenue share
    def test_share_of_the_department(self):
        """300 of the retail department's 400, whatever wholesale sells."""
        self.invoice("2025-03-05", 300.0, self.user_seller)
        self.invoice("2025-03-06", 100.0, self.user_seller_2)
        self.invoice("2025-03-07", 600.0, self.user_wholesaler)
        self.measure("revenue_share")
        self.assertEqual(self.fact("revenue_share", self.seller).value, 75.0)
        self.assertEqual(self.fact("revenue_share", self.seller_2).value, 25.0)
        self.assertEqual(self.fact("revenue_share", self.wholesaler).value, 100.0)
        self.assertEqual(self.fact("revenue_share", self.retail).value, 100.0)

    def test_share_of_a_department_without_revenue(self):
        invoice = self.invoice("2025-03-05", 300.0, self.user_seller)
        self.refund(invoice, "2025-03-06")
        self.measure("revenue_share")
        fact = self.fact("revenue_share", self.seller)
        self.assertIsNone(fact.value)
        self.assertEqual(fact.reason, "zero_denominator")

    def test_share_of_one_who_sold_nothing(self):
        """The department sold, the employee did not: a fact, and it is 0 %."""
        self.invoice("2025-03-06", 100.0, self.user_seller_2)
        self.measure("revenue_share")
        fact = self.fact("revenue_share", self.seller)
        self.assertEqual(fact.value, 0.0)
        self.assertEqual(fact.denominator, 100.0)

    # ---------------------------------------------------------------- orders
    def test_orders_processed_counts_confirmed_orders(self):
        self.order("2025-03-05 10:00", self.user_seller)
        self.order("2025-03-05 11:00", self.user_seller, [(self.product, 50)])
        self.order("2025-03-06 10:00", self.user_seller_2)
        self.quotation("2025-03-06 10:00", self.user_seller)
        self.quotation("2025-03-06 10:00", self.user_seller).action_quotation_sent()
        cancelled = self.order("2025-03-07 10:00", self.user_seller)
        cancelled._action_cancel()
        self.measure("orders_processed")
        self.assertEqual(self.fact("orders_processed", self.seller).value, 2.0)
        self.assertEqual(self.fact("orders_processed", self.sales).value, 3.0)

    def test_locked_order_counts(self):
        self.order("2025-03-05 10:00", self.user_seller).action_lock()
        self.measure("orders_processed")
        self.assertEqual(self.fact("orders_processed", self.seller).value, 1.0)

    # --------------------------------------------------------- average check
    def test_average_check(self):
        """(100 + 500 - 60) of revenue by 3 sales = 180."""
        first = self.order("2025-03-05 10:00", self.user_seller)
        second = self.order("2025-03-06 10:00", self.user_seller, [(self.product, 5)])
        self.order("2025-03-07 10:00", self.user_seller)
        self.invoice("2025-03-05", order=first)
        invoice = self.invoice("2025-03-06", order=second)
        self.refund(invoice, "2025-03-08", 60.0)
        self.measure("average_check")
        fact = self.fact("average_check", self.seller)
        self.assertEqual(fact[:4], (180.0, 540.0, 3.0, 6))

    def test_order_undone_by_refund_is_no_sale(self):
        """Of two sales of 100 one was taken back in full: 100 by 1."""
        kept = self.order("2025-03-05 10:00", self.user_seller)
        undone = self.order("2025-03-06 10:00", self.user_seller)
        self.invoice("2025-03-05", order=kept)
        invoice = self.invoice("2025-03-06", order=undone)
        self.measure("average_check orders_processed lines_per_sale")
        self.assertEqual(self.fact("average_check", self.seller).denominator, 2.0)
        self.refund(invoice, "2025-03-08")
        self.measure("average_check orders_processed lines_per_sale")
        self.assertEqual(self.fact("average_check", self.seller)[:3], (100.0, 100.0, 1))
        self.assertEqual(self.fact("lines_per_sale", self.seller)[:3], (1.0, 1.0, 1.0))
        self.assertEqual(self.fact("orders_processed", self.seller).value, 2.0)

    def test_partly_refunded_order_is_a_sale(self):
        order = self.order("2025-03-05 10:00", self.user_seller, [(self.product, 5)])
        invoice = self.invoice("2025-03-05", order=order)
        self.refund(invoice, "2025-03-08", 499.0)
        self.measure("average_check")
        self.assertEqual(self.fact("average_check", self.seller)[:3], (1.0, 1.0, 1.0))

    def test_refund_in_draft_undoes_nothing(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        invoice = self.invoice("2025-03-05", order=order)
        invoice._reverse_moves([{"invoice_date": "2025-03-08"}])
        self.measure("average_check")
        self.assertEqual(self.fact("average_check", self.seller).value, 100.0)

    def test_undone_order_invoiced_again_is_a_sale(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        self.refund(self.invoice("2025-03-05", order=order), "2025-03-06")
        self.invoice("2025-03-07", order=order)
        self.measure("average_check")
        self.assertEqual(self.fact("average_check", self.seller).value, 100.0)

    def test_part_refunded_before_the_rest_was_invoiced_is_a_sale(self):
        """A down payment that was taken back does not undo the order."""
        order = self.order("2025-03-05 10:00", self.user_seller, [(self.product, 5)])
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_ids=order.ids, active_model="sale.order"
        )
        wizard.create(
            {"advance_payment_method": "fixed", "fixed_amount": 50.0}
        ).create_invoices()
        down_payment = order.invoice_ids
        down_payment.invoice_date = "2025-03-06"
        down_payment.action_post()
        self.refund(down_payment, "2025-03-07")
        self.measure("average_check")
        self.assertEqual(self.fact("average_check", self.seller).denominator, 1.0)

    # -------------------------------------------------------- lines per sale
    def test_lines_per_sale(self):
        """3 and 1 product lines by 2 sales = 2; notes and sections are no lines."""
        big = self.order(
            "2025-03-05 10:00",
            self.user_seller,
            [(self.product, 1), (self.product_2, 2), (self.service, 1)],
        )
        big.order_line = [
            Command.create({"display_type": "line_note", "name": "Ring twice"}),
            Command.create({"display_type": "line_section", "name": "Furniture"}),
        ]
        self.order("2025-03-06 10:00", self.user_seller)
        self.measure("lines_per_sale")
        self.assertEqual(
            self.fact("lines_per_sale", self.seller)[:5], (2.0, 4.0, 2.0, 2, None)
        )

    def test_line_lowered_to_nothing_is_no_line(self):
        order = self.order(
            "2025-03-05 10:00", self.user_seller, [(self.product, 1), (self.service, 1)]
        )
        order.order_line[1].product_uom_qty = 0
        self.measure("lines_per_sale")
        self.assertEqual(self.fact("lines_per_sale", self.seller).value, 1.0)
