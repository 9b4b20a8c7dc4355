"""From red presses to complaints."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .duty_sql import seller_of
from .visit_sql import IN_STUDY

# A history that is imported wakes up nobody; a console that was offline for a long
# weekend still does.
ALARM_AT_MOST = timedelta(days=7)
# Presses of one point this close are told as one.
TOGETHER = timedelta(minutes=1)


class KpiFeedbackComplaint(models.Model):
    _inherit = "kpi.feedback.complaint"

    @api.model
    def _create_from_events(self, event_ids):
        """One complaint per red press, once; held presses raise the alarm.

        Bounce plays no part: every press is one for the expert. Presses of a point
        that takes part in a running study are observations only.

        :param event_ids: ids of presses, of whatever button
        :return: the new complaints
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._from_events(list(event_ids)))
        self.invalidate_model(flush=False)
        # Whoever enters or uploads a press need not see what follows from it.
        complaints = self.sudo().browse(row[0] for row in rows)
        since = fields.Datetime.now() - ALARM_AT_MOST
        held = complaints.browse(
            complaint_id
            for complaint_id, kind, moment in rows
            if kind == "active" and moment >= since
        )
        held.sorted(lambda complaint: (complaint.moment, complaint.id))._raise_alarm()
        return self.browse(complaints.ids)

    @api.model
    def _from_events(self, event_ids):
        """SQL: INSERT the complaints, with the rule valid at the press."""
        moment = SQL("press.moment")
        return SQL(
            """
            INSERT INTO kpi_feedback_complaint (
                channel,
                kind,
                event_id,
                point_id,
                company_id,
                site_id,
                department_id,
                employee_id,
                partner_id,
                sale_order_id,
                moment,
                state,
                escalation_level,
                create_uid,
                create_date,
                write_uid,
                write_date
            )
            SELECT
                'red_button',
                CASE
                    WHEN press.held_ms >= ROUND(press.long_press * 1000)
                    THEN 'active'
                    ELSE 'passive'
                END,
                press.id,
                press.point_id,
                press.company_id,
                press.site_id,
                press.department_id,
                seller.employee_id,
                COALESCE(press.partner_id, sale.partner_id),
                press.sale_order_id,
                press.pressed_at,
                'unchecked',
                0,
                %(uid)s,
                %(now)s,
                %(uid)s,
                %(now)s
            FROM (%(presses)s) AS press
            LEFT JOIN sale_order AS sale
                ON sale.id = press.sale_order_id
            %(seller)s
            ORDER BY
                press.moment,
                press.id
            ON CONFLICT (event_id) WHERE event_id IS NOT NULL DO NOTHING
            RETURNING
                id,
                kind,
                moment
            """,
            presses=self._red_presses(event_ids),
            seller=seller_of(
                SQL("press.employee_id"),
                SQL("press.point_id"),
                SQL("press.department_id"),
                moment,
            ),
            uid=self.env.uid,
            now=fields.Datetime.now(),
        )

    @api.model
    def _red_presses(self, event_ids):
        return SQL(
            """
            SELECT
                event.id,
                event.point_id,
                event.company_id,
                event.employee_id,
                event.partner_id,
                event.sale_order_id,
                event.pressed_at,
                event.held_ms,
                timed.moment,
                point.site_id,
                -- A rule may know no department: then there is none.
                CASE
                    WHEN rule.id IS NULL THEN point.department_id
                    ELSE rule.department_id
                END AS department_id,
                COALESCE(rule.long_press, point.long_press) AS long_press
            FROM kpi_feedback_event AS event
            JOIN kpi_feedback_point AS point
                ON point.id = event.point_id
            CROSS JOIN LATERAL (
                SELECT
                    event.pressed_at
                    + COALESCE(event.pressed_ms, 0) * INTERVAL '1 millisecond' AS moment
            ) AS timed
            -- The newest rule of then; the first one reaches back for ever.
            LEFT JOIN LATERAL (
                SELECT
                    rule.id,
                    rule.department_id,
                    rule.long_press
                FROM kpi_feedback_point_rule AS rule
                WHERE rule.point_id = event.point_id
                ORDER BY
                    rule.valid_from <= timed.moment DESC,
                    CASE
                        WHEN rule.valid_from <= timed.moment THEN rule.valid_from
                    END DESC,
                    rule.valid_from
                LIMIT 1
            ) AS rule ON TRUE
            WHERE event.id = ANY(%(events)s)
                AND event.button = 'complaint'
                AND NOT %(in_study)s
            """,
            events=event_ids,
            in_study=IN_STUDY,
        )

    def _raise_alarm(self):
        """Tell of held presses at once; presses of one point within a minute as one.

        A press after somebody took care of the one before is told anew: that customer
        is another one.
        """
        first_presses = self.browse()
        for complaint in self:
            first = complaint._find_first_press()
            if first:
                complaint.first_id = first
            else:
                first_presses |= complaint
        first_presses._alarm()

    def _find_first_press(self):
        """The press of this point within the minute that was told, if any."""
        self.ensure_one()
        return self.search(
            [
                ("point_id", "=", self.point_id.id),
                ("moment", ">", self.moment - TOGETHER),
                ("moment", "<", self.moment + TOGETHER),
                ("kind", "=", "active"),
                ("channel", "=", "red_button"),
                ("first_id", "=", False),
                ("reacted_at", "=", False),
                ("id", "!=", self.id),
                "|",
                ("notified_at", "!=", False),
                ("id", "<", self.id),
            ],
            order="moment, id",
            limit=1,
        )
