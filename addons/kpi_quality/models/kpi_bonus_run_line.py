from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import BONUS_RUN_FROZEN
from ..tools.curve import Curve, bonus_percent
from ..tools.money import round_money
from .kpi_bonus_scheme import curve_chart

MANUAL_KINDS = ("one_off", "deduction")
MANUAL_FIELDS = {"run_id", "employee_id", "kind", "reason", "amount"}


class KpiBonusRunLine(models.Model):
    """What one employee gets by one scheme, with all that explains it."""

    _name = "kpi.bonus.run.line"
    _description = "KPI Bonus Line"
    _order = "run_id, employee_id, kind, id"
    _rec_name = "employee_id"

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
        "hr.employee", required=True, ondelete="restrict", index=True
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
        lines = super().create(vals_list)
        lines.run_id._check_not_frozen()
        lines._complete_manual()
        return lines

    def write(self, vals):
        self.run_id._check_not_frozen()
        if any(line.kind not in MANUAL_KINDS for line in self):
            raise UserError(
                self.env._(
                    "A computed line changes by computing the run again. To pay more "
                    "or less, add a one-off item or a deduction with its reason."
                )
            )
        self._check_manual_vals(vals)
        result = super().write(vals)
        self.run_id._check_not_frozen()
        if vals.keys() & {"kind", "amount", "employee_id"}:
            self._complete_manual()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.run_id._check_not_frozen()

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
            super(KpiBonusRunLine, line).write(
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

    # ----------------------------------------------------------- computing
    def _curve(self):
        """The curve as it was when the line was computed."""
        self.ensure_one()
        stored = (self.details or {}).get("curve")
        if not stored:
            return None
        return Curve(
            stored["kind"],
            stored["gate"],
            stored["cap"],
            tuple(tuple(point) for point in stored["points"]),
            stored["exponent"],
        )

    def _amount_for(self, coefficient):
        """The bonus that another coefficient would have given, before the fund."""
        self.ensure_one()
        percent = bonus_percent(coefficient, self._curve())
        return self.premium * self.proration * self.share * percent / 100

    @api.model
    def _compute_run(self, run):
        """Replace the computed lines of a run; the number of statements is constant."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM kpi_bonus_run_line WHERE run_id = %s AND kind = 'bonus'",
                run.id,
            )
        )
        rows = [
            self._compute_row(card, scheme, wage)
            for card, scheme, wage in self._payable(run)
        ]
        if rows:
            self._insert_rows(run, rows)
        self.invalidate_model(flush=False)
        run.invalidate_recordset(flush=False)

    @api.model
    def _payable(self, run):
        """The scorecards to pay, each with its schemes and the wage in force.

        :return: list of (scorecard, scheme, wage or None), in a fixed order
        """
        schemes = run.scheme_ids or self.env["kpi.bonus.scheme"].search(
            [("company_id", "=", run.company_id.id)]
        )
        domain = [
            ("period_id", "=", run.period_id.id),
            ("matrix_id", "in", schemes.matrix_ids.ids),
        ]
        if run.department_ids:
            domain.append(("department_id", "child_of", run.department_ids.ids))
        cards = self.env["kpi.scorecard"].search(domain, order="employee_id, id")
        paid = {
            (card.id, scheme.id)
            for card, scheme in self._read_group(
                [("kind", "=", "bonus"), ("scorecard_id", "in", cards.ids)],
                ["scorecard_id", "scheme_id"],
            )
        }
        wages = self._wages(cards)
        return [
            (card, scheme, wages.get(card.id))
            for card in cards
            for scheme in schemes
            if card.matrix_id in scheme.matrix_ids and (card.id, scheme.id) not in paid
        ]

    @api.model
    def _wages(self, cards):
        """The wage in force on the last day of each position.

        :return: ``{scorecard id: wage}``
        """
        if not cards:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (card.id) card.id, version.wage
                FROM kpi_scorecard AS card
                JOIN hr_version AS version
                    ON version.employee_id = card.employee_id
                    AND version.active
                WHERE card.id = ANY(%s)
                ORDER BY
                    card.id,
                    version.date_version > card.date_to,
                    CASE
                        WHEN version.date_version <= card.date_to
                        THEN card.date_to - version.date_version
                        ELSE version.date_version - card.date_to
                    END
                """,
                cards.ids,
            )
        )
        return {card_id: float(wage) for card_id, wage in rows if wage}

    @api.model
    def _compute_row(self, card, scheme, wage):
        """One line, as values by column."""
        curve = scheme._curve()
        by_wage = scheme.premium_kind == "wage"
        problem = None
        if card.state not in ("measured", "closed"):
            problem = "not_measured"
        elif card.is_blocked:
            problem = "blocked"
        elif not card.has_coefficient:
            problem = "no_coefficient"
        elif by_wage and not wage:
            problem = "no_wage"
        premium = scheme.premium_amount
        if by_wage:
            premium = (wage or 0.0) * scheme.premium_percent / 100
        percent = 0.0 if problem else bonus_percent(card.coefficient, curve)
        return {
            "employee_id": card.employee_id.id,
            "department_id": card.department_id.id or None,
            "job_id": card.job_id.id or None,
            "scorecard_id": card.id,
            "scheme_id": scheme.id,
            "coefficient": card.coefficient,
            "has_coefficient": card.has_coefficient,
            "premium": premium,
            "proration": card.proration,
            "share": card.share,
            "percent": percent,
            "amount_before_fund": premium * card.proration * card.share * percent / 100,
            "problem": problem,
            "details": {
                "curve": curve._asdict(),
                "premium_kind": scheme.premium_kind,
                "premium_percent": scheme.premium_percent,
                "wage": wage or 0.0,
            },
        }

    COLUMN_TYPES = {
        "employee_id": "int4",
        "department_id": "int4",
        "job_id": "int4",
        "scorecard_id": "int4",
        "scheme_id": "int4",
        "adjusted_line_id": "int4",
        "coefficient": "numeric",
        "has_coefficient": "bool",
        "premium": "numeric",
        "proration": "numeric",
        "share": "numeric",
        "percent": "numeric",
        "amount_before_fund": "numeric",
        "amount": "numeric",
        "problem": "varchar",
        "reason": "varchar",
        "details": "jsonb",
    }

    @api.model
    def _insert_rows(self, run, rows, kind="bonus"):
        """Insert many lines in one statement.

        :param rows: dicts with the same keys, of :data:`COLUMN_TYPES`
        """
        names = list(rows[0])
        columns = [
            [Json(row[name]) if name == "details" else row[name] for row in rows]
            for name in names
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_bonus_run_line (
                    create_uid, create_date, write_uid, write_date,
                    run_id, company_id, period_id, kind, fund_factor, %(names)s
                )
                SELECT
                    %(uid)s, %(now)s, %(uid)s, %(now)s,
                    %(run)s, %(company)s, %(period)s, %(kind)s, 1, %(names)s
                FROM unnest(%(columns)s) AS line(%(names)s)
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                columns=SQL(", ").join(
                    SQL("%s::%s[]", column, SQL(self.COLUMN_TYPES[name]))
                    for name, column in zip(names, columns, strict=True)
                ),
                uid=self.env.uid,
                now=fields.Datetime.now(),
                run=run.id,
                company=run.company_id.id,
                period=run.period_id.id,
                kind=kind,
            )
        )

    def _write_amounts(self, amounts, factor):
        """Round once, at the end, and store what is paid."""
        if not self:
            return
        decimals = self.currency_id.decimal_places
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_bonus_run_line AS line
                SET amount = paid.amount,
                    fund_factor = %(factor)s
                FROM unnest(%(ids)s::int4[], %(amounts)s::numeric[])
                    AS paid(id, amount)
                WHERE line.id = paid.id
                """,
                factor=factor,
                ids=self.ids,
                amounts=[round_money(amount, decimals) for amount in amounts],
            )
        )
        self.invalidate_model(["amount", "fund_factor"], flush=False)

    # ---------------------------------------------------- late corrections
    @api.model
    def _carry_corrections(self, run):
        """Turn open late corrections into adjustments of the lines they concern.

        Each approved line of the corrected periods is computed again with the
        corrected facts; the difference to what was paid, earlier adjustments
        included, becomes one adjustment line of this run.

        :return: the corrections carried
        """
        corrections = self.env["kpi.late.correction"].search(
            [
                ("state", "=", "open"),
                ("company_id", "=", run.company_id.id),
                ("period_id.date_to", "<=", run.period_id.date_to),
            ]
        )
        paid = self.search(
            [
                ("kind", "=", "bonus"),
                ("problem", "=", False),
                ("period_id", "in", corrections._get_periods().ids),
                ("run_id", "!=", run.id),
                ("run_id.state", "in", BONUS_RUN_FROZEN),
            ]
        )
        adjusted = dict(
            self._read_group(
                [("adjusted_line_id", "in", paid.ids), ("run_id", "!=", run.id)],
                ["adjusted_line_id"],
                ["amount:sum"],
            )
        )
        coefficients = self._corrected_coefficients(paid.scorecard_id)
        decimals = run.currency_id.decimal_places
        rows = []
        for line in paid:
            coefficient = coefficients[line.scorecard_id]
            amount = round_money(
                line._amount_for(coefficient) * line.fund_factor, decimals
            )
            difference = round_money(
                amount - line.amount - adjusted.get(line, 0.0), decimals
            )
            if difference:
                rows.append(
                    {
                        "employee_id": line.employee_id.id,
                        "department_id": line.department_id.id or None,
                        "job_id": line.job_id.id or None,
                        "adjusted_line_id": line.id,
                        "coefficient": coefficient or 0.0,
                        "has_coefficient": coefficient is not None,
                        "premium": 0.0,
                        "proration": line.proration,
                        "share": line.share,
                        "percent": 0.0,
                        "amount_before_fund": difference,
                        "amount": difference,
                        "problem": None,
                        "details": {"amount_now": amount, "amount_paid": line.amount},
                    }
                )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM kpi_bonus_run_line"
                " WHERE run_id = %s AND kind = 'adjustment'",
                run.id,
            )
        )
        if rows:
            self._insert_rows(run, rows, kind="adjustment")
        self.invalidate_model(flush=False)
        run.invalidate_recordset(flush=False)
        corrections.write(
            {
                "state": "carried",
                "bonus_run_id": run.id,
                "decided_by_id": self.env.uid,
            }
        )
        return corrections

    @api.model
    def _corrected_coefficients(self, cards):
        """What the coefficients of closed scorecards would be with all corrections.

        :return: ``{scorecard: coefficient or None}``
        """
        lines = cards.line_ids
        figures = {line: line._figure() for line in lines}
        facts = self.env["kpi.reader"]._read_facts(figures.values(), corrected=True)
        coefficients = {}
        for card, own in lines.grouped("scorecard_id").items():
            scores = {
                line: line._line_score(facts[figures[line]].value)
                if facts[figures[line]].value is not None
                else None
                for line in own
            }
            coefficients[card] = own._coefficient(scores).value
        return coefficients

    # --------------------------------------------------------- explanation
    def _explain(self):
        """The calculation in words and numbers, one step a line."""
        self.ensure_one()
        money = self.currency_id.format
        if self.kind in MANUAL_KINDS:
            return [self.reason or ""]
        if self.kind == "adjustment":
            details = self.details or {}
            return [
                self.env._(
                    "Late corrections: with today's facts the bonus of %(period)s is "
                    "%(now)s instead of %(paid)s.",
                    period=self.adjusted_line_id.period_id.name,
                    now=money(details.get("amount_now", 0.0)),
                    paid=money(details.get("amount_paid", 0.0)),
                )
            ]
        return [
            *self._explain_premium(money),
            *self._explain_percent(),
            *self._explain_amount(money),
        ]

    def _explain_premium(self, money):
        details = self.details or {}
        if details.get("premium_kind") == "wage":
            yield self.env._(
                "Target premium: %(percent)s %% of the wage %(wage)s = %(premium)s",
                percent=f"{details.get('premium_percent', 0.0):g}",
                wage=money(details.get("wage", 0.0)),
                premium=money(self.premium),
            )
        else:
            yield self.env._("Target premium: %s", money(self.premium))
        if self.proration != 1.0:
            yield self.env._(
                "Share of the period: %(share)s (%(date_from)s – %(date_to)s)",
                share=f"{self.proration:.4f}",
                date_from=self.scorecard_id.date_from,
                date_to=self.scorecard_id.date_to,
            )
        if self.share != 1.0:
            yield self.env._("Share of the function: %s", f"{self.share:g}")

    def _explain_percent(self):
        if self.problem:
            problems = dict(self._fields["problem"]._description_selection(self.env))
            yield self.env._("Nothing is paid: %s.", problems[self.problem])
            return
        curve = self._curve()
        if curve.gate is not None and self.coefficient <= curve.gate + 1e-6:
            yield self.env._(
                "Performance coefficient %(coefficient)s %% is not above the gate of "
                "%(gate)s %%: nothing is paid.",
                coefficient=f"{self.coefficient:.2f}",
                gate=f"{curve.gate:g}",
            )
            return
        yield self.env._(
            "Performance coefficient %(coefficient)s %% gives %(percent)s %% of the "
            "target premium",
            coefficient=f"{self.coefficient:.2f}",
            percent=f"{self.percent:.2f}",
        )

    def _explain_amount(self, money):
        if self.fund_factor != 1.0:
            yield self.env._(
                "The fund is too small: all bonuses x %s",
                f"{self.fund_factor:.6f}",
            )
        factors = [money(self.premium)]
        for factor in (self.proration, self.share):
            if factor != 1.0:
                factors.append(f"{factor:.4f}")
        factors.append(f"{self.percent:.2f} %")
        if self.fund_factor != 1.0:
            factors.append(f"{self.fund_factor:.6f}")
        yield f"{' × '.join(factors)} = {money(self.amount)}"
