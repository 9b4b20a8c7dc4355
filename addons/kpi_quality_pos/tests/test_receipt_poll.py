from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools.safe_eval import safe_eval

from odoo.addons.kpi_quality.tests.feedback_common import FeedbackCommon

from .pos_common import PosCommon


@tagged("post_install", "-at_install")
class TestReceiptPoll(PosCommon, FeedbackCommon):
    def started(self):
        return self.env["kpi.feedback.event"].search(
            [("point_id", "=", self.counter.id)], order="pressed_at, id"
        )

    # ----------------------------------------------------------------- polls
    def test_a_paid_receipt_asks_its_customer(self):
        self.till.kpi_feedback_point_id = self.counter
        receipt = self.receipt("2025-03-05 10:00:00", self.user_seller)
        self.press(self.counter, "2025-03-05 10:00:20", "yes")
        self.assertRecordValues(
            self.env["kpi.feedback.poll"].search([("point_id", "=", self.counter.id)]),
            [
                {
                    "moment": self.utc("2025-03-05 10:00"),
                    "answer": "yes",
                    "employee_id": self.seller.id,
                    "partner_id": self.partner.id,
                    "pos_order_id": receipt.id,
                }
            ],
        )

    def test_each_receipt_asks_once(self):
        """What is known of one receipt is not taken for another one's."""
        self.till.kpi_feedback_point_id = self.counter
        first = self.receipt("2025-03-05 10:00:00", self.user_seller)
        second = self.receipt("2025-03-05 10:05:00", self.user_seller)
        self.assertEqual(first._kpi_start_poll(), self.started()[0])
        self.assertEqual(self.started().pos_order_id, first | second)
        self.assertEqual(len(self.started()), 2)

    def test_an_order_and_a_receipt_are_two(self):
        self.till.kpi_feedback_point_id = self.counter
        order = self.order("2025-03-05 09:00", self.user_seller)
        press = order._kpi_start_poll(self.counter)
        receipt = self.receipt("2025-03-05 10:00:00", self.user_seller)
        self.assertEqual(receipt._kpi_start_poll(), self.started() - press)
        self.assertEqual(order._kpi_start_poll(self.counter), press)

    def test_only_points_where_customers_can_answer_are_offered(self):
        domain = self.env["pos.config"]._fields["kpi_feedback_point_id"].domain
        offered = self.env["kpi.feedback.point"].search(
            safe_eval(domain, {"company_id": self.company.id})
        )
        self.assertEqual(offered, self.counter)

    def test_without_a_point_nobody_is_asked(self):
        self.receipt("2025-03-05 10:00:00", self.user_seller)
        self.assertFalse(self.started())

    def test_an_unpaid_receipt_asks_nobody(self):
        self.till.kpi_feedback_point_id = self.counter
        self.receipt("2025-03-05 10:00:00", self.user_seller, paid=False)
        self.assertFalse(self.started())

    def test_who_only_brings_goods_back_is_not_asked(self):
        receipt = self.receipt("2025-03-05 10:00:00", self.user_seller)
        self.till.kpi_feedback_point_id = self.counter
        self.take_back(receipt, "2025-03-06 10:00", self.user_seller)
        self.assertFalse(self.started())

    def test_a_cashier_without_any_right_on_presses_starts_a_poll(self):
        self.till.kpi_feedback_point_id = self.counter
        cashier = new_test_user(
            self.env,
            login="kpi_cashier",
            groups="point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        receipt = self.receipt("2025-03-05 10:00", cashier, paid=False)
        receipt.lines._onchange_amount_line_all()
        receipt._compute_prices()
        receipt.add_payment(
            {
                "pos_order_id": receipt.id,
                "amount": receipt.amount_total,
                "payment_method_id": self.till.payment_method_ids.id,
            }
        )
        receipt.with_user(cashier).action_pos_order_paid()
        self.assertEqual(self.started().pos_order_id, receipt)

    def test_the_employee_at_the_till_has_asked(self):
        self.till.kpi_feedback_point_id = self.counter
        self.receipt("2025-03-05 10:00", self.user_lead, employee_id=self.nobody.id)
        self.assertEqual(self.started().employee_id, self.nobody)

    # ------------------------------------------------------------- conversion
    def test_conversion_counts_receipts_that_were_not_returned(self):
        """Four attempts: a receipt, an order, and a receipt that came back: 50 %."""
        for minute in range(0, 40, 10):
            self.press(
                self.counter,
                f"2025-03-05 10:{minute:02}:00",
                "seller",
                employee_id=self.seller.id,
            )
        self.receipt("2025-03-05 10:05:00", self.user_seller)
        self.order("2025-03-05 10:15:00", self.user_seller)
        returned = self.receipt("2025-03-05 10:25:00", self.user_seller)
        self.take_back(returned, "2025-03-07 10:00", self.user_seller_2)
        self.measure("sale_conversion")
        self.assertEqual(self.fact("sale_conversion", self.seller).value, 50.0)
