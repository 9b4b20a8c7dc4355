"""The number of statements does not grow with documents, employees or figures."""

from odoo.tests import tagged

from .delay_common import DelayCommon

SOURCES = (
    "revenue",
    "revenue_share",
    "orders_processed",
    "average_check",
    "lines_per_sale",
    "pick_lateness_hours",
    "pick_delay_hours",
    "pick_late_share",
    "pick_long_late_share",
    "order_handling_hours",
    "supplier_lead_hours",
    "supplier_lateness_hours",
    "supplier_delay_hours",
    "supplier_late_share",
    "receiving_hours",
    "receiving_late_share",
    "inbound_delay_hours",
    "inbound_delay_supplier",
    "inbound_delay_receiving",
    "delivery_lateness_hours",
    "delivery_delay_hours",
    "delivery_late_share",
    "promise_moved_share",
)


@tagged("post_install", "-at_install")
class TestQueries(DelayCommon):
    def _count(self, work):
        """The statements of a call with nothing in the cache, and its result."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def _documents(self, count):
        for number in range(count):
            user = (self.user_seller, self.user_seller_2, self.user_wholesaler)[
                number % 3
            ]
            order = self.order(f"2025-03-{number % 19 + 1:02} 10:00", user)
            self.invoice(f"2025-03-{number % 19 + 1:02}", order=order)

    def _receipts(self, count):
        for number in range(count):
            day = f"2025-03-{number % 19 + 1:02}"
            order = self.purchase(promise=f"{day} 11:00", at=f"{day} 08:00")
            self.mark(order.picking_ids, f"{day} 09:00")
            self.receive(order, f"{day} 17:00")

    def test_measuring(self):
        """Twelve times the documents, the same statements, and not many."""
        for code in SOURCES:
            self.measure(code)
        self._documents(1)
        self._receipts(1)
        few = {code: self._count(lambda c=code: self.measure(c)) for code in SOURCES}
        self._documents(12)
        self._receipts(12)
        for code in SOURCES:
            with self.subTest(code):
                statements, measured = self._count(lambda c=code: self.measure(c))
                self.assertGreater(measured.inserted, few[code][1].inserted)
                self.assertLessEqual(statements, few[code][0])
                self.assertLess(statements, 25)

    def test_measuring_any_model(self):
        indicator = self.create_indicator(
            "of_model",
            source="model",
            model_id=self.env["ir.model"]._get("sale.order").id,
            model_domain="[('state', '=', 'sale')]",
            model_date_path="date_order",
            model_measure_path="amount_untaxed",
            model_employee_path="user_id",
        )
        self._documents(1)
        few, _measured = self._count(lambda: self.measure(indicator))
        self._documents(9)
        many, measured = self._count(lambda: self.measure(indicator))
        self.assertEqual(measured.inserted, 8)
        self.assertLessEqual(many, few)

    def test_detecting_late_corrections(self):
        self._documents(2)
        march = self.period()
        with self.at("2025-04-02 10:00"):
            march.action_measure()
            march.action_close()
        detect = self.env["kpi.late.correction"]._detect
        revenue = self.indicator("revenue")
        with self.at("2025-04-03 10:00"):
            self.invoice("2025-03-01", 1.0, self.user_seller)
            few, _result = self._count(lambda: detect(revenue))
            for day in range(2, 12):
                self.invoice(f"2025-03-{day:02}", 1.0, self.user_seller)
            many, _result = self._count(lambda: detect(revenue))
        self.assertEqual(march.late_correction_count, 11)
        self.assertEqual(many, few)

    def test_refreshing_scorecards(self):
        self.create_indicator(
            "per_order", source="formula", formula="revenue / orders_processed"
        )
        self._documents(6)
        self.measure(" ".join(SOURCES))
        lines = [
            ("revenue", 0.2, 1, 2, 3),
            ("revenue", 0.2, 1, 2, 3, {"scope": "department"}),
            ("revenue_share", 0.2, 1, 2, 3),
            ("average_check", 0.2, 1, 2, 3),
            ("per_order", 0.2, 1, 2, 3),
        ]
        self.matrix("Sales", lines, employees=self.seller)
        march = self.period()
        march.action_generate_scorecards()
        few, _result = self._count(march.scorecard_ids.line_ids._refresh_facts)
        employees = (self.seller_2, self.wholesaler, self.nobody, self.picker)
        self.matrix("Others", lines, employees=employees)
        march.action_generate_scorecards()
        self.assertEqual(len(march.scorecard_ids), 5)
        many, _result = self._count(march.scorecard_ids.line_ids._refresh_facts)
        self.assertLessEqual(many, few)
        self.assertLess(many, 40)

    def test_documents_of_a_figure(self):
        self.matrix(
            "Sales",
            [("revenue", 1, 1, 2, 3, {"scope": "department"})],
            employees=self.seller,
        )
        march = self.period()
        march.action_generate_scorecards()
        line = march.scorecard_ids.line_ids
        documents = self.env["kpi.document"].with_context(
            kpi_figure_model=line._name, kpi_figure_id=line.id
        )
        columns = ["reference", "partner_name", "date", "numerator", "employee_id"]
        counts = []
        for count in (1, 9):
            self._documents(count)
            statements, rows = self._count(lambda: documents.search_read([], columns))
            counts.append(statements)
        self.assertEqual(len(rows), 7)
        # The first time, access rights are read, too.
        self.assertLessEqual(counts[1], counts[0])
