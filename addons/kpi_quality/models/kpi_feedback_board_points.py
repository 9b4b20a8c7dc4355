from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.window import Window
from .kpi_feedback_board import INDEXES, POLL_SOURCES
from .question_sql import question_at
from .visit_sql import IN_STUDY

NO_POLLS = SQL(
    """
    SELECT
        NULL::int4 AS indicator_id, NULL::date AS date, NULL::int4 AS hour,
        NULL::int4 AS site_id, NULL::int4 AS department_id, NULL::int4 AS employee_id,
        0 AS numerator, 0 AS denominator, 0 AS squares, 0 AS sample,
        NULL::int4 AS poll_id, NULL::int4 AS point_id, NULL::varchar AS answer
    WHERE FALSE
    """
)


class FeedbackPolls(NamedTuple):
    """What only the polls themselves know."""

    points: dict  # {point id: {source: sums}}
    answers: dict  # {source: {answer: number of polls}}


class KpiFeedbackBoard(models.AbstractModel):
    """By point, by answer, and what stands beside the figures: live from presses."""

    _inherit = "kpi.feedback.board"

    @api.model
    def _read_polls(self, filters, indicators):
        """Sum the polls behind the figures by point and by answer.

        :rtype: FeedbackPolls
        """
        groups = self._group_facts(
            self._poll_rows(filters, indicators), ("point_id",), ("answer",)
        )
        codes = {indicator.id: code for code, indicator in indicators.items()}
        points, answers = defaultdict(dict), defaultdict(dict)
        for (indicator_id, point_id), cases in groups["point_id",].items():
            points[point_id][codes[indicator_id]] = cases
        for (indicator_id, answer), cases in groups["answer",].items():
            answers[codes[indicator_id]][answer] = int(cases.count)
        return FeedbackPolls(points, answers)

    @api.model
    def _poll_rows(self, filters, indicators):
        """SQL: the polls behind the figures, as the sources of the indicators see them.

        :return: SELECT with ``FACT_COLUMNS``, ``poll_id``, ``point_id`` and
            ``answer``, a row per indicator and poll that the user may read
        """
        engine = self.env["kpi.engine"].sudo()  # the polls are restricted below
        company = self.env.company
        documents = [
            SQL(
                "SELECT %s AS indicator_id, part.* FROM (%s) AS part",
                indicator.id,
                engine._placed(indicator, window, self._poll_condition(filters)),
            )
            for code, indicator in indicators.items()
            if code in POLL_SOURCES
            for window in engine._measured_windows(
                indicator, company, filters.stretch.date_from, filters.stretch.date_to
            )
        ]
        if not documents:
            return NO_POLLS
        polls = self.env["kpi.feedback.poll"]._search(
            [("point_id", "=", filters.point_id)] if filters.point_id else []
        )
        return SQL(
            """
            SELECT
                document.indicator_id, document.date, document.hour,
                document.site_id, document.department_id, document.employee_id,
                document.numerator, document.denominator,
                document.numerator * document.numerator AS squares,
                1 AS sample,
                poll.id AS poll_id, poll.point_id, poll.answer
            FROM (%(documents)s) AS document
            JOIN kpi_feedback_poll AS poll
                ON poll.id = document.res_id
            WHERE poll.id IN %(readable)s
            """,
            documents=SQL(" UNION ALL ").join(documents),
            readable=polls.subselect(),
        )

    @api.model
    def _poll_condition(self, filters):
        """SQL over ``placed``, see ``kpi.engine``."""
        conditions = [SQL("placed.company_id = %s", self.env.company.id)]
        if filters.site_id:
            conditions.append(SQL("placed.site_id = %s", filters.site_id))
        if filters.department_ids:
            conditions.append(SQL("placed.department_id IN %s", filters.department_ids))
        if filters.employee_id:
            conditions.append(SQL("placed.employee_id = %s", filters.employee_id))
        return SQL(" AND ").join(conditions)

    @api.model
    def _describe_answers(self, polls):
        return [
            {"code": code, **polls.answers[code]}
            for code in INDEXES
            if code in polls.answers
        ]

    # ------------------------------------------------- whether to believe them
    @api.model
    def _describe_trust(self, filters, facts, figures):
        """What says how far the figures can be believed."""
        stretch = filters.stretch
        points = self._get_points(filters)
        opening_days = self._count_opening_days(points.site_id, stretch)
        days = len(facts.polled_days)
        checked, rejected = self._count_checked(filters, points)
        share = figures.get("force_majeure_share", {}).get("value")
        limit = self.env.company.kpi_force_majeure_level
        return {
            "days": days,
            "opening_days": opening_days,
            "days_covered": 100 * days / opening_days if opening_days else None,
            "checked": checked,
            "rejected": rejected,
            "rejection_rate": 100 * rejected / checked if checked else None,
            "unasked": self._count_unasked(filters),
            "force_majeure_limit": limit,
            "fix_causes": share is not None and share > limit,
        }

    @api.model
    def _count_checked(self, filters, points):
        """:return: polls that an expert looked at, and those of them he rejected"""
        if filters.employee_id:
            return 0, 0  # experts check points, not people
        checks = self.env["kpi.feedback.check"].sudo()  # sums of the points in view
        rates = checks._rejection_rate(
            points.ids, filters.stretch.date_from, filters.stretch.date_to
        ).values()
        return (
            sum(rate["checked"] for rate in rates),
            sum(rate["rejected"] for rate in rates),
        )

    @api.model
    def _count_opening_days(self, sites, stretch):
        """Days up to today on which the sites are open, all sites together."""
        return sum(
            len(
                site._opening_days(
                    stretch.date_from, min(stretch.date_to, site._local_day())
                )
            )
            for site in sites
        )

    @api.model
    def _count_unasked(self, filters):
        """:return: answers that nobody had asked for; None where a seller is chosen,
        as nobody was there to be credited with them
        """
        if filters.employee_id:
            return None
        [[count]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s) AS unasked", self._unasked_events(filters))
        )
        return count

    @api.model
    def action_open_live(self, filters, key):
        """Open the polls that an expert rejected, or the answers nobody asked for."""
        self._check_role()
        filters = self._clean_filters(filters)
        self.env.flush_all()
        if key == "unasked":
            model, title = "kpi.feedback.event", self.env._("Unasked answers")
            rows = self.env.execute_query(self._unasked_events(filters))
        else:
            model, title = "kpi.feedback.poll", self.env._("Rejected polls")
            rows = self.env.execute_query(self._rejected_polls(filters))
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [row_id for [row_id] in rows])],
            "context": {"create": False},
        }

    @api.model
    def _rejected_polls(self, filters):
        """SQL: ids of the polls that :meth:`_count_checked` counts as rejected."""
        points = self._get_points(filters)
        polls = self.env["kpi.feedback.poll"]._search(
            [("point_id", "in", points.ids), ("state", "=", "rejected")]
        )
        return SQL(
            """
            SELECT poll.id
            FROM kpi_feedback_poll AS poll
            JOIN kpi_site AS site
                ON site.id = poll.site_id
            WHERE poll.id IN %(readable)s
                AND (
                    poll.moment AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                )::date BETWEEN %(date_from)s AND %(date_to)s
            """,
            readable=polls.subselect(),
            date_from=filters.stretch.date_from,
            date_to=filters.stretch.date_to,
        )

    @api.model
    def _unasked_events(self, filters):
        """SQL: ids of the customers' presses outside the window of a poll."""
        window = Window(*filters.stretch, now=None)
        domain = [
            ("company_id", "=", self.env.company.id),
            ("button", "in", ("yes", "no", "unsure")),
            ("pressed_at", ">=", window.utc_from),
            ("pressed_at", "<", window.utc_to),
        ]
        if filters.site_id:
            domain.append(("point_id.site_id", "=", filters.site_id))
        if filters.department_ids:
            domain.append(("point_id.department_id", "in", filters.department_ids))
        if filters.point_id:
            domain.append(("point_id", "=", filters.point_id))
        events = self.env["kpi.feedback.event"]._search(domain)
        return SQL(
            """
            SELECT event.id
            FROM kpi_feedback_event AS event
            JOIN kpi_feedback_point AS point
                ON point.id = event.point_id
            JOIN kpi_site AS site
                ON site.id = point.site_id
            -- A poll ends where the next one begins: only the last one can be open.
            LEFT JOIN LATERAL (
                SELECT
                    poll.moment,
                    poll.moment + poll.moment_ms * interval '1 ms' AS pressed
                FROM kpi_feedback_poll AS poll
                WHERE poll.point_id = event.point_id
                    AND poll.moment <= event.pressed_at
                    AND (poll.moment, poll.moment_ms)
                        < (event.pressed_at, event.pressed_ms)
                ORDER BY poll.moment DESC, poll.moment_ms DESC
                LIMIT 1
            ) AS last_poll ON TRUE
            -- Its window to the millisecond: stored is the second in which it closed.
            LEFT JOIN LATERAL (
                SELECT rule.response_window * interval '1 second' AS length
                FROM kpi_feedback_point_rule AS rule
                WHERE rule.point_id = event.point_id
                ORDER BY
                    rule.valid_from <= last_poll.moment DESC,
                    ABS(EXTRACT(EPOCH FROM rule.valid_from - last_poll.moment))
                LIMIT 1
            ) AS response_window ON TRUE
            WHERE event.id IN %(readable)s
                AND (
                    event.pressed_at AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                )::date BETWEEN %(date_from)s AND %(date_to)s
                AND NOT %(in_study)s
                AND (
                    last_poll.pressed IS NULL
                    OR last_poll.pressed + response_window.length
                        < event.pressed_at + event.pressed_ms * interval '1 ms'
                )
            """,
            readable=events.subselect(),
            date_from=filters.stretch.date_from,
            date_to=filters.stretch.date_to,
            in_study=IN_STUDY,
        )

    # ----------------------------------------------------- the question in force
    @api.model
    def _read_questions(self, filters):
        """What every point asks now, and since when.

        The question is asked for at each moment when it may have changed: the edges of
        the plan's periods and the confirmations of plates. Its last change counts.
        """
        points = self._get_points(filters)
        rows = self.env.execute_query(
            SQL(
                """
                WITH place AS (
                    SELECT point.id, point.company_id, point.has_plate, site.tz
                    FROM kpi_feedback_point AS point
                    JOIN kpi_site AS site ON site.id = point.site_id
                    WHERE point.id = ANY(%(points)s)
                ),
                step AS (
                    SELECT
                        place.id AS point_id,
                        place.tz,
                        edge.day::timestamp AT TIME ZONE place.tz AT TIME ZONE 'UTC'
                            AS moment
                    FROM place
                    JOIN kpi_feedback_question_period AS period
                        ON period.company_id = place.company_id
                        AND (period.point_id = place.id OR period.point_id IS NULL)
                    CROSS JOIN LATERAL (
                        VALUES (period.date_from), (period.date_to + 1)
                    ) AS edge(day)
                    WHERE edge.day IS NOT NULL
                    UNION
                    SELECT place.id, place.tz, confirmation.confirmed_at
                    FROM place
                    JOIN kpi_feedback_question_confirmation AS confirmation
                        ON confirmation.point_id = place.id
                    WHERE place.has_plate
                ),
                asked AS (
                    SELECT
                        step.point_id,
                        step.moment,
                        step.tz,
                        question.question_id,
                        LAG(question.question_id) OVER (
                            PARTITION BY step.point_id ORDER BY step.moment
                        ) IS DISTINCT FROM question.question_id AS is_new
                    FROM step
                    %(question)s
                    WHERE step.moment <= %(now)s
                )
                SELECT DISTINCT ON (point_id)
                    point_id,
                    question_id,
                    (moment AT TIME ZONE 'UTC' AT TIME ZONE tz)::date
                FROM asked
                WHERE is_new
                ORDER BY point_id, moment DESC
                """,
                points=points.ids,
                now=self.env["kpi.engine"]._now(),
                question=question_at(
                    SQL("step.point_id"),
                    SQL("(step.moment AT TIME ZONE 'UTC' AT TIME ZONE step.tz)::date"),
                    SQL("step.moment"),
                ),
            )
        )
        asked = {point_id: (question, since) for point_id, question, since in rows}
        questions = self.env["kpi.feedback.question"].sudo()  # what is on the plate
        questions = questions.browse({q for q, _since in asked.values()} - {None})
        texts = {question.id: question for question in questions}
        result = []
        for point in points:
            question_id, since = asked.get(point.id, (None, None))
            question = texts.get(question_id)
            result.append(
                {
                    "point_id": point.id,
                    "point": point.name,
                    "question": question.text if question else False,
                    "kind": question.kind if question else False,
                    "since": fields.Date.to_string(since) if question else False,
                    "has_plate": point.has_plate,
                }
            )
        return result
