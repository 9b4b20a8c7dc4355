import json
import logging
import time
from datetime import UTC, datetime

from odoo.http import Controller, request, route

from ..const import MOST_BYTES
from ..tools.batch import TooMany, Unreadable
from ..tools.rate_limit import RateLimit

_logger = logging.getLogger(__name__)


# What a caller is told to wait that is not to be believed, seconds.
PATIENCE = 60


class KpiEventsController(Controller):
    # Of an address: a shop full of devices with wrong keys, which wait in between.
    failures = RateLimit(per_second=1, burst=60)

    @route(
        "/kpi_bridge/v1/events",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # a device has no session; it signs
        save_session=False,
        max_content_length=MOST_BYTES,
    )
    def take_events(self, **_query):
        """Presses of a device, and how it is. The readme tells the protocol.

        :return: 200 with an answer for each press; 400 for what means nothing, 401 for
            whoever is not to be believed, 413 for too much at once, 429 for too often
        """
        received_at = datetime.now(UTC).replace(tzinfo=None)
        data = request.httprequest.get_data()
        body = self._parse(data)
        device = request.env["kpi.console"]._authenticate(
            body.get("sender") if isinstance(body, dict) else None,
            data,
            request.httprequest.headers.get("X-KPI-Signature"),
        )
        if not device:
            return self._refuse_stranger(request.httprequest.remote_addr)
        seconds = device._seconds_to_wait(received_at)
        if seconds:
            return self._refuse(429, "too_many_requests", seconds)
        ingestion = request.env["kpi.ingestion"].sudo()  # devices have no user
        try:
            reply = ingestion._ingest(device, body, received_at)
        except TooMany:
            return self._refuse(413, "too_large")
        except Unreadable as problem:
            return self._refuse(400, "unreadable", reason=str(problem))
        return request.make_json_response(reply)

    def _parse(self, data):
        """:return: what the JSON says; None when it is none"""
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return None

    def _refuse_stranger(self, address):
        """The same for whoever is not to be believed, whatever the reason.

        A device with a good key is heard even from an address where others fail.
        """
        _logger.info("Refused presses from %s: unknown sender or key", address)
        if self.failures.allows(address, time.monotonic()):
            return self._refuse(401, "unauthorized")
        return self._refuse(429, "too_many_requests", PATIENCE)

    def _refuse(self, status, error, seconds=None, **more):
        headers = [("Retry-After", str(seconds))] if seconds else []
        return request.make_json_response(
            {"error": error, **more}, headers=headers, status=status
        )
