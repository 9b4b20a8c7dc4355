"""Whose meetings these are: nobody else reads the minutes of a talk."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .survey_common import SurveyCase

SECRET = "unspeakable"


@freeze_time("2025-12-01 09:00:00")
@tagged("post_install", "-at_install")
class TestMeetingAccess(SurveyCase):
    """IT's director has a talk with the one above, who leads all departments.

    ``director_2`` leads HR; ``head`` is a head in IT, ``outsider`` an employee.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quality = "kpi_quality.group_kpi_quality"
        cls.above = cls._create_user("above", f"{quality}_lead")
        cls.head = cls._create_user("head", f"{quality}_lead")
        # An export is one more way to try.
        export = cls.env.ref("base.group_allow_export")
        (cls.director_2 + cls.head + cls.outsider).group_ids += export
        cls.employees["risk"][0].user_id = cls.above
        cls.employees["it"][1].user_id = cls.head
        top = cls.env["hr.department"].create(
            {
                "name": "Bank",
                "company_id": cls.company.id,
                "manager_id": cls.employees["risk"][0].id,
            }
        )
        for department in cls.departments.values():
            department.parent_id = top
        cls.env["hr.department"].create(
            {
                "name": "Development",
                "company_id": cls.company.id,
                "parent_id": cls.department_it.id,
                "manager_id": cls.employees["it"][1].id,
            }
        )
        cls._set_state(cls.campaign, "closed")
        cls.campaign.is_counted = True
        meetings = cls.campaign.with_user(cls.manager)._plan_cascade().sudo()
        by_level = meetings.filtered(lambda m: m.unit_id == cls.it).grouped("level")
        cls.talk = by_level["talk"]
        cls.directors = by_level["directors"]
        cls.specialists = by_level["specialists"]
        cls.session = meetings.filtered(lambda meeting: meeting.level == "board")
        cls.talk_2 = meetings.filtered(
            lambda meeting: meeting.level == "talk" and meeting.unit_id == cls.hr
        )
        cls.all = cls.talk + cls.directors + cls.specialists + cls.session + cls.talk_2
        cls.all.write({"minutes": f"<p>{SECRET}</p>"})
        cls.action = cls.env["kpi.improvement"].create(
            {
                "name": "Answers take days",
                "kpi_meeting_id": cls.talk.id,
                "user_id": cls.outsider.id,
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def seen(self, user):
        """What of IT's meetings, the board's and the other talk a user reads."""
        meetings = self.all.with_user(user)
        meetings = meetings.with_context(allowed_company_ids=user.company_ids.ids)
        found = meetings.search([("id", "in", self.all.ids)])
        return found.with_env(self.env)

    # ------------------------------------------------------------------- read
    def test_who_sees_what(self):
        self.assertEqual(self.talk.user_id, self.above)
        for user, seen in (
            (self.manager, self.all),
            (self.board, self.all),
            (self.above, self.talk + self.talk_2 + self.directors + self.specialists),
            (self.director, self.talk + self.directors + self.specialists),
            (self.director_2, self.talk_2),
            (self.head, self.env["kpi.survey.meeting"]),
            (self.outsider, self.env["kpi.survey.meeting"]),
            (self.board_abroad, self.env["kpi.survey.meeting"]),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.seen(user), seen.sorted())

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_the_minutes_of_a_talk_are_found_by_no_other_way(self):
        """A colleague, somebody below, and who is responsible for what was agreed."""
        for user in (self.director_2, self.head, self.outsider):
            with self.subTest(user=user.login):
                talk = self.talk.with_user(user)
                for attempt in (
                    lambda talk=talk: talk.read(["minutes"]),
                    lambda talk=talk: talk.minutes,
                    lambda talk=talk: talk.export_data(["minutes"]),
                    lambda talk=talk: talk.web_read({"minutes": {}}),
                    lambda talk=talk: talk.copy(),
                    lambda talk=talk: talk.message_post(body="?"),
                    lambda talk=talk: talk.action_open_improvements(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_no_search_leads_to_them(self):
        for user in (self.director_2, self.head, self.outsider):
            with self.subTest(user=user.login):
                env = self.env(user=user)
                hidden = [("minutes", "ilike", SECRET)]
                mine = self.seen(user)
                self.assertEqual(
                    env["kpi.survey.meeting"].search(hidden).sudo() & self.all, mine
                )
                groups = env["kpi.survey.meeting"].formatted_read_group(
                    [("id", "in", self.talk.ids)], ["level"], ["__count"]
                )
                self.assertFalse(groups)
                self.assertFalse(
                    env["kpi.improvement"].search(
                        [
                            ("id", "=", self.action.id),
                            ("kpi_meeting_id.minutes", "ilike", SECRET),
                        ]
                    )
                )
                self.assertNotIn(
                    self.talk.id,
                    env["kpi.survey.campaign"].browse(self.campaign.id).meeting_ids.ids,
                )
                self.assertFalse(
                    env["mail.message"].search(
                        [
                            ("model", "=", "kpi.survey.meeting"),
                            ("res_id", "=", self.talk.id),
                        ]
                    )
                )

    def test_who_is_responsible_sees_the_action_without_the_talk(self):
        action = self.action.with_user(self.outsider)
        [values] = action.web_read(
            {"name": {}, "kpi_meeting_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(values["name"], "Answers take days")
        self.assertNotIn(SECRET, str(values))
        with self.assertRaises(AccessError):
            action.kpi_meeting_id.read(["minutes"])
        with self.assertRaises(AccessError):
            action.export_data(["kpi_meeting_id/minutes"])

    def test_counts_are_of_what_one_sees(self):
        for user, count in ((self.director, 3), (self.director_2, 2), (self.head, 0)):
            campaign = self.campaign.with_user(user)
            self.assertEqual(campaign.meeting_count, count, user.login)

    # ------------------------------------------------------------------ write
    def test_who_writes_what(self):
        for user, written in (
            (self.manager, self.all),
            (self.board, self.all),
            (self.above, self.talk + self.talk_2 + self.directors + self.specialists),
            (self.director, self.directors + self.specialists),
            (self.director_2, self.env["kpi.survey.meeting"]),
        ):
            for meeting in self.all:
                with self.subTest(user=user.login, meeting=meeting.display_name):
                    meeting = meeting.with_user(user)
                    if meeting in self.seen(user):
                        self.assertEqual(meeting.may_edit, meeting.sudo() in written)
                    if meeting.sudo() in written:
                        meeting.write({"minutes": "<p>Mine</p>"})
                    else:
                        with self.assertRaises(AccessError):
                            meeting.write({"minutes": "<p>Mine</p>"})

    def test_nobody_opens_a_talk_by_moving_it(self):
        """The one who holds it makes it no meeting that others see."""
        for values in (
            {"level": "specialists", "director_id": False},
            {"director_id": self.director_2.id},
            {"unit_id": self.hr.id},
            {"campaign_id": self._create_campaign("Another").id},
            {"user_id": self.director_2.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.talk.with_user(self.above).write(values)

    def test_a_director_plans_meetings_of_units_led_only(self):
        meetings = self.env["kpi.survey.meeting"].with_user(self.director)
        values = {
            "campaign_id": self.campaign.id,
            "level": "specialists",
            "date": "2026-01-12",
            "user_id": self.director.id,
        }
        meetings.create({**values, "unit_id": self.it.id})
        for wrong in (
            {"unit_id": self.hr.id},
            {"level": "board"},
            {
                "unit_id": self.hr.id,
                "level": "talk",
                "director_id": self.director_2.id,
            },
        ):
            with self.subTest(wrong=wrong), self.assertRaises(AccessError):
                meetings.create({**values, **wrong})

    def test_no_action_is_put_into_a_talk_that_one_does_not_write(self):
        actions = self.env["kpi.improvement"].with_user(self.director_2)
        own = actions.create(
            {
                "name": "Ours",
                "kpi_campaign_id": self.campaign.id,
                "department_id": self.department_hr.id,
                "indicator_id": self.action.indicator_id.id,
            }
        )
        for meeting in (self.talk, self.talk_2, self.session):
            with self.assertRaises(AccessError):
                own.kpi_meeting_id = meeting
            with self.assertRaises(AccessError):
                actions.create({"name": "No", "kpi_meeting_id": meeting.id})

    # ------------------------------------------------------------------ board
    def test_the_board_sees_actions_of_surveys_only(self):
        other = self.env["kpi.improvement"].create(
            {
                "name": "No survey",
                "indicator_id": self.action.indicator_id.id,
                "department_id": self.department_it.id,
            }
        )
        actions = self.env["kpi.improvement"].with_user(self.board)
        self.assertEqual(
            actions.search([("id", "in", (self.action + other).ids)]).ids,
            self.action.ids,
        )
        with self.assertRaises(AccessError):
            other.with_user(self.board).write({"name": "Mine"})
        with self.assertRaises(AccessError):
            self.action.with_user(self.board).write(
                {"kpi_campaign_id": False, "kpi_meeting_id": False}
            )

    def test_another_company_sees_nothing(self):
        for record in (self.session, self.talk, self.action):
            record = record.with_user(self.board_abroad)
            record = record.with_context(allowed_company_ids=self.company_abroad.ids)
            with self.assertRaises(AccessError):
                record.read(["display_name"])

    def test_templates_are_hrs(self):
        template = self.env.ref("kpi_internal_survey.kpi_survey_meeting_template_talk")
        template.with_user(self.manager).days = 10
        with self.assertRaises(AccessError):
            template.with_user(self.board).days = 10
