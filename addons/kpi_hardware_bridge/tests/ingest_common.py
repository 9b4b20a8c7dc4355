"""A console that talks to the server."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from odoo.addons.kpi_quality.tests.feedback_common import FeedbackCommon

from ..tools.signing import sign

KEY = "5f" * 32
RECEIVED_AT = datetime(2025, 3, 5, 12, 0, 0, 250_000)


class IngestCommon(FeedbackCommon):
    """``console`` at the counter: buttons 1 yes, 2 no, 3 unsure, 4 seller; key KEY."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.console = cls.make_console("Console", cls.counter)

    @classmethod
    def make_console(cls, name, point, **values):
        return cls.env["kpi.console"].create(
            {
                "name": name,
                "identifier": name.lower().replace(" ", "-"),
                "company_id": cls.company.id,
                "point_id": point.id,
                "key": KEY,
                "button_ids": [
                    (0, 0, {"number": number, "button": button})
                    for number, button in enumerate(
                        ("yes", "no", "unsure", "seller"), start=1
                    )
                ],
                **values,
            }
        )

    @staticmethod
    def event(button="seller", ago=5.0, **values):
        """A press so many seconds before RECEIVED_AT, in boot "b1" (sent at 1000 s)."""
        at = RECEIVED_AT.replace(tzinfo=UTC) - timedelta(seconds=ago)
        return {
            "uuid": str(uuid4()),
            "button": button,
            "at": at.isoformat(),
            "boot_id": "b1",
            "boottime": 1000.0 - ago,
            "held_ms": 120,
            **values,
        }

    @classmethod
    def body(cls, *events, **values):
        return {
            "sender": cls.console.identifier,
            "sent_at": RECEIVED_AT.replace(tzinfo=UTC).isoformat(),
            "boot_id": "b1",
            "sent_boottime": 1000.0,
            "queue": 0,
            "dropped": 0,
            "version": "1.0",
            "events": list(events),
            **values,
        }

    @classmethod
    def ingest(cls, *events, sender=None, received_at=RECEIVED_AT, **values):
        """Send it with a clock that is right. :return: the reply"""
        values.setdefault("sent_at", received_at.isoformat())
        return cls.env["kpi.ingestion"]._ingest(
            sender or cls.console, cls.body(*events, **values), received_at
        )

    @classmethod
    def statuses(cls, reply):
        return [result["status"] for result in reply["results"]]

    @classmethod
    def stored(cls, *events):
        """Presses with these uuids, in the order of their arrival."""
        return cls.env["kpi.feedback.event"].search(
            [("uuid", "in", [event["uuid"] for event in events])], order="id"
        )

    @staticmethod
    def signed(body, key=KEY):
        """:return: ``data`` and ``headers`` of a request"""
        data = json.dumps(body).encode()
        return {
            "data": data,
            "headers": {
                "Content-Type": "application/json",
                "X-KPI-Signature": sign(key, data),
            },
        }
