from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL, mute_logger

from ..models.question_sql import question_at
from .common import NOW
from .feedback_common import FeedbackCommon


@freeze_time(NOW)
class QuestionCommon(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff, cls.organization, cls.recommend = cls.env[
            "kpi.feedback.question"
        ].create(
            [
                {"kind": kind, "text": kind.title()}
                for kind in ("staff", "office", "recommend")
            ]
        )

    def period(self, question, date_from, date_to=None, point=None, **values):
        return self.env["kpi.feedback.question.period"].create(
            {
                "question_id": question.id,
                "date_from": date_from,
                "date_to": date_to,
                "point_id": point.id if point else False,
                **values,
            }
        )

    def confirm(self, period, point, moment):
        return self.env["kpi.feedback.question.confirmation"].create(
            {
                "period_id": period.id,
                "point_id": point.id,
                "confirmed_at": self.utc(moment),
            }
        )

    def asked(self, point, moment):
        """The question in force at a local moment, by the SQL of the engine."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    question.question_id,
                    question.kind
                FROM (
                    SELECT
                        %s::int4 AS point_id,
                        %s::date AS day,
                        %s::timestamp AS moment
                ) AS press
                %s
                """,
                point.id,
                moment[:10],
                self.utc(moment),
                question_at(
                    SQL("press.point_id"), SQL("press.day"), SQL("press.moment")
                ),
            )
        )
        self.assertEqual(len(rows), 1)
        question = self.env["kpi.feedback.question"].browse(rows[0][0])
        self.assertEqual(rows[0][1], question.kind or None)
        return question

    def planned(self, *domain):
        periods = self.env["kpi.feedback.question.period"]
        periods = periods.search(
            [("company_id", "=", self.company.id), *domain], order="date_from"
        )
        return [
            (str(period.date_from)[5:], str(period.date_to)[5:], period.question_id)
            for period in periods
        ]


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestQuestionInForce(QuestionCommon):
    def test_one_question_for_all_points(self):
        self.period(self.staff, "2025-03-01", "2025-03-10")
        self.period(self.organization, "2025-03-11", "2025-03-20")
        for day, question in (
            ("2025-02-28", self.env["kpi.feedback.question"]),
            ("2025-03-01", self.staff),
            ("2025-03-10", self.staff),
            ("2025-03-11", self.organization),
            ("2025-03-21", self.env["kpi.feedback.question"]),
        ):
            for point in (self.counter, self.desk):
                with self.subTest(day=day, point=point.name):
                    self.assertEqual(self.asked(point, f"{day} 12:00"), question)

    def test_point_that_deviates(self):
        self.period(self.staff, "2025-03-01")
        self.period(self.recommend, "2025-03-05", "2025-03-06", self.desk)
        for day, at_desk in (
            ("2025-03-04", self.staff),
            ("2025-03-05", self.recommend),
            ("2025-03-06", self.recommend),
            ("2025-03-07", self.staff),
        ):
            with self.subTest(day=day):
                self.assertEqual(self.asked(self.desk, f"{day} 12:00"), at_desk)
                self.assertEqual(self.asked(self.counter, f"{day} 12:00"), self.staff)

    def test_another_company_has_its_own(self):
        other = self._create_company("Elsewhere")
        self.period(self.staff, "2025-03-01", company_id=other.id)
        self.assertFalse(self.asked(self.counter, "2025-03-05 12:00"))

    def test_plate_keeps_its_question_until_it_is_changed(self):
        first = self.period(self.staff, "2025-03-01", "2025-03-10")
        second = self.period(self.organization, "2025-03-11", "2025-03-19")
        self.counter.has_plate = True
        self.assertFalse(first.confirmation_ids | second.confirmation_ids)
        self.assertEqual(self.asked(self.counter, "2025-03-12 12:00"), self.staff)
        self.confirm(second, self.counter, "2025-03-13 09:30")
        for moment, question in (
            ("2025-02-28 12:00", None),
            ("2025-03-01 00:00", self.staff),
            ("2025-03-11 12:00", self.staff),
            ("2025-03-13 09:29:59", self.staff),
            ("2025-03-13 09:30", self.organization),
            ("2025-03-19 12:00", self.organization),
            # Nobody took it off.
            ("2025-03-25 12:00", self.organization),
        ):
            with self.subTest(moment=moment):
                asked = self.asked(self.counter, moment)
                self.assertEqual(asked, question or self.env["kpi.feedback.question"])
        self.assertEqual(self.asked(self.desk, "2025-03-11 12:00"), self.organization)

    def test_plate_goes_back_to_an_earlier_question(self):
        company = self.period(self.staff, "2025-03-01")
        own = self.period(self.recommend, "2025-03-05", "2025-03-06", self.counter)
        self.counter.has_plate = True
        self.confirm(own, self.counter, "2025-03-05 10:00")
        self.assertEqual(self.asked(self.counter, "2025-03-08 12:00"), self.recommend)
        self.confirm(company, self.counter, "2025-03-09 10:00")
        self.assertEqual(self.asked(self.counter, "2025-03-09 12:00"), self.staff)
        self.assertEqual(self.asked(self.counter, "2025-03-08 12:00"), self.recommend)

    def test_plate_put_up_shows_what_is_asked(self):
        self.period(self.organization, "2025-03-01", "2025-03-14")
        period = self.period(self.staff, "2025-03-15")
        self.counter.has_plate = True
        self.assertEqual(
            period.confirmation_ids.confirmed_at, self.utc("2025-03-15 00:00")
        )
        # What was answered before had no plate.
        for moment, question in (
            ("2025-03-14 23:59", self.organization),
            ("2025-03-15 00:00", self.staff),
        ):
            self.assertEqual(self.asked(self.counter, moment), question)
        with self.at("2025-03-25 10:00"):
            self.counter.has_plate = False
            self.period(self.recommend, "2025-03-25")
            self.counter.has_plate = True
        self.assertEqual(self.asked(self.counter, "2025-03-25 09:59"), self.staff)
        self.assertEqual(self.asked(self.counter, "2025-03-25 10:00"), self.recommend)

    def test_point_says_what_is_in_force_and_whether_the_plate_is_old(self):
        points = self.counter | self.desk
        self.period(self.staff, "2025-03-01")
        self.counter.has_plate = True
        with self.at("2025-03-21 10:00"):
            self.period(self.organization, "2025-03-21")
            points.invalidate_recordset()
            self.assertRecordValues(
                points,
                [
                    {
                        "question_id": self.staff.id,
                        "planned_question_id": self.organization.id,
                        "is_plate_old": True,
                    },
                    {
                        "question_id": self.organization.id,
                        "planned_question_id": self.organization.id,
                        "is_plate_old": False,
                    },
                ],
            )
            points.invalidate_recordset()
            with self.assertQueryCount(3):
                points.mapped("question_id")

    # ------------------------------------------------------ changing a plate
    def test_who_may_say_that_the_plate_is_changed(self):
        self.period(self.staff, "2025-03-01")
        points = self.env["kpi.feedback.point"]
        for number in range(4):
            points |= self.point(f"Plate {number}", has_plate=True)
        with self.at("2025-03-21 10:00"):
            self.period(self.organization, "2025-03-21")
            points.invalidate_recordset()
            for user in (self.user_picker, self.user_warehouse_lead, self.user_expert):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    points[0].with_user(user).action_confirm_plate()
            self.env["kpi.duty"].create(
                {
                    "employee_id": self.wholesaler.id,
                    "point_id": points[3].id,
                    "start": self.utc("2025-03-21 09:00"),
                }
            )
            for point, user in zip(
                points,
                # of the department, leads it, keeps all, on duty there today
                (
                    self.user_seller,
                    self.user_lead,
                    self.user_manager,
                    self.user_wholesaler,
                ),
                strict=True,
            ):
                with self.subTest(user=user.login):
                    point.with_user(user).action_confirm_plate()
                    point.invalidate_recordset()
                    self.assertEqual(point.question_id, self.organization)
                    self.assertFalse(point.is_plate_old)
                    with self.assertRaises(UserError):
                        point.with_user(user).action_confirm_plate()
        self.assertEqual(
            self.env["kpi.feedback.question.confirmation"]
            .search([("point_id", "=", points[0].id)], limit=1)
            .user_id,
            self.user_seller,
        )

    def test_lead_confirms_only_at_own_sites_by_rpc(self):
        period = self.period(self.staff, "2025-03-01")
        dock = self.point("Dock", site_id=self.depot.id, department_id=self.storage.id)
        confirmations = self.env["kpi.feedback.question.confirmation"]
        values = {"period_id": period.id, "point_id": dock.id}
        with self.assertRaises(AccessError):
            confirmations.with_user(self.user_lead).create(values)
        with self.assertRaises(AccessError):
            confirmations.with_user(self.user_picker).create(values)
        made = confirmations.with_user(self.user_warehouse_lead).create(values)
        for user in (self.user_warehouse_lead, self.user_manager):
            with self.assertRaises(AccessError):
                made.with_user(user).confirmed_at = self.utc("2025-03-01 10:00")
            with self.assertRaises(AccessError):
                made.with_user(user).unlink()

    def test_confirmations_without_sense_are_refused(self):
        period = self.period(self.staff, "2025-03-01", point=self.desk)
        with self.assertRaises(ValidationError):
            self.confirm(period, self.counter, "2025-03-05 10:00")
        with self.assertRaises(ValidationError):
            self.confirm(period, self.desk, "2025-03-20 12:01")
        with self.assertRaises(UserError):
            self.desk.action_confirm_plate()  # it has no plate


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestQuestionPeriods(QuestionCommon):
    def test_overlap_is_refused_and_says_with_what(self):
        self.period(self.staff, "2025-03-01", "2025-03-10")
        with self.assertRaises(ValidationError) as caught:
            self.period(self.organization, "2025-03-10", "2025-03-20")
        self.assertIn("Staff", str(caught.exception))
        later = self.period(self.organization, "2025-03-11", "2025-03-20")
        with self.assertRaises(ValidationError):
            later.date_from = "2025-03-09"
        self.period(self.recommend, "2025-03-05", "2025-03-15", self.desk)
        with self.assertRaises(ValidationError):
            self.period(self.staff, "2025-03-15", None, self.desk)

    def test_overlap_of_two_at_the_same_time_is_refused_by_the_database(self):
        self.period(self.staff, "2025-03-01", "2025-03-10")
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env.cr.execute(
                """
                INSERT INTO kpi_feedback_question_period
                    (company_id, question_id, date_from, change)
                VALUES (%s, %s, '2025-03-10', 'manual');
                SET CONSTRAINTS ALL IMMEDIATE
                """,
                [self.company.id, self.staff.id],
            )

    def test_open_period_ends_where_another_begins(self):
        first = self.period(self.staff, "2025-03-01")
        self.period(self.organization, "2025-03-11")
        self.assertEqual(first.date_to, date(2025, 3, 10))
        # Also when the later one is there first.
        earlier = self.period(self.recommend, "2025-02-01")
        self.assertEqual(earlier.date_to, date(2025, 2, 28))

    def test_period_that_ends_before_it_begins_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.period(self.staff, "2025-03-10", "2025-03-09")
            self.env.flush_all()

    def test_answered_days_keep_their_question(self):
        period = self.period(self.staff, "2025-03-01", "2025-03-31")
        self.press(self.counter, "2025-03-05 10:00", "seller")
        period = period.with_user(self.user_manager)
        for values in (
            {"question_id": self.organization.id},
            {"point_id": self.desk.id, "question_id": self.organization.id},
            {"date_to": "2025-03-04"},
            {"date_from": "2025-03-06"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                period.write(values)
        with self.assertRaises(UserError):
            self.period(self.recommend, "2025-03-05", "2025-03-05", self.counter)
        period.date_to = "2025-03-20"
        period.date_to = "2025-03-05"  # nobody was asked later
        period.date_from = "2025-03-05"
        period.date_to = False

    def test_deviation_takes_over_only_days_without_answers(self):
        self.period(self.staff, "2025-03-01")
        self.press(self.desk, "2025-03-05 23:30", "yes")
        own = self.period(self.recommend, "2025-03-06", None, self.desk)
        with self.assertRaises(UserError):
            own.date_from = "2025-03-05"
        self.period(self.recommend, "2025-03-05", None, self.counter)

    def test_days_are_those_of_the_site(self):
        """23:30 in Moscow is still that day; 00:30 is the next."""
        self.press(self.counter, "2025-03-06 00:30", "seller")
        period = self.period(self.staff, "2025-03-01", "2025-03-10")
        with self.assertRaises(UserError):
            period.date_to = "2025-03-05"
        period.date_to = "2025-03-06"

    def test_open_period_with_answers_is_not_cut_in_the_past(self):
        self.period(self.staff, "2025-03-01")
        self.press(self.counter, "2025-03-12 10:00", "seller")
        with self.assertRaises(UserError):
            self.period(self.organization, "2025-03-11")
        self.period(self.organization, "2025-03-13")

    def test_periods_that_have_begun_are_not_deleted(self):
        begun = self.period(self.staff, "2025-03-01", "2025-03-20")
        future = self.period(self.organization, "2025-03-21")
        for period in (begun, begun.with_context(_force_unlink=True)):
            with self.assertRaises(AccessError):
                period.with_user(self.user_manager).unlink()
        self.press(self.counter, "2025-03-12 10:00", "seller")
        with self.assertRaises(UserError):
            begun.unlink()
        future.with_user(self.user_manager).unlink()

    def test_kind_of_a_question_that_was_asked_stays(self):
        self.period(self.staff, "2025-03-20")
        self.period(self.recommend, "2025-03-21")
        with self.assertRaises(ValidationError):
            self.staff.kind = "office"
        self.staff.write({"text": "Satisfied?", "kind": "staff"})
        self.recommend.kind = "office"

    def test_only_the_manager_plans(self):
        period = self.period(self.staff, "2025-03-01")
        for user in (self.user_seller, self.user_lead, self.user_expert):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    period.with_user(user).date_to = "2025-04-01"
                with self.assertRaises(AccessError):
                    period.with_user(user).copy({"date_from": "2025-05-01"})
                self.assertTrue(period.with_user(user).question_id.text)
        other = self._create_company("Elsewhere")
        foreign = self.period(self.staff, "2025-03-01", company_id=other.id)
        periods = period.with_user(self.user_manager).search([])
        self.assertIn(period, periods)
        self.assertNotIn(foreign, periods)

    # ------------------------------------------------------ change it today
    def change(self, question, **values):
        form = Form(
            self.env["kpi.feedback.question.change"]
            .with_user(self.user_manager)
            .with_context(**{f"default_{name}": v for name, v in values.items()})
        )
        form.question_id = question
        change = form.save()
        change.action_change()
        return change

    def test_change_the_question_today(self):
        self.period(self.staff, "2025-03-11", "2025-03-25")
        self.press(self.counter, "2025-03-19 10:00", "seller")
        self.change(self.organization)
        self.assertEqual(
            self.planned(),
            [
                ("03-11", "03-19", self.staff),
                ("03-20", "03-25", self.organization),
            ],
        )

    def test_change_again_on_the_same_day(self):
        self.period(self.staff, "2025-03-11", "2025-03-25")
        self.change(self.organization)
        self.change(self.recommend)
        self.assertEqual(
            self.planned(),
            [("03-11", "03-19", self.staff), ("03-20", "03-25", self.recommend)],
        )

    def test_change_begins_tomorrow_when_customers_were_asked_today(self):
        self.period(self.staff, "2025-03-11", "2025-03-25")
        self.press(self.counter, "2025-03-20 10:00", "seller")
        change = self.change(self.organization)
        self.assertTrue(change.begins_tomorrow)
        self.assertEqual(
            self.planned(),
            [
                ("03-11", "03-20", self.staff),
                ("03-21", "03-25", self.organization),
            ],
        )

    def test_change_at_one_point(self):
        self.period(self.staff, "2025-03-11", "2025-03-25")
        self.press(self.counter, "2025-03-20 10:00", "seller")
        self.change(self.organization, point_id=self.desk.id)
        self.assertEqual(
            self.planned(),
            [
                ("03-11", "03-25", self.staff),
                ("03-20", "", self.organization),
            ],
        )
        self.assertEqual(self.asked(self.desk, "2025-03-20 12:00"), self.organization)

    def test_only_the_manager_changes_the_question(self):
        with self.assertRaises(AccessError):
            self.env["kpi.feedback.question.change"].with_user(self.user_lead).create(
                {"question_id": self.staff.id}
            )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestQuestionPlans(QuestionCommon):
    def plan(self, *questions, **values):
        plans = self.env["kpi.feedback.question.plan"].with_user(self.user_manager)
        return plans.create(
            {
                "date_from": "2025-03-20",
                "line_ids": [
                    Command.create({"sequence": number, "question_id": question.id})
                    for number, question in enumerate(questions)
                ],
                **values,
            }
        )

    def test_decades_in_order(self):
        self.plan(self.staff, self.organization, self.recommend, date_to="2025-04-30")
        self.assertEqual(
            self.planned(),
            [
                ("03-20", "03-20", self.staff),
                ("03-21", "03-31", self.organization),
                ("04-01", "04-10", self.recommend),
                ("04-11", "04-20", self.staff),
                ("04-21", "04-30", self.organization),
            ],
        )

    def test_two_months_ahead_and_no_further(self):
        self.plan(self.staff, stretch="week")
        first, *_weeks, last = self.planned()
        self.assertEqual(first, ("03-20", "03-23", self.staff))
        self.assertEqual(last[1], "05-21")  # 62 days after the 20th of March

    def test_cron_goes_on_and_changes_nothing_when_run_again(self):
        self.plan(self.staff, self.organization, stretch="month")
        before = self.planned()
        plans = self.env["kpi.feedback.question.plan"]
        plans._cron_generate()
        self.assertEqual(self.planned(), before)
        with self.at("2025-06-05 03:00"):
            plans._cron_generate()
            plans._cron_generate()
        self.assertEqual(
            self.planned(("date_from", ">=", "2025-06-01")),
            [
                ("06-05", "06-30", self.organization),
                ("07-01", "07-31", self.staff),
                ("08-01", "08-06", self.organization),
            ],
        )

    def test_random_plan_is_reproducible_and_fair(self):
        questions = (self.staff, self.organization, self.recommend)
        plan = self.plan(
            *questions,
            change="random",
            stretch="week",
            seed="x",
            date_from="2025-03-24",
            date_to="2025-05-04",
        )
        drawn = self.planned()
        self.assertEqual(len(drawn), 6)
        for begin in (0, 3):
            self.assertEqual(
                {item[2] for item in drawn[begin : begin + 3]}, {*questions}
            )
        plan.unlink()
        self.assertFalse(self.planned())
        self.plan(
            *questions,
            change="random",
            stretch="week",
            seed="x",
            date_from="2025-03-24",
            date_to="2025-05-04",
        )
        self.assertEqual(self.planned(), drawn)

    def test_what_was_changed_by_hand_stays(self):
        self.period(self.recommend, "2025-03-25", "2025-03-27")
        plan = self.plan(self.staff, self.organization, date_to="2025-04-10")
        expected = [
            ("03-20", "03-20", self.staff),
            ("03-21", "03-24", self.organization),
            ("03-25", "03-27", self.recommend),
            ("03-28", "03-31", self.organization),
            ("04-01", "04-10", self.staff),
        ]
        self.assertEqual(self.planned(), expected)
        plan._generate()
        self.assertEqual(self.planned(), expected)

    def test_open_period_gives_way_from_tomorrow(self):
        self.period(self.recommend, "2025-03-01")
        self.press(self.counter, "2025-03-20 10:00", "seller")
        self.plan(self.staff, date_to="2025-03-31")
        self.assertEqual(
            self.planned(),
            [
                ("03-01", "03-20", self.recommend),
                ("03-21", "03-31", self.staff),
            ],
        )

    def test_open_period_begun_during_the_plan_stays(self):
        plan = self.plan(self.staff, date_to="2025-03-31")
        with self.at("2025-03-22 10:00"):
            plan.period_ids.filtered(lambda p: not p.is_begun).unlink()
            running = plan.period_ids.filtered(lambda p: p.date_to >= date(2025, 3, 22))
            running.date_to = "2025-03-21"
            self.period(self.recommend, "2025-03-22")
            plan._generate()
        self.assertEqual(self.planned()[-1][2], self.recommend)

    def test_changed_plan_leaves_what_has_begun(self):
        plan = self.plan(
            self.staff, self.organization, stretch="week", date_to="2025-03-30"
        )
        with self.at("2025-03-21 10:00"):
            plan.line_ids = [
                Command.clear(),
                Command.create({"question_id": self.recommend.id}),
            ]
        self.assertEqual(
            self.planned(),
            [
                ("03-20", "03-23", self.staff),
                ("03-24", "03-30", self.recommend),
            ],
        )

    def test_archived_plan_lays_nothing_down(self):
        plan = self.plan(self.staff, stretch="week")
        plan.active = False
        self.assertEqual(self.planned(), [("03-20", "03-23", self.staff)])
        self.env["kpi.feedback.question.plan"]._cron_generate()
        self.assertEqual(len(self.planned()), 1)

    def test_plan_of_one_point(self):
        self.plan(self.staff, point_id=self.desk.id, date_to="2025-03-25")
        self.assertEqual(self.asked(self.desk, "2025-03-25 12:00"), self.staff)
        self.assertFalse(self.asked(self.counter, "2025-03-25 12:00"))

    def test_plan_without_questions_is_refused(self):
        with self.assertRaises(ValidationError):
            self.plan()

    def test_plans_of_another_company_are_not_seen(self):
        other = self._create_company("Elsewhere")
        plan = self.plan(self.staff)
        user = self._create_user("kpi_elsewhere", "manager", company=other)
        plan_there = plan.with_user(user)
        plan_there = plan_there.with_context(allowed_company_ids=other.ids)
        self.assertNotIn(plan, plan_there.search([]))
        with self.assertRaises(AccessError):
            plan_there.active = False
        for worker in (self.user_lead, self.user_expert, self.user_payroll):
            with self.subTest(user=worker.login), self.assertRaises(AccessError):
                plan.with_user(worker).active = False

    def test_seed_questions_are_there(self):
        kinds = [
            self.env.ref(f"kpi_quality.kpi_feedback_question_{kind}").kind
            for kind in ("staff", "office", "recommend")
        ]
        self.assertEqual(kinds, ["staff", "office", "recommend"])
