"""From raw presses to the seller's, and to the answers that follow them."""

from odoo import api, models
from odoo.tools import SQL

from .duty_sql import seller_of
from .kpi_feedback_derivation_stretches import ANSWERS, BUTTONS
from .visit_sql import IN_STUDY


class KpiFeedbackDerivation(models.AbstractModel):
    _inherit = "kpi.feedback.derivation"

    @api.model
    def _fill_presses(self, point_ids):
        """Put the seller's presses of the stretches into the temporary table
        ``kpi_feedback_press``, with the answers to them, and the ``over`` presses.

        ``kind`` is ``short``, ``long`` or ``over``; ``later_ids`` are the parts after
        the first one, ``second`` is the moment without milliseconds.
        """
        self.env.cr.execute("DROP TABLE IF EXISTS kpi_feedback_press")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kpi_feedback_press ON COMMIT DROP AS
                WITH rule AS (%(rules)s),
                item AS MATERIALIZED (%(items)s),
                seller_press AS MATERIALIZED (%(seller_presses)s),
                reply AS (%(replies)s)
                SELECT
                    press.*,
                    DATE_TRUNC('second', press.moment) AS second,
                    rule.department_id,
                    rule.seller_meaning,
                    rule.force_majeure_limit * INTERVAL '1 minute' AS reach,
                    LEAST(
                        press.moment + rule.response_window * INTERVAL '1 second',
                        reply.next_press
                    ) AS closes,
                    answer.event_id AS answer_event_id,
                    answer.button AS answer,
                    answer.moment AS answered,
                    answer.partner_id AS answer_partner_id,
                    answer.sale_order_id AS answer_order_id,
                    seller.employee_id
                FROM (
                    SELECT
                        stretch,
                        chain,
                        CASE WHEN is_long THEN 'long' ELSE 'short' END AS kind,
                        point_id,
                        company_id,
                        event_id,
                        later_ids,
                        moment,
                        rule_id,
                        named_id,
                        partner_id,
                        sale_order_id
                    FROM seller_press
                    UNION ALL
                    SELECT
                        stretch,
                        0,
                        'over',
                        point_id,
                        company_id,
                        id,
                        NULL,
                        moment,
                        rule_id,
                        NULL,
                        NULL,
                        NULL
                    FROM item
                    WHERE button = 'over'
                ) AS press
                JOIN kpi_feedback_stretch AS stretch
                    ON stretch.number = press.stretch
                    AND press.moment >= stretch.since
                    AND press.moment < stretch.until + INTERVAL '1 second'
                JOIN rule
                    ON rule.id = press.rule_id
                LEFT JOIN reply
                    ON reply.stretch = press.stretch
                    AND reply.chain = press.chain
                LEFT JOIN LATERAL (
                    SELECT reply.*
                    WHERE NOT reply.is_press
                        AND reply.moment
                            <= press.moment + rule.response_window * INTERVAL '1 second'
                ) AS answer ON TRUE
                %(seller)s
                """,
                rules=self._rules(point_ids),
                items=self._items(),
                seller_presses=self._seller_presses(),
                replies=self._replies(),
                seller=seller_of(
                    SQL("press.named_id"),
                    SQL("press.point_id"),
                    SQL("rule.department_id"),
                    SQL("press.moment"),
                ),
            )
        )
        self.env.cr.execute("ANALYZE kpi_feedback_press")

    @api.model
    def _rules(self, point_ids):
        """SQL: the rules of points, the first one of each reaching back for ever."""
        return SQL(
            """
            SELECT
                id,
                point_id,
                CASE
                    WHEN ROW_NUMBER() OVER of_point = 1 THEN '-infinity'
                    ELSE valid_from
                END AS valid_from,
                LEAD(valid_from, 1, 'infinity') OVER of_point AS valid_until,
                department_id,
                seller_meaning,
                response_window,
                long_press * 1000 AS long_ms,
                bounce * INTERVAL '1 second' AS bounce,
                force_majeure_limit
            FROM kpi_feedback_point_rule
            WHERE point_id = ANY(%(points)s)
            WINDOW of_point AS (PARTITION BY point_id ORDER BY valid_from)
            """,
            points=point_ids,
        )

    @api.model
    def _items(self):
        """SQL: the presses of the stretches, with the rule in force at each."""
        return SQL(
            """
            SELECT
                stretch.number AS stretch,
                event.id,
                event.uuid COLLATE "C" AS uuid,
                event.point_id,
                event.company_id,
                event.button,
                timed.moment,
                rule.id AS rule_id,
                rule.bounce,
                COALESCE(event.held_ms, 0) >= rule.long_ms AS is_long,
                event.employee_id,
                event.partner_id,
                event.sale_order_id
            FROM kpi_feedback_stretch AS stretch
            JOIN kpi_feedback_event AS event
                ON event.point_id = stretch.point_id
                AND event.pressed_at BETWEEN stretch.since AND stretch.read_until
                AND event.button = ANY(%(buttons)s)
            CROSS JOIN LATERAL (
                SELECT
                    event.pressed_at
                    + COALESCE(event.pressed_ms, 0) * INTERVAL '1 millisecond' AS moment
            ) AS timed
            JOIN rule
                ON rule.point_id = event.point_id
                AND rule.valid_from <= timed.moment
                AND rule.valid_until > timed.moment
            WHERE NOT %(in_study)s
            """,
            buttons=list(BUTTONS),
            in_study=IN_STUDY,
        )

    @api.model
    def _seller_presses(self):
        """SQL: presses within the bounce time of the one before are one press."""
        return SQL(
            """
            SELECT
                stretch,
                chain,
                point_id,
                MAX(company_id) AS company_id,
                MAX(id) FILTER (WHERE starts = 1) AS event_id,
                ARRAY_AGG(id) FILTER (WHERE starts = 0) AS later_ids,
                MIN(moment) AS moment,
                BOOL_OR(is_long) AS is_long,
                MAX(rule_id) FILTER (WHERE starts = 1) AS rule_id,
                MAX(employee_id) AS named_id,
                MAX(partner_id) AS partner_id,
                MAX(sale_order_id) AS sale_order_id
            FROM (
                SELECT
                    *,
                    SUM(starts) OVER (
                        PARTITION BY stretch
                        ORDER BY moment, uuid
                        ROWS UNBOUNDED PRECEDING
                    ) AS chain
                FROM (
                    SELECT
                        *,
                        CASE
                            WHEN moment - LAG(moment) OVER (
                                PARTITION BY stretch
                                ORDER BY moment, uuid
                            ) < bounce
                            THEN 0
                            ELSE 1
                        END AS starts
                    FROM item
                    WHERE button = 'seller'
                ) AS part
            ) AS linked
            GROUP BY
                stretch,
                chain,
                point_id
            """
        )

    @api.model
    def _replies(self):
        """SQL: what follows each short press, an answer or a press, and ``next_press``.

        An answer goes before a press of the same moment.
        """
        return SQL(
            """
            SELECT *
            FROM (
                SELECT
                    stretch,
                    chain,
                    next_press,
                    LEAD(is_press) OVER following AS is_press,
                    LEAD(id) OVER following AS event_id,
                    LEAD(button) OVER following AS button,
                    LEAD(moment) OVER following AS moment,
                    LEAD(partner_id) OVER following AS partner_id,
                    LEAD(sale_order_id) OVER following AS sale_order_id
                FROM (
                    SELECT
                        stretch,
                        chain,
                        TRUE AS is_press,
                        LEAD(moment) OVER (
                            PARTITION BY stretch
                            ORDER BY moment, chain
                        ) AS next_press,
                        event_id AS id,
                        moment,
                        NULL AS uuid,
                        NULL AS button,
                        NULL::int4 AS partner_id,
                        NULL::int4 AS sale_order_id
                    FROM seller_press
                    WHERE NOT is_long
                    UNION ALL
                    SELECT
                        stretch,
                        0,
                        FALSE,
                        NULL,
                        id,
                        moment,
                        uuid,
                        button,
                        partner_id,
                        sale_order_id
                    FROM item
                    WHERE button = ANY(%(answers)s)
                ) AS line
                WINDOW following AS (
                    PARTITION BY stretch
                    ORDER BY moment, is_press, chain, uuid
                )
            ) AS followed
            WHERE chain > 0
            """,
            answers=list(ANSWERS),
        )
