"""Sources of the sales floor: who came, whom sellers turned to, who bought."""

from odoo import api, fields, models
from odoo.tools import SQL

from . import visit_sql
from .kpi_engine_documents import DOCUMENT_COLUMNS

FLOOR_SOURCES = [
    ("site_visitors", "Visitors of the site"),
    ("department_visits", "Visits of the department"),
    ("visitor_coverage", "Visitor coverage (attempts by visits)"),
    ("sale_conversion", "Exact conversion (sales by attempts)"),
]
FOUND_AS = {
    "res_model": SQL("visit.res_model"),
    "res_id": SQL("visit.res_id"),
    "moment": SQL("visit.moment"),
    "day": SQL("visit.date"),
    "company_id": SQL("visit.company_id"),
    "site_id": SQL("visit.site_id"),
}


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=FLOOR_SOURCES,
        ondelete={source: "cascade" for source, _name in FLOOR_SOURCES},
    )

    @api.model
    def _get_sources(self):
        # Where nobody counts, it is not known that nobody came.
        counted = {"aggregation": "sum", "by_user": False, "nothing_is_zero": False}
        return super()._get_sources() | {
            "site_visitors": counted,
            "department_visits": counted,
            "visitor_coverage": {"aggregation": "ratio", "by_user": False},
            "sale_conversion": {"aggregation": "ratio"},
        }

    # --------------------------------------------------------------- visits
    def _select_site_visitors(self, window):
        """Who came in, by counters and counting presses; nobody's in particular."""
        return self.env["kpi.engine"]._document_select(
            SQL("FROM (%s) AS visit", visit_sql.site_visitors(window)),
            **FOUND_AS,
            numerator=SQL("visit.visitors"),
            denominator=SQL("0"),
        )

    def _select_department_visits(self, window):
        """Site visitors x popularity, split among those who worked there then."""
        return self._select_seller_visits(window, SQL("visit.visits"), SQL("0"))

    def _select_seller_visits(self, window, numerator, denominator):
        return self.env["kpi.engine"]._document_select(
            SQL("FROM (%s) AS visit", visit_sql.seller_visits(window)),
            **FOUND_AS,
            department_id=SQL("visit.department_id"),
            employee_id=SQL("visit.employee_id"),
            numerator=numerator,
            denominator=denominator,
        )

    # ------------------------------------------------------------- attempts
    def _select_attempts(self, window, numerator, denominator, rest=None):
        """Attempts that no expert rejected; of an unknown seller the department's.

        :param SQL rest: further WHERE over ``attempt`` and its local ``date``
        """
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM kpi_feedback_attempt AS attempt
                JOIN kpi_site AS site
                    ON site.id = attempt.site_id
                CROSS JOIN LATERAL (
                    SELECT (
                        attempt.moment AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                    )::date AS date
                ) AS local
                WHERE attempt.state != 'rejected'
                    AND attempt.moment >= %(utc_from)s
                    AND attempt.moment < %(utc_to)s
                    AND %(rest)s
                """,
                utc_from=window.utc_from,
                utc_to=window.utc_to,
                rest=rest or SQL("TRUE"),
            ),
            res_model=SQL("'kpi.feedback.attempt'"),
            res_id=SQL("attempt.id"),
            moment=SQL("attempt.moment"),
            company_id=SQL("attempt.company_id"),
            site_id=SQL("attempt.site_id"),
            department_id=SQL("attempt.department_id"),
            employee_id=SQL("attempt.employee_id"),
            numerator=numerator,
            denominator=denominator,
        )

    def _select_visitor_coverage(self, window):
        """Attempts by department visits, of sellers by the hours they worked.

        Attempts of a day whose visits nobody knows do not count: there is nothing to
        divide them by, and they would raise the figure of the other days.
        """
        known = SQL(
            """
            (attempt.site_id, local.date, attempt.department_id) IN (
                SELECT
                    visited.site_id,
                    visited.date,
                    related.id
                FROM (
                    SELECT DISTINCT site_id, date, department_id
                    FROM (%s) AS visit
                ) AS visited
                JOIN hr_department AS department
                    ON department.id = visited.department_id
                -- Visits may be known of a department as a whole, or of its parts.
                JOIN hr_department AS related
                    ON related.parent_path LIKE department.parent_path || '%%'
                    OR department.parent_path LIKE related.parent_path || '%%'
            )
            """,
            visit_sql.department_visits(window),
        )
        return SQL(
            "%s UNION ALL %s",
            self._select_attempts(window, SQL("1"), SQL("0"), known),
            self._select_seller_visits(window, SQL("0"), SQL("visit.visits")),
        )

    # ----------------------------------------------------------- conversion
    def _select_sale_conversion(self, window):
        """Sales by attempts; whoever sells without an attempt shows above 100 %."""
        sales = self._sales_documents(window)
        return SQL(
            "%s UNION ALL %s",
            self._heard_at_points(sales, ("attempt", "both")),
            self._select_attempts(window, SQL("0"), SQL("1")),
        )

    def _sales_documents(self, window):
        """SQL: one document per sale that no refund has undone, numerator 1.

        Add-ons with other kinds of sales, e.g. till receipts, add theirs by UNION ALL,
        in the columns of ``kpi.engine._document_select``.
        """
        return self._select_orders(
            window, {"rest": self._not_undone(window)}, SQL("1"), SQL("0")
        )

    @api.model
    def _heard_at_points(self, documents, meanings):
        """SQL: of these documents, those of departments where sellers press a button.

        A web shop has no counter: its sales would only raise the company's conversion,
        with no attempts to divide them by.

        :param tuple meanings: what the seller's press means there
        """
        return SQL(
            """
            SELECT %(columns)s
            FROM (%(documents)s) AS document
            LEFT JOIN hr_employee AS of_user
                ON of_user.user_id = document.user_id
                AND of_user.company_id = document.company_id
            LEFT JOIN (%(departments_of_days)s) AS member
                ON member.employee_id = COALESCE(document.employee_id, of_user.id)
                AND COALESCE(document.day, document.moment::date) >= member.date_from
                AND COALESCE(document.day, document.moment::date) < member.date_to
            WHERE COALESCE(document.department_id, member.department_id) IN (
                SELECT department.id
                FROM kpi_feedback_point_rule AS rule
                JOIN kpi_feedback_point AS point
                    ON point.id = rule.point_id
                    AND point.kind IN ('three_button', 'seller_button')
                LEFT JOIN hr_department AS served
                    ON served.id = rule.department_id
                JOIN hr_department AS department
                    ON department.parent_path LIKE served.parent_path || '%%'
                    OR served.id IS NULL
                    AND department.kpi_site_id = point.site_id
                WHERE rule.seller_meaning IN %(meanings)s
            )
            """,
            columns=SQL(", ").join(
                SQL("document.%s", SQL.identifier(name)) for name in DOCUMENT_COLUMNS
            ),
            documents=documents,
            departments_of_days=visit_sql.DEPARTMENTS_OF_DAYS,
            meanings=meanings,
        )
