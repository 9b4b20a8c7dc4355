import logging

from odoo.addons.iot_drivers.interface import Interface
from odoo.addons.iot_drivers.iot_handlers.kpi_lib.bridge import bridge

_logger = logging.getLogger(__name__)


class KpiSerialInterface(Interface):
    """The consoles on a serial port, by an identifier that outlives a restart."""

    connection_type = "kpi_serial"
    _devices = {}

    def get_devices(self):
        try:
            self._devices = {
                identifier: {"identifier": identifier, "name": identifier}
                for identifier in bridge().serial_ports()
            }
        except Exception:
            # an exception here would end the interface for good
            _logger.exception("the serial ports were not listed")
        return self._devices
