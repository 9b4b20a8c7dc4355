from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..const import MISSING_FACT, NO_DATA_REASONS, SCOPES, SCORE_METHODS
from ..tools.coefficient import LineScore, coefficient
from ..tools.score import score
from .kpi_figure_mixin import FigureSource
from .kpi_reader import SCOPE_RECORDS, Figure

# What team lead and employee agree on; all else is copied or measured.
AGREED_FIELDS = {"base", "plan", "challenge", "sequence"}
# What a score and a coefficient are made of.
SCORED_FIELDS = (
    "scorecard_id",
    "weight",
    "method",
    "missing",
    "heir_id",
    "base",
    "plan",
    "challenge",
    "fact",
    "has_fact",
)


class KpiScorecardLine(models.Model):
    """One indicator of a scorecard, with its thresholds as agreed and its live fact."""

    _name = "kpi.scorecard.line"
    _description = "KPI Scorecard Line"
    _inherit = ["kpi.threshold.mixin", "kpi.figure.mixin"]
    _order = "scorecard_id, sequence, id"
    _rec_name = "indicator_id"

    scorecard_id = fields.Many2one(
        "kpi.scorecard", required=True, readonly=True, ondelete="cascade", index=True
    )
    matrix_line_id = fields.Many2one(
        "kpi.matrix.line", readonly=True, ondelete="set null"
    )
    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, readonly=True, ondelete="restrict", index=True
    )
    employee_id = fields.Many2one(related="scorecard_id.employee_id", store=True)
    period_id = fields.Many2one(related="scorecard_id.period_id", store=True)
    department_id = fields.Many2one(related="scorecard_id.department_id", store=True)
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True)
    state = fields.Selection(related="scorecard_id.state")
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    direction = fields.Selection(related="indicator_id.direction")
    nature = fields.Selection(related="indicator_id.nature")
    weight = fields.Float(readonly=True, digits=(6, 4), aggregator=None)
    scope = fields.Selection(SCOPES, readonly=True, required=True, default="personal")
    method = fields.Selection(
        SCORE_METHODS, readonly=True, required=True, default="anchors"
    )
    missing = fields.Selection(
        MISSING_FACT,
        string="Without a figure",
        readonly=True,
        required=True,
        default="exclude",
    )
    heir_id = fields.Many2one("kpi.scorecard.line", readonly=True, ondelete="set null")
    base = fields.Float(aggregator=None)
    plan = fields.Float(aggregator=None)
    challenge = fields.Float(aggregator=None)

    fact = fields.Float(readonly=True, digits=0, aggregator="avg")
    has_fact = fields.Boolean(readonly=True)
    no_data_reason = fields.Selection(NO_DATA_REASONS, readonly=True)
    numerator = fields.Float(readonly=True, digits=0)
    denominator = fields.Float(readonly=True, digits=0)
    sample = fields.Integer(string="Items", readonly=True)
    margin = fields.Float(
        readonly=True,
        digits=0,
        aggregator=None,
        help="Half the width of the 95 % interval of the figure.",
    )
    too_few = fields.Boolean(string="Too few to say", readonly=True)
    reliability = fields.Char(string="How sure", compute="_compute_reliability")
    score = fields.Float(readonly=True, digits=0, aggregator="avg")
    effective_weight = fields.Float(
        string="Weight in force",
        readonly=True,
        digits=(6, 4),
        aggregator=None,
        help="After the weights of lines without a figure were shared out.",
    )
    contribution = fields.Float(
        readonly=True,
        digits=0,
        help="Weight in force x score: what the line adds to the coefficient.",
    )
    gap_to_plan = fields.Float(
        string="Missing to plan",
        compute="_compute_gap_to_plan",
        digits=0,
        help="How much has to be gained, or got rid of, to meet the plan.",
    )

    @api.depends("fact", "has_fact", "plan", "base")
    def _compute_gap_to_plan(self):
        for line in self:
            gap = abs(line.plan - line.fact)
            met = (line.fact >= line.plan) == (line.plan > line.base)
            line.gap_to_plan = 0.0 if not line.has_fact or met or not gap else gap

    @api.depends("has_fact", "margin", "too_few", "sample", "decimals")
    def _compute_reliability(self):
        for line in self:
            line.reliability = False
            if line.has_fact and line.too_few:
                line.reliability = self.env._(
                    "too few to say (%(sample)s)", sample=line.sample
                )
            elif line.has_fact and line.margin:
                line.reliability = "± " + formatLang(
                    self.env, line.margin, digits=line.decimals
                )

    # ---------------------------------------------------------------- CRUD
    def write(self, vals):
        if not vals.keys() <= AGREED_FIELDS:
            raise UserError(
                self.env._(
                    "On a scorecard only base, plan and challenge can be changed; "
                    "figures are measured, all else comes from the matrix."
                )
            )
        for line in self:
            if line.scorecard_id.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(card)s” is agreed: its targets stay as they were agreed. "
                        "Reset it to draft to talk about them again.",
                        card=line.scorecard_id.display_name,
                    )
                )
        result = super().write(vals)
        self.scorecard_id.line_ids.sudo()._calculate()  # scores follow thresholds
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(line.scorecard_id.state != "draft" for line in self):
            raise UserError(self.env._("Lines of an agreed scorecard stay."))

    # --------------------------------------------------------------- facts
    @api.model
    def _refresh_live(self, indicators):
        """After a measurement: all scorecards that are not fixed yet.

        :param indicators: what was measured; formulas over them follow
        """
        formulas = self.env["kpi.indicator"].search([("source", "=", "formula")])
        self.search(
            [
                ("scorecard_id.state", "in", ("draft", "agreed")),
                ("indicator_id", "in", (indicators | formulas).ids),
            ]
        )._refresh_facts()

    def _figure(self):
        """:rtype: Figure"""
        self.ensure_one()
        card = self.scorecard_id
        return Figure(
            indicator_id=self.indicator_id.id,
            company_id=card.company_id.id,
            date_from=card.date_from,
            date_to=card.date_to,
            scope=self.scope,
            employee_id=card.employee_id.id or None,
            department_id=self.indicator_id._own_department(card.department_id).id
            or None,
            site_id=card.site_id.id or None,
            warehouse_id=card.warehouse_id.id or None,
        )

    def _refresh_facts(self):
        """Read the facts of all these lines at once and score them anew.

        The number of statements does not depend on the number of lines.
        """
        # All of them at once: by itself the ORM reads ahead a thousand lines a time.
        lines = self.with_prefetch()
        lines.fetch(["scorecard_id", "indicator_id", "scope"])
        lines = lines.filtered(
            lambda line: line.scorecard_id.state in ("draft", "agreed")
        )
        if not lines:
            return
        cards = lines.scorecard_id.with_prefetch()
        figures = {line: line._figure() for line in lines}
        self.env.flush_all()
        facts = self.env["kpi.reader"]._read_facts(figures.values())
        rows = [(line.id, facts[figures[line]]) for line in lines]
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_scorecard_line AS line
                SET fact = fresh.value,
                    has_fact = fresh.value IS NOT NULL,
                    no_data_reason = fresh.reason,
                    numerator = fresh.numerator,
                    denominator = fresh.denominator,
                    sample = fresh.sample,
                    margin = fresh.margin,
                    too_few = fresh.too_few
                FROM unnest(
                    %(ids)s::int4[], %(values)s::float8[], %(reasons)s::varchar[],
                    %(numerators)s::float8[], %(denominators)s::float8[],
                    %(samples)s::int4[], %(margins)s::float8[], %(too_few)s::bool[]
                ) AS fresh(
                    id, value, reason, numerator, denominator, sample, margin, too_few
                )
                WHERE line.id = fresh.id
                """,
                ids=[line_id for line_id, _fact in rows],
                values=[fact.value for _id, fact in rows],
                reasons=[fact.reason for _id, fact in rows],
                numerators=[fact.numerator for _id, fact in rows],
                denominators=[fact.denominator for _id, fact in rows],
                samples=[fact.sample for _id, fact in rows],
                margins=[fact.margin for _id, fact in rows],
                too_few=[fact.too_few for _id, fact in rows],
            )
        )
        lines.invalidate_model(flush=False)
        cards.line_ids._calculate()

    def _line_score(self, fact=None):
        """The pure score of this line.

        :param fact: another value than the measured one (what-if, corrections)
        """
        self.ensure_one()
        card = self.scorecard_id
        if fact is None:
            fact = self.fact if self.has_fact else None
        return score(
            fact,
            self._thresholds(),
            self.method,
            (card.score_at_base, card.score_at_plan, card.score_at_challenge),
        )

    def _coefficient(self, scores):
        """The performance coefficient of one scorecard's lines.

        :param scores: ``{line: score or None}``
        :rtype: odoo.addons.kpi_quality.tools.coefficient.Coefficient
        """
        return coefficient(
            LineScore(
                line.id,
                line.weight,
                scores[line],
                line.missing,
                line.heir_id.id or None,
            )
            for line in self
        )

    def _calculate(self):
        """Scores, weights in force and coefficients, from facts and thresholds."""
        rows, cards = [], []
        all_lines = self.with_prefetch()
        all_lines.fetch(SCORED_FIELDS)
        for card, lines in all_lines.grouped("scorecard_id").items():
            scores = {line: line._line_score() for line in lines}
            result = lines._coefficient(scores)
            for line in lines:
                weight = result.weights.get(line.id, 0.0)
                rows.append((line.id, scores[line] or 0.0, weight))
            missing = sum(1 for value in scores.values() if value is None)
            cards.append((card.id, result.value, bool(result.blocked), missing))
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_scorecard_line AS line
                SET score = fresh.score,
                    effective_weight = fresh.weight,
                    contribution = fresh.score * fresh.weight
                FROM unnest(%s::int4[], %s::numeric[], %s::numeric[])
                    AS fresh(id, score, weight)
                WHERE line.id = fresh.id
                """,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_scorecard AS card
                SET coefficient = COALESCE(fresh.coefficient, 0),
                    has_coefficient = fresh.coefficient IS NOT NULL,
                    is_blocked = fresh.is_blocked,
                    missing_count = fresh.missing_count,
                    measured_at = %s
                FROM unnest(%s::int4[], %s::numeric[], %s::bool[], %s::int4[])
                    AS fresh(id, coefficient, is_blocked, missing_count)
                WHERE card.id = fresh.id
                """,
                self.env["kpi.engine"]._now(),
                *(list(column) for column in zip(*cards, strict=True)),
            )
        )
        self.invalidate_model(flush=False)
        self.env["kpi.scorecard"].invalidate_model(flush=False)

    # ------------------------------------------------------------ documents
    def _figure_source(self):
        self.ensure_one()
        figure = self._figure()
        if not figure.record_id:
            return None
        if self.scope == "department":

            def inside(indicator):
                return indicator._department_condition(
                    SQL("placed.department_id"), SQL("%s", figure.department_id)
                )

        else:
            inside = SQL(
                "placed.%s = %s",
                SQL.identifier(SCOPE_RECORDS[self.scope]),
                figure.record_id,
            )
        return FigureSource(
            indicators=self.indicator_id._formula_parts(),
            company=self.company_id,
            date_from=figure.date_from,
            date_to=figure.date_to,
            condition=inside,
            title=f"{self.indicator_id.name} · {self.scorecard_id.display_name}",
        )
