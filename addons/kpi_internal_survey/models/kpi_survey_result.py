from odoo import fields, models


class KpiSurveyResult(models.Model):
    """What may be shown of a unit, or of the whole company where there is none.

    Written once, when the boxes are counted: nothing else is kept of the marks.
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
    has_score = fields.Boolean()
    # ------------------------------------------------- the unit's own view
    own_score = fields.Float(digits=(16, 2), aggregator=None)
    own_respondents = fields.Integer(aggregator=None)
    own_is_hidden = fields.Boolean()
    has_own_score = fields.Boolean()
    criterion_ids = fields.One2many("kpi.survey.result.criterion", "result_id")
