"""How devices are: traffic lights, and whoever is told when one is silent."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..const import (
    DEVICE_STATES,
    LONG_QUEUE,
    LOOK_BACK,
    MOST_SKEW,
    QUEUE_FOR,
    SHOWN_FOR,
    SILENT_AFTER,
)
from ..tools.opening import open_time

ACTIVITY = "kpi_hardware_bridge.mail_activity_type_silent_device"
CRON = "kpi_hardware_bridge.ir_cron_watch_devices"
MANAGERS = "kpi_quality.group_kpi_quality_manager"


class KpiDeviceMixin(models.AbstractModel):
    _name = "kpi.device.mixin"
    _inherit = ["kpi.device.mixin", "mail.thread", "mail.activity.mixin"]

    site_id = fields.Many2one("kpi.site", index=True)
    state = fields.Selection(
        DEVICE_STATES, compute="_compute_state", search="_search_state"
    )
    state_reason = fields.Char(string="What is wrong", compute="_compute_state")
    told_silent_at = fields.Datetime(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Somebody is told once of each silence.",
    )

    @api.depends(
        "revoked",
        "last_seen_at",
        "dropped_at",
        "twin_at",
        "queue_length",
        "queue_since",
        "boots",
        "site_id",
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        silent = self._silent(now)
        for device in self:
            device.state, reasons = device._light(now, device in silent)
            device.state_reason = " ".join(reasons)

    @api.model
    def _search_state(self, operator, value):
        """It changes with the time, so it is looked up: a company has some hundreds."""
        if operator != "in":
            return NotImplemented
        devices = self.with_context(active_test=False).search(Domain.TRUE)
        found = devices.filtered(lambda device: device.state in value)
        return Domain("id", "in", found.ids)

    def _silent(self, now):
        """Those not heard for a while of opening hours.

        A tablet that is switched off in the evening is in order until the site has been
        open for that long; one that fell silent by day stays silent at night.
        """
        late = self.filtered(
            lambda device: (
                device.last_seen_at and device.last_seen_at < now - SILENT_AFTER
            )
        )
        if not late:
            return late
        since = max(min(late.mapped("last_seen_at")), now - LOOK_BACK)
        hours = late.site_id._opening_times(since, now)
        always = [(since, now)]
        return late.filtered(
            lambda device: (
                open_time(hours.get(device.site_id, always), device.last_seen_at)
                >= SILENT_AFTER
            )
        )

    def _light(self, now, is_silent):
        """:return: key of ``DEVICE_STATES``, sentences that say why"""
        if self.revoked:
            return "revoked", [self.env._("Whatever it sends is refused.")]
        if not self.last_seen_at:
            return "new", [self.env._("It has not reported yet.")]
        warnings = self._warnings(now)
        if is_silent:
            silence = self.env._(
                "Not heard since %(time)s, though the site was open.",
                time=format_datetime(
                    self.env,
                    self.last_seen_at,
                    tz=self.site_id.tz or False,
                    dt_format="short",
                ),
            )
            return "silent", [silence, *warnings]
        return "warning" if warnings else "ok", warnings

    def _warnings(self, now):
        """:return: sentences about what somebody should look after"""
        warnings = []
        if self.twin_at and self.twin_at > now - SHOWN_FOR:
            warnings.append(
                self.env._(
                    "Two devices use this identifier. All presses are stored, but give "
                    "one of them an identifier and a key of its own."
                )
            )
        if self.dropped_at and self.dropped_at > now - SHOWN_FOR:
            warnings.append(
                self.env._("Presses were lost: the device had no room for them.")
            )
        if abs(self.clock_skew_s) > MOST_SKEW.total_seconds():
            warnings.append(
                self.env._("Its clock is wrong. The times of presses are corrected.")
            )
        if self.queue_length > LONG_QUEUE:
            warnings.append(self.env._("Many presses wait on the device."))
        elif self.queue_since and self.queue_since < now - QUEUE_FOR:
            warnings.append(
                self.env._("Presses wait on the device for more than a quarter hour.")
            )
        if self.reject_count:
            warnings.append(self.env._("Presses were refused: see why."))
        return warnings

    # -------------------------------------------------------------------- silence
    @api.model
    def _cron_watch(self):
        """Tell of devices that are silent while their site is open.

        After an outage of this server, all of them were not heard: first they get the
        time until the next run to report.
        """
        now = fields.Datetime.now()
        last = self.env.ref(CRON).lastcall
        if not last or last < now - SILENT_AFTER:
            return
        for name in sorted(
            self.env.registry.descendants(["kpi.device.mixin"], "_inherit")
        ):
            if not self.env[name]._abstract:
                devices = self.env[name].with_context(active_test=False)
                devices.search(Domain.TRUE)._watch(now)

    def _watch(self, now):
        """One activity for each silence; it is done once the device is back."""
        silent = self.filtered(lambda d: d.active and d.state == "silent")
        over = (self - silent).filtered("told_silent_at")
        back = over.filtered(lambda device: device.active and not device.revoked)
        back.activity_feedback([ACTIVITY], feedback=self.env._("It is heard again."))
        (over - back).activity_unlink([ACTIVITY])
        over.told_silent_at = False
        for device in silent:
            if not device.told_silent_at and device._is_to_be_told(now):
                device._tell_silence(now)

    def _is_to_be_told(self, now):
        return not self.site_id or self.site_id._is_open(now)

    def _tell_silence(self, now):
        user = self._user_to_tell()
        if not user:
            return
        speaking = self.with_context(lang=user.lang, mail_activity_quick_update=True)
        speaking.activity_schedule(
            ACTIVITY,
            summary=speaking.env._("“%(device)s” is silent", device=self.name),
            note=speaking.state_reason,
            user_id=user.id,
        )
        self.told_silent_at = now

    def _user_to_tell(self):
        """The director of the site, else who set the device up, else another manager.

        All of them as KPI managers: nobody else could open the device.
        """
        managers = self.env.ref(MANAGERS).all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        # Root is nobody who looks at activities.
        managers = managers.sorted("id") - self.env.ref("base.user_root")
        wanted = self.site_id.sudo().manager_id | self.create_uid
        return (wanted & managers or managers)[:1]
