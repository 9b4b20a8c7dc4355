import logging
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.window import Window
from . import sign_absence_sql, sign_sql
from .kpi_engine import CONFLICTS

_logger = logging.getLogger(__name__)
# Consoles that were offline deliver their presses late.
SEARCHED_DAYS = 7
FACTS = SQL("department_id, stop, presses, compared, visits, answer")


class KpiFeedbackSign(models.Model):
    """Finding the signs of whole days, all kinds in one statement."""

    _inherit = "kpi.feedback.sign"

    @api.model
    def _cron_find(self):
        try:
            today = self.env["kpi.engine"]._today_window()
            yesterday = today.date_from - timedelta(days=1)
            since = yesterday - timedelta(days=SEARCHED_DAYS - 1)
            self._find(Window(since, yesterday, today.now))
        except CONFLICTS as error:
            # Somebody said something about a sign meanwhile: the next night finds more.
            self.env.cr.rollback()
            _logger.info("Signs of foul play are left for the next run: %s", error)

    @api.model
    def _find(self, window):
        """Bring the signs of local days in line with the presses.

        What somebody said something about stays, whatever is found later.
        """
        self.env.flush_all()
        places = self.env["kpi.site"].sudo().with_context(active_test=False)
        places = places.search(Domain.TRUE)  # of all companies
        opening = places._opening_table(window.utc_from, window.utc_to)
        self.env.cr.execute(
            SQL(
                """
                WITH press AS MATERIALIZED (%(presses)s),
                attended AS MATERIALIZED (%(attended)s),
                answered AS MATERIALIZED (%(answered)s),
                daily AS MATERIALIZED (%(daily)s),
                hourly AS MATERIALIZED (%(hourly)s),
                usual AS MATERIALIZED (%(usual)s),
                life AS MATERIALIZED (%(life)s),
                visited AS MATERIALIZED (%(visited)s),
                sign(%(columns)s) AS (%(signs)s),
                found AS MATERIALIZED (
                    SELECT
                        kind, point_id, company_id, site_id, department_id,
                        employee_id, date,
                        date_trunc('second', start) AS start,
                        date_trunc('second', stop) AS stop,
                        presses, compared, visits, answer
                    FROM sign
                ),
                gone AS (
                    DELETE FROM kpi_feedback_sign AS old
                    WHERE old.state = 'new'
                        AND old.date BETWEEN %(date_from)s AND %(date_to)s
                        AND NOT EXISTS (
                            SELECT
                            FROM found
                            WHERE %(same)s
                                AND found.start = old.start
                        )
                )
                INSERT INTO kpi_feedback_sign AS known (%(columns)s, state)
                SELECT %(columns)s, 'new'
                FROM found
                WHERE NOT EXISTS (
                    SELECT
                    FROM kpi_feedback_sign AS old
                    WHERE old.state != 'new'
                        AND %(same)s
                        AND found.start != old.start
                        AND found.start <= old.stop
                        AND found.stop >= old.start
                )
                ON CONFLICT (
                    kind, date, COALESCE(point_id, 0), COALESCE(employee_id, 0), start
                )
                DO UPDATE SET (%(facts)s) = ROW(%(new_facts)s)
                WHERE (%(known_facts)s) IS DISTINCT FROM (%(new_facts)s)
                """,
                presses=sign_sql.presses(window),
                attended=sign_sql.attended(window),
                answered=sign_sql.answered(window),
                daily=sign_sql.daily(),
                hourly=sign_absence_sql.hourly(),
                usual=sign_absence_sql.usual(window),
                life=sign_absence_sql.life(window),
                visited=sign_absence_sql.visited(window),
                columns=SQL(", ").join(map(SQL.identifier, sign_sql.SIGN_COLUMNS)),
                signs=SQL(" UNION ALL ").join(self._sign_selects(window, opening)),
                same=SQL(
                    """
                    found.kind = old.kind
                    AND found.date = old.date
                    AND found.point_id IS NOT DISTINCT FROM old.point_id
                    AND found.employee_id IS NOT DISTINCT FROM old.employee_id
                    """
                ),
                facts=FACTS,
                new_facts=self._facts_of("excluded"),
                known_facts=self._facts_of("known"),
                date_from=window.date_from,
                date_to=window.date_to,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _facts_of(self, table):
        return SQL(", ").join(
            SQL.identifier(table, name)
            for name in (
                "department_id",
                "stop",
                "presses",
                "compared",
                "visits",
                "answer",
            )
        )

    @api.model
    def _sign_selects(self, window, opening):
        """:return: one SELECT per kind"""
        return [
            sign_sql.bursts(window),
            sign_sql.outside_hours(window, opening),
            sign_sql.unattended(window),
            sign_sql.instant_answers(window),
            sign_sql.streaks(window),
            sign_absence_sql.silent(window, opening),
            sign_absence_sql.far_from_visits(window),
        ]
