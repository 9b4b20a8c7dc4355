from odoo import api, fields, models
from odoo.fields import Domain


class HrDepartment(models.Model):
    _inherit = "hr.department"

    kpi_site_id = fields.Many2one(
        "kpi.site",
        string="Site",
        check_company=True,
        index="btree_not_null",
        help="The shop, office or warehouse where this department works.",
    )
    kpi_is_led = fields.Boolean(
        string="Led by me",
        compute="_compute_kpi_is_led",
        search="_search_kpi_is_led",
        export_string_translation=False,
        help="The current user manages this department or one above it.",
    )

    @api.constrains("kpi_site_id", "company_id")
    def _check_kpi_site_company(self):
        self._check_company(["kpi_site_id"])

    @api.depends_context("uid")
    def _compute_kpi_is_led(self):
        led = self.search([("id", "in", self.ids), ("kpi_is_led", "=", True)])
        for department in self:
            department.kpi_is_led = department in led

    def _search_kpi_is_led(self, operator, value):
        """Evaluated at every search, so a record rule on it never goes stale."""
        if operator != "in":
            return NotImplemented
        managed = self.sudo().search([("manager_id.user_id", "=", self.env.uid)])
        led = Domain("id", "child_of", managed.ids) if managed else Domain.FALSE
        return led if True in value else ~led
