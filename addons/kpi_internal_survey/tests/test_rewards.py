from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .survey_common import PEOPLE, SurveyCase


class TestRewards(SurveyCase):
    """Three colleagues and HR, the best unit, at the end of 2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payroll = cls._create_user(
            "payroll", "kpi_quality.group_kpi_quality_payroll"
        )
        cls.winners = (
            cls.employees["it"][1] | cls.employees["it"][2] | cls.employees["legal"][0]
        )
        cls.env["kpi.survey.best"].create(
            [
                {
                    "campaign_id": cls.campaign.id,
                    "company_id": cls.company.id,
                    "employee_id": employee.id,
                    "unit_id": unit.id,
                    "votes": 20 - place,
                    "place": place,
                }
                for place, employee, unit in (
                    (1, cls.winners[0], cls.it),
                    (2, cls.winners[1], cls.it),
                    (3, cls.winners[2], cls.legal),
                    (4, cls.employees["risk"][0], cls.risk),
                )
            ]
        )
        cls.env["kpi.survey.result"].create(
            [
                {
                    "campaign_id": cls.campaign.id,
                    "company_id": cls.company.id,
                    "unit_id": unit.id,
                    "department_id": unit.department_id.id,
                    "respondents": 9,
                    "score": score,
                    "has_score": True,
                    "rank": rank,
                }
                for unit, score, rank in ((cls.hr, 8.5, 1), (cls.it, 7, 2))
            ]
        )
        cls._set_state(cls.campaign, "published")
        cls.year = cls.env["kpi.period"].create(
            {"kind": "year", "date_from": "2025-01-01", "company_id": cls.company.id}
        )
        cls.run_ = cls.create_run()

    @classmethod
    def create_run(cls, period=None):
        return (
            cls.env["kpi.bonus.run"]
            .with_user(cls.payroll)
            .create(
                {"period_id": (period or cls.year).id, "company_id": cls.company.id}
            )
        )

    def wizard(self, run=None, user=None, **values):
        return (
            self.env["kpi.survey.reward"]
            .with_user(user or self.payroll)
            .create(
                {
                    "run_id": (run or self.run_).id,
                    "person_amount": 30000,
                    "unit_amount": 5000,
                    **values,
                }
            )
        )

    # ------------------------------------------------------------------ rewards
    def test_three_people_and_the_people_of_the_best_unit(self):
        self.wizard().action_reward()
        lines = self.run_.line_ids
        self.assertEqual(set(lines.mapped("kind")), {"one_off"})
        by_award = lines.grouped("kpi_award")
        self.assertEqual(by_award["person"].employee_id, self.winners)
        self.assertEqual(set(by_award["person"].mapped("amount")), {30000})
        self.assertEqual(by_award["unit"].employee_id, self.employees["hr"])
        self.assertEqual(set(by_award["unit"].mapped("amount")), {5000})
        self.assertEqual(lines.kpi_campaign_id, self.campaign)
        self.assertEqual(self.run_.amount_total, 3 * 30000 + PEOPLE * 5000)

    def test_the_reason_names_the_survey(self):
        self.wizard().action_reward()
        reasons = set(self.run_.line_ids.mapped("reason"))
        self.assertIn(
            "Best colleague of the internal survey “Cycle 1”, place 1", reasons
        )
        self.assertIn("Best unit of the internal survey “Cycle 1”: Hr", reasons)
        self.assertEqual(len(reasons), 4)

    def test_the_form_shows_the_names_before(self):
        action = self.env["kpi.survey.reward"].with_user(self.payroll)
        with Form(action.with_context(default_run_id=self.run_.id)) as form:
            self.assertEqual(len(form.line_ids), 0)
            form.person_amount = 30000
            self.assertEqual(len(form.line_ids), 3)
            form.line_ids.remove(2)
        form.record.action_reward()
        self.assertEqual(self.run_.line_ids.employee_id, self.winners[:2])

    def test_who_has_left_gets_nothing(self):
        self.winners[0].active = False
        reward = self.wizard(unit_amount=0)
        self.assertEqual(reward.line_ids.employee_id, self.winners[1:])

    def test_places_that_are_shared(self):
        rows = self.env["kpi.survey.best"].search(
            [("campaign_id", "=", self.campaign.id)]
        )
        rows[3].place = 3
        self.assertEqual(len(self.wizard(unit_amount=0).line_ids), 4)

    def test_amounts_are_needed(self):
        for amounts in ((0, 0), (-5, 0)):
            reward = self.wizard(person_amount=amounts[0], unit_amount=amounts[1])
            with self.assertRaisesRegex(UserError, "positive amounts"):
                reward.action_reward()

    # ------------------------------------------------------------------- limits
    def test_not_twice_in_the_same_run_nor_in_another(self):
        self.wizard().action_reward()
        for run in (self.run_, self.create_run()):
            with self.assertRaisesRegex(UserError, "rewards already"):
                self.wizard(run).action_reward()
        self.assertEqual(len(self.run_.line_ids), 3 + PEOPLE)

    def test_two_windows_open_at_once(self):
        first, second = self.wizard(), self.wizard()
        first.action_reward()
        with self.assertRaises(UserError):
            second.action_reward()

    def test_the_database_refuses_a_second_reward(self):
        self.wizard().action_reward()
        line = self.run_.line_ids.filtered(lambda row: row.kpi_award == "person")[:1]
        twin = self.env["kpi.bonus.run.line"].create(
            {
                "run_id": self.run_.id,
                "employee_id": line.employee_id.id,
                "amount": 1,
                "reason": "Once more",
            }
        )
        values = {"kpi_campaign_id": self.campaign.id, "kpi_award": "person"}
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            twin._write_unguarded(values)
            twin.flush_recordset()
        self.assertIn("kpi_bonus_run_line", str(caught.exception))

    def test_what_was_taken_out_may_be_given_again(self):
        self.wizard().action_reward()
        self.run_.line_ids.filtered(lambda row: row.kpi_award == "unit").unlink()
        self.wizard().action_reward()
        self.assertEqual(len(self.run_.line_ids), 3 + PEOPLE)

    def test_only_surveys_of_the_year(self):
        for date_to, is_there in (
            ("2024-12-31", False),
            ("2025-01-01", True),
            ("2025-12-31", True),
            ("2026-01-01", False),
        ):
            with self.subTest(date_to):
                self.env.cr.execute(
                    "UPDATE kpi_survey_campaign SET date_from = %s, date_to = %s"
                    " WHERE id = %s",
                    ["2024-12-01", date_to, self.campaign.id],
                )
                self.campaign.invalidate_recordset()
                self.assertEqual(bool(self.wizard().campaign_ids), is_there)

    def test_only_published_surveys(self):
        self._set_state(self.campaign, "closed")
        self.assertFalse(self.wizard().campaign_ids)

    def test_december_pays_for_the_year(self):
        december, october = self.env["kpi.period"].create(
            [
                {
                    "kind": "month",
                    "date_from": day,
                    "company_id": self.company.id,
                }
                for day in ("2025-12-01", "2025-10-01")
            ]
        )
        self.assertTrue(self.wizard(self.create_run(december)).campaign_ids)
        self.assertFalse(self.wizard(self.create_run(october)).campaign_ids)

    def test_a_submitted_run_takes_no_rewards(self):
        reward = self.wizard()
        self.env.cr.execute(
            "UPDATE kpi_bonus_run SET state = 'submitted' WHERE id = %s",
            [self.run_.id],
        )
        self.run_.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "submitted"):
            reward.action_reward()

    # ------------------------------------------------------------------- rights
    def test_payroll_officers_only(self):
        for user in (self.manager, self.board, self.director, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.wizard(user=user)

    def test_nobody_slips_in(self):
        reward = self.wizard()
        stranger = self.employees["risk"][1]
        reward.line_ids[0].employee_id = stranger
        with self.assertRaisesRegex(UserError, "not among the best"):
            reward.action_reward()
        self.assertFalse(self.run_.line_ids)

    def test_payroll_reads_the_names_of_published_surveys_only(self):
        best = self.env["kpi.survey.best"].with_user(self.payroll)
        mine = [("campaign_id", "=", self.campaign.id)]
        self.assertEqual(len(best.search(mine)), 4)
        for model in ("result", "cell", "comment"):
            with self.assertRaises(AccessError):
                self.env[f"kpi.survey.{model}"].with_user(self.payroll).search(mine)
        self._set_state(self.campaign, "closed")
        self.assertFalse(best.search(mine))
        with self.assertRaises(AccessError):
            best.create({"campaign_id": self.campaign.id})

    def test_the_mark_of_a_reward_is_not_set_by_hand(self):
        with self.assertRaises(UserError):
            self.run_.write(
                {
                    "line_ids": [
                        Command.create(
                            {
                                "employee_id": self.winners[0].id,
                                "amount": 1,
                                "reason": "x",
                                "kpi_campaign_id": self.campaign.id,
                            }
                        )
                    ]
                }
            )
