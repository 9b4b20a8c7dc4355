"""Who worked at a point, in SQL.

Apart from the models: importing a model early changes the order of overrides.
"""

from odoo.tools import SQL

# A login nobody ended, and an attendance nobody checked out of, end by themselves.
LOGIN_HOURS = 12
ATTENDANCE_HOURS = 24
# A duty of at most two days is found by its start, the few longer ones by themselves.
SHORT = SQL("stop IS NOT NULL AND stop <= start + INTERVAL '2 days'")
LONG = SQL("(stop IS NULL OR stop > start + INTERVAL '2 days')")


def seller_of(event_employee, point, department, moment):
    """SQL: JOIN that gives ``seller.employee_id``, NULL when nobody can be named.

    The employee the press names; else who was logged in at the point, the latest one;
    else the one person on the roster of the point, or of the department when the
    point has no roster then; else the one person of the department who is at work.
    Each is looked up by an index, and only when the ones before do not know.

    :param SQL event_employee: column with the employee named by the press, or NULL
    :param SQL point: column with the id of the point
    :param SQL department: column with the id of the department, or NULL
    :param SQL moment: column with a timestamp, UTC
    """
    return SQL(
        """
        LEFT JOIN LATERAL (
            SELECT COALESCE(
                %(event_employee)s,
                (%(logged_in)s),
                (%(on_roster)s),
                (%(at_work)s)
            ) AS employee_id
        ) AS seller ON TRUE
        """,
        event_employee=event_employee,
        logged_in=_logged_in(point, moment),
        on_roster=_on_roster(point, department, moment),
        at_work=at_work(point, department, moment),
    )


def shifts_of(occasions):
    """SQL: who was logged in, or else rostered, from when to when.

    Between two changes of duty it is the same person: looked up once for all presses.

    :param SQL occasions: SELECT of ``rule_id``, ``point_id``, ``department_id`` and
        ``day`` (UTC, a timestamp), each pair of rule and day once
    :return: SELECT of ``rule_id``, ``day``, ``since``, ``until`` (excluded) and
        ``employee_id``; the rows of a rule's day follow each other without a gap
    """
    return SQL(
        """
        WITH occasion AS MATERIALIZED (%(occasions)s)
        SELECT
            change.rule_id,
            change.day,
            change.since,
            LEAD(change.since, 1, change.day + INTERVAL '1 day') OVER (
                PARTITION BY
                    change.rule_id,
                    change.day
                ORDER BY change.since
            ) AS until,
            COALESCE((%(logged_in)s), (%(on_roster)s)) AS employee_id
        FROM (
            SELECT
                *,
                day AS since
            FROM occasion
            UNION
            SELECT
                occasion.*,
                change.since
            FROM occasion
            CROSS JOIN LATERAL (%(near)s) AS duty
            CROSS JOIN LATERAL (
                VALUES
                    (duty.start),
                    (duty.stop),
                    (duty.start + INTERVAL '%(hours)s hours')
            ) AS change (since)
            WHERE change.since > occasion.day
                AND change.since < occasion.day + INTERVAL '1 day'
        ) AS change
        """,
        occasions=occasions,
        logged_in=_logged_in(SQL("change.point_id"), SQL("change.since")),
        on_roster=_on_roster(
            SQL("change.point_id"), SQL("change.department_id"), SQL("change.since")
        ),
        near=_near(
            SQL("occasion.point_id"), SQL("occasion.department_id"), SQL("occasion.day")
        ),
        hours=SQL(str(LOGIN_HOURS)),
    )


