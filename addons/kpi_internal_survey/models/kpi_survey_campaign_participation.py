"""How actively the units take part, while the campaign runs and after."""

from odoo import api, fields, models

from ..tools.participation import hidden_units, percent, shown_total

# Who looks at participation: leads at that of their own units.
WATCHERS = (
    "kpi_quality.group_kpi_quality_lead,kpi_internal_survey.group_kpi_survey_board"
)


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    invited_count = fields.Integer(
        string="Invited", compute="_compute_participation", groups=WATCHERS
    )
    submitted_count = fields.Integer(
        string="Answered",
        compute="_compute_participation",
        groups=WATCHERS,
        help="0 as long as there are too few to be shown.",
    )
    submitted_percent = fields.Integer(
        string="Participation, %", compute="_compute_participation", groups=WATCHERS
    )

    @api.depends("state", "minimum", "unit_ids.invited")
    def _compute_participation(self):
        for campaign, counts in self._counts().items():
            campaign.invited_count = sum(
                invited for invited, _number in counts.values()
            )
            campaign.submitted_count = shown_total(counts, campaign.minimum) or 0
            campaign.submitted_percent = percent(
                campaign.submitted_count, campaign.invited_count
            )

    def _participation(self):
        """How many were invited and have answered, of each unit.

        :return: ``{unit: (invited, submitted)}``; None for what must not be shown, so
            that nobody learns it from the total either
        """
        shown = {}
        for campaign, counts in self._counts().items():
            hidden = hidden_units(counts, campaign.minimum)
            for unit in campaign.unit_ids:
                invited, submitted = counts[unit.id]
                shown[unit] = (invited, None if unit.id in hidden else submitted)
        return shown

    def _counts(self):
        """:return: ``{campaign: {unit id: (invited, submitted)}}``"""
        ballots_sudo = self.env["kpi.survey.ballot"].sudo()  # numbers leave it only
        submitted = ballots_sudo._submitted_by_unit(self)
        return {
            campaign: {
                unit.id: (unit.invited, submitted.get(unit.id, 0))
                for unit in campaign.unit_ids
            }
            for campaign in self
        }

    def action_participation(self):
        """The bars: of all units for HR and the board, of one's own for directors."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_internal_survey.kpi_survey_unit_action_participation"
        )
        domain = [("campaign_id.state", "!=", "draft")]
        if self:
            self.ensure_one()
            domain = [("campaign_id", "=", self.id)]
            action["context"] = {}
            action["display_name"] = self.name
        if not self.env["kpi.survey.unit"]._sees_all_participation():
            domain.append(("department_id.kpi_is_led", "=", True))
        action["domain"] = domain
        return action
