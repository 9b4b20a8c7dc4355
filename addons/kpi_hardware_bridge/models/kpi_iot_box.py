import base64
import io
import secrets
from datetime import timedelta
from hashlib import sha256

import qrcode

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import ADDRESS_PROBLEMS, BOX_COMMANDS, COMMAND_STATES, PAIRING_STATES
from ..tools.pairing import address_of, address_problem, pairing_text

PAIRING_LIFE = timedelta(hours=24)


class KpiIotBox(models.Model):
    """A stock IoT Box in a shop, that speaks for the consoles plugged into it."""

    _name = "kpi.iot.box"
    _description = "IoT Box"
    _inherit = ["kpi.device.mixin"]
    _order = "site_id, name, id"

    # Known from the box's own words, once it was paired.
    identifier = fields.Char(required=False, default=None, readonly=True)
    site_id = fields.Many2one(
        "kpi.site", required=True, index=True, help="Where the box stands."
    )
    company_id = fields.Many2one(
        related="site_id.company_id", store=True, precompute=True, default=None
    )
    console_ids = fields.One2many("kpi.console", "box_id")
    console_count = fields.Integer(compute="_compute_console_count")
    unlinked_count = fields.Integer(
        string="Consoles without a point", compute="_compute_console_count"
    )
    claims = fields.Text(
        string="Devices that are consoles",
        help="What calls itself KPI is one anyhow. Others are named by their numbers "
        "(1a86:7523), by a pattern of their names (usb-Arduino*) or by their path "
        "(/dev/ttyUSB0), one a line.",
    )
    image_version = fields.Char(
        string="System", readonly=True, copy=False, help="The box's own version."
    )
    mac = fields.Char(string="MAC address", readonly=True, copy=False)
    ip = fields.Char(string="Address", readonly=True, copy=False)
    devices = fields.Text(
        string="What is plugged in", readonly=True, copy=False, help="As the box says."
    )

    diagnosis = fields.Text(
        string="What it finds wrong", readonly=True, copy=False, help="As the box says."
    )

    # The secret of the pairing: kept until a box has used it, then its digest stays.
    token = fields.Char(string="Pairing secret", copy=False, groups=fields.NO_ACCESS)
    token_digest = fields.Char(copy=False, groups=fields.NO_ACCESS)
    token_expires_at = fields.Datetime(readonly=True, copy=False)
    channel = fields.Char(copy=False, groups=fields.NO_ACCESS)
    paired_at = fields.Datetime(readonly=True, copy=False)
    booted_at = fields.Datetime(
        string="Started at", readonly=True, copy=False, help="Its last known start."
    )
    has_checked_in = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Our handlers ran on it before its last start.",
    )
    pairing_problem = fields.Char(readonly=True, copy=False)
    needs_db_name = fields.Boolean(
        string="Name the database",
        help="Only for a server with several databases that does not choose by host "
        "name. It makes the box's connection more fragile.",
    )
    pairing_state = fields.Selection(
        PAIRING_STATES, compute="_compute_pairing", compute_sudo=True
    )
    address_problem = fields.Selection(
        ADDRESS_PROBLEMS, compute="_compute_pairing", compute_sudo=True
    )
    server_address = fields.Char(compute="_compute_pairing", compute_sudo=True)
    pairing_text = fields.Char(
        string="Token",
        compute="_compute_pairing",
        compute_sudo=True,
        groups="kpi_quality.group_kpi_quality_manager",
        help="Whoever has it can pair a box in this one's place.",
    )
    pairing_qr = fields.Binary(
        string="QR code",
        compute="_compute_pairing_qr",
        compute_sudo=True,
        groups="kpi_quality.group_kpi_quality_manager",
    )

    # The last command, see kpi_iot_box_command.py
    command = fields.Selection(BOX_COMMANDS, readonly=True, copy=False)
    command_state = fields.Selection(COMMAND_STATES, readonly=True, copy=False)
    command_at = fields.Datetime(readonly=True, copy=False)
    command_ref = fields.Char(copy=False, groups=fields.NO_ACCESS)
    command_answer = fields.Char(readonly=True, copy=False)

    # The box's log, see kpi_iot_box_call.py
    log_until = fields.Datetime(string="Log is kept until", readonly=True, copy=False)
    log_tail = fields.Text(string="Log", readonly=True, copy=False)

    _token_unique = models.UniqueIndex("(token_digest)")

    @api.depends("console_ids.point_id", "console_ids.active")
    def _compute_console_count(self):
        for box in self:
            box.console_count = len(box.console_ids)
            box.unlinked_count = len(box.console_ids.filtered(lambda c: not c.point_id))

    @api.depends(
        "identifier",
        "revoked",
        "token_expires_at",
        "paired_at",
        "last_seen_at",
        "needs_db_name",
    )
    def _compute_pairing(self):
        """In sudo: the token is shown to managers only, and only until it is used."""
        address = self.env["ir.config_parameter"].get_param("web.base.url")
        problem = address_problem(address)
        now = fields.Datetime.now()
        for box in self:
            box.server_address = address_of(address)
            box.address_problem = problem
            box.pairing_text = False
            if box.revoked:
                box.pairing_state = "revoked"
            elif box.identifier:
                seen = box.last_seen_at and box.last_seen_at >= box.paired_at
                box.pairing_state = "working" if seen else "paired"
            elif not box.token or box.token_expires_at <= now:
                box.pairing_state = "expired"
            elif problem in ("none", "local"):
                box.pairing_state = "unreachable"
            else:
                box.pairing_state = "waiting"
                box.pairing_text = box._pairing_text(address)

    @api.depends("pairing_text")
    def _compute_pairing_qr(self):
        for box in self:
            box.pairing_qr = box.pairing_text and self._qr_code(box.pairing_text)

    def _pairing_text(self, address):
        """:return: what to paste into the home page of a box that calls this address"""
        self.ensure_one()
        database = self.env.cr.dbname if self.needs_db_name else None
        return pairing_text(address, self.sudo().token, database)

    @api.model
    def _qr_code(self, text):
        """Made here: in the address of a picture the secret would stay in logs."""
        picture = io.BytesIO()
        qrcode.make(text, box_size=5).save(picture, optimise=True, format="PNG")
        return base64.b64encode(picture.getvalue())

    @api.constrains("identifier")
    def _check_identifier(self):
        # one that is not paired has none yet
        return super(KpiIotBox, self.filtered("identifier"))._check_identifier()

    @api.constrains("site_id")
    def _check_site_of_consoles(self):
        for box in self:
            if box.console_ids.company_id - box.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(box)s” has consoles in %(company)s. Release it and pair it "
                        "at the other company.",
                        box=box.name,
                        company=box.console_ids.company_id[:1].name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_boxes_are_ours()
        boxes = super().create(vals_list)
        boxes._renew_token()
        return boxes

    def action_renew_token(self):
        """Another token for a box that was not paired yet."""
        self._check_boxes_are_ours()
        for box in self:
            if box.identifier:
                raise UserError(
                    self.env._(
                        "“%(box)s” is paired. Release it first: it cannot send "
                        "anything then, until it is paired anew.",
                        box=box.name,
                    )
                )
        self.check_access("write")
        self._renew_token()
        return True

    def action_release(self):
        """Let the box go, and wait for another one in its place.

        A box that is reached forgets this server; the consoles stay linked.
        """
        self.check_access("write")
        for box in self:
            box._send_to_box("server_clear", {})
        self._renew_token()
        return True

    def action_revoke(self):
        """Nothing is taken from the box any more, whatever it signs or shows."""
        super().action_revoke()
        self.sudo().write({"token": False, "token_digest": False, "channel": False})
        return True

    def action_open_consoles(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consoles of “%(box)s”", box=self.name),
            "res_model": "kpi.console",
            "views": [(False, "list"), (False, "form")],
            "domain": [("box_id", "=", self.id)],
            "context": {"default_box_id": self.id},
        }

    @api.model
    def _check_boxes_are_ours(self):
        if "iot" in self.env.registry._init_modules:
            raise UserError(
                self.env._(
                    "Odoo's own app for IoT Boxes is installed here, and serves them. "
                    "Use tablets as consoles, or consoles that send by themselves."
                )
            )

    def _renew_token(self):
        for box in self.sudo():  # secrets are for nobody to read
            token = secrets.token_urlsafe(24)
            box.write(
                {
                    **self._nothing_known(),
                    "token": token,
                    "token_digest": self._digest(token),
                    "token_expires_at": fields.Datetime.now() + PAIRING_LIFE,
                }
            )

    @api.model
    def _nothing_known(self):
        """:return: values that forget the box itself, and keep its place"""
        return {
            name: False
            for name, field in self._fields.items()
            if field.column_type
            and not (field.copy or field.compute or name in models.MAGIC_COLUMNS)
        }

    @api.model
    def _digest(self, token):
        return sha256(token.encode()).hexdigest()

    # ------------------------------------------------- what other devices have, too
    @api.depends("diagnosis")
    def _compute_state(self):
        return super()._compute_state()

    def _warnings(self, now):
        warnings = super()._warnings(now)
        if self.diagnosis:
            reports = ", ".join(self.diagnosis.splitlines())
            warnings.append(
                self.env._("The box reports: %(reports)s.", reports=reports)
            )
        return warnings

    def _note(self, batch):
        """Who waits for the box to be heard looks at it right now."""
        diagnosis = "\n".join(batch.diagnosis)
        if (self.diagnosis or "") != diagnosis:
            self.diagnosis = diagnosis
        if self.pairing_state != "working":
            self._tell_viewers()
        return super()._note(batch)

    def _consoles(self):
        return self.console_ids

    def _device_settings(self):
        """With the patterns of devices that are consoles."""
        return {**super()._device_settings(), "claims": (self.claims or "").split()}
