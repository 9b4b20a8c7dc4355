"""Who came, in SQL: visitors of a site, visits of its departments, of their sellers.

Apart from the models, for all sources that divide by visits. Every function gives a
SELECT over local days; :data:`VISIT_COLUMNS` begin each of them.
"""

from odoo.tools import SQL

# One row per counted hour or press: the document, where and when. ``hour`` (local) and
# ``moment`` (UTC) are NULL where a whole day was counted at once.
VISIT_COLUMNS = (
    "res_model",
    "res_id",
    "company_id",
    "site_id",
    "entrance_id",
    "date",
    "hour",
    "moment",
)
# Presses over ``event``: an observation of a popularity study and nothing else.
IN_STUDY = SQL(
    """
    EXISTS (
        SELECT
        FROM kpi_feedback_point_kpi_popularity_study_line_rel AS observing
        JOIN kpi_popularity_study_line AS studied
            ON studied.id = observing.kpi_popularity_study_line_id
        JOIN kpi_popularity_study AS study
            ON study.id = studied.study_id
        WHERE observing.kpi_feedback_point_id = event.point_id
            AND study.state IN ('running', 'done')
            AND study.start <= event.pressed_at
            AND event.pressed_at < COALESCE(study.stop, 'infinity')
    )
    """
)

# Employees with the department of each stretch of days.
DEPARTMENTS_OF_DAYS = SQL(
    """
    SELECT
        employee_id,
        department_id,
        CASE
            WHEN row_number() OVER versions = 1 THEN '-infinity'::date
            ELSE date_version
        END AS date_from,
        lead(date_version, 1, 'infinity'::date) OVER versions AS date_to
    FROM hr_version
    WHERE active
        AND employee_id IS NOT NULL
    WINDOW versions AS (PARTITION BY employee_id ORDER BY date_version)
    """
)


def columns_of(table):
    """SQL: :data:`VISIT_COLUMNS` of one table."""
    return SQL(", ").join(SQL.identifier(table, name) for name in VISIT_COLUMNS)


def site_visitors(window):
    """SQL: who came in by the doors of a site.

    A counter wins over single presses at its door in the same hour, or on a day that
    was counted as a whole: nobody is counted twice.

    :return: SELECT of :data:`VISIT_COLUMNS` and ``visitors``
    """
    return SQL(
        """
        SELECT
            'kpi.visitor.count' AS res_model,
            counted.id AS res_id,
            counted.company_id,
            counted.site_id,
            counted.entrance_id,
            counted.date,
            NULLIF(counted.hour, -1) AS hour,
            CASE
                WHEN counted.hour >= 0
                THEN (counted.date + make_interval(hours => counted.hour))
                    AT TIME ZONE site.tz AT TIME ZONE 'UTC'
            END AS moment,
            counted.visitors
        FROM kpi_visitor_count AS counted
        JOIN kpi_site AS site
            ON site.id = counted.site_id
        WHERE counted.date BETWEEN %(date_from)s AND %(date_to)s
        UNION ALL
        SELECT
            'kpi.feedback.event',
            press.id,
            press.company_id,
            press.site_id,
            press.entrance_id,
            press.local_moment::date,
            EXTRACT(HOUR FROM press.local_moment)::int4,
            press.pressed_at,
            1
        FROM (
            SELECT
                event.id,
                event.company_id,
                event.pressed_at,
                entrance.site_id,
                point.entrance_id,
                event.pressed_at AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                    AS local_moment
            FROM kpi_feedback_point AS point
            JOIN kpi_site_entrance AS entrance
                ON entrance.id = point.entrance_id
            JOIN kpi_site AS site
                ON site.id = entrance.site_id
            JOIN kpi_feedback_event AS event
                ON event.point_id = point.id
                AND event.button = 'visitor'
                AND event.pressed_at >= %(utc_from)s
                AND event.pressed_at < %(utc_to)s
            WHERE point.kind = 'counting'
                AND NOT %(in_study)s
        ) AS press
        WHERE press.local_moment::date BETWEEN %(date_from)s AND %(date_to)s
            AND NOT EXISTS (
                SELECT
                FROM kpi_visitor_count AS counted
                WHERE counted.entrance_id = press.entrance_id
                    AND counted.date = press.local_moment::date
                    AND counted.hour IN (
                        -1, EXTRACT(HOUR FROM press.local_moment)::int4
                    )
            )
        """,
        in_study=IN_STUDY,
        date_from=window.date_from,
        date_to=window.date_to,
        utc_from=window.utc_from,
        utc_to=window.utc_to,
    )


