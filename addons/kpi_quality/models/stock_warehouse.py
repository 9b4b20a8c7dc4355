from odoo import api, fields, models
from odoo.fields import Domain


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    kpi_site_ids = fields.One2many("kpi.site", "warehouse_id", string="Sites")
    kpi_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours for delays",
        check_company=True,
        help="Indicators that count working hours take them from here, public "
        "holidays included. Empty: the working hours of the company.",
    )
    kpi_receiving_norm_hours = fields.Float(
        string="Receiving norm (hours)",
        default=4.0,
        help="How long receiving may take from the dock into stock. What takes longer "
        "is a delay of our own.",
    )
    kpi_is_led = fields.Boolean(
        string="Led by me",
        compute="_compute_kpi_is_led",
        search="_search_kpi_is_led",
        export_string_translation=False,
        help="The current user manages a department that works in this warehouse.",
    )

    _kpi_receiving_norm_positive = models.Constraint(
        "CHECK (kpi_receiving_norm_hours >= 0)",
        "The receiving norm cannot be negative.",
    )

    @api.depends_context("uid")
    def _compute_kpi_is_led(self):
        led = self.search([("id", "in", self.ids), ("kpi_is_led", "=", True)])
        for warehouse in self:
            warehouse.kpi_is_led = warehouse in led

    def _search_kpi_is_led(self, operator, value):
        """Evaluated at every search, so a record rule on it never goes stale."""
        if operator != "in":
            return NotImplemented
        departments = self.env["hr.department"].sudo()  # whoever may not read them
        departments = departments.search([("kpi_is_led", "=", True)])
        led = Domain("id", "in", departments.kpi_site_id.warehouse_id.ids)
        if len({bool(item) for item in value}) > 1:
            return Domain.TRUE
        return led if True in value else ~led
