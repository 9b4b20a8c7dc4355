from odoo import fields, models

from ..const import AWARDS


class KpiBonusRunLine(models.Model):
    """A one-off item may be the reward of who served the colleagues best."""

    _inherit = "kpi.bonus.run.line"

    kpi_campaign_id = fields.Many2one(
        "kpi.survey.campaign",
        string="Rewarded for",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    kpi_award = fields.Selection(AWARDS, string="Rewarded as", readonly=True)

    # Whatever run it is: for one survey, nobody is rewarded twice.
    _award_unique = models.UniqueIndex(
        "(kpi_campaign_id, kpi_award, employee_id) WHERE kpi_campaign_id IS NOT NULL",
        "This employee is rewarded for this survey already.",
    )
