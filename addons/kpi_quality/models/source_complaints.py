"""Sources of complaints: how many were fair, by visits, and how fast they are met.

Only fair ones are counted: a press that no expert has judged yet is in no figure.
FORMULAS.md, "Department dissatisfaction (red button)".
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .visit_sql import seller_visits

COMPLAINT_SOURCES = [
    ("dissatisfaction_department", "Customer dissatisfaction: department (red button)"),
    ("complaints", "Complaints (fair, all channels)"),
    ("complaint_share", "Fair complaints by visits"),
    ("complaint_reaction_minutes", "Reaction to complaints (minutes)"),
]


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=COMPLAINT_SOURCES,
        ondelete={source: "cascade" for source, _name in COMPLAINT_SOURCES},
    )

    @api.model
    def _get_sources(self):
        of_complaints = {"aggregation": "ratio", "by_user": False}
        return super()._get_sources() | {
            "dissatisfaction_department": of_complaints,
            "complaints": {**of_complaints, "aggregation": "sum"},
            "complaint_share": of_complaints,
            "complaint_reaction_minutes": of_complaints,
        }

    def _select_complaint_rows(self, window, numerator, denominator, condition):
        """One row per complaint.

        :param SQL condition: over ``complaint``, the ``press`` and the ``company``
        """
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM kpi_feedback_complaint AS complaint
                JOIN res_company AS company
                    ON company.id = complaint.company_id
                LEFT JOIN kpi_feedback_event AS press
                    ON press.id = complaint.event_id
                WHERE complaint.moment >= %(utc_from)s
                    AND complaint.moment < %(utc_to)s
                    AND %(condition)s
                """,
                utc_from=window.utc_from,
                utc_to=window.utc_to,
                condition=condition,
            ),
            res_model=SQL("'kpi.feedback.complaint'"),
            res_id=SQL("complaint.id"),
            moment=SQL("complaint.moment"),
            company_id=SQL("complaint.company_id"),
            site_id=SQL("complaint.site_id"),
            department_id=SQL("complaint.department_id"),
            employee_id=SQL("complaint.employee_id"),
            partner_id=SQL("complaint.partner_id"),
            numerator=numerator,
            denominator=denominator,
        )

    def _select_visit_rows(self, window):
        """What complaints are divided by: the visits of departments and sellers."""
        return self.env["kpi.engine"]._document_select(
            SQL("FROM (%s) AS visit", seller_visits(window)),
            res_model=SQL("visit.res_model"),
            res_id=SQL("visit.res_id"),
            moment=SQL("visit.moment"),
            day=SQL("visit.date"),
            company_id=SQL("visit.company_id"),
            site_id=SQL("visit.site_id"),
            department_id=SQL("visit.department_id"),
            employee_id=SQL("visit.employee_id"),
            numerator=SQL("0"),
            denominator=SQL("visit.visits"),
        )

    def _select_dissatisfaction_department(self, window):
        """(Fair passive + f x fair active presses) by visits of the department."""
        return SQL(
            "%s UNION ALL %s",
            self._select_complaint_rows(
                window,
                numerator=SQL(
                    """
                    CASE complaint.kind
                        WHEN 'active' THEN company.kpi_active_factor
                        ELSE 1
                    END
                    """
                ),
                denominator=SQL("0"),
                condition=SQL(
                    "complaint.state = 'fair' AND complaint.channel = 'red_button'"
                ),
            ),
            self._select_visit_rows(window),
        )

    def _select_complaints(self, window):
        """Fair complaints of all channels."""
        return self._select_complaint_rows(
            window, SQL("1"), SQL("0"), SQL("complaint.state = 'fair'")
        )

    def _select_complaint_share(self, window):
        """Fair complaints of all channels by visits of the department."""
        return SQL(
            "%s UNION ALL %s",
            self._select_complaints(window),
            self._select_visit_rows(window),
        )

    def _select_complaint_reaction_minutes(self, window):
        """Minutes from a held press or a registered complaint until somebody cares.

        By the server's clock: from the arrival of the press, since a console that was
        offline is nobody's slowness. What nobody took care of waits up to now. What
        was judged unfair needed no reaction [ours].
        """
        since = SQL("COALESCE(press.received_at, complaint.moment)")
        now = SQL("%s::timestamp", window.now)
        return self._select_complaint_rows(
            window,
            numerator=SQL(
                """
                GREATEST(
                    0,
                    EXTRACT(
                        EPOCH FROM LEAST(complaint.reacted_at, %(now)s) - %(since)s
                    )
                ) / 60
                """,
                since=since,
                now=now,
            ),
            denominator=SQL("1"),
            condition=SQL(
                """
                (complaint.kind = 'active' OR complaint.channel != 'red_button')
                AND complaint.state != 'unfair'
                AND %(since)s <= %(now)s
                """,
                since=since,
                now=now,
            ),
        )
