from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import freeze_time, users

from .common import NOW
from .poll_common import PollCommon

# FORMULAS.md: 400 valid polls.
FOUR_HUNDRED = {"yes": 300, "no": 12, "unsure": 48, "silent": 40}
KINDS = ("staff", "office", "recommend")


@freeze_time(NOW)
class TestQualityAudit(PollCommon):
    """The audit of 3 to 7 March, Monday to Friday, at two points of Retail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.point("Second")
        cls.audit = cls.make_audit()

    @classmethod
    def make_audit(cls, **values):
        return cls.env["kpi.quality.audit"].create(
            {
                "name": "March",
                "date_from": "2025-03-03",
                "date_to": "2025-03-07",
                "point_ids": [Command.set((cls.counter | cls.second).ids)],
                "least_days_covered": 20,
                "least_share_asked": 0,
                **values,
            }
        )

    def close(self, audit=None):
        audit = audit or self.audit
        if audit.state == "draft":
            audit.action_start()
        audit.action_close()
        return audit

    def line(self, index="dissatisfaction_staff", point=None, audit=None):
        return (audit or self.audit).line_ids.filtered(
            lambda line: (line.point_id, line.index) == (point or self.counter, index)
        )

    def refer(self, **values):
        for index, value in values.items():
            self.env["kpi.reference"].create(
                {"indicator_id": self.indicator(index).id, "value": value}
            )

    # ------------------------------------------------------------------ result
    def test_result_by_point_and_index(self):
        for kind in KINDS:
            self.add_polls(FOUR_HUNDRED, "2025-03-04 10:00", kind=kind)
        self.add_polls({"no": 1, "yes": 1}, "2025-03-05 10:00", point=self.second)
        self.close()
        self.assertEqual(len(self.audit.line_ids), 6)
        staff = self.line()
        self.assertAlmostEqual(staff.value, 11, 9)
        self.assertAlmostEqual(staff.margin, 2.81, 2)
        self.assertEqual((staff.poll_count, staff.silent_count), (400, 40))
        loyalty = self.line("emotional_loyalty")
        self.assertAlmostEqual(loyalty.value, 64, 9)
        self.assertAlmostEqual(loyalty.margin, 6.47, 2)
        few = self.line(point=self.second)
        self.assertEqual((few.value, few.poll_count, few.has_margin), (50, 2, False))
        self.assertTrue(few.is_few_polls)
        nothing = self.line("emotional_loyalty", self.second)
        self.assertFalse(nothing.has_value)
        self.assertEqual(nothing.poll_count, 0)

    def test_result_is_the_indicators_figure(self):
        """One point has all polls, so the audit and the reader say the same."""
        event = self.force_majeure("2025-03-04 12:00:00")
        self.add_polls(FOUR_HUNDRED, "2025-03-04 10:00")
        self.add_polls({"no": 9}, "2025-03-06 10:00", state="rejected")
        self.add_polls({"no": 9}, "2025-03-06 11:00", force_majeure_id=event.id)
        self.add_polls({"no": 9}, "2025-03-08 11:00")
        self.close()
        self.measure("dissatisfaction_staff force_majeure_share")
        days = {"date_from": date(2025, 3, 3), "date_to": date(2025, 3, 7)}
        fact = self.fact("dissatisfaction_staff", **days)
        level = self.fact("force_majeure_share", **days)
        line = self.line()
        self.assertAlmostEqual(line.value, fact.value, 9)
        self.assertAlmostEqual(line.margin, fact.margin, 9)
        self.assertEqual((line.poll_count, fact.sample), (400, 400))
        self.assertAlmostEqual(line.force_majeure_level, level.value, 9)
        self.assertAlmostEqual(line.force_majeure_level, 9 / 409 * 100, 9)

    def test_days_belong_to_the_site(self):
        """00:30 of 3 March in Moscow is still Sunday in Greenwich."""
        self.add_polls(["no"], "2025-03-03 00:30")
        self.add_polls(["no"], "2025-03-08 00:30")
        self.close()
        self.assertEqual(self.line().poll_count, 1)

    def test_days_covered_of_opening_days(self):
        """Open Monday to Friday; polls on two of these days and on Saturday."""
        self.shop.opening_calendar_id = self.env["resource.calendar"].create(
            {"name": "Shop", "tz": "Europe/Moscow", "company_id": self.company.id}
        )
        audit = self.make_audit(date_to="2025-03-09")
        for day in (4, 4, 6, 8):
            self.add_polls(["yes"] * 10, f"2025-03-{day:02} 11:00")
        self.close(audit)
        line = self.line(audit=audit)
        self.assertEqual((line.opening_days, line.poll_days), (5, 2))
        self.assertAlmostEqual(line.days_covered, 40, 9)

    def test_conversion_and_share_asked_of_the_department(self):
        """2 sales of Retail, 1 of Wholesale; 1 poll: half of Retail's were asked."""
        for hour in (9, 11):
            self.order(f"2025-03-05 {hour:02}:00", self.user_seller)
        self.order("2025-03-05 13:00", self.user_wholesaler)
        self.add_polls(["yes"], "2025-03-05 10:00")
        self.close()
        line = self.line()
        self.assertAlmostEqual(line.share_asked, 50, 9)
        self.assertFalse(line.has_conversion)

    # ------------------------------------------------------------------ limits
    def test_limits(self):
        event = self.force_majeure("2025-03-04 12:00:00")
        self.audit.write(
            {
                "force_majeure_limit": 10,
                "least_polls": 50,
                "least_days_covered": 50,
                "least_share_asked": 30,
            }
        )
        self.add_polls({"yes": 40}, "2025-03-04 10:00")
        self.add_polls({"yes": 10}, "2025-03-04 12:00", force_majeure_id=event.id)
        self.close()
        line = self.line()
        self.assertFalse(line.is_met)
        for name in (
            "is_few_polls",
            "is_few_days",
            "is_few_asked",
            "is_much_force_majeure",
        ):
            self.assertTrue(line[name], name)
        self.assertEqual(
            line.shortfall,
            "too few polls, too few days covered, too few customers asked, "
            "too much force majeure",
        )
        self.assertEqual(self.audit.unmet_count, 6)

    def test_limits_met(self):
        self.audit.point_ids = self.counter
        for kind in KINDS:
            self.add_polls({"yes": 30}, "2025-03-04 10:00", kind=kind)
        self.close()
        self.assertEqual(set(self.audit.line_ids.mapped("is_met")), {True})
        self.assertFalse(self.line().shortfall)
        self.assertFalse(self.audit.unmet_count)

    # --------------------------------------------------------------- diagnosis
    def test_diagnosis_and_next_step(self):
        """Staff 11 % is usual, the office's 50 % is not."""
        self.refer(
            dissatisfaction_staff=12, dissatisfaction_office=15, emotional_loyalty=50
        )
        self.add_polls(FOUR_HUNDRED, "2025-03-04 10:00")
        self.add_polls({"no": 50, "yes": 50}, "2025-03-04 10:00", kind="office")
        self.add_polls(FOUR_HUNDRED, "2025-03-04 10:00", kind="recommend")
        self.close()
        self.assertEqual(set(self.line().mapped("cause")), {"office"})
        self.assertEqual(self.line().next_step, "Ask the dissatisfied customers online")
        self.assertEqual((self.line().reference, self.line().has_reference), (12, True))
        self.assertEqual(self.line(point=self.second).cause, "unknown")

    def test_reference_of_the_site_goes_first(self):
        self.refer(dissatisfaction_staff=1)
        indicator = self.indicator("dissatisfaction_staff")
        self.env["kpi.reference"].create(
            [
                {"indicator_id": indicator.id, "value": value, **values}
                for value, values in (
                    (2, {"site_kind": "shop"}),
                    (3, {"site_kind": "shop", "date_from": "2025-03-01"}),
                    (4, {"site_kind": "shop", "date_from": "2025-03-08"}),
                    (5, {"site_kind": "office"}),
                )
            ]
        )
        self.close()
        self.assertEqual(self.line().reference, 3)

    def test_fix_the_causes_first(self):
        event = self.force_majeure("2025-03-04 12:00:00")
        self.add_polls({"yes": 4}, "2025-03-04 10:00")
        self.add_polls({"yes": 6}, "2025-03-04 12:00", force_majeure_id=event.id)
        self.close()
        self.assertEqual(self.line().cause, "force_majeure")

    # ------------------------------------------------------------------ freeze
    def test_later_verdicts_change_nothing(self):
        polls = self.add_polls({"no": 10, "yes": 30}, "2025-03-04 10:00")
        self.close()
        self.env.cr.execute(
            "UPDATE kpi_feedback_poll SET state = 'rejected' WHERE id = ANY(%s)",
            [polls[:10].ids],
        )
        self.company.kpi_correction_coefficient = 0.1
        self.env.invalidate_all()
        self.assertEqual(self.line().value, 25)
        self.assertAlmostEqual(self.audit.silent_weight, 0.8, 9)

    @users("kpi_manager")
    def test_nobody_changes_a_closed_audit(self):
        self.close()
        audit = self.audit.with_env(self.env)
        line = audit.line_ids[0]
        for attempt in (
            lambda: audit.write({"name": "Better"}),
            lambda: audit.write({"state": "draft"}),
            lambda: audit.write({"least_polls": 1}),
            audit.unlink,
            audit.action_start,
            audit.action_close,
            lambda: line.write({"value": 0}),
            line.unlink,
            lambda: line.create({"audit_id": audit.id, "point_id": self.counter.id}),
            lambda: audit.write({"line_ids": [Command.clear()]}),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertFalse(audit.has_access("write"))
        self.assertFalse(audit.has_access("unlink"))
        self.assertFalse(line.has_access("write"))

    @users("kpi_manager")
    def test_the_rules_hold_where_python_is_gone_round(self):
        """An rpc call with the context that skips ondelete checks."""
        self.close()
        audit = self.audit.with_env(self.env).with_context(_force_unlink=True)
        with self.assertRaises(AccessError):
            audit.unlink()
        running = self.make_audit()
        running.action_start()
        with self.assertRaises(AccessError):
            running.with_env(self.env).with_context(_force_unlink=True).unlink()

    @users("kpi_manager")
    def test_goalposts_do_not_move_while_it_runs(self):
        audit = self.audit.with_env(self.env)
        audit.action_start()
        for values in (
            {"least_polls": 1},
            {"date_to": "2025-03-06"},
            {"point_ids": [Command.clear()]},
            {"question_ids": [Command.clear()]},
        ):
            with self.assertRaises(UserError):
                audit.write(values)
        audit.name = "Spring"
        self.assertEqual(audit.name, "Spring")

    @users("kpi_manager")
    def test_states_are_not_written_by_hand(self):
        audits = self.env["kpi.quality.audit"]
        days = {"name": "x", "date_from": "2025-03-03", "date_to": "2025-03-07"}
        for values in ({"state": "closed"}, {"closed_by_id": 1}):
            with self.assertRaises(UserError):
                audits.create({**days, **values})
            with self.assertRaises(UserError):
                self.audit.with_env(self.env).write(values)

    # ----------------------------------------------------------------- the plan
    def future(self, **values):
        """24 to 28 March: nobody was asked yet."""
        questions = [
            (question, first, last)
            for question, first, last in (
                (self.questions["staff"], "2025-03-24", "2025-03-25"),
                (self.questions["office"], "2025-03-26", "2025-03-28"),
            )
        ]
        return self.make_audit(
            date_from="2025-03-24",
            date_to="2025-03-28",
            question_ids=[
                Command.create(
                    {"question_id": question.id, "date_from": first, "date_to": last}
                )
                for question, first, last in questions
            ],
            **values,
        )

    def test_plan_comes_into_force_at_the_points(self):
        audit = self.future()
        audit.action_start()
        periods = self.env["kpi.feedback.question.period"].search(
            [("point_id", "in", audit.point_ids.ids)], order="point_id, date_from"
        )
        self.assertEqual(len(periods), 4)
        self.assertRecordValues(
            periods.filtered(lambda period: period.point_id == self.counter),
            [
                {
                    "question_id": self.questions["staff"].id,
                    "date_from": date(2025, 3, 24),
                    "date_to": date(2025, 3, 25),
                },
                {
                    "question_id": self.questions["office"].id,
                    "date_from": date(2025, 3, 26),
                    "date_to": date(2025, 3, 28),
                },
            ],
        )

    def test_result_has_the_planned_indexes_on_their_days(self):
        audit = self.future()
        audit.action_start()
        self.add_polls({"yes": 30}, "2025-03-24 10:00")
        with freeze_time("2025-04-01 09:00:00"):
            audit.action_close()
        self.assertEqual(
            set(audit.line_ids.mapped("index")),
            {"dissatisfaction_staff", "dissatisfaction_office"},
        )
        staff = self.line(audit=audit)
        self.assertEqual((staff.opening_days, staff.poll_days), (2, 1))
        self.assertEqual(
            self.line("dissatisfaction_office", audit=audit).opening_days, 3
        )

    def test_plan_is_checked(self):
        audit = self.future()
        audit.question_ids[0].date_to = "2025-03-26"
        with self.assertRaisesRegex(UserError, "one at a time"):
            audit.action_start()
        audit.question_ids[0].date_to = "2025-03-25"
        audit.question_ids[1].date_to = "2025-03-29"
        with self.assertRaisesRegex(UserError, "outside"):
            audit.action_start()
        self.assertEqual(audit.state, "draft")

    def test_needs_points_and_days_that_are_over(self):
        with self.assertRaisesRegex(UserError, "no points"):
            self.make_audit(point_ids=False).action_start()
        audit = self.make_audit(date_to="2025-03-20")
        audit.action_start()
        with self.assertRaisesRegex(UserError, "is over"):
            audit.action_close()
        with freeze_time("2025-03-20 21:00:01"):  # midnight in Moscow
            audit.action_close()
        self.assertEqual(audit.state, "closed")

    def test_sites_bring_their_points(self):
        audit = self.make_audit(point_ids=False)
        audit.site_ids = self.shop
        self.assertEqual(audit.point_ids, self.counter | self.second)
        with self.assertRaises(ValidationError):
            audit.point_ids |= self.red

    # ------------------------------------------------------------------- repeat
    def repeat(self, answers):
        """The audit again, in the week from 10 to 14 March."""
        action = self.audit.action_repeat()
        repeat = self.env[action["res_model"]].browse(action["res_id"])
        repeat.write({"date_from": "2025-03-10", "date_to": "2025-03-14"})
        if answers:
            self.add_polls(answers, "2025-03-11 10:00")
        return self.close(repeat)

    def test_more_than_noise(self):
        for now, verdict in (
            ({"no": 5, "yes": 195}, "improved"),
            ({"no": 45, "yes": 155}, "noise"),
            ({"no": 90, "yes": 110}, "worse"),
            ({"no": 1, "yes": 20}, "too_few"),
            ({}, "unknown"),
        ):
            with self.subTest(verdict=verdict):
                self.env.cr.execute("DELETE FROM kpi_feedback_poll")
                self.audit = self.make_audit()
                self.add_polls({"no": 50, "yes": 150}, "2025-03-04 10:00")
                self.close()
                repeat = self.repeat(now)
                line = self.line(audit=repeat)
                self.assertEqual(line.verdict, verdict)
                self.assertEqual(line.former_line_id, self.line())
                self.assertEqual(line.former_value, 25)
                self.assertEqual(line.has_change, verdict not in ("too_few", "unknown"))
                if verdict == "improved":
                    self.assertAlmostEqual(line.change, -22.5, 9)
                    self.assertLess(line.change_low, -22.5)
                    self.assertLess(-22.5, line.change_high)

    def test_repeat_is_the_same_on_new_days(self):
        audit = self.future(least_polls=77)
        with freeze_time("2025-04-01 09:00:00"):
            self.close(audit)
            action = audit.action_repeat()
        repeat = self.env["kpi.quality.audit"].browse(action["res_id"])
        self.assertEqual(repeat.former_id, audit)
        self.assertEqual((audit.name, repeat.name), ("March", "March (2)"))
        self.assertEqual(repeat.state, "draft")
        self.assertFalse(repeat.line_ids)
        self.assertEqual(repeat.point_ids, audit.point_ids)
        self.assertEqual(repeat.least_polls, 77)
        self.assertEqual((repeat.date_to - repeat.date_from).days, 4)
        self.assertEqual(
            [
                (row.question_id, (row.date_from - repeat.date_from).days)
                for row in repeat.question_ids
            ],
            [
                (row.question_id, (row.date_from - audit.date_from).days)
                for row in audit.question_ids
            ],
        )
        repeat.question_ids._check_days()

    # ------------------------------------------------------------------- access
    def test_leads_see_their_departments(self):
        stock = self.point(
            "Stock", site_id=self.depot.id, department_id=self.storage.id
        )
        self.audit.point_ids |= stock
        other = self.make_audit(name="Stock", point_ids=[Command.set(stock.ids)])
        self.close()
        self.close(other)
        for user, audits, points in (
            (self.user_lead, self.audit, self.counter | self.second),
            (self.user_warehouse_lead, self.audit | other, stock),
            (self.user_expert, self.audit | other, self.audit.point_ids),
            (self.user_manager, self.audit | other, self.audit.point_ids),
        ):
            with self.subTest(user=user.login):
                found = self.env["kpi.quality.audit"].with_user(user).search([])
                self.assertEqual(found.sudo(), audits)
                lines = self.env["kpi.quality.audit.line"].with_user(user).search([])
                self.assertEqual(lines.sudo().point_id, points)

    def test_only_managers_plan(self):
        for user in (self.user_lead, self.user_expert):
            audit = self.audit.with_user(user)
            for attempt in (
                audit.action_start,
                lambda audit=audit: audit.write({"name": "x"}),
                audit.action_repeat,
                audit.unlink,
            ):
                with self.assertRaises(AccessError):
                    attempt()
        for user in (self.user_seller, self.user_payroll):
            with self.assertRaises(AccessError):
                self.audit.with_user(user).read(["name"])

    def test_other_companies(self):
        other = self._create_company("Elsewhere")
        foreign = self._create_user("kpi_foreign_audit", "manager", company=other)
        self.close()
        there = self.env(
            user=foreign,
            context={**self.env.context, "allowed_company_ids": other.ids},
        )
        self.assertFalse(there["kpi.quality.audit"].search([]))
        for records in (self.audit, self.audit.line_ids, self.future().question_ids):
            with self.assertRaises(AccessError):
                records.with_env(there).read(["company_id"])

    def test_draft_is_deleted_a_started_one_stays(self):
        draft = self.make_audit().with_user(self.user_manager)
        draft.unlink()
        self.assertFalse(draft.exists())
        self.audit.action_start()
        with self.assertRaises(AccessError):
            self.audit.with_user(self.user_manager).unlink()

    # ------------------------------------------------------------------ actions
    def test_opens_the_polls_and_an_improvement(self):
        polls = self.add_polls(["no", "yes"], "2025-03-04 10:00")
        self.add_polls(["no"], "2025-03-08 00:00")
        self.add_polls(["no"], "2025-03-04 11:00", state="rejected")
        self.add_polls(["no"], "2025-03-04 11:00", kind="office")
        self.close()
        action = self.line().action_open_polls()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), polls)
        context = self.line().action_improve()["context"]
        self.assertEqual(
            context["default_indicator_id"], self.indicator("dissatisfaction_staff").id
        )
        self.assertEqual(context["default_department_id"], self.retail.id)
