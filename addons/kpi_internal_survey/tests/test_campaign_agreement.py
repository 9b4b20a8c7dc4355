from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import freeze_time, tagged

from .campaign_common import CampaignCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-20 09:00:00")
class TestCampaignAgreement(CampaignCase):
    """Two directors with a user: of It and of Hr."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.next.with_user(cls.manager)
        cls.mine.action_ask_directors()
        rows = cls.next.agreement_ids.grouped("department_id")
        cls.row, cls.row_2 = rows[cls.department_it], rows[cls.department_hr]

    def test_each_director_is_asked_once(self):
        self.mine.action_ask_directors()
        self.assertRecordValues(
            self.next.agreement_ids,
            [
                {"user_id": user.id, "state": "waiting", "department_id": department.id}
                for user, department in (
                    (self.director_2, self.department_hr),
                    (self.director, self.department_it),
                )
            ],
        )
        for row in self.next.agreement_ids:
            self.assertEqual(row.activity_ids.user_id, row.user_id)
            self.assertEqual(len(row.activity_ids), 1)

    def test_units_with_nobody_to_ask_are_named(self):
        self.department_legal.manager_id = self.employees["legal"][0]  # without a user
        stranger = self._create_user("stranger", "base.group_user")
        self.employees["risk"][0].user_id = stranger
        self.department_risk.manager_id = self.employees["risk"][0]
        self.env.invalidate_all()
        self.assertEqual(
            set(self.next.unasked_ids.mapped("name")),
            {"Finance", "Legal", "Risk", "Marketing", "North", "South", "West"},
        )
        message = self.mine.action_ask_directors()["params"]["message"]
        self.assertIn("Risk", message)

    def test_a_new_director_is_asked_instead(self):
        self.department_it.manager_id = self.employees["finance"][0]
        self.mine.action_ask_directors()
        self.assertEqual(self.row.user_id, self.outsider)
        self.assertEqual(self.row.activity_ids.user_id, self.outsider)

    def test_a_director_agrees(self):
        self.row.with_user(self.director).action_agree()
        self.assertEqual(self.row.state, "agreed")
        self.assertFalse(self.row.activity_ids)
        message = self.next.message_ids[0]
        self.assertEqual(message.author_id, self.director.partner_id)

    def test_a_remark_needs_words_and_an_answer(self):
        mine = self.row.with_user(self.director)
        with self.assertRaisesRegex(ValidationError, "Write what should be different"):
            mine.action_send_remark()
        mine.remark = "Respect cannot be measured"
        mine.action_send_remark()
        self.row_2.with_user(self.director_2).action_agree()
        with self.assertRaisesRegex(UserError, "Answer the remarks of"):
            self.mine.action_agree()
        self.row.with_user(self.manager).answer = "We talked about it"
        self.mine.action_agree()
        self.assertEqual(self.next.state, "agreed")

    def test_another_remark_needs_another_answer(self):
        mine = self.row.with_user(self.director)
        mine.remark = "One"
        mine.action_send_remark()
        self.row.with_user(self.manager).answer = "Answered"
        mine.remark = "Two"
        self.assertFalse(self.row.answer)

    def test_who_has_not_answered_is_named(self):
        self.row.with_user(self.director).action_agree()
        with self.assertRaisesRegex(UserError, "have not answered"):
            self.mine.action_agree()
        self.assertIn(self.director_2.name, self.mine.obstacle)
        self.assertNotIn(f"{self.director.name}", self.mine.obstacle)

    def test_nobody_asked_is_no_agreement(self):
        self.next.agreement_ids.unlink()
        with self.assertRaisesRegex(UserError, "No director was asked"):
            self.mine.action_agree()

    def test_whom_hr_does_not_wait_for_stays_on_record(self):
        self.row.with_user(self.director).action_agree()
        self.row_2.with_user(self.manager).unlink()
        self.assertIn(self.director_2.name, self.next.message_ids[0].body)
        self.assertIn("not asked any longer", self.next.message_ids[0].body)
        self.mine.action_agree()
        self.assertEqual(self.next.state, "agreed")

    def test_reopening_asks_anew(self):
        self.row.with_user(self.director).action_agree()
        self.row_2.with_user(self.director_2).action_agree()
        self.mine.action_agree()
        self.mine.action_reopen()
        self.assertEqual(self.next.agreement_ids.mapped("state"), ["waiting"] * 2)
        self.assertEqual(len(self.next.agreement_ids.activity_ids), 2)
        self.mine.minimum = 6

    # ---------------------------------------------------------------- access
    def test_a_director_sees_criteria_and_scale_and_the_own_row_only(self):
        rows = self.env["kpi.survey.agreement"].with_user(self.director)
        self.assertEqual(rows.search([]), self.row)
        mine = self.row.with_user(self.director)
        self.assertEqual(len(mine.criterion_ids), 10)
        self.assertEqual(mine.band_ids[0].display_name, "10: Far exceeds expectations")
        with self.assertRaises(AccessError):
            self.row_2.with_user(self.director).read(["state", "remark"])
        groups = rows._read_group([], ["user_id"], ["__count"])
        self.assertEqual(groups, [(self.director, 1)])
        self.row_2.remark = "Secret words"
        self.assertFalse(rows.search([("remark", "ilike", "secret")]))
        seen = self.next.with_user(self.director)
        self.assertEqual(seen.agreement_ids, self.row)
        self.assertFalse(
            seen.search([("agreement_ids.remark", "ilike", "secret")]),
            "nor by way of the campaign",
        )

    def test_others_see_none(self):
        for user in (self.board, self.outsider, self.board_abroad):
            rows = self.env["kpi.survey.agreement"].with_user(user)
            rows = rows.with_context(allowed_company_ids=user.company_ids.ids)
            self.assertFalse(rows.search([]), user.login)

    def test_nobody_answers_for_another(self):
        attempts = (
            (self.manager, self.row, {"state": "agreed"}),
            (self.manager, self.row, {"remark": "Not his"}),
            (self.manager, self.row, {"user_id": self.manager.id}),
            (self.director, self.row, {"answer": "Answers himself"}),
            (self.director, self.row, {"user_id": self.director_2.id}),
            (self.director, self.row, {"campaign_id": self.campaign.id}),
            (self.director, self.row_2, {"state": "agreed"}),
            (self.board, self.row, {"state": "agreed"}),
            (self.outsider, self.row, {"state": "agreed"}),
        )
        for user, row, values in attempts:
            with self.subTest(user=user.login, values=values):
                with self.assertRaises(UserError):  # AccessError is one
                    row.with_user(user).write(values)
                with self.assertRaises(UserError):  # AccessError is one
                    self.next.with_user(user).write(
                        {"agreement_ids": [(1, row.id, values)]}
                    )
        self.assertEqual(self.next.agreement_ids.mapped("state"), ["waiting"] * 2)
        self.assertFalse(any(self.next.agreement_ids.mapped("remark")))

    def test_nobody_makes_an_agreement_by_hand(self):
        for user in (self.manager, self.director, self.board):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["kpi.survey.agreement"].with_user(user).create(
                    {
                        "campaign_id": self.next.id,
                        "department_id": self.department_legal.id,
                        "user_id": user.id,
                        "state": "agreed",
                    }
                )

    def test_only_hr_removes_a_row(self):
        for user in (self.director, self.board):
            with self.assertRaises(AccessError):
                self.row.with_user(user).unlink()

    def test_what_was_said_stays_after_the_agreement(self):
        self.row.with_user(self.director).action_agree()
        self.row_2.with_user(self.director_2).action_agree()
        self.mine.action_agree()
        with self.assertRaisesRegex(UserError, "is agreed on"):
            self.row.with_user(self.director).write({"remark": "Too late"})
        with self.assertRaises(UserError):
            self.row.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            self.row.with_user(self.manager).with_context(_force_unlink=True).unlink()
