from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_stock_move_values(self, *args, **kwargs):
        # Said outright, so that no default of the context steps in.
        values = super()._get_stock_move_values(*args, **kwargs)
        return values | {"kpi_due_at": False}

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        return (
            super()._push_prepare_move_copy_values(move_to_copy, new_date)
            | move_to_copy._kpi_promise_vals()
        )
