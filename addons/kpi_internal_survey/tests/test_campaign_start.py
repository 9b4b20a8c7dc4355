from odoo.tests.common import tagged

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestCampaignStart(SurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_state(cls.campaign, "closed")
        cls.next = cls.env["kpi.survey.campaign"].create(
            {
                "name": "Cycle 2",
                "company_id": cls.company.id,
                "date_from": "2026-11-02",
                "date_to": "2026-11-20",
            }
        )

    def start(self):
        self.next._set_state("agreed")
        self.next._start()
        return {unit.department_id: unit for unit in self.next.unit_ids}

    def test_the_start_writes_down_who_takes_part(self):
        units = self.start()
        self.assertEqual(self.next.state, "running")
        self.assertEqual(
            {department.name: unit.invited for department, unit in units.items()},
            {name.title(): 6 for name in self.HEAD_OFFICE + self.REGIONAL},
        )
