from odoo.addons.iot_drivers.driver import Driver
from odoo.addons.iot_drivers.iot_handlers.kpi_lib.bridge import bridge
from odoo.addons.iot_drivers.iot_handlers.kpi_lib.reader import KeypadReader


class KpiKeypadDriver(Driver):
    """A keypad whose keys are the buttons of a console."""

    connection_type = "kpi_keypad"
    priority = 100

    def __init__(self, identifier, device):
        super().__init__(identifier, device)
        self.device_name = f"Keypad {identifier}"
        self.device_type = "kpi_console"
        self.device_connection = "hid"
        self._actions["kpi_report"] = lambda data: bridge().forwarder.report()

    @classmethod
    def supported(cls, device):
        return True

    def run(self):
        KeypadReader(bridge(), self.device_identifier, self._stopped).run()
