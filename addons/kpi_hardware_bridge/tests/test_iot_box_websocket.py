import json

from odoo.tests import tagged

from odoo.addons.bus.tests.common import WebsocketCase

from .box_common import SERIAL, BoxCommon


@tagged("post_install", "-at_install")
class TestIotBoxWebsocket(BoxCommon, WebsocketCase):
    def listen(self, *channels):
        """As a box does: without a session, and with one key more than others."""
        listener = self.websocket_connect(
            cookie="session_id=", header={"User-Agent": "OdooIoTBox/1.0"}
        )
        last = self.env["bus.bus"].sudo()._bus_last_id()
        self.subscribe(listener, list(channels), last)
        return listener

    def test_a_command_reaches_its_box(self):
        channel = self.setup()
        listener = self.listen(channel)
        self.box.action_restart()
        self.trigger_notification_dispatching([channel])
        [message] = json.loads(listener.recv())
        self.assertEqual(message["message"]["type"], "restart_odoo")
        payload = message["message"]["payload"]
        self.assertEqual(payload["iot_identifiers"], [SERIAL])
        self.assertEqual(payload["session_id"], self.box.sudo().command_ref)

    def test_who_does_not_know_the_channel_hears_nothing(self):
        self.setup()
        guesses = [SERIAL, "kpi_iot_box", f"kpi_iot_box_{SERIAL}", "broadcast"]
        listener = self.listen(*guesses)
        self.box.action_restart()
        self.env["bus.bus"]._sendone("broadcast", "end", {})
        self.trigger_notification_dispatching(["broadcast"])
        [message] = json.loads(listener.recv())
        self.assertEqual(message["message"]["type"], "end")
