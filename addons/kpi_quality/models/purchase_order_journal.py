from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "kpi.journal.mixin"]

    def _kpi_journal_documents(self):
        transfers = self.sudo().picking_ids  # whoever may read no transfers
        return [*super()._kpi_journal_documents(), transfers]
