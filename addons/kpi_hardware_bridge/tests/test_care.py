from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import file_open

from ..iot_handlers.kpi_lib import VERSION
from ..models.kpi_device_care import ACTIVITY, CRON
from .ingest_common import IngestCommon

NOON = datetime(2025, 3, 20, 9)  # in Moscow
MANAGER = "kpi_quality.group_kpi_quality_manager"


@tagged("post_install", "-at_install")
@freeze_time("2025-03-20 09:00:00")
class TestCare(IngestCommon):
    """The shop is open from 10 to 21 every day (UTC+3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.opening_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "10 to 21",
                "tz": "Europe/Moscow",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": 10,
                                "hour_to": 21,
                                "day_period": "morning",
                            }
                        )
                        for day in range(7)
                    ),
                ],
            }
        )
        cls.shop.manager_id = False
        cls.box = cls.env["kpi.iot.box"].create({"name": "Box", "site_id": cls.shop.id})
        cls.box.write({"identifier": "box-1", "paired_at": "2025-03-01"})

    def light(self, device, now=None):
        """:return: state, reason"""
        device.invalidate_recordset()
        if not now:
            return device.state, device.state_reason
        with freeze_time(now):
            return device.state, device.state_reason

    def seen(self, device, **ago):
        device.last_seen_at = NOON - timedelta(**ago)

    def watch(self, now=NOON, last=None):
        self.env.ref(CRON).lastcall = last or now - timedelta(minutes=5)
        with freeze_time(now):
            self.env.invalidate_all()
            self.env["kpi.device.mixin"]._cron_watch()

    # ------------------------------------------------------------------------ lights
    def test_a_light_has_its_reason(self):
        self.seen(self.console, minutes=1)
        self.assertEqual(self.light(self.console), ("ok", ""))
        for values, reason in (
            (
                {"dropped": 3, "dropped_at": NOON - timedelta(hours=2)},
                "Presses were lost",
            ),
            ({"clock_skew_s": -301}, "clock is wrong"),
            ({"queue_length": 101}, "Many presses wait"),
            (
                {"queue_length": 2, "queue_since": NOON - timedelta(minutes=16)},
                "more than a quarter hour",
            ),
            ({"twin_at": NOON - timedelta(hours=1)}, "Two devices"),
            ({"point_id": False}, "no point"),
        ):
            before = {name: self.console[name] for name in values}
            self.console.write(values)
            state, found = self.light(self.console)
            self.assertEqual(state, "warning", reason)
            self.assertIn(reason, found)
            self.console.write(before)
        self.assertEqual(self.light(self.console), ("ok", ""))

    def test_presses_that_wait_are_timed_by_the_batches(self):
        for second, queue, since in (
            (0, 5, 0),
            (60, 9, 0),
            (120, 0, None),
            (180, 1, 180),
        ):
            received = NOON + timedelta(seconds=second)
            self.ingest(received_at=received, queue=queue)
            expected = since is not None and NOON + timedelta(seconds=since)
            self.assertEqual(self.console.queue_since, expected)

    def test_only_opening_hours_count_as_silence(self):
        self.console.last_seen_at = "2025-03-19 17:55:00"  # 20:55, closes at 21
        for now, state in (
            ("2025-03-19 18:04:00", "ok"),
            ("2025-03-20 06:59:00", "ok"),  # closed all night
            ("2025-03-20 07:09:00", "ok"),  # 5 and 9 minutes
            ("2025-03-20 07:10:00", "silent"),
        ):
            self.assertEqual(self.light(self.console, now)[0], state, now)
        self.console.last_seen_at = "2025-03-19 17:00:00"
        state, reason = self.light(self.console, "2025-03-20 03:00:00")
        self.assertEqual(state, "silent", "It fell silent by day")
        self.assertIn("3/19/25, 8:00", reason.replace("\u202f", " "))

    def test_a_device_of_no_site_is_always_expected(self):
        self.console.point_id = False
        self.seen(self.console, minutes=15)
        self.assertEqual(self.light(self.console)[0], "warning")
        self.seen(self.console, minutes=16)
        self.assertEqual(self.light(self.console)[0], "silent")
        self.seen(self.console, days=400)
        self.assertEqual(self.light(self.console)[0], "silent")

    def test_a_plugged_console_is_as_its_box(self):
        self.console.write({"box_id": self.box.id, "is_plugged": True})
        self.assertEqual(self.light(self.console)[0], "new")
        self.seen(self.box, minutes=1)
        self.assertEqual(self.light(self.console), ("ok", ""))
        self.console.is_plugged = False
        state, reason = self.light(self.console)
        self.assertEqual(state, "silent")
        self.assertIn("plug it in", reason)
        self.console.is_plugged = True
        self.seen(self.box, minutes=16)
        state, reason = self.light(self.console)
        self.assertEqual(state, "silent")
        self.assertIn("Its box “Box”: Not heard since", reason)
        self.box.action_revoke()
        self.assertEqual(self.light(self.console)[0], "revoked")

    def test_old_handlers(self):
        self.seen(self.box, minutes=1)
        self.box.version = VERSION
        self.assertEqual(self.light(self.box), ("ok", ""))
        self.box.version = "0.9"
        state, reason = self.light(self.box)
        self.assertEqual(state, "warning")
        self.assertIn("version 0.9", reason)

    def test_devices_are_found_by_their_light(self):
        ok, silent, new, revoked = (
            self.make_console(name, self.counter)
            for name in ("In order", "Quiet", "New", "Gone")
        )
        self.seen(ok, minutes=1)
        self.seen(silent, hours=1)
        revoked.action_revoke()
        self.console.unlink()
        consoles = self.env["kpi.console"].with_user(self.user_manager)
        for domain, found in (
            ([("state", "=", "ok")], ok),
            ([("state", "=", "silent")], silent),
            ([("state", "in", ("new", "revoked"))], new | revoked),
            ([("state", "!=", "silent")], ok | new | revoked),
            ([("state", "not in", ("ok", "new"))], silent | revoked),
        ):
            self.assertEqual(consoles.search(domain), found, domain)
        groups = consoles._read_group(
            [("state", "=", "silent")], ["site_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.shop, 1)])

    def test_lights_of_many_cost_what_one_costs(self):
        def lights(consoles):
            consoles.invalidate_recordset()
            before = self.env.cr.sql_log_count
            consoles.mapped("state")
            return self.env.cr.sql_log_count - before

        consoles = self.console
        self.seen(self.console, hours=2)
        self.env.flush_all()
        lights(consoles)
        one = lights(consoles)
        for number in range(20):
            consoles |= self.make_console(f"C{number}", self.counter)
            self.seen(consoles[-1], hours=3)
        self.env.flush_all()
        self.assertLessEqual(lights(consoles), one)

    # ---------------------------------------------------------------------- activity
    def activities(self, device):
        return device.activity_ids.filtered(
            lambda a: a.activity_type_id == self.env.ref(ACTIVITY)
        )

    def test_one_activity_for_each_silence(self):
        self.seen(self.console, minutes=20)
        self.watch()
        [activity] = self.activities(self.console)
        self.assertIn("Console", activity.summary)
        self.assertIn("Not heard since", activity.note)
        self.watch(NOON + timedelta(hours=1))
        self.assertEqual(self.activities(self.console), activity)
        activity.action_done()
        self.watch(NOON + timedelta(hours=2))
        self.assertFalse(self.activities(self.console), "Somebody knows of it")
        back = NOON + timedelta(hours=3)
        self.console.last_seen_at = back
        self.watch(back)
        self.watch(back + timedelta(minutes=20))
        [activity] = self.activities(self.console)
        self.console.last_seen_at = back + timedelta(minutes=21)
        self.watch(back + timedelta(minutes=22))
        self.assertFalse(self.activities(self.console))
        self.assertIn("It is heard again.", self.console.message_ids[0].body)

    def test_nobody_is_told_while_the_site_is_closed(self):
        self.console.last_seen_at = "2025-03-19 17:30:00"
        self.watch(datetime(2025, 3, 19, 18, 30))
        self.assertFalse(self.activities(self.console))
        self.watch(datetime(2025, 3, 20, 7, 1))
        self.assertTrue(self.activities(self.console))

    def test_an_outage_of_the_server_is_no_silence_of_devices(self):
        self.seen(self.console, minutes=30)
        self.watch(last=NOON - timedelta(minutes=30))
        self.assertFalse(self.activities(self.console))
        self.watch()
        self.assertTrue(self.activities(self.console))

    def test_of_a_silent_box_one_hears_once(self):
        self.console.write({"box_id": self.box.id, "is_plugged": True})
        self.seen(self.box, minutes=20)
        self.watch()
        self.assertEqual(len(self.activities(self.box)), 1)
        self.assertFalse(self.activities(self.console))

    def test_what_was_revoked_or_put_away_is_nobodys_task(self):
        other = self.make_console("Other", self.counter)
        for device in (self.console, other):
            self.seen(device, minutes=20)
        self.watch()
        self.console.action_revoke()
        other.active = False
        self.watch()
        for device in (self.console, other):
            self.assertFalse(self.activities(device))

    def test_who_is_told(self):
        director = new_test_user(
            self.env,
            "kpi_director",
            groups=MANAGER,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        mine = self.console.with_user(self.user_manager).copy({"name": "Mine"})
        mine = mine.with_env(self.env)
        self.assertEqual(mine._user_to_tell(), self.user_manager)
        self.shop.manager_id = director
        self.assertEqual(mine._user_to_tell(), director)
        self.shop.manager_id = self.user_lead  # could not open the device
        self.assertEqual(mine._user_to_tell(), self.user_manager)
        self.user_manager.active = False
        self.assertEqual(mine._user_to_tell(), director)

    def test_activities_are_for_managers_only(self):
        self.seen(self.console, minutes=20)
        self.watch()
        activity = self.activities(self.console)
        for user in (self.user_seller, self.user_lead):
            theirs = self.env["mail.activity"].with_user(user)
            self.assertFalse(theirs.search([("id", "=", activity.id)]))
            with self.assertRaises(AccessError):
                activity.with_user(user).read(["summary"])
            with self.assertRaises(AccessError):
                self.console.with_user(user).message_ids.mapped("body")

    # ------------------------------------------------------------------- housekeeping
    def test_a_log_is_kept_for_a_week(self):
        self.box.write({"log_until": NOON - timedelta(days=6), "log_tail": "a"})
        self.box._gc_logs()
        self.assertEqual(self.box.log_tail, "a")
        self.box.log_until = NOON - timedelta(days=8)
        self.box._gc_logs()
        self.assertFalse(self.box.log_tail)
        self.assertFalse(self.box.log_until)

    def test_a_neutralized_copy_hears_nobody(self):
        tablet = self.make_console("Tablet", self.counter, kind="web")
        token = tablet.web_token
        self.console.action_rotate_key()
        self.box.write({"key": "6a" * 32, "channel": "kpi_iot_box_x"})
        waiting = self.env["kpi.iot.box"].create(
            {"name": "Waiting", "site_id": self.shop.id}
        )
        self.assertTrue(self.env["kpi.console"]._find_by_web_token(token))
        body = b"{}"
        self.assertTrue(self.console.key and self.console.next_key)
        self.env.flush_all()
        with file_open("kpi_hardware_bridge/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        for device in (self.console, tablet, self.box, waiting):
            self.assertEqual(device.state, "revoked")
            for name in ("key", "next_key", "key_nonce"):
                self.assertFalse(device[name])
            self.assertFalse(
                device._authenticate(device.identifier, body, "sha256=" + 64 * "0")
            )
        for box in (self.box, waiting):
            self.assertFalse(box.token or box.token_digest or box.channel)
        self.assertFalse(self.env["kpi.console"]._find_by_web_token(token))
        self.assertFalse(tablet.web_link)
