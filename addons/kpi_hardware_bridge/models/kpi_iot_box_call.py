import re
import secrets
from datetime import timedelta

from odoo import api, fields, models

from ..tools.signing import digest
from ..tools.text import printable

IDENTIFIER = re.compile(r"[!-~]{1,128}")
CONSOLE_TYPE = "kpi_console"
MOST_DEVICES = 100
MOST_LOG = 20_000  # characters
LOG_LIFE = timedelta(minutes=15)


class KpiIotBox(models.Model):
    """What a box tells when it calls the routes of the stock program."""

    _inherit = "kpi.iot.box"

    # ------------------------------------------------------------------ setup
    @api.model
    def _setup(self, token, info, devices):
        """A box starts, or what is plugged into it changed.

        The only call that proves anything: by the token. Its first box keeps a token
        until it is released.

        :param str token: as pasted into the box
        :param dict info: what the box says of itself
        :param dict devices: what is plugged in, by identifier
        :return: the channel for the box's websocket; None when it is refused
        """
        box = self.sudo().search([("token_digest", "=", self._digest(token))])
        identifier = info.get("identifier")
        if not box or box._is_foreign(identifier):
            return None
        if not box.identifier:
            box._pair(identifier, token)
        values = {
            "image_version": printable(info.get("version"), 64),
            "mac": printable(info.get("mac"), 64),
            "ip": printable(info.get("ip"), 255),
        }
        if not devices:
            now = fields.Datetime.now()
            seen, booted = box.last_seen_at, box.booted_at
            values["has_checked_in"] = bool(seen and booted and seen > booted)
            values["booted_at"] = now
        box.write(values)
        box._note_devices(devices)
        box._tell_viewers()
        return box.channel

    def _is_foreign(self, identifier):
        """Whether another box came with the token, or a known box with another token.

        Whoever looks at the box in the office reads why it was refused.
        """
        if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
            return True
        if self.identifier:
            if self.identifier == identifier:
                return False
            problem = self.env._(
                "Another box (%(identifier)s) came with this token and was refused.",
                identifier=identifier,
            )
        elif self.token_expires_at <= fields.Datetime.now():
            problem = self.env._(
                "The box %(identifier)s came when the token had expired.",
                identifier=identifier,
            )
        else:
            other = self.with_context(active_test=False).search(
                [("identifier", "=", identifier)]
            )
            if not other:
                return False
            problem = self._problem_of_two(other, identifier)
        if self.pairing_problem != problem:
            self.pairing_problem = problem
            self._tell_viewers()
        return True

    def _problem_of_two(self, other, identifier):
        if other.company_id != self.company_id:
            return self.env._(
                "The box %(identifier)s came, but it is paired by another company.",
                identifier=identifier,
            )
        return self.env._(
            "The box %(identifier)s came, but it is paired as “%(other)s”. Release it "
            "there first.",
            identifier=identifier,
            other=other.name,
        )

    def _pair(self, identifier, token):
        """The token is used: from now on it is known by its digest only."""
        self.write(
            {
                "identifier": identifier,
                "key": digest(token, identifier),
                "channel": f"kpi_iot_box_{secrets.token_urlsafe(24)}",
                "token": False,
                "paired_at": fields.Datetime.now(),
                "pairing_problem": False,
            }
        )

    def _note_devices(self, devices):
        """New consoles are drafts: without a point until somebody gives one."""
        devices = {
            identifier: device if isinstance(device, dict) else {}
            for identifier, device in list(devices.items())[:MOST_DEVICES]
            if IDENTIFIER.fullmatch(identifier)
        }
        self.devices = "\n".join(
            self._device_line(identifier, device)
            for identifier, device in devices.items()
        )
        consoles = self.with_context(active_test=False).console_ids
        known = set(consoles.mapped("identifier"))
        for console in consoles:
            console.is_plugged = console.identifier in devices
        self.env["kpi.console"].create(
            [
                {
                    "name": printable(device.get("name"), 64) or identifier,
                    "identifier": identifier,
                    "company_id": self.company_id.id,
                    "box_id": self.id,
                    "kind": self._console_kind(device),
                    "is_plugged": True,
                }
                for identifier, device in devices.items()
                if device.get("type") == CONSOLE_TYPE and identifier not in known
            ]
        )

    @api.model
    def _device_line(self, identifier, device):
        name, kind, connection = (
            printable(device.get(key), 64) for key in ("name", "type", "connection")
        )
        details = ", ".join(filter(None, (kind, connection, identifier)))
        return f"{name or identifier} ({details})"

    @api.model
    def _console_kind(self, device):
        connection = device.get("connection")
        return connection if connection in ("serial", "hid") else "other"

    # --------------------------------------------------------------- handlers
    @api.model
    def _may_keep_handlers(self, identifier):
        """Whether a box that says that it has our handlers is believed.

        It remembers them before it unpacks them, so after a lost folder it would ask
        for nothing for ever: it has to have checked in with them since its start before
        the last one. A box that we do not know is answered like one that works, so that
        nobody learns which boxes there are.
        """
        box = self._by_identifier(identifier)
        return not box or box.has_checked_in

    # -------------------------------------------------------------------- log
    def action_keep_log(self):
        """Keep what the box logs for a while.

        Not always: a box cannot prove that a log is its own, and sends it all day.
        """
        self.check_access("write")
        self.sudo().write(  # a field that is read-only for everybody
            {"log_until": fields.Datetime.now() + LOG_LIFE, "log_tail": False}
        )
        return True

    @api.model
    def _log(self, identifier, text):
        box = self._by_identifier(identifier)
        if box.log_until and box.log_until > fields.Datetime.now():
            box.log_tail = f"{box.log_tail or ''}{text}"[-MOST_LOG:]

    # -------------------------------------------------------------- in common
    @api.model
    def _by_identifier(self, identifier):
        """:return: the paired box of that name, in sudo: nobody is logged in on it"""
        boxes = self.sudo()
        if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
            return boxes
        return boxes.search([("identifier", "=", identifier), ("revoked", "=", False)])

    def _tell_viewers(self):
        """Let open forms show the news: of a box no more is said than its number."""
        managers = self.env.ref("kpi_quality.group_kpi_quality_manager")
        for box in self:
            managers._bus_send("kpi_hardware_bridge.box", {"id": box.id})
