"""Whoever has no link learns nothing, and whoever has one learns little."""

import json
import re

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from odoo.addons.kpi_quality.tests.common import NOW

from .web_console_common import MANAGER, WebConsoleCommon

ROUTES = (
    ("GET", ""),
    ("GET", "/manifest.webmanifest"),
    ("GET", "/service-worker.js"),
    ("GET", "/settings"),
    ("GET", "/invitation/0123456789abcdef"),
    ("POST", "/events"),
    ("POST", "/login"),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.sampled_from(["yes", "seller", "2025-03-20T09:00:00Z", "\x00", "\ud800"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "events",
                    "uuid",
                    "button",
                    "at",
                    "boottime",
                    "boot_id",
                    "held_ms",
                    "pin",
                ]
                + [
                    "sender",
                    "sent_at",
                    "sent_boottime",
                    "queue",
                    "console",
                    "lang",
                    "seq",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)
FUZZ = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestWebConsoleAccess(WebConsoleCommon):
    def call(self, method, path, data=b"{}"):
        if method == "GET":
            return self.url_open(path, allow_redirects=False)
        return self.post(path, data)

    def shown(self, answer, path):
        """An answer without what is different each time."""
        text = re.sub(r'csrf_token: "[^"]*"', "", answer.text).replace(path, "")
        headers = {
            name: answer.headers.get(name)
            for name in (
                "Content-Type",
                "Content-Security-Policy",
                "ETag",
                "X-Robots-Tag",
            )
        }
        return answer.status_code, headers, text

    # ------------------------------------------------------------------- strangers
    def test_unknown_and_revoked_look_like_any_unknown_address(self):
        revoked = self.console(self.desk)
        archived = self.console(self.desk, active=False)
        links = [
            "/kpi/console/nothing",
            f"/kpi/console/{self.path(self.tablet)[13:-1]}x",
            self.path(revoked),
            self.path(archived),
        ]
        revoked.action_revoke()
        for method, name in ROUTES:
            anywhere = f"/kpi/nowhere{name}"
            expected = self.shown(self.call(method, anywhere), anywhere)
            self.assertEqual(expected[0], 404)
            for link in links:
                answer = self.call(method, f"{link}{name}")
                self.assertEqual(
                    self.shown(answer, f"{link}{name}"), expected, f"{method} {link}"
                )

    def test_token_is_no_shorter_than_it_looks(self):
        token = self.tablet.sudo().web_token
        self.assertGreaterEqual(len(token), 43)
        for wrong in (token[:-1], token.lower(), f"{token}x", "%", "_" * 43, "%00"):
            answer = self.url_open(f"/kpi/console/{wrong}")
            self.assertEqual(answer.status_code, 404, wrong)

    # ----------------------------------------------------------------------- users
    def test_nobody_reads_tokens(self):
        for user in (self.web_manager, self.user_lead, self.user_seller):
            tablet = self.tablet.with_user(user)
            with self.assertRaises(AccessError):
                tablet.read(["web_token"])
            with self.assertRaises(AccessError):
                tablet.search([("web_token", "=like", "A%")])
            with self.assertRaises(AccessError):
                tablet.search([], order="web_token")
            with self.assertRaises(AccessError):
                tablet.write({"web_token": "mine"})

    def test_links_are_for_managers(self):
        self.assertTrue(self.tablet.with_user(self.web_manager).web_link)
        for user in (self.user_lead, self.user_seller, self.user_expert):
            tablet = self.tablet.with_user(user)
            for name in ("web_link", "web_qr"):
                with self.assertRaises(AccessError):
                    tablet.read([name])
            with self.assertRaises(AccessError):
                tablet.action_renew_web_link()
            with self.assertRaises(AccessError):
                tablet.action_revoke()
            self.assertFalse(self.tablet.revoked)

    def test_managers_of_another_company_see_no_links(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "web.stranger",
            groups=MANAGER,
            company_id=company.id,
            company_ids=company.ids,
        )
        tablet = self.tablet.with_user(stranger).with_context(
            allowed_company_ids=company.ids
        )
        with self.assertRaises(AccessError):
            tablet.read(["web_link"])
        with self.assertRaises(AccessError):
            tablet.action_renew_web_link()

    # ------------------------------------------------------------------------ junk
    def check_junk(self, name, data):
        answer = self.post(self.path(self.tablet, name), data)
        self.assertLess(answer.status_code, 500, data)
        self.assertNotIn("Traceback", answer.text)
        self.assertNotIn("odoo", answer.text.lower())
        return answer

    def test_junk_of_all_sorts(self):
        for data in (
            b"",
            b"[]",
            b"null",
            b"1",
            b"{",
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"events": {}}',
            b'{"events": 1e999}',
            b'{"events": [{"uuid": "\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000"}]}',
            b'{"pin": 1}',
            b'{"pin": ""}',
            json.dumps({"pin": "1" * 65}).encode(),
        ):
            for name in ("/events", "/login"):
                answer = self.check_junk(name, data)
                self.assertIn(answer.status_code, (200, 400, 413))
        self.assert_nothing_stored()

    def test_too_much_at_once(self):
        answer = self.check_junk("/login", b"x" * 5000)
        self.assertEqual(answer.status_code, 413)
        answer = self.check_junk("/events", b"x" * (1024 * 1024 + 1))
        self.assertEqual(answer.status_code, 413)
        answer = self.check_junk("/events", {"events": [{}] * 1001})
        self.assertEqual(answer.status_code, 413)
        self.assert_nothing_stored()

    def test_fuzzed_bodies(self):
        @FUZZ
        @example([], "/events")
        @given(JSON, st.sampled_from(["/events", "/login"]))
        def check(data, name):
            self.check_junk(name, json.dumps(data).encode())

        check()
        self.assert_nothing_stored()

    def test_fuzzed_bytes(self):
        @FUZZ
        @given(st.binary(max_size=200), st.sampled_from(["/events", "/login"]))
        def check(data, name):
            self.check_junk(name, data)

        check()
        self.assert_nothing_stored()

    def test_fuzzed_links(self):
        @FUZZ
        @given(
            # Odoo merges slashes, and browsers resolve dots.
            st.text(min_size=1, max_size=60).filter(
                lambda text: not set("/.") & set(text)
            ),
            st.sampled_from(ROUTES),
        )
        def check(token, route_of):
            method, name = route_of
            path = f"/kpi/console/{self._quoted(token)}{name}"
            answer = self.call(method, path)
            self.assertIn(answer.status_code, (404, 405), path)
            self.assertNotIn("Traceback", answer.text)

        check()

    def test_fuzzed_queries(self):
        @FUZZ
        @given(
            st.dictionaries(
                st.sampled_from(["token", "console", "debug", "db", "lang", "self"]),
                st.text(max_size=20).map(self._quoted),
                max_size=3,
            )
        )
        def check(query):
            parameters = "&".join(f"{key}={value}" for key, value in query.items())
            answer = self.url_open(
                f"{self.path(self.tablet, '/settings')}?{parameters}"
            )
            self.assertLess(answer.status_code, 500, query)

        check()

    def _quoted(self, text):
        raw = text.encode("utf-8", "surrogatepass")
        return "".join(f"%{byte:02x}" for byte in raw)

    def assert_nothing_stored(self):
        self.assertFalse(
            self.env["kpi.feedback.event"].search(
                [("point_id", "=", self.counter.id)], limit=1
            )
        )
