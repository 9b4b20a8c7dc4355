import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import batch, signing
from ..tools.press_time import Boot

# Stands in for the key of a device that there is not, in this process.
NO_KEY = secrets.token_hex(32)
REQUESTS_A_MINUTE = 600
MINUTE = timedelta(minutes=1)


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
    # Texts of 64 hexadecimal digits, see tools/signing.py.
    key = fields.Char(copy=False, groups=fields.NO_ACCESS)
    next_key = fields.Char(copy=False, groups=fields.NO_ACCESS)
    key_nonce = fields.Char(copy=False, groups=fields.NO_ACCESS)
    has_key = fields.Boolean(compute="_compute_has_key", compute_sudo=True)
    is_rotating = fields.Boolean(
        compute="_compute_has_key",
        compute_sudo=True,
        help="A new key was asked for, and the device has not used it yet.",
    )
    last_seen_at = fields.Datetime(string="Last seen", readonly=True, copy=False)
    queue_length = fields.Integer(
        string="Waiting presses",
        readonly=True,
        copy=False,
        help="How many wait on the device.",
    )
    queue_since = fields.Datetime(
        readonly=True, copy=False, help="Since when presses have been waiting there."
    )
    clock_skew_s = fields.Float(
        string="Clock is behind by (seconds)",
        readonly=True,
        copy=False,
        digits=0,
        aggregator=None,
    )
    version = fields.Char(readonly=True, copy=False)
    dropped = fields.Integer(
        string="Lost presses",
        readonly=True,
        copy=False,
        help="The device had no room left for them.",
    )
    dropped_at = fields.Datetime(readonly=True, copy=False)
    twin_at = fields.Datetime(
        string="Two devices",
        readonly=True,
        copy=False,
        help="When two devices with this identifier were last heard in turn.",
    )
    reject_count = fields.Integer(
        string="Refused presses", compute="_compute_reject_count"
    )
    # Runs of its system, see tools/press_time.py.
    boots = fields.Json(copy=False, groups=fields.NO_ACCESS)
    # Requests within the minute that began then.
    rate_since = fields.Datetime(copy=False, groups=fields.NO_ACCESS)
    rate_count = fields.Integer(copy=False, groups=fields.NO_ACCESS)

    _identifier_unique = models.UniqueIndex(
        "(identifier)", "Another device has this identifier."
    )

    @api.depends("key", "next_key")
    def _compute_has_key(self):
        for device in self:
            device.has_key = bool(device.key)
            device.is_rotating = bool(device.next_key)

    @api.depends_context("uid")
    def _compute_reject_count(self):
        counts = dict(
            self.env["kpi.console.reject"]
            .sudo()  # how many, not which
            ._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for device in self:
            device.reject_count = counts.get(device.id, 0)

    @api.constrains("identifier")
    def _check_identifier(self):
        for device in self:
            if device.identifier and not batch.text_of(device.identifier):
                raise ValidationError(
                    self.env._(
                        "“%(device)s”: an identifier has at most %(most)s characters.",
                        device=device.name,
                        most=batch.MOST_TEXT,
                    )
                )

    # ----------------------------------------------------------------------- keys
    def action_new_key(self):
        """Give the device a new key at once, and show it this one time."""
        self.ensure_one()
        self.check_access("write")
        key = secrets.token_hex(32)
        # Nobody reads or writes keys but us.
        self.sudo().write({**self._no_key(), "key": key, "revoked": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %(device)s", device=self.name),
            "res_model": "kpi.device.key",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_identifier": self.identifier,
                "default_key": key,
            },
        }

    def action_rotate_key(self):
        """Let devices derive a new key; the old one is valid until they use it.

        One that was asked for already may be on its way there: it stays.
        """
        self.check_access("write")
        for device in self.sudo():  # nobody reads or writes keys but us
            if device.key and not device.next_key:
                nonce = secrets.token_hex(16)
                device.write(
                    {
                        "key_nonce": nonce,
                        "next_key": signing.next_key(device.key, nonce),
                    }
                )
        return True

    def action_revoke(self):
        """Take nothing from the devices any more."""
        self.check_access("write")
        self.sudo().write({**self._no_key(), "revoked": True})  # nobody writes keys
        return True

    def action_open_rejects(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "kpi_hardware_bridge.kpi_console_reject_action"
            ),
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
        }

    @api.model
    def _no_key(self):
        return {"key": False, "next_key": False, "key_nonce": False}

    @api.model
    def _authenticate(self, identifier, body, signature):
        """Find who signed a body. What is unknown costs as much as what is wrong.

        :param identifier: as the body says, of any shape
        :param bytes body: what was signed
        :param signature: of the header, may be missing
        :return: the device in sudo; empty when it is not to be believed
        """
        device = self.sudo()._find(identifier)  # nobody reads keys
        believed = [
            bool(device[name])
            & signing.is_signed(device[name] or NO_KEY, body, signature)
            for name in ("key", "next_key")
        ]
        if not any(believed):
            return device.browse()
        if believed[1]:
            device.write({**self._no_key(), "key": device.next_key})  # it changed over
        return device

    @api.model
    def _find(self, identifier):
        """:return: the device of any model that may speak under this name, or none"""
        if batch.text_of(identifier) is not None:
            for name in self.env.registry.descendants(["kpi.device.mixin"], "_inherit"):
                device = self.env[name]
                if device._abstract:
                    continue
                columns = [
                    field.name for field in device._fields.values() if field.column_type
                ]
                device = device.search_fetch(
                    device._sender_domain(identifier), columns, order="id", limit=1
                )
                if device:
                    return device
        return self.env["kpi.console"]

    @api.model
    def _sender_domain(self, identifier):
        return [("identifier", "=", identifier), ("revoked", "=", False)]

    # ------------------------------------------------------------------- requests
    def _seconds_to_wait(self, received_at):
        """How long a device that sends too often is to wait, 0 when it is not.

        The count is in the database: all workers see it. Requests at the same moment
        may be missed, which is a little more than allowed.
        """
        parameters = self.env["ir.config_parameter"].sudo()  # for all devices
        most = parameters.get_param("kpi_hardware_bridge.requests_per_minute")
        most = int(most) if most and most.isdecimal() else REQUESTS_A_MINUTE
        if self._begins_minute(received_at) or self.rate_count < most:
            return 0
        return 60 - int((received_at - self.rate_since).total_seconds())

    def _begins_minute(self, received_at):
        """Whether requests are counted anew: also when the server's clock was set."""
        return not (
            self.rate_since and timedelta() <= received_at - self.rate_since < MINUTE
        )

    def _note(self, batch):
        """Remember how the device is; not if another request does just that."""
        sending = batch.sending
        received_at = sending.received_at.replace(microsecond=0)
        begins = self._begins_minute(received_at)
        values = {
            "last_seen_at": received_at,
            "clock_skew_s": sending.skew.total_seconds(),
            "boots": [boot.to_json() for boot in sending.boots_now],
            "rate_since": received_at if begins else self.rate_since,
            "rate_count": 1 if begins else self.rate_count + 1,
        }
        if batch.queue is not None:
            values["queue_length"] = batch.queue
            values["queue_since"] = batch.queue and (self.queue_since or received_at)
        if batch.dropped is not None:
            values["dropped"] = batch.dropped
            if batch.dropped > self.dropped:
                values["dropped_at"] = received_at
        if batch.version is not None:
            values["version"] = batch.version
        if sending.is_twin:
            values["twin_at"] = received_at
        self._update(values)

    def _update(self, values):
        """One statement without a lock to wait for.

        Not by write(): it would cost a heartbeat three times as much.
        """
        table = SQL.identifier(self._table)
        self.flush_recordset(values)
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s
                SET %(columns)s
                WHERE id IN (
                    SELECT id
                    FROM %(table)s
                    WHERE id = %(id)s
                    FOR NO KEY UPDATE SKIP LOCKED
                )
                """,
                table=table,
                columns=SQL(", ").join(
                    SQL(
                        "%s = %s",
                        SQL.identifier(name),
                        self._fields[name].convert_to_column(value, self),
                    )
                    for name, value in values.items()
                ),
                id=self.id,
            ),
            # Another request of the device at once: this one is tried again.
            log_exceptions=False,
        )
        self.invalidate_recordset(values)

    def _known_boots(self):
        return Boot.from_json(self.boots)

    # ---------------------------------------------------------------------- hooks
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
