"""The cascade: who meets whom about which unit, and what comes of it."""

from contextlib import contextmanager
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .survey_common import SurveyCase


@freeze_time("2025-12-01 09:00:00")
@tagged("post_install", "-at_install")
class TestMeeting(SurveyCase):
    """The board's chair leads the company; under IT there is a part with a head."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        chair = cls.env["hr.employee"].create(
            {"name": "Chair", "company_id": cls.company.id, "user_id": cls.board.id}
        )
        top = cls.env["hr.department"].create(
            {"name": "Bank", "company_id": cls.company.id, "manager_id": chair.id}
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

    @classmethod
    def plan(cls, user=None):
        campaign = cls.campaign.with_user(user or cls.manager)
        campaign.action_plan_cascade()
        return campaign.meeting_ids.sudo()

    def meeting(self, meetings, level, unit=None):
        found = meetings.filtered(
            lambda meeting: (
                meeting.level == level
                and meeting.unit_id == (unit or self.env["kpi.survey.unit"])
            )
        )
        self.assertEqual(len(found), 1, f"{level} {unit and unit.name}")
        return found

    @contextmanager
    def refused(self, words):
        """Refused in these words, and nothing is left of the attempt."""
        with (
            self.assertRaisesRegex(ValidationError, words),
            self.env.cr.savepoint(),
        ):
            yield

    # ------------------------------------------------------------------- plan
    def test_from_the_board_down_to_everybody(self):
        meetings = self.plan()
        self.assertRecordValues(
            meetings.filtered(lambda m: m.unit_id in (False, self.it))
            + self.meeting(meetings, "board"),
            [
                {"level": level, "user_id": user.id, "director_id": director.id}
                for level, user, director in (
                    ("talk", self.board, self.director),
                    ("directors", self.director, self.env["res.users"]),
                    ("specialists", self.director, self.env["res.users"]),
                    ("board", self.board, self.env["res.users"]),
                )
            ],
        )
        # Nobody leads Finance: nobody to talk with, and the board holds the meeting.
        finance = meetings.filtered(lambda meeting: meeting.unit_id == self.finance)
        self.assertEqual(finance.mapped("level"), ["specialists"])
        self.assertEqual(finance.user_id, self.board)
        self.assertEqual(
            meetings.grouped("level").keys(),
            {"board", "talk", "directors", "specialists"},
        )
        self.assertEqual(len(meetings), 1 + 2 + 1 + 9)

    def test_one_level_after_the_other_on_working_days(self):
        """1 December is a Monday; the templates follow each other by a week."""
        meetings = self.plan()
        self.assertEqual(
            {meeting.level: meeting.date for meeting in meetings},
            {
                "board": date(2025, 12, 8),
                "talk": date(2025, 12, 15),
                "directors": date(2025, 12, 22),
                "specialists": date(2025, 12, 29),
            },
        )

    def test_a_weekend_moves_to_monday(self):
        self.env.ref(
            "kpi_internal_survey.kpi_survey_meeting_template_board"
        ).days = 5  # a Saturday
        self.assertEqual(self.meeting(self.plan(), "board").date, date(2025, 12, 8))

    def test_each_agenda_has_the_four_items_of_its_level(self):
        agendas = {meeting.level: meeting.agenda for meeting in self.plan()}
        for agenda in agendas.values():
            self.assertEqual(agenda.count("<li>"), 4)
        self.assertEqual(len(set(agendas.values())), 4)

    def test_planned_twice_is_planned_once(self):
        meetings = self.plan()
        talk = self.meeting(meetings, "talk", self.it)
        talk.with_user(self.board).action_cancel()
        self.assertEqual(
            (self.plan(self.board) - meetings).mapped("level"),
            ["talk"],
            "what was cancelled is planned anew, nothing else",
        )
        self.assertFalse(self.plan() - self.campaign.meeting_ids)

    def test_only_hr_and_the_board_plan_and_only_what_is_counted(self):
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.director).action_plan_cascade()
        self.campaign.is_counted = False
        with self.assertRaisesRegex(UserError, "not counted yet"):
            self.plan()

    def test_whoever_cannot_open_it_holds_no_meeting(self):
        self.director.write(
            {"group_ids": [(3, self.env.ref("kpi_quality.group_kpi_quality_lead").id)]}
        )
        meetings = self.plan()
        self.assertEqual(
            self.meeting(meetings, "specialists", self.it).user_id, self.board
        )

    def test_the_statements_do_not_grow_with_the_units(self):
        """Many units of one director: a statement more for each would show."""

        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.campaign.with_user(self.manager)._plan_cascade()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = statements()
        self.campaign.meeting_ids.unlink()
        departments = self.env["hr.department"].create(
            [
                {
                    "name": f"Unit {number}",
                    "company_id": self.company.id,
                    "parent_id": self.department_it.parent_id.id,
                    "manager_id": self.employees["it"][0].id,
                }
                for number in range(60)
            ]
        )
        self.env["kpi.survey.unit"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "department_id": department.id,
                    "name": department.name,
                    "kind": "head_office",
                }
                for department in departments
            ]
        )
        self.assertLess(statements(), few + 30)
        self.assertGreater(len(self.campaign.meeting_ids), 130)

    # ------------------------------------------------------------------- held
    def test_held_needs_minutes_or_an_action(self):
        meeting = self.meeting(self.plan(), "specialists", self.it)
        meeting = meeting.with_user(self.director)
        with self.refused("minutes"):
            meeting.action_held()
        meeting.minutes = "<p><br></p>"
        with self.refused("minutes"):
            meeting.action_held()
        meeting.improvement_ids = [(0, 0, {"name": "Answers take days"})]
        meeting.action_held()
        self.assertEqual(meeting.state, "held")

    def test_an_activity_for_who_holds_it_until_it_is_held(self):
        meeting = self.meeting(self.plan(), "specialists", self.it)
        self.assertRecordValues(
            meeting.activity_ids,
            [{"user_id": self.director.id, "date_deadline": date(2025, 12, 29)}],
        )
        meeting.with_user(self.director).date = "2026-01-12"
        self.assertEqual(meeting.activity_ids.date_deadline, date(2026, 1, 12))
        meeting.with_user(self.director).write({"minutes": "Done", "state": "held"})
        self.assertFalse(meeting.activity_ids)

    def test_what_was_held_is_not_deleted(self):
        meetings = self.plan()
        held = self.meeting(meetings, "board")
        held.write({"minutes": "Done", "state": "held"})
        with self.assertRaises(AccessError):
            held.with_user(self.manager).unlink()
        self.meeting(meetings, "specialists", self.it).with_user(self.manager).unlink()

    def test_units_and_partners_fit_the_level(self):
        meetings = self.plan()
        board = self.meeting(meetings, "board")
        talk = self.meeting(meetings, "talk", self.it)
        with self.refused("whole company"):
            board.unit_id = self.it
        with self.refused("one director"):
            talk.director_id = False
        other = self._create_campaign("Another")
        with self.refused("another survey"):
            talk.unit_id = self.env["kpi.survey.unit"].create(
                {
                    "campaign_id": other.id,
                    "department_id": self.department_it.id,
                    "name": "IT",
                    "kind": "head_office",
                }
            )

    # ---------------------------------------------------------------- actions
    def test_an_action_from_a_meeting_is_about_its_unit(self):
        meeting = self.meeting(self.plan(), "specialists", self.it)
        meeting.with_user(self.director).write(
            {
                "improvement_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Answers take days",
                            "user_id": self.outsider.id,
                            "date_deadline": "2026-02-01",
                        },
                    )
                ]
            }
        )
        action = meeting.improvement_ids
        self.assertRecordValues(
            action,
            [
                {
                    "kpi_campaign_id": self.campaign.id,
                    "department_id": self.department_it.id,
                    "company_id": self.company.id,
                    "user_id": self.outsider.id,
                    "date_deadline": date(2026, 2, 1),
                }
            ],
        )
        self.assertEqual(action.indicator_id.code, "internal_service")
        self.assertEqual(meeting.improvement_count, 1)

    def test_the_board_plans_for_the_company(self):
        meeting = self.meeting(self.plan(), "board").with_user(self.board)
        meeting.write({"improvement_ids": [(0, 0, {"name": "Nobody answers"})]})
        action = meeting.improvement_ids
        self.assertFalse(action.department_id)
        action.write({"name": "Nobody answers on Fridays"})
        action.write({"department_id": self.department_it.id})
        self.assertEqual(action.kpi_campaign_id, self.campaign)

    def test_progress_of_the_actions(self):
        meeting = self.meeting(self.plan(), "board").with_user(self.board)
        meeting.write(
            {"improvement_ids": [(0, 0, {"name": f"No {n}"}) for n in range(4)]}
        )
        done, cancelled, *_open = meeting.improvement_ids
        done.result = "It works"
        done.action_done()
        cancelled.result = "Not needed"
        cancelled.action_cancel()
        self.assertRecordValues(
            self.campaign.with_user(self.manager),
            [
                {
                    "improvement_count": 3,
                    "improvement_closed_count": 1,
                    "improvement_progress": 33,
                    "meeting_count": 13,
                    "meeting_held_count": 0,
                }
            ],
        )

    def test_survey_and_meeting_of_an_action_agree(self):
        meeting = self.meeting(self.plan(), "board").with_user(self.board)
        other = self._create_campaign("Another")
        with self.refused("another survey"):
            meeting.write(
                {
                    "improvement_ids": [
                        (0, 0, {"name": "No", "kpi_campaign_id": other.id})
                    ]
                }
            )
