from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    kpi_promised_at = fields.Datetime(
        string="First promised for",
        readonly=True,
        copy=False,
        help="The delivery date given at the first confirmation. A new date, a "
        "cancellation and a second confirmation leave it as it is.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Before super() launches the transfers of lines added to a confirmed order,
        # the lines do not exist; the moves take the same date from them.
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._kpi_freeze_promise()
        return lines

    def _kpi_promise(self):
        """The date promised for this line as things stand."""
        self.ensure_one()
        return self.order_id.commitment_date or self._expected_date()

    def _kpi_freeze_promise(self):
        for line in self:
            if not line.kpi_promised_at and not line.display_type:
                line.kpi_promised_at = line._kpi_promise()
