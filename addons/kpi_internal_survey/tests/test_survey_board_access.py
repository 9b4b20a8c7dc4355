from odoo.exceptions import AccessError
from odoo.tests import tagged

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestSurveyBoardAccess(SurveyCase):
    """The screens show what the record rules do, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        marks = {cls.it: 6, cls.hr: 8, cls.finance: 7}
        cls.count(
            [
                cls.ballot(
                    unit,
                    {unit: 9, **{r: m for r, m in marks.items() if r != unit}},
                    comments={cls.it: "About IT", cls.hr: "About HR"},
                )
                for unit, people in cls.people.items()
                for _person in people
            ],
            state="published",
        )

    def screen(self, user):
        board = self.env["kpi.survey.board"].with_user(user)
        return board.with_context(allowed_company_ids=user.company_ids.ids)

    def results(self, user, **filters):
        return self.screen(user).get_results(**filters)

    def matrix(self, user, **filters):
        return self.screen(user).get_matrix(**filters)

    def test_a_director_gets_the_ranking_and_the_own_unit(self):
        results = self.results(self.director)
        self.assertEqual(
            [(row["name"], row["score"]) for row in results["ranking"][:3]],
            [("Hr", 8), ("Finance", 7), ("It", 6)],
        )
        self.assertEqual(
            [row["name"] for row in results["ranking"] if row["is_own"]], ["It"]
        )
        self.assertEqual([unit["name"] for unit in results["units"]], ["It"])
        self.assertEqual(results["unit"]["name"], "It")
        self.assertEqual(results["unit"]["own"]["score"], 9)
        self.assertEqual({row["text"] for row in results["comments"]}, {"About IT"})
        self.assertEqual(results["groups"][0]["criteria"][0]["company"]["score"], 7)

    def test_a_director_asks_for_another_unit_and_gets_the_own(self):
        results = self.results(self.director, unit_id=self.hr.id)
        self.assertEqual(results["filters"]["unit_id"], self.it.id)
        self.assertEqual(results["unit"]["name"], "It")
        self.assertNotIn("About HR", str(results))
        self.assertEqual(
            [row["name"] for row in results["ranking"] if row["can_open"]], ["It"]
        )

    def test_a_director_sees_nothing_before_it_is_published(self):
        self._set_state(self.campaign, "closed")
        results = self.results(self.director, campaign_id=self.campaign.id)
        self.assertIn("published", results["empty"])
        self.assertNotIn("ranking", results)
        self.assertEqual(self.results(self.manager)["campaign"]["state"], "closed")

    def test_the_matrix_is_for_the_board_alone(self):
        for user in (self.manager, self.director, self.outsider):
            with self.assertRaises(AccessError):
                self.matrix(user)
        self.assertTrue(self.matrix(self.board)["cells"])

    def test_hr_sees_all_units_but_no_comments(self):
        results = self.results(self.manager, unit_id=self.it.id)
        self.assertEqual(len(results["units"]), 9)
        self.assertEqual(results["unit"]["score"], 6)
        self.assertIs(results["comments"], False)
        self.assertNotIn("About IT", str(results))

    def test_an_employee_gets_neither(self):
        with self.assertRaises(AccessError):
            self.results(self.outsider)

    def test_the_board_of_another_company_sees_nothing(self):
        for method in (self.results, self.matrix):
            answer = method(self.board_abroad, campaign_id=self.campaign.id)
            self.assertTrue(answer["empty"])
            self.assertFalse(answer["campaigns"])

    def test_what_fits_no_longer_is_replaced(self):
        """Filters come from an address."""
        results = self.results(self.board, campaign_id=-1, unit_id=10**9)
        self.assertEqual(
            results["filters"], {"campaign_id": self.campaign.id, "unit_id": False}
        )
        self.assertEqual(
            self.matrix(self.board, campaign_id=-1)["filters"]["campaign_id"],
            self.campaign.id,
        )

    def test_only_those_who_may_plan_are_offered_to(self):
        self.assertTrue(self.results(self.manager)["rights"]["improve"])
        indicator = self.env["kpi.indicator"].search(
            [("code", "=", "internal_service")]
        )
        indicator.state = "retired"
        self.assertFalse(self.results(self.manager)["rights"]["improve"])

    def test_nobody_plans_for_a_unit_of_another_company(self):
        with self.assertRaises(AccessError):
            self.screen(self.board_abroad).action_improve(self.campaign.id, self.it.id)
