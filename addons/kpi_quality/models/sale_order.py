from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        """The promise is frozen before the transfers are made of it."""
        self.order_line._kpi_freeze_promise()
        return super()._action_confirm()

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.order_line._kpi_follow_quantity()
        return result
