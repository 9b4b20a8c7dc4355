from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from ..tools.signing import digest
from .box_common import ADDRESS, SERIAL, BoxCommon


@tagged("post_install", "-at_install")
class TestIotBoxPairing(BoxCommon):
    def test_the_text_to_paste(self):
        """All that a box of Odoo 19.0 expects, and nothing more; it drops paths."""
        self.assertEqual(
            self.box.pairing_text,
            f"{ADDRESS}?token={self.token}&db_uuid=&enterprise_code=",
        )
        self.env["ir.config_parameter"].set_param("web.base.url", f"{ADDRESS}:8443/x")
        self.box.invalidate_recordset()
        self.box.needs_db_name = True
        self.assertEqual(
            self.box.pairing_text,
            f"{ADDRESS}:8443?token={self.token}&db_uuid=&enterprise_code="
            f"&db_name={self.env.cr.dbname}",
        )
        self.assertEqual(self.box.pairing_state, "waiting")
        self.assertFalse(self.box.address_problem)

    def test_an_address_that_no_box_can_call(self):
        for address, problem, state in (
            ("http://localhost:8069", "local", "unreachable"),
            ("https://127.0.0.1", "local", "unreachable"),
            ("http://[::1]:8069", "local", "unreachable"),
            ("", "none", "unreachable"),
            ("http://192.168.7.2:8069", "http", "waiting"),
            ("https://kpi.example.com", False, "waiting"),
        ):
            with self.subTest(address=address):
                self.env["ir.config_parameter"].set_param("web.base.url", address)
                self.box.invalidate_recordset()
                self.assertEqual(self.box.address_problem, problem)
                self.assertEqual(self.box.pairing_state, state)
                self.assertEqual(bool(self.box.pairing_text), state == "waiting")
                self.assertEqual(bool(self.box.pairing_qr), state == "waiting")

    def test_the_first_box_keeps_the_token(self):
        channel = self.setup()
        self.assertTrue(channel)
        self.assertRecordValues(
            self.box.sudo(),
            [
                {
                    "identifier": SERIAL,
                    "key": digest(self.token, SERIAL),
                    "token": False,
                    "mac": "dc:a6:32:00:00:01",
                    "ip": "192.168.7.20",
                    "image_version": "L25.12-19.0-20260101#f00ba12",
                    "pairing_state": "paired",
                    "pairing_text": False,
                }
            ],
        )
        self.assertIsNone(self.setup(serial="20000000ffffffff"))
        self.assertEqual(self.box.identifier, SERIAL)
        self.assertIn("20000000ffffffff", self.box.pairing_problem)
        self.assertEqual(self.setup(), channel, "at each start, with the same token")

    def test_what_proves_nothing_changes_nothing(self):
        for token in ("", "x", self.token[:-1], self.token + "x", "a" * 32, "\0"):
            self.assertIsNone(self.setup(token=token or "-"))
        for serial in ("", "a b", "x" * 129, "ключ", "a\0b", None, 7, ["x"], {}):
            self.assertIsNone(self.setup(serial=serial))
        self.assertFalse(self.box.identifier)
        self.assertFalse(self.box.pairing_problem)

    def test_a_token_expires_until_it_is_used(self):
        self.box.token_expires_at = fields.Datetime.now()
        self.assertIsNone(self.setup())
        self.assertEqual(self.box.pairing_state, "expired")
        self.assertIn(SERIAL, self.box.pairing_problem)
        self.box.action_renew_token()
        self.assertIsNone(self.setup(), "the old one is good no more")
        token = self.box.sudo().token
        self.assertTrue(self.setup(token=token))
        self.box.token_expires_at = fields.Datetime.now() - timedelta(days=400)
        self.assertTrue(self.setup(token=token), "a box that is paired stays so")
        self.assertEqual(self.box.pairing_state, "paired")

    def test_one_box_cannot_be_paired_twice(self):
        other = self.boxes.create({"name": "Desk", "site_id": self.shop.id})
        self.setup()
        self.assertIsNone(self.setup(token=other.sudo().token))
        self.assertFalse(other.identifier)
        self.assertIn("“Till”", other.pairing_problem)
        self.box.action_release()
        self.assertTrue(self.setup(token=other.sudo().token))
        self.assertFalse(other.pairing_problem)

    def test_the_database_knows_a_box_once(self):
        """Two requests at the same moment do not see each other."""
        self.setup()
        other = self.boxes.create({"name": "Desk", "site_id": self.shop.id})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            other.identifier = SERIAL
            other.flush_recordset()

    def test_the_name_of_another_company_is_not_told(self):
        company = self._create_company("Rival")
        site = self.env["kpi.site"].create({"name": "There", "company_id": company.id})
        rival = self.boxes.create({"name": "Secret name", "site_id": site.id})
        self.assertEqual(rival.company_id, company)
        self.assertTrue(self.setup(token=rival.sudo().token))
        self.assertIsNone(self.setup())
        self.assertIn("another company", self.box.pairing_problem)
        self.assertNotIn("Secret", self.box.pairing_problem)

    def test_a_released_box_is_unknown(self):
        self.setup(devices={"1a86:7523@1-1": self.device()})
        self.check_in()
        console = self.box.console_ids
        console.point_id = self.counter
        self.box.action_release()
        self.assertIsNone(self.setup())
        self.assertRecordValues(
            self.box.sudo(),
            [{"identifier": False, "key": False, "channel": False, "mac": False}],
        )
        self.assertFalse(self.box.last_seen_at)
        self.assertEqual(self.box.pairing_state, "waiting")
        self.assertEqual(self.box.console_ids, console)
        self.assertEqual(self.box.name, "Till")
        self.assertEqual(self.box.company_id, self.company)
        self.assertTrue(self.box.active)

    def test_a_revoked_box_is_refused_until_it_is_paired_anew(self):
        self.setup()
        self.box.action_revoke()
        self.assertIsNone(self.setup())
        self.assertEqual(self.box.pairing_state, "revoked")
        self.assertFalse(self.box.sudo().key)
        self.box.action_release()
        self.assertTrue(self.setup(token=self.box.sudo().token))
        self.assertFalse(self.box.revoked)

    def test_a_revoked_token_pairs_nothing(self):
        self.box.action_revoke()
        self.assertIsNone(self.setup())
        self.assertEqual(self.box.pairing_state, "revoked")
        self.assertFalse(self.box.pairing_text)
        self.box.action_release()
        self.assertTrue(self.setup(token=self.box.sudo().token))

    def test_a_paired_box_gets_no_other_token_by_mistake(self):
        self.setup()
        with self.assertRaises(UserError):
            self.box.action_renew_token()
        self.assertTrue(self.setup())

    def test_a_changed_key_outlives_a_restart(self):
        self.setup()
        self.box.sudo().key = "ab" * 32
        self.setup()
        self.assertEqual(self.box.sudo().key, "ab" * 32)

    def test_a_copy_is_another_box(self):
        self.setup()
        copy = self.box.copy()
        self.assertFalse(copy.identifier)
        self.assertFalse(copy.sudo().key)
        self.assertNotEqual(copy.sudo().token_digest, self.box.sudo().token_digest)

    def test_it_stays_in_the_company_of_its_consoles(self):
        self.setup(devices={"1a86:7523@1-1": self.device()})
        company = self._create_company("Rival")
        site = self.env["kpi.site"].create({"name": "There", "company_id": company.id})
        with self.assertRaises(ValidationError):
            self.box.site_id = site


