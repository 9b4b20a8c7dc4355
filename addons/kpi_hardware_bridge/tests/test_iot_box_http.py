"""The routes as a box calls them, with the library that it uses."""

import io
import json
import re
import zipfile
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..controllers import iot_box
from ..controllers.iot_box import IotBoxController
from ..tools.rate_limit import RateLimit
from ..tools.signing import digest, sign
from .box_common import ADDRESS, SERIAL, BoxCommon

OTHER = "20000000ffffffff"


class BoxHttpCommon(BoxCommon, HttpCase):
    def setUp(self):
        super().setUp()
        limit = RateLimit(per_second=3, burst=10)
        self.startPatcher(patch.object(iot_box, "log_limit", limit))

    def post(self, url, **request):
        headers = {"User-Agent": "OdooIoTBox/1.0", **(request.pop("headers", {}))}
        return self.url_open(url, method="POST", headers=headers, **request)

    def call_setup(self, *args, **kwargs):
        return self.post(
            "/iot/setup", json={"params": self.setup_params(*args, **kwargs)}
        )

    def get_handlers(self, identifier=SERIAL, etag=None):
        return self.post(
            "/iot/get_handlers",
            data={"identifier": identifier, "auto": "True"},
            headers={"If-None-Match": etag} if etag else {},
        )


