from odoo import fields, models


class KpiDeviceKey(models.TransientModel):
    """Shows a new key once. It has no columns: what it shows is stored nowhere."""

    _name = "kpi.device.key"
    _description = "New Key of a Device"

    identifier = fields.Char(store=False, readonly=True)
    key = fields.Char(store=False, readonly=True)
