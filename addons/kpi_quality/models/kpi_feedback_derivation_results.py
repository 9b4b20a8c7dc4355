"""From the seller's presses to polls, attempts and force majeure, and writing those."""

from odoo import api, models
from odoo.tools import SQL

from .question_sql import question_at

PLACE = ("event_id", "point_id", "company_id", "site_id", "department_id")
# The stored columns of each model, ``event_id`` first, and the moment's.
COLUMNS = {
    "kpi.force.majeure": (
        *PLACE,
        "employee_id",
        "start_at",
        "start_ms",
        "stop_at",
        "stop_ms",
        "ended_by",
        "state",
        "reason_id",
    ),
    "kpi.feedback.poll": (
        *PLACE,
        "employee_id",
        "moment",
        "moment_ms",
        "closes_at",
        "question_id",
        "question_kind",
        "answer",
        "answer_event_id",
        "answered_at",
        "response_ms",
        "force_majeure_id",
        "partner_id",
        "sale_order_id",
        "state",
    ),
    "kpi.feedback.attempt": (
        *PLACE,
        "employee_id",
        "moment",
        "moment_ms",
        "state",
    ),
}
# The zone of a stretch that each model is derived in.
ZONES = {
    "kpi.force.majeure": ("start_at", "majeure_since", "majeure_until"),
    "kpi.feedback.poll": ("moment", "since", "until"),
    "kpi.feedback.attempt": ("moment", "since", "until"),
}


def comma(columns, table=None):
    path = (table,) if table else ()
    return SQL(", ").join(SQL.identifier(*path, column) for column in columns)


def milliseconds(moment):
    """SQL: of the second."""
    return SQL("(EXTRACT(MILLISECONDS FROM %s)::int4 %% 1000)", moment)


