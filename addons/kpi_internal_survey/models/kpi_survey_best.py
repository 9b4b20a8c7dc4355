from odoo import fields, models


class KpiSurveyBest(models.Model):
    """A colleague whom enough people named, and the place among them."""

    _name = "kpi.survey.best"
    _description = "Best Colleague of a Survey"
    _log_access = False
    _order = "campaign_id, place, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    employee_id = fields.Many2one("hr.employee", required=True, index=True)
    unit_id = fields.Many2one("kpi.survey.unit", index=True, ondelete="cascade")
    votes = fields.Integer(required=True, aggregator=None)
    place = fields.Integer(required=True, aggregator=None, help="Ties share a place.")
