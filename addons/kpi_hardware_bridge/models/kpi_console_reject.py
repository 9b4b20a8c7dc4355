import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.kpi_quality.const import EVENT_SOURCES

from ..const import MOST_RAW, MOST_REJECTS, REJECT_REASONS
from ..tools import batch
from ..tools.press_time import Sending


class KpiConsoleReject(models.Model):
    """A row that a device sent and that is no press: kept as it came.

    It was acknowledged, or the device would send it for ever. Once somebody has mended
    what was wrong, it is taken again, with the time that it had.
    """

    _name = "kpi.console.reject"
    _description = "Refused Press"
    _inherit = ["kpi.guarded.mixin"]
    _log_access = False
    _order = "id DESC"
    _rec_name = "device_name"
    _check_company_auto = True

    received_at = fields.Datetime(required=True, readonly=True)
    pressed_at = fields.Datetime(required=True, readonly=True)
    pressed_ms = fields.Integer(string="Milliseconds", aggregator=None, readonly=True)
    reason = fields.Selection(REJECT_REASONS, required=True, readonly=True)
    device_name = fields.Char(string="Device", readonly=True)
    res_model = fields.Char(readonly=True, required=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    console_id = fields.Many2one(
        "kpi.console",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        help="Take it as a press of this console, whatever it says.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    source = fields.Selection(EVENT_SOURCES, required=True, readonly=True)
    raw = fields.Text(string="As it came", required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)

    _fingerprint_unique = models.UniqueIndex(
        "(fingerprint)", "This row is kept already."
    )
    _device_idx = models.Index("(res_model, res_id)")

    def write(self, vals):
        """What came stays as it came; only whose it is can be said."""
        if not self.env.su and set(vals) - {"console_id"}:
            raise AccessError(
                self.env._("Only the console of a refused press can be chosen.")
            )
        return super().write(vals)

    # --------------------------------------------------------------------- keeping
    @api.model
    def _keep(self, sender, items, source):
        """Keep rows that cannot be stored; those of a device that are too many are not.

        :param items: ``(row as it came, key of REJECT_REASONS, Sending)``
        """
        owner = f"{sender._name},{sender.id}"
        known = self.search_count(
            [("res_model", "=", sender._name), ("res_id", "=", sender.id)],
            limit=MOST_REJECTS,
        )
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                sending.received_at.replace(microsecond=0),
                *self._moment(sending, raw),
                reason if len(text) <= MOST_RAW else "large",
                sender.name,
                sender._name,
                sender.id,
                sender.company_id.id,
                source,
                text[:MOST_RAW],
                batch.fingerprint(owner, text),
            )
            for raw, text, reason, sending in (
                (raw, batch.raw_text(raw), reason, sending)
                for raw, reason, sending in items[: MOST_REJECTS - known]
            )
        ]
        if values:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO kpi_console_reject (
                        received_at,
                        pressed_at,
                        pressed_ms,
                        reason,
                        device_name,
                        res_model,
                        res_id,
                        company_id,
                        source,
                        raw,
                        fingerprint
                    )
                    VALUES %s
                    ON CONFLICT (fingerprint) DO NOTHING
                    """,
                    SQL(", ").join(values),
                )
            )

    @api.model
    def _moment(self, sending: Sending, raw):
        """:return: second, milliseconds: only now do the device's clocks tell them"""
        told = raw if isinstance(raw, dict) else {}
        moment = sending.pressed_at(
            batch.moment_of(told.get("at")),
            batch.text_of(told.get("boot_id")),
            batch.seconds_of(told.get("boottime")),
        )
        return moment.replace(microsecond=0), moment.microsecond // 1000

    # ---------------------------------------------------------------- taking again
    def action_take_again(self):
        """Store what can be stored by now."""
        self.check_access("write")
        count = len(self)
        taken = self.sudo()._take()  # presses are written by nobody
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if taken == count else "warning",
                "message": self.env._(
                    "Taken: %(taken)s. Still refused: %(left)s.",
                    taken=taken,
                    left=count - taken,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _take(self):
        """:return: how many became presses; they are refused no more"""
        ingestion = self.env["kpi.ingestion"]
        taken = self.browse()
        rows = []
        for reject in self.sorted("id"):
            try:
                row = reject._row()
            except batch.Reject as problem:
                [reject.reason] = problem.args
                continue
            ingestion._insert([row], reject.received_at, reject.source)
            rows.append(row)
            taken += reject
        ingestion._derive(rows)
        taken.unlink()
        return len(taken)

    def _row(self):
        """The press that it is by now.

        :raise Reject: when it still is none
        """
        try:
            raw = json.loads(self.raw)
        except ValueError:
            raise batch.Reject("large") from None
        if isinstance(raw, dict):
            raw = self._without_unusable(raw)
        press = batch.read_press(raw)
        ingestion = self.env["kpi.ingestion"]
        consoles = self.console_id or self._device()._consoles()
        meanings = ingestion._ids_of(ingestion._meanings(consoles))
        moment = self.pressed_at + timedelta(milliseconds=self.pressed_ms)
        return ingestion._row(meanings, Sending(moment), press)

    def _without_unusable(self, raw):
        """Leave out what nobody can mend; the time is known."""
        raw = {
            name: value for name, value in raw.items() if name not in ("at", "boottime")
        }
        if self.console_id:
            raw.pop("console", None)
        if self.reason == "uuid":
            raw["uuid"] = self.fingerprint
        if self.reason == "held":
            raw.pop("held_ms", None)
        return raw

    def _device(self):
        if self.res_model in self.env:
            return self.env[self.res_model].browse(self.res_id).exists()
        return self.env["kpi.console"]
