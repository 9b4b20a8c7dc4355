"""Polls, attempts and force majeure out of presses: when, and by whom."""

import logging
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .kpi_engine import CONFLICTS
from .visit_sql import IN_STUDY

_logger = logging.getLogger(__name__)
# Presses worked on at a time, so that what PostgreSQL sorts stays small.
BATCH = 200_000
# So many new presses at once change what the planner has to know of them.
MANY = 2_000


class KpiFeedbackDerivation(models.AbstractModel):
    """Brings what is derived in line with the presses, where these are new.

    The rules are those of ``tools/polls.py``. Only differences are written, and rows
    are known by the press that began them: ids are stable, and so is what experts said.

    One transaction at a time derives a point. Whoever finds it taken leaves its presses
    pending: the scheduled action is woken up and derives them with a fresh look.
    """

    _name = "kpi.feedback.derivation"
    _description = "Derivation of Polls"

    @api.model
    def _derive_pending(self, points=None):
        """Derive what the presses touch that are not derived yet.

        :param points: at these points only
        :return: rows written by model
        :rtype: Counter
        """
        self.env.flush_all()
        waiting = dict(self.env.execute_query(self._pending_counts(points)))
        written = Counter()
        if not waiting:
            return written
        if sum(waiting.values()) >= MANY:
            self.env.cr.execute("ANALYZE kpi_feedback_pending, kpi_feedback_event")
        taken = self._take_turns(waiting)
        for point_ids in self._batches({p: waiting[p] for p in taken}):
            written += self._derive(self._pending_stretches(point_ids))
            red = self._red_presses(point_ids)
            self.env.cr.execute(
                SQL(
                    "DELETE FROM kpi_feedback_pending WHERE point_id = ANY(%s)",
                    point_ids,
                )
            )
            if red:
                complaints = self.env["kpi.feedback.complaint"]
                complaints._create_from_events(red)
        if len(taken) < len(waiting):
            self._wake_up()
        return written

    @api.model
    def _derive_all(self, point_ids=None, since=None):
        """Derive all presses anew, e.g. because a roster or a study changed.

        :param point_ids: at these points only
        :param since: only what a press after this moment (UTC) takes part in
        :return: rows written by model
        :rtype: Counter
        :raise: a conflict when somebody else derives one of the points
        """
        self.env.flush_all()
        written = Counter()
        counts = dict(self.env.execute_query(self._event_counts(point_ids, since)))
        for batch in self._batches(counts):
            self._lock_turns(batch, SQL("FOR UPDATE"))
            written += self._derive(self._all_stretches(batch, since))
        return written

    # -------------------------------------------------------------- scheduled actions
    @api.model
    def _cron_derive(self):
        """What arrived by SQL, or while its point was being derived."""
        self._derive_pending()

    @api.model
    def _cron_derive_open_days(self):
        """Every night: rosters, attendance and questions are completed late."""
        first_day = self.env["kpi.engine"]._open_window().date_from
        since = first_day - timedelta(days=1)  # whatever the time zone
        cron = self.env["ir.cron"]
        counts = dict(self.env.execute_query(self._event_counts(None, since)))
        cron._commit_progress(remaining=len(counts))
        for batch in self._batches(counts):
            try:
                self._derive_all(batch, since)
            except CONFLICTS:
                self.env.cr.rollback()
                _logger.info("Points %s are being derived, left for tomorrow", batch)
            cron._commit_progress(len(batch))

    @api.model
    def _wake_up(self):
        self.env.ref("kpi_quality.ir_cron_feedback_derive")._trigger()

    # -------------------------------------------------------------------- whose turn
    @api.model
    def _take_turns(self, point_ids):
        """The points that nobody else derives now.

        What somebody derived since this transaction began cannot be seen by it, and
        is left as well.
        """
        try:
            with self.env.cr.savepoint():
                return self._lock_turns(point_ids, SQL("FOR UPDATE SKIP LOCKED"))
        except CONFLICTS:
            return []

    @api.model
    def _lock_turns(self, point_ids, how):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT point_id
                FROM kpi_feedback_turn
                WHERE point_id = ANY(%(points)s)
                ORDER BY point_id
                %(how)s
                """,
                points=list(point_ids),
                how=how,
            )
        )
        taken = [point_id for [point_id] in rows]
        # Whoever began before this is committed cannot take the turn after it.
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_feedback_turn
                SET turns = turns + 1
                WHERE point_id = ANY(%s)
                """,
                taken,
            )
        )
        return taken

    @api.model
    def _batches(self, counts):
        """Points whose presses are derived together.

        :param counts: presses by point
        """
        batch, total = [], 0
        for point_id, count in counts.items():
            if batch and total + count > BATCH:
                yield batch
                batch, total = [], 0
            batch.append(point_id)
            total += count
        if batch:
            yield batch

    @api.model
    def _pending_counts(self, points):
        return SQL(
            """
            SELECT
                point_id,
                COUNT(*)
            FROM kpi_feedback_pending
            WHERE %(of_points)s
            GROUP BY point_id
            ORDER BY point_id
            """,
            of_points=SQL("TRUE")
            if points is None
            else SQL("point_id = ANY(%s)", points.ids),
        )

    @api.model
    def _event_counts(self, point_ids, since):
        return SQL(
            """
            SELECT
                point_id,
                COUNT(*)
            FROM kpi_feedback_event
            WHERE %(of_points)s
                AND pressed_at >= %(since)s
            GROUP BY point_id
            ORDER BY point_id
            """,
            of_points=SQL("TRUE")
            if point_ids is None
            else SQL("point_id = ANY(%s)", list(point_ids)),
            since=since or "-infinity",
        )

    # ------------------------------------------------------------------------- work
    @api.model
    def _red_presses(self, point_ids):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id
                FROM kpi_feedback_pending AS pending
                JOIN kpi_feedback_event AS event
                    ON event.id = pending.event_id
                WHERE pending.point_id = ANY(%(points)s)
                    AND event.button = 'complaint'
                    AND NOT %(in_study)s
                """,
                points=point_ids,
                in_study=IN_STUDY,
            )
        )
        return [event_id for [event_id] in rows]

    @api.model
    def _derive(self, stretches):
        """Derive stretches of time, and write what differs.

        :param SQL stretches: what ``_stretches`` describes
        """
        written = Counter()
        if not self._fill_stretches(stretches):
            return written
        # A batch is sorted and hashed in memory.
        with self._planned(work_mem="64MB", enable_mergejoin="off"):
            self._fill_presses()
            for model, fresh in (
                ("kpi.force.majeure", self._fresh_force_majeures()),
                ("kpi.feedback.poll", self._fresh_polls()),
                ("kpi.feedback.attempt", self._fresh_attempts()),
            ):
                written[model] += self._write_difference(model, fresh)
        return +written

    @contextmanager
    def _planned(self, **settings):
        """Change PostgreSQL's settings for a block."""
        for name, value in settings.items():
            self.env.cr.execute(SQL("SET LOCAL %s = %s", SQL.identifier(name), value))
        yield
        for name in settings:
            self.env.cr.execute(SQL("SET LOCAL %s TO DEFAULT", SQL.identifier(name)))

    @api.model
    def _fill_temporary(self, table, query, *keys):
        """Put what a query gives into a temporary table that the planner knows.

        :param keys: the columns that it is joined or filtered by
        :return: how many rows there are
        """
        name = SQL.identifier(table)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", name))
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", name, query)
        )
        count = self.env.cr.rowcount
        columns = SQL(", ").join(map(SQL.identifier, keys))
        self.env.cr.execute(SQL("ANALYZE %s (%s)", name, columns))
        return count
