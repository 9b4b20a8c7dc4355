"""Whatever is sent: an answer without a fault of ours, and nothing from strangers."""

import json
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import HttpCase, tagged

from odoo.addons.kpi_quality.const import EVENT_BUTTONS

from ..controllers.events import KpiEventsController
from ..tools.rate_limit import RateLimit
from ..tools.signing import sign
from .ingest_common import KEY, RECEIVED_AT, IngestCommon

URL = "/kpi_bridge/v1/events"

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "\0",
            "\ud800",
            "console",
            "seller",
            "b1",
            "'; DROP TABLE x; --",
            "9" * 200,
        ]
    ),
)
numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([True, 1, 4, 10**400, -1, 2**31, 2**63, 1e308, float("nan")]),
)
moments = st.sampled_from(
    [
        "2025-03-05T12:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2025-02-30",
        "2025-W01",
    ]
)
values = st.recursive(
    st.one_of(st.none(), texts, numbers, moments),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=8,
)
presses = st.one_of(
    values,
    st.fixed_dictionaries(
        {},
        optional={
            "uuid": st.one_of(st.uuids().map(str), values),
            "console": st.one_of(st.just("console"), values),
            "button": st.one_of(st.sampled_from(list(dict(EVENT_BUTTONS))), values),
            "at": st.one_of(moments, values),
            "boot_id": st.one_of(st.just("b1"), values),
            "boottime": values,
            "held_ms": values,
            "seq": values,
        },
    ),
)
bodies = st.one_of(
    values,
    st.fixed_dictionaries(
        {"events": st.one_of(st.lists(presses, max_size=6), values)},
        optional={
            name: st.one_of(strategy, values)
            for name, strategy in (
                ("sent_at", moments),
                ("boot_id", st.just("b1")),
                ("sent_boottime", st.just(1000)),
                ("queue", numbers),
                ("dropped", numbers),
                ("version", texts),
            )
        },
    ),
)


def fuzz(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@tagged("post_install", "-at_install")
class TestIngestFuzz(IngestCommon, HttpCase):
    def setUp(self):
        super().setUp()
        limit = RateLimit(per_second=0, burst=10**6)
        self.startPatcher(patch.object(KpiEventsController, "failures", limit))
        self.env["ir.config_parameter"].set_param(
            "kpi_hardware_bridge.requests_per_minute", "1000000"
        )

    def count(self):
        return sum(
            self.env[model].search_count([])
            for model in ("kpi.feedback.event", "kpi.console.reject")
        )

    def send(self, data, signature, **headers):
        answer = self.url_open(
            URL,
            method="POST",
            data=data,
            headers={
                "Content-Type": "application/json",
                "X-KPI-Signature": signature,
                **headers,
            },
        )
        self.assertLess(answer.status_code, 500, data)
        self.assertNotIn("Traceback", answer.text)
        return answer

    def test_signed_whatever_it_says(self):
        """A list of events gets as many answers as it has rows."""

        @fuzz(80)
        @given(bodies)
        def check(body):
            if isinstance(body, dict):
                body = {**body, "sender": self.console.identifier}
            data = json.dumps(body).encode()
            before = self.count()
            answer = self.send(data, sign(KEY, data))
            if not isinstance(body, dict):
                self.assertEqual(answer.status_code, 401)
            elif not isinstance(body.get("events", []), list):
                self.assertEqual(answer.status_code, 400)
            else:
                self.assertEqual(answer.status_code, 200)
                results = answer.json()["results"]
                self.assertEqual(len(results), len(body.get("events", [])))
                return
            self.assertEqual(self.count(), before)

        check()

    def test_strangers_change_nothing(self):
        expected = self.send(b"{}", "").text
        before = self.count()

        @fuzz(80)
        @given(
            st.one_of(st.binary(max_size=200), bodies.map(json.dumps).map(str.encode)),
            st.one_of(
                st.text(st.characters(codec="latin-1", exclude_categories=["C"])),
                st.just("sha256=" + "0" * 64),
            ).map(str.strip),
            st.sampled_from(["application/json", "text/plain", "application/xml", ""]),
        )
        def check(data, signature, content_type):
            answer = self.send(
                data, signature.encode("latin-1"), **{"Content-Type": content_type}
            )
            self.assertEqual((answer.status_code, answer.text), (401, expected))

        check()
        self.assertEqual(self.count(), before)

    def test_forms_and_queries(self):
        before = self.count()
        for content_type, data in (
            ("application/x-www-form-urlencoded", b"a=1&a=2&%00=%ff"),
            ("multipart/form-data", b"--x"),
            ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disp"),
        ):
            for query in ("", "?a=1&received_at=2", "?self=1", "?%00=%ff"):
                answer = self.url_open(
                    URL + query, data=data, headers={"Content-Type": content_type}
                )
                self.assertEqual(answer.status_code, 401, (content_type, query))
        self.assertEqual(self.count(), before)

    def test_each_row_is_stored_or_kept(self):
        """Without HTTP, more of it; what is kept can be taken again without a fault."""

        @fuzz(200)
        @given(st.lists(presses, min_size=1, max_size=8))
        def check(events):
            events = json.loads(json.dumps(events))
            before = self.count()
            results = self.ingest(*events)["results"]
            stored = sum(result["status"] == "stored" for result in results)
            refused = sum(result["status"] == "rejected" for result in results)
            self.assertGreaterEqual(self.count() - before, stored)
            self.assertLessEqual(self.count() - before, stored + refused)
            self.assertEqual(len(results), len(events))

        check()
        self.env["kpi.console.reject"].search([]).action_take_again()

    def test_what_was_refused_is_kept_once(self):
        event = {"uuid": "?", "at": RECEIVED_AT.isoformat()}
        before = self.count()
        self.ingest(event, event)
        self.ingest(event)
        self.assertEqual(self.count(), before + 1)
