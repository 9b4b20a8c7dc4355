import logging

from odoo.addons.iot_drivers.driver import Driver
from odoo.addons.iot_drivers.iot_handlers.kpi_lib.bridge import bridge
from odoo.addons.iot_drivers.iot_handlers.kpi_lib.reader import SerialReader

_logger = logging.getLogger(__name__)


class KpiSerialDriver(Driver):
    """A console that writes a line for each press."""

    connection_type = "kpi_serial"
    priority = 100

    def __init__(self, identifier, device):
        super().__init__(identifier, device)
        self.device_name = f"Console {identifier}"
        self.device_type = "kpi_console"
        self.device_connection = "serial"
        self._actions["kpi_report"] = lambda data: bridge().forwarder.report()

    @classmethod
    def supported(cls, device):
        return True

    def run(self):
        SerialReader(bridge(), self.device_identifier, self._stopped).run()


class KpiSerialGuard(Driver):
    """Keeps stock drivers off a console's port: they write to each port they find."""

    connection_type = "serial"
    priority = 100

    def __init__(self, identifier, device):
        super().__init__(identifier, device)
        self.device_name = f"Port of a console ({identifier})"
        self.device_type = "kpi_port"
        self.device_connection = "serial"

    @classmethod
    def supported(cls, device):
        try:
            ports = bridge().serial_ports().values()
            return any(port.path == device["identifier"] for port in ports)
        except Exception:
            # an exception here would end the stock interface for good
            _logger.exception("a serial port was not recognized")
            return False

    def run(self):
        """The port is read under the console's own identifier."""
