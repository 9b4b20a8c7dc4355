from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        confirmed = self.filtered(lambda order: order.state == "purchase")
        confirmed.order_line._kpi_freeze_promise()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.order_line._kpi_follow_quantity()
        return result
