from odoo import models


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "kpi.promise.mixin"]

    def _kpi_is_confirmed(self):
        return self.state == "purchase"

    def _kpi_promise(self):
        self.ensure_one()
        return self.date_planned
