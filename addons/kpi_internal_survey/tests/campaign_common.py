"""The survey's bank with a second cycle that is still being prepared."""

from .survey_common import SurveyCase


class CampaignCase(SurveyCase):
    """``cls.next`` is a draft from the template, 2 to 20 November 2026.

    The first cycle is closed, so that nothing of it stands in the way.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_state(cls.campaign, "closed")
        cls.next = cls.create_next()

    @classmethod
    def create_next(cls, **values):
        return cls.env["kpi.survey.campaign"].create(
            {
                "name": "Cycle 2",
                "company_id": cls.company.id,
                "user_id": cls.manager.id,
                "date_from": "2026-11-02",
                "date_to": "2026-11-20",
                **values,
            }
        )

    def start(self, campaign=None):
        campaign = campaign or self.next
        campaign._set_state("agreed")
        campaign._start()
        return {unit.department_id: unit for unit in campaign.unit_ids}

    def answered(self, numbers, campaign=None):
        """So many ballots of each unit are in the box."""
        campaign = campaign or self.next
        ballots = self.env["kpi.survey.ballot"].search(
            [("campaign_id", "=", campaign.id)]
        )
        for unit, own in ballots.grouped("unit_id").items():
            own.is_submitted = False
            own[: numbers.get(unit.department_id, 0)].is_submitted = True
        self.env.invalidate_all()
