from odoo.tests import HttpCase, tagged

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestSurveyTours(SurveyCase, HttpCase):
    """IT is at odds with HR, and too few of West rated Marketing.

    So that this cell cannot be computed, three more are hidden: those of West and South
    with Risk and Marketing, where one person less gave marks.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ballots = []
        for unit, people in cls.people.items():
            for number, _person in enumerate(people):
                marks = {unit: 9, **{r: 8 for r in cls.head_office if r != unit}}
                if unit == cls.it:
                    marks[cls.hr] = 2
                if unit in (cls.west, cls.south) and not number:
                    del marks[cls.risk]
                if number < {cls.west: 4, cls.south: 1}.get(unit, 0):
                    del marks[cls.marketing]
                comments = {cls.hr: "Nobody answers"} if unit == cls.it else {}
                ballots.append(cls.ballot(unit, marks, comments=comments))
        cls.count(ballots, state="published")

    def test_the_board_walks_the_matrix(self):
        self.start_tour(
            "/odoo/survey-matrix", "kpi_survey_matrix", login=self.board.login
        )
        self._check_action("Answer within a day", self.board)

    def test_a_director_looks_at_the_own_unit(self):
        self.start_tour(
            "/odoo/survey-results", "kpi_survey_results", login=self.director_2.login
        )
        self._check_action("Answer the telephone", self.director_2)

    def _check_action(self, name, user):
        action = self.env["kpi.improvement"].search([("name", "=", name)])
        self.assertEqual(action.department_id, self.department_hr)
        self.assertEqual(action.kpi_campaign_id, self.campaign)
        self.assertEqual(action.indicator_id.code, "internal_service")
        self.assertEqual(action.create_uid, user)
