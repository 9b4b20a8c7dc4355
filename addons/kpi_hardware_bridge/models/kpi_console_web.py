"""The web console: any tablet or phone that opens the link of its console."""

import base64
import mimetypes
import re
import secrets
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kpi_quality.const import STUDY_OBSERVING

from ..const import USUAL_BUTTONS, WEB_BUTTONS, WEB_INVITATIONS
from ..tools.qr_code import qr_code

PAGE = "/kpi/console"
TOKEN = re.compile(r"[0-9A-Za-z_-]{43}")
MEDIA = ("audio/", "video/")


class KpiConsole(models.Model):
    _inherit = "kpi.console"

    web_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    web_link = fields.Char(
        string="Link",
        compute="_compute_web_link",
        compute_sudo=True,
        groups="kpi_quality.group_kpi_quality_manager",
        help="Open it on the tablet. Who has the link can press: do not publish it.",
    )
    web_qr = fields.Binary(
        string="QR code",
        compute="_compute_web_link",
        compute_sudo=True,
        groups="kpi_quality.group_kpi_quality_manager",
    )
    web_buttons = fields.Selection(
        WEB_BUTTONS,
        string="Buttons",
        required=True,
        default="all",
        help="A tablet for the customer and the seller's own phone are two consoles of "
        "one point.",
    )
    web_invitation = fields.Selection(
        WEB_INVITATIONS,
        string="Invitation",
        required=True,
        default="question",
        help="What the customer hears or sees when the seller asks.",
    )
    web_invitation_url = fields.Char(
        string="Address of the video", help="A video file that a browser can play."
    )
    web_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="In which the page begins. Empty: the language of the company.",
    )

    _web_token_unique = models.UniqueIndex("(web_token) WHERE web_token IS NOT NULL")

    @api.depends("web_token", "kind", "revoked")
    def _compute_web_link(self):
        for console in self:
            link = console._web_path()
            console.web_link = link and f"{console.get_base_url()}{link}"
            console.web_qr = link and base64.b64encode(qr_code(console.web_link))

    @api.constrains("web_invitation", "web_invitation_url")
    def _check_web_invitation(self):
        for console in self:
            if console.web_invitation != "video":
                continue
            address = urlsplit(console.web_invitation_url or "")
            # It becomes part of a header, so nothing but a plain address will do.
            if (
                address.scheme not in ("http", "https")
                or not address.netloc
                or not address.netloc.isascii()
                or not set(address.netloc).isdisjoint(" ;,'\"@")
            ):
                raise ValidationError(
                    self.env._(
                        "Console “%(console)s”: the address of the video begins with "
                        "http:// or https:// and a server.",
                        console=console.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        consoles = super().create(vals_list)
        consoles._give_web_token()
        return consoles

    def write(self, vals):
        result = super().write(vals)
        if "kind" in vals:
            self._give_web_token()
        return result

    def action_revoke(self):
        """The link is gone for good: what was lost or stolen never works again."""
        result = super().action_revoke()
        self.sudo().web_token = False  # nobody reads tokens
        return result

    def action_renew_web_link(self):
        """Another link; whatever uses the old one stops, and keeps what it holds."""
        self.check_access("write")
        for console in self:
            if console.kind != "web":
                raise UserError(
                    self.env._(
                        "“%(console)s” is no tablet: it has no link.",
                        console=console.name,
                    )
                )
            console.sudo().write(  # nobody reads tokens
                {"web_token": self._new_web_token(), "revoked": False}
            )
        return True

    def action_open_web_console(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.web_link, "target": "new"}

    # -------------------------------------------------------------------- token
    @api.model
    def _new_web_token(self):
        return secrets.token_urlsafe(32)

    def _give_web_token(self):
        for console in self.sudo():  # nobody reads tokens
            if console.kind == "web" and not (console.web_token or console.revoked):
                console.web_token = self._new_web_token()

    @api.model
    def _find_by_web_token(self, token):
        """:return: the console in sudo; none when unknown, revoked or archived"""
        consoles = self.sudo()  # the token is the right to be there
        if not TOKEN.fullmatch(token):
            return consoles.browse()
        return consoles.search(
            [
                ("web_token", "=", token),
                ("kind", "=", "web"),
                ("revoked", "=", False),
            ],
            limit=1,
        )

    def _web_path(self):
        self.ensure_one()
        works = self.kind == "web" and self.web_token and not self.revoked
        return works and f"{PAGE}/{self.web_token}"

    def _web_allowed(self):
        """What its page can press, now or in a study: all that its link is good for."""
        return {*USUAL_BUTTONS.get(self.point_id.kind, ()), "seller"}

    # ----------------------------------------------------------------- settings
    def _device_settings(self):
        settings = super()._device_settings()
        if self.kind == "web":
            settings |= self._web_settings()
        return settings

    def _web_settings(self):
        """What its page shows now, and nothing else; moments are UTC."""
        self.ensure_one()
        point = self.point_id.filtered("active")
        study = self._web_study(point)
        question = point.question_id
        languages = self.env["res.lang"].get_installed()
        return {
            "console": self.identifier,
            "point": point.name,
            "site": point.site_id.name,
            "mode": self._web_mode(point, study),
            "buttons": self.web_buttons,
            "meaning": point.seller_meaning,
            "window": point.response_window,
            "bounce": point.bounce,
            "long_press": point.long_press,
            "limit": point.force_majeure_limit * 60,
            "question": {
                code: question.with_context(lang=code).text for code, _name in languages
            }
            if question
            else None,
            "seller": point.worker_id.name or None,
            "study": study.department_id.name or None,
            "force_majeure": self._web_force_majeure(point),
            "asked": self._web_asked(point),
            "invitation": self._web_invitation_of(question),
            "languages": languages,
            "lang": self._web_language(),
            "app": self._web_version(),
        }

    def _web_language(self):
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        wanted = (self.web_lang, self.company_id.partner_id.lang, *codes)
        return next(code for code in wanted if code in codes)

    @api.model
    def _web_mode(self, point, study):
        if not point:
            return "none"
        if study:
            return "study"
        if point.kind == "three_button" and self.web_buttons == "seller":
            return "seller_button"
        return point.kind

    @api.model
    def _web_study(self, point):
        """The department whose visitors are being counted at the point."""
        now = fields.Datetime.now()
        return self.env["kpi.popularity.study.line"].search(
            [
                ("point_ids", "in", point.ids),
                ("study_id.state", "in", STUDY_OBSERVING),
                ("study_id.start", "<=", now),
                "|",
                ("study_id.stop", "=", False),
                ("study_id.stop", ">", now),
            ],
            limit=1,
        )

    @api.model
    def _web_force_majeure(self, point):
        now = fields.Datetime.now()
        begun = self.env["kpi.force.majeure"].search(
            [
                ("point_id", "in", point.ids),
                ("start_at", "<=", now),
                ("stop_at", ">", now),
                ("ended_by", "=", "limit"),
            ],
            limit=1,
        )
        if not begun:
            return None
        return {
            "since": f"{begun.start_at.isoformat()}Z",
            "until": f"{begun.stop_at.isoformat()}Z",
        }

    @api.model
    def _web_asked(self, point):
        """The customer who may answer now; a seller, an order or a till asked."""
        poll = self.env["kpi.feedback.poll"].search(
            [("point_id", "in", point.ids)], limit=1
        )
        if poll.answer != "silent" or poll.closes_at <= fields.Datetime.now():
            return None
        return {
            "uuid": poll.event_id.uuid,
            "until": f"{poll.closes_at.isoformat()}Z",
        }

    def _web_login(self, pin, lang=None):
        """Log in at the point, or out when no PIN is given.

        :return: what to tell the person, None when it is done
        """
        self.ensure_one()
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        lang = lang if lang in codes else self._web_language()
        point = self.point_id.with_context(lang=lang)
        if not point.active:
            return self.with_context(lang=lang)._web_words()["none"]
        if pin is None:
            point._logout()
            return None
        _employee, problem = point._login(pin)
        return problem

    # --------------------------------------------------------------- invitation
    def _web_invitation_of(self, question):
        """:return: ``{"kind": "audio|video|chime|silent"[, "url"]}``"""
        if self.web_invitation == "silent":
            return {"kind": "silent"}
        if self.web_invitation == "video":
            return {"kind": "video", "url": self.web_invitation_url}
        attachment, mimetype = self._web_invitation_file(question)
        if not attachment:
            return {"kind": "chime"}
        return {
            "kind": mimetype.split("/")[0],
            "url": f"{self._web_path()}/invitation/{attachment.checksum}",
        }

    def _web_media_server(self):
        """:return: where the page may take a video from, besides Odoo"""
        self.ensure_one()
        if self.web_invitation != "video":
            return ""
        address = urlsplit(self.web_invitation_url)
        return f"{address.scheme}://{address.netloc}"

    @api.model
    def _web_invitation_file(self, question):
        """:return: the attachment and its type; nothing when it is no sound or video"""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", question._name),
                ("res_field", "=", "invitation"),
                ("res_id", "in", question.ids),
            ],
            limit=1,
        )
        guessed, _encoding = mimetypes.guess_type(question.invitation_name or "")
        for mimetype in (guessed, attachment.mimetype):
            if attachment and mimetype and mimetype.startswith(MEDIA):
                return attachment, mimetype
        return attachment.browse(), None