def _near(point, department, day):
    """SQL: the duties of a point and its department that may change on a day."""
    return SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT
                duty.start,
                duty.stop
            FROM kpi_duty AS duty
            WHERE %(place)s
                AND duty.start < %(day)s + INTERVAL '1 day'
                AND %(rest)s
            """,
            place=place,
            day=day,
            rest=rest,
        )
        for place in _places(point, department)
        for rest in (SQL("duty.start > %s - INTERVAL '2 days'", day), LONG)
    )


def _places(point, department):
    """SQL: conditions on ``duty``: that it is at the point, or anywhere in the
    department.
    """
    return (
        SQL("duty.point_id = %s", point),
        SQL("duty.point_id IS NULL AND duty.department_id = %s", department),
    )


def _logged_in(point, moment):
    return SQL(
        """
        SELECT duty.employee_id
        FROM kpi_duty AS duty
        WHERE duty.kind = 'login'
            AND duty.point_id = %(point)s
            AND duty.start <= %(moment)s
            AND duty.start > %(moment)s - INTERVAL '%(hours)s hours'
            AND (duty.stop IS NULL OR duty.stop > %(moment)s)
        ORDER BY
            duty.start DESC,
            duty.id DESC
        LIMIT 1
        """,
        point=point,
        moment=moment,
        hours=SQL(str(LOGIN_HOURS)),
    )


def _on_roster(point, department, moment):
    """SQL: the only one rostered at the most exact place that has a roster then."""
    covering = [
        SQL(
            """
            SELECT
                duty.employee_id,
                duty.point_id
            FROM kpi_duty AS duty
            WHERE duty.kind = 'roster'
                AND duty.role = 'seller'
                AND %(place)s
                AND duty.start <= %(moment)s
                AND %(rest)s
            """,
            place=place,
            moment=moment,
            rest=rest,
        )
        for place in _places(point, department)
        for rest in (
            SQL(
                """
                %(short)s
                AND duty.start > %(moment)s - INTERVAL '2 days'
                AND duty.stop > %(moment)s
                """,
                short=SHORT,
                moment=moment,
            ),
            SQL("%s AND (duty.stop IS NULL OR duty.stop > %s)", LONG, moment),
        )
    ]
    return SQL(
        """
        SELECT CASE
            WHEN MIN(roster.employee_id) = MAX(roster.employee_id)
            THEN MIN(roster.employee_id)
        END
        FROM (%(covering)s) AS roster
        GROUP BY roster.point_id IS NULL
        ORDER BY roster.point_id IS NULL
        LIMIT 1
        """,
        covering=SQL(" UNION ALL ").join(covering),
    )


def at_work(point, department, moment):
    """SQL: the only one of the department of that day who has checked in."""
    return SQL(
        """
        SELECT CASE
            WHEN MIN(attendance.employee_id) = MAX(attendance.employee_id)
            THEN MIN(attendance.employee_id)
        END
        FROM kpi_feedback_point AS work_point
        JOIN kpi_site AS work_site
            ON work_site.id = work_point.site_id
        CROSS JOIN LATERAL (
            SELECT (
                %(moment)s AT TIME ZONE 'UTC' AT TIME ZONE work_site.tz
            )::date AS day
        ) AS local
        JOIN hr_version AS version
            ON version.department_id = %(department)s
            AND version.active
            -- The first version of an employee reaches back for ever.
            AND NOT EXISTS (
                SELECT
                FROM hr_version AS other
                WHERE other.employee_id = version.employee_id
                    AND other.active
                    AND other.id != version.id
                    AND CASE
                        WHEN version.date_version <= local.day
                        THEN other.date_version > version.date_version
                            AND other.date_version <= local.day
                        ELSE other.date_version < version.date_version
                    END
            )
        JOIN hr_attendance AS attendance
            ON attendance.employee_id = version.employee_id
            AND attendance.check_in <= %(moment)s
            AND attendance.check_in > %(moment)s - INTERVAL '%(hours)s hours'
            AND (
                attendance.check_out IS NULL
                OR attendance.check_out > %(moment)s
            )
        WHERE work_point.id = %(point)s
        """,
        point=point,
        department=department,
        moment=moment,
        hours=SQL(str(ATTENDANCE_HOURS)),
    )
