from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route
from odoo.tools.osutil import clean_filename

from odoo.addons.kpi_quality.controllers.kpi_quality import CONTENT_TYPES, MOST_ID

from ..report.survey_workbook import write_workbook

MODELS = {
    "board": "kpi.survey.campaign",
    "director": "kpi.survey.campaign",
    "unit": "kpi.survey.unit",
}


class KpiSurveyReportController(Controller):
    @route(
        "/kpi_internal_survey/report/<any(board,director,unit):kind>"
        f"/<int(max={MOST_ID}):record_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export_survey_report(self, kind, record_id):
        """A report as a workbook, in the user's language and by the user's rights.

        :raise werkzeug.exceptions.NotFound: no such survey, or not for this user: the
            same answer, so that nobody learns which surveys there are
        """
        # The session may remember the language of another day.
        request.update_context(**request.env["res.users"].context_get())
        record = request.env[MODELS[kind]].browse(record_id).exists()
        if not record:
            raise request.not_found()
        try:
            report = request.env["kpi.survey.report"]._collect(kind, record)
        except (AccessError, UserError) as error:
            raise request.not_found() from error
        content = write_workbook(report)
        filename = clean_filename(f"{report.title} - {report.campaign}.xlsx")
        return request.make_response(
            content,
            [
                ("Content-Type", CONTENT_TYPES["xlsx"]),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
