from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class KpiSite(models.Model):
    """A shop, office or warehouse: the place whose local calendar a day belongs to."""

    _name = "kpi.site"
    _description = "KPI Site"
    _inherit = ["mail.thread"]
    _order = "sequence, name"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("shop", "Shop"),
            ("office", "Office"),
            ("warehouse", "Warehouse"),
            ("web", "Web shop"),
        ],
        required=True,
        default="shop",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        tracking=True,
        help="A day of this site's figures begins and ends by this clock.",
    )
    address_id = fields.Many2one("res.partner", check_company=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, index="btree_not_null", tracking=True
    )
    department_ids = fields.One2many("hr.department", "kpi_site_id")
    area_ids = fields.One2many(
        "kpi.site.area",
        "site_id",
        string="Regions served",
        help="Deliveries to these customers count for this site.",
    )

    manager_id = fields.Many2one(
        "res.users",
        string="Director",
        tracking=True,
        help="Answers for the site, e.g. the director of the shop.",
    )
    opening_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening hours",
        check_company=True,
        help="Empty: always open.",
    )
    entrance_ids = fields.One2many("kpi.site.entrance", "site_id")
    feedback_point_ids = fields.One2many("kpi.feedback.point", "site_id")

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE active", "Another site of this company has this name."
    )

    @api.constrains("tz")
    def _check_tz(self):
        """PostgreSQL cuts the days, so it has to know the zone as well."""
        known = self.env["kpi.engine"]._known_time_zones()
        for site in self:
            if site.tz not in known:
                raise ValidationError(
                    self.env._(
                        "Site “%(site)s”: the database does not know the time zone "
                        "“%(tz)s”. Choose the one of the nearest large city.",
                        site=site.name,
                        tz=site.tz,
                    )
                )
