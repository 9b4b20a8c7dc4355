from odoo import api, fields, models

from ..const import LOG_KEPT_FOR
from ..iot_handlers.kpi_lib import VERSION


class KpiIotBox(models.Model):
    _inherit = "kpi.iot.box"

    @api.depends("version")
    def _compute_state(self):
        return super()._compute_state()

    def _warnings(self, now):
        warnings = super()._warnings(now)
        if self.version and self.version != VERSION:
            warnings.append(
                self.env._(
                    "Its handlers are of version %(version)s, those of this server of "
                    "version %(newest)s: update them.",
                    version=self.version,
                    newest=VERSION,
                )
            )
        return warnings

    @api.autovacuum
    def _gc_logs(self):
        """A log that somebody asked for is looked at within a week, or not at all."""
        old = self.with_context(active_test=False).search(
            [("log_until", "<", fields.Datetime.now() - LOG_KEPT_FOR)]
        )
        old.write({"log_until": False, "log_tail": False})
