from odoo import fields, models

from ..const import AWARDS


class KpiSurveyRewardLine(models.TransientModel):
    """One reward before it is given: the amount may still be changed."""

    _name = "kpi.survey.reward.line"
    _description = "Reward of a Survey"
    _order = "campaign_id, award, place, id"

    reward_id = fields.Many2one("kpi.survey.reward", required=True, ondelete="cascade")
    campaign_id = fields.Many2one(
        "kpi.survey.campaign", string="Survey", required=True, ondelete="cascade"
    )
    award = fields.Selection(AWARDS, required=True)
    place = fields.Integer()
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    unit_id = fields.Many2one("kpi.survey.unit", ondelete="cascade")
    currency_id = fields.Many2one(related="reward_id.currency_id")
    amount = fields.Monetary()

    def _reason(self):
        """What the employee reads beside the amount."""
        self.ensure_one()
        if self.award == "unit":
            return self.env._(
                "Best unit of the internal survey “%(campaign)s”: %(unit)s",
                campaign=self.campaign_id.name,
                unit=self.unit_id.name,
            )
        return self.env._(
            "Best colleague of the internal survey “%(campaign)s”, place %(place)s",
            campaign=self.campaign_id.name,
            place=self.place,
        )
