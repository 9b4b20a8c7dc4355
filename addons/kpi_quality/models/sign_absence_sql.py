"""Signs of presses that are missing, in SQL: silent hours, attempts far from visits.

The rest is in ``sign_sql``; what they read beside ``press`` is here.
"""

from odoo.tools import SQL

from ..tools.signs import LIMITS
from . import visit_sql


def silent(window, opening):
    """Not one press in whole opened hours in which there are many on other days, or in
    which the department had many visits. Hours with force majeure say nothing.

    :param SQL opening: ``(site_id, start, stop)``, see ``kpi.site._opening_table``
    """
    return SQL(
        """
        SELECT
            'silent', point_id, company_id, site_id, department_id, NULL::int4, date,
            MIN(start), MAX(stop),
            0, NULLIF(SUM(usual), 0), NULLIF(SUM(visits), 0), NULL::varchar
        FROM (
            SELECT
                *,
                hour - row_number() OVER (
                    PARTITION BY point_id, date ORDER BY hour
                ) AS number
            FROM (%(hours)s) AS silent_hour
        ) AS numbered
        GROUP BY point_id, company_id, site_id, department_id, date, number
        """,
        hours=_silent_hours(window, opening),
    )


def _silent_hours(window, opening):
    return SQL(
        """
        SELECT
            point.id AS point_id,
            point.company_id,
            point.site_id,
            point.department_id,
            life.date,
            clock.hour,
            slot.start,
            slot.stop,
            usual.presses / life.days_before AS usual,
            visit.visits
        FROM kpi_feedback_point AS point
        JOIN kpi_site AS site
            ON site.id = point.site_id
        JOIN life
            ON life.point_id = point.id
        CROSS JOIN generate_series(0, 23) AS clock(hour)
        CROSS JOIN LATERAL (
            SELECT
                (life.date + make_interval(hours => clock.hour))
                    AT TIME ZONE site.tz AT TIME ZONE 'UTC' AS start,
                (life.date + make_interval(hours => clock.hour + 1))
                    AT TIME ZONE site.tz AT TIME ZONE 'UTC' AS stop
        ) AS slot
        LEFT JOIN usual
            ON usual.point_id = point.id
            AND usual.date = life.date
            AND usual.hour = clock.hour
        LEFT JOIN visited AS visit
            ON visit.department_id = point.department_id
            AND visit.site_id = point.site_id
            AND visit.date = life.date
            AND visit.hour = clock.hour
            -- another console of the department may have been used instead
            AND NOT EXISTS (
                SELECT
                FROM hourly
                WHERE hourly.department_id = point.department_id
                    AND hourly.date = life.date
                    AND hourly.hour = clock.hour
            )
        WHERE point.active
            AND point.kind IN ('three_button', 'seller_button')
            AND slot.stop <= %(now)s
            AND life.days_before >= %(days)s
            AND (
                usual.presses >= %(silent_presses)s * life.days_before
                OR visit.visits >= %(silent_visits)s
            )
            AND (site.opening_calendar_id IS NOT NULL OR life.is_used)
            AND NOT EXISTS (
                SELECT
                FROM hourly
                WHERE hourly.point_id = point.id
                    AND hourly.date = life.date
                    AND hourly.hour = clock.hour
            )
            AND EXISTS (
                SELECT
                FROM %(opening)s AS opened
                WHERE opened.site_id = point.site_id
                    AND opened.start <= slot.start
                    AND opened.stop >= slot.stop
            )
            AND NOT EXISTS (
                SELECT
                FROM kpi_force_majeure AS trouble
                WHERE trouble.point_id = point.id
                    AND trouble.state != 'rejected'
                    AND trouble.start_at < slot.stop
                    AND trouble.stop_at > slot.start
            )
        """,
        now=window.now,
        days=LIMITS.silent_days,
        silent_presses=LIMITS.silent_presses,
        silent_visits=LIMITS.silent_visits,
        opening=opening,
    )


def hourly():
    """SQL: presses by point, local day and hour: ``hourly``."""
    return SQL(
        """
        SELECT point_id, department_id, date, hour, COUNT(*) AS presses
        FROM press
        GROUP BY point_id, department_id, date, hour
        """
    )


