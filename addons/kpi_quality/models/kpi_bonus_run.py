from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import BONUS_RUN_FROZEN, BONUS_RUN_STATES, BONUS_RUN_TRANSITIONS
from .kpi_bonus_run_line import MANUAL_KINDS

# What payroll may type while the run is not approved yet; the ground that the lines
# were computed on is not touched while somebody checks them.
GROUND = {"scheme_ids", "department_ids", "has_fund", "fund"}
LINES = {"line_ids", "manual_line_ids"}
EDITABLE = {"name", "note", *GROUND}


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
        """A draft, whatever the client's values and defaults say."""
        given = EDITABLE | LINES | {"period_id", "company_id"}
        for vals in vals_list:
            for name in vals.keys() - given:
                if name in self._fields and self._fields[name].readonly:
                    vals.pop(name)
        return super(KpiBonusRun, self._with_defaults(given)).create(vals_list)

    def write(self, vals):
        own = {name for name in vals if name in self._fields}
        if any(
            self._fields[name].readonly and name not in EDITABLE for name in own
        ) or (own & {"period_id", "company_id"} and any(run.line_ids for run in self)):
            raise UserError(
                self.env._("The state and figures of a run change by its buttons only.")
            )
        if own & (EDITABLE | LINES):
            self._check_not_frozen()
        if own & (GROUND | LINES):
            self._check_can_change()
        result = super().write(vals)
        if "company_id" in own:
            self.check_access("write")  # rules look at the company before
        if own & GROUND:
            # The lines do not fit any more: they have to be computed again.
            for run in self.filtered(lambda run: run.state == "computed"):
                run._set_state("draft")
        return result

    def _write_unguarded(self, vals):
        """What buttons write and people do not."""
        return super().write(vals)

    def unlink(self):
        """The corrections that a draft had carried are open again."""
        self._check_draft()
        corrections = self._carried_corrections()
        result = super().unlink()
        corrections._reopen()
        return result

    def _with_defaults(self, names):
        """Without a client's defaults for anything but these fields."""
        allowed = {f"default_{name}" for name in names}
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_") or key in allowed
        }
        return self.with_env(self.env(context=context))

    def _check_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._("Only a draft run can be deleted; reset it to draft first.")
            )

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

    def _check_can_change(self):
        """What somebody is asked to approve stays as it was when they were asked."""
        self._check_not_frozen()
        for run in self:
            if run.state == "submitted":
                raise UserError(
                    self.env._(
                        "“%(run)s” is submitted for approval. Reset it to draft before "
                        "changing or computing it again.",
                        run=run.name,
                    )
                )

    # ------------------------------------------------------------ business
    def _schemes(self):
        self.ensure_one()
        return self.scheme_ids or self.env["kpi.bonus.scheme"].search(
            [("company_id", "=", self.company_id.id)]
        )

    def _carried_corrections(self):
        corrections = self.env["kpi.late.correction"].sudo()  # facts, not payroll's
        return corrections.search([("bonus_run_id", "in", self.ids)])

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
        return self._write_unguarded({"state": state, **values})

    def _note_hand(self):
        """Who changed a computed run last answers for it as who computed it."""
        for run in self.filtered(lambda run: run.state == "computed"):
            run._write_unguarded(
                {
                    "computed_by_id": self.env.uid,
                    "computed_at": fields.Datetime.now(),
                }
            )
