"""Whatever strangers send to a box's routes: no fault of ours, and nothing stored."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .box_common import SERIAL
from .test_iot_box_http import BoxHttpCommon

ROUTES = (
    "/iot/setup",
    "/iot/get_handlers",
    "/iot/box/send_websocket",
    "/iot/log",
    "/iot/box/update_certificate_status",
    "/iot/box/webrtc_answer",
    "/iot/keyboard_layouts",
)
TABLES = (
    "kpi_iot_box",
    "kpi_console",
    "kpi_console_reject",
    "kpi_feedback_event",
    "bus_bus",
    "ir_attachment",
    "res_device_log",
)

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from([SERIAL, "\0", "\ud800", "", "x" * 300, "'; --", "../..", "токен"]),
)
values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), texts, st.integers(), st.floats(), st.just(10**400)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=8,
)
boxes = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(st.just(SERIAL), values)
        for name in ("identifier", "mac", "ip", "token", "version")
    },
)
params = st.fixed_dictionaries(
    {},
    optional={
        "iot_box": st.one_of(boxes, values),
        "devices": values,
        "iot_box_identifier": st.one_of(st.just(SERIAL), values),
        "session_id": values,
        "result": values,
        "identifier": st.one_of(st.just(SERIAL), values),
    },
)
bodies = st.one_of(
    st.binary(max_size=200),
    st.fixed_dictionaries({"params": st.one_of(params, values)}).map(
        lambda body: json.dumps(body).encode()
    ),
    values.map(lambda value: json.dumps(value).encode()),
    texts.map(
        lambda text: f"identifier {text}<log/>\n20,{text}<log/>\n".encode(
            errors="replace"
        )
    ),
    st.integers(1, 30_000).map(lambda depth: b"[" * depth),
)
header_values = st.text(
    st.characters(min_codepoint=32, max_codepoint=126), max_size=40
).map(str.strip)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.one_of(
            st.sampled_from(
                [
                    "application/json",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "multipart/form-data",
                    "text/plain; charset=utf-16",
                    "application/json; charset=nonsense",
                ]
            ),
            header_values,
        ),
        "If-None-Match": header_values,
        "User-Agent": header_values,
    },
)


@tagged("post_install", "-at_install")
class TestIotBoxFuzz(BoxHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setup(devices={"1a86:7523@1-1": cls.device()})
        cls.box.action_test()
        cls.unpaired = cls.boxes.create({"name": "Desk", "site_id": cls.shop.id})

    def stored(self):
        """All rows of all tables that a caller could wish to fill."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        rows = {}
        for table in TABLES:
            self.env.cr.execute(
                f"SELECT MD5(COALESCE(STRING_AGG(x::text, '' ORDER BY id), '')) "
                f"FROM {table} AS x"
            )
            rows[table] = self.env.cr.fetchone()[0]
        return rows

    def check(self, answer):
        self.assertLess(answer.status_code, 500, answer.text[:500])
        for word in ("Traceback", "psycopg2", "kpi_hardware_bridge/", self.token):
            self.assertNotIn(word, answer.text)
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_whatever_is_posted(self):
        before = self.stored()

        @settings(
            max_examples=60,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(body=bodies, head=headers)
        def post(body, head):
            for route in ROUTES:
                self.check(self.post(route, data=body, headers=head))

        post()
        self.assertEqual(self.stored(), before)

    def test_whatever_stands_in_the_address(self):
        before = self.stored()

        @settings(
            max_examples=60,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(tail=st.text(st.characters(codec="ascii"), max_size=60))
        def call(tail):
            tail = tail.replace("#", "")
            for url in (
                f"/iot/box/{tail}/display_url",
                f"/iot/get_handlers?{tail}",
                f"/iot/setup?{tail}",
            ):
                method = "GET" if "display" in url else "POST"
                answer = self.url_open(url, method=method, allow_redirects=False)
                self.assertLess(answer.status_code, 500)
                self.assertNotIn("Traceback", answer.text)

        call()
        self.assertEqual(self.stored(), before)

    def test_whatever_a_paired_box_says(self):
        """It proved itself, so it may change its own row: without a fault of ours."""
        token, consoles = self.token, self.box.console_ids
        consoles.point_id = self.counter

        @settings(
            max_examples=80,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(box=boxes, devices=st.one_of(values, st.dictionaries(texts, values)))
        def setup(box, devices):
            box = {**box, "token": token, "identifier": SERIAL}
            body = {"params": {"iot_box": box, "devices": devices}}
            answer = self.post("/iot/setup", data=json.dumps(body).encode())
            self.check(answer)
            self.assertIn("result", answer.json())

        setup()
        self.assertEqual(self.box.identifier, SERIAL)
        self.assertEqual(consoles.point_id, self.counter)
        self.assertEqual(self.unpaired.pairing_state, "waiting")
