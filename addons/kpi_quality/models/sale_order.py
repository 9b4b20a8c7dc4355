from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        """The promise is frozen before the transfers are made of it."""
        self.order_line._kpi_freeze_promise()
        return super()._action_confirm()
