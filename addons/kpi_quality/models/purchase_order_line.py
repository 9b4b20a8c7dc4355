from odoo import models


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "kpi.promise.mixin"]

    # What was promised and is not met, for the delays board.
    _kpi_open_promise_idx = models.Index(
        "(kpi_promised_at) WHERE kpi_promised_at IS NOT NULL"
        " AND qty_received < product_qty"
    )

    def _kpi_is_confirmed(self):
        return self.order_id.state == "purchase"

    def _kpi_promise(self):
        self.ensure_one()
        return self.date_planned

    def _kpi_quantity_fields(self):
        return {"product_qty", "product_uom_id"}

    def _kpi_ordered_qty(self):
        self.ensure_one()
        return self.product_uom_qty
