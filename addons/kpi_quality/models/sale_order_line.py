from odoo import models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "kpi.promise.mixin"]

    # What was promised and is not met, for the delays board.
    _kpi_open_promise_idx = models.Index(
        "(kpi_promised_at) WHERE kpi_promised_at IS NOT NULL"
        " AND qty_delivered < product_uom_qty"
    )

    def _kpi_is_confirmed(self):
        return self.order_id.state == "sale"

    def _kpi_promise(self):
        self.ensure_one()
        return self.order_id.commitment_date or self._expected_date()

    def _kpi_quantity_fields(self):
        return {"product_uom_qty", "product_uom_id"}

    def _kpi_ordered_qty(self):
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )
