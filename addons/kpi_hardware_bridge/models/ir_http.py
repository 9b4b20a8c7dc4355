from odoo import models

ROUTES = "/iot/"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _generate_routing_rules(self, modules, converters):
        """Leave the boxes to Odoo's addon ``iot`` in a database that has it.

        It serves the same addresses, and a box must not reach now one, now the other.
        """
        for url, endpoint in super()._generate_routing_rules(modules, converters):
            ours = endpoint.__module__.startswith("odoo.addons.kpi_hardware_bridge.")
            if not (ours and url.startswith(ROUTES) and "iot" in modules):
                yield url, endpoint
