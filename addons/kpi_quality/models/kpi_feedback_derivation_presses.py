"""From raw presses to the seller's, and to the answers that follow them."""

from odoo import api, models
from odoo.tools import SQL

from .duty_sql import seller_of
from .kpi_feedback_derivation_stretches import ANSWERS, BUTTONS
from .visit_sql import IN_STUDY


class KpiFeedbackDerivation(models.AbstractModel):
    """Every step sorts or groups what the one before gives, and joins only by indexes
    or with analysed tables: the planner cannot know how many presses a step leaves, and
    a wrong guess would compare all with all.
    """

    _inherit = "kpi.feedback.derivation"

    @api.model
    def _fill_presses(self):
        """Put the seller's presses of the stretches into the temporary table
        ``kpi_feedback_press``, with the answers to them, and the ``over`` presses.

        ``kind`` is ``short``, ``long`` or ``over``; ``later_ids`` are the parts after
        the first one; ``second`` is the moment without milliseconds; ``answer_*`` is
        empty when no answer came in time.
        """
        self._fill_rules()
        self._fill_temporary(
            "kpi_feedback_press",
            SQL(
                """
                WITH item AS MATERIALIZED (%(items)s),
                seller_press AS (%(seller_presses)s),
                line AS (%(lines)s),
                followed AS (%(followed)s)
                SELECT
                    press.stretch,
                    press.chain,
                    press.kind,
                    press.point_id,
                    press.company_id,
                    press.event_id,
                    press.later_ids,
                    press.moment,
                    DATE_TRUNC('second', press.moment) AS second,
                    press.partner_id,
                    press.sale_order_id,
                    rule.department_id,
                    rule.seller_meaning,
                    rule.force_majeure_limit * INTERVAL '1 minute' AS reach,
                    LEAST(timed.until, press.next_press) AS closes,
                    answer.event_id AS answer_event_id,
                    answer.button AS answer,
                    answer.moment AS answer_moment,
                    answer.partner_id AS answer_partner_id,
                    answer.sale_order_id AS answer_order_id,
                    seller.employee_id
                FROM followed AS press
                JOIN kpi_feedback_point_rule AS rule
                    ON rule.id = press.rule_id
                CROSS JOIN LATERAL (
                    SELECT
                        press.moment
                        + rule.response_window * INTERVAL '1 second' AS until
                ) AS timed
                LEFT JOIN LATERAL (
                    SELECT
                        press.next_id AS event_id,
                        press.next_button AS button,
                        press.next_moment AS moment,
                        press.next_partner_id AS partner_id,
                        press.next_order_id AS sale_order_id
                    WHERE press.next_kind = 'answer'
                        AND press.next_moment <= timed.until
                ) AS answer ON TRUE
                %(seller)s
                WHERE press.kind != 'answer'
                    AND press.moment >= press.since
                    AND press.moment < press.until + INTERVAL '1 second'
                """,
                items=self._items(),
                seller_presses=self._seller_presses(),
                lines=self._lines(),
                followed=self._followed(),
                seller=seller_of(
                    SQL("press.employee_id"),
                    SQL("press.point_id"),
                    SQL("rule.department_id"),
                    SQL("press.moment"),
                ),
            ),
        )

    @api.model
    def _fill_rules(self):
        """Put what is in force when in each stretch into the temporary table
        ``kpi_feedback_rule``. The first rule of a point reaches back for ever.
        """
        self._fill_temporary(
            "kpi_feedback_rule",
            SQL(
                """
                SELECT
                    stretch.number AS stretch,
                    stretch.point_id,
                    stretch.since,
                    stretch.until,
                    rule.id AS rule_id,
                    rule.long_press * 1000 AS long_ms,
                    rule.bounce * INTERVAL '1 second' AS bounce,
                    GREATEST(stretch.since, rule.valid_from) AS read_since,
                    LEAST(stretch.read_until, rule.valid_until) AS read_until,
                    rule.valid_until
                FROM kpi_feedback_stretch AS stretch
                JOIN (
                    SELECT
                        id,
                        point_id,
                        long_press,
                        bounce,
                        CASE
                            WHEN ROW_NUMBER() OVER of_point = 1 THEN '-infinity'
                            ELSE valid_from
                        END AS valid_from,
                        LEAD(valid_from, 1, 'infinity') OVER of_point AS valid_until
                    FROM kpi_feedback_point_rule
                    WHERE point_id IN (SELECT point_id FROM kpi_feedback_stretch)
                    WINDOW of_point AS (PARTITION BY point_id ORDER BY valid_from)
                ) AS rule
                    ON rule.point_id = stretch.point_id
                    AND rule.valid_from <= stretch.read_until
                    AND rule.valid_until > stretch.since
                """
            ),
        )

    @api.model
    def _items(self):
        """SQL: the presses of the stretches, with the rule in force at each."""
        return SQL(
            """
            SELECT
                rule.stretch,
                rule.since,
                rule.until,
                rule.rule_id,
                event.id,
                event.uuid COLLATE "C" AS uuid,
                event.point_id,
                event.company_id,
                event.button,
                event.pressed_at
                    + COALESCE(event.pressed_ms, 0) * INTERVAL '1 millisecond'
                    AS moment,
                rule.bounce,
                COALESCE(event.held_ms, 0) >= rule.long_ms AS is_long,
                event.employee_id,
                event.partner_id,
                event.sale_order_id
            FROM kpi_feedback_rule AS rule
            JOIN kpi_feedback_event AS event
                ON event.point_id = rule.point_id
                AND event.pressed_at BETWEEN rule.read_since AND rule.read_until
                -- The moment itself belongs to the next rule.
                AND (
                    event.pressed_at < rule.valid_until
                    OR rule.valid_until = 'infinity'
                )
                AND event.button = ANY(%(buttons)s)
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
                since,
                until,
                chain,
                point_id,
                MAX(company_id) AS company_id,
                MAX(id) FILTER (WHERE starts = 1) AS event_id,
                ARRAY_AGG(id) FILTER (WHERE starts = 0) AS later_ids,
                MIN(moment) AS moment,
                BOOL_OR(is_long) AS is_long,
                MAX(rule_id) FILTER (WHERE starts = 1) AS rule_id,
                MAX(employee_id) AS employee_id,
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
                since,
                until,
                chain,
                point_id
            """
        )

    @api.model
    def _lines(self):
        """SQL: the seller's presses, and those of others that mean something."""
        return SQL(
            """
            SELECT
                stretch,
                since,
                until,
                CASE WHEN is_long THEN 'long' ELSE 'short' END AS kind,
                chain,
                NULL AS uuid,
                'seller' AS button,
                point_id,
                company_id,
                event_id,
                later_ids,
                moment,
                -- The next short press; a long one leaves an open poll open.
                LEAD(moment) OVER (
                    PARTITION BY stretch, is_long
                    ORDER BY moment, chain
                ) AS next_press,
                rule_id,
                employee_id,
                partner_id,
                sale_order_id
            FROM seller_press
            UNION ALL
            SELECT
                stretch,
                since,
                until,
                CASE WHEN button = ANY(%(answers)s) THEN 'answer' ELSE 'over' END,
                0,
                uuid,
                button,
                point_id,
                company_id,
                id,
                NULL,
                moment,
                NULL,
                rule_id,
                NULL,
                partner_id,
                sale_order_id
            FROM item
            WHERE button != 'seller'
            """,
            answers=list(ANSWERS),
        )

    @api.model
    def _followed(self):
        """SQL: each press with what follows: answers and short presses are one line.

        An answer goes before a press of the same moment.
        """
        return SQL(
            """
            SELECT
                *,
                LEAD(kind) OVER in_order AS next_kind,
                LEAD(event_id) OVER in_order AS next_id,
                LEAD(button) OVER in_order AS next_button,
                LEAD(moment) OVER in_order AS next_moment,
                LEAD(partner_id) OVER in_order AS next_partner_id,
                LEAD(sale_order_id) OVER in_order AS next_order_id
            FROM line
            WINDOW in_order AS (
                PARTITION BY stretch, kind IN ('long', 'over')
                ORDER BY moment, kind = 'short', chain, uuid
            )
            """
        )
