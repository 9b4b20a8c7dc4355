from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..const import BONUS_RUN_FROZEN, BONUS_RUN_STATES, BONUS_RUN_TRANSITIONS
from ..tools.money import scale_to_fund
from .kpi_bonus_run_line import MANUAL_KINDS

# What payroll may type, and while the run is not approved yet.
EDITABLE = {"name", "scheme_ids", "department_ids", "has_fund", "fund", "note"}


class KpiBonusRun(models.Model):
    """The bonuses of one period: computed, checked by a second person, paid.

    Approved is immutable; a correction is an adjustment in a later run.
    """

    _name = "kpi.bonus.run"
    _description = "KPI Bonus Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _mail_post_access = "read"  # who may see it may talk about it
    _order = "period_id, id DESC"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    period_id = fields.Many2one(
        "kpi.period", required=True, ondelete="restrict", check_company=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    scheme_ids = fields.Many2many(
        "kpi.bonus.scheme",
        string="Schemes",
        check_company=True,
        help="Empty: all schemes of the company.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        check_company=True,
        help="These and those below; empty: all.",
    )
    has_fund = fields.Boolean(string="Limited by a fund")
    fund = fields.Monetary(
        string="Bonus fund",
        help="When the bonuses exceed it, all are scaled by the same factor.",
    )
    note = fields.Text()
    line_ids = fields.One2many("kpi.bonus.run.line", "run_id", copy=False)
    manual_line_ids = fields.One2many(
        "kpi.bonus.run.line",
        "run_id",
        string="Entered by hand",
        domain=[("kind", "in", MANUAL_KINDS)],
        copy=False,
    )
    line_count = fields.Integer(compute="_compute_totals")
    problem_count = fields.Integer(compute="_compute_totals")
    adjustment_count = fields.Integer(compute="_compute_adjustment_count")
    amount_total = fields.Monetary(compute="_compute_totals", string="Total")
    amount_before_fund = fields.Monetary(compute="_compute_totals")
    fund_factor = fields.Float(
        readonly=True, copy=False, default=1.0, digits=0, aggregator=None
    )
    state = fields.Selection(
        BONUS_RUN_STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    computed_at = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    submitted_at = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)
    paid_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    paid_at = fields.Datetime(readonly=True, copy=False)
    empty_reason = fields.Text(string="Why it is empty", readonly=True, copy=False)
    can_approve = fields.Boolean(compute="_compute_can_approve")
    cannot_approve_reason = fields.Char(compute="_compute_can_approve")
    late_correction_count = fields.Integer(compute="_compute_late_correction_count")

    _fund_positive = models.Constraint(
        "CHECK (fund >= 0)", "A bonus fund cannot be negative."
    )

    # ------------------------------------------------------------ computes
    @api.depends("period_id")
    def _compute_name(self):
        for run in self:
            run.name = run.name or (
                bool(run.period_id)
                and self.env._("Bonuses %(period)s", period=run.period_id.name)
            )

    @api.depends("line_ids.amount", "line_ids.amount_before_fund", "line_ids.problem")
    def _compute_totals(self):
        totals = {
            run: values
            for run, *values in self.env["kpi.bonus.run.line"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id"],
                ["__count", "amount:sum", "amount_before_fund:sum", "problem:count"],
            )
        }
        for run in self:
            (
                run.line_count,
                run.amount_total,
                run.amount_before_fund,
                run.problem_count,
            ) = totals.get(run._origin, (0, 0.0, 0.0, 0))

    @api.depends("line_ids.kind")
    def _compute_adjustment_count(self):
        counts = dict(
            self.env["kpi.bonus.run.line"]._read_group(
                [("run_id", "in", self.ids), ("kind", "=", "adjustment")],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.adjustment_count = counts.get(run._origin, 0)

    @api.depends_context("uid")
    @api.depends("state", "computed_by_id", "period_id.state")
    def _compute_can_approve(self):
        for run in self:
            reason = run._cannot_approve()
            run.cannot_approve_reason = run.state == "submitted" and reason
            run.can_approve = run.state == "submitted" and not reason

    @api.depends("period_id")
    def _compute_late_correction_count(self):
        counts = dict(
            self.env["kpi.late.correction"]._read_group(
                [("state", "=", "open"), ("company_id", "in", self.company_id.ids)],
                ["company_id"],
                ["__count"],
            )
        )
        for run in self:
            run.late_correction_count = counts.get(run.company_id, 0)

    # ---------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in vals.keys() - EDITABLE - {"period_id", "company_id"}:
                if name in self._fields and self._fields[name].readonly:
                    vals.pop(name)
        return super().create(vals_list)

    def write(self, vals):
        own = {name for name in vals if name in self._fields}
        if any(
            self._fields[name].readonly and name not in EDITABLE for name in own
        ) or (own & {"period_id", "company_id"} and any(run.line_ids for run in self)):
            raise UserError(
                self.env._("The state and figures of a run change by its buttons only.")
            )
        if own & (EDITABLE | {"line_ids", "manual_line_ids"}):
            self._check_not_frozen()
        return super().write(vals)

    def _check_not_frozen(self):
        for run in self:
            if run.state in BONUS_RUN_FROZEN:
                raise UserError(
                    self.env._(
                        "“%(run)s” is approved and does not change any more. Enter a "
                        "correction as an adjustment in a later run.",
                        run=run.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("Only a draft run can be deleted; reset it to draft first.")
            )
        self._reopen_corrections()

    # ------------------------------------------------------------- actions
    def action_compute(self):
        """Compute all lines anew from the scorecards as they are."""
        for run in self:
            run._check_payroll()
            run._lock()
            run._check_can_compute()
            run._do_compute()

    def action_submit(self):
        """Hand the run over to the second pair of eyes."""
        for run in self:
            run._check_payroll()
            run._lock()
            if not run.line_ids:
                raise UserError(
                    self.env._(
                        "“%(run)s” has no lines. %(reason)s",
                        run=run.name,
                        reason=run.empty_reason or "",
                    )
                )
            run._set_state(
                "submitted",
                submitted_by_id=self.env.uid,
                submitted_at=fields.Datetime.now(),
            )

    def action_approve(self):
        """Approve: by somebody else than who computed it; final."""
        for run in self:
            run._check_payroll()
            run._lock()
            reason = run._cannot_approve()
            if reason:
                raise UserError(reason)
            run._set_state(
                "approved",
                approved_by_id=self.env.uid,
                approved_at=fields.Datetime.now(),
            )

    def action_pay(self):
        """Note that the money was paid out."""
        for run in self:
            run._check_payroll()
            run._lock()
            run._set_state(
                "paid", paid_by_id=self.env.uid, paid_at=fields.Datetime.now()
            )

    def action_reset(self):
        """Back to draft, as long as it is not approved."""
        for run in self:
            run._check_payroll()
            run._lock()
            if run.state == "submitted":
                run._set_state("computed")
            run._set_state("draft")

    def action_carry_corrections(self):
        """Pay or take back what late corrections changed in earlier runs."""
        self.ensure_one()
        self._check_payroll()
        self._lock()
        self._check_not_frozen()
        carried = self.env["kpi.bonus.run.line"].sudo()._carry_corrections(self.sudo())
        if not carried:
            raise UserError(
                self.env._(
                    "There are no open late corrections of earlier periods to carry "
                    "over into this run."
                )
            )

    def action_drop_corrections(self):
        """Take the carried corrections out of this run again."""
        self.ensure_one()
        self._check_payroll()
        self._lock()
        self._check_not_frozen()
        self._reopen_corrections()

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_bonus_run_line_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {"default_run_id": self.id}
        action["display_name"] = self.name
        return action

    def action_open_late_corrections(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_late_correction_action"
        )
        action["domain"] = [("company_id", "=", self.company_id.id)]
        return action

    def action_export_xlsx(self):
        return self._export("xlsx")

    def action_export_csv(self):
        return self._export("csv")

    def _export(self, extension):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/kpi_quality/bonus_run/{self.id}.{extension}",
            "target": "download",
        }

    # -------------------------------------------------------------- checks
    def _check_payroll(self):
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("kpi_quality.group_kpi_quality_payroll"):
            raise UserError(
                self.env._("Only a payroll officer can compute and approve bonuses.")
            )

    def _lock(self):
        """One writer at a time: who comes second gets a message, not double lines."""
        self.ensure_one()
        self.flush_recordset()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else is working on “%(run)s” right now. Wait a moment "
                    "and open it again.",
                    run=self.name,
                )
            )
        # A flushed write: under REPEATABLE READ a second writer fails on it instead
        # of going on with what it read before.
        self.env.cr.execute(
            SQL(
                "UPDATE kpi_bonus_run SET write_date = write_date WHERE id = %s",
                self.id,
            )
        )

    def _check_can_compute(self):
        self.ensure_one()
        self._check_not_frozen()
        if self.state == "submitted":
            raise UserError(
                self.env._(
                    "“%(run)s” is submitted for approval. Reset it to draft before "
                    "computing again.",
                    run=self.name,
                )
            )
        if self.period_id.state == "open":
            raise UserError(
                self.env._(
                    "“%(period)s” is not measured yet: its figures still move. Let a "
                    "KPI manager measure it (it ends on %(date_to)s), then compute.",
                    period=self.period_id.name,
                    date_to=format_date(self.env, self.period_id.date_to),
                )
            )

    def _cannot_approve(self):
        """Why the current user cannot approve this run; None when nothing is wrong.

        The one place for the rule: button, check and message.
        """
        self.ensure_one()
        if self.state != "submitted":
            return self.env._("Only a submitted run can be approved.")
        if self.computed_by_id == self.env.user:
            return self.env._(
                "You computed this run, so somebody else has to approve it (four eyes)."
            )
        if self.period_id.state != "closed":
            return self.env._(
                "“%(period)s” is not closed: its figures could still change. Let a KPI "
                "manager close it first.",
                period=self.period_id.name,
            )
        return None

    # ------------------------------------------------------------ business
    def _set_state(self, state, **values):
        """The only way a run changes its state."""
        self.ensure_one()
        if state not in BONUS_RUN_TRANSITIONS[self.state]:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(run)s” is %(now)s; it cannot become %(wanted)s.",
                    run=self.name,
                    now=states[self.state].lower(),
                    wanted=states[state].lower(),
                )
            )
        return super().write({"state": state, **values})

    def _do_compute(self):
        self.ensure_one()
        lines = self.env["kpi.bonus.run.line"].sudo()  # reads wages of everybody
        lines._compute_run(self.sudo())
        factor = self._apply_fund()
        self._set_state(
            "computed",
            computed_by_id=self.env.uid,
            computed_at=fields.Datetime.now(),
            fund_factor=factor,
            empty_reason=False if self.line_ids else self._explain_empty(),
        )

    def _apply_fund(self):
        """Scale the bonuses of the period to the fund.

        :return: the factor, 1.0 when the fund suffices
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.kind == "bonus")
        amounts = lines.mapped("amount_before_fund")
        factor = 1.0
        if self.has_fund:
            factor, amounts = scale_to_fund(
                amounts, self.fund, self.currency_id.decimal_places
            )
        lines.sudo()._write_amounts(amounts, factor)
        return factor

    def _reopen_corrections(self):
        corrections = self.env["kpi.late.correction"].sudo()  # facts, not payroll's
        corrections.search([("bonus_run_id", "in", self.ids)]).write(
            {"state": "open", "bonus_run_id": False, "decided_by_id": False}
        )
        self.line_ids.sudo().filtered(lambda line: line.kind == "adjustment").unlink()

    def _explain_empty(self):
        """In words: why there is nothing to pay, and what to do."""
        self.ensure_one()
        company = [("company_id", "=", self.company_id.id)]
        schemes = self.scheme_ids or self.env["kpi.bonus.scheme"].search(company)
        if not schemes:
            return self.env._(
                "There is no bonus scheme. Make one under Configuration > Schemes."
            )
        matrices = schemes.matrix_ids
        if not matrices:
            return self.env._(
                "No matrix is chosen on the schemes (%(schemes)s): choose whose "
                "scorecards they pay.",
                schemes=", ".join(schemes.mapped("name")),
            )
        cards = self.env["kpi.scorecard"].sudo()  # counted only
        domain = [("period_id", "=", self.period_id.id)]
        if not cards.search_count(domain, limit=1):
            return self.env._(
                "“%(period)s” has no scorecards. Open the period and press “Make "
                "scorecards”.",
                period=self.period_id.name,
            )
        if not cards.search_count(
            [*domain, ("matrix_id", "in", matrices.ids)], limit=1
        ):
            return self.env._(
                "The scorecards of “%(period)s” belong to other matrices than the "
                "schemes pay.",
                period=self.period_id.name,
            )
        if self.department_ids:
            return self.env._(
                "Nobody in the chosen departments has a scorecard that the schemes pay."
            )
        return self.env._("Every scorecard of the period was paid in another run.")
