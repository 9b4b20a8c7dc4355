from odoo import api, fields, models
from odoo.exceptions import UserError

from .kpi_bonus_scheme import curve_chart

MANUAL_KINDS = ("one_off", "deduction")
MANUAL_FIELDS = {"run_id", "employee_id", "kind", "reason", "amount"}


class KpiBonusRunLine(models.Model):
    """What one employee gets by one scheme, with all that explains it."""

    _name = "kpi.bonus.run.line"
    _description = "KPI Bonus Line"
    _order = "run_id, employee_id, kind, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "kpi.bonus.run", required=True, ondelete="cascade", index=True
    )
    run_state = fields.Selection(related="run_id.state", string="Run state")
    company_id = fields.Many2one(
        related="run_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period_id = fields.Many2one(related="run_id.period_id", store=True, precompute=True)
    kind = fields.Selection(
        [
            ("bonus", "Bonus"),
            ("adjustment", "Adjustment"),
            ("one_off", "One-off item"),
            ("deduction", "Deduction"),
        ],
        required=True,
        default="one_off",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    department_id = fields.Many2one("hr.department", readonly=True)
    job_id = fields.Many2one("hr.job", string="Position", readonly=True)
    scorecard_id = fields.Many2one(
        "kpi.scorecard", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    scheme_id = fields.Many2one("kpi.bonus.scheme", readonly=True, ondelete="restrict")
    adjusted_line_id = fields.Many2one(
        "kpi.bonus.run.line",
        string="Adjusts",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    coefficient = fields.Float(
        string="Performance coefficient", readonly=True, digits=0, aggregator="avg"
    )
    has_coefficient = fields.Boolean(readonly=True)
    premium = fields.Float(string="Target premium", readonly=True, digits=0)
    proration = fields.Float(
        string="Share of the period",
        readonly=True,
        default=1.0,
        digits=(6, 4),
        aggregator=None,
    )
    share = fields.Float(
        string="Share of the function",
        readonly=True,
        default=1.0,
        digits=(6, 4),
        aggregator=None,
    )
    percent = fields.Float(
        string="Bonus, %",
        readonly=True,
        digits=0,
        aggregator="avg",
        help="Percent of the target premium that the curve gives.",
    )
    amount_before_fund = fields.Float(readonly=True, digits=0)
    fund_factor = fields.Float(readonly=True, default=1.0, digits=0, aggregator=None)
    amount = fields.Monetary()
    reason = fields.Char(help="Required for items entered by hand.")
    problem = fields.Selection(
        [
            ("not_measured", "The scorecard is not measured yet"),
            ("no_coefficient", "No line of the scorecard has a figure"),
            ("blocked", "A line that must have a figure has none"),
            ("no_wage", "The employee has no wage on the last day of the position"),
        ],
        readonly=True,
    )
    details = fields.Json(readonly=True)  # the scheme and wage as they were
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated",
        help="The scorecard was measured again after the line was computed.",
    )
    explanation = fields.Text(compute="_compute_explanation")
    curve_data = fields.Json(compute="_compute_curve_data")
    scorecard_line_ids = fields.One2many(related="scorecard_id.line_ids")

    # Nobody is paid twice for the same scorecard, in this run or in another.
    _bonus_unique = models.UniqueIndex(
        "(scorecard_id, scheme_id) WHERE kind = 'bonus'",
        "This scorecard is paid by this scheme in a run already.",
    )
    _adjustment_unique = models.UniqueIndex(
        "(run_id, adjusted_line_id) WHERE kind = 'adjustment'",
        "This line is adjusted in this run already.",
    )

    # ------------------------------------------------------------ computes
    @api.depends("coefficient", "has_coefficient", "scorecard_id.measured_at")
    def _compute_is_outdated(self):
        for line in self:
            card = line.scorecard_id
            line.is_outdated = line.kind == "bonus" and (
                (line.has_coefficient, line.coefficient)
                != (card.has_coefficient, card.coefficient)
            )

    @api.depends("details", "coefficient", "has_coefficient")
    def _compute_curve_data(self):
        for line in self:
            curve = line._curve()
            line.curve_data = curve and curve_chart(
                curve, line.coefficient if line.has_coefficient else None
            )

    @api.depends_context("lang")
    @api.depends("kind", "reason", "details", "amount", "problem", "adjusted_line_id")
    def _compute_explanation(self):
        for line in self:
            line.explanation = "\n".join(line._explain())

    # ---------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_manual_vals(vals)
        own = self.run_id._with_defaults(MANUAL_FIELDS - {"kind"}).env[self._name]
        lines = super(KpiBonusRunLine, own).create(vals_list)
        lines.run_id._begin_change()
        lines._complete_manual()
        lines.run_id._note_hand()
        return lines

    def write(self, vals):
        self.run_id._begin_change()
        self._check_manual_lines()
        self._check_manual_vals(vals)
        result = super().write(vals)
        if "run_id" in vals:
            self.run_id._begin_change()
        if vals.keys() & {"run_id", "kind", "amount", "employee_id"}:
            self._complete_manual()
        self.run_id._note_hand()
        return result

    def _write_unguarded(self, vals):
        """What follows from what people type."""
        return super().write(vals)

    def unlink(self):
        runs = self.run_id
        runs._begin_change()
        self._check_manual_lines()
        result = super().unlink()
        runs._note_hand()
        return result

    def _delete(self):
        """Computed lines go by computing or by a button, not by hand."""
        return super().unlink()

    def _check_manual_lines(self):
        if any(line.kind not in MANUAL_KINDS for line in self):
            raise UserError(
                self.env._(
                    "A computed line changes by computing the run again. To pay more "
                    "or less, add a one-off item or a deduction with its reason."
                )
            )

    @api.model
    def _check_manual_vals(self, vals):
        if not vals.keys() <= MANUAL_FIELDS or vals.get("kind") in (
            "bonus",
            "adjustment",
        ):
            raise UserError(
                self.env._(
                    "By hand, only one-off items and deductions can be entered: "
                    "employee, amount and reason."
                )
            )

    @api.constrains("kind", "reason", "amount")
    def _check_reason(self):
        for line in self.filtered(lambda line: line.kind in MANUAL_KINDS):
            if not (line.reason or "").strip():
                raise UserError(
                    self.env._(
                        "Write a reason: %(employee)s will read it beside the amount.",
                        employee=line.employee_id.name,
                    )
                )
            if (line.amount < 0) != (line.kind == "deduction"):
                raise UserError(
                    self.env._(
                        "A deduction is entered with a minus, a one-off item without."
                    )
                )

    def _complete_manual(self):
        """Department and position of the period's last day, and the amount as is."""
        for line in self:
            version = line.employee_id.sudo()._get_version(  # HR's, by whoever types
                line.run_id.period_id.date_to
            )
            line._write_unguarded(
                {
                    "department_id": version.department_id.id,
                    "job_id": version.job_id.id,
                    "amount_before_fund": line.amount,
                }
            )

    # ------------------------------------------------------------- actions
    def action_open_documents(self):
        """The scorecard behind the line, from where each figure opens its documents."""
        self.ensure_one()
        line = self.adjusted_line_id or self
        if not line.scorecard_id:
            raise UserError(
                self.env._("This item was entered by hand: its reason is all there is.")
            )
        return line.scorecard_id.get_formview_action()
