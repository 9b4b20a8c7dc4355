from freezegun.api import real_datetime

from odoo.tests import HttpCase, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .common import MARCH, NOW, KpiCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTours(KpiCommon, HttpCase):
    """One order, all the way to the paid bonus, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.wage = 50_000.0
        cls.sale = cls.order(
            "2025-03-10 12:00", cls.user_seller, lines=[(cls.product, 30)]
        )
        cls.template = cls.matrix(
            "Tour sellers",
            [("orders_revenue", 1.0, 1000, 2500, 4000)],
            employees=cls.seller,
        )
        cls.scheme("Tour sellers", cls.template)
        cls.march = cls.period()

    @classmethod
    def matrix(cls, name, lines, **values):
        """Revenue by order: what the tour follows down to a document it may open."""
        cls.create_indicator(
            "orders_revenue",
            name="Revenue of orders",
            unit="money",
            nature="result",
            source="model",
            aggregation="sum",
            model_id=cls.env["ir.model"]._get_id("sale.order"),
            model_domain="[('state', '=', 'sale')]",
            model_date_path="date_order",
            model_measure_path="amount_untaxed",
            model_employee_path="user_id",
            model_partner_path="partner_id",
        )
        return super().matrix(name, lines, **values)

    def tour(self, action, name, user):
        """Browsers live in the present: a frozen clock would outdate their cookies."""
        with freeze_time(real_datetime.utcnow(), tick=True):
            self.start_tour(
                f"/odoo/action-kpi_quality.{action}", name, login=user.login
            )

    def test_from_the_order_to_the_approved_bonus(self):
        self.assertEqual(self.sale.amount_untaxed, 3000)
        self.measure("orders_revenue", *MARCH)
        self.march.with_user(self.user_manager).action_generate_scorecards()
        self.tour("kpi_scorecard_action_my", "kpi_scorecard_agree", self.user_seller)
        self.assertEqual(self.march.scorecard_ids.state, "agreed")

        with self.at("2025-04-02 10:00"):
            self.march.with_user(self.user_manager).action_measure()
            self.march.with_user(self.user_manager).action_close()
        self.tour("kpi_bonus_run_action", "kpi_bonus_run_compute", self.user_payroll)
        run = self.env["kpi.bonus.run"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(run, [{"state": "submitted", "amount_total": 18000}])

        salesman = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.user_payroll_2.group_ids += salesman  # may open the order itself
        self.tour("kpi_bonus_run_action", "kpi_bonus_run_approve", self.user_payroll_2)
        run.invalidate_recordset()
        self.assertEqual(run.state, "approved")
        self.assertEqual(run.approved_by_id, self.user_payroll_2)

    @mute_logger("odoo.http")  # the refused save that the tour provokes
    def test_weights_of_a_matrix(self):
        self.tour("kpi_matrix_action", "kpi_matrix_weights", self.user_manager)
        self.assertEqual(self.template.line_ids.weight, 1.0)