def visitors_between(site_id, start, stop):
    """SQL: who came in at a site between two moments, exactly.

    Presses count one by one, a counter's hours (or days) only when they lie fully
    inside; presses at a door whose counter is taken do not count again.

    :return: SELECT of one row: visitors, NULL when nothing was counted; and whether
        some are known in part only, by an hour that lies across start or stop
    """
    return SQL(
        """
        WITH counted AS (
            SELECT
                entrance_id,
                visitors,
                start,
                stop,
                start >= %(start)s AND stop <= %(stop)s AS is_inside
            FROM (
                SELECT
                    count.entrance_id,
                    count.visitors,
                    slot.start AT TIME ZONE site.tz AT TIME ZONE 'UTC' AS start,
                    slot.stop AT TIME ZONE site.tz AT TIME ZONE 'UTC' AS stop
                FROM kpi_visitor_count AS count
                JOIN kpi_site AS site
                    ON site.id = count.site_id
                CROSS JOIN LATERAL (
                    SELECT
                        count.date + make_interval(hours => GREATEST(count.hour, 0))
                            AS start,
                        count.date + make_interval(
                            hours => CASE count.hour
                                WHEN -1 THEN 24
                                ELSE count.hour + 1
                            END
                        ) AS stop
                ) AS slot
                WHERE count.site_id = %(site_id)s
                    -- A day more on both sides: the zone is that of the site.
                    AND count.date BETWEEN %(start)s::date - 1 AND %(stop)s::date + 1
            ) AS slot
            WHERE start < %(stop)s
                AND stop > %(start)s
        ),
        pressed AS (
            SELECT
                point.entrance_id,
                event.pressed_at
            FROM kpi_feedback_point AS point
            JOIN kpi_site_entrance AS entrance
                ON entrance.id = point.entrance_id
            JOIN kpi_feedback_event AS event
                ON event.point_id = point.id
                AND event.button = 'visitor'
                AND event.pressed_at >= %(start)s
                AND event.pressed_at < %(stop)s
            WHERE point.kind = 'counting'
                AND entrance.site_id = %(site_id)s
                AND NOT %(in_study)s
        )
        SELECT
            (
                SELECT SUM(visitors)
                FROM (
                    SELECT visitors FROM counted WHERE is_inside
                    UNION ALL
                    SELECT 1 FROM pressed
                    WHERE NOT EXISTS (
                        SELECT FROM counted
                        WHERE counted.is_inside
                            AND counted.entrance_id = pressed.entrance_id
                            AND counted.start <= pressed.pressed_at
                            AND pressed.pressed_at < counted.stop
                    )
                ) AS visitor
            ),
            EXISTS (
                SELECT FROM counted
                WHERE NOT is_inside
                    AND entrance_id NOT IN (SELECT entrance_id FROM pressed)
            )
        """,
        site_id=site_id,
        start=start,
        stop=stop,
        in_study=IN_STUDY,
    )


def department_visits(window):
    """SQL: site visitors x popularity, for each department of the study in force.

    That is the newest accepted study of the site that is valid on the day; days
    without one have no rows.

    :return: SELECT of :data:`VISIT_COLUMNS`, ``department_id`` and ``visits``; add up
        over (site, department, date, hour) for a denominator
    """
    return SQL(
        """
        SELECT
            %(columns)s,
            popular.department_id,
            visitor.visitors * popular.popularity AS visits
        FROM (%(visitors)s) AS visitor
        JOIN (
            SELECT DISTINCT ON (study.site_id, day.date)
                study.id,
                study.site_id,
                day.date
            FROM kpi_popularity_study AS study
            JOIN (
                SELECT day::date AS date
                FROM generate_series(
                    %(date_from)s::timestamp, %(date_to)s::timestamp, '1 day'
                ) AS day
            ) AS day
                ON day.date BETWEEN study.valid_from
                    AND COALESCE(study.valid_to, 'infinity')
            WHERE study.state = 'done'
            ORDER BY study.site_id, day.date, study.valid_from DESC, study.id DESC
        ) AS in_force
            ON in_force.site_id = visitor.site_id
            AND in_force.date = visitor.date
        JOIN kpi_popularity_study_line AS popular
            ON popular.study_id = in_force.id
        """,
        columns=columns_of("visitor"),
        visitors=site_visitors(window),
        date_from=window.date_from,
        date_to=window.date_to,
    )


