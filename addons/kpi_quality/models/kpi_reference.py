from odoo import fields, models


class KpiReference(models.Model):
    """What is usual for an indicator, in a region or a kind of site."""

    _name = "kpi.reference"
    _description = "Reference Value"
    _order = "indicator_id, date_from DESC, id DESC"
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    site_kind = fields.Selection(selection="_get_site_kinds")
    state_id = fields.Many2one("res.country.state", string="Region")
    date_from = fields.Date(help="Empty: always.")
    value = fields.Float(digits=0, required=True)
    note = fields.Char(string="Where it comes from")

    def _get_site_kinds(self):
        return self.env["kpi.site"]._fields["kind"].selection
