"""Hours of the day in which sellers turn to too few of the visitors."""

from odoo import api, models
from odoo.tools import SQL

from ..tools import staffing


class KpiReader(models.AbstractModel):
    _inherit = "kpi.reader"

    @api.model
    def _thin_hours(self, place, date_from, date_to):
        """Find the hours with too few sellers, by the measured visitor coverage.

        :param place: a site, or a department with those below it
        :return: ``[(hour_from, hour_to, coverage, visits, attempts)]``, the coverage as
            a share of 1, the last hour not included
        :rtype: list[odoo.addons.kpi_quality.tools.staffing.ThinStretch]
        """
        place.ensure_one()
        self.env.flush_all()
        if place._name == "kpi.site":
            here = SQL("measured.site_id = %s", place.id)
        else:
            here = SQL(
                """
                measured.department_id IN (
                    SELECT id FROM hr_department WHERE parent_path LIKE %s
                )
                """,
                f"{place.parent_path}%",
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    measured.hour,
                    SUM(measured.numerator),
                    SUM(measured.denominator),
                    COUNT(DISTINCT measured.date) FILTER (
                        WHERE measured.denominator > 0
                    )
                FROM kpi_measurement AS measured
                WHERE measured.indicator_id = (
                        SELECT id
                        FROM kpi_indicator
                        WHERE source = 'visitor_coverage'
                            AND grain = 'hour'
                            AND state = 'active'
                            AND COALESCE(company_id, %(company)s) = %(company)s
                        ORDER BY sequence, id
                        LIMIT 1
                    )
                    AND measured.company_id = %(company)s
                    AND measured.date BETWEEN %(date_from)s AND %(date_to)s
                    AND measured.hour IS NOT NULL
                    AND %(here)s
                GROUP BY measured.hour
                """,
                company=place.company_id.id,
                date_from=date_from,
                date_to=date_to,
                here=here,
            )
        )
        return staffing.thin_stretches(
            [
                staffing.HourFigures(hour, float(attempts), float(visits), days)
                for hour, attempts, visits, days in rows
            ]
        )
