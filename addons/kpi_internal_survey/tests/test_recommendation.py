"""HR's recommendations: suggested by the figures, shown when they are ready."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestRecommendation(SurveyCase):
    """All units of five people or more rate IT 4 for answers and 8 for the rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        raters = (cls.finance, cls.legal, cls.risk)
        ballots = [
            cls.ballot(unit, {cls.it: [4, 8, 8, 9], cls.hr: 7})
            for unit in raters
            for _number in range(6)
        ]
        ballots += [cls.ballot(cls.it, {cls.it: [8, 8, 8, 8]}) for _number in range(6)]
        cls.count(ballots)

    @classmethod
    def suggest(cls):
        campaign = cls.campaign.with_user(cls.manager)
        campaign.action_suggest_recommendations()
        return campaign.recommendation_ids

    def of(self, recommendations, unit):
        return recommendations.filtered(
            lambda row: row.unit_id == unit and not row.is_for_board
        )

    # ------------------------------------------------------------ suggestions
    def test_a_unit_begins_with_what_stands_out(self):
        """Answers: 18 x 4 of IT and 18 x 7 of HR make 5.5 for the company."""
        draft = self.of(self.suggest(), self.it)
        self.assertTrue(draft.is_draft)
        self.assertEqual(
            draft.text,
            "Begin with what is lowest: Answers (4.00; company 5.50). Ask those served "
            "for examples and agree on one change for each.\n"
            "The unit sees itself otherwise than others do, most of all here: Answers "
            "(own view 8.00, others 4.00). Talk about what others expect.\n"
            "Keep and show to others what is highest: Respect (9.00).",
        )

    def test_the_company_begins_with_its_lowest_criteria(self):
        draft = self.of(self.suggest(), self.env["kpi.survey.unit"])
        self.assertEqual(
            draft.text,
            "Begin with what is lowest: Answers (5.50); Responsibility (7.50); Speed "
            "(7.50). Ask those served for examples and agree on one change for each.\n"
            "Keep and show to others what is highest: Respect (8.00).",
        )

    def test_what_nobody_rated_suggests_nothing(self):
        self.assertFalse(self.of(self.suggest(), self.marketing))

    def test_conflicts_are_counted_for_the_board_and_not_named(self):
        cells = self.env["kpi.survey.cell"].search(
            [("campaign_id", "=", self.campaign.id), ("kind", "=", "cell")]
        )
        self.assertTrue(cells)
        cells.sign = False
        cells[:2].sign = "conflict"
        drafts = self.suggest().filtered("is_for_board")
        self.assertEqual(len(drafts), 1)
        self.assertIn("Conflicts in the matrix: 2.", drafts.text)
        for unit in self.campaign.unit_ids:
            self.assertNotIn(unit.name, drafts.text)

    def test_suggested_twice_leaves_what_was_written(self):
        drafts = self.suggest()
        self.of(drafts, self.it).text = "Ours"
        self.assertEqual(self.suggest(), drafts)
        self.assertEqual(self.of(drafts, self.it).text, "Ours")

    def test_only_hr_and_only_of_what_is_counted(self):
        for user in (self.board, self.director):
            with self.assertRaises(AccessError):
                self.campaign.with_user(user).action_suggest_recommendations()
        running = self._create_campaign("Another")
        with self.assertRaisesRegex(UserError, "not counted yet"):
            running.with_user(self.manager).action_suggest_recommendations()

    def test_of_one_survey(self):
        other = self._create_campaign("Another")
        with self.assertRaises(ValidationError):
            self.env["kpi.survey.recommendation"].create(
                {"campaign_id": other.id, "unit_id": self.it.id, "text": "No"}
            )

    # ----------------------------------------------------------------- access
    def recommend(self, **values):
        return self.env["kpi.survey.recommendation"].create(
            {"campaign_id": self.campaign.id, "text": "Answer by noon", **values}
        )

    def test_who_reads_what(self):
        company = self.recommend()
        it = self.recommend(unit_id=self.it.id)
        hr = self.recommend(unit_id=self.hr.id)
        board = self.recommend(is_for_board=True)
        draft = self.recommend(unit_id=self.it.id, is_draft=True)
        everything = company + it + hr + board + draft
        nothing = everything.browse()
        for state, readers in (
            (
                "closed",
                (
                    (self.manager, everything),
                    (self.board, everything - draft),
                    (self.director, nothing),
                ),
            ),
            (
                "published",
                (
                    (self.manager, everything),
                    (self.board, everything - draft),
                    (self.director, company + it),
                    (self.director_2, company + hr),
                    (self.board_abroad, nothing),
                ),
            ),
        ):
            self._set_state(self.campaign, state)
            for user, seen in readers:
                with self.subTest(state=state, user=user.login):
                    mine = everything.with_user(user).with_context(
                        allowed_company_ids=user.company_ids.ids
                    )
                    found = mine.search([("id", "in", everything.ids)])
                    self.assertEqual(set(found.ids), set(seen.ids))
                    for hidden in mine - found:
                        with self.assertRaises(AccessError):
                            hidden.read(["text"])
        with self.assertRaises(AccessError):
            company.with_user(self.outsider).read(["text"])

    def test_only_hr_writes(self):
        row = self.recommend(unit_id=self.it.id, is_draft=True)
        row.with_user(self.manager).action_ready()
        self.assertFalse(row.is_draft)
        self._set_state(self.campaign, "published")
        for user in (self.board, self.director):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"text": "Praise us"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
