from odoo import api, fields, models
from odoo.fields import Domain

# Between the names of a site and of its entrance, as shown and as imported.
SEPARATOR = " / "


class KpiSiteEntrance(models.Model):
    """A door with a counter of visitors."""

    _name = "kpi.site.entrance"
    _description = "Entrance"
    _inherit = ["kpi.guarded.mixin"]
    _order = "site_id, sequence, name"
    _rec_names_search = ["name", "code"]

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    code = fields.Char(
        copy=False, help="What the counter or its software calls this door."
    )
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="site_id.company_id", store=True)

    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another entrance of the company has this code.",
    )
    _name_unique = models.UniqueIndex(
        "(site_id, name) WHERE active", "Another entrance of the site has this name."
    )

    @api.depends("name", "site_id.name")
    def _compute_display_name(self):
        for entrance in self:
            names = filter(None, (entrance.site_id.name, entrance.name))
            entrance.display_name = SEPARATOR.join(names)

    def _search_display_name(self, operator, value):
        """Find “Arbat / Front door”, which is how imports name an entrance, too."""
        domain = super()._search_display_name(operator, value)
        positive = Domain.NEGATIVE_OPERATORS.get(operator, operator)
        texts = value if positive == "in" else [value]
        full = Domain.OR(
            self._domain_of_full_name("=" if positive == "in" else positive, text)
            for text in texts
            if isinstance(text, str)
        )
        return domain | full if positive == operator else domain & ~full

    def _domain_of_full_name(self, operator, text):
        site, separator, name = text.partition(SEPARATOR)
        if not separator:
            # One door of many is not meant by exactly the name of its site.
            by_part = text and operator.endswith("like")
            return Domain("site_id.name", operator, text) if by_part else Domain.FALSE
        return Domain("site_id.name", operator, site) & Domain("name", operator, name)
