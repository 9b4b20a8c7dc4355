from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..models.kpi_feedback_board import INDEXES
from ..models.kpi_reader import Figure
from .common import NOW
from .poll_common import PollCommon

POLLS = (
    "dissatisfaction_staff dissatisfaction_office emotional_loyalty"
    " force_majeure_share share_asked"
)
# FORMULAS.md: 400 valid polls.
FOUR_HUNDRED = {"yes": 300, "no": 12, "unsure": 48, "silent": 40}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFeedbackBoard(PollCommon):
    """March until Thursday the 20th; the shop has a second counter in Wholesale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counter_2 = cls.point("Counter 2")
        cls.stall = cls.point("Stall", department_id=cls.wholesale.id)

    @classmethod
    def board(cls, user=None, **filters):
        board = cls.env["kpi.feedback.board"].with_user(user or cls.user_manager)
        return board.get_board(filters)

    @classmethod
    def reference(cls, code, value):
        cls.env["kpi.reference"].create(
            {
                "indicator_id": cls.indicator(code).id,
                "company_id": cls.company.id,
                "value": value,
            }
        )

    def give_polls(self):
        """Retail: 40 at each counter, Wholesale: 40 at the stall, and 30 of loyalty."""
        self.add_polls({"yes": 30, "no": 10})
        self.add_polls({"yes": 36, "no": 4}, "2025-03-06 10:00", point=self.counter_2)
        self.add_polls(
            {"yes": 20, "no": 20},
            "2025-03-07 10:00",
            point=self.stall,
            employee_id=self.wholesaler.id,
        )
        self.add_polls({"yes": 25, "silent": 5}, "2025-03-10 10:00", kind="recommend")
        self.measure(POLLS)

    def open_documents(self, figure, user=None, **filters):
        """:return: (model, id) of what a figure opens"""
        board = self.env["kpi.feedback.board"].with_user(user or self.user_manager)
        action = board.action_open_documents(filters, figure)
        documents = board.env["kpi.document"].with_context(**action["context"])
        return {(row.res_model, row.res_id) for row in documents.search([])}

    # ---------------------------------------------------------------- figures
    def test_index_with_interval(self):
        """FORMULAS.md: 11.00 +- 2.81 and 64.00 +- 6.47 %."""
        self.add_polls(FOUR_HUNDRED)
        self.add_polls(FOUR_HUNDRED, "2025-03-06 10:00", kind="recommend")
        self.measure(POLLS)
        figures = self.board()["figures"]
        for code, value, margin in (
            ("dissatisfaction_staff", 11.0, 2.81),
            ("emotional_loyalty", 64.0, 6.47),
        ):
            with self.subTest(code):
                self.assertAlmostEqual(figures[code]["value"], value, 9)
                self.assertAlmostEqual(figures[code]["margin"], margin, 2)
                self.assertEqual(figures[code]["count"], 400)

    def test_figures_are_those_of_the_reader(self):
        self.give_polls()
        for filters, place in (
            ({}, {"scope": "company"}),
            ({"site_id": self.shop.id}, {"scope": "site", "site_id": self.shop.id}),
            (
                {"department_id": self.sales.id},
                {"scope": "department", "department_id": self.sales.id},
            ),
            (
                {"employee_id": self.seller.id},
                {"scope": "personal", "employee_id": self.seller.id},
            ),
        ):
            figures = self.board(**filters)["figures"]
            for code in POLLS.split()[:4]:
                with self.subTest(code=code, **filters):
                    fact = self.read_fact(code, **place)
                    self.assertEqual(figures[code]["value"], fact.value)
                    self.assertEqual(figures[code]["count"], fact.denominator)

    def read_fact(self, code, **place):
        figure = Figure(
            self.indicator(code).id,
            self.company.id,
            date(2025, 3, 1),
            date(2025, 3, 20),
            **place,
        )
        return self.env["kpi.reader"]._read_facts([figure])[figure]

    def test_too_few_to_say(self):
        self.reference("dissatisfaction_staff", 1)
        self.add_polls({"yes": 20, "no": 9})
        self.measure(POLLS)
        figure = self.board()["figures"]["dissatisfaction_staff"]
        self.assertIsNone(figure["margin"])
        self.assertEqual((figure["count"], figure["standing"]), (29, ""))

    def test_beside_the_reference(self):
        """80 of Retail, 17.5 +- 8.4 %: worse than 9, as usual at 10, better than 26."""
        self.give_polls()
        for usual, standing in ((9, "worse"), (10, "usual"), (26, "better")):
            with self.subTest(usual):
                self.env["kpi.reference"].search([]).unlink()
                self.reference("dissatisfaction_staff", usual)
                board = self.board(department_id=self.retail.id)
                figure = board["figures"]["dissatisfaction_staff"]
                self.assertAlmostEqual(figure["value"], 17.5, 9)
                self.assertEqual(figure["standing"], standing)

    def test_the_days_before(self):
        self.add_polls({"yes": 3, "no": 1}, "2025-03-19 10:00")
        self.add_polls({"yes": 15, "no": 15}, "2025-03-12 10:00")
        self.add_polls({"no": 5}, "2025-03-05 10:00")
        self.measure(POLLS)
        board = self.board(period="days_7")
        figure = board["figures"]["dissatisfaction_staff"]
        self.assertEqual((figure["value"], figure["previous"]), (25, 50))

    def test_too_few_polls_before_are_nothing_to_compare_with(self):
        self.add_polls({"yes": 30}, "2025-03-19 10:00")
        self.add_polls({"no": 29}, "2025-03-12 10:00")
        self.measure(POLLS)
        board = self.board(period="days_7")
        self.assertIsNone(board["figures"]["dissatisfaction_staff"]["previous"])

    # ------------------------------------------------------------------- points
    def test_points_add_up_to_their_department(self):
        """The same polls, whether by the atoms or one by one."""
        self.give_polls()
        self.force_majeure("2025-03-05 09:00", hours=1)
        board = self.board(department_id=self.sales.id)
        for code in INDEXES[:3]:
            parts = [
                row["figures"][code]
                for row in self.rows(board, "point_id").values()
                if code in row["figures"]
            ]
            whole = board["figures"][code]
            with self.subTest(code):
                self.assertEqual(sum(part["count"] for part in parts), whole["count"])
                self.assertAlmostEqual(
                    sum(part["total"] for part in parts), whole["total"], 9
                )
        self.assertEqual(
            {
                name: row["figures"]["dissatisfaction_staff"]["value"]
                for name, row in self.rows(board, "point_id").items()
            },
            {"Counter": 25, "Counter 2": 10, "Stall": 50},
        )

    def rows(self, board, place):
        [ranking] = [r for r in board["rankings"] if r["place"] == place]
        return {row["name"]: row for row in ranking["rows"]}

    def test_one_point(self):
        """Of a point everything comes from its polls."""
        self.give_polls()
        board = self.board(point_id=self.counter.id)
        figures = board["figures"]
        self.assertEqual(figures["dissatisfaction_staff"]["value"], 25)
        self.assertEqual(figures["emotional_loyalty"]["count"], 30)
        self.assertIsNone(figures["share_asked"]["value"])
        days = {day["date_from"]: day["figures"] for day in board["trend"]["day"]}
        self.assertEqual(days["2025-03-05"]["dissatisfaction_staff"]["count"], 40)
        self.assertEqual(days["2025-03-06"]["dissatisfaction_staff"]["count"], 0)

    def test_rejected_and_open_polls_do_not_count(self):
        self.add_polls({"yes": 3})
        self.add_polls({"no": 2}, "2025-03-06 10:00", state="rejected")
        self.add_polls(
            {"no": 1}, "2025-03-07 10:00", closes_at=self.utc("2025-03-21 10:00")
        )
        self.measure(POLLS)
        board = self.board()
        self.assertEqual(board["answers"], [{"code": INDEXES[0], "yes": 3}])
        [row] = self.rows(board, "point_id").values()
        self.assertEqual(row["figures"][INDEXES[0]]["count"], 3)

    def test_worse_by_more_than_chance_is_marked(self):
        self.reference("dissatisfaction_staff", 12)
        self.give_polls()
        board = self.board()
        standings = {
            name: row["figures"]["dissatisfaction_staff"]["standing"]
            for place in ("point_id", "employee_id")
            for name, row in self.rows(board, place).items()
        }
        self.assertEqual(
            standings,
            {
                "Counter": "usual",  # 25 +- 13.6
                "Counter 2": "usual",
                "Stall": "worse",  # 50 +- 15.7
                "Seller": "usual",
                "Wholesaler": "worse",
            },
        )

    def test_answers(self):
        self.give_polls()
        self.assertEqual(
            self.board()["answers"],
            [
                {"code": "dissatisfaction_staff", "yes": 86, "no": 34},
                {"code": "emotional_loyalty", "yes": 25, "silent": 5},
            ],
        )

    # ------------------------------------------------------ whether to believe it
    def test_days_covered(self):
        """Four days with polls; the shop is always open, so 20 days of March."""
        self.give_polls()
        trust = self.board()["trust"]
        self.assertEqual((trust["days"], trust["opening_days"]), (4, 20))
        self.shop.opening_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Mondays and Thursdays",
                "company_id": self.company.id,
                "tz": "Europe/Moscow",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {"name": "x", "dayofweek": day, "hour_from": 10, "hour_to": 20},
                    )
                    for day in ("0", "3")
                ],
            }
        )
        # Mondays 3, 10, 17; Thursdays 6, 13, 20.
        self.assertEqual(self.board()["trust"]["opening_days"], 6)

    def test_rejections(self):
        self.give_polls()
        self.add_polls({"no": 1}, "2025-03-11 10:00", state="rejected")
        self.add_polls({"no": 3}, "2025-03-11 11:00", state="valid")
        self.measure(POLLS)
        trust = self.board()["trust"]
        self.assertEqual((trust["checked"], trust["rejected"]), (4, 1))
        self.assertEqual(trust["rejection_rate"], 25)
        elsewhere = self.board(point_id=self.stall.id)["trust"]
        self.assertIsNone(elsewhere["rejection_rate"])

    def test_unasked_answers(self):
        """One within the window, one repeated in it, two outside."""
        self.presses(
            self.counter,
            "2025-03-05 10:00:00",
            [(0, "seller"), (12, "yes"), (20, "no"), (100, "no"), (300, "yes")],
        )
        self.derive()
        self.measure(POLLS)
        self.assertEqual(self.board()["trust"]["unasked"], 2)
        # Exactly at the end of the window an answer counts, a moment later not.
        self.presses(
            self.counter_2,
            "2025-03-05 10:00:00.300",
            [(0, "seller"), (60, "yes"), (100, "seller"), (160.1, "yes")],
        )
        self.derive()
        board = self.board(point_id=self.counter_2.id)
        self.assertEqual(board["trust"]["unasked"], 1)
        self.assertEqual(self.board(point_id=self.stall.id)["trust"]["unasked"], 0)
        self.assertIsNone(self.board(employee_id=self.seller.id)["trust"]["unasked"])
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)
        action = board.action_open_live({}, "unasked")
        events = board.env["kpi.feedback.event"].search(action["domain"])
        self.assertEqual(sorted(events.mapped("button")), ["no", "yes", "yes"])

    def test_fix_the_causes_first(self):
        """Force majeure from 10:00 to 11:00; 30 of 110 polls were asked in it."""
        self.add_polls({"yes": 80}, "2025-03-06 10:00")
        majeure = self.force_majeure("2025-03-05 10:00")
        self.add_polls({"no": 30}, force_majeure_id=majeure.id)
        self.measure(POLLS)
        board = self.board()
        self.assertAlmostEqual(
            board["figures"]["force_majeure_share"]["value"], 100 * 30 / 110, 9
        )
        self.assertTrue(board["trust"]["fix_causes"])
        self.assertEqual(board["diagnosis"]["cause"], "force_majeure")
        self.company.kpi_force_majeure_level = 30
        self.assertFalse(self.board()["trust"]["fix_causes"])

    # --------------------------------------------------------------- questions
    def test_question_in_force(self):
        """The company's since the 1st; the stall's own plate since it was changed."""
        periods = self.env["kpi.feedback.question.period"]
        periods.create(
            [
                {"question_id": self.questions[kind].id, "date_from": day, **values}
                for kind, day, values in (
                    ("office", "2025-02-01", {"date_to": "2025-02-28"}),
                    ("staff", "2025-03-01", {"date_to": "2025-03-10"}),
                    ("staff", "2025-03-11", {}),
                    ("office", "2025-04-01", {}),
                    ("recommend", "2025-03-15", {"point_id": self.stall.id}),
                )
            ]
        )
        asked = {
            row["point"]: (row["kind"], row["since"])
            for row in self.board()["questions"]
        }
        self.assertEqual(
            asked,
            {
                "Counter": ("staff", "2025-03-01"),
                "Counter 2": ("staff", "2025-03-01"),
                "Stall": ("recommend", "2025-03-15"),
            },
        )

    # --------------------------------------------------------------- diagnosis
    def test_the_staff_is_the_bottleneck(self):
        self.give_polls()
        self.add_polls({"yes": 40}, "2025-03-11 10:00", kind="office")
        self.measure(POLLS)
        for code, value in zip(INDEXES[:3], (5, 5, 10), strict=True):
            self.reference(code, value)
        diagnosis = self.board()["diagnosis"]
        self.assertEqual(diagnosis["cause"], "staff")
        self.assertEqual(
            [step["key"] for step in diagnosis["steps"]],
            ["mystery_shopper", "improvement", "measure_again"],
        )
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)
        action = board.action_next_step(
            {"department_id": self.retail.id},
            "mystery_shopper",
            {"code": diagnosis["code"]},
        )
        improvement = (
            board.env["kpi.improvement"].with_context(**action["context"]).create({})
        )
        self.assertEqual(improvement.kind, "review")
        self.assertEqual(improvement.department_id, self.retail)
        self.assertEqual(
            improvement.indicator_id, self.indicator("dissatisfaction_staff")
        )

    def test_nothing_can_be_said(self):
        self.give_polls()
        diagnosis = self.board()["diagnosis"]
        self.assertEqual(diagnosis["cause"], "unknown")
        self.assertIn("reference", diagnosis["text"])

    def test_improve_a_point(self):
        self.give_polls()
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)
        context = board.action_next_step(
            {},
            "improvement",
            {"code": INDEXES[0], "place": "point_id", "id": self.stall.id},
        )["context"]
        self.assertEqual(context["default_department_id"], self.wholesale.id)
        self.assertEqual(context["default_site_id"], self.shop.id)

    def test_survey_of_the_unhappy(self):
        """Two unhappy customers have an e-mail, one has none, one nobody knows."""
        self.user_manager.group_ids += self.env.ref("survey.group_survey_user")
        survey = self.env["survey.survey"].create(
            {
                "title": "What was wrong?",
                "question_and_page_ids": [
                    (0, 0, {"title": "What?", "question_type": "char_box"})
                ],
            }
        )
        self.env["survey.survey"].search([("id", "!=", survey.id)]).active = False
        happy, ann, bob, mute = (
            self._create_partner(name, email=email)
            for name, email in (
                ("Happy", "happy@example.com"),
                ("Ann", "ann@example.com"),
                ("Bob", "bob@example.com"),
                ("Mute", False),
            )
        )
        for hour, (partner, answer) in enumerate(
            ((happy, "yes"), (ann, "no"), (bob, "no"), (ann, "no"), (mute, "no"))
        ):
            self.add_polls([answer], f"2025-03-05 1{hour}:00", partner_id=partner.id)
        self.add_polls(["no"], "2025-03-06 10:00")
        self.add_polls(["no"], "2025-02-06 10:00", partner_id=happy.id)
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)
        action = board.action_next_step({}, "survey", {})
        invitation = board.env["kpi.feedback.invitation"].browse(action["res_id"])
        self.assertEqual(invitation.partner_ids, ann + bob)
        self.assertEqual((invitation.answer_count, invitation.anonymous_count), (5, 2))
        self.assertEqual(invitation.survey_id, survey)
        survey.copy()  # of two the user chooses
        action = board.action_next_step({}, "survey", {})
        undecided = invitation.browse(action["res_id"])
        self.assertFalse(undecided.survey_id)
        action = invitation.action_invite()
        invite = board.env["survey.invite"].with_context(**action["context"]).create({})
        self.assertEqual(invite.survey_id, survey)
        self.assertEqual(invite.partner_ids, ann + bob)
        self.assertTrue(invite.subject)

    def test_survey_without_customers_or_rights(self):
        self.give_polls()
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)
        self.user_manager.group_ids -= self.env.ref("survey.group_survey_user")
        with self.assertRaisesRegex(UserError, "rights"):
            board.action_next_step({}, "survey", {})
        self.user_manager.group_ids += self.env.ref("survey.group_survey_user")
        with self.assertRaisesRegex(UserError, "None of the 34"):
            board.action_next_step({}, "survey", {})

    # ------------------------------------------------------------------- hours
    def test_too_few_sellers(self):
        """Coverage 90 % but from 17 to 19: 20 % on each of six days."""
        coverage = self.indicator("visitor_coverage")
        for day in range(10, 16):
            for hour in (10, 11, 12, 17, 18):
                attempts = 2 if hour >= 17 else 9
                self._insert(
                    self.env["kpi.measurement"],
                    [
                        {
                            "indicator_id": coverage.id,
                            "date": f"2025-03-{day}",
                            "hour": hour,
                            "company_id": self.company.id,
                            "site_id": self.shop.id,
                            "department_id": self.retail.id,
                            "numerator": attempts,
                            "denominator": 10,
                            "squares": 0,
                            "sample": 10,
                        }
                    ],
                )
        hours = self.board()["hours"]
        [sentence] = hours["thin"]
        self.assertTrue(sentence.startswith("Too few sellers from 17 to 19"), sentence)
        self.assertEqual(
            [(row["hour"], row["value"], row["thin"]) for row in hours["rows"]],
            [
                (10, 90, False),
                (11, 90, False),
                (12, 90, False),
                (17, 20, True),
                (18, 20, True),
            ],
        )

    # --------------------------------------------------------------- documents
    def test_each_number_opens_its_polls(self):
        self.give_polls()
        polls = self.env["kpi.feedback.poll"].search([], order="id")
        of = {
            point: polls.filtered(lambda p, at=point: p.point_id == at)
            for point in polls.point_id
        }
        staff = {"code": "dissatisfaction_staff"}
        for figure, filters, expected in (
            (staff, {}, polls.filtered(lambda p: p.question_kind == "staff")),
            (
                staff,
                {"department_id": self.sales.id},
                polls.filtered(lambda p: p.question_kind == "staff"),
            ),
            (staff, {"point_id": self.counter_2.id}, of[self.counter_2]),
            (staff | {"place": "point_id", "id": self.stall.id}, {}, of[self.stall]),
            (
                staff | {"answer": "no"},
                {"site_id": self.shop.id},
                polls.filtered(lambda p: p.answer == "no"),
            ),
            (
                staff | {"place": "employee_id", "id": self.wholesaler.id},
                {},
                of[self.stall],
            ),
            (
                staff | {"date_from": "2025-03-06", "date_to": "2025-03-06"},
                {},
                of[self.counter_2],
            ),
            (
                {"code": "emotional_loyalty", "answer": "silent"},
                {},
                polls.filtered(lambda p: p.answer == "silent"),
            ),
        ):
            with self.subTest(figure=figure, filters=filters):
                self.assertEqual(
                    self.open_documents(figure, **filters),
                    {("kpi.feedback.poll", poll.id) for poll in expected},
                )
        with self.assertRaises(UserError):
            self.open_documents({"code": "revenue"})
        with self.assertRaises(UserError):
            self.open_documents(staff | {"place": "company_id", "id": 1})

    # ------------------------------------------------------------------ rights
    def test_a_lead_sees_what_he_leads(self):
        self.give_polls()
        self.wholesale.manager_id = self.wholesaler
        self.user_wholesaler.group_ids += self.env.ref(
            "kpi_quality.group_kpi_quality_lead"
        )
        board = self.board(self.user_wholesaler)
        self.assertEqual(board["figures"]["dissatisfaction_staff"]["count"], 40)
        self.assertEqual(set(self.rows(board, "point_id")), {"Stall"})
        self.assertEqual(set(self.rows(board, "employee_id")), {"Wholesaler"})
        self.assertEqual([c["name"] for c in board["choices"]["point_id"]], ["Stall"])
        self.assertEqual([q["point"] for q in board["questions"]], ["Stall"])
        for filters in (
            {"department_id": self.retail.id},
            {"point_id": self.counter.id},
            {"employee_id": self.seller.id},
        ):
            with self.subTest(filters):
                board = self.board(self.user_wholesaler, **filters)
                self.assertFalse(any(f["count"] for f in board["figures"].values()))
                self.assertEqual(board["answers"], [])
                self.assertFalse(
                    self.open_documents(
                        {"code": INDEXES[0]}, self.user_wholesaler, **filters
                    )
                )

    def test_a_lead_of_nobody(self):
        self.give_polls()
        board = self.board(self.user_warehouse_lead)
        self.assertFalse(any(f["count"] for f in board["figures"].values()))
        self.assertIn("Nobody was asked", board["empty"])
        self.storage.manager_id = False
        self.assertIn(
            "lead no department", self.board(self.user_warehouse_lead)["empty"]
        )

    def test_not_for_employees(self):
        for user in (self.user_seller, self.user_payroll):
            board = self.env["kpi.feedback.board"].with_user(user)
            for call in (
                lambda board: board.get_board({}),
                lambda board: board.action_open_documents({}, {"code": INDEXES[0]}),
                lambda board: board.action_open_live({}, "unasked"),
                lambda board: board.action_next_step({}, "improvement", {}),
            ):
                with self.assertRaises(AccessError):
                    call(board)

    def test_other_companies_are_others(self):
        self.give_polls()
        other = self._create_company("Other")
        self.user_manager.company_ids += other
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)
        board = board.with_context(allowed_company_ids=[other.id, self.company.id])
        found = board.get_board({})
        self.assertFalse(any(f["count"] for f in found["figures"].values()))
        self.assertEqual(found["answers"], [])
        self.assertEqual(found["choices"]["point_id"], [])

    # ----------------------------------------------------------------- filters
    def test_filters_that_make_no_sense(self):
        board = self.board(period="ever", site_id="x", point_id=-1)
        self.assertEqual(board["filters"]["period"], "month")
        self.assertFalse(board["filters"]["site_id"])
        self.assertFalse(board["filters"]["point_id"])
        for dates in (
            {},
            {"date_from": "2025-03-10", "date_to": "2025-03-09"},
            {"date_from": "2020-01-01", "date_to": "2025-03-09"},
            {"date_from": "soon", "date_to": "later"},
        ):
            with self.subTest(dates), self.assertRaises(UserError):
                self.board(period="custom", **dates)

    def test_choices_narrow_down(self):
        self.give_polls()
        choices = self.board(department_id=self.wholesale.id)["choices"]
        names = {name: [c["name"] for c in rows] for name, rows in choices.items()}
        self.assertEqual(names["site_id"], ["Arbat"])
        self.assertEqual(names["department_id"], ["Retail", "Wholesale"])
        self.assertEqual(names["point_id"], ["Stall"])
        self.assertEqual(names["employee_id"], ["Wholesaler"])

    def test_empty_says_what_to_do(self):
        self.assertIn("Nothing was measured yet", self.board()["empty"])
        self.measure(POLLS)
        self.assertIn("Nobody was asked here", self.board()["empty"])
        self.env["kpi.feedback.point"].search([]).active = False
        self.assertIn("no point yet", self.board()["empty"])

    # ----------------------------------------------------------------- growth
    def test_number_of_queries_does_not_grow(self):
        self.give_polls()
        board = self.env["kpi.feedback.board"].with_user(self.user_manager)

        def count():
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            board.get_board({})
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(5):
            department = self._create_department(
                f"More {number}", kpi_site_id=self.shop.id
            )
            employee = self._create_employee(f"more {number}", department)
            self.add_polls(
                {"yes": 5, "no": 1},
                f"2025-03-1{number} 15:00",
                point=self.point(f"More {number}", department_id=department.id),
                employee_id=employee.id,
            )
        self.measure(POLLS)
        count()
        self.assertEqual(count(), few)
