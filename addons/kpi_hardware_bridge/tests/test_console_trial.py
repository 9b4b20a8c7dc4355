from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .box_common import BoxCommon
from .ingest_common import RECEIVED_AT, IngestCommon
from .web_console_common import WebConsoleCommon

BEFORE = RECEIVED_AT - timedelta(minutes=1)


@tagged("post_install", "-at_install")
@freeze_time(RECEIVED_AT)
class TestConsoleTrial(IngestCommon):
    """The test of the console begins a minute before RECEIVED_AT and lasts two."""

    def start(self, console=None):
        with freeze_time(BEFORE):
            (console or self.console).with_user(self.user_manager).action_start_trial()

    def log(self, console=None):
        console = (console or self.console).with_user(self.user_manager)
        return [line.split("  ")[1] for line in console.trial_log.splitlines()]

    def rejects(self):
        return self.env["kpi.console.reject"].search_count(
            [("res_id", "=", self.console.id)]
        )

    def test_test_presses_are_shown_and_are_no_facts(self):
        self.start()
        self.assertTrue(self.console.is_on_trial)
        events = [self.event(2, ago=20, held_ms=1500), self.event(9, ago=10)]
        reply = self.ingest(*events)
        self.assertEqual(self.statuses(reply), ["known", "known"])
        self.assertFalse(self.stored(*events))
        self.assertFalse(self.rejects())
        self.assertEqual(
            self.log(),
            [
                "Button 9: has no meaning",
                f"Button 2: No at {self.counter.display_name}, held 1.5 s",
            ],
        )
        self.ingest(*events)  # the answer was lost
        self.assertEqual(len(self.log()), 2)
        self.assertFalse(self.stored(*events))

    def test_only_what_is_pressed_during_the_test_is_one(self):
        self.start()
        spooled, tested = self.event(1, ago=61), self.event(1, ago=59)
        self.ingest(spooled, tested)
        self.assertEqual(self.stored(spooled, tested).mapped("uuid"), [spooled["uuid"]])
        late = RECEIVED_AT + timedelta(minutes=5)
        in_time, over = (
            self.event(1, boottime=1000.0 + seconds) for seconds in (59, 60.5)
        )
        self.ingest(in_time, over, received_at=late, sent_boottime=1300.0)
        self.assertEqual(self.stored(in_time, over).mapped("uuid"), [over["uuid"]])

    def test_a_test_can_be_ended(self):
        self.start()
        self.console.with_user(self.user_manager).action_stop_trial()
        self.assertFalse(self.console.is_on_trial)
        event = self.event(1, ago=0)
        self.ingest(event)
        self.assertEqual(len(self.stored(event)), 1)

    def test_other_consoles_count_meanwhile(self):
        self.start(self.make_console("Other", self.counter))
        event = self.event(1)
        self.assertEqual(self.statuses(self.ingest(event)), ["stored"])
        self.assertEqual(len(self.stored(event)), 1)

    def test_a_console_without_a_point_can_be_tested(self):
        self.console.point_id = False
        self.start()
        self.ingest(self.event(1))
        self.assertEqual(self.log(), ["Button 1: Yes, held 0.1 s, without a point"])
        self.assertFalse(self.rejects())

    def test_a_new_test_begins_empty(self):
        self.start()
        self.ingest(self.event(1))
        self.start()
        self.assertFalse(self.log())

    def test_open_forms_are_told(self):
        self.start()
        self.env.cr.precommit.clear()
        self.ingest(self.event(1))
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search(
            [("message", "like", "kpi_hardware_bridge.console")]
        )
        self.assertIn(f'"id":{self.console.id}', messages[-1:].message)

    def test_who_may_test(self):
        for user in (self.user_lead, self.user_seller, self.user_expert):
            for action in ("action_start_trial", "action_stop_trial"):
                with self.assertRaises(AccessError):
                    getattr(self.console.with_user(user), action)()
        self.assertFalse(self.console.trial_until)
        manager = self.console.with_user(self.user_manager)
        with self.assertRaises(AccessError):
            manager.trial_presses = [{"button": "<b>"}]
        self.console.action_revoke()
        with self.assertRaises(UserError):
            manager.action_start_trial()


@tagged("post_install", "-at_install")
class TestConsoleTrialOfBox(BoxCommon):
    def test_a_box_speaks_for_the_console_under_test(self):
        self.setup(devices={"usb1": self.device("A"), "usb2": self.device("B")})
        first, second = self.box.console_ids.sorted("identifier")
        first.point_id = second.point_id = self.counter
        first.action_start_trial()
        self.env.flush_all()
        moment = first.trial_since + timedelta(seconds=1)
        events = [
            {
                "uuid": f"trial-{console.identifier}",
                "console": console.identifier,
                "button": 1,
                "at": f"{moment.isoformat()}Z",
            }
            for console in (first, second)
        ]
        reply = self.env["kpi.ingestion"]._ingest(
            self.box.sudo(),
            {"sent_at": f"{moment.isoformat()}Z", "events": events},
            moment,
        )
        self.assertEqual(
            [(result["status"], result.get("reason")) for result in reply["results"]],
            [("known", None), ("stored", None)],
        )
        self.assertIn("Button 1", first.trial_log)
        self.assertFalse(second.trial_log)


@tagged("post_install", "-at_install")
class TestConsoleTrialOfTablet(WebConsoleCommon):
    def test_a_tablet_under_test(self):
        self.tablet.with_user(self.web_manager).sudo().action_start_trial()
        answer = self.press_there(self.tablet, "yes", "no")
        self.assertEqual(
            [result["status"] for result in answer.json()["results"]], ["known"] * 2
        )
        self.assertFalse(
            self.env["kpi.feedback.event"].search([("point_id", "=", self.counter.id)])
        )
        self.tablet.invalidate_recordset()
        self.assertIn("Button no: No", self.tablet.trial_log)
