from odoo import fields, models


class KpiSurveyBallot(models.Model):
    """The right to answer once: it knows the unit, not the person.

    No author and no time: those columns would say who and when.
    """

    _name = "kpi.survey.ballot"
    _description = "Ballot of a Survey"
    _log_access = False
    _order = "id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "kpi.survey.unit", required=True, index=True, ondelete="cascade"
    )
    code_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    is_submitted = fields.Boolean()

    _code_unique = models.UniqueIndex("(campaign_id, code_hash)")
