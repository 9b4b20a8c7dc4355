from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import NOW
from .scorecard_common import AFTER_MARCH, KpiScorecardCommon


@freeze_time(NOW)
class TestCoefficient(KpiScorecardCommon):
    """The seller's matrix of FORMULAS.md, from its template to the closed month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        department = {"scope": "department"}
        cls.template = cls.matrix(
            "Seller",
            [
                ("t_turnover", 0.50, 4e6, 5e6, 5.5e6, department),
                ("t_conversion", 0.15, 20, 30, 35),
                ("t_coverage", 0.15, 80, 95, 100),
                ("t_dissatisfaction", 0.15, 5, 2, 1, department),
                ("t_standards", 0.05, 70, 85, 95),
            ],
            employees=[cls.seller],
        )
        # The department's 4.6 M: what its people sold, and the till's 0.9 M.
        cls.give("t_turnover", 2.5e6, cls.seller).department_id = cls.retail
        cls.give("t_turnover", 1.2e6, cls.seller_2).department_id = cls.retail
        cls.give("t_turnover", 0.9e6, cls.retail)
        cls.give("t_turnover", 9e6, cls.wholesaler)
        cls.give("t_conversion", 27, cls.seller)
        cls.give("t_conversion", 99, cls.seller_2)
        cls.give("t_coverage", 92, cls.seller)
        cls.give("t_dissatisfaction", 2.5, cls.retail)

    def scored(self, missing):
        """The scorecard when the mystery shopper did not come."""
        standards = self.template.line_ids[-1]
        values = {"missing": missing}
        if missing == "heir":
            values["heir_id"] = self.template.line_ids[3].id
        self.template.line_ids = [Command.update(standards.id, values)]
        [card], _problems = self.generate()
        return card

    def assertWeights(self, card, *weights):
        for line, weight in zip(card.line_ids, weights, strict=True):
            self.assertAlmostEqual(line.effective_weight, weight)

    def test_scores_of_the_lines(self):
        card = self.scored("exclude")
        self.assertEqual(card.line_ids.mapped("fact"), [4.6e6, 27.0, 92.0, 2.5, 0.0])
        for line, score in zip(card.line_ids, (60, 70, 80, 250 / 3, 0), strict=True):
            self.assertAlmostEqual(line.score, score)
        self.assertEqual(
            card.line_ids.mapped("has_fact"), [True, True, True, True, False]
        )
        self.assertEqual(card.missing_count, 1)

    def test_heir(self):
        """30 + 10.5 + 12 + 0.20 x 83.3333"""
        card = self.scored("heir")
        self.assertWeights(card, 0.5, 0.15, 0.15, 0.20, 0)
        self.assertAlmostEqual(card.coefficient, 69.1667, places=4)
        for line, part in zip(card.line_ids, (30, 10.5, 12, 50 / 3, 0), strict=True):
            self.assertAlmostEqual(line.contribution, part)
        self.assertFalse(card.is_blocked)

    def test_exclude(self):
        """65 / 0.95"""
        card = self.scored("exclude")
        self.assertWeights(card, 0.5 / 0.95, 3 / 19, 3 / 19, 3 / 19, 0)
        self.assertAlmostEqual(card.coefficient, 68.4211, places=4)

    def test_zero(self):
        card = self.scored("zero")
        self.assertWeights(card, 0.5, 0.15, 0.15, 0.15, 0.05)
        self.assertAlmostEqual(card.coefficient, 65.0)
        self.assertFalse(card.is_blocked)

    def test_block(self):
        """Live it shows something; without the mystery shopper nothing is closed."""
        card = self.scored("block")
        self.assertTrue(card.is_blocked)
        self.assertAlmostEqual(card.coefficient, 68.4211, places=4)
        self.measure_period()
        with self.assertRefused("must not be without a figure: Seller"):
            self.close_period()
        self.assertEqual((self.march.state, card.state), ("measured", "measured"))
        with self.at(AFTER_MARCH):
            self.march.with_user(self.user_manager).action_reopen()
        self.give("t_standards", 85, self.seller)
        self.close_period()
        self.assertEqual(card.state, "closed")
        self.assertFalse(card.is_blocked)
        self.assertAlmostEqual(card.coefficient, 70.0)  # 65 + 0.05 x 100

    def test_anchors_of_the_matrix(self):
        """50 at base, 100 at plan, 150 at challenge: revenue scores 80, not 60."""
        self.template.write({"score_at_base": 50, "score_at_challenge": 150})
        card = self.scored("zero")
        self.assertAlmostEqual(card.line_ids[0].score, 80.0)

    def test_without_any_fact(self):
        self.env["kpi.measurement"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        card = self.scored("exclude")
        self.assertFalse(card.has_coefficient)
        self.assertEqual(card.missing_count, 5)
        self.assertWeights(card, 0, 0, 0, 0, 0)

    def test_gap_to_plan(self):
        card = self.scored("exclude")
        gaps = card.line_ids.mapped("gap_to_plan")
        self.assertEqual(gaps, [4e5, 3.0, 3.0, 0.5, 0.0])

    def test_documents_of_a_line(self):
        """The parts of the department's 4.6 M, and nobody else's."""
        line = self.scored("exclude").line_ids[0].with_user(self.user_seller)
        action = line.action_open_documents()
        documents = self.env["kpi.document"].with_user(self.user_seller)
        documents = documents.with_context(**action["context"]).search([])
        self.assertEqual(sorted(documents.mapped("numerator")), [0.9e6, 1.2e6, 2.5e6])


@freeze_time(NOW)
class TestScorecard(KpiScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.simple_matrix(employees=[cls.seller, cls.lead])
        cls.generate()
        cls.mine = cls.card(cls.seller)

    # -------------------------------------------------------------- agreement
    def test_the_employee_agrees(self):
        with self.at("2025-03-20 15:00"):
            self.mine.with_user(self.user_seller).action_agree()
        self.assertRecordValues(
            self.mine,
            [
                {
                    "state": "agreed",
                    "agreed_by_id": self.user_seller.id,
                    "agreed_at": self.utc("2025-03-20 15:00"),
                }
            ],
        )
        self.assertNotIn("on paper", self.mine.message_ids[:1].body or "")

    def test_lead_and_manager_enter_an_agreement_on_paper(self):
        for user, name in ((self.user_lead, "lead"), (self.user_manager, "manager")):
            self.mine.with_user(user).action_agree()
            self.assertEqual(self.mine.state, "agreed")
            self.assertEqual(self.mine.agreed_by_id, user)
            self.assertIn(
                f"Agreed on paper, entered by kpi_{name}", self.mine.message_ids[0].body
            )
            self.mine.with_user(user).action_reset()
            self.assertRecordValues(
                self.mine,
                [{"state": "draft", "agreed_by_id": False, "agreed_at": False}],
            )

    def test_strangers_agree_to_nothing(self):
        for user in (self.user_seller_2, self.user_warehouse_lead, self.user_expert):
            with self.assertRaises(AccessError):
                self.mine.with_user(user).action_agree()
        with self.assertRefused("Only the employee, the team lead"):
            self.mine.with_user(self.user_payroll).action_agree()
        self.assertEqual(self.mine.state, "draft")

    def test_employee_does_not_reset(self):
        self.mine.with_user(self.user_seller).action_agree()
        for action in ("action_reset", "action_update_from_matrix"):
            with self.assertRefused("Only the team lead"):
                getattr(self.mine.with_user(self.user_seller), action)()

    def test_a_lead_sets_no_targets_to_oneself(self):
        own = self.card(self.lead).with_user(self.user_lead)
        with self.assertRaises(AccessError):
            own.line_ids.write({"base": 1, "plan": 2, "challenge": 3})
        with self.assertRefused("Only the team lead"):
            own.action_update_from_matrix()
        own.action_agree()
        with self.assertRefused("Only the team lead"):
            own.action_reset()
        with self.assertRaises(AccessError):
            self.env["kpi.target"].with_user(self.user_lead).create(
                {
                    "indicator_id": self.conversion.id,
                    "period_id": self.march.id,
                    "employee_id": self.lead.id,
                    "base": 1,
                    "plan": 2,
                    "challenge": 3,
                }
            )

    def test_what_is_measured_is_neither_agreed_nor_reset(self):
        """Whoever knows the fact does not choose the plan any more."""
        self.measure_period()
        with self.assertRefused("measured"):
            self.mine.with_user(self.user_seller).action_agree()
        for action in ("action_reset", "action_update_from_matrix"):
            with self.assertRefused("measured"):
                getattr(self.mine.with_user(self.user_lead), action)()
        self.close_period()
        self.assertEqual(self.mine.state, "closed")

    # ---------------------------------------------------------------- targets
    def test_thresholds_are_talked_about_while_draft(self):
        self.give("t_conversion", 90, self.seller)
        self.mine.action_refresh()
        self.mine.line_ids.with_user(self.user_lead).write(
            {"base": 70, "plan": 110, "challenge": 130}
        )
        self.assertAlmostEqual(self.mine.coefficient, 50.0)  # scores follow
        with self.assertRaises(ValidationError):
            self.mine.line_ids.with_user(self.user_lead).write({"plan": 60})
        self.mine.with_user(self.user_seller).action_agree()
        for user in (self.user_lead, self.user_manager):
            with self.assertRefused("stay as they were agreed"):
                self.mine.line_ids.with_user(user).write({"plan": 100})
            with self.assertRefused("stay as they were agreed"):
                self.mine.with_user(user).write(
                    {"line_ids": [Command.update(self.mine.line_ids.id, {"plan": 99})]}
                )

    def test_thresholds_come_from_the_matrix_again(self):
        self.mine.matrix_id.line_ids.write({"base": 70, "plan": 90, "challenge": 110})
        self.mine.with_user(self.user_lead).action_update_from_matrix()
        self.assertEqual(self.mine.line_ids.plan, 90)
        self.mine.with_user(self.user_seller).action_agree()
        with self.assertRefused("agreed; reset it to draft"):
            self.mine.with_user(self.user_lead).action_update_from_matrix()

    # -------------------------------------------------------------- protection
    def test_nobody_writes_facts_scores_or_states(self):
        """Over RPC, as the strongest people there are."""
        card, line = self.mine, self.mine.line_ids
        for user in (
            self.user_lead,
            self.user_manager,
            self.env.ref("base.user_admin"),
        ):
            user.company_ids |= self.company
            context = {"allowed_company_ids": self.company.ids}
            my_card = card.with_user(user).with_context(**context)
            my_line = line.with_user(user).with_context(**context)
            for values in (
                {"state": "closed"},
                {"coefficient": 120},
                {"has_coefficient": True},
                {"agreed_at": "2025-03-01 00:00:00"},
                {"employee_id": self.seller_2.id},
                {"share": 0.5},
                {"proration": 2},
                {"score_at_plan": 200},
                {"is_blocked": False},
            ):
                with self.assertRefused("by its buttons"):
                    my_card.write(values)
            for values in (
                {"fact": 120},
                {"has_fact": True},
                {"score": 120},
                {"weight": 1},
                {"missing": "zero"},
                {"contribution": 120},
                {"scorecard_id": self.card(self.lead).id},
                {"scope": "company"},
            ):
                with self.assertRefused("base, plan and challenge"):
                    my_line.write(values)
            line_values = {
                "scorecard_id": card.id,
                "indicator_id": self.coverage.id,
                "weight": 1,
            }
            with self.assertRaises(AccessError):
                my_line.create(line_values)
            with self.assertRaises(AccessError):
                my_card.write({"line_ids": [Command.create(line_values)]})
            with self.assertRaises(AccessError):
                my_line.unlink()
            with self.assertRaises(AccessError):
                my_card.create(
                    {
                        "employee_id": self.seller.id,
                        "period_id": self.march.id,
                        "company_id": self.company.id,
                        "matrix_id": card.matrix_id.id,
                        "date_from": "2025-03-02",
                        "date_to": "2025-03-31",
                    }
                )

    def test_only_drafts_are_deleted(self):
        with self.assertRaises(AccessError):
            self.mine.with_user(self.user_lead).unlink()
        self.card(self.lead).with_user(self.user_manager).unlink()
        self.mine.with_user(self.user_seller).action_agree()
        for context in ({}, {"_force_unlink": True}):
            mine = self.mine.with_user(self.user_manager).with_context(**context)
            with self.assertRaises(UserError):
                mine.unlink()
        self.assertTrue(self.mine.exists())

    def test_periods_with_agreements_are_not_deleted(self):
        self.mine.with_user(self.user_seller).action_agree()
        for context in ({}, {"_force_unlink": True}):
            period = self.march.with_user(self.user_manager).with_context(**context)
            with self.assertRaises(UserError):
                period.unlink()
        self.assertTrue(self.mine.exists())

    # ------------------------------------------------------------ live figures
    def refresh_live(self):
        self.env["kpi.scorecard.line"]._refresh_live(self.conversion)

    def test_figures_are_live_until_measured(self):
        figure = self.give("t_conversion", 90, self.seller)
        self.refresh_live()
        self.assertAlmostEqual(self.mine.coefficient, 50.0)
        self.mine.with_user(self.user_seller).action_agree()
        figure.numerator = 100
        self.refresh_live()
        self.assertAlmostEqual(self.mine.coefficient, 100.0)
        figure.numerator = 110
        self.mine.with_user(self.user_seller).action_refresh()
        self.assertAlmostEqual(self.mine.coefficient, 110.0)

    def test_measured_figures_do_not_move(self):
        figure = self.give("t_conversion", 90, self.seller)
        self.measure_period()
        self.assertRecordValues(self.mine, [{"state": "measured", "coefficient": 50.0}])
        self.env.cr.execute(
            "UPDATE kpi_measurement SET numerator = 110 WHERE id = %s", [figure.id]
        )
        self.refresh_live()
        self.mine.with_user(self.user_seller).action_refresh()
        self.assertAlmostEqual(self.mine.coefficient, 50.0)
        with self.at(AFTER_MARCH):
            self.march.with_user(self.user_manager).action_reopen()
        self.assertEqual(self.mine.state, "draft")
        self.mine.action_refresh()
        self.assertAlmostEqual(self.mine.coefficient, 110.0)

    def test_reopening_keeps_agreements(self):
        self.mine.with_user(self.user_seller).action_agree()
        self.measure_period()
        self.assertEqual(set(self.march.scorecard_ids.mapped("state")), {"measured"})
        with self.at(AFTER_MARCH):
            self.march.with_user(self.user_manager).action_reopen()
        self.assertEqual(self.mine.state, "agreed")
        self.assertEqual(self.card(self.lead).state, "draft")

    def test_closed_is_final(self):
        self.close_period()
        with self.assertRaises(UserError):
            self.march.with_user(self.user_manager).action_reopen()
        with self.assertRaises(UserError):
            self.mine.with_user(self.user_manager).action_reset()

    def test_is_mine_searches(self):
        cards = self.env["kpi.scorecard"].with_user(self.user_lead)
        self.assertEqual(cards.search([("is_mine", "=", True)]), self.card(self.lead))
        self.assertEqual(cards.search([("is_mine", "=", False)]), self.mine)

    def test_own_card_is_readable_without_hr_rights(self):
        mine = self.mine.with_user(self.user_seller)
        self.assertTrue(mine.is_mine)
        self.assertEqual(mine.display_name, "Seller · March 2025")
        self.assertEqual(mine.read(["employee_id", "job_id"])[0]["id"], mine.id)
        self.assertEqual(mine.line_ids.read(["fact", "plan"])[0]["plan"], 100)
