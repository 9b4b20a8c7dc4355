"""Which stretches of time new presses can have changed."""

from odoo import api, models
from odoo.tools import SQL

BUTTONS = ("seller", "over", "yes", "no", "unsure")
# New presses this close are looked at together.
TOGETHER = SQL("INTERVAL '10 minutes'")


class KpiFeedbackDerivation(models.AbstractModel):
    """A stretch begins and ends where no press of the seller can be one with a press
    outside, and reaches back as far as a poll can still be open. Where force majeure
    may have changed, it covers the chain of long presses as well: a new one turns every
    start after it into an end, up to a pause longer than the limit.

    Bounds are whole seconds and take the largest settings that a point ever had: they
    may be too wide, never too narrow.
    """

    _inherit = "kpi.feedback.derivation"

    @api.model
    def _pending_stretches(self, point_ids):
        """SQL: the stretches around pending presses."""
        touched = SQL(
            """
            SELECT
                point_id,
                MIN(pressed_at) AS first,
                MAX(pressed_at) AS last
            FROM (
                SELECT
                    point_id,
                    pressed_at,
                    SUM(starts) OVER (
                        PARTITION BY point_id
                        ORDER BY pressed_at, id
                        ROWS UNBOUNDED PRECEDING
                    ) AS number
                FROM (
                    SELECT
                        event.id,
                        event.point_id,
                        event.pressed_at,
                        CASE
                            WHEN event.pressed_at - LAG(event.pressed_at) OVER (
                                PARTITION BY event.point_id
                                ORDER BY event.pressed_at, event.id
                            ) <= %(together)s
                            THEN 0
                            ELSE 1
                        END AS starts
                    FROM kpi_feedback_pending AS pending
                    JOIN kpi_feedback_event AS event
                        ON event.id = pending.event_id
                    WHERE pending.point_id = ANY(%(points)s)
                        AND event.button = ANY(%(buttons)s)
                ) AS arrived
            ) AS numbered
            GROUP BY
                point_id,
                number
            """,
            together=TOGETHER,
            points=point_ids,
            buttons=list(BUTTONS),
        )
        return self._stretches(touched)

    @api.model
    def _all_stretches(self, point_ids, since):
        """SQL: all that presses after a moment take part in."""
        touched = SQL(
            """
            SELECT
                UNNEST(%(points)s) AS point_id,
                %(since)s::timestamp AS first,
                'infinity'::timestamp AS last
            """,
            points=point_ids,
            since=since or "-infinity",
        )
        return self._stretches(touched)

    @api.model
    def _stretches(self, touched):
        """SQL: SELECT of what is derived anew.

        ========================================  =====================================
        ``number``, ``point_id``                  of the stretch
        ``since``, ``until``                      presses that are derived
        ``read_until``                            what may answer or close them
        ``majeure_since``, ``majeure_until``      force majeures that are derived
        ``reach``                                 how long a force majeure can be
        ========================================  =====================================

        :param SQL touched: SELECT of ``point_id``, ``first``, ``last``
        """
        return SQL(
            """
            WITH narrow AS MATERIALIZED (
                SELECT
                    touched.point_id,
                    margin.bounce,
                    margin.response,
                    margin.reach,
                    earlier.since,
                    later.until,
                    EXISTS (
                        SELECT
                        FROM kpi_feedback_event AS mark
                        WHERE mark.point_id = touched.point_id
                            AND mark.pressed_at BETWEEN earlier.since AND later.until
                            AND (
                                mark.button = 'over'
                                OR mark.button = 'seller'
                                AND mark.held_ms >= margin.long_ms
                            )
                    ) AS has_marks
                FROM (%(touched)s) AS touched
                CROSS JOIN LATERAL (
                    SELECT
                        (MAX(bounce) + 1) * INTERVAL '1 second' AS bounce,
                        (MAX(response_window) + 1) * INTERVAL '1 second' AS response,
                        MAX(force_majeure_limit) * INTERVAL '1 minute'
                            + INTERVAL '1 second' AS reach,
                        MIN(long_press) * 1000 AS long_ms
                    FROM kpi_feedback_point_rule
                    WHERE point_id = touched.point_id
                    HAVING COUNT(*) > 0
                ) AS margin
                -- OFFSET: found once, not wherever they are used.
                CROSS JOIN LATERAL (SELECT %(own_start)s AS since OFFSET 0) AS own
                CROSS JOIN LATERAL (
                    SELECT %(earlier_start)s AS since OFFSET 0
                ) AS earlier
                CROSS JOIN LATERAL (SELECT %(own_end)s AS until OFFSET 0) AS later
            ),
            marked AS (
                SELECT
                    point_id,
                    bounce,
                    response,
                    reach,
                    since,
                    until + reach AS until,
                    TRUE AS is_touched
                FROM narrow
                WHERE has_marks
                UNION ALL
                SELECT
                    majeure.point_id,
                    margin.bounce,
                    margin.response,
                    margin.reach,
                    majeure.start_at,
                    majeure.stop_at + margin.reach,
                    FALSE
                FROM (
                    SELECT DISTINCT
                        point_id,
                        bounce,
                        response,
                        reach
                    FROM narrow
                    WHERE has_marks
                ) AS margin
                JOIN kpi_force_majeure AS majeure USING (point_id)
            ),
            chain AS MATERIALIZED (
                SELECT
                    point_id,
                    bounce,
                    response,
                    reach,
                    MIN(since) AS since,
                    MAX(until) AS until
                FROM (%(chained)s) AS chained
                GROUP BY
                    point_id,
                    bounce,
                    response,
                    reach,
                    number
                HAVING BOOL_OR(is_touched)
            ),
            wide AS MATERIALIZED (
                SELECT
                    point_id,
                    bounce,
                    response,
                    reach,
                    since,
                    until,
                    NULL::timestamp AS majeure_since,
                    NULL::timestamp AS majeure_until
                FROM narrow
                WHERE NOT has_marks
                UNION ALL
                SELECT
                    point_id,
                    bounce,
                    response,
                    reach,
                    %(chain_start)s,
                    %(chain_end)s,
                    since,
                    until
                FROM chain
            ),
            readable AS MATERIALIZED (
                SELECT
                    *,
                    %(read_end)s AS read_until
                FROM wide
            )
            SELECT
                ROW_NUMBER() OVER () AS number,
                point_id,
                MIN(since) AS since,
                MAX(until) AS until,
                MAX(read_until) AS read_until,
                MIN(majeure_since) AS majeure_since,
                MAX(majeure_until) AS majeure_until,
                MAX(reach) AS reach
            FROM (%(joined)s) AS joined
            GROUP BY
                point_id,
                number
            """,
            touched=touched,
            own_start=self._quiet_start(
                SQL("touched"), SQL("margin"), SQL("touched.first")
            ),
            earlier_start=self._quiet_start(
                SQL("touched"), SQL("margin"), SQL("own.since - margin.response")
            ),
            own_end=self._quiet_end(SQL("touched"), SQL("margin"), SQL("touched.last")),
            chained=self._islands(SQL("marked"), SQL("until")),
            chain_start=self._quiet_start(
                SQL("chain"), SQL("chain"), SQL("chain.since - chain.response")
            ),
            chain_end=self._quiet_end(SQL("chain"), SQL("chain"), SQL("chain.until")),
            read_end=self._quiet_end(
                SQL("wide"), SQL("wide"), SQL("wide.until + wide.response")
            ),
            joined=self._islands(SQL("readable"), SQL("read_until")),
        )

    @api.model
    def _quiet_start(self, alias, margin, moment):
        """SQL: the latest press of the seller, at or before a moment, that no earlier
        one can be the same press with; the moment itself when there is none.

        :param SQL alias: what knows the ``point_id``
        :param SQL margin: what knows the ``bounce``
        """
        return SQL(
            """
            COALESCE(
                (
                    SELECT press.pressed_at
                    FROM kpi_feedback_event AS press
                    WHERE press.point_id = %(alias)s.point_id
                        AND press.button = 'seller'
                        AND press.pressed_at <= %(moment)s
                        AND (
                            SELECT MAX(before.pressed_at)
                            FROM kpi_feedback_event AS before
                            WHERE before.point_id = %(alias)s.point_id
                                AND before.button = 'seller'
                                AND before.pressed_at < press.pressed_at
                                AND before.pressed_at
                                    > press.pressed_at - %(margin)s.bounce
                        ) IS NULL
                    ORDER BY press.pressed_at DESC
                    LIMIT 1
                ),
                %(moment)s
            )
            """,
            alias=alias,
            margin=margin,
            moment=moment,
        )

    @api.model
    def _quiet_end(self, alias, margin, moment):
        """SQL: the first press of the seller, at or after a moment, that no later one
        can be the same press with; the moment itself when there is none.
        """
        return SQL(
            """
            COALESCE(
                (
                    SELECT press.pressed_at
                    FROM kpi_feedback_event AS press
                    WHERE press.point_id = %(alias)s.point_id
                        AND press.button = 'seller'
                        AND press.pressed_at >= %(moment)s
                        AND (
                            SELECT MIN(after.pressed_at)
                            FROM kpi_feedback_event AS after
                            WHERE after.point_id = %(alias)s.point_id
                                AND after.button = 'seller'
                                AND after.pressed_at > press.pressed_at
                                AND after.pressed_at
                                    < press.pressed_at + %(margin)s.bounce
                        ) IS NULL
                    ORDER BY press.pressed_at
                    LIMIT 1
                ),
                %(moment)s
            )
            """,
            alias=alias,
            margin=margin,
            moment=moment,
        )

    @api.model
    def _islands(self, table, until):
        """SQL: the rows of a table with the ``number`` of their island: rows of a point
        whose times overlap.
        """
        return SQL(
            """
            SELECT
                *,
                SUM(starts) OVER (
                    PARTITION BY point_id
                    ORDER BY since, %(until)s
                    ROWS UNBOUNDED PRECEDING
                ) AS number
            FROM (
                SELECT
                    *,
                    CASE
                        WHEN since <= MAX(%(until)s) OVER (
                            PARTITION BY point_id
                            ORDER BY since, %(until)s
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                        )
                        THEN 0
                        ELSE 1
                    END AS starts
                FROM %(table)s
            ) AS beginning
            """,
            table=table,
            until=until,
        )

    @api.model
    def _fill_stretches(self, stretches):
        """Put them into the temporary table ``kpi_feedback_stretch``.

        The presses around a moment are few, whatever the planner believes of a table
        that has just been filled: they are always looked up by the index.

        :return: how many there are
        """
        with self._planned(enable_seqscan="off", enable_bitmapscan="off"):
            return self._fill_temporary(
                "kpi_feedback_stretch", stretches, "number", "point_id"
            )
