import secrets
from datetime import timedelta

from odoo import api, fields, models

from ..const import DEVICE_STATES
from ..tools.signing import next_key

SILENT_AFTER = timedelta(minutes=15)


class KpiDeviceMixin(models.AbstractModel):
    """What sends presses, and signs them with a key of its own."""

    _name = "kpi.device.mixin"
    _description = "Device"
    _inherit = ["kpi.guarded.mixin"]
    _rec_names_search = ["name", "identifier"]
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    identifier = fields.Char(
        required=True,
        copy=False,
        default=lambda self: secrets.token_hex(8),
        help="How the device calls itself. Not a secret.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    revoked = fields.Boolean(
        readonly=True, copy=False, help="Whatever it sends is refused."
    )
    state = fields.Selection(DEVICE_STATES, compute="_compute_state")
    # Texts of 64 hexadecimal digits, see tools/signing.py.
    key = fields.Char(copy=False, groups=fields.NO_ACCESS)
    next_key = fields.Char(copy=False, groups=fields.NO_ACCESS)
    key_nonce = fields.Char(copy=False, groups=fields.NO_ACCESS)
    last_seen_at = fields.Datetime(readonly=True, copy=False)
    queue_length = fields.Integer(
        readonly=True, copy=False, help="Presses that wait on the device."
    )
    clock_skew_s = fields.Float(
        string="Clock is behind by (seconds)", readonly=True, copy=False, digits=0
    )
    version = fields.Char(readonly=True, copy=False)
    dropped = fields.Integer(
        readonly=True, copy=False, help="Presses it had no room left for."
    )

    _identifier_unique = models.UniqueIndex(
        "(identifier)", "Another device has this identifier."
    )

    @api.depends("revoked", "last_seen_at", "dropped")
    def _compute_state(self):
        now = fields.Datetime.now()
        for device in self:
            if device.revoked:
                device.state = "revoked"
            elif not device.last_seen_at:
                device.state = "new"
            elif device.last_seen_at < now - SILENT_AFTER:
                device.state = "silent"
            else:
                device.state = "warning" if device.dropped else "ok"

    def action_rotate_key(self):
        """Let devices derive a new key; the old one is valid until they use it."""
        self.check_access("write")
        for device in self.sudo():  # nobody reads keys
            if device.key:
                device.key_nonce = secrets.token_hex(16)
                device.next_key = next_key(device.key, device.key_nonce)
        return True

    def action_revoke(self):
        self.check_access("write")
        self.sudo().write(
            {"revoked": True, "key": False, "next_key": False, "key_nonce": False}
        )
        return True

    # ----------------------------------------------------------------------- hooks
    def _consoles(self):
        """:return: the ``kpi.console`` that the device may speak for"""
        return self.env["kpi.console"]

    def _device_settings(self):
        """:return: dict for the device, sent with each reply"""
        self.ensure_one()
        return {}

    def _take_commands(self):
        """:return: ``[{"id", "name"}]``, what the device is to do now"""
        self.ensure_one()
        return []
