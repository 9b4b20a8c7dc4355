"""Surveys of the demo company: its head office, two cycles that led to something, and
one that runs.
"""

from odoo import api, models

from . import survey_cycles, survey_followup, survey_staff
from .survey_demo import SurveyDemo


class KpiDemo(models.AbstractModel):
    _inherit = "kpi.demo"

    @api.model
    def _make_surveys(self):
        """Once, when the add-on is installed with demo data."""
        company = self.env.ref("__kpi_demo__.company", raise_if_not_found=False)
        if not company:
            return
        demo = SurveyDemo(company)
        for part in (survey_staff, survey_cycles, survey_followup):
            part.make(demo)
            self.env.flush_all()
