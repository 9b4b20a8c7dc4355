"""Presses of devices become rows: each one once, each one answered."""

import math
import re
from datetime import UTC, datetime

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kpi_quality.const import EVENT_BUTTONS

from ..tools.press_time import Sending

UUID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{7,63}")
BUTTONS = dict(EVENT_BUTTONS)
MOST_HELD = 24 * 3600 * 1000


class Reject(Exception):
    """Why one press of a batch cannot be stored."""


class KpiIngestion(models.AbstractModel):
    _name = "kpi.ingestion"
    _description = "Ingestion of Presses"

    @api.model
    def _ingest(self, sender, body, received_at, source="console"):
        """Store what a device sends, and answer it row by row.

        The caller has made sure who it is, and runs this in one transaction.

        :param sender: a record of ``kpi.device.mixin``, in sudo
        :param dict body: as documented in the readme
        :param datetime received_at: naive UTC, with its fractions of a second
        :param source: a key of ``EVENT_SOURCES``
        :return: dict, the reply
        """
        sending = self._read_clocks(body, received_at)
        results, rows = [], []
        for raw in body.get("events") or []:
            uuid = raw.get("uuid") if isinstance(raw, dict) else None
            try:
                row = self._read_event(sender, sending, raw)
            except Reject as problem:
                results.append(
                    {"uuid": uuid, "status": "rejected", "reason": str(problem)}
                )
            else:
                rows.append(row)
                results.append({"uuid": uuid, "status": "known"})
        stored = self._insert(rows, received_at, source)
        for result in results:
            if result["uuid"] in stored and result["status"] == "known":
                stored.remove(result["uuid"])
                result["status"] = "stored"
        self._note(sender, body, sending)
        points = self.env["kpi.feedback.point"].browse({row[1] for row in rows})
        if points:
            self.env["kpi.feedback.derivation"].sudo()._derive_pending(points)
        return {
            "results": results,
            "settings": sender._device_settings(),
            "commands": sender._take_commands(),
            **({"rotate": sender.key_nonce} if sender.key_nonce else {}),
        }

    @api.model
    def _read_clocks(self, body, received_at):
        boottime = body.get("sent_boottime")
        return Sending(
            received_at=received_at,
            sent_at=self._moment(body.get("sent_at")),
            boot_id=body.get("boot_id") if self._is_number(boottime) else None,
            sent_boottime=boottime,
        )

    @api.model
    def _read_event(self, sender, sending, raw):
        """:return: uuid, point id, company id, button, moment, held ms"""
        if not isinstance(raw, dict):
            raise Reject("not an object")
        uuid = raw.get("uuid")
        if not isinstance(uuid, str) or not UUID.fullmatch(uuid):
            raise Reject("uuid")
        console = self._console_of(sender, raw.get("console"))
        point, button = self._meaning(console, raw.get("button"))
        boottime = raw.get("boottime")
        moment = sending.pressed_at(
            self._moment(raw.get("at")),
            raw.get("boot_id"),
            boottime if self._is_number(boottime) else None,
        )
        if moment is None:
            raise Reject("time")
        held = raw.get("held_ms") or 0
        if not self._is_number(held) or not 0 <= held <= MOST_HELD:
            raise Reject("held_ms")
        return uuid, point.id, point.company_id.id, button, moment, int(held)

    @api.model
    def _console_of(self, sender, identifier):
        consoles = sender._consoles()
        if identifier is not None:
            consoles = consoles.filtered(lambda c: c.identifier == identifier)
        if len(consoles) != 1:
            raise Reject("unknown console")
        return consoles

    @api.model
    def _meaning(self, console, button):
        line = console.button_ids.filtered(lambda b: b.number == button)
        if not line and not (isinstance(button, str) and button in BUTTONS):
            raise Reject("unknown button")
        point = line.point_id or console.point_id
        if not point:
            raise Reject("console without a point")
        return point, line.button or button

    @api.model
    def _is_number(self, value):
        return type(value) in (int, float) and math.isfinite(value)

    @api.model
    def _moment(self, text):
        """:return: naive UTC; None when it is no ISO time"""
        if not isinstance(text, str):
            return None
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            return None
        return moment

    @api.model
    def _insert(self, rows, received_at, source):
        """:return: set of the uuids that were not known"""
        if not rows:
            return set()
        uuids, points, companies, buttons, moments, helds = zip(*rows, strict=True)
        self.env.flush_all()
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO kpi_feedback_event (
                    uuid,
                    point_id,
                    company_id,
                    button,
                    pressed_at,
                    pressed_ms,
                    held_ms,
                    received_at,
                    source
                )
                SELECT
                    uuid,
                    point_id,
                    company_id,
                    button,
                    DATE_TRUNC('second', moment),
                    EXTRACT(MILLISECONDS FROM moment)::int4 %% 1000,
                    held_ms,
                    DATE_TRUNC('second', %(received_at)s::timestamp),
                    %(source)s
                FROM UNNEST(
                    %(uuids)s::text[],
                    %(points)s::int4[],
                    %(companies)s::int4[],
                    %(buttons)s::text[],
                    %(moments)s::timestamp[],
                    %(helds)s::int4[]
                ) WITH ORDINALITY AS press (
                    uuid, point_id, company_id, button, moment, held_ms, place
                )
                ORDER BY place
                ON CONFLICT (uuid) DO NOTHING
                RETURNING uuid
                """,
                uuids=list(uuids),
                points=list(points),
                companies=list(companies),
                buttons=list(buttons),
                moments=list(moments),
                helds=list(helds),
                received_at=received_at,
                source=source,
            )
        )
        self.env["kpi.feedback.event"].invalidate_model()
        return {uuid for [uuid] in inserted}

    @api.model
    def _note(self, sender, body, sending):
        """Remember how the device is."""
        values = {
            "last_seen_at": sending.received_at.replace(microsecond=0),
            "clock_skew_s": sending.skew.total_seconds(),
        }
        for name, field in (("queue", "queue_length"), ("dropped", "dropped")):
            if self._is_number(body.get(name)):
                values[field] = min(max(int(body[name]), 0), 2**31 - 1)
        if isinstance(body.get("version"), str):
            values["version"] = body["version"][:64]
        sender.write(values)
