"""What became of the actions: the unit's score of one cycle and of the next."""

from datetime import date

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from .survey_common import SurveyCase


@freeze_time("2026-12-01 09:00:00")
@tagged("post_install", "-at_install")
class TestFollowUp(SurveyCase):
    """Actions of Cycle 1, and Cycle 2 a year later; figures as a count leaves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_state(cls.campaign, "published")
        cls.campaign.is_counted = True
        cls.following = cls._create_campaign(
            "Cycle 2", date_from="2026-11-02", date_to="2026-11-20"
        )
        cls.following.previous_id = cls.campaign
        cls._set_state(cls.following, "closed")
        cls.following.is_counted = True

    @classmethod
    def result(cls, campaign, marks, department=None, **values):
        """The published row of a unit, or of the company, with these marks."""
        unit = cls.env["kpi.survey.unit"]
        if department:
            place = {"campaign_id": campaign.id, "department_id": department.id}
            unit = unit.search(
                [(name, "=", value) for name, value in place.items()]
            ) or unit.create({**place, "name": department.name, "kind": "head_office"})
        return cls.env["kpi.survey.result"].create(
            {
                "campaign_id": campaign.id,
                "company_id": cls.company.id,
                "unit_id": unit.id,
                "department_id": unit.department_id.id,
                "respondents": len(marks),
                "total": sum(marks),
                "squares": sum(mark * mark for mark in marks),
                "score": sum(marks) / len(marks) if marks else 0.0,
                "has_score": bool(marks),
                **values,
            }
        )

    def improve(self, department=None, campaign=None):
        return self.env["kpi.improvement"].create(
            {
                "name": "Answers take days",
                "kpi_campaign_id": (campaign or self.campaign).id,
                "indicator_id": self.env["kpi.improvement"]._survey_indicator().id,
                "department_id": department and department.id,
                "user_id": self.outsider.id,
                "date_start": "2026-01-12",
                "date_deadline": "2026-03-02",
            }
        )

    def publish(self):
        self.following.write({"state": "published"})

    def test_before_and_after_with_the_verdict(self):
        """Twelve marks 5 and 7, then 7 and 9: +2 with 0.89 either side.

        Variance of each: 12 / 11; sqrt(2 x 12 / 11 / 12) = 0.4264 times 2.0739, the
        quantile of 22 degrees of freedom, is 0.8843.
        """
        self.result(self.campaign, [5, 7] * 6, self.department_it)
        self.result(self.following, [7, 9] * 6, self.department_it)
        action = self.improve(self.department_it)
        self.assertEqual(action.origin_value, 6)
        self.publish()
        self.assertRecordValues(
            action,
            [
                {
                    "before_date_from": date(2025, 11, 3),
                    "before_date_to": date(2025, 11, 21),
                    "after_date_from": date(2026, 11, 2),
                    "after_date_to": date(2026, 11, 20),
                    "before_value": 6,
                    "before_sample": 12,
                    "after_value": 8,
                    "after_sample": 12,
                    "verdict": "improved",
                    "is_compared": True,
                }
            ],
        )
        self.assertAlmostEqual(action.change_low, 2 - 0.8843, 3)
        self.assertAlmostEqual(action.change_high, 2 + 0.8843, 3)

    def test_worse_noise_and_too_few(self):
        for department, before, after in (
            (self.department_hr, [7, 9] * 6, [5, 7] * 6),
            (self.department_legal, [5, 7] * 6, [5, 8] * 6),
            (self.department_risk, [5, 7] * 6, [9] * 4),
            (self.department_finance, [5, 7] * 6, []),
        ):
            self.result(self.campaign, before, department)
            self.result(self.following, after, department)
        actions = {
            "worse": self.improve(self.department_hr),
            "noise": self.improve(self.department_legal),
            "too_few": self.improve(self.department_risk),
        }
        nobody = self.improve(self.department_finance)
        self.publish()
        for verdict, action in actions.items():
            self.assertEqual(action.verdict, verdict)
        self.assertRecordValues(
            nobody, [{"verdict": "too_few", "after_has_value": False}]
        )

    def test_a_hidden_figure_is_no_figure(self):
        self.result(self.campaign, [5, 7] * 6, self.department_it)
        self.result(self.following, [], self.department_it, is_hidden=True)
        action = self.improve(self.department_it)
        self.publish()
        self.assertRecordValues(
            action,
            [{"after_has_value": False, "after_value": 0.0, "verdict": "too_few"}],
        )

    def test_an_action_of_the_board_is_about_the_company(self):
        self.result(self.campaign, [5, 7] * 6)
        self.result(self.campaign, [1, 3] * 6, self.department_it)
        self.result(self.following, [7, 9] * 6)
        action = self.improve()
        self.publish()
        self.assertEqual((action.before_value, action.after_value), (6, 8))

    def test_waits_for_the_next_cycle_and_tells_nothing_unpublished(self):
        """Neither the night nor an own change brings it out earlier."""
        self.result(self.campaign, [5, 7] * 6, self.department_it)
        self.result(self.following, [7, 9] * 6, self.department_it)
        action = self.improve(self.department_it)
        self.env["kpi.improvement"]._compare_open()
        action.date_deadline = "2026-03-09"
        self.assertRecordValues(
            action,
            [
                {
                    "verdict": "waiting",
                    "after_has_value": False,
                    "before_value": 6,
                    "is_compared": False,
                }
            ],
        )
        early = self.improve(self.department_it, campaign=self.following)
        self.assertFalse(early.origin_has_value or early.before_has_value)
        self.publish()
        self.assertEqual((early.origin_value, early.before_value), (8, 8))

    def test_without_a_next_cycle_it_is_expected_in_a_year(self):
        action = self.improve(self.department_it, campaign=self.following)
        self.assertEqual(action.after_date_from, date(2027, 11, 2))

    def test_the_next_cycle_opens_the_actions_of_the_one_before(self):
        action = self.improve(self.department_it)
        window = self.following.with_user(self.manager).action_open_follow_up()
        self.assertEqual(self.env["kpi.improvement"].search(window["domain"]), action)

    def test_statements_do_not_grow_with_the_actions(self):
        for department in self.departments.values():
            self.result(self.campaign, [5, 7] * 6, department)
            self.result(self.following, [5, 7] * 6, department)
        actions = self.env["kpi.improvement"]
        for _number in range(5):
            for department in self.departments.values():
                actions += self.improve(department)
        self._set_state(self.following, "published")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            actions._read_cycles()
