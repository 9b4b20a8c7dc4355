"""Which question a point asks, in SQL.

Apart from the models: importing a model early changes the order of overrides.
"""

from odoo.tools import SQL


def question_at(point, local_day, moment):
    """SQL: JOINs that give ``question.question_id`` and ``question.kind``.

    What is planned is the newest period of the point that covers the day, else of its
    company. A point with a printed plate asks what the plate shows: the question
    confirmed last. Until its first confirmation it keeps what was planned before the
    question that is confirmed first; while nothing was ever confirmed, its first one.

    The aliases ``plate`` and ``planned`` are taken as well. Both are looked up by
    indexes, or hashed, on the point; no question in force gives NULLs.

    :param SQL point: column with the id of the point
    :param SQL local_day: column with the date by the clock of the point's site
    :param SQL moment: column with a timestamp, UTC
    """
    return SQL(
        """
        LEFT JOIN (%(plates)s) AS plate
            ON plate.point_id = %(point)s
            AND %(moment)s >= plate.since
            AND %(moment)s < plate.until
        LEFT JOIN LATERAL (%(planned)s) AS planned
            ON plate.question_id IS NULL
        LEFT JOIN LATERAL (
            SELECT
                COALESCE(plate.question_id, planned.question_id) AS question_id,
                COALESCE(plate.kind, planned.kind) AS kind
        ) AS question ON TRUE
        """,
        plates=_plates(),
        planned=planned_at(point, SQL("LEAST(%s, plate.held_day)", local_day)),
        point=point,
        moment=moment,
    )


def _plates():
    """SQL: what the plate of a point shows from when to when.

    Before the first confirmation the question is that of ``held_day`` at the latest.
    """
    return SQL(
        """
        SELECT
            confirmation.point_id,
            period.question_id,
            key_question.kind,
            NULL::date AS held_day,
            confirmation.confirmed_at AS since,
            LEAD(confirmation.confirmed_at, 1, 'infinity') OVER (
                PARTITION BY confirmation.point_id
                ORDER BY confirmation.confirmed_at, confirmation.id
            ) AS until
        FROM kpi_feedback_question_confirmation AS confirmation
        JOIN kpi_feedback_point AS plate_point
            ON plate_point.id = confirmation.point_id
            AND plate_point.has_plate
        JOIN kpi_feedback_question_period AS period
            ON period.id = confirmation.period_id
        JOIN kpi_feedback_question AS key_question
            ON key_question.id = period.question_id
        UNION ALL
        SELECT
            plate_point.id,
            NULL,
            NULL,
            GREATEST(first_plate.date_from - 1, first_period.date_from),
            '-infinity',
            COALESCE(first_plate.confirmed_at, 'infinity')
        FROM kpi_feedback_point AS plate_point
        LEFT JOIN LATERAL (
            SELECT
                confirmation.confirmed_at,
                period.date_from
            FROM kpi_feedback_question_confirmation AS confirmation
            JOIN kpi_feedback_question_period AS period
                ON period.id = confirmation.period_id
            WHERE confirmation.point_id = plate_point.id
            ORDER BY confirmation.confirmed_at, confirmation.id
            LIMIT 1
        ) AS first_plate ON TRUE
        LEFT JOIN LATERAL (
            SELECT MIN(period.date_from) AS date_from
            FROM kpi_feedback_question_period AS period
            WHERE period.company_id = plate_point.company_id
                AND (period.point_id = plate_point.id OR period.point_id IS NULL)
        ) AS first_period ON TRUE
        WHERE plate_point.has_plate
        """
    )


def planned_at(point, local_day):
    """SQL: SELECT of period_id, question_id and kind planned for a point on a day."""
    return SQL(
        """
        SELECT
            period.id AS period_id,
            period.question_id,
            key_question.kind
        FROM kpi_feedback_point AS planned_point
        JOIN kpi_feedback_question_period AS period
            ON period.company_id = planned_point.company_id
            AND (period.point_id = planned_point.id OR period.point_id IS NULL)
        JOIN kpi_feedback_question AS key_question
            ON key_question.id = period.question_id
        WHERE planned_point.id = %(point)s
            AND period.date_from <= %(day)s
            AND (period.date_to IS NULL OR period.date_to >= %(day)s)
        ORDER BY
            period.point_id IS NULL,
            period.date_from DESC,
            period.id DESC
        LIMIT 1
        """,
        point=point,
        day=local_day,
    )
