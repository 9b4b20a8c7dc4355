"""A director's report contains nothing of other units, wherever one looks in it."""

import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .report_common import SECRETS, ReportCase


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCase):
    """IT's director, who may see criteria and comments of IT alone."""

    # Distinct figures of what is not his: of another unit's criteria, of the matrix.
    HIDDEN = "3.987654"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        results = cls.env["kpi.survey.result"].search(
            [("campaign_id", "=", cls.campaign.id)]
        )
        foreign = results.criterion_ids.filtered(
            lambda row: row.result_id.unit_id not in (cls.it, cls.it.browse())
        )
        cells = cls.env["kpi.survey.cell"].search(
            [("campaign_id", "=", cls.campaign.id)]
        )
        cells -= cells.filtered(lambda c: c.kind == "own" and c.rated_id == cls.it)
        cls.env.flush_all()
        # Figures that nothing else has, so that one found is one that leaked.
        for rows in (foreign, cells):
            cls.env.cr.execute(
                f"UPDATE {rows._table} SET score = %s, respondents = 4321"  # noqa: S608
                " WHERE id = ANY(%s) AND NOT is_hidden",
                [cls.HIDDEN, rows.ids],
            )
        cls.env.invalidate_all()

    def parts(self, content):
        """Every file in the workbook: sheets, texts, charts with caches, all."""
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            return {name: files.read(name).decode() for name in files.namelist()}

    def assert_clean(self, text, where):
        for secret in (
            SECRETS["hr"],
            "http://example.com",
            SECRETS["finance"],
            "Answer by noon",
            "Separate the two directors",
            "Half a thought",
            "Old of HR",
            "New of HR",
            "New of all",
            "3.98",
            "3.99",
            "4321",
            "All units",
            "Conflict",
            "Mutual praise",
        ):
            self.assertNotIn(secret, text, where)

    def test_the_trap_works(self):
        """What is looked for is in the board's report."""
        text = "".join(self.parts(self.workbook("board", self.board)).values())
        for secret in (
            "@Finance never answers",
            "3.98",
            "All units",
            "Conflict",
            "New of HR",
        ):
            self.assertIn(secret, text)
        self.assertIn("3.99", self.page("board", self.board).text_content())

    def test_nothing_of_others_in_the_workbook(self):
        for kind, record in (("director", None), ("unit", self.it)):
            content = self.workbook(kind, self.director, record)
            sheets = self.sheets(content)
            self.assertFalse(sheets.keys() & {"Matrix", "Criteria by unit"})
            for name, text in self.parts(content).items():
                self.assert_clean(text, f"{kind}: {name}")
            self.assertIn(
                SECRETS["it"], [row[2] for row in sheets["Comments"]], "the own one"
            )

    def test_nothing_of_others_on_the_page(self):
        for kind, record in (("director", None), ("unit", self.it)):
            page = self.page(kind, self.director, record)
            text = page.text_content()
            self.assertIn(SECRETS["it"], text)
            self.assert_clean(text, kind)

    def test_other_kinds_are_refused(self):
        for kind, record in (("board", None), ("unit", self.hr)):
            with self.assertRaises(AccessError):
                self.collect(kind, self.director, record)
            with self.assertRaises(AccessError):
                self.page(kind, self.director, record)

    def test_nothing_before_it_is_published(self):
        self._set_state(self.campaign, "closed")
        with self.assertRaisesRegex(UserError, "no results"):
            self.collect("director", self.director)
        self.assertTrue(self.collect("board", self.board).ranking)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nothing_for_others(self):
        for kind in ("board", "director"):
            for user in (self.outsider, self.board_abroad):
                with self.assertRaises(AccessError):
                    self.collect(kind, user)

    def test_the_report_is_read_by_ones_own_rights_only(self):
        """What a rule hides is missing from the report, whatever it asks for."""
        self.env.ref(
            "kpi_internal_survey.group_kpi_survey_board"
        ).user_ids -= self.board
        with self.assertRaises(AccessError):
            self.collect("board", self.board)
