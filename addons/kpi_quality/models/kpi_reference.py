from odoo import api, fields, models
from odoo.fields import Domain


class KpiReference(models.Model):
    """What is usual for an indicator, in a region or a kind of site."""

    _name = "kpi.reference"
    _description = "Reference Value"
    _inherit = ["kpi.guarded.mixin"]
    _order = "indicator_id, date_from DESC, id DESC"
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, index=True, ondelete="cascade"
    )
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    site_kind = fields.Selection(
        selection="_get_site_kinds", help="Empty: sites of every kind."
    )
    state_id = fields.Many2one(
        "res.country.state", string="Region", help="Empty: everywhere."
    )
    date_from = fields.Date(help="Empty: always.")
    value = fields.Float(digits=0, required=True, aggregator=None)
    note = fields.Char(string="Where it comes from")

    _reference_unique = models.UniqueIndex(
        "(indicator_id, company_id, COALESCE(site_kind, ''), COALESCE(state_id, 0),"
        " COALESCE(date_from, '-infinity'))",
        "There is a value for this kind of site and region from this day on already.",
    )

    def _get_site_kinds(self):
        return self.env["kpi.site"]._fields["kind"]._description_selection(self.env)

    @api.model
    def _values_for(self, company, site=None, day=None):
        """What is usual: for kind and region of the site, else for its kind, else for
        its region, else at large; of equally close ones the newest.

        :param site: its region is that of its address; at large without
        :param day: whose values; those of today without
        :return: ``{code of the indicator: value}``, where something is said
        """
        day = day or self.env["kpi.engine"]._today_window().date_from
        site = site or self.env["kpi.site"]
        region = site.address_id.sudo().state_id  # of whoever's address
        found = self.search(
            Domain("company_id", "=", company.id)
            & Domain("site_kind", "in", [False, site.kind])
            & Domain("state_id", "in", [False, region.id])
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", day))
        )

        def closeness(reference):
            return (
                bool(reference.site_kind),
                bool(reference.state_id),
                str(reference.date_from or ""),
                reference.id,
            )

        return {
            reference.indicator_id.code: reference.value
            for reference in found.sorted(closeness)
        }
