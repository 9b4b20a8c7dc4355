from odoo import api, fields, models
from odoo.exceptions import AccessError

from .kpi_survey_campaign_count import ACTIVITY

MANAGER = "kpi_quality.group_kpi_quality_manager"


class KpiSurveyCampaign(models.Model):
    """Care of the key: a copy of it, and an alarm when it is missing."""

    _inherit = "kpi.survey.campaign"

    public_key = fields.Char(
        copy=False,
        groups=fields.NO_ACCESS,
        help="Seals answers; empty before the start and after the count.",
    )
    has_key = fields.Boolean(compute="_compute_has_key", compute_sudo=True)

    @api.depends("public_key")
    def _compute_has_key(self):
        for campaign in self:
            campaign.has_key = bool(campaign.public_key)

    def _check_can_copy_key(self):
        """:raise AccessError: for everybody but HR, of the campaign's company"""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("The key of a survey is kept by the KPI manager alone.")
            )

    def _copy_key(self):
        """:return: what the key's file says; who has taken it is told to everybody"""
        text = self.env["kpi.survey.key"]._text(self)
        self.message_post(
            body=self.env._(
                "%(user)s saved a copy of the survey's key.", user=self.env.user.name
            )
        )
        return text

    @api.model
    def _cron_check_keys(self):
        """Ask for keys that are missing; remove what a crash left of destroyed ones."""
        key = self.env["kpi.survey.key"]
        campaigns = self.sudo()  # of all companies
        for campaign in campaigns.search([("public_key", "!=", False)]):
            if key._is_there(campaign):
                campaign.activity_unlink([ACTIVITY])
            else:
                campaign._ask_for_key()
        key._remove_left(campaigns.search([("is_counted", "=", True)]))
