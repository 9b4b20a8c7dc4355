from odoo import fields, models

from ..const import CONSOLE_KINDS


class KpiConsole(models.Model):
    """A device with buttons at a counter, or a counter at a door."""

    _name = "kpi.console"
    _description = "Console"
    _inherit = ["kpi.device.mixin"]
    _order = "site_id, name, id"

    kind = fields.Selection(CONSOLE_KINDS, required=True, default="serial")
    point_id = fields.Many2one(
        "kpi.feedback.point",
        check_company=True,
        index=True,
        help="Where its presses belong.",
    )
    site_id = fields.Many2one(
        related="point_id.site_id", store=True, index=True, string="Site"
    )
    entrance_id = fields.Many2one(
        related="point_id.entrance_id", help="The door that it counts."
    )
    button_ids = fields.One2many("kpi.console.button", "console_id", copy=True)

    def _consoles(self):
        return self