def usual(window):
    """SQL: presses of an hour on the days before each day: ``usual``."""
    return SQL(
        """
        SELECT hourly.point_id, day.date, hourly.hour, SUM(hourly.presses) AS presses
        FROM hourly
        JOIN (%(days)s) AS day
            ON hourly.date >= day.date - %(history)s
            AND hourly.date < day.date
        GROUP BY hourly.point_id, day.date, hourly.hour
        """,
        days=_days(window),
        history=LIMITS.history,
    )


def life(window):
    """SQL: on how many of the days before a point was used, and whether on the day
    itself: ``life``.
    """
    return SQL(
        """
        SELECT
            used.point_id,
            day.date,
            COUNT(*) FILTER (WHERE used.date < day.date) AS days_before,
            bool_or(used.date = day.date) AS is_used
        FROM (SELECT DISTINCT point_id, date FROM hourly) AS used
        JOIN (%(days)s) AS day
            ON used.date >= day.date - %(history)s
            AND used.date <= day.date
        GROUP BY used.point_id, day.date
        """,
        days=_days(window),
        history=LIMITS.history,
    )


def _days(window):
    return SQL(
        """
        SELECT day::date AS date
        FROM generate_series(%s::timestamp, %s::timestamp, '1 day') AS day
        """,
        window.date_from,
        window.date_to,
    )


def visited(window):
    """SQL: visits of a department by local hour: ``visited``."""
    return SQL(
        """
        SELECT site_id, department_id, date, hour, SUM(visits) AS visits
        FROM (%s) AS visit
        GROUP BY site_id, department_id, date, hour
        """,
        visit_sql.department_visits(window),
    )


def far_from_visits(window):
    """A seller's attempts are far more, or far fewer, than the visits there were.

    Of departments only whose sellers have a button.
    """
    return SQL(
        """
        SELECT
            'far', NULL::int4, visit.company_id, visit.site_id, visit.department_id,
            visit.employee_id, visit.date,
            visit.date::timestamp AT TIME ZONE site.tz AT TIME ZONE 'UTC',
            (visit.date + 1)::timestamp AT TIME ZONE site.tz AT TIME ZONE 'UTC',
            COALESCE(attempt.presses, 0), NULL::numeric, visit.visits, NULL::varchar
        FROM (
            SELECT
                company_id, site_id, department_id, employee_id, date,
                SUM(visits) AS visits
            FROM (%(visits)s) AS part
            WHERE employee_id IS NOT NULL
            GROUP BY company_id, site_id, department_id, employee_id, date
        ) AS visit
        JOIN kpi_site AS site
            ON site.id = visit.site_id
        LEFT JOIN (
            SELECT
                made.site_id,
                made.department_id,
                made.employee_id,
                (made.moment AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::date AS date,
                COUNT(*) AS presses
            FROM kpi_feedback_attempt AS made
            JOIN kpi_site AS place
                ON place.id = made.site_id
            WHERE made.moment >= %(utc_from)s
                AND made.moment < %(utc_to)s
                AND made.state != 'rejected'
            GROUP BY 1, 2, 3, 4
        ) AS attempt
            ON attempt.site_id = visit.site_id
            AND attempt.department_id = visit.department_id
            AND attempt.employee_id = visit.employee_id
            AND attempt.date = visit.date
        WHERE visit.visits >= %(least)s
            AND (
                COALESCE(attempt.presses, 0) > %(above)s * visit.visits
                OR COALESCE(attempt.presses, 0) < %(below)s * visit.visits
            )
            AND EXISTS (
                SELECT
                FROM kpi_feedback_point AS point
                WHERE point.department_id = visit.department_id
                    AND point.site_id = visit.site_id
                    AND point.active
                    AND point.kind IN ('three_button', 'seller_button')
                    AND point.seller_meaning IN ('attempt', 'both')
            )
        """,
        visits=visit_sql.seller_visits(window),
        utc_from=window.utc_from,
        utc_to=window.utc_to,
        least=LIMITS.far_visits,
        above=LIMITS.far_above,
        below=LIMITS.far_below,
    )