def seller_visits(window):
    """SQL: department visits, split by the hours that each seller worked there.

    In the same local hour, or on that day where only the day is known. Visits that
    nobody worked for stay whole and have no employee, so the parts add up.

    :return: SELECT of :data:`VISIT_COLUMNS`, ``department_id``, ``employee_id`` and
        ``visits``
    """
    return SQL(
        """
        WITH visit AS MATERIALIZED (%(visits)s),
        worked AS MATERIALIZED (%(worked)s),
        share AS (
            SELECT
                slot.*,
                SUM(seconds) OVER (
                    PARTITION BY site_id, department_id, date, hour
                ) AS all_seconds
            FROM (
                SELECT site_id, department_id, date, hour, employee_id, seconds
                FROM worked
                UNION ALL
                SELECT site_id, department_id, date, -1, employee_id, SUM(seconds)
                FROM worked
                GROUP BY site_id, department_id, date, employee_id
            ) AS slot
        )
        SELECT
            %(columns)s,
            visit.department_id,
            share.employee_id,
            COALESCE(visit.visits * share.seconds / share.all_seconds, visit.visits)
                AS visits
        FROM visit
        LEFT JOIN share
            ON share.site_id = visit.site_id
            AND share.department_id = visit.department_id
            AND share.date = visit.date
            AND share.hour = COALESCE(visit.hour, -1)
        """,
        visits=department_visits(window),
        worked=_worked(window),
        columns=columns_of("visit"),
    )


def _worked(window):
    """SQL over ``visit``: seconds worked per department, employee and local hour.

    By attendance, of those whose department it was on that day. Who is still there
    works until now, but not beyond the day: somebody may have forgotten to leave.
    """
    return SQL(
        """
        SELECT
            present.site_id,
            present.department_id,
            clock.hour::date AS date,
            EXTRACT(HOUR FROM clock.hour)::int4 AS hour,
            present.employee_id,
            SUM(
                EXTRACT(
                    EPOCH FROM LEAST(present.stop, clock.hour + interval '1 hour')
                    - GREATEST(present.start, clock.hour)
                )
            )::numeric AS seconds
        FROM (
            SELECT
                place.site_id,
                place.department_id,
                member.employee_id,
                member.date_from,
                member.date_to,
                GREATEST(local.start, %(date_from)s::timestamp) AS start,
                LEAST(
                    COALESCE(
                        local.stop,
                        LEAST(local.now, local.start::date + interval '1 day')
                    ),
                    %(date_to)s::timestamp + interval '1 day'
                ) AS stop
            FROM (
                SELECT DISTINCT site_id, department_id FROM visit
            ) AS place
            JOIN kpi_site AS site
                ON site.id = place.site_id
            JOIN (%(departments_of_days)s) AS member
                ON member.department_id = place.department_id
            JOIN hr_attendance AS attendance
                ON attendance.employee_id = member.employee_id
                AND attendance.check_in < %(utc_to)s
                AND COALESCE(attendance.check_out, 'infinity') > %(utc_from)s
            CROSS JOIN LATERAL (
                SELECT
                    attendance.check_in AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                        AS start,
                    attendance.check_out AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                        AS stop,
                    %(now)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE site.tz AS now
            ) AS local
        ) AS present
        CROSS JOIN LATERAL (
            SELECT hour
            FROM generate_series(
                date_trunc('hour', present.start), present.stop, '1 hour'
            ) AS hour
        ) AS clock
        WHERE present.start < present.stop
            AND clock.hour < present.stop
            AND clock.hour::date >= present.date_from
            AND clock.hour::date < present.date_to
        GROUP BY 1, 2, 3, 4, 5
        """,
        date_from=window.date_from,
        date_to=window.date_to,
        utc_from=window.utc_from,
        utc_to=window.utc_to,
        departments_of_days=DEPARTMENTS_OF_DAYS,
        now=window.now,
    )
