from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.kpi_quality.tests.feedback_common import FeedbackCommon

REPORT = "kpi_hardware_bridge.action_report_plate"


@tagged("post_install", "-at_install")
@freeze_time("2025-03-20 09:00:00")
class TestPlate(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.company.partner_id.lang = "ru_RU"
        cls.old, cls.new = (
            cls.env["kpi.feedback.question"].create({"kind": "staff", "text": text})
            for text in ("Were we quick?", "Were we <kind>?")
        )
        cls.old.with_context(lang="ru_RU").text = "Мы быстро вас обслужили?"

    def plan(self, question, since):
        self.env["kpi.feedback.question.period"].create(
            {
                "company_id": self.company.id,
                "question_id": question.id,
                "date_from": since,
            }
        )

    def plates(self, points, user=None):
        """:return: ``[[texts of a language]]``, a list for each plate"""
        report = self.env["ir.actions.report"].with_user(user or self.user_manager)
        report = report.with_context(allowed_company_ids=self.company.ids)
        page, _kind = report._render_qweb_html(REPORT, points.ids)
        return [
            [
                (
                    part.get("lang"),
                    [text.strip() for text in part.itertext() if text.strip()],
                )
                for part in article.xpath(".//div[@lang]")
            ]
            for article in html.fromstring(page).find_class("article")
        ]

    def test_the_question_in_both_languages_that_of_the_company_first(self):
        self.plan(self.old, "2025-03-01")
        [[russian, english, *_others]] = self.plates(self.counter)
        self.assertEqual(russian[0], "ru-RU")
        self.assertIn("Мы быстро вас обслужили?", russian[1])
        self.assertEqual(english[0], "en-US")
        self.assertEqual(
            english[1],
            ["Please answer one question", "Were we quick?", "Yes · No · Hard to say"],
        )

    def test_the_plate_of_today_is_printed_before_it_hangs(self):
        self.counter.has_plate = True
        self.plan(self.old, "2025-03-01")
        self.plan(self.new, "2025-03-20")
        self.env.invalidate_all()
        self.assertTrue(self.counter.is_plate_old)
        [[_russian, english]] = self.plates(self.counter)
        self.assertIn("Were we <kind>?", english[1])

    def test_the_red_button(self):
        self.red.long_press = 2.5
        [[_russian, english]] = self.plates(self.red)
        self.assertEqual(
            english[1],
            [
                "Was anything wrong?",
                "Press the button once, and we will look into it.",
                "Hold it for 2.5 seconds to call the manager right now.",
            ],
        )

    def test_one_page_for_each_point(self):
        self.plan(self.old, "2025-03-01")
        self.assertEqual(len(self.plates(self.counter | self.red)), 2)

    def test_nothing_to_print(self):
        for point in (self.counter, self.desk, self.door):
            with self.assertRaises(UserError):
                self.plates(point)

    def test_whoever_may_not_see_the_point_prints_nothing(self):
        other = self._create_company("KPI Other Company")
        self.user_manager.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        report = self.env["ir.actions.report"].with_user(self.user_manager)
        report = report.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            report._render_qweb_html(REPORT, self.red.ids)
