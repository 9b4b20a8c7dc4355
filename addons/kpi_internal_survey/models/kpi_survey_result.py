from odoo import api, fields, models

from odoo.addons.kpi_quality.tools.change import Cases


class KpiSurveyResult(models.Model):
    """What may be shown of a unit, or of the whole company where there is none.

    Written once, when the boxes are counted: nothing else is kept of the marks. Who
    may read a score may not always read the unit's view of itself: that stands in a
    cell of its own and comes from there by the rights of the reader.
    """

    _name = "kpi.survey.result"
    _description = "Survey Result of a Unit"
    _log_access = False
    _order = "campaign_id, rank, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="campaign_id.state", string="State of campaign")
    company_id = fields.Many2one("res.company", required=True, index=True)
    unit_id = fields.Many2one("kpi.survey.unit", index=True, ondelete="cascade")
    department_id = fields.Many2one("hr.department", index=True)
    # ------------------------------------------------- the view of other units
    respondents = fields.Integer(
        aggregator=None, help="Marks of others: one per respondent."
    )
    total = fields.Float(
        digits=(16, 6), aggregator=None, export_string_translation=False
    )
    squares = fields.Float(
        digits=(16, 6), aggregator=None, export_string_translation=False
    )
    score = fields.Float(digits=(16, 2), aggregator=None)
    margin = fields.Float(
        digits=(16, 2), aggregator=None, help="Half the width of the 95 % interval."
    )
    band_id = fields.Many2one("kpi.survey.band")
    rank = fields.Integer(aggregator=None, help="Among head-office units; ties share.")
    is_hidden = fields.Boolean(string="Too few people")
    has_score = fields.Boolean(help="There is a score, and it is shown.")
    # ------------------------------------------------- the unit's own view
    own_score = fields.Float(digits=(16, 2), compute="_compute_own")
    own_respondents = fields.Integer(compute="_compute_own")
    own_is_hidden = fields.Boolean(compute="_compute_own")
    has_own_score = fields.Boolean(compute="_compute_own")
    criterion_ids = fields.One2many("kpi.survey.result.criterion", "result_id")

    _unit_unique = models.UniqueIndex("(campaign_id, COALESCE(unit_id, 0))")

    @api.depends("unit_id")
    @api.depends_context("su", "uid", "allowed_company_ids")
    def _compute_own(self):
        """From the own views that the user may read; for others there is none."""
        cells = self.env["kpi.survey.cell"]
        if cells.has_access("read"):
            cells = cells.search(
                [("kind", "=", "own"), ("rated_id", "in", self.unit_id.ids)]
            )
        by_unit = {cell.rated_id: cell for cell in cells}
        for result in self:
            cell = by_unit.get(result.unit_id, cells[:0])
            result.own_score = cell.score
            result.own_respondents = cell.respondents
            result.own_is_hidden = cell.is_hidden
            result.has_own_score = bool(cell) and not cell.is_hidden

    @api.depends("unit_id.name", "company_id.name", "campaign_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for result in self:
            place = result.unit_id.name or result.company_id.name
            result.display_name = f"{place} · {result.campaign_id.name}"

    def _cases(self):
        """As comparisons of before and after take them: one per respondent."""
        self.ensure_one()
        return Cases(self.respondents, self.total, self.squares, self.respondents)
