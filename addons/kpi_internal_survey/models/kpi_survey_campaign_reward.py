"""Whom a published campaign honours: the best three colleagues, and the best unit."""

from typing import NamedTuple

from odoo import models

from ..const import BEST_PLACES


class Award(NamedTuple):
    campaign: models.BaseModel
    kind: str  # of AWARDS
    employee: models.BaseModel
    place: int
    unit: models.BaseModel


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    def _awards(self):
        """Seed 001: three people with most votes and the unit with the highest score.

        The unit is its people, as they were invited: all of them earned the mark.
        Places are shared, so there may be more of both. Who has left gets nothing.

        :rtype: list[Award]
        """
        published = self.filtered(lambda campaign: campaign.state == "published")
        best = self.env["kpi.survey.best"].search(
            [("campaign_id", "in", published.ids), ("place", "<=", BEST_PLACES)]
        )
        awards = [
            Award(row.campaign_id, "person", row.employee_id, row.place, row.unit_id)
            for row in best
        ]
        # Everybody may know the best unit and who works there; the scores stay here.
        results_sudo = self.env["kpi.survey.result"].sudo()
        results_sudo = results_sudo.search(
            [
                ("campaign_id", "in", published.ids),
                ("unit_id.kind", "=", "head_office"),
                ("has_score", "=", True),
                ("is_hidden", "=", False),
                ("rank", "=", 1),
            ]
        )
        participants_sudo = self.env["kpi.survey.participant"].sudo()
        for participant in participants_sudo.search(
            [("unit_id", "in", results_sudo.unit_id.ids)]
        ):
            employee = participant.employee_id.sudo(False)
            unit = participant.unit_id.sudo(False)
            awards.append(Award(unit.campaign_id, "unit", employee, 1, unit))
        return [award for award in awards if award.employee.sudo().active]
