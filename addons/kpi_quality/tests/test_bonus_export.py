import csv
import io
import tempfile
from pathlib import Path
from unittest import skipUnless
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests.common import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations

from .common import NOW
from .scorecard_common import AFTER_MARCH, KpiScorecardCommon

try:
    import formulas  # only for these tests: what Excel would calculate
    import openpyxl
except ImportError:
    formulas = None


@freeze_time(NOW)
class KpiBonusExportCommon(KpiScorecardCommon):
    """A run of March: two sellers by two indicators each, with all kinds of lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.wage = 50_000.0
        cls.seller_2.wage = 40_000.0
        cls.sellers = cls.matrix(
            "Sellers",
            [
                ("t_conversion", 0.6, 20, 30, 35),
                ("t_dissatisfaction", 0.4, 5, 2, 1),
            ],
            employees=cls.seller | cls.seller_2,
        )
        conversion, dissatisfaction = cls.sellers.line_ids
        conversion.write({"missing": "heir", "heir_id": dissatisfaction.id})
        cls.bonus_scheme = cls.scheme("Sales bonus", cls.sellers, has_gate=False)
        cls.give("t_conversion", 27, cls.seller)
        cls.give("t_dissatisfaction", 2.5, cls.seller)
        cls.give("t_dissatisfaction", 1.75, cls.seller_2)
        cls.generate()
        cls.close_period()
        cls.bonus_run = cls.make_run()

    @classmethod
    def make_run(cls, **values):
        with cls.at(AFTER_MARCH):
            run = cls.env["kpi.bonus.run"].create(
                {
                    "period_id": cls.march.id,
                    "line_ids": [
                        Command.create(
                            {
                                "employee_id": employee.id,
                                "kind": kind,
                                "amount": amount,
                                "reason": reason,
                            }
                        )
                        for employee, kind, amount, reason in (
                            (cls.seller, "one_off", 3000.0, "=Trade fair"),
                            (cls.seller, "deduction", -500.5, "Broken scanner"),
                            (cls.picker, "one_off", 100.0, "Stocktaking"),
                        )
                    ],
                    **values,
                }
            )
            run.with_user(cls.user_payroll).action_compute()
        return run

    def export(self, user=None, **context):
        """The export as a user gets it."""
        return (
            self.env["kpi.bonus.run.export"]
            .with_user(user or self.user_payroll)
            .with_context(**context)
        )


@tagged("post_install", "-at_install")
class TestBonusExport(KpiBonusExportCommon):
    def read_csv(self, run, delimiter=",", **context):
        content = self.export(**context)._to_csv(run)
        text = content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    def read_xlsx(self, run, **context):
        content = self.export(**context)._to_xlsx(run)
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    @skipUnless(formulas, "the library that recalculates is not installed")
    def assertRecalculates(self, run):
        """Every formula gives what is stored beside it, and the checks are content.

        :return: the recalculated figures by sheet and cell
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.xlsx"
            path.write_bytes(self.export()._to_xlsx(run))
            written = openpyxl.load_workbook(path)
            stored = openpyxl.load_workbook(path, data_only=True)
            solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
        figures = {}
        for sheet in written:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.data_type != "f":
                    continue
                key = f"'[run.xlsx]{sheet.title.upper()}'!{cell.coordinate}"
                figure = solution[key].value[0, 0]
                expected = stored[sheet.title][cell.coordinate].value
                if isinstance(expected, str):
                    self.assertEqual(figure, expected, f"{key}: {cell.value}")
                else:
                    self.assertAlmostEqual(
                        float(figure), expected, 8, f"{key}: {cell.value}"
                    )
                figures[sheet.title, cell.coordinate] = figure
        return figures

    def test_recalculates_to_the_stored_figures(self):
        """Seller: (0.6 x 70 + 0.4 x 83.33) % -> 70 %; seller 2: no conversion, all
        weight on dissatisfaction 1.75 -> 105 % -> 115 %.
        """
        figures = self.assertRecalculates(self.bonus_run)
        bonuses = self.bonus_run.line_ids.filtered(lambda line: line.kind == "bonus")
        self.assertRecordValues(
            bonuses.sorted("employee_id"),
            [
                {"employee_id": self.seller.id, "amount": 10_500.0},
                {"employee_id": self.seller_2.id, "amount": 13_800.0},
            ],
        )
        self.assertEqual(figures["Summary", "N2"], self.bonus_run.amount_total)
        self.assertEqual(figures["Summary", "N3"], 26_899.5)
        self.assertEqual(figures["Summary", "O3"], "OK")
        self.assertNotIn(("Summary", "O7"), figures, "there is no fund to check")

    def test_recalculates_with_a_fund(self):
        self.bonus_run.write({"has_fund": True, "fund": 10_000.01})
        self.bonus_run.with_user(self.user_payroll).action_compute()
        figures = self.assertRecalculates(self.bonus_run)
        self.assertEqual(figures["Summary", "N7"], 10_000.01)
        self.assertEqual(figures["Summary", "O7"], "OK")

    def test_recalculates_below_the_gate(self):
        self.bonus_scheme.write({"has_gate": True, "gate": 90.0})
        self.bonus_run.with_user(self.user_payroll).action_compute()
        self.assertRecalculates(self.bonus_run)
        [row] = [row for row in self.read_csv(self.bonus_run) if row["Amount"] == "0.0"]
        self.assertEqual(row["Employee"], "Seller")
        self.assertIn("not above the gate of 90", row["Note"])

    def test_recalculates_with_late_corrections(self):
        """The conversion of March turns out to be 32: the next run pays the rest."""
        self.bonus_run.action_submit()
        with self.at(AFTER_MARCH):
            self.bonus_run.with_user(self.user_payroll_2).action_approve()
        self.env["kpi.late.correction"].create(
            {
                "period_id": self.march.id,
                "indicator_id": self.conversion.id,
                "date": "2025-03-10",
                "company_id": self.company.id,
                "employee_id": self.seller.id,
                "numerator": 5.0,
            }
        )
        april = self.period("2025-04-01")
        run = self.env["kpi.bonus.run"].create({"period_id": april.id})
        run.with_user(self.user_payroll).action_carry_corrections()
        [adjustment] = run.line_ids
        figures = self.assertRecalculates(run)
        self.assertTrue(adjustment.amount)
        self.assertEqual(figures["Summary", "N3"], adjustment.amount)
        [row] = self.read_csv(run)
        self.assertEqual(row["Kind"], "Adjustment")
        self.assertEqual(row["Note"], adjustment.explanation)

    def test_summary_tells_who_did_what(self):
        summary = self.read_xlsx(self.bonus_run)["Summary"]
        cells = [[cell.value for cell in row[:5]] for row in summary["A1:E8"]]
        self.assertEqual(cells[0][0], self.bonus_run.name)
        self.assertEqual(cells[1][2], "KPI Test Company")
        self.assertEqual(cells[2][2], "Computed")
        self.assertEqual(cells[4][0], "Computed")
        self.assertEqual(cells[4][2], self.user_payroll.name)
        # 10:00 in Moscow, where the reader is
        self.assertEqual(f"{cells[4][3]:%Y-%m-%d %H:%M}", AFTER_MARCH)
        self.assertEqual(cells[6][2], None, "nobody has approved it")

    def test_sheets_in_the_order_of_the_run(self):
        book = self.read_xlsx(self.bonus_run)
        self.assertEqual(
            book.sheetnames,
            ["Summary", "By employee", "Picker", "Seller", "Seller 2"],
        )
        self.assertEqual(book["Summary"]["N11"].number_format, '#,##0.00\\ "€"')

    def test_empty_run_says_why(self):
        self.bonus_scheme.active = False
        run = self.env["kpi.bonus.run"].create({"period_id": self.march.id})
        run.with_user(self.user_payroll).action_compute()
        summary = self.read_xlsx(run)["Summary"]
        self.assertTrue(run.empty_reason)
        self.assertEqual(summary["B11"].value, run.empty_reason)
        self.assertEqual(self.read_csv(run), [])

    def test_csv_has_a_row_per_line(self):
        rows = self.read_csv(self.bonus_run)
        self.assertEqual(
            [(row["Employee"], row["Kind"], row["Amount"]) for row in rows],
            [
                ("Picker", "One-off item", "100.0"),
                ("Seller", "Bonus", "10500.0"),
                ("Seller", "Deduction", "-500.5"),
                ("Seller", "One-off item", "3000.0"),
                ("Seller 2", "Bonus", "13800.0"),
            ],
        )
        self.assertEqual(rows[3]["Note"], "'=Trade fair")
        self.assertEqual(rows[1]["Employee ID"], str(self.seller.id))
        self.assertEqual(rows[1]["From"], "2025-03-01")

    def test_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        kind = self.env.ref(
            "kpi_quality.selection__kpi_bonus_run_line__kind__deduction"
        )
        kind.with_context(lang="ru_RU").name = "Удержание"
        self.conversion.with_context(lang="ru_RU").name = "Точная конверсия"
        words = {"Employee": "Сотрудник", "Amount": "Сумма", "Kind": "Вид"}
        translations = code_translations.get_python_translations

        def translated(module, lang):
            known = translations(module, lang)
            if (module, lang) == ("kpi_quality", "ru_RU"):
                return {**known, **words}
            return known

        with patch.object(code_translations, "get_python_translations", translated):
            rows = self.read_csv(self.bonus_run, ";", lang="ru_RU")
            book = self.read_xlsx(self.bonus_run, lang="ru_RU")
        self.assertEqual(
            [row["Сумма"] for row in rows if row["Вид"] == "Удержание"], ["-500,5"]
        )
        texts = [cell.value for row in book["Seller"].iter_rows() for cell in row]
        self.assertIn("Точная конверсия", texts)
        self.assertIn("Удержание", texts)

    def test_statements_do_not_grow_with_employees(self):
        few = self.statements(lambda: self.export()._to_xlsx(self.bonus_run))
        people = [
            self._create_employee(f"extra {number}", self.retail, wage=30_000.0)
            for number in range(12)
        ]
        period = self.period("2025-02-01")
        self.sellers.assignment_ids = [
            Command.create({"employee_id": who.id}) for who in people
        ]
        for who in people:
            self.give("t_dissatisfaction", 2.0, who, day="2025-02-10")
        self.generate(period)
        self.measure_period(period)
        run = self.env["kpi.bonus.run"].create({"period_id": period.id})
        run.with_user(self.user_payroll).action_compute()
        self.assertGreaterEqual(len(run.line_ids), 12)
        many = self.statements(lambda: self.export()._to_xlsx(run))
        self.assertLessEqual(many, few)

    def test_only_who_may_read_the_run(self):
        for user in (self.user_seller, self.user_lead, self.user_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.export(user)._to_csv(self.bonus_run)


@tagged("post_install", "-at_install")
class TestBonusExportHttp(KpiBonusExportCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bonus_run.name = 'Bonuses <March>/"2025"'
        cls.url = f"/kpi_quality/bonus_run/{cls.bonus_run.id}"

    def get(self, url, user=None):
        if user:
            self.authenticate(user.login, user.login.ljust(8, "x"))
        return self.url_open(url, allow_redirects=False)

    def test_button_leads_here(self):
        run = self.bonus_run.with_user(self.user_payroll)
        for action in (run.action_export_xlsx(), run.action_export_csv()):
            self.assertEqual(action["type"], "ir.actions.act_url")
            self.assertEqual(action["target"], "download")
            self.assertEqual(
                self.get(action["url"], self.user_payroll).status_code, 200
            )

    @skipUnless(formulas, "the library that reads xlsx is not installed")
    def test_payroll_downloads_xlsx(self):
        response = self.get(f"{self.url}.xlsx", self.user_payroll)
        self.assertEqual(response.status_code, 200)
        self.assertIn("spreadsheetml.sheet", response.headers["Content-Type"])
        self.assertEqual(
            response.headers["Content-Disposition"],
            "attachment; filename*=UTF-8''Bonuses%20March2025.xlsx",
        )
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        self.assertEqual(book["Summary"]["A1"].value, self.bonus_run.name)

    def test_payroll_downloads_csv(self):
        response = self.get(f"{self.url}.csv", self.user_payroll)
        self.assertEqual(response.headers["Content-Type"], "text/csv;charset=utf-8")
        self.assertTrue(response.content.startswith("\ufeffLine ID,".encode()))

    def test_language_of_the_user_not_of_the_session(self):
        """The language was changed after logging in."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.authenticate("kpi_payroll", "kpi_payroll")
        self.user_payroll.lang = "ru_RU"
        response = self.url_open(f"{self.url}.csv")
        self.assertIn(";-500,5;", response.content.decode())

    def test_others_are_told_that_there_is_nothing(self):
        for user in (self.user_seller, self.user_lead, self.user_manager):
            for extension in ("xlsx", "csv"):
                with self.subTest(user=user.login, extension=extension):
                    refused = self.get(f"{self.url}.{extension}", user)
                    unknown = self.get(f"{self.url}9.{extension}")
                    self.assertEqual(refused.status_code, 404)
                    self.assertEqual(unknown.status_code, 404)
                    self.assertEqual(refused.content, unknown.content)

    def test_payroll_of_another_company(self):
        other = self._create_company("Other")
        stranger = self._create_user("kpi_stranger", "payroll", company=other)
        self.assertEqual(self.get(f"{self.url}.xlsx", stranger).status_code, 404)

    def test_anonymous_has_to_log_in(self):
        self.authenticate(None, None)
        response = self.get(f"{self.url}.xlsx")
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_impossible_addresses(self):
        self.authenticate("kpi_payroll", "kpi_payroll")
        for path in (
            "999999999.csv",
            f"{2**31}.csv",
            f"{2**70}.csv",
            "-1.csv",
            "x.csv",
        ):
            with self.subTest(path=path):
                response = self.get(f"/kpi_quality/bonus_run/{path}")
                self.assertEqual(response.status_code, 404)
        self.assertEqual(self.get(f"{self.url}.pdf").status_code, 404)

    def test_failure_shows_no_stack_trace(self):
        self.authenticate("kpi_payroll", "kpi_payroll")
        failing = patch.object(
            type(self.env["kpi.bonus.run.export"]), "_to_csv", side_effect=KeyError("x")
        )
        with failing, mute_logger("odoo.http"):
            response = self.get(f"{self.url}.csv")
        self.assertEqual(response.status_code, 500)
        self.assertNotIn("Traceback", response.text)
        self.assertNotIn("KeyError", response.text)
