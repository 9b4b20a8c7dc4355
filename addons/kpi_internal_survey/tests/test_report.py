"""The reports on a survey: what stands in them, on paper and in the workbook."""

import io
import re
import zipfile

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import HttpCase

from .report_common import SECRETS, ReportCase


@tagged("post_install", "-at_install")
class TestReport(ReportCase):
    def rows(self, content, sheet):
        """The rows of a sheet by their first cell."""
        return {row[0]: row[1:] for row in self.sheets(content)[sheet]}

    # ------------------------------------------------------------------ board
    def test_the_board_has_everything(self):
        content = self.workbook("board", self.board)
        self.assertEqual(
            list(self.sheets(content)),
            [
                "Summary",
                "Ranking",
                "Criteria",
                "Criteria by unit",
                "Participation",
                "Matrix",
                "Conflicts and praise",
                "Comments",
                "Trend",
                "Recommendations",
                "Actions",
            ],
        )
        text = self.page("board", self.board).text_content()
        for heading in (
            "Report for the board",
            "Ranking",
            "The company by criteria",
            "Who rates whom",
            "Conflicts",
            "Mutual praise",
            "What people wrote",
            "HR recommends",
            "What became of the actions of the cycle before",
            *SECRETS.values(),
        ):
            self.assertIn(heading, text)

    def test_the_figures_are_those_published(self):
        result = self.env["kpi.survey.result"].search(
            [("campaign_id", "=", self.campaign.id), ("unit_id", "=", self.it.id)]
        )
        place, score, margin, people, band, *_rest = self.rows(
            self.workbook("board", self.board), "Ranking"
        )["It"]
        self.assertEqual(
            (place, people, band),
            (result.rank, result.respondents, result.band_id.name),
        )
        self.assertAlmostEqual(score, result.score)
        self.assertAlmostEqual(margin, result.margin)
        self.assertIn(
            f"{result.score:.2f}", self.page("board", self.board).text_content()
        )

    def test_conflicts_and_praise(self):
        rows = self.sheets(self.workbook("board", self.board))["Conflicts and praise"]
        self.assertIn(["Conflict", "Finance", "Legal"], [row[:3] for row in rows])
        self.assertIn(["Mutual praise", "It", "Risk"], [row[:3] for row in rows])

    def test_the_trend_goes_back_to_the_cycle_before(self):
        header, company, *_units = self.sheets(self.workbook("board", self.board))[
            "Trend"
        ]
        self.assertEqual(header[1:3], ["Cycle 0", "Cycle 1"])
        self.assertEqual(company[:2], ["Company", 5])
        _header, company, own = self.sheets(self.workbook("director", self.director))[
            "Trend"
        ]
        self.assertEqual((company[1], own[:2]), (5, ["It", 5]))
        [rank, score, *_others, before] = self.rows(
            self.workbook("board", self.board), "Ranking"
        )["It"]
        self.assertTrue(rank)
        self.assertEqual(before, 5)
        self.assertIn(
            f"{score:.2f} (+{score - 5:.2f})",
            self.page("board", self.board).text_content(),
        )

    def test_what_became_of_the_actions(self):
        rows = self.rows(self.workbook("board", self.board), "Actions")
        self.assertEqual(rows["Old of IT"][5], 5)
        self.assertEqual(rows["Old of IT"][7], "Improved")
        self.assertEqual(rows["New of all"][1], "The whole company")

    def test_hr_has_no_matrix_and_no_comments(self):
        content = self.workbook("board", self.manager)
        self.assertFalse(
            self.sheets(content).keys() & {"Matrix", "Conflicts and praise", "Comments"}
        )
        text = self.page("board", self.manager).text_content()
        self.assertIn("is for members of the board only", text)
        for secret in SECRETS.values():
            self.assertNotIn(secret, text)

    # ------------------------------------------------------- director and unit
    def test_the_director_has_the_own_unit_in_detail(self):
        sheets = self.sheets(self.workbook("director", self.director))
        self.assertEqual(
            list(sheets),
            [
                "Summary",
                "It",
                "Ranking",
                "Criteria",
                "Comments",
                "Trend",
                "Recommendations",
                "Actions",
            ],
        )
        profile = [row for row in sheets["It"] if row[0] == "Answers"]
        self.assertEqual(len(profile), 1)
        others, company, own, gap = profile[0][2:6]
        self.assertTrue(1 <= others <= 10 and 1 <= company <= 10 and 1 <= own <= 10)
        self.assertTrue(gap)
        ranking = {row[0]: row for row in sheets["Ranking"]}
        self.assertEqual(ranking["It"][6], "yes")
        self.assertIsNone(ranking["Hr"][6])

    def test_a_unit_on_request(self):
        sheets = self.sheets(self.workbook("unit", self.manager, self.hr))
        self.assertEqual(
            list(sheets), ["Summary", "Hr", "Trend", "Recommendations", "Actions"]
        )
        self.assertNotIn("Comments", sheets, "HR reads none")
        with_comments = self.sheets(self.workbook("unit", self.board, self.hr))
        self.assertIn("Comments", with_comments)
        self.assertIn(
            "Answer by noon",
            self.page("unit", self.manager, self.hr).text_content(),
        )

    def test_drafts_are_in_no_report(self):
        for kind, user in (("board", self.manager), ("director", self.director)):
            text = self.page(kind, user).text_content()
            self.assertNotIn("Half a thought", text)
            self.assertIn("Meet more often", text)

    # ----------------------------------------------------------------- hidden
    def test_hidden_is_said_in_words_and_is_in_no_chart(self):
        """Marketing was rated by two people, three each."""
        content = self.workbook("board", self.board)
        rows = self.rows(content, "Ranking")
        self.assertEqual(rows["Marketing"][1], "too few people")
        self.assertIsNone(rows["Marketing"][3])
        self.assertIn("too few people", self.page("board", self.board).text_content())
        header, *lines = self.sheets(content)["Matrix"]
        north = next(line for line in lines if line[0] == "North")
        self.assertEqual(north[header.index("Marketing")], "too few people")
        for text in self._charts(content):
            self.assertNotIn("too few", text)
            self.assertNotIn("Marketing", text)

    def _charts(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            charts = [name for name in files.namelist() if "charts/chart" in name]
            self.assertTrue(charts)
            return [files.read(name).decode() for name in charts]

    def test_every_chart_refers_to_numbers_only(self):
        """A word would be drawn as zero."""
        for kind, user, record in (
            ("board", self.board, None),
            ("director", self.director, None),
            ("unit", self.manager, self.marketing),
        ):
            content = self.workbook(kind, user, record)
            book = openpyxl.load_workbook(io.BytesIO(content))
            for text in self._charts(content) if kind != "unit" else ():
                for values in re.findall(r"<c:val>.*?</c:val>", text):
                    [reference] = re.findall(r"<c:f>(.*?)</c:f>", values)
                    name, cells = reference.rsplit("!", 1)
                    found = book[name.strip("'")][cells.replace("$", "")]
                    if not isinstance(found, tuple):
                        found = ((found,),)
                    for line in found:
                        for cell in line:
                            self.assertIsInstance(cell.value, int | float)

    # -------------------------------------------------------------- injection
    def test_what_people_wrote_is_text(self):
        content = self.workbook("board", self.board)
        book = openpyxl.load_workbook(io.BytesIO(content))
        comments = {
            cell.value: cell.data_type for cell in book["Comments"]["C"] if cell.value
        }
        for secret in SECRETS.values():
            self.assertEqual(comments[secret], "s")
        self.assertFalse(
            [
                cell.coordinate
                for sheet in book.worksheets
                for row in sheet.iter_rows()
                for cell in row
                if cell.hyperlink
            ]
        )
        page = self.page("board", self.board)
        self.assertFalse(page.xpath("//blockquote//b"))

    def test_names_are_text_in_charts(self):
        """In the page, in the chart of a page, and in the workbook."""
        self.it.name = "<script>x</script> & =1+1"
        page = self.page("board", self.board)
        self.assertFalse(page.xpath("//section//script"))
        self.assertTrue(page.xpath("//*[name()='svg']"))
        self.assertIn("<script>x</script> & =1+1", page.text_content())
        self.assertIn(
            "<script>x</script> & =1+1",
            self.rows(self.workbook("board", self.board), "Ranking"),
        )

    # ------------------------------------------------------------------ words
    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        report = self.env["kpi.survey.report"].with_user(self.board)
        report = report.with_context(lang="ru_RU")._collect("board", self.campaign)
        self.assertEqual(report.words["point"], ",")

    # ---------------------------------------------------------------- queries
    def test_statements_do_not_grow_with_the_units(self):
        """120 more units, one director for all of them."""
        few = self._statements()
        departments = self.env["hr.department"].create(
            [
                {
                    "name": f"Unit {number}",
                    "company_id": self.company.id,
                    "parent_id": self.department_it.id,
                }
                for number in range(120)
            ]
        )
        units = self.env["kpi.survey.unit"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "department_id": department.id,
                    "name": department.name,
                    "kind": "head_office",
                    "invited": 9,
                }
                for department in departments
            ]
        )
        results = self.env["kpi.survey.result"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "company_id": self.company.id,
                    "unit_id": unit.id,
                    "department_id": unit.department_id.id,
                    "respondents": 9,
                    "score": 7.0,
                    "has_score": True,
                    "rank": 9,
                    "criterion_ids": [
                        (
                            0,
                            0,
                            {
                                "criterion_id": criterion.id,
                                "view": "others",
                                "respondents": 9,
                                "score": 7.0,
                            },
                        )
                        for criterion in self.criteria
                    ],
                }
                for unit in units
            ]
        )
        self.env["kpi.survey.cell"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "company_id": self.company.id,
                    "kind": "cell",
                    "rater_id": rater.id,
                    "rated_id": rated.id,
                    "respondents": 9,
                    "score": 7.0,
                }
                for rater in units[:30]
                for rated in units[:30]
                if rater != rated
            ]
        )
        self.assertEqual(len(results), 120)
        for kind, count in self._statements().items():
            self.assertLessEqual(count, few[kind] + 8, kind)

    def _statements(self):
        counts = {}
        for kind, user in (("board", self.board), ("director", self.director)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.collect(kind, user)
            counts[kind] = self.env.cr.sql_log_count - before
        return counts

    # ----------------------------------------------------------------- wizard
    def request(self, user, **values):
        return self.env["kpi.survey.report.request"].with_user(user).create(values)

    def test_a_request_begins_with_what_suits_the_reader(self):
        for user, kind in (
            (self.board, "board"),
            (self.manager, "board"),
            (self.director, "director"),
        ):
            request = self.request(user)
            self.assertEqual((request.campaign_id, request.kind), (self.campaign, kind))
        self.assertEqual(self.request(self.director).unit_ids, self.it)
        self.assertEqual(self.request(self.board).unit_ids, self.campaign.unit_ids)

    def test_a_request_prints_and_exports(self):
        request = self.request(self.director)
        self.assertEqual(
            request.action_print()["report_name"],
            "kpi_internal_survey.report_director",
        )
        self.assertEqual(
            request.action_export_xlsx()["url"],
            f"/kpi_internal_survey/report/director/{self.campaign.id}.xlsx",
        )
        request.kind = "unit"
        with self.assertRaisesRegex(UserError, "Choose the unit"):
            request.action_print()
        request.kind = "board"
        with self.assertRaises(AccessError):
            request.action_export_xlsx()


@tagged("post_install", "-at_install")
class TestReportHttp(HttpCase, ReportCase):
    def get(self, user, kind, record):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/kpi_internal_survey/report/{kind}/{record.id}.xlsx")

    def test_the_workbook_is_downloaded_by_whom_it_is_for(self):
        for user, kind, record, status in (
            (self.board, "board", self.campaign, 200),
            (self.manager, "board", self.campaign, 200),
            (self.director, "director", self.campaign, 200),
            (self.director, "unit", self.it, 200),
            (self.director, "board", self.campaign, 404),
            (self.director, "unit", self.hr, 404),
            (self.board, "director", self.campaign, 404),
            (self.outsider, "unit", self.finance, 404),
            (self.board_abroad, "board", self.campaign, 404),
        ):
            with self.subTest(user=user.login, kind=kind):
                response = self.get(user, kind, record)
                self.assertEqual(response.status_code, status)
                if status == 200:
                    self.assertIn("Summary", self.sheets(response.content))
                    self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(
            self.url_open(
                "/kpi_internal_survey/report/board/999999999.xlsx"
            ).status_code,
            404,
        )
