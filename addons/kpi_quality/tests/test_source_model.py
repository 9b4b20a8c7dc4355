from datetime import date, datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..exceptions import SourceError
from ..models.kpi_engine import Measured
from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestSourceModel(KpiCommon):
    def _indicator(self, model="sale.order", code="of_model", **values):
        values.setdefault("model_date_path", "date_order")
        if model == "sale.order":
            values.setdefault("model_employee_path", "user_id")
            values.setdefault("model_domain", "[('state', '=', 'sale')]")
        return self.create_indicator(
            code,
            source="model",
            model_id=self.env["ir.model"]._get(model).id,
            **values,
        )

    # -------------------------------------------------------- sums and counts
    def test_count_of_records_with_a_domain(self):
        indicator = self._indicator()
        self.order("2025-03-05 10:00", self.user_seller)
        self.order("2025-03-06 10:00", self.user_seller)
        self.quotation("2025-03-06 10:00", self.user_seller)
        self.measure(indicator)
        self.assertEqual(self.fact(indicator, self.seller).value, 2.0)
        self.assertEqual(self.fact(indicator, self.sales).value, 2.0)

    def test_same_as_the_built_in_source(self):
        """By user and local day, like orders_processed."""
        indicator = self._indicator(model_warehouse_path="warehouse_id")
        self.order("2025-03-05 23:30", self.user_seller)
        self.order("2025-03-06 00:30", self.user_seller)
        self.order("2025-03-06 10:00")
        self.measure("orders_processed of_model")
        columns = ("date", "employee_id", "department_id", "site_id", "numerator")
        rows = [
            self.atoms(code).read(columns, load=None)
            for code in ("orders_processed", "of_model")
        ]
        for row in rows[0] + rows[1]:
            del row["id"]
        self.assertEqual(rows[0], rows[1])
        self.assertEqual(len(rows[0]), 3)
        self.assertEqual(indicator.aggregation, "sum")

    def test_measure_and_day_of_a_date_field(self):
        indicator = self._indicator(
            "account.move",
            model_domain="[('state', '=', 'posted')]",
            model_date_path="invoice_date",
            model_measure_path="amount_untaxed_signed",
            model_employee_path="invoice_user_id",
        )
        self.invoice("2025-03-31", 100.0, self.user_seller)
        self.invoice("2025-03-01", 20.0, self.user_seller)
        self.invoice("2025-02-28", 3.0, self.user_seller)
        self.measure(indicator)
        self.assertEqual(self.fact(indicator, self.seller).value, 120.0)
        self.assertEqual(
            self.atoms("of_model").mapped("date"),
            [date(2025, 3, 1), date(2025, 3, 31)],
        )

    def test_ratio_with_measure_and_base(self):
        """200 and 600 by 2 lines are 400 a line, by 8 pieces 100 a piece."""
        self.order("2025-03-05 10:00", self.user_seller, [(self.product, 2)])
        self.order("2025-03-06 10:00", self.user_seller, [(self.product, 6)])
        lines = {
            "model_domain": "[('state', '=', 'sale')]",
            "model_date_path": "order_id.date_order",
            "model_employee_path": "order_id.user_id",
            "aggregation": "ratio",
            "model_measure_path": "price_subtotal",
        }
        mean = self._indicator("sale.order.line", "mean_line", **lines)
        price = self._indicator(
            "sale.order.line",
            "mean_price",
            model_base_path="product_uom_qty",
            **lines,
        )
        self.measure("mean_line mean_price")
        self.assertEqual(self.fact(mean, self.seller)[:3], (400.0, 800.0, 2.0))
        self.assertEqual(self.fact(price, self.seller)[:3], (100.0, 800.0, 8.0))

    def test_distinct_customers(self):
        """Two orders of one customer and one of another: two in the month, and one
        each on the days."""
        indicator = self._indicator(
            aggregation="distinct", model_key_path="partner_id.commercial_partner_id"
        )
        other = self._create_partner("Other")
        branch = self._create_partner("Branch", parent_id=self.partner.id)
        self.order("2025-03-05 10:00", self.user_seller)
        self.order("2025-03-06 10:00", self.user_seller, partner_id=branch.id)
        self.order("2025-03-06 11:00", self.user_seller_2, partner_id=other.id)
        self.measure(indicator)
        self.assertEqual(self.fact(indicator).value, 2.0)
        self.assertEqual(self.fact(indicator, self.seller).value, 1.0)
        self.assertEqual(self.fact(indicator, self.retail).value, 2.0)

    def test_key_zero_is_no_key(self):
        indicator = self._indicator(
            "res.partner",
            aggregation="distinct",
            model_date_path="create_date",
            model_key_path="color",
            model_domain="[('ref', '=', 'KEYS')]",
            company_id=self.company.id,
        )
        with self.at("2025-03-05 10:00"):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"P{color}", "color": color, "ref": "KEYS"}
                    for color in (0, 0, 3, 3, 5)
                ]
            )
        self._backdate(partners, "2025-03-05 10:00")
        self.env.cr.execute(
            "UPDATE res_partner SET color = NULL WHERE id = %s", [partners[0].id]
        )
        self.measure(indicator)
        self.assertEqual(self.fact(indicator).value, 2.0)
        self.assertEqual(self.measure(indicator), Measured(0, 0, 0))

    def _backdate(self, records, moment):
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {records._table} SET create_date = %s WHERE id = ANY(%s)",
            [self.utc(moment), records.ids],
        )
        self.env.invalidate_all()

    # ---------------------------------------------------------------- who
    def test_path_to_an_employee(self):
        """Hours worked, by attendance; whose company is the employee's."""
        indicator = self._indicator(
            "hr.attendance",
            model_date_path="check_in",
            model_measure_path="worked_hours",
            model_employee_path="employee_id",
        )
        for employee, hours in ((self.seller, 8), (self.nobody, 5)):
            self.env["hr.attendance"].create(
                {
                    "employee_id": employee.id,
                    "check_in": self.utc("2025-03-05 00:30"),
                    "check_out": self.utc("2025-03-05 00:30") + timedelta(hours=hours),
                }
            )
        self.measure(indicator)
        self.assertEqual(self.atoms("of_model").mapped("date"), [date(2025, 3, 5)] * 2)
        self.assertAlmostEqual(self.fact(indicator, self.seller).value, 8.0, 2)
        self.assertAlmostEqual(self.fact(indicator, self.nobody).value, 5.0, 2)
        self.assertEqual(self.fact(indicator, self.picker).value, 0.0)
        nobody_2 = self._create_employee("nobody 2", self.retail)
        self.assertEqual(self.fact(indicator, nobody_2).value, 0.0)

    def test_path_to_a_department(self):
        """The department that a record names, whoever its employee is."""
        indicator = self._indicator(
            "hr.job",
            model_date_path="create_date",
            model_measure_path="no_of_recruitment",
            model_department_path="department_id",
        )
        job = self.env["hr.job"].create(
            {
                "name": "Guard",
                "company_id": self.company.id,
                "department_id": self.storage.id,
                "no_of_recruitment": 3,
            }
        )
        self._backdate(job, "2025-03-05 10:00")
        self.measure(indicator)
        self.assertEqual(self.fact(indicator, self.storage).value, 3.0)
        self.assertEqual(self.fact(indicator).value, 3.0)

    def test_employee_moved_in_the_month(self):
        indicator = self._indicator()
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        self.order("2025-03-10 10:00", self.user_seller)
        self.order("2025-03-12 10:00", self.user_seller)
        self.measure(indicator)
        self.assertEqual(self.fact(indicator, self.retail).value, 1.0)
        self.assertEqual(self.fact(indicator, self.wholesale).value, 1.0)

    def test_related_and_inherited_fields(self):
        """product.product keeps its price on the template."""
        indicator = self._indicator(
            "product.product",
            model_domain="[('default_code', '=', 'KPI-INHERITED')]",
            model_date_path="create_date",
            model_measure_path="list_price",
            company_id=self.company.id,
        )
        product = self._create_product("Bed", 70.0, default_code="KPI-INHERITED")
        self._backdate(product, "2025-03-05 10:00")
        self.measure(indicator)
        self.assertEqual(self.fact(indicator).value, 70.0)

    # ------------------------------------------------------------- company
    def test_company_of_the_record(self):
        indicator = self._indicator()
        self.order("2025-03-05 10:00", self.user_seller)
        self.measure(indicator)
        self.assertFalse(
            self.atoms("of_model", company=self.env.ref("base.main_company"))
        )
        self.assertEqual(len(self.atoms("of_model")), 1)

    def test_records_without_company_have_one_all_the_same(self):
        """Whoever measures: the same company, or the figures would wander."""
        first = self.env["res.company"].search([], order="id", limit=1)
        values = {
            "model_domain": "[('ref', '=', 'NOCOMPANY')]",
            "model_date_path": "create_date",
        }
        shared = self._indicator("res.partner", "shared", **values)
        own = self._indicator(
            "res.partner", "own", company_id=self.company.id, **values
        )
        partner = self._create_partner("Nobody's", ref="NOCOMPANY")
        self._backdate(partner, "2025-03-05 10:00")
        for company in (self.company, first):
            self.measure([(shared | own).with_company(company)[i] for i in (0, 1)])
        self.assertEqual(len(self.atoms("own")), 1)
        self.assertEqual(len(self.atoms("shared", company=first)), 1)
        self.assertFalse(self.atoms("shared"))
        self.assertEqual(shared.aggregation, own.aggregation)

    def test_records_of_another_company_are_not_seen_by_an_indicator_of_one(self):
        other = self._create_company("Other")
        indicator = self._indicator(
            "res.partner",
            model_domain="[('ref', '=', 'THERE')]",
            model_date_path="create_date",
            company_id=self.company.id,
        )
        there = self._create_partner("There", ref="THERE", company_id=other.id)
        self._backdate(there, "2025-03-05 10:00")
        self.assertEqual(self.measure(indicator), Measured(0, 0, 0))

    # ------------------------------------------------------------- currency
    def test_money_in_other_currencies_is_not_added_up(self):
        indicator = self._indicator(model_measure_path="amount_untaxed")
        self.order("2025-03-05 10:00", self.user_seller)
        self.measure(indicator)
        self.assertEqual(self.fact(indicator, self.seller).value, 100.0)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        order = self.order(
            "2025-03-06 10:00", self.user_seller, pricelist_id=pricelist.id
        )
        self.assertEqual(order.currency_id, dollar)
        with self.assertRaises(SourceError) as caught, self.env.cr.savepoint():
            self.measure(indicator)
        self.assertEqual(caught.exception.hint, "definition")
        self.assertIn("USD", str(caught.exception))
        self.assertEqual(len(self.atoms("of_model")), 1)
        indicator.model_domain = (
            f"[('state', '=', 'sale'), ('currency_id', '!=', {dollar.id})]"
        )
        self.measure(indicator)
        self.assertEqual(self.fact(indicator, self.seller).value, 100.0)

    # ------------------------------------------------------------- snapshot
    def test_snapshot_is_of_today_and_keeps_past_days(self):
        """Open quotations: 2 on the 18th, 1 on the 19th, none on the 20th."""
        indicator = self._indicator(
            aggregation="snapshot", model_domain="[('state', '=', 'draft')]"
        )
        first = self.quotation("2025-03-10 10:00", self.user_seller)
        second = self.quotation("2025-03-11 10:00", self.user_seller)
        with self.at("2025-03-18 20:00"):
            self.measure(indicator, now=self.utc("2025-03-18 20:00"))
        with self.at("2025-03-19 20:00"):
            first.action_confirm()
            self.measure(indicator, now=self.utc("2025-03-19 20:00"))
        second.action_confirm()
        self.measure(indicator)
        seller = self.atoms("of_model", employee_id=self.seller)
        self.assertEqual(
            [(atom.date.day, atom.numerator) for atom in seller], [(18, 2), (19, 1)]
        )
        self.assertEqual(self.fact(indicator, self.seller).value, 0.0)
        self.assertEqual(self.fact(indicator).value, 0.0)
        until_19 = (date(2025, 3, 1), date(2025, 3, 19))
        self.assertEqual(self.fact(indicator, self.seller, *until_19).value, 1.0)
        indicator.snapshot_value = "mean"
        self.assertEqual(self.fact(indicator, self.seller).value, 1.0)
        self.assertEqual(self.measure(indicator), Measured(0, 0, 0))

    def test_snapshot_taken_again_on_the_same_day(self):
        indicator = self._indicator(
            aggregation="snapshot", model_domain="[('state', '=', 'draft')]"
        )
        self.quotation("2025-03-10 10:00", self.user_seller)
        self.measure(indicator)
        atom = self.atoms("of_model", employee_id=self.seller)
        self.quotation("2025-03-20 11:00", self.user_seller)
        self.measure(indicator)
        self.assertEqual(self.atoms("of_model", employee_id=self.seller), atom)
        self.assertEqual(atom.numerator, 2.0)
        self.assertEqual(atom.date, date(2025, 3, 20))

    # ------------------------------------------------------------ definitions
    def test_definitions_that_cannot_be_read_are_refused(self):
        for wrong, values in (
            ("no_such_field", {"model_domain": "[('no_such_field', '=', 1)]"}),
            ("filter", {"model_domain": "[('state', '=', 'sale')"}),
            ("filter", {"model_domain": "42"}),
            ("filter", {"model_domain": "[('state', 'looks like', 'sale')]"}),
            ("filter", {"model_domain": "[('state', '=', user.id)]"}),
            ("no_such_date", {"model_date_path": "no_such_date"}),
            ("does not lead to", {"model_date_path": "name"}),
            ("has no field", {"model_date_path": False}),
            ("has no field", {"model_date_path": "partner_id..create_date"}),
            ("does not lead to", {"model_date_path": "order_line.create_date"}),
            ("Added up", {"model_measure_path": "name"}),
            ("Added up", {"model_measure_path": "partner_id.nothing"}),
            ("Added up", {"model_measure_path": "amount_total.cents"}),
            ("on the fly", {"model_measure_path": "amount_paid"}),
            ("does not lead to", {"model_employee_path": "partner_id"}),
            ("does not lead to", {"model_department_path": "user_id"}),
            ("does not lead to", {"model_warehouse_path": "company_id"}),
            ("has no field", {"aggregation": "distinct"}),
            ("does not lead to", {"aggregation": "distinct", "model_key_path": "name"}),
        ):
            with self.subTest(values), self.assertRaises(ValidationError) as caught:
                with self.env.cr.savepoint():
                    self._indicator(**values)
            self.assertIn(wrong, str(caught.exception))

    def test_model_that_keeps_no_records_is_refused(self):
        for model in ("sale.advance.payment.inv", "kpi.figure.mixin"):
            with self.subTest(model), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self._indicator(model, model_date_path="create_date")

    def test_definition_that_broke_later(self):
        """The field was removed with its app: an error with what to do."""
        indicator = self._indicator()
        self.order("2025-03-05 10:00", self.user_seller)
        self.measure(indicator)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kpi_indicator SET model_domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", indicator.id],
        )
        indicator.invalidate_recordset()
        with self.assertRaises(SourceError) as caught, self.env.cr.savepoint():
            self.measure(indicator)
        self.assertEqual(caught.exception.hint, "definition")
        self.assertIn("gone", str(caught.exception))
        self.assertEqual(self.atoms("of_model").numerator, 1.0)

    def test_archived_records_do_not_count(self):
        indicator = self._indicator(
            "res.partner",
            model_domain="[('ref', '=', 'ARCHIVED')]",
            model_date_path="create_date",
            company_id=self.company.id,
        )
        partners = self.env["res.partner"].create(
            [{"name": "A", "ref": "ARCHIVED"}, {"name": "B", "ref": "ARCHIVED"}]
        )
        self._backdate(partners, "2025-03-05 10:00")
        partners[0].active = False
        self.measure(indicator)
        self.assertEqual(self.fact(indicator).value, 1.0)

    def test_records_without_a_date_do_not_count(self):
        indicator = self._indicator(
            "account.move",
            model_domain=f"[('journal_id', '=', {self.sale_journal.id})]",
            model_date_path="invoice_date",
        )
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_line_ids": [Command.create({"name": "x", "price_unit": 1.0})],
            }
        )
        self.assertEqual(self.measure(indicator), Measured(0, 0, 0))

    def test_figures_are_of_all_records_whoever_measures(self):
        """The manager may not read orders; the figure counts them all the same."""
        indicator = self._indicator()
        self.order("2025-03-05 10:00", self.user_seller)
        self.assertFalse(
            self.env["sale.order"].with_user(self.user_manager).has_access("read")
        )
        indicator.with_user(self.user_manager).action_measure()
        self.assertEqual(self.fact(indicator, self.seller).value, 1.0)

    def test_snapshot_by_the_hour_is_refused(self):
        with self.assertRaises(ValidationError):
            self._indicator(aggregation="snapshot", grain="hour")

    def test_hour_of_a_datetime(self):
        indicator = self._indicator(grain="hour")
        self.order("2025-03-05 23:30", self.user_seller)
        self.measure(indicator)
        self.assertRecordValues(
            self.atoms("of_model"), [{"date": date(2025, 3, 5), "hour": 23}]
        )
        self.assertEqual(
            self.indicator("of_model").measured_at, datetime(2025, 3, 20, 9)
        )