@tagged("post_install", "-at_install")
class TestIotBoxDevices(BoxCommon):
    def test_consoles_come_as_drafts(self):
        self.setup(
            devices={
                "1a86:7523@1-1": self.device("Till console"),
                "/dev/input/event3": self.device("Keypad", "hid"),
                "lp0": self.device("Printer", "direct", "printer"),
            }
        )
        self.assertRecordValues(
            self.box.console_ids.sorted("kind"),
            [
                {
                    "name": "Keypad",
                    "identifier": "/dev/input/event3",
                    "kind": "hid",
                    "point_id": False,
                    "company_id": self.company.id,
                    "is_plugged": True,
                },
                {
                    "name": "Till console",
                    "identifier": "1a86:7523@1-1",
                    "kind": "serial",
                    "point_id": False,
                    "company_id": self.company.id,
                    "is_plugged": True,
                },
            ],
        )
        self.assertEqual(self.box.unlinked_count, 2)
        self.assertIn("Printer (printer, direct, lp0)", self.box.devices)

    def test_a_known_console_stays_as_it_is(self):
        devices = {"1a86:7523@1-1": self.device()}
        self.setup(devices=devices)
        console = self.box.console_ids
        console.write({"name": "Renamed", "point_id": self.counter.id})
        self.setup()
        self.assertFalse(console.is_plugged)
        console.active = False
        self.setup(devices=devices)
        self.assertTrue(console.is_plugged)
        self.assertEqual(console.name, "Renamed")
        self.assertFalse(self.box.console_ids, "an archived one does not come back")

    def test_consoles_of_one_make_on_two_boxes(self):
        other = self.boxes.create({"name": "Desk", "site_id": self.shop.id})
        devices = {"1a86:7523@1-1": self.device()}
        self.setup(devices=devices)
        self.setup(other.sudo().token, "20000000ffffffff", devices)
        self.assertEqual(len(self.box.console_ids | other.console_ids), 2)
        self.assertFalse(
            self.env["kpi.console"].sudo()._find("1a86:7523@1-1"),
            "only their boxes speak for them",
        )

    def test_whatever_is_said_of_devices(self):
        self.setup(
            devices={
                "a b": self.device(),
                "x" * 200: self.device(),
                "text": "device",
                "none": None,
                "odd": {"name": 5, "type": "kpi_console", "connection": ["serial"]},
                "bad": {"name": "\0\ud800", "type": "kpi_console"},
            }
        )
        self.assertEqual(sorted(self.box.console_ids.mapped("name")), ["bad", "odd"])
        self.assertEqual(set(self.box.console_ids.mapped("kind")), {"other"})
        many = {f"c{number}": self.device() for number in range(500)}
        self.setup(devices=many)
        self.assertEqual(self.box.console_count, 2 + 100)

    def test_patterns_go_to_the_box(self):
        self.box.claims = "1a86:7523\n usb-Arduino* "
        self.assertEqual(
            self.box._device_settings()["claims"], ["1a86:7523", "usb-Arduino*"]
        )


