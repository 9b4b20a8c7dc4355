from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from odoo.addons.kpi_internal_survey.const import PLACE_OF_CODE

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
@freeze_time("2025-11-10 09:00:00")
class TestLetters(SurveyCase):
    """Nine units of six people, all with an address; 3 to 21 November."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.company.partner_id.lang = "en_US"
        cls.manager.email = "hr@survey.example.com"

    def mails(self, letter, campaign=None):
        campaign = campaign or self.campaign
        return self.env["mail.mail"].search(
            [("kpi_campaign_id", "=", campaign.id), ("kpi_letter", "=", letter)]
        )

    # ------------------------------------------------------------ recipients
    def test_each_participant_gets_one_letter(self):
        self.assertEqual(self.campaign._send_invitations(), 54)
        mails = self.mails("invitation")
        participants = self.campaign.participant_ids
        self.assertEqual(mails.kpi_participant_id, participants)
        for mail in mails:
            self.assertEqual(mail.email_to, mail.kpi_participant_id.email)
        self.assertEqual(set(mails.mapped("auto_delete")), {True})
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.assertFalse(any(mails.mapped("model")), "in nobody's thread")
        self.assertFalse(mails.recipient_ids)
        self.assertEqual(
            set(mails.mapped("reply_to")),
            {self.manager.email_formatted},
        )

    def test_whoever_has_no_address_gets_none(self):
        self.campaign.participant_ids[:4].email = False
        self.assertEqual(self.campaign._send_invitations(), 50)
        self.assertEqual(len(self.mails("invitation")), 50)

    def test_in_the_language_of_the_person_else_of_the_company(self):
        self.director.lang = "ru_RU"
        self.outsider.lang = "en_US"
        self.campaign.with_context(lang="ru_RU").name = "Первый цикл"
        self.campaign._send_invitations()
        russian = self.mails("invitation").filtered(lambda m: "Первый" in m.subject)
        self.assertEqual(
            russian.kpi_participant_id.employee_id, self.director.employee_id
        )
        self.assertIn('lang="ru-RU"', russian.body_html)
        self.assertIn("21 ноября 2025", russian.body_html)
        self.company.partner_id.lang = "ru_RU"
        self.campaign._send_reminders()
        english = self.mails("reminder").filtered(lambda m: "Cycle 1" in m.subject)
        people = english.kpi_participant_id.employee_id
        # With a user, whose language is English.
        self.assertEqual(people, (self.outsider | self.director_2).employee_ids)
        self.assertIn("November 21, 2025", english[0].body_html)

    def test_a_language_that_is_off_by_now_is_no_obstacle(self):
        self.director.lang = "ru_RU"
        self.env.cr.execute("UPDATE res_lang SET active = false WHERE code = 'ru_RU'")
        self.env.registry.clear_cache("stable")
        self.env["res.lang"].invalidate_model()
        self.assertEqual(self.campaign._send_invitations(), 54)
        self.assertEqual(
            set(self.mails("invitation").mapped("subject")), {"We ask you: Cycle 1"}
        )

    # ---------------------------------------------------------------- texts
    def test_what_is_stored_has_a_placeholder(self):
        self.campaign._send_invitations()
        body = self.mails("invitation")[0].body_html
        address = (
            f"{self.campaign.get_base_url()}/kpi/survey/{self.campaign.access_token}"
        )
        self.assertIn(f'href="{address}#{PLACE_OF_CODE}"', body)
        self.assertIn(f">{PLACE_OF_CODE}<", body, "to type by hand")
        self.assertIn(f">{address}<", body, "to type by hand")
        self.assertIn("hr@survey.example.com", body, "who to ask")

    def test_only_letters_with_a_form_have_a_code(self):
        self._set_state(self.campaign, "published")
        for letter in ("announcement", "thanks", "results"):
            self.assertTrue(getattr(self.campaign, f"_send_{letter}")())
            mails = self.mails(letter)
            self.assertEqual(len(mails), 54)
            self.assertNotIn(PLACE_OF_CODE, mails[0].body_html)

    def test_the_opening_address_opens_the_invitation(self):
        self.campaign.sudo().opening_text = "<p>Good morning, bankers!</p>"
        self.campaign._send_invitations()
        body = self.mails("invitation")[0].body_html
        self.assertIn("<p>Good morning, bankers!</p>", body)
        self.assertNotIn("Good day", body)

    def test_a_reminder_tells_how_many_have_answered(self):
        self.env["kpi.survey.ballot"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "unit_id": unit.id,
                    "code_hash": f"{unit.id} {number}",
                    "is_submitted": number < count,
                }
                for unit, count in ((self.it, 6), (self.hr, 5), (self.legal, 2))
                for number in range(6)
            ]
        )
        self.campaign._send_reminders()
        # 13 of 54, as HR sees it on the campaign.
        self.assertIn("<b>24 %</b>", self.mails("reminder")[0].body_html)

    def test_nothing_to_tell_when_too_few_have_answered(self):
        self.env["kpi.survey.ballot"].create(
            {
                "campaign_id": self.campaign.id,
                "unit_id": self.it.id,
                "code_hash": "1",
                "is_submitted": True,
            }
        )
        self.campaign._send_reminders()
        self.assertNotIn("Answered so far", self.mails("reminder")[0].body_html)

    def test_the_best_are_told_to_all(self):
        Result = self.env["kpi.survey.result"]
        common = {"campaign_id": self.campaign.id, "company_id": self.company.id}
        Result.create(
            [
                {**common, "has_score": True, "score": 7.09},
                {**common, "unit_id": self.hr.id, "has_score": True, "rank": 1},
                {**common, "unit_id": self.it.id, "has_score": True, "rank": 2},
            ]
        )
        self.env["kpi.survey.best"].create(
            {
                **common,
                "employee_id": self.employees["legal"][0].id,
                "unit_id": self.legal.id,
                "votes": 9,
                "place": 1,
            }
        )
        self._set_state(self.campaign, "published")
        self.campaign.with_user(self.manager).action_tell_results()
        with self.assertRaisesRegex(UserError, "already"):
            self.campaign.with_user(self.manager).action_tell_results()
        body = self.mails("results")[0].body_html
        self.assertIn("7.09", body)
        self.assertIn("<b>Hr</b>", body)
        self.assertNotIn("<b>It</b>", body)
        self.assertIn("<b>Legal 1</b>", body)

    def test_thanks_go_to_all_when_the_campaign_is_closed(self):
        self.campaign.with_user(self.manager).action_close()
        mails = self.mails("thanks")
        self.assertEqual(mails.kpi_participant_id, self.campaign.participant_ids)
        self.assertIn("these thanks go to all", " ".join(mails[0].body_html.split()))

    def test_letters_go_with_their_campaign(self):
        campaign = self._create_campaign("Cycle 2")
        campaign._send_test_invitations(self.employees["it"])
        mails = self.mails("test", campaign)
        messages = mails.mail_message_id
        campaign.with_user(self.manager).unlink()
        self.assertFalse(mails.exists())
        self.assertFalse(messages.exists())

    def test_an_announcement_goes_to_who_will_be_invited(self):
        campaign = self._create_campaign(
            "Cycle 2", date_from="2025-12-01", date_to="2025-12-12"
        )
        self._set_state(campaign, "agreed")
        self.employees["west"][0].work_email = False
        campaign.with_user(self.manager).action_announce()
        mails = self.mails("announcement", campaign)
        self.assertEqual(len(mails), 53)
        self.assertFalse(mails.kpi_participant_id)
        self.assertIn("December 1, 2025", mails[0].body_html)
        self.assertEqual(campaign.announced_on, date(2025, 11, 10))
        with self.assertRaisesRegex(UserError, "once a day"):
            campaign.with_user(self.manager).action_announce()
        # The dates have changed meanwhile: there is something new to say.
        with freeze_time("2025-11-11 09:00:00"):
            campaign.with_user(self.manager).action_announce()
        self.assertEqual(len(self.mails("announcement", campaign)), 106)

    def test_a_test_run_invites_who_was_chosen(self):
        campaign = self._create_campaign("Cycle 2")
        people = self.employees["it"][:2] | self.employees["hr"][0]
        self.assertEqual(campaign._send_test_invitations(people), 3)
        mails = self.mails("test", campaign)
        self.assertEqual(
            set(mails.mapped("email_to")), set(people.mapped("work_email"))
        )
        self.assertIn(PLACE_OF_CODE, mails[0].body_html)

    # ------------------------------------------------------------- reminders
    def _reminded_on(self, *days):
        """On which of these days of November the scheduled action reminds."""
        cron = self.env.ref("kpi_internal_survey.ir_cron_survey_reminders")
        reminded = []
        for day in days:
            with freeze_time(f"2025-11-{day:02} 09:00:00"):
                before = len(self.mails("reminder"))
                with self.enter_registry_test_mode():
                    cron.method_direct_trigger()
                self.env.invalidate_all()
                if len(self.mails("reminder")) > before:
                    reminded.append(day)
        return reminded

    def test_reminders_seven_and_two_days_before_the_end(self):
        self.campaign.invited_on = "2025-11-03"
        days = self._reminded_on(*range(3, 25))
        self.assertEqual(days, [14, 19])
        self.assertEqual(len(self.mails("reminder")), 108)

    def test_a_missed_day_is_made_up_for_once(self):
        self.assertEqual(self._reminded_on(13, 16, 17, 21), [16, 21])

    def test_the_plan_is_changed_while_the_campaign_runs(self):
        self.campaign.with_user(self.manager).reminder_days = "10; 1"
        self.assertEqual(self._reminded_on(*range(10, 23)), [11, 20])
        with self.assertRaisesRegex(ValidationError, "plan of reminders"):
            self.campaign.with_user(self.manager).reminder_days = "a week"

    def test_no_plan_no_reminder(self):
        self.campaign.reminder_days = False
        self.assertEqual(self._reminded_on(*range(3, 22)), [])

    def test_no_reminder_but_of_what_runs(self):
        self._set_state(self.campaign, "closed")
        self.assertEqual(self._reminded_on(14, 19), [])

    def test_a_campaign_that_fails_does_not_stop_the_others(self):
        other = self._create_campaign("Abroad", company_id=self.company_abroad.id)
        self._set_state(other, "running")
        failing = self.campaign.id
        send = type(self.campaign)._send_reminders

        def _send_reminders(campaign):
            count = send(campaign)
            if campaign.id == failing:
                raise RuntimeError("no template")
            return count

        self.patch(type(self.campaign), "_send_reminders", _send_reminders)
        with mute_logger(
            "odoo.addons.kpi_internal_survey.models.kpi_survey_campaign_letters"
        ):
            self.assertEqual(self._reminded_on(14), [])
        self.assertFalse(self.campaign.reminded_on, "it is tried again")
        self.assertEqual(other.reminded_on, date(2025, 11, 14))

    def test_remind_all_now_but_not_twice_a_day(self):
        campaign = self.campaign.with_user(self.manager)
        campaign.action_remind()
        self.assertEqual(len(self.mails("reminder")), 54)
        with self.assertRaisesRegex(UserError, "once a day"):
            campaign.action_remind()
        with freeze_time("2025-11-14 09:00:00"):
            campaign.action_remind()
        # That was the day of the plan as well.
        self.assertEqual(self._reminded_on(14, 15), [])

    # ------------------------------------------------------------------- log
    def test_the_campaign_tells_what_was_sent_without_names(self):
        self.campaign._send_invitations()
        messages = self.campaign.message_ids.filtered(lambda m: "queued" in m.body)
        self.assertIn("“We ask you: Cycle 1”, to 54 people", messages.body)

    # ---------------------------------------------------------------- access
    def test_only_a_manager_of_the_company_sends_letters(self):
        abroad = new_test_user(
            self.env,
            login="kpi_survey_manager_abroad",
            groups="kpi_quality.group_kpi_quality_manager",
            company_id=self.company_abroad.id,
            company_ids=[(6, 0, self.company_abroad.ids)],
        )
        others = (self.board, self.director, self.outsider, abroad)
        actions = {
            "action_announce": "agreed",
            "action_remind": "running",
            "action_tell_results": "published",
        }
        for action, state in actions.items():
            self._set_state(self.campaign, state)
            for user in others:
                campaign = self.campaign.with_user(user)
                campaign = campaign.with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                with self.subTest(action=action, user=user.login):
                    with self.assertRaises(AccessError):
                        getattr(campaign, action)()
        self.assertFalse(
            self.env["mail.mail"].search([("kpi_campaign_id", "=", self.campaign.id)])
        )

    def test_each_letter_has_its_time(self):
        for action in ("action_announce", "action_tell_results"):
            with self.assertRaisesRegex(UserError, "does not fit now"):
                getattr(self.campaign.with_user(self.manager), action)()
        self._set_state(self.campaign, "closed")
        with self.assertRaisesRegex(UserError, "does not fit now"):
            self.campaign.with_user(self.manager).action_remind()

    def test_the_manager_reads_no_queue(self):
        self.campaign._send_invitations()
        with self.assertRaises(AccessError):
            self.mails("invitation").with_user(self.manager).read(["body_html"])

    # ------------------------------------------------------------ statements
    def test_statements_do_not_grow_with_the_people(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.campaign._send_reminders()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        statements()  # what is read once
        many = statements()
        self.campaign.participant_ids[6:].sudo().email = False
        self.assertEqual(statements(), many)
