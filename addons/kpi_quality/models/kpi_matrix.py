from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import get_lang

from ..tools.coefficient import (
    WEIGHT_TOLERANCE,
    MatrixLine,
    matrix_warnings,
    weights_total,
)
from ..tools.plain_number import plain_number


class KpiMatrix(models.Model):
    """The template for a job: what is measured, what it weighs, what is aimed at."""

    _name = "kpi.matrix"
    _description = "KPI Matrix"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, name"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    description = fields.Text(translate=True)
    period_kind = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
            ("other", "Other"),
        ],
        string="Kind of period",
        required=True,
        default="month",
        help="Scorecards are made for periods of this kind.",
    )
    line_ids = fields.One2many("kpi.matrix.line", "matrix_id", copy=True)
    assignment_ids = fields.One2many("kpi.matrix.assignment", "matrix_id", copy=False)
    score_at_base = fields.Float(default=0.0, required=True)
    score_at_plan = fields.Float(default=100.0, required=True)
    score_at_challenge = fields.Float(default=120.0, required=True)
    weight_total = fields.Float(compute="_compute_weight_total", digits=(6, 4))
    weight_missing = fields.Float(compute="_compute_weight_total", digits=(6, 4))
    warnings = fields.Text(compute="_compute_warnings")
    scorecard_count = fields.Integer(compute="_compute_scorecard_count")

    _name_unique = models.UniqueIndex(
        "(company_id, (name->>'en_US')) WHERE active",
        "Another matrix of this company has this name.",
    )
    _anchors_order = models.Constraint(
        "CHECK (score_at_base <= score_at_plan AND score_at_plan <= score_at_challenge"
        " AND score_at_base >= 0)",
        "The scores at base, plan and challenge rise, starting at 0 or above.",
    )

    # ------------------------------------------------------------ computes
    @api.depends("line_ids.weight")
    def _compute_weight_total(self):
        for matrix in self:
            matrix.weight_total = weights_total(matrix.line_ids.mapped("weight"))
            missing = 1.0 - matrix.weight_total
            matrix.weight_missing = 0.0 if abs(missing) <= WEIGHT_TOLERANCE else missing

    @api.depends("line_ids.weight", "line_ids.indicator_id")
    def _compute_warnings(self):
        for matrix in self:
            lines = [
                MatrixLine(
                    key=line.id or line._origin.id or position,
                    code=line.indicator_id.code or "",
                    nature=line.indicator_id.nature or "process",
                    weight=line.weight,
                    manual=line.indicator_id.source == "manual",
                )
                for position, line in enumerate(matrix.line_ids)
            ]
            matrix.warnings = "\n".join(
                self._warning_text(code, figures)
                for code, figures in matrix_warnings(lines)
            )

    @api.model
    def _warning_text(self, code, figures):
        point = get_lang(self.env).decimal_point
        figures = {
            name: plain_number(value, point, 4) if isinstance(value, float) else value
            for name, value in figures.items()
        }
        return {
            "result_process_balance": lambda: self.env._(
                "Results weigh %(result)s and processes %(process)s: they should weigh "
                "about the same, for stable results come from well-run processes.",
                **figures,
            ),
            "conversion_coverage_differ": lambda: self.env._(
                "Conversion (%(conversion)s) and visitor coverage (%(coverage)s) "
                "should weigh the same: then false presses gain nothing.",
                **figures,
            ),
            "conversion_coverage_small": lambda: self.env._(
                "Conversion and coverage together (%(together)s) should weigh more "
                "than any other process indicator (%(other)s).",
                **figures,
            ),
            "too_many_lines": lambda: self.env._(
                "%(count)s lines: more than seven indicators are no focus.", **figures
            ),
            "too_much_manual": lambda: self.env._(
                "Indicators typed by hand carry %(share)s of the weight: above a "
                "third, the result depends on opinions.",
                **figures,
            ),
        }[code]()

    def _compute_scorecard_count(self):
        counts = dict(
            self.env["kpi.scorecard"]._read_group(
                [("matrix_id", "in", self.ids)], ["matrix_id"], ["__count"]
            )
        )
        for matrix in self:
            matrix.scorecard_count = counts.get(matrix, 0)

    # -------------------------------------------------------------- checks
    @api.constrains("line_ids")
    def _check_weights(self):
        point = get_lang(self.env).decimal_point
        for matrix in self.filtered("line_ids"):
            if matrix.weight_missing:
                raise ValidationError(
                    self.env._(
                        "The weights of “%(matrix)s” add up to %(total)s, not to 1. "
                        "Change them by %(missing)s.",
                        matrix=matrix.name,
                        total=plain_number(matrix.weight_total, point),
                        missing=plain_number(matrix.weight_missing, point, sign="+"),
                    )
                )

    @api.constrains("line_ids")
    def _check_heirs(self):
        self.line_ids._check_heir()  # the heir of one may be a line that was deleted

    # ------------------------------------------------------------- actions
    def action_open_scorecards(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_scorecard_action"
        )
        action["domain"] = [("matrix_id", "=", self.id)]
        return action

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for matrix, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=matrix.name)
        return vals_list

    def copy(self, default=None):
        """An heir of the copy is a line of the copy."""
        copies = super().copy(default)
        for matrix, copied in zip(self, copies, strict=True):
            lines = dict(zip(matrix.line_ids, copied.line_ids, strict=True))
            for line, new_line in lines.items():
                if line.heir_id:
                    new_line.write(
                        {"missing": line.missing, "heir_id": lines[line.heir_id].id}
                    )
        return copies
