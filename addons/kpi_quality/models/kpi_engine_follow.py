"""What follows a measuring run: comparisons of actions, critical limits."""

import logging

from odoo import api, models

from .kpi_engine import CONFLICTS

_logger = logging.getLogger(__name__)


class KpiEngine(models.AbstractModel):
    _inherit = "kpi.engine"

    @api.model
    def _run(self, window, nightly):
        result = super()._run(window, nightly)
        self._follow("critical limits", self.env["kpi.alert"]._watch)
        if nightly:
            self._follow("improvements", self.env["kpi.improvement"]._compare_open)
        return result

    @api.model
    def _follow(self, what, step):
        """Whatever is wrong with it, the figures are measured and stay so."""
        with self._left_for_next_run(what):
            try:
                with self.env.cr.savepoint():
                    step()
            except CONFLICTS:
                raise
            except Exception:
                _logger.exception("KPI: %s failed after measuring", what)
        self.env["ir.cron"]._commit_progress()
