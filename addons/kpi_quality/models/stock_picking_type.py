from odoo import api, fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    kpi_needs_mark = fields.Boolean(
        string="Handovers are marked",
        help="Receipts: arrivals are marked at the dock. A receipt without a mark "
        "counts as if the vendor had been in time, so a forgotten tap never makes our "
        "receiving look better. Without this option the arrival is taken to be the "
        "moment the goods are booked in.\n"
        "Deliveries: what is not confirmed as delivered counts as not delivered yet. "
        "Without this option it counts as delivered once it is shipped.",
    )
    kpi_needs_mark_since = fields.Datetime(
        string="Marked since",
        compute="_compute_kpi_needs_mark_since",
        store=True,
        help="Transfers that were done before need no mark.",
    )

    @api.depends("kpi_needs_mark")
    def _compute_kpi_needs_mark_since(self):
        for picking_type in self:
            since = picking_type.kpi_needs_mark_since or fields.Datetime.now()
            picking_type.kpi_needs_mark_since = picking_type.kpi_needs_mark and since
