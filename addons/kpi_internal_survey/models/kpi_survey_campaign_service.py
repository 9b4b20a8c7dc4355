"""A published score is measured at once: the night may not reach so far back."""

from odoo import models

from odoo.addons.kpi_quality.tools.window import Window

from .source_internal_service import SOURCE


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    def _set_state(self, state, **values):
        result = super()._set_state(state, **values)
        if state == "published":
            self._measure_service()
        return result

    def _measure_service(self):
        engine = self.env["kpi.engine"].sudo()  # reads the documents of everybody
        indicators = engine.env["kpi.indicator"].search(
            [("source", "=", SOURCE), ("state", "=", "active")]
        )
        for day in set(self.mapped("date_to")):
            for indicator in indicators:
                engine._measure(indicator, Window(day, day, engine._now()))
        engine.env["kpi.scorecard.line"]._refresh_live(indicators)
