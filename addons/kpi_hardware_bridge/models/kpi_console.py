from odoo import fields, models


class KpiConsole(models.Model):
    """A device with buttons at a counter, or a counter at a door."""

    _name = "kpi.console"
    _description = "Console"

    name = fields.Char(required=True)
