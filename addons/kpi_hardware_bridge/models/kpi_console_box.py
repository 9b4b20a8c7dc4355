from odoo import api, fields, models


class KpiConsole(models.Model):
    """Consoles that are plugged into a box."""

    _inherit = "kpi.console"

    box_id = fields.Many2one(
        "kpi.iot.box",
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="The box that it is plugged into, and that speaks for it.",
    )
    is_plugged = fields.Boolean(
        string="Plugged in", readonly=True, copy=False, help="As its box says."
    )

    # Consoles of the same make look alike to their boxes.
    _identifier_unique = models.UniqueIndex(
        "(identifier, COALESCE(box_id, 0))", "Another device has this identifier."
    )

    @api.model
    def _sender_domain(self, identifier):
        """A console of a box is spoken for."""
        return [*super()._sender_domain(identifier), ("box_id", "=", False)]
