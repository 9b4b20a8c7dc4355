from odoo import fields, models

from ..const import CELL_KINDS, CELL_SIGNS


class KpiSurveyCell(models.Model):
    """One cell of the matrix rater x rated, or one of its margins: the board's alone.

    A hidden one has neither figure nor people, here or anywhere.
    """

    _name = "kpi.survey.cell"
    _description = "Cell of the Survey Matrix"
    _log_access = False
    _order = "campaign_id, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    kind = fields.Selection(CELL_KINDS, required=True)
    rater_id = fields.Many2one(
        "kpi.survey.unit", index=True, ondelete="cascade", help="Empty: other units."
    )
    rated_id = fields.Many2one("kpi.survey.unit", index=True, ondelete="cascade")
    respondents = fields.Integer(aggregator=None)
    score = fields.Float(digits=(16, 2), aggregator=None)
    is_hidden = fields.Boolean(string="Too few people")
    sign = fields.Selection(CELL_SIGNS)
