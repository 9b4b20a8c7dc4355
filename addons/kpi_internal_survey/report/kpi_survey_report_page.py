from odoo import api, models

from .survey_page import Charts


class KpiSurveyReportPage(models.AbstractModel):
    """A report as a page to print; one model for each kind."""

    _name = "kpi.survey.report.page"
    _description = "Printed Report on a Survey"
    _kind = None
    _doc_model = "kpi.survey.campaign"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env[self._doc_model].browse(docids)
        reports = [
            self.env["kpi.survey.report"]._collect(self._kind, record)
            for record in docs
        ]
        return {
            "doc_ids": docids,
            "doc_model": self._doc_model,
            "docs": docs,
            "reports": [(report, Charts(report)) for report in reports],
        }


class ReportSurveyBoard(models.AbstractModel):
    _name = "report.kpi_internal_survey.report_board"
    _description = "Printed Report on a Survey for the Board"
    _inherit = ["kpi.survey.report.page"]
    _kind = "board"


class ReportSurveyDirector(models.AbstractModel):
    _name = "report.kpi_internal_survey.report_director"
    _description = "Printed Report on a Survey for a Director"
    _inherit = ["kpi.survey.report.page"]
    _kind = "director"


class ReportSurveyUnit(models.AbstractModel):
    _name = "report.kpi_internal_survey.report_unit"
    _description = "Printed Report on a Survey about One Unit"
    _inherit = ["kpi.survey.report.page"]
    _kind = "unit"
    _doc_model = "kpi.survey.unit"
