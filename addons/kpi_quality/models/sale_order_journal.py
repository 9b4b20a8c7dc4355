from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "kpi.journal.mixin"]

    def _kpi_journal_documents(self):
        transfers = self.sudo().picking_ids  # whoever may read no transfers
        return [*super()._kpi_journal_documents(), transfers]
