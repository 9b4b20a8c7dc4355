import secrets
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq

COMMAND_LIFE = timedelta(minutes=15)
# A box that hears us at once answers at once; only the others take it when they call.
GRACE = timedelta(seconds=5)
# What the box's own program makes of a command: it loads new handlers as it starts.
MESSAGES = {
    "restart": "restart_odoo",
    "update": "restart_odoo",
    "test": "test_connection",
}


class KpiIotBox(models.Model):
    """Commands: sent over the box's websocket, and with the next reply to its presses.

    An answer over ``/iot/box/send_websocket`` proves nothing but that it knows the
    reference of the command, which travels on the box's own channel only. So it says
    that the command arrived, and nothing else is ever made of it.
    """

    _inherit = "kpi.iot.box"

    def action_restart(self):
        return self._command("restart")

    def action_update_handlers(self):
        return self._command("update")

    def action_test(self):
        return self._command("test")

    def _command(self, name):
        self.check_access("write")
        for box in self.sudo():  # its channel and the reference are for nobody to read
            if not box.identifier or not box.key:
                raise UserError(
                    self.env._(
                        "“%(box)s” is not paired, so nothing can be sent to it.",
                        box=box.name,
                    )
                )
            box.write(
                {
                    "command": name,
                    "command_state": "waiting",
                    "command_at": fields.Datetime.now(),
                    "command_ref": secrets.token_hex(16),
                    "command_answer": False,
                }
            )
            box._send_to_box(MESSAGES[name], {"session_id": box.command_ref})
        return True

    def _send_to_box(self, kind, payload):
        """Put a message on the channel that only this box was told."""
        self.ensure_one()
        box = self.sudo()
        if box.channel and box.identifier:
            self.env["bus.bus"]._sendone(
                box.channel, kind, {"iot_identifiers": [box.identifier], **payload}
            )

    def _take_commands(self):
        """The command that the box did not hear yet, once."""
        self.ensure_one()
        commands = super()._take_commands()
        if self.command_state != "waiting":
            return commands
        age = fields.Datetime.now() - self.command_at
        if GRACE <= age <= COMMAND_LIFE:
            self.command_state = "delivered"
            commands.append({"id": self.command_ref, "name": self.command})
        return commands

    def _answer(self, reference, answer):
        """Note that a command arrived.

        :param reference: what the caller takes for the command's reference
        :param str answer: a short text about it, possibly empty
        """
        for box in self.sudo():  # nobody is logged in on a box
            if box.command_ref and consteq(box.command_ref, reference):
                box.write(
                    {
                        "command_state": "answered",
                        "command_ref": False,
                        "command_answer": answer,
                    }
                )
                box._tell_viewers()
