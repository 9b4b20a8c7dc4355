"""What the experts' verdicts say of presses, for all who derive from these."""

from odoo.tools import SQL

# Whose state a verdict decides. An attempt is as good as the poll of its press.
JUDGED = {
    "kpi.feedback.poll": "poll",
    "kpi.feedback.attempt": "poll",
    "kpi.force.majeure": "force_majeure",
    "kpi.feedback.complaint": "complaint",
}


def newest_verdicts(kind, event_ids=None):
    """One row per judged press: what counts of all that was said of it.

    :param str kind: of check; a press can be a poll, and after settings changed a
        force majeure
    :param event_ids: of these presses only
    :return: SELECT of ``event_id``, ``state`` (of the poll, attempt, force majeure or
        complaint; taken back is unchecked) and ``reason_id``
    :rtype: SQL
    """
    return SQL(
        """
        SELECT DISTINCT ON (event_id)
            event_id,
            CASE WHEN verdict = 'undone' THEN 'unchecked' ELSE verdict END AS state,
            reason_id
        FROM kpi_feedback_verdict
        WHERE kind = %(kind)s AND event_id IS NOT NULL AND %(presses)s
        ORDER BY event_id, id DESC
        """,
        kind=kind,
        presses=SQL("TRUE")
        if event_ids is None
        else SQL("event_id = ANY(%s)", list(event_ids)),
    )
