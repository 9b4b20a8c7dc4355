from odoo import api, models
from odoo.tools import SQL


class KpiFeedbackCheck(models.Model):
    """What the experts found, beside the figures they checked."""

    _inherit = "kpi.feedback.check"

    @api.model
    def _rejection_rate(self, point_ids, date_from, date_to):
        """Of the polls that experts looked at, how many are left out of the figures.

        :param date_from: first local day of the points' sites
        :param date_to: last one
        :return: per point with such polls ``checked``, ``rejected`` and ``percent``
        :rtype: dict
        """
        self.env["kpi.feedback.poll"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    poll.point_id,
                    COUNT(*),
                    COUNT(*) FILTER (WHERE poll.state = 'rejected')
                FROM kpi_feedback_poll AS poll
                JOIN kpi_site AS site ON site.id = poll.site_id
                WHERE poll.point_id = ANY(%(points)s)
                    AND poll.state <> 'unchecked'
                    AND %(on_these_days)s
                GROUP BY poll.point_id
                """,
                points=list(point_ids),
                on_these_days=_on_days(SQL("poll.moment"), date_from, date_to),
            )
        )
        return {
            point_id: {
                "checked": checked,
                "rejected": rejected,
                "percent": 100 * rejected / checked,
            }
            for point_id, checked, rejected in rows
        }

    @api.model
    def _missed_share(self, point_ids, date_from, date_to):
        """Of the customers seen in time slices, how many got no press.

        :return: per point with slices seen ``slices``, ``served``, ``missed`` and
            ``percent``, None when nobody was there to be served
        :rtype: dict
        """
        self.env["kpi.feedback.verdict"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT point_id, COUNT(*), SUM(served), SUM(missed)
                FROM (
                    SELECT DISTINCT ON (verdict.check_id)
                        verdict.point_id,
                        verdict.verdict,
                        verdict.served,
                        verdict.missed
                    FROM kpi_feedback_verdict AS verdict
                    JOIN kpi_feedback_point AS point ON point.id = verdict.point_id
                    JOIN kpi_site AS site ON site.id = point.site_id
                    WHERE verdict.point_id = ANY(%(points)s)
                        AND verdict.kind = 'slice'
                        AND %(on_these_days)s
                    ORDER BY verdict.check_id, verdict.id DESC
                ) AS newest
                WHERE verdict = 'seen'
                GROUP BY point_id
                """,
                points=list(point_ids),
                on_these_days=_on_days(SQL("verdict.moment"), date_from, date_to),
            )
        )
        return {
            point_id: {
                "slices": slices,
                "served": served,
                "missed": missed,
                "percent": 100 * missed / served if served else None,
            }
            for point_id, slices, served, missed in rows
        }


def _on_days(moment, date_from, date_to):
    """SQL: a moment lies on local days of ``site``; an index on it is used."""
    return SQL(
        """
        %(moment)s >= %(date_from)s::date::timestamp
            AT TIME ZONE site.tz AT TIME ZONE 'UTC'
        AND %(moment)s < (%(date_to)s::date + 1)::timestamp
            AT TIME ZONE site.tz AT TIME ZONE 'UTC'
        """,
        moment=moment,
        date_from=date_from,
        date_to=date_to,
    )
