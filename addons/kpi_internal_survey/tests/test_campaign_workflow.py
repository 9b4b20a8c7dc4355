from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time, tagged
from odoo.tools import mute_logger

from ..const import CAMPAIGN_TRANSITIONS
from .campaign_common import CampaignCase

ACTIONS = {
    "agreed": "action_agree",
    "draft": "action_reopen",
    "running": "action_start",
    "closed": "action_close",
    "published": "action_publish",
}
# Every field that the directors agree to, with another value.
AGREED = {
    "minimum": 6,
    "comment_rule": "required",
    "low_limit": 3,
    "high_limit": 9,
    "vote_count": 4,
    "vote_scope": "all",
    "rule_ids": [Command.clear()],
    "criterion_ids": [Command.clear()],
    "group_ids": [Command.clear()],
    "band_ids": [Command.clear()],
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-02 09:00:00")
class TestCampaignWorkflow(CampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whom the directors' tests ask: nobody here.
        for department in cls.departments.values():
            department.manager_id = False
        cls.mine = cls.next.with_user(cls.manager)

    # ------------------------------------------------------------- the states
    def test_the_table_of_states(self):
        """Every button in every state does what the table says, or nothing."""
        for state, reachable in CAMPAIGN_TRANSITIONS.items():
            for target, action in ACTIONS.items():
                with self.subTest(state=state, target=target):
                    campaign = self.create_next(is_counted=True)
                    self._set_state(campaign, state)
                    button = getattr(campaign.with_user(self.manager), action)
                    if target in reachable:
                        button()
                        self.assertEqual(campaign.state, target)
                    else:
                        with self.assertRaisesRegex(UserError, "it cannot become"):
                            button()
                        self.assertEqual(campaign.state, state)
                    self._set_state(campaign, "published")  # nothing else runs

    def test_a_state_is_not_written_by_hand(self):
        for values in (
            {"state": "published"},
            {"is_counted": True},
            {"previous_id": self.campaign.id},
            {"access_token": "guessed"},
        ):
            with self.assertRaisesRegex(UserError, "not written by hand"):
                self.mine.write(values)
            with self.assertRaisesRegex(UserError, "not written by hand"):
                self.mine.create(
                    {"name": "X", "date_from": "2026-01-01", "date_to": "2026-01-02"}
                    | values
                )

    def test_a_state_does_not_come_with_a_context(self):
        """The + of a kanban's column sends one, or whoever calls the server."""
        campaign = self.mine.with_context(
            default_state="agreed",
            default_is_counted=True,
            default_previous_id=self.campaign.id,
            default_access_token="../key of another",
        ).create({"name": "X", "date_from": "2026-01-01", "date_to": "2026-01-02"})
        self.assertEqual(campaign.state, "draft")
        self.assertFalse(campaign.is_counted or campaign.previous_id)
        self.assertNotIn("/", campaign.access_token)

    def test_only_the_manager_moves_a_campaign(self):
        for user in (self.board, self.director, self.outsider):
            for state, action in ACTIONS.items():
                source = next(
                    s for s, to in CAMPAIGN_TRANSITIONS.items() if state in to
                )
                self._set_state(self.next, source)
                with self.subTest(user=user.login, action=action):
                    with self.assertRaises(AccessError):
                        getattr(self.next.with_user(user), action)()

    # -------------------------------------------------------------- obstacles
    def test_nothing_to_rate_by_is_no_campaign(self):
        self.next.group_ids.unlink()
        with self.assertRaisesRegex(UserError, "no criteria"):
            self.mine.action_agree()

    def test_without_rules_nobody_rates(self):
        self.next.rule_ids.unlink()
        with self.assertRaisesRegex(UserError, "no rule"):
            self.mine.action_agree()

    def test_rules_that_fit_no_unit_stop_the_start(self):
        tag = self.env["kpi.survey.unit.tag"].create({"name": "Nobody"})
        self.next.rule_ids.rated_tag_ids = tag
        self.mine.action_agree()
        with self.assertRaisesRegex(UserError, "no unit would rate another"):
            self.mine.action_start()
        self.assertIn("no unit would rate another", self.mine.obstacle)

    def test_a_unit_alone_has_nobody_to_rate(self):
        for name, department in self.departments.items():
            department.kpi_is_unit = name == "it"
        self.mine.action_agree()
        with self.assertRaisesRegex(UserError, "no unit would rate another"):
            self.mine.action_start()

    def test_one_campaign_of_a_company_runs(self):
        self._set_state(self.campaign, "running")
        self.mine.action_agree()
        with self.assertRaisesRegex(UserError, "“Cycle 1” is still running"):
            self.mine.action_start()

    @freeze_time("2026-11-21 09:00:00")
    def test_what_is_over_does_not_start(self):
        self.mine.action_agree()
        with self.assertRaisesRegex(UserError, "The last day.*is over"):
            self.mine.action_start()

    def test_what_is_not_counted_is_not_published(self):
        self._set_state(self.next, "closed")
        with self.assertRaisesRegex(UserError, "being counted"):
            self.mine.action_publish()
        self.next.is_counted = True
        self.mine.action_publish()
        self.assertEqual(self.next.state, "published")

    # ----------------------------------------------------------------- frozen
    def test_what_is_agreed_on_is_frozen(self):
        for state in ("agreed", "running", "closed", "published"):
            self._set_state(self.next, state)
            words = "is agreed on" if state == "agreed" else "has started"
            for name, value in AGREED.items():
                with self.subTest(state=state, field=name):
                    with self.assertRaisesRegex(UserError, words):
                        self.mine.write({name: value})

    def test_its_parts_are_frozen_too(self):
        group = self.next.group_ids[0]
        parts = {
            "kpi.survey.criterion.group": (group, {"name": "X"}),
            "kpi.survey.criterion": (
                self.next.criterion_ids[0],
                {"name": "X", "group_id": group.id},
            ),
            "kpi.survey.band": (
                self.next.band_ids[0],
                {"name": "X", "mark_from": 1, "mark_to": 1},
            ),
            "kpi.survey.rule": (self.next.rule_ids[0], {"rater_kind": False}),
        }
        self._set_state(self.next, "running")
        for model, (record, values) in parts.items():
            record = record.with_user(self.manager)
            new = values | {"campaign_id": self.next.id}
            with self.subTest(model=model):
                with self.assertRaisesRegex(UserError, "has started"):
                    record.write(values)
                with self.assertRaisesRegex(UserError, "has started"):
                    record.create(new)
                with self.assertRaises(UserError):
                    record.unlink()
                with self.assertRaises(AccessError):
                    record.with_context(_force_unlink=True).unlink()
                if "name" in record._fields:
                    with self.assertRaisesRegex(UserError, "has started"):
                        record.update_field_translations("name", {"en_US": "X"})

    def test_a_part_cannot_be_moved_into_a_campaign_that_runs(self):
        draft = self.create_next()
        self._set_state(self.next, "running")
        for part in ("group_ids", "band_ids", "rule_ids"):
            with self.assertRaisesRegex(UserError, "has started"):
                draft[part][0].with_user(self.manager).campaign_id = self.next

    def test_what_people_were_told_stays(self):
        self._set_state(self.next, "running")
        for values in ({"opening_text": "<p>X</p>"}, {"date_from": "2026-11-01"}):
            with self.assertRaisesRegex(UserError, "were told"):
                self.mine.write(values)
        with self.assertRaisesRegex(UserError, "were told"):
            self.mine.update_field_translations("opening_text", {"en_US": {"x": "y"}})
        self.mine.date_to = "2026-11-25"  # may be prolonged
        self._set_state(self.next, "closed")
        with self.assertRaisesRegex(UserError, "is closed"):
            self.mine.date_to = "2026-11-30"

    def test_what_has_started_is_kept(self):
        self._set_state(self.next, "running")
        with self.assertRaises(UserError):
            self.mine.unlink()
        with self.assertRaises(AccessError):
            self.mine.with_context(_force_unlink=True).unlink()
        self._set_state(self.next, "agreed")
        self.mine.unlink()
        self.assertFalse(self.next.exists())

    # ----------------------------------------------------------- start, close
    @freeze_time("2026-10-20 09:00:00")
    def test_whoever_starts_early_moves_the_first_day(self):
        self.mine.action_agree()
        self.mine.action_start()
        self.assertEqual(self.next.date_from, date(2026, 10, 20))

    def test_whoever_closes_early_moves_the_last_day(self):
        self.start()
        count = self.env.ref("kpi_internal_survey.ir_cron_count")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", count.id)])
        self.mine.action_close()
        triggers = triggers.search([("cron_id", "=", count.id)]) - triggers
        self.assertEqual(self.next.state, "closed")
        self.assertEqual(self.next.date_to, date(2026, 11, 2))
        self.assertEqual(len(triggers), 1, "the answers are counted right after")

    def turn(self):
        cron = self.env.ref("kpi_internal_survey.ir_cron_turn")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_campaign_starts_and_closes_by_the_clock_of_its_company(self):
        self.company.resource_calendar_id.tz = "Europe/Moscow"
        self.mine.action_agree()
        for moment, state in (
            ("2026-11-01 20:59:00", "agreed"),
            ("2026-11-01 21:00:00", "running"),
            ("2026-11-20 20:59:00", "running"),
            ("2026-11-20 21:00:00", "closed"),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.turn()
                self.assertEqual(self.next.state, state)
        self.assertEqual(self.next.date_to, date(2026, 11, 20))

    def test_a_draft_does_not_start_by_itself(self):
        self.turn()
        self.assertEqual(self.next.state, "draft")

    def test_hr_learns_once_why_a_campaign_does_not_start(self):
        self.mine.action_agree()
        self.env["hr.department"].browse(
            [d.id for d in self.departments.values()]
        ).kpi_is_unit = False
        self.turn()
        self.turn()
        self.assertEqual(self.next.state, "agreed")
        activity = self.next.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("no unit would rate another", activity.note)
        for department in self.departments.values():
            department.kpi_is_unit = True
        self.turn()
        self.assertEqual(self.next.state, "running")
        self.assertFalse(self.next.activity_ids)

    def test_a_campaign_that_fails_does_not_stop_the_others(self):
        self.start()
        other = self.create_next(
            company_id=self.company_abroad.id, date_to="2026-11-03"
        )
        self._set_state(other, "running")
        self.next.date_to = "2026-11-03"
        failing = self.next.id
        close = type(self.next)._close

        def _close(campaign):
            if campaign.id == failing:
                raise RuntimeError("disk full")
            return close(campaign)

        self.patch(type(self.next), "_close", _close)
        with (
            freeze_time("2026-11-04 09:00:00"),
            mute_logger(
                "odoo.addons.kpi_internal_survey.models.kpi_survey_campaign_workflow"
            ),
        ):
            self.turn()
        self.assertEqual(self.next.state, "running")
        self.assertEqual(other.state, "closed")
