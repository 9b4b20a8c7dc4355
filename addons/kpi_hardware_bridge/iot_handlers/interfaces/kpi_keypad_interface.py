import logging

from odoo.addons.iot_drivers.interface import Interface
from odoo.addons.iot_drivers.iot_handlers.kpi_lib.bridge import bridge

_logger = logging.getLogger(__name__)


class KpiKeypadInterface(Interface):
    """The keypads that are consoles, by an identifier that outlives a restart."""

    connection_type = "kpi_keypad"
    _devices = {}

    def get_devices(self):
        try:
            self._devices = {
                identifier: {"identifier": identifier, "name": identifier}
                for identifier in bridge().keypads()
            }
        except Exception:
            # an exception here would end the interface for good
            _logger.exception("the keypads were not listed")
        return self._devices
