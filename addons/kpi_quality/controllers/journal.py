import math
import re

from odoo.http import Controller, request, route

from ..const import JOURNAL_MODELS
from .kpi_quality import MOST_ID

DAY = 24 * 60 * 60
VISIT_KEY = re.compile(r"[0-9a-f-]{8,36}")


class KpiJournalController(Controller):
    @route(
        "/kpi_quality/journal/opened",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=False,  # a beacon sends no token; other sites may not send JSON
        save_session=False,
        max_content_length=1024,
    )
    def log_visit(self):
        """How long the user has worked on a document so far.

        The body is ``{"model", "id", "visit", "seconds"}``; ``visit`` is the same key
        whenever the same visit is told again.

        :return: 204; 400 for what makes no sense, 404 for what the user may not read
        """
        visit = self._parse_visit()
        if visit is None:
            return request.make_response("", status=400)
        model, res_id, key, seconds = visit
        document = request.env[model].browse(res_id).exists()
        is_ours = request.env.user._is_internal()
        if not is_ours or not document or not document.has_access("read"):
            return request.make_response("", status=404)
        # Nobody writes the journal but PostgreSQL and this very statement.
        request.env["kpi.order.journal"]._log_visit(document, key, seconds)
        return request.make_response("", status=204)

    def _parse_visit(self):
        """:return: model, id, key and seconds; None when they are no such thing"""
        if request.httprequest.mimetype != "application/json":
            return None
        try:
            data = request.get_json_data()
        except (ValueError, RecursionError):
            return None
        if not isinstance(data, dict):
            return None
        model, res_id, key, seconds = (
            data.get(name) for name in ("model", "id", "visit", "seconds")
        )
        if (
            not isinstance(model, str)
            or model not in dict(JOURNAL_MODELS)
            or type(res_id) is not int
            or not 0 < res_id <= MOST_ID
            or not isinstance(key, str)
            or not VISIT_KEY.fullmatch(key)
            or type(seconds) not in (int, float)
            or (isinstance(seconds, float) and math.isnan(seconds))
        ):
            return None
        return model, res_id, key, round(min(max(seconds, 0), DAY))