class KpiFeedbackDerivation(models.AbstractModel):
    _inherit = "kpi.feedback.derivation"

    @api.model
    def _fresh_force_majeures(self):
        """SQL: every other long press of a chain opens one, which the next one ends.

        A chain is broken by ``over``, or when the limit of the press before is past.
        """
        return SQL(
            """
            WITH mark AS (
                SELECT
                    press.*,
                    LAG(press.kind) OVER in_order AS previous_kind,
                    LAG(press.moment + press.reach) OVER in_order AS previous_limit,
                    LEAD(press.kind) OVER in_order AS next_kind,
                    LEAD(press.moment) OVER in_order AS next_moment
                FROM kpi_feedback_press AS press
                JOIN kpi_feedback_stretch AS stretch
                    ON stretch.number = press.stretch
                    AND press.second BETWEEN stretch.majeure_since
                        AND stretch.majeure_until
                WHERE press.kind IN ('long', 'over')
                WINDOW in_order AS (
                    PARTITION BY press.stretch
                    ORDER BY press.moment, press.kind = 'long', press.place
                )
            ),
            linked AS (
                SELECT
                    *,
                    COUNT(*) FILTER (
                        WHERE previous_kind IS DISTINCT FROM 'long'
                            OR previous_limit < moment
                    ) OVER (
                        PARTITION BY stretch
                        ORDER BY moment, place
                        ROWS UNBOUNDED PRECEDING
                    ) AS link
                FROM mark
                WHERE kind = 'long'
            ),
            numbered AS (
                SELECT
                    *,
                    ROW_NUMBER() OVER (
                        PARTITION BY stretch, link
                        ORDER BY moment, place
                    ) AS number
                FROM linked
            ),
            majeure AS (
                SELECT
                    *,
                    LEAST(moment + reach, next_moment) AS stop,
                    CASE
                        WHEN next_moment > moment + reach THEN 'limit'
                        WHEN next_kind = 'long' THEN 'press'
                        WHEN next_kind = 'over' THEN 'over'
                        ELSE 'limit'
                    END AS ended_by
                FROM numbered
                -- The first one opens, the second one ends, the third one opens.
                WHERE MOD(number, 2) = 1
            )
            SELECT
                %(place)s,
                majeure.employee_id,
                majeure.second AS start_at,
                majeure.milliseconds AS start_ms,
                DATE_TRUNC('second', majeure.stop) AS stop_at,
                %(stop_ms)s AS stop_ms,
                majeure.ended_by,
                COALESCE(judged.state, 'unchecked') AS state,
                judged.reason_id
            FROM majeure
            JOIN kpi_feedback_point AS point
                ON point.id = majeure.point_id
            LEFT JOIN (%(judged)s) AS judged
                ON judged.event_id = majeure.event_id
            """,
            place=self._place(SQL.identifier("majeure")),
            stop_ms=milliseconds(SQL("majeure.stop")),
            judged=self._judged("force_majeure"),
        )

    @api.model
    def _fresh_polls(self):
        """SQL: a poll per short press that asks.

        The window's end is rounded up: at that second the poll is over. The question
        is looked up once a day and point; where a plate is changed, for each press.
        """
        return SQL(
            """
            WITH asking AS MATERIALIZED (
                SELECT
                    press.*,
                    point.site_id,
                    COALESCE(press.answer_moment, press.moment) AS decisive,
                    (
                        press.moment AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                    )::date AS day,
                    CASE
                        WHEN point.has_plate THEN press.moment
                        ELSE '-infinity'
                    END AS plate_moment
                FROM kpi_feedback_press AS press
                JOIN kpi_feedback_point AS point
                    ON point.id = press.point_id
                JOIN kpi_site AS site
                    ON site.id = point.site_id
                WHERE press.kind = 'short'
                    AND press.seller_meaning IN ('poll', 'both')
            ),
            asked AS MATERIALIZED (
                SELECT
                    occasion.*,
                    question.question_id,
                    question.kind
                FROM (
                    SELECT DISTINCT
                        point_id,
                        day,
                        plate_moment
                    FROM asking
                ) AS occasion
                %(question)s
            )
            SELECT
                %(place)s,
                press.employee_id,
                press.second AS moment,
                press.milliseconds AS moment_ms,
                DATE_TRUNC(
                    'second', press.closes + INTERVAL '0.999999 second'
                ) AS closes_at,
                asked.question_id,
                asked.kind AS question_kind,
                COALESCE(press.answer, 'silent') AS answer,
                press.answer_event_id,
                DATE_TRUNC('second', press.answer_moment) AS answered_at,
                (
                    DATE_PART('epoch', press.answer_moment - press.moment) * 1000
                )::int4
                    AS response_ms,
                majeure.id AS force_majeure_id,
                press.partner_id AS partner_id,
                press.sale_order_id
                    AS sale_order_id,
                COALESCE(judged.state, 'unchecked') AS state
            FROM asking AS press
            LEFT JOIN asked
                ON asked.point_id = press.point_id
                AND asked.day = press.day
                AND asked.plate_moment = press.plate_moment
            LEFT JOIN (
                -- Once a day, so that presses find it by their day.
                SELECT
                    stretch.number AS stretch,
                    day,
                    majeure.id,
                    majeure.start_at
                        + majeure.start_ms * INTERVAL '1 millisecond' AS start,
                    majeure.stop_at
                        + majeure.stop_ms * INTERVAL '1 millisecond' AS stop
                FROM kpi_feedback_stretch AS stretch
                JOIN kpi_force_majeure AS majeure
                    ON majeure.point_id = stretch.point_id
                    AND majeure.start_at BETWEEN stretch.since - stretch.reach
                        AND stretch.read_until
                CROSS JOIN LATERAL generate_series(
                    DATE_TRUNC('day', majeure.start_at),
                    majeure.stop_at,
                    INTERVAL '1 day'
                ) AS day
            ) AS majeure
                ON majeure.stretch = press.stretch
                AND majeure.day = DATE_TRUNC('day', press.decisive)
                AND majeure.start <= press.decisive
                AND majeure.stop > press.decisive
            LEFT JOIN (%(judged)s) AS judged
                ON judged.event_id = press.event_id
            """,
            place=self._place(SQL.identifier("press"), SQL.identifier("press")),
            question=question_at(
                SQL("occasion.point_id"),
                SQL("occasion.day"),
                SQL("occasion.plate_moment"),
            ),
            judged=self._judged("poll"),
        )

    @api.model
    def _fresh_attempts(self):
        return SQL(
            """
            SELECT
                %(place)s,
                press.employee_id,
                press.second AS moment,
                press.milliseconds AS moment_ms,
                COALESCE(judged.state, 'unchecked') AS state
            FROM kpi_feedback_press AS press
            JOIN kpi_feedback_point AS point
                ON point.id = press.point_id
            LEFT JOIN (%(judged)s) AS judged
                ON judged.event_id = press.event_id
            WHERE press.kind = 'short'
                AND press.seller_meaning IN ('attempt', 'both')
            """,
            place=self._place(SQL.identifier("press")),
            judged=self._judged("poll"),
        )

    @api.model
    def _place(self, press, point=None):
        """SQL: :data:`PLACE` of a press: the department is that of its rule.

        :param SQL point: what knows the ``site_id``; ``point`` without
        """
        return SQL(
            """
            %(press)s.event_id,
            %(press)s.point_id,
            %(press)s.company_id,
            %(point)s.site_id,
            %(press)s.department_id
            """,
            press=press,
            point=point or SQL.identifier("point"),
        )

    @api.model
    def _judged(self, kind):
        """SQL: what was said last of any part of a press.

        :param kind: of the expert's check
        """
        return SQL(
            """
            SELECT DISTINCT ON (part.event_id)
                part.event_id,
                CASE
                    WHEN verdict.verdict = 'undone' THEN 'unchecked'
                    ELSE verdict.verdict
                END AS state,
                verdict.reason_id
            FROM kpi_feedback_verdict AS verdict
            JOIN (
                SELECT
                    event_id,
                    event_id AS part_id
                FROM kpi_feedback_press
                UNION ALL
                SELECT
                    event_id,
                    UNNEST(later_ids)
                FROM kpi_feedback_press
            ) AS part
                ON part.part_id = verdict.event_id
            WHERE verdict.kind = %(kind)s
            ORDER BY
                part.event_id,
                verdict.id DESC
            """,
            kind=kind,
        )

    @api.model
    def _write_difference(self, model, fresh):
        """Bring the rows of the stretches in line with what was derived.

        A press that is part of an earlier one now has no row of its own any more.

        :param SQL fresh: SELECT of :data:`COLUMNS`
        :return: how many rows were written or deleted
        """
        records = self.env[model]
        columns = COLUMNS[model]
        values = columns[1:]
        moment, since, until = ZONES[model]
        [[changed, gone]] = self.env.execute_query(
            SQL(
                """
                WITH difference AS MATERIALIZED (
                    SELECT
                        %(fresh_columns)s,
                        stored.id AS stored_id
                    FROM (%(fresh)s) AS fresh
                    FULL JOIN (
                        SELECT stored.*
                        FROM %(table)s AS stored
                        JOIN kpi_feedback_stretch AS stretch
                            ON stretch.point_id = stored.point_id
                            AND stored.%(moment)s BETWEEN stretch.%(since)s
                                AND stretch.%(until)s
                    ) AS stored
                        ON stored.event_id = fresh.event_id
                    WHERE stored.id IS NULL
                        OR (%(stored_values)s) IS DISTINCT FROM (%(fresh_values)s)
                ),
                gone AS (
                    DELETE FROM %(table)s AS stored
                    USING difference
                    WHERE stored.id = difference.stored_id
                        AND difference.event_id IS NULL
                    RETURNING stored.id
                ),
                changed AS (
                    INSERT INTO %(table)s (%(columns)s)
                    SELECT %(columns)s
                    FROM difference
                    WHERE event_id IS NOT NULL
                    ON CONFLICT (event_id) DO UPDATE
                    SET (%(values)s) = ROW(%(excluded)s)
                    RETURNING id
                )
                SELECT
                    (SELECT COUNT(*) FROM changed),
                    (SELECT COUNT(*) FROM gone)
                """,
                table=SQL.identifier(records._table),
                fresh=fresh,
                moment=SQL.identifier(moment),
                since=SQL.identifier(since),
                until=SQL.identifier(until),
                columns=comma(columns),
                fresh_columns=comma(columns, "fresh"),
                stored_values=comma(values, "stored"),
                fresh_values=comma(values, "fresh"),
                values=comma(values),
                excluded=comma(values, "excluded"),
            )
        )
        records.invalidate_model(flush=False)
        return changed + gone
