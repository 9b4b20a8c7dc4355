from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import MISSING_FACT, SCOPES, SCORE_METHODS


class KpiMatrixLine(models.Model):
    _name = "kpi.matrix.line"
    _description = "KPI Matrix Line"
    _inherit = ["kpi.threshold.mixin"]
    _order = "matrix_id, sequence, id"
    _rec_name = "indicator_id"

    matrix_id = fields.Many2one(
        "kpi.matrix", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="matrix_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    indicator_id = fields.Many2one(
        "kpi.indicator",
        required=True,
        ondelete="restrict",
        domain=[("state", "!=", "retired")],
    )
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    nature = fields.Selection(related="indicator_id.nature")
    direction = fields.Selection(related="indicator_id.direction")
    weight = fields.Float(required=True, digits=(6, 4))
    scope = fields.Selection(SCOPES, required=True, default="personal")
    method = fields.Selection(SCORE_METHODS, required=True, default="anchors")
    missing = fields.Selection(
        MISSING_FACT, string="Without a figure", required=True, default="exclude"
    )
    heir_id = fields.Many2one(
        "kpi.matrix.line",
        ondelete="set null",
        domain="[('matrix_id', '=', matrix_id), ('id', '!=', id)]",
        help="The line that takes over the weight when there is no figure.",
    )

    _weight_range = models.Constraint(
        "CHECK (weight > 0 AND weight <= 1)", "A weight lies above 0 and up to 1."
    )
    _indicator_unique = models.Constraint(
        "UNIQUE (matrix_id, indicator_id, scope)",
        "The same indicator and scope stand in this matrix twice.",
    )

    @api.depends("indicator_id", "scope")
    def _compute_display_name(self):
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        for line in self:
            name = line.indicator_id.name or ""
            if line.scope and line.scope != "personal":
                name = f"{name} ({scopes[line.scope].lower()})"
            line.display_name = name

    @api.onchange("indicator_id")
    def _onchange_indicator_id(self):
        """Thresholds of a falling indicator start falling."""
        if self.indicator_id.direction == "falling" and self.base < self.plan:
            self.base, self.plan, self.challenge = 10.0, 5.0, 2.0
        elif self.indicator_id.direction == "rising" and self.base > self.plan:
            self.base, self.plan, self.challenge = 80.0, 100.0, 120.0

    @api.constrains("matrix_id", "missing", "heir_id")
    def _check_heir(self):
        for line in self:
            if line.missing == "heir" and line.heir_id not in (
                line.matrix_id.line_ids - line
            ):
                raise ValidationError(
                    self.env._(
                        "“%(line)s”: choose the line of the same matrix that takes "
                        "over its weight when there is no figure.",
                        line=line.indicator_id.name,
                    )
                )

    def copy_data(self, default=None):
        """Without the heir, a line of the old matrix: ``kpi.matrix`` puts it right."""
        vals_list = super().copy_data(default)
        for vals in vals_list:
            if vals.pop("heir_id", None):
                vals["missing"] = "exclude"
        return vals_list
