from odoo import fields, models

from ..const import VIEWS


class KpiSurveyResultCriterion(models.Model):
    """The mean of one criterion, as others or as the unit itself sees it."""

    _name = "kpi.survey.result.criterion"
    _description = "Survey Result by Criterion"
    _log_access = False
    _order = "result_id, criterion_id"

    result_id = fields.Many2one(
        "kpi.survey.result", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "kpi.survey.criterion", required=True, index=True, ondelete="cascade"
    )
    view = fields.Selection(VIEWS, required=True)
    respondents = fields.Integer(aggregator=None)
    score = fields.Float(digits=(16, 2), aggregator=None)
    is_hidden = fields.Boolean(string="Too few people")
