from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KpiCommon

SOURCES = (
    "revenue",
    "revenue_share",
    "orders_processed",
    "average_check",
    "lines_per_sale",
    "pick_lateness_hours",
    "pick_delay_hours",
    "pick_late_share",
)


@tagged("post_install", "-at_install")
class TestDocument(KpiCommon):
    """Behind every figure stand exactly the documents that were counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_documents()
        cls.measure(" ".join(SOURCES))

    @classmethod
    def _create_documents(cls):
        cls.orders = cls.env["sale.order"]
        for number, (moment, user, done) in enumerate(
            (
                ("2025-03-05 10:00", cls.user_seller, "2025-03-05 09:00"),
                ("2025-03-05 15:00", cls.user_seller, "2025-03-07 10:00"),
                ("2025-03-06 10:00", cls.user_seller_2, None),
                ("2025-03-12 23:30", cls.user_wholesaler, "2025-03-14 10:00"),
                ("2025-03-13 10:00", None, None),
            ),
            1,
        ):
            order = cls.order(moment, user, [(cls.product, number)])
            order.picking_ids.user_id = cls.user_picker_2
            cls.orders += order
            if done:
                cls.deliver(order.picking_ids, done, user=cls.user_picker)
            cls.invoice(moment[:10], order=order)
        first, second = cls.orders[:2].invoice_ids
        cls.credit = cls.refund(first, "2025-03-10", 30.0)
        cls.credit_all = cls.refund(second, "2025-03-11")

    def _documents(self, figure, user=None):
        return (
            self.env["kpi.document"]
            .with_context(kpi_figure_model=figure._name, kpi_figure_id=figure.id)
            .with_user(user or self.env.user)
        )

    def _card(self, scopes=("personal",), codes=SOURCES, employees=None):
        """Scorecards with every source in the given scopes."""
        lines = [(code, scope) for code in codes for scope in scopes]
        weight = round(1 / len(lines), 4)
        weights = [weight] * (len(lines) - 1)
        self.matrix(
            "All",
            [
                (code, weight, *self._thresholds(code), {"scope": scope})
                for (code, scope), weight in zip(
                    lines, [*weights, 1 - sum(weights)], strict=True
                )
            ],
            employees=employees or self.seller,
        )
        period = self.period()
        period.action_generate_scorecards()
        return period.scorecard_ids

    def _thresholds(self, code):
        rising = self.indicator(code).direction == "rising"
        return (1, 2, 3) if rising else (3, 2, 1)

    def assertAddsUp(self, figure, documents=None):
        documents = documents or self._documents(figure).search([])
        for part in ("numerator", "denominator"):
            self.assertAlmostEqual(
                sum(documents.mapped(part)), figure[part], 6, f"{figure} {part}"
            )
        self.assertEqual(len(documents), figure.sample)

    # ------------------------------------------------------------- adding up
    def test_documents_of_every_row_add_up_to_it(self):
        for code in SOURCES:
            atoms = self.atoms(code)
            self.assertGreater(len(atoms), 2)
            seen = []
            for atom in atoms:
                with self.subTest(code, atom=atom.id):
                    documents = self._documents(atom).search([])
                    self.assertAddsUp(atom, documents)
                    self.assertEqual(set(documents.mapped("date")), {atom.date})
                    seen += [(d.res_model, d.res_id, d.numerator) for d in documents]
            with self.subTest(code):
                self.assertEqual(len(seen), sum(atoms.mapped("sample")))

    def test_documents_of_every_scope_add_up_to_the_line(self):
        """A personal share shows its own part; the rest is the department's."""
        scopes = ("personal", "department", "site", "company")
        for card in self._card(scopes, employees=self.seller | self.picker):
            for line in card.line_ids:
                with self.subTest(f"{line.indicator_id.code} {line.scope}"):
                    documents = self._documents(line).search([])
                    self.assertEqual(len(documents), line.sample)
                    self.assertAlmostEqual(
                        sum(documents.mapped("numerator")), line.numerator, 6
                    )
                    share = line.indicator_id.code == "revenue_share"
                    if not (share and line.scope == "personal"):
                        self.assertAddsUp(line, documents)
            self.assertGreater(sum(card.line_ids.mapped("sample")), 20)

    def test_department_of_a_source_without_tree(self):
        """One indicator stays in the department, the other goes down as ever."""
        own = self.order("2025-03-06 11:00", self.user_lead)
        self.measure("orders_processed")
        with self.source_options("orders_processed", by_tree=False):
            codes = ("orders_processed", "revenue")
            orders, revenue = self._card(("department",), codes, self.lead).line_ids
            self.assertEqual(self._documents(orders).search([]).res_id, own.id)
            self.assertAddsUp(orders)
            self.assertGreater(revenue.sample, 1)
            self.assertAddsUp(revenue)

    def test_warehouse_scope(self):
        card = self._card(("warehouse",), ("pick_delay_hours",), self.picker)
        self.assertEqual(card.line_ids.sample, 5)
        self.assertAddsUp(card.line_ids)

    def test_exactly_the_documents_that_were_counted(self):
        card = self._card(codes=("revenue", "orders_processed", "average_check"))
        revenue, orders, check = card.line_ids
        invoices = self.orders[:2].invoice_ids
        documents = self._documents(revenue).search([])
        self.assertEqual(set(documents.mapped("res_id")), set(invoices.ids))
        self.assertIn(self.credit.id, documents.mapped("res_id"))
        self.assertEqual(
            set(self._documents(orders).search([]).mapped("res_id")),
            set(self.orders[:2].ids),
        )
        documents = self._documents(check).search([("res_model", "=", "sale.order")])
        self.assertEqual(documents.res_id, self.orders[0].id)  # the other is undone

    def test_hours_of_an_hourly_figure(self):
        """The invoice knows no hour, the order has hour 0: two rows, each its own."""
        hourly = self.create_indicator("hourly", source="average_check", grain="hour")
        order = self.order("2025-03-15 00:15", self.user_seller)
        self.invoice("2025-03-15", order=order)
        self.env.cr.execute("UPDATE sale_order SET warehouse_id = NULL")
        self.env.invalidate_all()
        self.measure(hourly)
        atoms = self.atoms("hourly").filtered(lambda a: a.date == date(2025, 3, 15))
        self.assertEqual(len(atoms), 2)
        for atom in atoms:
            self.assertAddsUp(atom)

    def test_late_ones_are_as_late_as_they_were_measured(self):
        """Yesterday's open promises were measured in the night, today's just now:
        the documents show the hours of the figure, not those of this minute."""
        self.order("2025-03-19 10:00", self.user_seller)
        today = self.order("2025-03-20 11:00", self.user_seller)
        self.assertEqual(today.picking_ids.state, "assigned")
        indicator = self.indicator("pick_delay_hours")
        engine = self.env["kpi.engine"]
        with self.at("2025-03-20 03:30"):
            engine._measure(indicator, engine._open_window(), nightly=True)
        with self.at("2025-03-20 15:00"):
            engine._measure(indicator, engine._today_window())
        card = self._card(("company",), ("pick_delay_hours",))
        with self.at("2025-03-20 17:00"):
            self.env.invalidate_all()
            for atom in self.atoms("pick_delay_hours"):
                self.assertAddsUp(atom)
            self.assertAddsUp(card.line_ids)
            documents = self._documents(card.line_ids).search([])
        hours = {d.date.day: d.numerator for d in documents}
        self.assertEqual(hours[19], 17.5)
        self.assertEqual(hours[20], 4.0)

    def test_documents_of_a_measured_period_are_as_of_its_measuring(self):
        card = self._card(("company",), ("pick_delay_hours",))
        march = card.period_id
        with self.at("2025-04-02 12:00"):
            march.action_measure()
        with self.at("2025-04-10 12:00"):
            self.measure("pick_delay_hours", "2025-04-01", "2025-04-10")
            self.env.invalidate_all()
            self.assertAddsUp(card.line_ids)
            for atom in self.atoms("pick_delay_hours"):
                self.assertAddsUp(atom)

    def test_manual_rows_are_their_own_documents(self):
        marks = self.create_indicator("marks", source="manual")
        row = self.env["kpi.measurement"].create(
            {
                "indicator_id": marks.id,
                "date": "2025-03-05",
                "company_id": self.company.id,
                "employee_id": self.seller.id,
                "numerator": 4.0,
            }
        )
        documents = self._documents(row).search([])
        self.assertEqual((documents.res_model, documents.res_id), (row._name, row.id))
        self.assertAddsUp(row)

    # --------------------------------------------------------------- formulas
    def test_formula_shows_the_documents_of_its_parts(self):
        formula = self.create_indicator(
            "per_order",
            source="formula",
            formula="revenue / orders_processed",
        )
        card = self._card(codes=("revenue", "orders_processed", "per_order"))
        revenue, orders, both = card.line_ids
        self.assertEqual(both.indicator_id, formula)
        parts = [
            {
                (d.indicator_id, d.res_model, d.res_id)
                for d in self._documents(line).search([])
            }
            for line in (revenue, orders, both)
        ]
        self.assertEqual(parts[0] | parts[1], parts[2])
        self.assertEqual(len(parts[2]), revenue.sample + orders.sample)
        action = both.action_open_documents()
        self.assertTrue(action["context"]["search_default_group_by_indicator"])

    def test_formula_without_operands_has_no_documents(self):
        self.create_indicator("fixed", source="formula", formula="42")
        card = self._card(codes=("fixed",))
        self.assertEqual(card.line_ids.fact, 42.0)
        self.assertFalse(self._documents(card.line_ids).search([]))

    # ----------------------------------------------------------------- rights
    def test_owner_of_the_figure_sees_its_documents_only(self):
        card = self._card()
        line = card.line_ids[0]
        own = self._documents(line, self.user_seller).search([])
        self.assertEqual(len(own), line.sample)
        self.assertTrue(all(own.mapped("reference")))
        for user in (self.user_seller_2, self.user_wholesaler, self.user_picker):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._documents(line, user).search([])
        for user in (self.user_lead, self.user_payroll, self.user_manager):
            with self.subTest(user.login):
                documents = self._documents(line, user).search([])
                self.assertEqual(len(documents), line.sample)

    def test_every_way_of_reading_is_closed(self):
        """search_read, read by id, counts, groups, names."""
        atom = self.atoms("revenue", employee_id=self.seller)[0]
        spy = self._documents(atom, self.user_seller_2)
        for what, attempt in (
            ("search", lambda: spy.search([])),
            ("search_read", lambda: spy.search_read([], ["numerator"])),
            ("search_count", lambda: spy.search_count([])),
            ("read", lambda: spy.browse(1).read(["numerator"])),
            ("group", lambda: spy.formatted_read_group([], [], ["numerator:sum"])),
            ("name", lambda: spy.name_search("")),
            ("open", lambda: spy.browse(1).action_open()),
            ("open all", lambda: spy.action_open_all()),
        ):
            with self.subTest(what), self.assertRaises(AccessError):
                attempt()

    def test_forged_context_shows_nothing(self):
        atom = self.atoms("revenue")[0]
        line = self._card().line_ids[0]
        documents = self.env["kpi.document"].with_user(self.user_manager)
        for context in (
            {},
            {"kpi_figure_model": "kpi.measurement"},
            {"kpi_figure_id": atom.id},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": str(atom.id)},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": [atom.id]},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": -atom.id},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": 0},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": True},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": 10**12},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": None},
            {"kpi_figure_model": "kpi.measurement", "kpi_figure_id": 1.5},
            {"kpi_figure_model": ["kpi.measurement"], "kpi_figure_id": atom.id},
            {"kpi_figure_model": "res.users", "kpi_figure_id": 2},
            {"kpi_figure_model": "kpi.figure.mixin", "kpi_figure_id": 1},
            {"kpi_figure_model": "no.such.model", "kpi_figure_id": 1},
            {"kpi_figure_model": "kpi.document", "kpi_figure_id": 1},
            {"kpi_figure_model": "kpi.scorecard", "kpi_figure_id": line.id},
            {"kpi_figure_model": "kpi.indicator", "kpi_figure_id": 1},
            {"kpi_figure_model": "", "kpi_figure_id": 1},
            {"kpi_figure_model": "__class__", "kpi_figure_id": 1},
        ):
            with self.subTest(context):
                self.assertFalse(documents.with_context(**context).search([]))
                self.assertEqual(documents.with_context(**context).search_count([]), 0)

    def test_own_figure_of_another_company(self):
        """A figure of a company that the user is not in is nobody's to read."""
        other = self._create_company("Other")
        atom = self.atoms("revenue")[0]
        self.env.cr.execute(
            "UPDATE kpi_measurement SET company_id = %s WHERE id = %s",
            [other.id, atom.id],
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._documents(atom, self.user_manager).search([])

    def test_documents_cannot_be_changed(self):
        documents = self._documents(self.atoms("revenue")[0], self.user_manager)
        with self.assertRaises(AccessError):
            documents.create({"numerator": 1.0})
        with self.assertRaises(AccessError):
            documents.search([])[0].write({"numerator": 1.0})
        with self.assertRaises(AccessError):
            documents.search([])[0].unlink()

    # ---------------------------------------------------------------- opening
    def test_open_one(self):
        atom = self.atoms("orders_processed", employee_id=self.seller)[0]
        document = self._documents(atom).search([])[0]
        action = document.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("sale.order", document.res_id),
        )
        self.assertEqual(
            document.reference, self.env["sale.order"].browse(document.res_id).name
        )

    def test_open_one_needs_the_rights_on_it(self):
        """The manager sees that the order counts, and may not open it."""
        atom = self.atoms("orders_processed", employee_id=self.seller)[0]
        document = self._documents(atom, self.user_manager).search([])[0]
        with self.assertRaises(UserError) as caught:
            document.action_open()
        self.assertIn(document.reference, str(caught.exception))

    def test_open_one_that_is_gone(self):
        order = self.order("2025-03-05 12:00", self.user_seller)
        self.measure("orders_processed")
        atom = self.atoms("orders_processed", employee_id=self.seller)[0]
        document = self._documents(atom).search([("res_id", "=", order.id)])
        order._action_cancel()
        order.unlink()
        with self.assertRaises(UserError):
            document.action_open()

    def test_open_all(self):
        line = self._card(codes=("orders_processed",)).line_ids
        action = self._documents(line).action_open_all()
        self.assertEqual(action["res_model"], "sale.order")
        found = self.env["sale.order"].search(action["domain"])
        self.assertEqual(found, self.orders[:2].sorted(reverse=True))
        self.assertEqual(found.ids, sorted(found.ids, reverse=True))

    def test_open_all_of_nothing(self):
        with self.assertRaises(UserError):
            self.env["kpi.document"].action_open_all()

    def test_figure_without_data_has_nothing_to_open(self):
        no_site = self._create_employee("roamer", self.office, self.job_seller)
        card = self._card(("site",), ("revenue",), no_site)
        self.assertEqual(card.line_ids.no_data_reason, "no_site")
        with self.assertRaises(UserError):
            card.line_ids.action_open_documents()
