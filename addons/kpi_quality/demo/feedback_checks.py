"""What came of the presses: the expert's verdicts, reactions, signs of foul play."""

from datetime import timedelta

from odoo.tools import SQL

from ..tools.window import Window
from .feedback_plan import CHEAT

# The desk is not empty: what is younger waits for the expert.
WAITING_DAYS = 3
# Chance by the press: 00 to ff.
LOT = SQL("('x' || left(md5(event.uuid), 2))::bit(8)::int")


def make(demo):
    demo.env["kpi.feedback.check"]._fill()
    _judge(demo)
    demo.env["kpi.feedback.verdict"]._apply()
    _react(demo)
    month = Window(demo.today - timedelta(days=30), demo.today, demo.now)
    demo.env["kpi.feedback.sign"]._find(month)
    demo.env.invalidate_all()


def _judge(demo):
    """As an expert would who saw the video of each."""
    ref = demo.env.ref
    reasons = {
        name: ref(f"kpi_quality.kpi_feedback_reason_{name}").id
        for name in ("poll_rejected_nobody", "complaint_unfair_child")
    }
    causes = demo.env["kpi.feedback.reason"].search(
        [("kind", "=", "force_majeure")], order="sequence, id"
    )
    by_verdict = {
        verdict: causes.filtered_domain([("verdict", "=", verdict)])[:1].id or None
        for verdict in ("confirmed", "rejected")
    }
    demo.env.cr.execute(
        SQL(
            """
            WITH judged AS (
                SELECT
                    item.id AS check_id,
                    item.event_id,
                    item.company_id,
                    item.kind,
                    item.point_id,
                    item.moment,
                    CASE item.kind
                        WHEN 'slice' THEN 'seen'
                        WHEN 'complaint'
                        THEN CASE WHEN %(lot)s < 180 THEN 'fair' ELSE 'unfair' END
                        WHEN 'force_majeure'
                        THEN CASE majeure.ended_by
                            WHEN 'limit' THEN 'rejected'
                            ELSE 'confirmed'
                        END
                        -- On the video nobody stands at the counter.
                        ELSE CASE
                            WHEN poll.employee_id = %(cheat)s
                                AND poll.response_ms < 1000
                                OR %(lot)s < 6
                            THEN 'rejected'
                            ELSE 'valid'
                        END
                    END AS verdict,
                    CASE
                        WHEN item.kind = 'slice' THEN 1 + item.id %% 3
                        ELSE 0
                    END AS served,
                    CASE
                        WHEN item.kind = 'slice' AND item.id %% 4 = 0 THEN 1
                        ELSE 0
                    END AS missed,
                    item.moment + INTERVAL '26 hours' AS judged_at
                FROM kpi_feedback_check AS item
                LEFT JOIN kpi_feedback_event AS event
                    ON event.id = item.event_id
                LEFT JOIN kpi_feedback_poll AS poll
                    ON poll.event_id = item.event_id
                LEFT JOIN kpi_force_majeure AS majeure
                    ON majeure.event_id = item.event_id
                WHERE item.company_id = %(company)s
                    AND item.state = 'waiting'
                    AND item.moment < %(until)s
            ),
            done AS (
                UPDATE kpi_feedback_check AS item
                SET state = 'done', claimed_by_id = %(expert)s
                FROM judged
                WHERE judged.check_id = item.id
            )
            INSERT INTO kpi_feedback_verdict (
                check_id, event_id, company_id, kind, point_id, moment, verdict,
                served, missed, reason_id, user_id,
                create_uid, create_date, write_uid, write_date
            )
            SELECT
                check_id, event_id, company_id, kind, point_id, moment, verdict,
                served, missed,
                CASE verdict
                    WHEN 'unfair' THEN %(unfair)s
                    WHEN 'confirmed' THEN %(confirmed)s
                    WHEN 'rejected'
                    THEN CASE kind WHEN 'poll' THEN %(nobody)s ELSE %(refused)s END
                END,
                %(expert)s, %(expert)s, judged_at, %(expert)s, judged_at
            FROM judged
            ORDER BY judged_at, check_id
            """,
            lot=LOT,
            cheat=demo.people[CHEAT].employee.id,
            company=demo.company.id,
            until=demo.now - timedelta(days=WAITING_DAYS),
            expert=demo.people["expert"].user.id,
            unfair=reasons["complaint_unfair_child"],
            nobody=reasons["poll_rejected_nobody"],
            confirmed=by_verdict["confirmed"],
            refused=by_verdict["rejected"],
        )
    )


def _react(demo):
    """The director came to who held the button, but for the newest one."""
    demo.env.cr.execute(
        SQL(
            """
            UPDATE kpi_feedback_complaint AS complaint
            SET
                reacted_at = event.received_at
                    + (4 + %(lot)s / 8) * INTERVAL '1 minute',
                reacted_by_id = site.manager_id,
                reaction = 'Поговорили с покупателем, извинились, вопрос решён'
            FROM kpi_feedback_event AS event, kpi_site AS site
            WHERE event.id = complaint.event_id
                AND site.id = complaint.site_id
                AND complaint.company_id = %(company)s
                AND complaint.kind = 'active'
                AND complaint.moment < %(until)s
            """,
            lot=LOT,
            company=demo.company.id,
            until=demo.now - timedelta(days=1),
        )
    )
