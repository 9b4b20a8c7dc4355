from odoo import fields, models


class KpiSiteEntrance(models.Model):
    """A door with a counter of visitors."""

    _name = "kpi.site.entrance"
    _description = "Entrance"
    _order = "site_id, sequence, name"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="site_id.company_id", store=True)
