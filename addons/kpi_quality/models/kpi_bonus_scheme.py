from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.curve import Curve, bonus_percent, check_curve, curve_samples


class KpiBonusScheme(models.Model):
    """How a performance coefficient becomes money."""

    _name = "kpi.bonus.scheme"
    _description = "KPI Bonus Scheme"
    _inherit = ["kpi.guarded.mixin", "mail.thread"]
    _order = "sequence, name"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    matrix_ids = fields.Many2many(
        "kpi.matrix",
        string="Matrices",
        check_company=True,
        help="Scorecards of these matrices are paid by this scheme.",
    )
    method = fields.Selection(
        [("curve", "Curve over the performance coefficient")],
        required=True,
        default="curve",
        tracking=True,
    )
    curve = fields.Selection(
        [
            ("linear", "Linear: one straight line"),
            ("points", "Break points: straight lines between"),
            ("power", "Power: 100 x (coefficient / 100)^exponent"),
        ],
        required=True,
        default="points",
        tracking=True,
    )
    point_ids = fields.One2many("kpi.bonus.scheme.point", "scheme_id", copy=True)
    exponent = fields.Float(default=1.0, required=True, tracking=True)
    has_gate = fields.Boolean(string="Gate", default=True, tracking=True)
    gate = fields.Float(
        string="Gate (%)",
        default=85.0,
        tracking=True,
        help="Paid only when the coefficient is above it.",
    )
    has_cap = fields.Boolean(string="Cap", tracking=True)
    cap = fields.Float(
        string="Cap (%)",
        default=160.0,
        tracking=True,
        help="The most that is paid, in percent of the target premium.",
    )
    premium_kind = fields.Selection(
        [("wage", "Percent of the wage"), ("fixed", "Fixed amount")],
        string="Target premium",
        required=True,
        default="wage",
        tracking=True,
    )
    premium_percent = fields.Float(default=30.0, tracking=True)
    premium_amount = fields.Monetary(tracking=True)
    curve_data = fields.Json(compute="_compute_curve_data")

    _premium_positive = models.Constraint(
        "CHECK (premium_percent >= 0 AND premium_amount >= 0)",
        "A target premium cannot be negative.",
    )
    _name_unique = models.UniqueIndex(
        "(company_id, (name->>'en_US')) WHERE active",
        "Another scheme of this company has this name.",
    )

    def _curve(self):
        """:rtype: odoo.addons.kpi_quality.tools.curve.Curve"""
        self.ensure_one()
        return Curve(
            kind=self.curve,
            gate=self.gate if self.has_gate else None,
            cap=self.cap if self.has_cap else None,
            points=tuple(sorted((p.coefficient, p.percent) for p in self.point_ids))
            if self.curve != "power"
            else (),
            exponent=self.exponent,
        )

    @api.depends(
        "curve",
        "exponent",
        "has_gate",
        "gate",
        "has_cap",
        "cap",
        "point_ids.coefficient",
        "point_ids.percent",
    )
    def _compute_curve_data(self):
        for scheme in self:
            scheme.curve_data = curve_chart(scheme._curve())

    @api.constrains(
        "curve", "exponent", "has_gate", "gate", "has_cap", "cap", "point_ids"
    )
    def _check_curve(self):
        messages = {
            "no_points": self.env._("add at least one point of the curve."),
            "two_points": self.env._("a linear curve has exactly two points."),
            "points_not_rising": self.env._(
                "two points have the same coefficient; every point needs its own."
            ),
            "bad_exponent": self.env._("the exponent has to be above 0."),
            "negative": self.env._(
                "gate, cap, coefficients and percents cannot be negative."
            ),
        }
        for scheme in self:
            reason = check_curve(scheme._curve())
            if reason:
                raise ValidationError(
                    self.env._(
                        "Scheme “%(scheme)s”: %(reason)s",
                        scheme=scheme.name,
                        reason=messages[reason],
                    )
                )


def curve_chart(curve, coefficient=None):
    """What the curve widget draws.

    :return: ``{"line": [[x, y], ...], "gate": x or None, "cap": y or None,
        "point": [x, y] or None}``, all in percent; None when the curve is not whole
    """
    if check_curve(curve):
        return None
    furthest = max([coefficient or 0.0, 120.0, *(x for x, _y in curve.points)])
    return {
        "line": [list(point) for point in curve_samples(curve, furthest * 1.1)],
        "gate": curve.gate,
        "cap": curve.cap,
        "point": None
        if coefficient is None
        else [coefficient, bonus_percent(coefficient, curve)],
    }
