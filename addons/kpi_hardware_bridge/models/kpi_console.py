from odoo import api, fields, models
from odoo.fields import Command

from ..const import CONSOLE_KINDS, USUAL_BUTTONS


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
    site_id = fields.Many2one(related="point_id.site_id", store=True, index=True)
    entrance_id = fields.Many2one(
        related="point_id.entrance_id", help="The door that it counts."
    )
    button_ids = fields.One2many(
        "kpi.console.button",
        "console_id",
        compute="_compute_button_ids",
        store=True,
        readonly=False,
        copy=True,
    )

    @api.depends("point_id")
    def _compute_button_ids(self):
        """The usual ones; what somebody chose stays."""
        for console in self:
            if not console.button_ids:
                usual = USUAL_BUTTONS.get(console.point_id.kind, ())
                console.button_ids = [
                    Command.create({"number": number, "button": button})
                    for number, button in enumerate(usual, start=1)
                ]

    def _consoles(self):
        return self
