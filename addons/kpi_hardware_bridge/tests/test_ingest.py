import json
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models import kpi_console_reject
from .ingest_common import RECEIVED_AT, IngestCommon


@tagged("post_install", "-at_install")
class TestIngest(IngestCommon, CronMixinCase):
    # ------------------------------------------------------------------ the usual case
    def test_presses_are_stored_once_and_answered_row_by_row(self):
        seller, answer = self.event(4, ago=9.5), self.event(1, ago=3.25)
        self.assertEqual(
            self.statuses(self.ingest(seller, answer)), ["stored", "stored"]
        )
        self.assertEqual(
            self.statuses(self.ingest(seller, self.event(2, ago=1), answer)),
            ["known", "stored", "known"],
        )
        self.assertRecordValues(
            self.stored(seller, answer),
            [
                {
                    "point_id": self.counter.id,
                    "company_id": self.company.id,
                    "button": "seller",
                    "pressed_at": self.utc("2025-03-05 14:59:50"),
                    "pressed_ms": 750,
                    "held_ms": 120,
                    "received_at": self.utc("2025-03-05 15:00:00"),
                    "source": "console",
                    "user_id": False,
                },
                {
                    "point_id": self.counter.id,
                    "company_id": self.company.id,
                    "button": "yes",
                    "pressed_at": self.utc("2025-03-05 14:59:57"),
                    "pressed_ms": 0,
                    "held_ms": 120,
                    "received_at": self.utc("2025-03-05 15:00:00"),
                    "source": "console",
                    "user_id": False,
                },
            ],
        )
        self.assertEqual(
            self.polls(self.counter, "2025-03-05 14:59:50"), [(0.75, "yes")]
        )

    def test_a_press_twice_in_a_batch_is_one(self):
        event = self.event()
        self.assertEqual(self.statuses(self.ingest(event, event)), ["stored", "known"])
        self.assertEqual(len(self.stored(event)), 1)

    def test_order_of_a_batch_is_the_order_of_the_rows(self):
        events = [self.event(ago=50 - number) for number in range(50)]
        self.ingest(*events)
        self.assertEqual(
            self.stored(*events).mapped("uuid"), [event["uuid"] for event in events]
        )

    def test_what_follows_from_many_is_left_to_the_scheduled_action(self):
        """It runs every few minutes; somebody who calls for help does not wait."""
        events = [
            self.event(button, ago=100 - number)
            for number, button in enumerate(["seller", "yes"] * 15)
        ]
        with self.capture_triggers("kpi_quality.ir_cron_feedback_derive") as capture:
            self.ingest(*events)
            self.assertFalse(capture.records)
            self.ingest(*(self.event("complaint") for _press in range(30)))
        self.assertEqual(len(capture.records), 1)
        self.assertFalse(self.polls(self.counter))
        self.derive()
        self.assertTrue(self.polls(self.counter))

    @mute_logger("odoo.addons.kpi_hardware_bridge.models.kpi_ingestion")
    def test_presses_are_stored_whatever_goes_wrong_after(self):
        event = self.event()
        derivation = type(self.env["kpi.feedback.derivation"])
        with patch.object(derivation, "_derive_pending", side_effect=ValueError):
            self.assertEqual(self.statuses(self.ingest(event)), ["stored"])
        self.assertTrue(self.stored(event))
        self.assertFalse(self.polls(self.counter))
        self.derive()
        self.assertTrue(self.polls(self.counter))

    def test_buttons_by_number_and_name_at_points_of_their_own(self):
        self.console.button_ids[1].point_id = self.red
        events = [self.event(1), self.event(2), self.event("complaint", held_ms=0)]
        self.ingest(*events)
        self.assertRecordValues(
            self.stored(*events),
            [
                {"button": "yes", "point_id": self.counter.id},
                {"button": "no", "point_id": self.red.id},
                {"button": "complaint", "point_id": self.counter.id},
            ],
        )

    def test_usual_buttons_follow_the_kind_of_the_point(self):
        door = self.env["kpi.console"].create(
            {
                "name": "Door",
                "kind": "counter",
                "point_id": self.door.id,
                "company_id": self.company.id,
            }
        )
        self.assertRecordValues(
            door.button_ids, [{"number": 1, "button": "visitor", "point_id": False}]
        )
        self.assertEqual(door.entrance_id, self.entrance)
        self.assertEqual(
            self.console.button_ids.mapped("button"), ["yes", "no", "unsure", "seller"]
        )

    def test_a_heartbeat_tells_how_the_device_is(self):
        reply = self.ingest(queue=7, dropped=2, version="1.4")
        self.assertEqual(reply, {"results": [], "settings": {}, "commands": []})
        self.assertRecordValues(
            self.console,
            [
                {
                    "last_seen_at": self.utc("2025-03-05 15:00:00"),
                    "queue_length": 7,
                    "dropped": 2,
                    "version": "1.4",
                }
            ],
        )

    # ------------------------------------------------------------------------- clocks
    def test_clock_wrong_by_a_year(self):
        """What a device knows of the date does not matter."""
        year = timedelta(days=365)
        sent_at = (RECEIVED_AT - year).isoformat()
        steady = self.event(ago=5)
        steady["at"] = "2031-01-01T00:00:00"
        wall = self.event(ago=7, boottime=None, boot_id=None)
        wall["at"] = (RECEIVED_AT - year - timedelta(seconds=7)).isoformat()
        self.assertEqual(
            self.statuses(self.ingest(steady, wall, sent_at=sent_at)), ["stored"] * 2
        )
        self.assertRecordValues(
            self.stored(steady, wall),
            [
                {
                    "pressed_at": self.utc("2025-03-05 14:59:55"),
                    "pressed_ms": 250,
                },
                {
                    "pressed_at": self.utc("2025-03-05 14:59:53"),
                    "pressed_ms": 250,
                },
            ],
        )
        self.assertEqual(self.console.clock_skew_s, year.total_seconds())

    def test_presses_of_the_boot_before_keep_their_steady_clock(self):
        """The clock was wrong in both boots, each time otherwise."""
        self.ingest()
        event = self.event(ago=0, at="2021-06-01T00:00:00", boottime=1060.5)
        self.ingest(
            event,
            received_at=RECEIVED_AT + timedelta(hours=1),
            sent_at="2024-01-01T00:00:00",
            boot_id="b2",
            sent_boottime=30.0,
        )
        self.assertRecordValues(
            self.stored(event),
            [{"pressed_at": self.utc("2025-03-05 15:01:00"), "pressed_ms": 750}],
        )

    # -------------------------------------------------------------- two of one name
    @freeze_time(RECEIVED_AT + timedelta(hours=1))
    def test_two_devices_with_one_identifier(self):
        """Nothing is lost or doubled, and somebody is told."""
        self.ingest(self.event())
        events = []
        for minute in range(6):
            boot = f"b{1 + minute % 2}"
            event = self.event(ago=minute, boot_id=boot, boottime=2000.0)
            events.append(event)
            self.ingest(
                event,
                received_at=RECEIVED_AT + timedelta(minutes=50 + minute),
                boot_id=boot,
                sent_boottime=2003.0,
            )
        self.assertEqual(
            self.stored(*events).mapped("pressed_at"),
            [
                self.utc(f"2025-03-05 15:{50 + minute}:00") - timedelta(seconds=3)
                for minute in range(6)
            ],
        )
        self.assertEqual(self.console.state, "warning")
        self.assertIn("Two devices use this identifier", self.console.state_reason)

    @freeze_time(RECEIVED_AT + timedelta(hours=1))
    def test_a_device_that_was_restarted_is_no_twin(self):
        for hour, boot in enumerate(("b1", "b2", "b2", "b3")):
            self.ingest(
                self.event(boot_id="b1", boottime=10.0),
                received_at=RECEIVED_AT + timedelta(minutes=15 * hour),
                boot_id=boot,
            )
        self.assertFalse(self.console.twin_at)
        self.assertEqual(self.console.state, "ok")

    # ------------------------------------------------------------------------ rejects
    def test_a_poison_row_among_good_ones(self):
        good = [self.event(ago=9), self.event(1, ago=8)]
        poison = {
            "shape": 7,
            "uuid": self.event(uuid="'; --"),
            "time": self.event(at="yesterday", boottime=None),
            "held": self.event(held_ms=-1),
            "console": self.event(console="roof"),
            "button": self.event(9),
        }
        batch = [good[0], *poison.values(), good[1]]
        results = self.ingest(*batch)["results"]
        self.assertEqual(
            [(result["status"], result.get("reason")) for result in results],
            [
                ("stored", None),
                *(("rejected", reason) for reason in poison),
                ("stored", None),
            ],
        )
        self.assertEqual(len(self.stored(*good)), 2)
        rejects = self.rejects()
        self.assertEqual(rejects.mapped("reason"), list(poison))
        for reject, raw in zip(rejects, poison.values(), strict=True):
            self.assertEqual(json.loads(reject.raw), raw)
        self.ingest(*batch)
        self.assertEqual(self.rejects(), rejects, "Sent again, it is kept once.")

    def test_once_mended_they_are_taken_with_their_own_time(self):
        events = [
            self.event(9, ago=60),
            self.event(1, ago=55, console="roof"),
            self.event(1, ago=54, held_ms="long"),
        ]
        self.ingest(*events)
        nameless = self.event(1, ago=53, uuid="")
        self.ingest(nameless)
        self.console.button_ids = [(0, 0, {"number": 9, "button": "seller"})]
        rejects = self.rejects()
        action = rejects.with_user(self.user_manager).action_take_again()
        self.assertIn("Taken: 3. Still refused: 1.", action["params"]["message"])
        self.assertEqual(self.rejects().mapped("reason"), ["console"])
        self.rejects().with_user(self.user_manager).console_id = self.console
        self.rejects().with_user(self.user_manager).action_take_again()
        self.assertFalse(self.rejects())
        self.assertEqual(
            [
                (press.button, press.pressed_at, press.pressed_ms)
                for press in self.env["kpi.feedback.event"].search(
                    [("point_id", "=", self.counter.id)], order="pressed_at"
                )
            ],
            [
                ("seller", self.utc("2025-03-05 14:59:00"), 250),
                ("yes", self.utc("2025-03-05 14:59:05"), 250),
                ("yes", self.utc("2025-03-05 14:59:06"), 250),
                ("yes", self.utc("2025-03-05 14:59:07"), 250),
            ],
        )
        self.assertEqual(
            self.polls(self.counter, "2025-03-05 14:59:00"), [(0.25, "yes")]
        )
        self.assertEqual(
            self.statuses(self.ingest(events[0])), ["known"], "It came once more."
        )

    def test_without_a_point_nothing_is_lost(self):
        self.console.point_id = False
        event = self.event("yes")
        [result] = self.ingest(event)["results"]
        self.assertEqual(result["reason"], "point")
        self.console.point_id = self.counter
        self.rejects().action_take_again()
        self.assertEqual(self.stored(event).point_id, self.counter)

    def test_what_is_too_large_to_be_kept_whole(self):
        """A press is stored whatever else is in it."""
        good, bad = (self.event(button, note="x" * 5000) for button in (1, 9))
        self.assertEqual(self.statuses(self.ingest(good, bad)), ["stored", "rejected"])
        self.assertEqual(self.rejects().reason, "large")
        self.assertEqual(len(self.rejects().raw), 4096)
        self.rejects().action_take_again()
        self.assertEqual(self.rejects().reason, "large")

    def test_what_is_kept_is_bounded(self):
        with patch.object(kpi_console_reject, "MOST_REJECTS", 3):
            for _batch in range(3):
                self.ingest(*(self.event(9) for _press in range(2)))
        self.assertEqual(len(self.rejects()), 3)
        self.assertEqual(self.console.reject_count, 3)

    def rejects(self):
        return self.env["kpi.console.reject"].search(
            [("res_model", "=", "kpi.console"), ("res_id", "=", self.console.id)],
            order="id",
        )

    # ------------------------------------------------------------------------ settings
    def test_reply_carries_settings_commands_and_rotation(self):
        console = type(self.console)
        with (
            patch.object(console, "_device_settings", lambda _self: {"a": 1}),
            patch.object(console, "_take_commands", lambda _self: [{"id": 1}]),
        ):
            reply = self.ingest()
        self.assertEqual(
            reply, {"results": [], "settings": {"a": 1}, "commands": [{"id": 1}]}
        )
        self.console.action_rotate_key()
        self.assertEqual(self.ingest()["rotate"], self.console.key_nonce)
