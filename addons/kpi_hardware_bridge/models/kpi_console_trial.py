"""Test presses: an installer tries each button, and no figure hears of it."""

from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_time

from ..const import MOST_TRIED, TRIAL_FOR

MANAGERS = "kpi_quality.group_kpi_quality_manager"


class KpiConsole(models.Model):
    _inherit = "kpi.console"

    trial_since = fields.Datetime(readonly=True, copy=False)
    trial_until = fields.Datetime(
        string="Test presses until", readonly=True, copy=False
    )
    # [{"uuid", "button" as it came, "at", "held_ms"}]
    trial_presses = fields.Json(copy=False, groups=fields.NO_ACCESS)
    is_on_trial = fields.Boolean(
        compute="_compute_is_on_trial",
        help="What is pressed now is shown here and counts for nothing.",
    )
    trial_log = fields.Text(
        string="Test presses", compute="_compute_trial_log", compute_sudo=True
    )

    @api.depends("trial_until")
    def _compute_is_on_trial(self):
        now = fields.Datetime.now()
        for console in self:
            console.is_on_trial = console.trial_until and console.trial_until > now

    @api.depends("trial_presses", "button_ids", "point_id")
    def _compute_trial_log(self):
        for console in self:
            presses = console.trial_presses or []
            console.trial_log = "\n".join(map(console._trial_line, reversed(presses)))

    def action_start_trial(self):
        """For two minutes, show what is pressed instead of counting it."""
        self.ensure_one()
        self.check_access("write")
        if self.revoked:
            raise UserError(
                self.env._(
                    "“%(console)s” is revoked: nothing is heard of it.",
                    console=self.name,
                )
            )
        now = fields.Datetime.now()
        self.sudo().write(  # a field that nobody reads
            {
                "trial_since": now,
                "trial_until": now + TRIAL_FOR,
                "trial_presses": False,
            }
        )
        return True

    def action_stop_trial(self):
        """From now on, presses count again."""
        self.check_access("write")
        now = fields.Datetime.now()
        self.filtered("is_on_trial").write({"trial_until": now})
        return True

    # -------------------------------------------------------------------- presses
    def _trials(self):
        """:return: ``{console as in an event: console}`` of those that were tested"""
        trials = {
            console.identifier: console for console in self if console.trial_until
        }
        if trials and len(self) == 1:
            trials[None] = self
        return trials

    def _try(self, press, sending):
        """Show a press when it was made during the test, also if it arrives later.

        :param Press press: what the device tells
        :param Sending sending: how to read the device's clocks
        :return: whether it was; then it is to become no fact
        """
        self.ensure_one()
        moment = sending.pressed_at(press.at, press.boot_id, press.boottime)
        if self.revoked or not self.trial_since <= moment < self.trial_until:
            return False
        tried = self.trial_presses or []
        known = any(press.uuid == one["uuid"] for one in tried)
        if not known and len(tried) < MOST_TRIED:
            shown = {
                "uuid": press.uuid,
                "button": press.button,
                "at": moment.isoformat(),
                "held_ms": press.held_ms,
            }
            self.trial_presses = [*tried, shown]
            managers = self.env.ref(MANAGERS)
            managers._bus_send("kpi_hardware_bridge.console", {"id": self.id})
        return True

    def _trial_line(self, shown):
        """In words: when, which button, what it means."""
        meanings = self.env["kpi.ingestion"]._meanings(self).get(self.identifier, {})
        point, button = meanings.get(shown["button"], (self.point_id, None))
        buttons = self.env["kpi.feedback.event"]._fields["button"]
        words = dict(buttons._description_selection(self.env))
        values = {
            "time": format_time(
                self.env,
                datetime.fromisoformat(shown["at"]),
                tz=self.site_id.tz or False,
                time_format="medium",
            ),
            "button": shown["button"],
            "meaning": words.get(button),
            "point": point.display_name,
            "seconds": round(shown["held_ms"] / 1000, 1),
        }
        if button is None:
            return self.env._("%(time)s  Button %(button)s: has no meaning", **values)
        if not point:
            return self.env._(
                "%(time)s  Button %(button)s: %(meaning)s, held %(seconds)s s, without "
                "a point",
                **values,
            )
        return self.env._(
            "%(time)s  Button %(button)s: %(meaning)s at %(point)s, held %(seconds)s s",
            **values,
        )
