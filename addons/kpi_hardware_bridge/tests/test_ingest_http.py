import socket
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME, freeze_time

from ..const import MOST_BYTES
from ..controllers.events import KpiEventsController
from ..tools.rate_limit import RateLimit
from ..tools.signing import next_key
from .ingest_common import KEY, RECEIVED_AT, IngestCommon

URL = "/kpi_bridge/v1/events"
PATIENCE = 30


@tagged("post_install", "-at_install")
@freeze_time(RECEIVED_AT)
class TestIngestHttp(IngestCommon, HttpCase):
    def setUp(self):
        super().setUp()
        limit = RateLimit(per_second=1, burst=60)
        self.startPatcher(patch.object(KpiEventsController, "failures", limit))

    def post(self, body, key=KEY, **more):
        return self.url_open(URL, **self.signed(body, key), **more)

    @contextmanager
    def connected(self):
        """A connection of one's own, as a device has it that can hang up."""
        host, port = self.base_url().removeprefix("http://").split(":")
        with (
            self.allow_requests(),
            socket.create_connection((host, int(port)), timeout=PATIENCE) as server,
        ):
            yield server

    def send_head(self, server, *lines):
        cookie = f"Cookie: {TEST_CURSOR_COOKIE_NAME}={self.http_request_key}"
        lines = (f"POST {URL} HTTP/1.1", "Host: localhost", cookie, *lines, "", "")
        server.sendall("\r\n".join(lines).encode())

    def count(self):
        return self.env["kpi.feedback.event"].search_count([])

    # ------------------------------------------------------------------ the usual case
    def test_signed_batch_is_stored(self):
        event = self.event("yes", ago=2.0)
        answer = self.post(self.body(event))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(
            answer.json(),
            {
                "results": [{"uuid": event["uuid"], "status": "stored"}],
                "settings": {},
                "commands": [],
            },
        )
        self.assertRecordValues(
            self.stored(event),
            [
                {
                    "pressed_at": self.utc("2025-03-05 14:59:58"),
                    "pressed_ms": 250,
                    "source": "console",
                }
            ],
        )
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_utf_8_is_signed_as_it_is_sent(self):
        event = self.event(note="Да, спасибо 👍")
        self.assertEqual(self.statuses(self.post(self.body(event)).json()), ["stored"])

    # ----------------------------------------------------------------- answer is lost
    def test_answer_lost_after_commit(self):
        """The device sends again what was stored already: nothing is doubled."""
        events = [self.event(ago=number) for number in range(9)]
        stored, hung_up = threading.Event(), threading.Event()
        ingestion = type(self.env["kpi.ingestion"])
        derive = ingestion._derive

        def answer_late(records, rows):
            stored.set()
            self.assertTrue(hung_up.wait(PATIENCE))
            return derive(records, rows)

        request = self.signed(self.body(*events))
        with (
            patch.object(ingestion, "_derive", answer_late),
            self.connected() as server,
        ):
            headers = [f"{name}: {value}" for name, value in request["headers"].items()]
            self.send_head(server, f"Content-Length: {len(request['data'])}", *headers)
            server.sendall(request["data"])
            self.assertTrue(stored.wait(PATIENCE))
            server.close()
            hung_up.set()
        again = self.post(self.body(*events))
        self.assertEqual(self.statuses(again.json()), ["known"] * 9)
        self.assertEqual(len(self.stored(*events)), 9)

    # --------------------------------------------------------------- not to be believed
    def test_unknown_and_wrong_look_the_same(self):
        """And nothing is stored, and nothing above INFO is logged."""
        other = self.make_console("Other", self.counter, revoked=True)
        keyless = self.make_console("Keyless", self.counter, key=False)
        archived = self.make_console("Archived", self.counter, active=False)
        body = self.body(self.event())
        before = self.count()
        attempts = [
            self.signed(body, "0" * 64),
            self.signed({**body, "sender": "nobody"}),
            self.signed({**body, "sender": other.identifier}),
            self.signed({**body, "sender": keyless.identifier}),
            self.signed({**body, "sender": archived.identifier}),
            self.signed({**body, "sender": keyless.identifier}, ""),
            self.signed({**body, "sender": ["console"]}),
            self.signed({**body, "sender": "console\0"}),
            self.signed({**body, "sender": "\ud800"}),
            self.signed([body]),
            {"data": b"{", "headers": self.signed({})["headers"]},
            {"data": b"[" * 100_000, "headers": self.signed({})["headers"]},
        ]
        unsigned = self.signed(body)
        for header in (None, "", "sha256=", "md5=0", "sha256=" + "é" * 64):
            headers = {**unsigned["headers"], "X-KPI-Signature": header}
            if header is None:
                del headers["X-KPI-Signature"]
            elif not header.isascii():
                headers["X-KPI-Signature"] = header.encode()
            attempts.append({"data": unsigned["data"], "headers": headers})
        attempts.append(
            {**unsigned, "data": unsigned["data"].replace(b'"seller"', b'"no"')}
        )
        answers = set()
        for attempt in attempts:
            with self.assertNoLogs("odoo", "WARNING"):
                answer = self.url_open(URL, **attempt)
            headers = {
                name: value
                for name, value in answer.headers.items()
                if name not in ("Date", "Server")
            }
            answers.add((answer.status_code, answer.text, str(sorted(headers.items()))))
        [(status, text, _headers)] = answers
        self.assertEqual((status, text), (401, '{"error": "unauthorized"}'))
        self.assertEqual(self.count(), before)
        self.assertFalse(self.console.last_seen_at)
        self.assertFalse(self.env["kpi.console.reject"].search_count([]))

    def test_revoked_device_is_heard_again_with_a_new_key_only(self):
        console = self.console.with_user(self.user_manager)
        console.action_revoke()
        self.assertEqual(console.state, "revoked")
        event = self.event()
        self.assertEqual(self.post(self.body(event)).status_code, 401)
        key = console.action_new_key()["context"]["default_key"]
        self.assertEqual(self.post(self.body(event)).status_code, 401)
        self.assertEqual(self.post(self.body(event), key).status_code, 200)
        self.assertEqual(len(self.stored(event)), 1)

    # ----------------------------------------------------------------------- rotation
    def test_old_key_is_valid_until_the_new_one_is_used(self):
        self.console.with_user(self.user_manager).action_rotate_key()
        nonce = self.post(self.body()).json()["rotate"]
        self.assertEqual(self.post(self.body()).json()["rotate"], nonce)
        self.assertTrue(self.console.is_rotating)
        key = next_key(KEY, nonce)
        reply = self.post(self.body(), key).json()
        self.assertNotIn("rotate", reply)
        self.console.invalidate_recordset()
        self.assertFalse(self.console.is_rotating)
        self.assertEqual(self.post(self.body()).status_code, 401)
        self.assertEqual(self.post(self.body(), key).status_code, 200)

    def test_asked_twice_a_device_that_derived_the_key_is_not_locked_out(self):
        """And when an answer is lost, it goes on with the key that it has."""
        self.console.action_rotate_key()
        nonce = self.post(self.body()).json()["rotate"]
        self.console.action_rotate_key()
        key = next_key(KEY, nonce)
        for _request in range(2):
            self.assertEqual(self.post(self.body(), key).status_code, 200)

    # ------------------------------------------------------------------------- limits
    def test_too_often(self):
        self.env["ir.config_parameter"].set_param(
            "kpi_hardware_bridge.requests_per_minute", "3"
        )
        for _request in range(3):
            self.assertEqual(self.post(self.body()).status_code, 200)
        event = self.event()
        answer = self.post(self.body(event))
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(answer.headers["Retry-After"], "60")
        self.assertFalse(self.stored(event))
        with freeze_time(RECEIVED_AT + timedelta(seconds=60)):
            self.assertEqual(self.post(self.body(event)).status_code, 200)
        self.assertTrue(self.stored(event))

    def test_an_address_fails_too_often_and_a_good_device_there_is_heard(self):
        limit = RateLimit(per_second=0, burst=2)
        self.startPatcher(patch.object(KpiEventsController, "failures", limit))
        answers = [self.post(self.body(), "0" * 64) for _attempt in range(3)]
        self.assertEqual([a.status_code for a in answers], [401, 401, 429])
        self.assertEqual(answers[2].headers["Retry-After"], "60")
        self.assertEqual(self.post(self.body()).status_code, 200)

    def test_too_many_events(self):
        answer = self.post(self.body(*[7] * 1001))
        self.assertEqual(
            (answer.status_code, answer.json()), (413, {"error": "too_large"})
        )
        self.assertFalse(self.env["kpi.console.reject"].search_count([]))

    def test_too_many_bytes(self):
        answer = self.url_open(URL, **self.signed({"sender": "x" * MOST_BYTES}))
        self.assertEqual(answer.status_code, 413)
        self.assertNotIn("Traceback", answer.text)

    def test_too_many_bytes_of_unknown_length(self):
        """In chunks: no header says how much will come, and nobody reads it."""
        chunk = b"%x\r\n%s\r\n" % (65536, b"x" * 65536)
        with self.connected() as server:
            self.send_head(server, "Transfer-Encoding: chunked")
            with suppress(BrokenPipeError, ConnectionResetError):
                for _chunk in range(2 * MOST_BYTES // 65536):
                    server.sendall(chunk)
                server.sendall(b"0\r\n\r\n")
            status = server.recv(65536).split(b" ")[1]
        self.assertEqual(status, b"401")

    def test_signed_nonsense_is_explained(self):
        answer = self.post(self.body(events={"uuid": "x"}))
        self.assertEqual(
            (answer.status_code, answer.json()),
            (400, {"error": "unreadable", "reason": "events is not a list"}),
        )

    def test_other_methods_are_not_there(self):
        self.assertEqual(self.url_open(URL, method="GET").status_code, 405)