@tagged("post_install", "-at_install")
class TestIotBoxHandlers(BoxCommon):
    def keeps(self):
        return self.boxes._may_keep_handlers(SERIAL)

    def test_a_box_is_believed_once_its_driver_has_checked_in(self):
        now = fields.Datetime.now()
        self.assertTrue(self.keeps(), "unknown: as if all was well")
        self.setup()
        self.assertFalse(self.keeps())
        self.setup()
        self.assertFalse(self.keeps(), "it never checked in")
        self.box.booted_at = now - timedelta(hours=1)
        self.check_in(now)
        self.assertFalse(self.keeps(), "not since that start")
        self.setup()
        self.assertTrue(self.keeps(), "it ran them before this start")
        self.assertTrue(self.keeps(), "and asks as often as it likes")
        self.setup()
        self.assertFalse(self.keeps(), "they are lost: it came up without them")

    def test_a_device_that_is_plugged_in_is_no_start(self):
        self.setup()
        self.box.booted_at -= timedelta(hours=1)
        self.check_in(fields.Datetime.now())
        self.setup()
        self.assertTrue(self.keeps())
        self.setup(devices={"1a86:7523@1-1": self.device()})
        self.assertTrue(self.keeps())


@tagged("post_install", "-at_install")
class TestIotBoxCommand(BoxCommon):
    def messages(self):
        """:return: what was put on the bus in this transaction"""
        self.env.cr.precommit.run()
        channel = self.box.sudo().channel
        return [
            message for message in self.env["bus.bus"].sudo()._poll([channel], last=0)
        ]

    def test_a_command_goes_to_its_box_alone(self):
        channel = self.setup()
        self.box.action_restart()
        [message] = self.messages()
        box = self.box.sudo()
        self.assertTrue(channel.startswith("kpi_iot_box_"))
        self.assertGreaterEqual(len(channel), 40)
        self.assertEqual(
            message["message"],
            {
                "type": "restart_odoo",
                "payload": {
                    "iot_identifiers": [SERIAL],
                    "session_id": box.command_ref,
                },
            },
        )

    def test_an_answer_needs_the_reference(self):
        self.setup()
        self.box.action_test()
        for reference in ("", "0", "x" * 32):
            self.box._answer(reference, "LAN: fast")
        self.assertEqual(self.box.command_state, "waiting")
        reference = self.box.sudo().command_ref
        self.box._answer(reference, "LAN: fast")
        self.assertEqual(self.box.command_state, "answered")
        self.assertEqual(self.box.command_answer, "LAN: fast")
        self.box._answer(reference, "again")
        self.assertEqual(self.box.command_answer, "LAN: fast")

    def test_who_does_not_hear_takes_it_when_it_calls(self):
        self.setup()
        box = self.box.sudo()
        box.action_update_handlers()
        self.assertEqual(box._take_commands(), [], "it may be answering right now")
        box.command_at -= timedelta(seconds=6)
        self.assertEqual(
            box._take_commands(), [{"id": box.command_ref, "name": "update"}]
        )
        self.assertEqual(box.command_state, "delivered")
        self.assertEqual(box._take_commands(), [], "once")

    def test_an_old_command_is_not_carried_out(self):
        self.setup()
        box = self.box.sudo()
        box.action_restart()
        box.command_at -= timedelta(minutes=16)
        self.assertEqual(box._take_commands(), [])
        box.action_restart()
        box._answer(box.command_ref, "")
        box.command_at -= timedelta(seconds=6)
        self.assertEqual(box._take_commands(), [], "it was answered")

    def test_nothing_is_sent_to_nobody(self):
        with self.assertRaises(UserError):
            self.box.action_restart()

    def test_release_tells_the_box(self):
        channel = self.setup()
        self.box.action_release()
        self.env.cr.precommit.run()
        [message] = self.env["bus.bus"].sudo()._poll([channel], last=0)
        self.assertEqual(message["message"]["type"], "server_clear")
        self.assertEqual(message["message"]["payload"], {"iot_identifiers": [SERIAL]})


@tagged("post_install", "-at_install")
class TestIotBoxLog(BoxCommon):
    def test_it_is_kept_when_somebody_asked(self):
        self.setup()
        self.boxes._log(SERIAL, "one\n")
        self.assertFalse(self.box.log_tail)
        self.box.action_keep_log()
        self.boxes._log(SERIAL, "two\n")
        self.boxes._log(SERIAL, "three\n")
        self.boxes._log("20000000ffffffff", "of another\n")
        self.assertEqual(self.box.log_tail, "two\nthree\n")
        self.box.log_until = fields.Datetime.now()
        self.boxes._log(SERIAL, "late\n")
        self.assertEqual(self.box.log_tail, "two\nthree\n")

    def test_it_is_bounded(self):
        self.setup()
        self.box.action_keep_log()
        for _time in range(7):
            self.boxes._log(SERIAL, "x" * 3_999 + "\n")
        self.assertEqual(len(self.box.log_tail), 20_000)
