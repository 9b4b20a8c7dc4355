"""The campaign of the tests with its rules, key and ballots, and answers to it."""

import json

from odoo.fields import Command

from .survey_common import SurveyCase
from .test_ballot_key import use_folder


def open_boxes(env, campaign):
    unseal = env["kpi.survey.key"]._opener(campaign)
    env.cr.execute(
        "SELECT box FROM kpi_survey_sealed WHERE campaign_id = %s", [campaign.id]
    )
    return [json.loads(unseal(box)) for (box,) in env.cr.fetchall()]


class FormCase(SurveyCase):
    """All units rate those of the head office; everybody has a code."""

    @classmethod
    def _create_campaign(cls, name, **values):
        campaign = super()._create_campaign(name, **values)
        campaign.rule_ids = [Command.create({"rated_kind": "head_office"})]
        return campaign

    def setUp(self):
        super().setUp()
        use_folder(self, self.env)
        self.key = self.env["kpi.survey.key"]
        self.key._make(self.campaign)
        self.env["kpi.survey.ballot"]._issue(self.campaign)

    def code(self, unit, number=0):
        """The code of one of this unit's people."""
        participants = self.env["kpi.survey.participant"].search(
            [("unit_id", "=", unit.id)], order="id"
        )
        return self.key._code(self.campaign, participants[number])

    def answer(self, unit, marks, **more):
        """What the form sends, without the code."""
        ballot = self.ballot(unit, marks, **more)
        return {"ratings": ballot["ratings"], "votes": ballot["votes"]}

    def opened(self):
        """What was stored, opened."""
        return open_boxes(self.env, self.campaign)

    def submitted(self):
        self.env["kpi.survey.ballot"].invalidate_model()
        return self.env["kpi.survey.ballot"]._submitted_by_unit(self.campaign)
