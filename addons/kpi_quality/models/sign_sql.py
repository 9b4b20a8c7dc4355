"""Signs of foul play in SQL: a SELECT of :data:`SIGN_COLUMNS` for each kind.

Apart from the models: importing a model early changes the order of overrides. All of
them read :func:`presses`, which the statement names ``press``.
"""

from datetime import timedelta

from odoo.tools import SQL

from ..tools.signs import LIMITS

# What every kind tells; ``start`` and ``stop`` are UTC.
SIGN_COLUMNS = (
    "kind",
    "point_id",
    "company_id",
    "site_id",
    "department_id",
    "employee_id",
    "date",
    "start",
    "stop",
    "presses",
    "compared",
    "visits",
    "answer",
)
PLACE = SQL("point_id, company_id, site_id, department_id, employee_id, date")


def presses(window):
    """SQL: what sellers pressed: attempts and polls, each press once.

    With the days before the window that tell what is usual.
    """
    since = window.utc_from - timedelta(days=LIMITS.history)
    made = SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT
                event_id, point_id, company_id, site_id, department_id, employee_id,
                moment, moment_ms
            FROM %s
            WHERE moment >= %s
                AND moment < %s
            """,
            SQL.identifier(table),
            since,
            window.utc_to,
        )
        for table in ("kpi_feedback_attempt", "kpi_feedback_poll")
    )
    return SQL(
        """
        SELECT DISTINCT ON (made.event_id)
            made.event_id,
            made.point_id,
            made.company_id,
            made.site_id,
            made.department_id,
            made.employee_id,
            made.moment + made.moment_ms * INTERVAL '1 millisecond' AS moment,
            local.moment::date AS date,
            EXTRACT(HOUR FROM local.moment)::int4 AS hour
        FROM (%s) AS made
        JOIN kpi_site AS site
            ON site.id = made.site_id
        CROSS JOIN LATERAL (
            SELECT made.moment AT TIME ZONE 'UTC' AT TIME ZONE site.tz AS moment
        ) AS local
        WHERE local.moment::date <= %s
        ORDER BY made.event_id
        """,
        made,
        window.date_to,
    )


def bursts(window):
    """More presses within a minute than there can be customers."""
    return SQL(
        """
        SELECT
            'burst', %(place)s,
            MIN(moment), MAX(moment),
            COUNT(*), NULL::numeric, NULL::numeric, NULL::varchar
        FROM (
            SELECT
                *,
                COUNT(*) FILTER (WHERE begins) OVER (
                    PARTITION BY %(place)s ORDER BY moment, event_id
                ) AS number
            FROM (
                SELECT
                    *,
                    moment - LAG(moment) OVER (
                        PARTITION BY %(place)s ORDER BY moment, event_id
                    ) <= %(time)s IS NOT TRUE AS begins
                FROM (
                    SELECT
                        *,
                        bool_or(is_first) OVER (
                            PARTITION BY %(place)s ORDER BY moment, event_id
                            ROWS BETWEEN %(others)s PRECEDING AND CURRENT ROW
                        ) AS in_burst
                    FROM (
                        SELECT
                            *,
                            LEAD(moment, %(others)s) OVER (
                                PARTITION BY %(place)s ORDER BY moment, event_id
                            ) - moment <= %(time)s AS is_first
                        FROM press
                        WHERE date >= %(date_from)s
                    ) AS timed
                ) AS marked
                WHERE in_burst
            ) AS joined
        ) AS burst
        GROUP BY %(place)s, number
        """,
        place=PLACE,
        others=LIMITS.burst_presses - 1,
        time=LIMITS.burst_time,
        date_from=window.date_from,
    )


def outside_hours(window, opening):
    """Presses while the site was closed.

    :param SQL opening: ``(site_id, start, stop)``, see ``kpi.site._opening_table``
    """
    return SQL(
        """
        SELECT
            'outside', %(place)s,
            MIN(moment), MAX(moment),
            COUNT(*), NULL::numeric, NULL::numeric, NULL::varchar
        FROM press
        WHERE date >= %(date_from)s
            AND NOT EXISTS (
                SELECT
                FROM %(opening)s AS opened
                WHERE opened.site_id = press.site_id
                    AND press.moment >= opened.start - %(grace)s
                    AND press.moment <= opened.stop + %(grace)s
            )
        GROUP BY %(place)s
        HAVING COUNT(*) >= %(least)s
        """,
        place=PLACE,
        opening=opening,
        grace=LIMITS.grace,
        least=LIMITS.outside_presses,
        date_from=window.date_from,
    )


def unattended(window):
    """Presses while nobody of the department was at work.

    Only where attendance is kept: somebody of it checked in on that day or on one of
    the days before. Who did not check out is believed to have worked for a day.
    """
    return SQL(
        """
        SELECT
            'unattended', %(place)s,
            MIN(moment), MAX(moment),
            COUNT(*), NULL::numeric, NULL::numeric, NULL::varchar
        FROM press
        WHERE date >= %(date_from)s
            AND EXISTS (
                SELECT
                FROM attended
                WHERE attended.department_id = press.department_id
                    AND attended.start <= press.moment + INTERVAL '1 day'
                    AND attended.start > press.moment - %(kept)s
            )
            AND NOT EXISTS (
                SELECT
                FROM attended
                WHERE attended.department_id = press.department_id
                    AND press.moment >= attended.start - %(grace)s
                    AND press.moment <= attended.stop + %(grace)s
            )
        GROUP BY %(place)s
        HAVING COUNT(*) >= %(least)s
        """,
        place=PLACE,
        kept=timedelta(days=LIMITS.attendance_days),
        grace=LIMITS.grace,
        least=LIMITS.outside_presses,
        date_from=window.date_from,
    )


def attended(window):
    """SQL: when somebody of a department was at work: ``attended``."""
    return SQL(
        """
        SELECT
            member.department_id,
            attendance.check_in AS start,
            COALESCE(
                attendance.check_out, attendance.check_in + INTERVAL '1 day'
            ) AS stop
        FROM hr_attendance AS attendance
        JOIN (
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
        ) AS member
            ON member.employee_id = attendance.employee_id
            AND attendance.check_in::date >= member.date_from
            AND attendance.check_in::date < member.date_to
        WHERE attendance.check_in >= %s
            AND attendance.check_in < %s
        """,
        window.utc_from - timedelta(days=LIMITS.attendance_days + 1),
        window.utc_to,
    )


def instant_answers(window):
    """Nearly all answers came faster than one can read the question."""
    return SQL(
        """
        SELECT
            'instant', %(place)s,
            MIN(moment), MAX(moment),
            COUNT(*) FILTER (WHERE response_ms < %(instant_ms)s),
            COUNT(*), NULL::numeric, NULL::varchar
        FROM answered
        WHERE date >= %(date_from)s
        GROUP BY %(place)s
        HAVING COUNT(*) >= %(polls)s
            AND COUNT(*) FILTER (WHERE response_ms < %(instant_ms)s)
                >= %(share)s * COUNT(*)
        """,
        place=PLACE,
        instant_ms=LIMITS.instant_ms,
        polls=LIMITS.instant_polls,
        share=LIMITS.instant_share,
        date_from=window.date_from,
    )


def answered(window):
    """SQL: polls that customers answered: ``answered``, with the days before."""
    return SQL(
        """
        SELECT
            poll.point_id,
            poll.company_id,
            poll.site_id,
            poll.department_id,
            poll.employee_id,
            poll.moment,
            poll.moment_ms,
            poll.event_id,
            poll.answer,
            poll.response_ms,
            (poll.moment AT TIME ZONE 'UTC' AT TIME ZONE site.tz)::date AS date
        FROM kpi_feedback_poll AS poll
        JOIN kpi_site AS site
            ON site.id = poll.site_id
        WHERE poll.answer != 'silent'
            AND poll.moment >= %s
            AND poll.moment < %s
            AND (poll.moment AT TIME ZONE 'UTC' AT TIME ZONE site.tz)::date <= %s
        """,
        window.utc_from - timedelta(days=LIMITS.history),
        window.utc_to,
        window.date_to,
    )


def streaks(window):
    """The same answer again and again, more often than chance gives.

    Chance is what the company's customers answered on the days before.
    """
    return SQL(
        """
        SELECT
            'streak', %(place)s,
            MIN(moment), MAX(moment),
            COUNT(*), MAX(usual.share) * 100, NULL::numeric, answer
        FROM (
            SELECT
                *,
                row_number() OVER (
                    PARTITION BY %(place)s ORDER BY moment, moment_ms, event_id
                ) - row_number() OVER (
                    PARTITION BY %(place)s, answer
                    ORDER BY moment, moment_ms, event_id
                ) AS number
            FROM answered
            WHERE date >= %(date_from)s
        ) AS row_of_answers
        LEFT JOIN LATERAL (
            SELECT
                SUM(daily.polls) FILTER (WHERE daily.answer = row_of_answers.answer)
                    / SUM(daily.polls) AS share
            FROM daily
            WHERE daily.company_id = row_of_answers.company_id
                AND daily.date < row_of_answers.date
                AND daily.date >= row_of_answers.date - %(history)s
            HAVING SUM(daily.polls) >= %(known)s
        ) AS usual ON TRUE
        GROUP BY %(place)s, answer, number
        HAVING CASE
            WHEN COUNT(usual.share) = 0 THEN COUNT(*) >= %(unknown)s
            ELSE COUNT(*) >= %(least)s
                AND POWER(MAX(usual.share), COUNT(*)) < %(chance)s
        END
        """,
        place=PLACE,
        history=LIMITS.history,
        known=LIMITS.streak_known,
        unknown=LIMITS.streak_unknown,
        least=LIMITS.streak_answers,
        chance=LIMITS.streak_chance,
        date_from=window.date_from,
    )


def daily():
    """SQL: answers by company and day: ``daily``."""
    return SQL(
        """
        SELECT company_id, date, answer, COUNT(*) AS polls
        FROM answered
        GROUP BY company_id, date, answer
        """
    )
