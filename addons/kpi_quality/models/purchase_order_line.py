from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    kpi_promised_at = fields.Datetime(
        string="First promised for",
        readonly=True,
        copy=False,
        help="The arrival date given at the first confirmation. A new date, a "
        "cancellation and a second confirmation leave it as it is.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "purchase")._kpi_freeze_promise()
        return lines

    def _kpi_freeze_promise(self):
        for line in self:
            if not line.kpi_promised_at and not line.display_type:
                line.kpi_promised_at = line.date_planned