@tagged("post_install", "-at_install")
class TestIotBoxHttp(BoxHttpCommon):
    # ------------------------------------------------------------------ setup
    def test_setup(self):
        answer = self.call_setup(devices={"1a86:7523@1-1": self.device()})
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(answer.json()["result"], self.box.sudo().channel)
        self.assertEqual(self.box.identifier, SERIAL)
        self.assertEqual(len(self.box.console_ids), 1)

    def test_what_the_box_makes_of_the_text(self):
        """As its ``parse_url`` and ``save_conf_server`` do."""
        text = self.box.pairing_text
        params = parse_qs(urlsplit(text).query, keep_blank_values=True)
        self.assertEqual(
            params, {"token": [self.token], "db_uuid": [""], "enterprise_code": [""]}
        )
        self.assertEqual(text.partition("?")[0], ADDRESS)
        self.assertTrue(self.call_setup(params["token"][0]).json()["result"])

    def test_refusals_look_alike(self):
        """With a wrong token nobody learns which boxes there are."""
        self.call_setup()
        answers = {
            (answer.status_code, answer.text)
            for answer in (
                self.call_setup(token="x" * 32),
                self.call_setup(token="x" * 32, serial=OTHER),
                self.call_setup(token=self.box.sudo().key),
                self.call_setup(serial=OTHER),
                self.call_setup(token="токен"),
                self.post("/iot/setup", json={"params": {"iot_box": {}}}),
                self.post("/iot/setup", json={"params": []}),
                self.post("/iot/setup", json=[]),
                self.post("/iot/setup", data=b"\xff{"),
            )
        }
        self.assertEqual(len(answers), 1, answers)
        [(status, text)] = answers
        self.assertEqual(status, 200, "with others the box would try five times")
        self.assertEqual(set(json.loads(text)), {"jsonrpc", "id", "error"})

    def test_too_large(self):
        answer = self.post("/iot/setup", data=b"x" * (300 * 1024))
        self.assertEqual(answer.status_code, 413)

    def test_the_key_signs_what_the_box_sends(self):
        """From the token to a press that is stored, as the box computes it."""
        self.call_setup(devices={"1a86:7523@1-1": self.device()})
        self.box.console_ids.point_id = self.counter
        body = json.dumps(
            {
                "sender": SERIAL,
                "version": "1.0",
                "diagnosis": ["disk: full", 5, "x" * 500],
                "events": [
                    {
                        "uuid": "0b2f9f6e-0000-4000-8000-000000000001",
                        "console": "1a86:7523@1-1",
                        "button": "yes",
                        "at": fields.Datetime.now().isoformat(),
                    }
                ],
            }
        ).encode()
        for token, status in ((self.token, 200), ("x" * 32, 401)):
            answer = self.post(
                "/kpi_bridge/v1/events",
                data=body,
                headers={"X-KPI-Signature": sign(digest(token, SERIAL), body)},
            )
            self.assertEqual(answer.status_code, status)
        press = self.env["kpi.feedback.event"].search(
            [("point_id", "=", self.counter.id)]
        )
        self.assertEqual(press.button, "yes")
        self.assertEqual(self.box.pairing_state, "working")
        self.assertEqual(self.box.version, "1.0")
        self.assertEqual(self.box.diagnosis, "disk: full")
        self.assertEqual(self.box.state, "warning")
        self.assertIn("disk: full", self.box.state_reason)

    def test_commands_come_with_the_reply(self):
        self.call_setup()
        self.box.action_update_handlers()
        self.box.command_at -= timedelta(seconds=6)
        body = json.dumps({"sender": SERIAL, "events": []}).encode()
        key = self.box.sudo().key
        answers = [
            self.post(
                "/kpi_bridge/v1/events",
                data=body,
                headers={"X-KPI-Signature": sign(key, body)},
            ).json()["commands"]
            for _time in range(2)
        ]
        reference = self.box.sudo().command_ref
        self.assertEqual(answers, [[{"id": reference, "name": "update"}], []])

    # --------------------------------------------------------------- handlers
    def test_handlers(self):
        answer = self.get_handlers()
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertRegex(answer.headers["ETag"], r'^"[0-9a-f]{32}"$')
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        self.assertIn("interfaces", {name.split("/")[0] for name in names})
        self.assertIn("drivers", {name.split("/")[0] for name in names})
        self.assertTrue(all(name.endswith(".py") for name in names), names)

    def test_the_box_is_believed_after_its_driver_has_checked_in(self):
        self.call_setup()
        etag = self.get_handlers().headers["ETag"].strip('"')
        self.assertEqual(self.get_handlers(etag=etag).status_code, 200)
        self.check_in(fields.Datetime.now() + timedelta(seconds=5))
        self.call_setup()
        again = self.get_handlers(etag=etag)
        self.assertEqual(again.status_code, 304)
        self.assertFalse(again.content)
        self.assertEqual(self.get_handlers(etag="0" * 32).status_code, 200)
        self.assertEqual(self.get_handlers().status_code, 200)

    def test_an_unknown_box_is_answered_like_one_that_works(self):
        self.call_setup()
        self.box.has_checked_in = True
        etag = self.get_handlers().headers["ETag"].strip('"')
        for asked in (None, etag, "0" * 32):
            known, unknown = (
                self.get_handlers(identifier, asked) for identifier in (SERIAL, OTHER)
            )
            self.assertEqual(known.status_code, unknown.status_code)
            self.assertEqual(known.content, unknown.content)
            self.assertEqual(known.headers["ETag"], unknown.headers["ETag"])

    def test_no_secret_is_packed(self):
        content = self.get_handlers().content
        archive = zipfile.ZipFile(io.BytesIO(content))
        for name in archive.namelist():
            text = archive.read(name).decode()
            self.assertNotIn(self.token, text)
            self.assertFalse(re.search(r"\b[0-9a-f]{64}\b", text), name)

    def test_the_office_downloads_the_same(self):
        url = "/kpi_hardware_bridge/iot_handlers.zip"
        for user, status in ((self.user_manager, 200), (self.user_seller, 404)):
            self.authenticate(user.login, user.login.ljust(8, "x"))
            answer = self.url_open(url, allow_redirects=False)
            self.assertEqual(answer.status_code, status)
            if status == 200:
                self.assertEqual(answer.content, self.get_handlers().content)

    # ------------------------------------------------------------- the others
    def test_an_answer_to_a_command(self):
        self.call_setup()
        self.box.action_test()
        params = {
            "iot_box_identifier": SERIAL,
            "session_id": self.box.sudo().command_ref,
            "device_identifier": SERIAL,
            "status": "success",
            "result": {"lan_quality": "fast", "wan_quality": "slow\0" * 50},
        }
        answers = set()
        for wrong in (
            {"iot_box_identifier": OTHER},
            {"session_id": "0"},
            {"session_id": None},
            {"session_id": "ключ"},
            {"iot_box_identifier": [SERIAL]},
        ):
            answers.add(self.send(params | wrong))
            self.assertEqual(self.box.command_state, "waiting")
        answers.add(self.send(params))
        self.assertEqual(self.box.command_state, "answered")
        self.assertIn("LAN: fast, WAN: slowslow", self.box.command_answer)
        self.assertLess(len(self.box.command_answer), 80)
        self.assertEqual(len(answers), 1, "who guesses learns nothing")

    def send(self, params):
        answer = self.post("/iot/box/send_websocket", json={"params": params})
        return answer.status_code, answer.text

    def test_a_press_over_the_websocket_is_none(self):
        """The stock way of a driver: anybody could have sent it."""
        self.call_setup(devices={"1a86:7523@1-1": self.device()})
        self.box.console_ids.point_id = self.counter
        events = self.env["kpi.feedback.event"]
        before = events.search_count([])
        status, _text = self.send(
            {
                "iot_box_identifier": SERIAL,
                "device_identifier": "1a86:7523@1-1",
                "value": "P 1 0120",
                "button": "yes",
            }
        )
        self.assertEqual(status, 200)
        self.assertEqual(events.search_count([]), before)

    def log(self, identifier, *lines):
        """Chunked, as the box does: its length is not known before."""
        chunks = [f"identifier {identifier}<log/>\n", *(f"{x}<log/>\n" for x in lines)]
        return self.post("/iot/log", data=(chunk.encode() for chunk in chunks))

    def test_log(self):
        self.call_setup()
        self.box.action_keep_log()
        answers = {
            (answer.status_code, answer.text)
            for answer in (
                self.log(SERIAL, "20,one", "30,two\0\nthree"),
                self.log(OTHER, "20,of another"),
                self.post("/iot/log", data=b"\xff\xfe"),
                self.post("/iot/log"),
            )
        }
        self.assertEqual(self.box.log_tail, "20,one\n30,twothree\n")
        self.assertEqual(len(answers), 1)

    def test_a_flood_of_logs_is_left_out(self):
        self.call_setup()
        self.box.action_keep_log()
        with freeze_time(fields.Datetime.now()):
            answers = [self.log(SERIAL, f"20,{number}") for number in range(15)]
        answers.append(self.log("x" * 200_000, "20,long"))
        self.assertEqual({answer.status_code for answer in answers}, {200})
        self.assertLessEqual(max(map(len, iot_box.log_limit._buckets)), 200)
        self.assertEqual(self.box.log_tail.count("\n"), 10)

    def test_what_nobody_needs_is_answered(self):
        for url in (
            "/iot/box/update_certificate_status",
            "/iot/box/webrtc_answer",
            "/iot/keyboard_layouts",
        ):
            self.assertEqual(self.post(url, data=b"{}").status_code, 200)
        answer = self.url_open(f"/iot/box/{SERIAL}/display_url")
        self.assertEqual(answer.json(), {})

    # ------------------------------------------------------- Odoo's own addon
    def test_odoos_own_addon_goes_first(self):
        """Its addresses are the same, so ours are not there beside them."""
        registry = self.env.registry
        registry.clear_cache("routing")
        self.addCleanup(registry.clear_cache, "routing")
        modules = registry._init_modules | {"iot"}
        with patch.object(registry, "_init_modules", modules):
            # The first request makes the map of the routes; it is kept.
            own = self.post("/kpi_bridge/v1/events", data=b"{}")
            self.assertEqual(own.status_code, 401, "our own address stays")
            with self.assertRaises(UserError):
                self.boxes.create({"name": "Desk", "site_id": self.shop.id})
            with self.assertRaises(UserError):
                self.box.action_renew_token()
            self.box.action_release()
        self.assertEqual(self.call_setup().status_code, 404)
        self.assertEqual(self.get_handlers().status_code, 404)
        self.assertEqual(self.log(SERIAL).status_code, 404)
        registry.clear_cache("routing")
        self.assertEqual(self.get_handlers().status_code, 200)

    def test_every_route_is_without_cookie_and_csrf(self):
        for name in dir(IotBoxController):
            routing = getattr(getattr(IotBoxController, name), "original_routing", {})
            if any(url.startswith("/iot/") for url in routing.get("routes", ())):
                self.assertFalse(routing["csrf"], name)
                self.assertFalse(routing["save_session"], name)
                self.assertEqual(routing["type"], "http", name)
                self.assertLessEqual(routing["max_content_length"], 2**18, name)
