from odoo import api, fields, models


class KpiReference(models.Model):
    """What is usual for an indicator, in a region or a kind of site."""

    _name = "kpi.reference"
    _description = "Reference Value"
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
    def _value_for(self, indicator, site, day):
        """What is usual at a site on a day.

        What is said about its region and kind goes before what is said about its
        kind, then its region, then the whole company; of these the newest.

        :param site: its region is that of its address
        :rtype: float, or None where nothing is said
        """
        region = site.address_id.state_id
        found = self.search(
            [
                ("indicator_id", "=", indicator.id),
                ("company_id", "=", site.company_id.id),
                ("site_kind", "in", [False, site.kind]),
                ("state_id", "in", [False, region.id]),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", day),
            ]
        )
        best = max(
            found,
            key=lambda reference: (
                bool(reference.site_kind),
                bool(reference.state_id),
                reference.date_from or fields.Date.to_date("0001-01-01"),
            ),
            default=None,
        )
        return None if best is None else best.value
