from odoo import api, fields, models
from odoo.tools import SQL


class KpiSiteArea(models.Model):
    """A region, or one city of it, whose customers a site serves."""

    _name = "kpi.site.area"
    _description = "KPI Area Served by a Site"
    _inherit = ["kpi.guarded.mixin"]
    _order = "state_id, city"
    _rec_name = "state_id"
    _check_company_auto = True

    site_id = fields.Many2one(
        "kpi.site", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    country_id = fields.Many2one(related="state_id.country_id")
    state_id = fields.Many2one("res.country.state", string="Region", required=True)
    city = fields.Char(
        help="Empty: all cities of the region that no other site serves."
    )
    city_key = fields.Char(compute="_compute_city_key", store=True)

    _area_unique = models.UniqueIndex(
        "(company_id, state_id, city_key)",
        "Another site serves this city or region already: a customer belongs to one.",
    )

    @api.depends("city")
    def _compute_city_key(self):
        """As addresses are compared: small letters, no blanks around."""
        for area in self:
            area.city_key = (area.city or "").strip().lower()

    @api.model
    def _city_key_of(self, city):
        """SQL: the key of an address' city.

        A database of the locale "C" knows no small letters but Latin ones.
        """
        collations = self.env.execute_query(
            SQL(
                """
                SELECT collname
                FROM pg_collation
                WHERE collname IN ('und-x-icu', 'pg_c_utf8')
                ORDER BY collname DESC
                LIMIT 1
                """
            )
        )
        key = SQL("TRIM(%s)", city)
        for [collation] in collations:
            key = SQL("%s COLLATE %s", key, SQL.identifier(collation))
        return SQL("LOWER(%s)", key)
