from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const import KIND_VERDICTS, VERDICTS
from .verdict_sql import JUDGED, newest_verdicts

# What a user may say; the rest the server knows.
GIVEN = {"check_id", "verdict", "reason_id", "note", "served", "missed"}


class KpiFeedbackVerdict(models.Model):
    """What an expert decided; a later one of the same check counts instead.

    Rows are added only, by who has the item (``kpi.feedback.check._claim``); a mistake
    is taken back by a row more. Who and when is set by the server.
    """

    _name = "kpi.feedback.verdict"
    _description = "Verdict of an Expert"
    _order = "id DESC"
    _rec_name = "verdict"

    check_id = fields.Many2one(
        "kpi.feedback.check", required=True, index=True, ondelete="restrict"
    )
    event_id = fields.Many2one(
        "kpi.feedback.event", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True)
    kind = fields.Selection(related="check_id.kind", store=True)
    point_id = fields.Many2one(related="check_id.point_id", store=True, index=False)
    moment = fields.Datetime(
        related="check_id.moment", store=True, help="Of what was judged."
    )
    verdict = fields.Selection(VERDICTS, required=True)
    reason_id = fields.Many2one("kpi.feedback.reason", ondelete="restrict")
    note = fields.Char()
    served = fields.Integer(help="Customers seen in the time slice.")
    missed = fields.Integer(help="Of these, served without a press.")
    user_id = fields.Many2one(
        "res.users",
        string="Expert",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    is_in_force = fields.Boolean(
        compute="_compute_is_in_force",
        help="It is the last word on this item.",
    )
    can_undo = fields.Boolean(compute="_compute_can_undo")

    _point_idx = models.Index("(point_id, moment)")
    _count_of_missed = models.Constraint(
        "CHECK (missed >= 0 AND served >= missed)",
        "Of the customers served, only some were served without a press.",
    )

    @api.depends("check_id.verdict_ids")
    def _compute_is_in_force(self):
        newest = {
            max(check.verdict_ids.ids) for check in self.sudo().check_id
        }  # leads see no checks
        for verdict in self:
            verdict.is_in_force = verdict.id in newest and verdict.verdict != "undone"

    @api.depends("is_in_force", "user_id")
    @api.depends_context("uid")
    def _compute_can_undo(self):
        is_manager = self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        for verdict in self:
            verdict.can_undo = verdict.is_in_force and (
                is_manager or verdict.user_id == self.env.user
            )

    # ------------------------------------------------------------------- checks
    @api.constrains("check_id", "verdict", "reason_id", "served")
    def _check_fits(self):
        for verdict in self:
            if verdict.verdict == "undone":
                continue
            if verdict.verdict not in KIND_VERDICTS[verdict.kind]:
                raise ValidationError(
                    self.env._("An item of this kind cannot be judged so.")
                )
            if verdict.kind != "slice" and (verdict.served or verdict.missed):
                raise ValidationError(
                    self.env._("Customers are counted in time slices only.")
                )
            verdict._check_reason()

    def _check_reason(self):
        reason = self.reason_id
        fits = [("kind", "=", self.kind), ("verdict", "=", self.verdict)]
        if reason and not reason.filtered_domain(fits):
            raise ValidationError(
                self.env._(
                    "The reason “%(reason)s” is for another verdict.",
                    reason=reason.name,
                )
            )
        if not reason and reason.search_count(fits, limit=1):
            raise ValidationError(self.env._("Say why: choose a reason."))

    def _check_not_own(self, checks):
        """Not even a manager, an administrator, or who got the item by mistake."""
        if checks.filtered("is_own"):
            raise ValidationError(
                self.env._(
                    "Nobody judges the own department or site: somebody else has to."
                )
            )

    # --------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        """The item has to be the user's, and is done by it."""
        clean = [
            {name: value for name, value in values.items() if name in GIVEN}
            for values in vals_list
        ]
        checks = self.env["kpi.feedback.check"].sudo()  # not written by anybody else
        new, undone = checks, checks
        for values in clean:
            check = checks.browse(values.get("check_id")).exists()
            if not check or check in new | undone:
                raise UserError(self.env._("There is no such item any more."))
            values |= {"event_id": check.event_id.id, "user_id": self.env.uid}
            if values.get("verdict") == "undone":
                undone |= check
            else:
                new |= check
        self._check_not_own(new | undone)
        self._take_back(undone)
        if new._finish() != new:
            raise UserError(
                self.env._(
                    "This item is not yours any more: somebody else judged or took it."
                )
            )
        verdicts = super().create(clean)
        self._apply(verdicts.event_id.ids)
        self._derive_merged(verdicts.event_id)
        return verdicts

    def _take_back(self, checks):
        """Only the last word, by who gave it or a manager."""
        if not checks:
            return
        checks.flush_recordset()
        # Two who take back the same: the second one waits, and finds it open.
        self.env.cr.execute(
            SQL(
                "SELECT id FROM kpi_feedback_check WHERE id = ANY(%s) FOR UPDATE",
                checks.ids,
            )
        )
        is_manager = self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        for check in checks:
            last = check.verdict_ids.sorted("id")[-1:]
            if check.state != "done" or not last:
                raise UserError(self.env._("There is no verdict to take back."))
            if not is_manager and last.user_id != self.env.user:
                raise UserError(
                    self.env._("Only who gave it, or a manager, takes a verdict back.")
                )
            check._reopen(self.env.user if last.user_id == self.env.user else None)

    # ------------------------------------------------------------------ actions
    def action_undo(self):
        for verdict in self:
            if not verdict.can_undo:
                raise UserError(
                    self.env._("Only the last word on an item can be taken back.")
                )
        # Managers add no verdicts, but this; create() checks all over again.
        self.sudo().create(
            [{"check_id": check.id, "verdict": "undone"} for check in self.check_id]
        )
        return True

    # ------------------------------------------------------------------- states
    @api.model
    def _apply(self, event_ids=None):
        """Write what was said into what was derived from the presses.

        :param event_ids: of these presses only
        """
        self.flush_model()
        for model, kind in JUDGED.items():
            judged = self.env[model]
            judged.flush_model()
            reason = newest = SQL()
            if "reason_id" in judged._fields:
                reason = SQL(", reason_id = verdict.reason_id")
                newest = SQL("OR judged.reason_id IS DISTINCT FROM verdict.reason_id")
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s AS judged
                    SET state = verdict.state %(reason)s
                    FROM (%(verdicts)s) AS verdict
                    WHERE verdict.event_id = judged.event_id
                        AND (judged.state <> verdict.state %(newest)s)
                    """,
                    table=SQL.identifier(judged._table),
                    verdicts=newest_verdicts(kind, event_ids),
                    reason=reason,
                    newest=newest,
                )
            )
            judged.invalidate_model(
                [name for name in ("state", "reason_id") if name in judged._fields]
            )

    @api.model
    def _derive_merged(self, events):
        """What was judged can be part of an earlier press since: the poll is known by
        that one now.
        """
        points = self.env["kpi.feedback.point"].browse(
            point_id
            for (point_id,) in self.env.execute_query(
                SQL(
                    """
                    INSERT INTO kpi_feedback_pending (point_id, event_id)
                    SELECT
                        point_id,
                        id
                    FROM kpi_feedback_event AS event
                    WHERE id = ANY(%s)
                        AND button = 'seller'
                        AND NOT EXISTS (
                            SELECT FROM kpi_feedback_poll WHERE event_id = event.id
                        )
                        AND NOT EXISTS (
                            SELECT FROM kpi_feedback_attempt WHERE event_id = event.id
                        )
                        AND NOT EXISTS (
                            SELECT FROM kpi_force_majeure WHERE event_id = event.id
                        )
                    ON CONFLICT DO NOTHING
                    RETURNING point_id
                    """,
                    events.ids,
                )
            )
        )
        if points:
            # written by nobody
            self.env["kpi.feedback.derivation"].sudo()._derive_pending(points)
