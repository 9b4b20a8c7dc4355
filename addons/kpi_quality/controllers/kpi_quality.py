from odoo.http import Controller, content_disposition, request, route
from odoo.tools.osutil import clean_filename

MOST_ID = 2**31 - 1
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv;charset=utf-8",
}


class KpiQualityController(Controller):
    @route(
        f"/kpi_quality/bonus_run/<int(max={MOST_ID}):run_id>.<any(xlsx,csv):extension>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export_bonus_run(self, run_id, extension):
        """A bonus run as a file, in the user's language.

        :raise werkzeug.exceptions.NotFound: no such run, or not for this user: the
            same answer, so that nobody learns which runs there are
        """
        # The session may remember the language of another day.
        request.update_context(**request.env["res.users"].context_get())
        run = request.env["kpi.bonus.run"].browse(run_id).exists()
        if not run or not run.has_access("read"):
            raise request.not_found()
        export = request.env["kpi.bonus.run.export"]
        content = export._to_xlsx(run) if extension == "xlsx" else export._to_csv(run)
        filename = f"{clean_filename(run.name)}.{extension}"
        return request.make_response(
            content,
            [
                ("Content-Type", CONTENT_TYPES[extension]),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
