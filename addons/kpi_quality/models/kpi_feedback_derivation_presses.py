"""From raw presses to the seller's, and to the answers that follow them."""

from odoo import api, models
from odoo.tools import SQL

from .duty_sql import at_work, shifts_of
from .kpi_feedback_derivation_stretches import BUTTONS
from .visit_sql import IN_STUDY


class KpiFeedbackDerivation(models.AbstractModel):
    """Every step sorts or groups what the one before gives. The planner cannot know how
    many presses a step leaves, and a wrong guess would compare all with all. So two
    steps meet in a FULL JOIN, which can only be hashed; ``OFFSET 0`` keeps the planner
    from making another join of it.
    """

    _inherit = "kpi.feedback.derivation"

    @api.model
    def _fill_presses(self):
        """Put the seller's presses of the stretches into the temporary table
        ``kpi_feedback_press``, with the answers to them, and the ``over`` presses.

        ``kind`` is ``short``, ``long`` or ``over``; ``place`` orders the presses of a
        stretch; ``later_ids`` are the parts after the first one; ``second`` and
        ``milliseconds`` are the moment; ``answer_*`` is empty when no answer came in
        time.
        """
        self._fill_rules()
        self._fill_temporary(
            "kpi_feedback_press",
            SQL(
                """
                WITH press AS MATERIALIZED (
                    SELECT
                        stretch.number AS stretch,
                        press.*,
                        DATE_TRUNC('day', press.second) AS day
                    FROM kpi_feedback_stretch AS stretch
                    -- Each stretch is sorted by itself: that is faster.
                    CROSS JOIN LATERAL (%(presses)s) AS press
                    WHERE press.second BETWEEN stretch.since AND stretch.until
                ),
                shift AS MATERIALIZED (%(shifts)s)
                SELECT
                    press.stretch,
                    press.place,
                    CASE
                        WHEN NOT press.is_seller THEN 'over'
                        WHEN press.is_mark THEN 'long'
                        ELSE 'short'
                    END AS kind,
                    press.point_id,
                    press.company_id,
                    press.event_id,
                    press.later_ids,
                    press.moment,
                    press.second,
                    press.milliseconds,
                    press.partner_id,
                    press.sale_order_id,
                    rule.department_id,
                    rule.seller_meaning,
                    rule.force_majeure_limit * INTERVAL '1 minute' AS reach,
                    LEAST(
                        press.moment + press.patience,
                        press.next_press
                    ) AS closes,
                    %(answers)s,
                    COALESCE(
                        press.employee_id,
                        press.on_shift_id,
                        (%(at_work)s)
                    ) AS employee_id
                FROM (
                    SELECT
                        press.*,
                        shift.employee_id AS on_shift_id
                    FROM press
                    FULL JOIN shift
                        ON shift.rule_id = press.rule_id
                        AND shift.day = press.day
                        AND shift.since <= press.moment
                        AND shift.until > press.moment
                    OFFSET 0
                ) AS press
                JOIN kpi_feedback_point_rule AS rule
                    ON rule.id = press.rule_id
                """,
                presses=self._presses(),
                shifts=shifts_of(self._occasions()),
                answers=self._answers(),
                at_work=at_work(
                    SQL("press.point_id"),
                    SQL("rule.department_id"),
                    SQL("press.moment"),
                ),
            ),
            "stretch",
            "kind",
            "point_id",
            "event_id",
            "seller_meaning",
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
                    rule.id AS rule_id,
                    rule.long_press * 1000 AS long_ms,
                    rule.bounce * INTERVAL '1 second' AS bounce,
                    rule.response_window * INTERVAL '1 second' AS patience,
                    GREATEST(stretch.since, rule.valid_from) AS read_since,
                    LEAST(stretch.read_until, rule.valid_until) AS read_until,
                    rule.valid_until,
                    EXISTS (
                        SELECT
                        FROM kpi_feedback_point_kpi_popularity_study_line_rel AS studied
                        WHERE studied.kpi_feedback_point_id = stretch.point_id
                    ) AS is_studied
                FROM kpi_feedback_stretch AS stretch
                JOIN (
                    SELECT
                        id,
                        point_id,
                        long_press,
                        bounce,
                        response_window,
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
            "stretch",
            "rule_id",
        )
        self.env.cr.execute("CREATE INDEX ON kpi_feedback_rule (stretch)")

    @api.model
    def _presses(self):
        """SQL: the presses of one ``stretch``, each with what follows it: answers and
        short presses are one line. A long one leaves an open poll open.
        """
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s)
            SELECT
                *,
                LEAD(moment) OVER (PARTITION BY is_mark ORDER BY place) AS next_press
            FROM (
                SELECT
                    *,
                    LEAD(event_id) OVER in_order AS next_id,
                    LEAD(button) OVER in_order AS next_button,
                    LEAD(moment) OVER in_order AS next_moment
                FROM (%(lines)s) AS line
                WINDOW in_order AS (PARTITION BY is_mark ORDER BY place)
            ) AS followed
            WHERE is_seller
                OR is_mark
            """,
            items=self._items(),
            lines=self._lines(),
        )

    @api.model
    def _items(self):
        """SQL: the presses of one ``stretch`` in their order, ``place`` by ``place``.

        An answer goes before a press of the same moment. A press of the seller within
        the bounce time of the one before is a part of it, and of the same ``chain``;
        the first part ``starts`` it.
        """
        return SQL(
            """
            SELECT
                *,
                ROW_NUMBER() OVER in_order AS place,
                COUNT(*) FILTER (WHERE starts) OVER in_order AS chain
            FROM (
                SELECT
                    *,
                    is_seller
                        AND (
                            moment < bounce
                                + MAX(moment) FILTER (WHERE is_seller) OVER before
                        ) IS NOT TRUE AS starts
                FROM (%(raw)s) AS raw
                WINDOW before AS (
                    ORDER BY moment, is_seller, uuid
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                )
            ) AS part
            WINDOW in_order AS (
                ORDER BY moment, is_seller, uuid
                ROWS UNBOUNDED PRECEDING
            )
            """,
            raw=self._raw(),
        )

    @api.model
    def _raw(self):
        """SQL: the presses of one ``stretch``, with the rule in force at each."""
        return SQL(
            """
            SELECT
                rule.rule_id,
                rule.bounce,
                rule.patience,
                event.point_id,
                event.company_id,
                event.id AS event_id,
                event.uuid COLLATE "C" AS uuid,
                event.button,
                event.button = 'seller' AS is_seller,
                COALESCE(event.held_ms, 0) >= rule.long_ms AS is_long,
                event.pressed_at AS second,
                COALESCE(event.pressed_ms, 0) AS milliseconds,
                event.pressed_at
                    + COALESCE(event.pressed_ms, 0) * INTERVAL '1 millisecond'
                    AS moment,
                event.employee_id,
                event.partner_id,
                event.sale_order_id
            FROM kpi_feedback_rule AS rule
            -- OFFSET: looked up by point and time, however many presses there are.
            CROSS JOIN LATERAL (
                SELECT *
                FROM kpi_feedback_event AS event
                WHERE event.point_id = rule.point_id
                    AND event.pressed_at BETWEEN rule.read_since AND rule.read_until
                    -- The moment itself belongs to the next rule.
                    AND (
                        event.pressed_at < rule.valid_until
                        OR rule.valid_until = 'infinity'
                    )
                    AND event.button = ANY(%(buttons)s)
                OFFSET 0
            ) AS event
            WHERE rule.stretch = stretch.number
                AND (NOT rule.is_studied OR NOT %(in_study)s)
            """,
            buttons=list(BUTTONS),
            in_study=IN_STUDY,
        )

    @api.model
    def _lines(self):
        """SQL: the seller's presses, whole, and those of others."""
        return SQL(
            """
            SELECT
                item.place,
                item.is_seller,
                item.button = 'over'
                    OR item.is_seller AND (item.is_long OR later.is_long IS TRUE)
                    AS is_mark,
                item.rule_id,
                item.patience,
                item.point_id,
                item.company_id,
                item.event_id,
                later.event_ids AS later_ids,
                item.button,
                item.second,
                item.milliseconds,
                item.moment,
                GREATEST(item.employee_id, later.employee_id) AS employee_id,
                GREATEST(item.partner_id, later.partner_id) AS partner_id,
                GREATEST(item.sale_order_id, later.sale_order_id) AS sale_order_id
            FROM (
                SELECT
                    *,
                    CASE WHEN is_seller THEN chain END AS whole
                FROM item
                WHERE starts
                    OR NOT is_seller
            ) AS item
            FULL JOIN (
                SELECT
                    chain AS whole,
                    BOOL_OR(is_long) AS is_long,
                    ARRAY_AGG(event_id ORDER BY place) AS event_ids,
                    MAX(employee_id) AS employee_id,
                    MAX(partner_id) AS partner_id,
                    MAX(sale_order_id) AS sale_order_id
                FROM item
                WHERE is_seller
                    AND NOT starts
                GROUP BY chain
            ) AS later
                ON later.whole = item.whole
            OFFSET 0
            """
        )

    @api.model
    def _occasions(self):
        """SQL: the days on which the seller pressed."""
        return SQL(
            """
            SELECT DISTINCT
                press.rule_id,
                press.point_id,
                rule.department_id,
                press.day
            FROM press
            JOIN kpi_feedback_point_rule AS rule
                ON rule.id = press.rule_id
            """
        )

    @api.model
    def _answers(self):
        """SQL: the columns of the answer, empty when it came too late."""
        return SQL(", ").join(
            SQL(
                """
                CASE
                    WHEN NOT press.is_mark
                        AND press.next_button != 'seller'
                        AND press.next_moment <= press.moment + press.patience
                    THEN press.%(value)s
                END AS %(name)s
                """,
                value=SQL.identifier(value),
                name=SQL.identifier(name),
            )
            for value, name in (
                ("next_id", "answer_event_id"),
                ("next_button", "answer"),
                ("next_moment", "answer_moment"),
            )
        )
