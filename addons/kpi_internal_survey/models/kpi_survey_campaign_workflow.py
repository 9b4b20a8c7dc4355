"""From draft to published: who may press what, and what stands in the way."""

from odoo import models
from odoo.exceptions import UserError

from ..const import CAMPAIGN_TRANSITIONS


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    # -------------------------------------------------------------- business
    def _set_state(self, state, **values):
        """The only way a campaign changes its state."""
        for campaign in self:
            if state not in CAMPAIGN_TRANSITIONS[campaign.state]:
                raise UserError(campaign._cannot_become(state))
        # Checked by whoever calls it; the state is nobody's to write.
        self.sudo().write({"state": state, **values})

    def _cannot_become(self, state):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "“%(campaign)s” is %(from)s; it cannot become %(to)s now.",
            **{
                "campaign": self.name,
                "from": states[self.state].lower(),
                "to": states[state].lower(),
            },
        )

    def _start(self):
        """Freeze who takes part, make key and codes, and invite."""
        self.ensure_one()
        self._set_state("running")
        self._snapshot()
