from odoo import models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "kpi.promise.mixin"]

    def _kpi_is_confirmed(self):
        return self.state == "sale"

    def _kpi_promise(self):
        self.ensure_one()
        return self.order_id.commitment_date or self._expected_date()
