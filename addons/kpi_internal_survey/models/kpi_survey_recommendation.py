from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KpiSurveyRecommendation(models.Model):
    """What HR recommends, for the company or for one unit."""

    _name = "kpi.survey.recommendation"
    _description = "HR's Recommendation after a Survey"
    _inherit = ["kpi.guarded.mixin"]
    _order = "campaign_id, sequence, id"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one(
        "kpi.survey.unit",
        index=True,
        check_company=True,
        domain="[('campaign_id', '=', campaign_id)]",
        help="Empty: for the whole company.",
    )
    department_id = fields.Many2one(
        related="unit_id.department_id", store=True, index=True
    )
    text = fields.Text(required=True)
    is_draft = fields.Boolean(
        string="Draft", help="Only HR sees it, and no report shows it."
    )
    is_for_board = fields.Boolean(string="Board only", help="Directors do not see it.")

    @api.depends("unit_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for recommendation in self:
            recommendation.display_name = recommendation.unit_id.name or self.env._(
                "The whole company"
            )

    @api.constrains("unit_id", "campaign_id")
    def _check_unit(self):
        for recommendation in self:
            unit = recommendation.unit_id
            if unit and unit.campaign_id != recommendation.campaign_id:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” takes part in another survey: choose a unit of "
                        "this one.",
                        unit=unit.name,
                    )
                )

    def action_ready(self):
        """The reports show it from now on."""
        self.write({"is_draft": False})

    def action_draft(self):
        self.write({"is_draft": True})
