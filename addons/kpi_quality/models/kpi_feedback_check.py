from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import CHECK_KINDS, CHECK_STATES

# How long an item waits for the expert who took it.
LEASE = timedelta(minutes=10)
# So many of those at the top of the list others may take at the same moment.
TAKEN_MEANWHILE = 20


class KpiFeedbackCheck(models.Model):
    """What an expert should look at.

    Who works takes an item by a lease, so nobody else gets it meanwhile. Nobody gets
    one of the own department or site. Where items come from:
    :meth:`_fill`; what they tell: :meth:`_rejection_rate`, :meth:`_missed_share`.
    """

    _name = "kpi.feedback.check"
    _description = "Check by an Expert"
    _log_access = False
    _order = "priority DESC, moment, id"
    _rec_name = "moment"

    kind = fields.Selection(CHECK_KINDS, required=True)
    event_id = fields.Many2one("kpi.feedback.event", index=False, ondelete="restrict")
    point_id = fields.Many2one("kpi.feedback.point", required=True, index=False)
    company_id = fields.Many2one("res.company", required=True, index=False)
    site_id = fields.Many2one("kpi.site", required=True, index=False)
    department_id = fields.Many2one("hr.department", index=False)
    moment = fields.Datetime(required=True)
    stop = fields.Datetime(help="Of a time slice or of force majeure.")
    priority = fields.Integer(required=True, default=0, aggregator=None)
    state = fields.Selection(CHECK_STATES, required=True, default="waiting")
    claimed_by_id = fields.Many2one("res.users", index=False)
    claimed_until = fields.Datetime()
    verdict_ids = fields.One2many("kpi.feedback.verdict", "check_id")
    is_own = fields.Boolean(
        string="Of the own department or site",
        compute="_compute_is_own",
        search="_search_is_own",
        export_string_translation=False,
        help="The current user works there, so somebody else has to look at it.",
    )

    _event_unique = models.UniqueIndex("(kind, event_id) WHERE event_id IS NOT NULL")
    _slice_unique = models.UniqueIndex("(point_id, moment) WHERE kind = 'slice'")
    _waiting_idx = models.Index(
        "(company_id, priority DESC, moment) WHERE state = 'waiting'"
    )

    @api.depends("department_id", "site_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        departments, sites = self._own_places()
        for check in self:
            check.is_own = check.department_id in departments or check.site_id in sites

    def _search_is_own(self, operator, value):
        """Evaluated at every search, so a record rule on it never goes stale."""
        if operator != "in":
            return NotImplemented
        departments, sites = self._own_places()
        own = Domain("department_id", "in", departments.ids)
        own |= Domain("site_id", "in", sites.ids)
        return own if True in value else ~own

    @api.model
    def _own_places(self):
        """Where the user works, or leads: departments (with those below), and sites.

        In all companies, whichever of them are switched on.
        """
        user = self.env.user
        departments = self.env["hr.department"].sudo()  # not everybody may read them
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        own = employees.search([("user_id", "=", user.id)]).department_id
        sites = own.kpi_site_id
        own |= departments.search([("manager_id.user_id", "=", user.id)])
        if own:
            own |= departments.search([("id", "child_of", own.ids)])
        sites |= departments.env["kpi.site"].search([("manager_id", "=", user.id)])
        return own, sites

    # -------------------------------------------------------------------- leases
    @api.model
    def _claim(self, count, skipped=()):
        """Take the next items for ten minutes: first those that the user has already.

        Two who claim at once get different ones: each passes over the rows that the
        other locked.

        :param int count: how many the user wants to have
        :param skipped: ids of items that he does not want now
        :return: the items, the most urgent first
        """
        self.flush_model()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                FROM kpi_feedback_check
                WHERE %(open)s AND (
                    claimed_by_id IS NULL
                    OR claimed_by_id = %(user)s
                    OR claimed_until < %(now)s
                ) AND id <> ALL(%(skipped)s)
                ORDER BY
                    COALESCE(claimed_by_id = %(user)s, FALSE) DESC,
                    priority DESC,
                    moment,
                    id
                LIMIT %(count)s
                """,
                user=self.env.uid,
                now=now,
                open=self._open_to_user(),
                skipped=list(skipped),
                count=count + TAKEN_MEANWHILE,
            )
        )
        claimed = []
        for (check_id,) in rows:
            if len(claimed) < count and self._take(check_id, now + LEASE):
                claimed.append(check_id)
        self.invalidate_model(["claimed_by_id", "claimed_until"])
        return self.browse(claimed).sorted()

    @api.model
    def _take(self, check_id, until):
        """:return: whether nobody else has it, nor took it since this began"""
        query = SQL(
            """
            UPDATE kpi_feedback_check
            SET claimed_by_id = %(user)s, claimed_until = %(until)s
            WHERE id = (
                SELECT id
                FROM kpi_feedback_check
                WHERE id = %(id)s
                FOR UPDATE SKIP LOCKED
            )
            """,
            user=self.env.uid,
            until=until,
            id=check_id,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query, log_exceptions=False)
                return bool(self.env.cr.rowcount)
        except SerializationFailure:
            return False

    @api.model
    def _count_waiting(self):
        """:return: how many items the user, or others, can still judge"""
        self.flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM kpi_feedback_check WHERE %s",
                self._open_to_user(),
            )
        )[0][0]

    @api.model
    def _open_to_user(self):
        departments, sites = self._own_places()
        return SQL(
            """
            state = 'waiting'
            AND company_id = ANY(%(companies)s)
            AND site_id <> ALL(%(sites)s)
            AND COALESCE(department_id <> ALL(%(departments)s), TRUE)
            """,
            companies=self.env.companies.ids,
            sites=sites.ids,
            departments=departments.ids,
        )

    def _renew(self):
        """Go on working: ten more minutes for what the user still has.

        :return: the items that he has; the others were taken or judged
        """
        return self._update_own(
            SQL("claimed_until = %s", fields.Datetime.now() + LEASE)
        )

    def _release(self):
        """Give the items back, for somebody else."""
        return self._update_own(SQL("claimed_by_id = NULL, claimed_until = NULL"))

    def _finish(self):
        """Keep who had it; one row lock per item, so only one can finish it.

        :return: the items that were the user's to judge
        """
        return self._update_own(SQL("state = 'done', claimed_until = NULL"))

    def _update_own(self, values):
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE kpi_feedback_check
                SET %s
                WHERE id = ANY(%s) AND state = 'waiting' AND claimed_by_id = %s
                RETURNING id
                """,
                values,
                self.ids,
                self.env.uid,
            )
        )
        self.invalidate_recordset(["state", "claimed_by_id", "claimed_until"])
        return self.browse(check_id for (check_id,) in rows)

    def _reopen(self, user=None):
        """A verdict was taken back: the item waits again.

        :param user: who gets it first; anybody without
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_feedback_check
                SET state = 'waiting', claimed_by_id = %s, claimed_until = %s
                WHERE id = ANY(%s)
                """,
                user and user.id or None,
                user and fields.Datetime.now() + LEASE or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["state", "claimed_by_id", "claimed_until"])
