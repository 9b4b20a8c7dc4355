"""Presses of devices become rows: each one once, each one answered."""

import logging
from dataclasses import dataclass
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.kpi_quality.const import EVENT_BUTTONS
from odoo.addons.kpi_quality.models.kpi_engine import CONFLICTS

from ..tools.batch import Press, Reject, read_batch, read_press, shown_uuid

_logger = logging.getLogger(__name__)
BUTTONS = dict(EVENT_BUTTONS)
# More of them at once come from a spool: nobody waits for what follows from them, and
# the scheduled action finds them within minutes.
FRESH = 20


@dataclass(frozen=True)
class Row:
    """A press that can be stored."""

    uuid: str
    point_id: int
    company_id: int
    button: str
    moment: datetime
    held_ms: int


class KpiIngestion(models.AbstractModel):
    _name = "kpi.ingestion"
    _description = "Ingestion of Presses"

    @api.model
    def _ingest(self, sender, body, received_at, source="console"):
        """Store what a device sends, and answer it row by row.

        The caller has made sure who it is, and runs this in one transaction. Whatever
        cannot be stored is kept as ``kpi.console.reject``.

        :param sender: a record of ``kpi.device.mixin``, in sudo
        :param dict body: as documented in the readme
        :param datetime received_at: naive UTC, with its fractions of a second
        :param source: a key of ``EVENT_SOURCES``
        :return: dict, the reply
        :raise Unreadable: when the body has no shape at all
        """
        batch = read_batch(body, received_at, sender._known_boots())
        sender._note(batch)
        results, rows, rejects = [], [], []
        consoles = sender._consoles()
        meanings = self._ids_of(self._meanings(consoles))
        trials = consoles._trials()
        for raw in batch.events:
            result = {"uuid": shown_uuid(raw), "status": "known"}
            try:
                press = read_press(raw)
                tested = trials.get(press.console)
                if not (tested and tested._try(press, batch.sending)):
                    rows.append(self._row(meanings, batch.sending, press))
            except Reject as reject:
                [reason] = reject.args
                result |= {"status": "rejected", "reason": reason}
                rejects.append((raw, reason, batch.sending))
            results.append(result)
        stored = self._insert(rows, received_at, source)
        for result in results:
            if result["status"] == "known" and result["uuid"] in stored:
                stored.remove(result["uuid"])  # a second one in the batch is known
                result["status"] = "stored"
        if rejects:
            self.env["kpi.console.reject"]._keep(sender, rejects, source)
        self._derive(rows)
        return {
            "results": results,
            "settings": sender._device_settings(),
            "commands": sender._take_commands(),
            **({"rotate": sender.key_nonce} if sender.key_nonce else {}),
        }

    # -------------------------------------------------------------------- meanings
    @api.model
    def _meanings(self, consoles):
        """What the buttons of consoles mean.

        :return: ``{console identifier: {number or name: (point, button)}}``
        """
        meanings = {
            console: {button: (console.point_id, button) for button in BUTTONS}
            for console in consoles
            if not console.revoked
        }
        lines = self.env["kpi.console.button"].search_fetch(
            [("console_id", "in", consoles.ids)],
            ["console_id", "number", "button", "point_id"],
            order="id",
        )
        for line in lines:
            if line.console_id in meanings:
                point = line.point_id or line.console_id.point_id
                meanings[line.console_id][line.number] = (point, line.button)
        return {console.identifier: buttons for console, buttons in meanings.items()}

    @api.model
    def _ids_of(self, meanings):
        """The same with ids in the place of points, for many rows.

        :return: ``{console identifier: {number or name: (point, company, button)}}``
        """
        return {
            identifier: {
                key: (point.id, point.company_id.id, button)
                for key, (point, button) in buttons.items()
            }
            for identifier, buttons in meanings.items()
        }

    @api.model
    def _row(self, meanings, sending, press: Press):
        """
        :param meanings: of ``_ids_of``
        :raise Reject: when nobody knows where the press belongs
        """
        if press.console is None and len(meanings) == 1:
            [meaning] = meanings.values()
        else:
            meaning = meanings.get(press.console)
        if meaning is None:
            raise Reject("console")
        point_id, company_id, button = meaning.get(press.button, (None, None, None))
        if button is None:
            raise Reject("button")
        if not point_id:
            raise Reject("point")
        return Row(
            press.uuid,
            point_id,
            company_id,
            button,
            sending.pressed_at(press.at, press.boot_id, press.boottime),
            press.held_ms,
        )

    # --------------------------------------------------------------------- storing
    @api.model
    def _insert(self, rows, received_at, source):
        """One statement; the order of ids is that of the rows.

        :return: set of the uuids that were not known
        """
        if not rows:
            return set()
        self.env.flush_all()
        # The same presses in another request at once: this one is tried again, and that
        # is no error.
        self.env.cr.execute(
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
                    %(received_at)s,
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
                uuids=[row.uuid for row in rows],
                points=[row.point_id for row in rows],
                companies=[row.company_id for row in rows],
                buttons=[row.button for row in rows],
                moments=[row.moment for row in rows],
                helds=[row.held_ms for row in rows],
                received_at=received_at.replace(microsecond=0),
                source=source,
            ),
            log_exceptions=False,
        )
        return {uuid for [uuid] in self.env.cr.fetchall()}

    @api.model
    def _derive(self, rows):
        """What follows from the presses: at once for fresh ones, else in minutes.

        Whatever goes wrong in it, the presses are stored and answered.
        """
        derivation = self.env["kpi.feedback.derivation"].sudo()  # written by nobody
        if 0 < len(rows) <= FRESH:
            points = self.env["kpi.feedback.point"]
            try:
                with self.env.cr.savepoint():
                    derivation._derive_pending(
                        points.browse({row.point_id for row in rows})
                    )
            except CONFLICTS:
                derivation._wake_up()  # somebody else changes what it reads
            except Exception:
                _logger.exception("Presses are stored, but not derived")
        elif any(row.button == "complaint" for row in rows):
            derivation._wake_up()  # somebody may have to be called
