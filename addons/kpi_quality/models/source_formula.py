"""Figures calculated from the sums of other indicators."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..exceptions import SourceError
from ..tools import formula as formulas


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=[("formula", "Formula over other indicators")],
        ondelete={"formula": "cascade"},
    )
    formula = fields.Char(
        tracking=True,
        help="Codes of indicators with + - * / ** ( ) min max abs round, e.g. "
        "revenue / orders_processed. A code is the indicator's value over the same "
        "employee, department and period; code.numerator and code.denominator are "
        "its sums.",
    )

    @api.constrains("source", "formula", "code")
    def _check_formula(self):
        for indicator in self.filtered(lambda i: i.source == "formula"):
            try:
                indicator._validate_formula()
            except SourceError as error:
                raise ValidationError(str(error)) from error

    def _check_source(self, window):
        result = super()._check_source(window)
        if self.source == "formula":
            self._validate_formula()
        return result

    def _validate_formula(self):
        """:raise SourceError: syntax, unknown name, or a name that leads back here"""
        self.ensure_one()
        parsed = self._parse_formula()
        known = {i.code: i for i in self.search([])}
        unknown = sorted(parsed.names - known.keys())
        if unknown:
            raise SourceError(
                self.env._(
                    "Formula of “%(indicator)s”: there is no indicator with the code "
                    "%(names)s. Codes are listed under Configuration > Indicators.",
                    indicator=self.name,
                    names=", ".join(unknown),
                ),
                "definition",
            )
        cycle = formulas.find_cycle(
            {
                indicator.code: indicator._parse_formula().names
                for indicator in known.values()
                if indicator.source == "formula" and indicator.formula
            }
        )
        if cycle:
            raise SourceError(
                self.env._(
                    "Formula of “%(indicator)s”: it goes round in a circle "
                    "(%(cycle)s). A formula cannot need its own result.",
                    indicator=self.name,
                    cycle=" → ".join([*cycle, cycle[0]]),
                ),
                "definition",
            )

    def _parse_formula(self):
        self.ensure_one()
        try:
            return formulas.parse(self.formula or "")
        except formulas.FormulaError as error:
            raise SourceError(
                self.env._(
                    "Formula of “%(indicator)s” cannot be read: %(detail)s. "
                    "Write codes of indicators with + - * / ( ), e.g. "
                    "revenue / orders_processed.",
                    indicator=self.name,
                    detail=self._formula_error_text(error),
                ),
                "definition",
            ) from error

    def _formula_error_text(self, error):
        return {
            "syntax": lambda: self.env._("it is incomplete or a sign is misplaced"),
            "not_allowed": lambda: self.env._(
                "“%(part)s” is not allowed", part=error.detail
            ),
            "too_long": lambda: self.env._(
                "it is longer than %(most)s characters", most=error.detail
            ),
            "too_deep": lambda: self.env._(
                "it is nested more than %(most)s times", most=error.detail
            ),
        }[error.reason]()

    def _formula_operands(self):
        """The indicators that the formula names directly."""
        self.ensure_one()
        if self.source != "formula":
            return self.browse()
        return self.search([("code", "in", sorted(self._parse_formula().names))])

    def _formula_tree(self):
        """What the formulas among these, and those below, are directly over.

        :return: ``{formula: operands}``; none for those that go round in a circle,
            which is refused when saved but may come by an import
        """
        tree = {}
        pending = list(self)
        while pending:
            indicator = pending.pop()
            if indicator.source == "formula" and indicator not in tree:
                tree[indicator] = indicator._formula_operands()
                pending += tree[indicator]
        while cycle := formulas.find_cycle(
            {indicator.code: tree[indicator].mapped("code") for indicator in tree}
        ):
            tree |= {i: i.browse() for i in tree if i.code in cycle}
        return tree

    def _formula_parts(self):
        """The measured indicators behind: itself, or those behind the operands."""
        everything = self.union(*self._formula_tree().values())
        return everything.filtered(lambda indicator: indicator.source != "formula")
