"""The figures of the board by e-mail."""

from lxml import html

from odoo.tests import tagged
from odoo.tests.common import freeze_time, new_test_user

from ..models.digest_digest import FIGURES
from .common import NOW, KpiCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDigest(KpiCommon):
    """On 20 March: yesterday is 19 March, the last 7 days are 13 to 19 March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Delays",
                "company_id": cls.company.id,
                "user_ids": cls.user_manager.ids,
                **dict.fromkeys(FIGURES, True),
            }
        )
        cls.atoms_of(
            "pick_late_share",
            ("2025-03-19", 3, 12),
            ("2025-03-18", 1, 4),
            ("2025-03-10", 2, 4),
        )
        cls.atoms_of("pick_delay_hours", ("2025-03-10", 33, 10))

    @classmethod
    def atoms_of(cls, code, *rows, company=None, department=None):
        """Rows as the engine writes them: ``(day, numerator, denominator)``."""
        cls.env.flush_all()
        for day, numerator, denominator in rows:
            cls.env.cr.execute(
                """
                INSERT INTO kpi_measurement
                    (indicator_id, date, company_id, department_id,
                     numerator, denominator, squares, sample)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
                """,
                (
                    cls.indicator(code).id,
                    day,
                    (company or cls.company).id,
                    (department or cls.storage).id,
                    numerator,
                    denominator,
                    numerator,
                    denominator,
                ),
            )
        cls.env["kpi.measurement"].invalidate_model()

    def send(self, user=None):
        """:return: ``{checkbox: [(value, subtitle), ...]}`` and the e-mail"""
        if user:
            self.digest.user_ids = user
        before = self.env["mail.mail"].search([])
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(len(mail), 1)
        body = html.fromstring(mail.body_html)
        blocks = {}
        for table in body.xpath("//table[@data-field]"):
            blocks[table.get("data-field")] = [
                (
                    span.text_content().strip(),
                    span.xpath("following-sibling::span")[0].text_content().strip(),
                )
                for span in table.xpath(".//span[contains(@class, 'kpi_value ')]")
            ]
        return blocks, body

    def test_figures_in_their_unit_with_the_days_before(self):
        blocks, _body = self.send()
        self.assertEqual(
            blocks["kpi_pick_late_share"],
            [
                ("25.0 %", "Last 24 hours (before: 25.0 %)"),
                ("25.0 %", "Last 7 Days (before: 50.0 %)"),
                ("30.0 %", "Last 30 Days"),
            ],
        )

    def test_no_data_is_left_out(self):
        blocks, body = self.send()
        self.assertEqual(blocks["kpi_pick_delay_hours"], [("3.3 h", "Last 30 Days")])
        self.assertEqual(set(blocks), {"kpi_pick_late_share", "kpi_pick_delay_hours"})
        self.assertNotIn("0.00", body.text_content())

    def test_no_colour_praises_a_rise(self):
        _blocks, body = self.send()
        self.assertFalse(body.xpath("//*[contains(@class, 'positive_kpi_margin')]"))

    def test_it_opens_the_board(self):
        _blocks, body = self.send()
        links = body.xpath("//table[@data-field='kpi_pick_late_share']//a/@href")
        self.assertTrue(links)
        self.assertTrue(
            all("action-kpi_quality.kpi_delays_board_action" in link for link in links)
        )

    def test_each_reader_sees_the_own_figures(self):
        self.atoms_of("pick_late_share", ("2025-03-19", 9, 9), department=self.sales)
        blocks, _body = self.send(self.user_lead)
        self.assertEqual(blocks["kpi_pick_late_share"][0][0], "100.0 %")
        blocks, _body = self.send(self.user_warehouse_lead)
        self.assertEqual(blocks["kpi_pick_late_share"][0][0], "25.0 %")
        stranger = new_test_user(
            self.env,
            login="kpi_stranger",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        blocks, _body = self.send(stranger)
        self.assertFalse(blocks)

    def test_of_the_readers_company(self):
        other = self._create_company("Elsewhere")
        self.atoms_of("pick_late_share", ("2025-03-19", 1, 1), company=other)
        blocks, _body = self.send()
        self.assertEqual(blocks["kpi_pick_late_share"][0][0], "25.0 %")

    def test_only_what_is_ticked(self):
        self.digest.kpi_pick_late_share = False
        blocks, _body = self.send()
        self.assertEqual(set(blocks), {"kpi_pick_delay_hours"})

    def test_few_statements(self):
        self.digest._delay_kpis(self.company, self.user_manager)
        reader = self.digest.with_user(self.user_manager)
        frames = self.digest._compute_timeframes(self.company)
        stretches = [stretch for _title, pair in frames for stretch in pair]
        self.env.flush_all()
        with self.assertQueryCount(1):
            reader._read_delay_figures(self.company, stretches)
