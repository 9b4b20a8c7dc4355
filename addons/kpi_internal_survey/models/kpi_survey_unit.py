from odoo import fields, models

from ..const import UNIT_KINDS


class KpiSurveyUnit(models.Model):
    """A department as it was when the campaign started: later moves change nothing."""

    _name = "kpi.survey.unit"
    _description = "Unit of a Survey"
    _order = "campaign_id, name, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(UNIT_KINDS, required=True, readonly=True)
    tag_ids = fields.Many2many("kpi.survey.unit.tag", string="Tags", readonly=True)
    invited = fields.Integer(readonly=True, aggregator="sum")

    _department_unique = models.Constraint(
        "UNIQUE (campaign_id, department_id)", "The unit takes part already."
    )
