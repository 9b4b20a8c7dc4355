from datetime import timedelta
from string import Formatter
from urllib.parse import quote, urlsplit

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOMENTS = ("start", "end")
PLACES = {f"{moment}{form}" for moment in MOMENTS for form in ("", "_unix", "_local")}


class KpiFeedbackCamera(models.Model):
    """Where the video of a point is found."""

    _name = "kpi.feedback.camera"
    _description = "Camera"
    _inherit = ["kpi.guarded.mixin"]
    _order = "site_id, name"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    archive_link = fields.Char(
        help="Address of the archive's page; {start} and {end} are put in its place."
    )
    clip_link = fields.Char(
        help="Address of a video file that plays in the page; the same places."
    )
    seconds_before = fields.Integer(default=30)
    seconds_after = fields.Integer(default=60)

    _seconds_positive = models.Constraint(
        "CHECK (seconds_before >= 0 AND seconds_after >= 0)",
        "The seconds before and after a press cannot be negative.",
    )

    @api.constrains("archive_link", "clip_link")
    def _check_links(self):
        for camera in self:
            for link in filter(None, (camera.archive_link, camera.clip_link)):
                camera._check_link(link)

    def _check_link(self, link):
        try:
            parts = list(Formatter().parse(link))
        except ValueError:
            parts = [("", "", "", None)]
        for _text, place, form, conversion in parts:
            if place is not None and (place not in PLACES or form or conversion):
                raise ValidationError(
                    self.env._(
                        "Camera “%(camera)s”: a link can contain %(places)s, and no "
                        "other braces. See “%(link)s”.",
                        camera=self.name,
                        places=", ".join(f"{{{name}}}" for name in sorted(PLACES)),
                        link=link,
                    )
                )
        address = urlsplit(link)
        is_here = link.startswith("/") and not address.netloc and "\\" not in link
        is_elsewhere = address.scheme in ("http", "https") and address.netloc
        if not is_here and not is_elsewhere:
            raise ValidationError(
                self.env._(
                    "Camera “%(camera)s”: a link begins with http:// or https:// and a "
                    "server, or with / for a file of this server. See “%(link)s”.",
                    camera=self.name,
                    link=link,
                )
            )
        if "{" in address.netloc:
            raise ValidationError(
                self.env._(
                    "Camera “%(camera)s”: the server in “%(link)s” cannot depend on "
                    "the time.",
                    camera=self.name,
                    link=link,
                )
            )

    def _links(self, start, stop):
        """Addresses of the video of a stretch, with the camera's seconds around it.

        :param datetime start: naive, UTC
        :param datetime stop: naive, UTC
        :return: ``{"archive": url or False, "clip": url or False}``
        """
        self.ensure_one()
        zone = pytz.timezone(self.site_id.tz)
        values = {}
        for name, moment in (
            ("start", start - timedelta(seconds=self.seconds_before)),
            ("end", stop + timedelta(seconds=self.seconds_after)),
        ):
            known = pytz.utc.localize(moment.replace(microsecond=0))
            local = known.astimezone(zone).replace(tzinfo=None)
            values[name] = f"{moment.replace(microsecond=0).isoformat()}Z"
            values[f"{name}_unix"] = str(int(known.timestamp()))
            values[f"{name}_local"] = local.isoformat()
        values = {name: quote(value) for name, value in values.items()}
        return {
            "archive": self.archive_link and self.archive_link.format(**values),
            "clip": self.clip_link and self.clip_link.format(**values),
        }
