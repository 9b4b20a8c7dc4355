import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.sample import draw_slices
from .kpi_engine import CONFLICTS

_logger = logging.getLogger(__name__)

# Archives of video keep about a month, so nobody can check older polls.
SAMPLED_DAYS = 31
# A server that was down draws the slices of the days that it missed.
SLICED_DAYS = 7

HELD_RED, RED, FORCE_MAJEURE, SLICE, POLL = 50, 40, 30, 20, 10


class KpiFeedbackCheck(models.Model):
    """Which items there are: all, or a sample that anybody draws the same."""

    _inherit = "kpi.feedback.check"

    @api.model
    def _cron_fill(self):
        try:
            self._fill()
        except CONFLICTS as error:
            # An expert's desk was opened at the same moment, and did the same.
            self.env.cr.rollback()
            _logger.info("The expert's desk is filled by somebody else: %s", error)

    @api.model
    def _fill(self):
        """Put on the desk what is not there yet; as often as one likes."""
        for model in (
            "kpi.feedback.check",
            "kpi.feedback.event",
            "kpi.feedback.complaint",
            "kpi.force.majeure",
            "kpi.feedback.poll",
            "kpi.feedback.point",
            "kpi.site",
            "res.company",
        ):
            self.env[model].flush_model()
        now = fields.Datetime.now()
        self._drop_vanished()
        self._add_presses(now)
        self._add_slices(now)
        self.invalidate_model()

    @api.model
    def _drop_vanished(self):
        """Late presses can turn a poll into none: then there is nothing to judge."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kpi_feedback_check AS item
                WHERE state = 'waiting'
                    AND event_id IS NOT NULL
                    AND NOT EXISTS (
                        SELECT FROM kpi_feedback_verdict WHERE check_id = item.id
                    )
                    AND CASE kind
                        WHEN 'poll' THEN NOT EXISTS (
                            SELECT FROM kpi_feedback_poll
                            WHERE event_id = item.event_id
                        )
                        WHEN 'force_majeure' THEN NOT EXISTS (
                            SELECT FROM kpi_force_majeure
                            WHERE event_id = item.event_id
                        )
                        WHEN 'complaint' THEN NOT EXISTS (
                            SELECT FROM kpi_feedback_complaint
                            WHERE event_id = item.event_id
                        )
                    END
                """
            )
        )

    @api.model
    def _add_presses(self, now):
        """All red presses and force majeure, and the sample of polls, once over."""
        self.env.cr.execute(
            SQL(
                """
                WITH due AS (%(complaints)s UNION ALL %(troubles)s UNION ALL %(polls)s)
                INSERT INTO kpi_feedback_check AS item (
                    kind, event_id, point_id, company_id, site_id, department_id,
                    moment, stop, priority, state
                )
                SELECT *, 'waiting' FROM due
                ON CONFLICT (kind, event_id) WHERE event_id IS NOT NULL
                DO UPDATE SET
                    site_id = EXCLUDED.site_id,
                    department_id = EXCLUDED.department_id,
                    stop = EXCLUDED.stop,
                    priority = EXCLUDED.priority
                WHERE item.state = 'waiting' AND (
                    item.site_id, item.department_id, item.stop, item.priority
                ) IS DISTINCT FROM (
                    EXCLUDED.site_id,
                    EXCLUDED.department_id,
                    EXCLUDED.stop,
                    EXCLUDED.priority
                )
                """,
                complaints=self._due_complaints(),
                troubles=self._due_troubles(now),
                polls=self._due_polls(now),
            )
        )

    @api.model
    def _due_complaints(self):
        return SQL(
            """
            SELECT
                'complaint',
                complaint.event_id,
                event.point_id,
                complaint.company_id,
                COALESCE(complaint.site_id, point.site_id),
                complaint.department_id,
                event.pressed_at,
                NULL::timestamp,
                CASE complaint.kind WHEN 'active' THEN %s ELSE %s END
            FROM kpi_feedback_complaint AS complaint
            JOIN kpi_feedback_event AS event ON event.id = complaint.event_id
            JOIN kpi_feedback_point AS point ON point.id = event.point_id
            """,
            HELD_RED,
            RED,
        )

    @api.model
    def _due_troubles(self, now):
        return SQL(
            """
            SELECT
                'force_majeure',
                event_id,
                point_id,
                company_id,
                site_id,
                department_id,
                start_at,
                stop_at,
                %s
            FROM kpi_force_majeure
            WHERE stop_at <= %s
            """,
            FORCE_MAJEURE,
            now,
        )

    @api.model
    def _due_polls(self, now):
        """A share of all polls, by lot: each draws its own, by its press's uuid.

        So one that arrives late changes nothing for the others, and nobody at the
        counter can know which are looked at.
        """
        return SQL(
            """
            SELECT
                'poll',
                poll.event_id,
                poll.point_id,
                poll.company_id,
                poll.site_id,
                poll.department_id,
                poll.moment,
                NULL,
                %(priority)s
            FROM kpi_feedback_poll AS poll
            JOIN kpi_feedback_event AS event ON event.id = poll.event_id
            JOIN res_company AS company ON company.id = poll.company_id
            WHERE poll.moment >= %(since)s
                AND poll.closes_at <= %(now)s
                -- The first 32 bits of the hash, as a share of all there are.
                AND ('x' || LEFT(
                    MD5(CONCAT(company.kpi_sample_seed, ':', event.uuid)), 8
                ))::bit(32)::bigint * 100.0 / 4294967296 < company.kpi_poll_sample
            """,
            priority=POLL,
            since=now - timedelta(days=SAMPLED_DAYS),
            now=now,
        )

    # -------------------------------------------------------------------- slices
    @api.model
    def _add_slices(self, now):
        """Minutes of past days at random, for the presses that were not made."""
        items, hours = [], {}
        for point, day in self._days_without_slices(now):
            company, site = point.company_id, point.site_id
            if (site, day) not in hours:
                hours[site, day] = site._opening_times(*site._day_bounds(day))[site]
            drawn = draw_slices(
                f"{company.kpi_sample_seed}:{point.id}:{day}",
                hours[site, day],
                company.kpi_slices_per_day,
                company.kpi_slice_minutes,
            )
            items += [
                SQL(
                    "('slice', %s, %s, %s, %s::int, %s, %s, %s, 'waiting')",
                    point.id,
                    company.id,
                    site.id,
                    point.department_id.id or None,
                    start,
                    stop,
                    SLICE,
                )
                for start, stop in drawn
            ]
        if items:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO kpi_feedback_check (
                        kind, point_id, company_id, site_id, department_id,
                        moment, stop, priority, state
                    )
                    VALUES %s
                    ON CONFLICT (point_id, moment) WHERE kind = 'slice' DO NOTHING
                    """,
                    SQL(", ").join(items),
                )
            )

    @api.model
    def _days_without_slices(self, now):
        """:return: points whose seller's button is in use, each with a local day"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT point.id, day.local::date
                FROM kpi_feedback_point AS point
                JOIN kpi_site AS site ON site.id = point.site_id
                JOIN res_company AS company ON company.id = point.company_id
                CROSS JOIN LATERAL (
                    SELECT (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE site.tz)::date
                        - number AS local
                    FROM generate_series(1, %(days)s) AS number
                ) AS day
                CROSS JOIN LATERAL (
                    SELECT
                        day.local::timestamp
                            AT TIME ZONE site.tz AT TIME ZONE 'UTC' AS start,
                        (day.local + 1)::timestamp
                            AT TIME ZONE site.tz AT TIME ZONE 'UTC' AS stop
                ) AS moments
                WHERE point.active
                    AND point.kind IN ('three_button', 'seller_button')
                    AND company.kpi_slices_per_day > 0
                    AND EXISTS (
                        SELECT FROM kpi_feedback_event
                        WHERE point_id = point.id AND pressed_at < moments.stop
                    )
                    AND NOT EXISTS (
                        SELECT FROM kpi_feedback_check
                        WHERE kind = 'slice'
                            AND point_id = point.id
                            AND moment >= moments.start
                            AND moment < moments.stop
                    )
                ORDER BY point.id, day.local
                """,
                now=now,
                days=SLICED_DAYS,
            )
        )
        points = self.env["kpi.feedback.point"].sudo()  # of all companies
        return [(points.browse(point_id), day) for point_id, day in rows]
