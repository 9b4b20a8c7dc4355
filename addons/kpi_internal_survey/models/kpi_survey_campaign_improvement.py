from odoo import api, fields, models


class KpiSurveyCampaign(models.Model):
    """What is done about the results, and in the next cycle: whether it helped."""

    _inherit = "kpi.survey.campaign"

    next_ids = fields.One2many(
        "kpi.survey.campaign", "previous_id", string="Cycles after"
    )
    improvement_ids = fields.One2many(
        "kpi.improvement", "kpi_campaign_id", string="Actions"
    )
    improvement_count = fields.Integer(
        string="Number of actions",
        compute="_compute_improvement_count",
        compute_sudo=False,
    )
    improvement_closed_count = fields.Integer(
        string="Actions closed",
        compute="_compute_improvement_count",
        compute_sudo=False,
    )
    improvement_progress = fields.Integer(
        string="Progress of actions, %",
        compute="_compute_improvement_count",
        compute_sudo=False,
    )

    @api.depends("improvement_ids.state")
    @api.depends_context("uid")
    def _compute_improvement_count(self):
        """Of the actions that the user may see; what was cancelled is none."""
        groups = self.env["kpi.improvement"]._read_group(
            [("kpi_campaign_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["kpi_campaign_id", "state"],
            ["__count"],
        )
        counts = {(campaign.id, state): count for campaign, state, count in groups}
        for campaign in self:
            done = counts.get((campaign.id, "done"), 0)
            total = done + counts.get((campaign.id, "open"), 0)
            campaign.improvement_count = total
            campaign.improvement_closed_count = done
            campaign.improvement_progress = round(100 * done / total) if total else 0

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "published":
            actions_sudo = (self | self.previous_id).sudo().improvement_ids
            actions_sudo._note_origin()  # measured, by nobody written
            actions_sudo._compare()
        return result

    def action_open_improvements(self):
        return self._open_improvements(self)

    def action_open_follow_up(self):
        """The actions of the cycle before, with the figure before and after."""
        return self._open_improvements(self.previous_id)

    def _open_improvements(self, campaign):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_internal_survey.kpi_improvement_action_survey"
        )
        return {
            **action,
            "domain": [("kpi_campaign_id", "=", campaign.id)],
            "context": {
                "default_kpi_campaign_id": campaign.id,
                "default_indicator_id": self.env["kpi.improvement"]
                ._survey_indicator()
                .id,
            },
        }
