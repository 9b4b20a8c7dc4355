import re
from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from ..tools import qr
from .survey_common import SurveyCase

CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
PAPERS = ("order", "regulation", "instruction")


class PapersCase(SurveyCase):
    """Two people of IT and nine of Legal's and Risk's have no e-mail address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.key = cls.env["kpi.survey.key"]
        cls.key._make(cls.campaign)
        participants = cls.campaign.participant_ids
        for unit, count in ((cls.it, 2), (cls.legal, 6), (cls.risk, 3)):
            without = participants.filtered(lambda one, unit=unit: one.unit_id == unit)
            without[:count].sudo().email = False
        cls.env["kpi.survey.ballot"]._issue(cls.campaign)

    @classmethod
    def tearDownClass(cls):
        cls.key._path(cls.campaign).unlink(missing_ok=True)
        super().tearDownClass()

    def report(self, name, records, user=None, lang="en_US"):
        report = self.env["ir.actions.report"].with_user(user or self.manager)
        report = report.with_context(
            allowed_company_ids=report.env.user.company_ids.ids, lang=lang
        )
        page, _kind = report._render_qweb_html(
            f"kpi_internal_survey.action_report_{name}", records.ids
        )
        return html.fromstring(page)

    def text(self, page):
        return " ".join(page.text_content().split())


@tagged("post_install", "-at_install")
class TestPapers(PapersCase):
    def test_the_papers_say_what_the_campaign_says(self):
        self._set_state(self.campaign, "draft")
        tag = self.env["kpi.survey.unit.tag"].create({"name": "Front line"})
        self.campaign.write(
            {
                "minimum": 4,
                "vote_count": 3,
                "rule_ids": [
                    Command.create(
                        {
                            "rater_kind": "regional",
                            "rater_tag_ids": tag.ids,
                            "rated_kind": "head_office",
                        }
                    ),
                ],
            }
        )
        said = {name: self.text(self.report(name, self.campaign)) for name in PAPERS}
        for name in PAPERS:
            self.assertIn("Cycle 1", said[name])
            self.assertIn("11/21/2025", said[name])
        for name in ("order", "regulation"):
            self.assertIn("Regional unit (Front line) Head office", said[name])
            self.assertIn("It Head office It 1", said[name], "with its director")
            self.assertIn("West Regional unit", said[name])
        for name in ("regulation", "instruction"):
            self.assertIn("9 Exceeds expectations", said[name])
            self.assertIn("7–8 Meets expectations", said[name])
            self.assertIn("Communication", said[name])
            self.assertIn("Respect", said[name])
            self.assertIn("The fewest people behind a figure: 4", said[name])
        self.assertIn("The most you can name: 3", said["instruction"])
        self.assertIn("Most colleagues that can be named: 3", said["regulation"])
        self.assertIn("Session of the board", said["regulation"])

    def test_before_the_start_the_units_to_be(self):
        campaign = self._create_campaign("Cycle 2")
        self.department_west.kpi_is_unit = False
        text = self.text(self.report("order", campaign))
        self.assertIn("South Regional unit", text)
        self.assertNotIn("West Regional unit", text)

    def test_in_the_language_of_who_prints(self):
        self.campaign.with_context(lang="ru_RU").name = "Первый цикл"
        for name in PAPERS:
            page = self.report(name, self.campaign, lang="ru_RU")
            self.assertEqual(len(page.xpath("//div[@class='page'][@lang='ru-RU']")), 1)
            self.assertIn("Первый цикл", self.text(page))
            self.assertIn("21.11.2025", self.text(page))

    def test_an_explanation_is_asked_for_where_the_campaign_asks(self):
        self.assertIn(
            "nobody has to", self.text(self.report("instruction", self.campaign))
        )
        self.campaign.sudo().comment_rule = "required"
        text = self.text(self.report("instruction", self.campaign))
        self.assertIn("Please say why you give an extreme mark", text)

    def test_nobody_prints_papers_of_another_company(self):
        for name in PAPERS:
            with self.assertRaises(AccessError):
                self.report(name, self.campaign, self.board_abroad)


@tagged("post_install", "-at_install")
class TestSlips(PapersCase, HttpCase):
    def slips(self, page):
        """:return: ``{unit: codes}``"""
        found = {}
        for article in page.find_class("article"):
            unit = self.env["kpi.survey.unit"].browse(int(article.get("data-oe-id")))
            found.setdefault(unit, []).extend(CODE.findall(article.text_content()))
        return found

    def test_a_slip_for_each_without_an_address_by_unit(self):
        found = self.slips(self.report("slips", self.campaign.unit_ids))
        self.assertEqual(
            {unit.name: len(codes) for unit, codes in found.items()},
            {"It": 2, "Legal": 6, "Risk": 3},
        )
        for unit, codes in found.items():
            self.assertEqual(
                set(codes), set(self.key._slip_codes(self.campaign, unit, len(codes)))
            )

    def test_eight_on_a_page_and_a_unit_begins_a_new_one(self):
        participants = self.campaign.participant_ids
        participants.filtered(lambda one: one.unit_id == self.it).sudo().email = False
        participants.filtered(lambda one: one.unit_id == self.west).sudo().unlink()
        self.env["kpi.survey.participant"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "unit_id": self.it.id,
                    "employee_id": employee.id,
                }
                for employee in self.employees["west"][:3]
            ]
        )
        page = self.report("slips", self.it | self.risk)
        sizes = [
            len(CODE.findall(article.text_content()))
            for article in page.find_class("article")
        ]
        self.assertEqual(sizes, [8, 1, 3])

    def test_a_slip_has_the_picture_the_code_the_address_and_no_name(self):
        page = self.report("slips", self.it)
        text = self.text(page)
        self.assertIn(f"/kpi/survey/{self.campaign.access_token}", text)
        self.assertIn("For people of: It", text)
        self.assertIn("anonymous", text)
        for employee in self.employees["it"]:
            self.assertNotIn(employee.name, text)
        pictures = page.xpath("//img/@src")
        self.assertEqual(len(pictures), 2)
        for picture in pictures:
            self.assertTrue(picture.startswith("data:image/png;base64,"))
        # As an address of its own, a code would be in the server's log.
        source = html.tostring(page, encoding="unicode")
        for code in CODE.findall(text):
            self.assertEqual(source.count(code), 1)

    def test_the_picture_is_the_link(self):
        links = []
        with patch.object(qr, "png", lambda link: links.append(link) or b"png"):
            page = self.report("slips", self.it)
        codes = CODE.findall(self.text(page))
        self.assertEqual(links, [self.campaign._form_link(code) for code in codes])

    def test_in_the_language_of_the_company(self):
        self.campaign.with_context(lang="ru_RU").name = "Первый цикл"
        self.company.partner_id.lang = "ru_RU"
        text = self.text(self.report("slips", self.it, lang="en_US"))
        self.assertIn("Первый цикл", text)
        self.assertIn("21.11.2025", text)

    def test_the_button_prints_all_that_are_needed(self):
        campaign = self.campaign.with_user(self.manager)
        self.assertEqual(campaign.slip_count, 11)
        action = campaign.action_print_slips()
        units = action["context"]["active_ids"]
        self.assertEqual(set(units), set((self.it | self.legal | self.risk).ids))
        self.campaign.participant_ids.sudo().email = "somebody@example.com"
        with self.assertRaisesRegex(UserError, "Nobody here needs a slip"):
            campaign.action_print_slips()

    def test_that_slips_were_printed_is_written_down(self):
        self.campaign.with_user(self.manager).action_print_slips()
        message = self.campaign.message_ids.filtered(lambda m: "Slips" in m.body)
        self.assertIn("It (2), Legal (6), Risk (3)", message.body)
        self.assertEqual(message.author_id, self.manager.partner_id)
        self.assertFalse(CODE.search(message.body))

    def test_only_a_manager_of_the_company_prints_slips(self):
        abroad = new_test_user(
            self.env,
            login="kpi_survey_manager_abroad",
            groups="kpi_quality.group_kpi_quality_manager",
            company_id=self.company_abroad.id,
            company_ids=[Command.set(self.company_abroad.ids)],
        )
        for user in (self.board, self.director, self.outsider, abroad):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.report("slips", self.it, user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                campaign = self.campaign.with_user(user)
                campaign.with_context(
                    allowed_company_ids=user.company_ids.ids
                ).action_print_slips()

    def test_only_while_the_campaign_runs(self):
        for state in ("draft", "agreed", "closed", "published"):
            self._set_state(self.campaign, state)
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "not run"),
            ):
                self.report("slips", self.it)

    def test_over_the_web(self):
        url = f"/report/html/kpi_internal_survey.slips/{self.it.id}"
        self.director.password = self.manager.password = "kpi_survey_slips"
        self.authenticate(self.director.login, "kpi_survey_slips")
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertNotIn("article", self.url_open(url).text)
        self.authenticate(self.manager.login, "kpi_survey_slips")
        page = html.fromstring(self.url_open(url).text)
        self.assertEqual(len(self.slips(page)[self.it]), 2)
