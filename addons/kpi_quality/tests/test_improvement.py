"""Improvement actions: whose they are, and whether they helped."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time, new_test_user

from .common import NOW, KpiCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestImprovement(KpiCommon):
    """Today is 20 March: 2 February is the last day of work on the dock, so 28 days
    after are 3 February to 2 March, and 28 days before the start on 26 January are
    29 December to 25 January.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delay = cls.create_indicator(
            "t_delay",
            source="manual",
            aggregation="ratio",
            unit="hours",
            direction="falling",
            business_process="warehouse",
        )
        cls.late = cls.create_indicator(
            "t_late",
            source="manual",
            aggregation="ratio",
            unit="percent",
            direction="falling",
            business_process="warehouse",
        )

    @classmethod
    def atom(cls, indicator, day, values, **place):
        """A day's row as the engine would write it for documents of these values."""
        return cls.env["kpi.measurement"].create(
            {
                "indicator_id": indicator.id,
                "date": day,
                "numerator": sum(values),
                "denominator": len(values),
                "squares": sum(value * value for value in values),
                "sample": len(values),
                **{name: record.id for name, record in place.items()},
            }
        )

    @classmethod
    def improve(cls, user=None, **values):
        return (
            cls.env["kpi.improvement"]
            .with_user(user or cls.user_manager)
            .create(
                {
                    "name": "Goods wait at the dock",
                    "indicator_id": cls.delay.id,
                    "warehouse_id": cls.warehouse.id,
                    "date_start": "2025-01-26",
                    "date_deadline": "2025-02-02",
                    **values,
                }
            )
        )

    def measured(self, indicator, before, after, **place):
        """As many rows before as after, each of the given documents."""
        place = place or {"warehouse_id": self.warehouse}
        for number in range(4):
            days = timedelta(days=7 * number)
            self.atom(indicator, date(2025, 1, 1) + days, before, **place)
            self.atom(indicator, date(2025, 2, 5) + days, after, **place)

    # -------------------------------------------------------------- comparison
    def test_before_and_after_with_the_verdict(self):
        self.measured(self.delay, [2, 14, 26] * 5, [2, 8, 14] * 5)
        action = self.improve()
        self.assertRecordValues(
            action,
            [
                {
                    "before_date_from": date(2024, 12, 29),
                    "before_date_to": date(2025, 1, 25),
                    "after_date_from": date(2025, 2, 3),
                    "after_date_to": date(2025, 3, 2),
                    "before_value": 14,
                    "before_sample": 60,
                    "after_value": 8,
                    "after_sample": 60,
                    "verdict": "improved",
                    "is_compared": True,
                    "origin_value": 14,
                }
            ],
        )
        self.assertAlmostEqual(action.change_low, -8.8347, 3)
        self.assertAlmostEqual(action.change_high, -3.1653, 3)

    def test_shares_are_shown_in_percent(self):
        """40 of 60 late before, 20 of 60 after: Newcombe gives -48.1 to -15.4."""
        self.measured(self.late, [1] * 10 + [0] * 5, [1] * 5 + [0] * 10)
        action = self.improve(indicator_id=self.late.id)
        self.assertAlmostEqual(action.before_value, 66.6667, 3)
        self.assertAlmostEqual(action.after_value, 33.3333, 3)
        self.assertEqual(action.verdict, "improved")
        self.assertTrue(-50 < action.change_low < action.change_high < -14)

    def test_worse_noise_too_few_and_unknown(self):
        for before, after, indicator, verdict in (
            ([2, 8, 14] * 5, [2, 14, 26] * 5, self.delay, "worse"),
            ([2, 8, 14] * 5, [2, 8, 14.5] * 5, self.delay, "noise"),
            ([2, 8], [30, 40], self.delay, "too_few"),
            ([2, 8, 14] * 5, [], self.delay, "too_few"),
        ):
            with self.subTest(verdict=verdict):
                self.env["kpi.measurement"].search(
                    [("indicator_id", "=", indicator.id)]
                ).unlink()
                self.measured(indicator, before, after)
                self.assertEqual(self.improve().verdict, verdict)

    def test_sums_have_no_noise_to_judge_by(self):
        count = self.create_indicator("t_count", source="manual", aggregation="sum")
        self.measured(count, [5, 5], [9])
        action = self.improve(indicator_id=count.id)
        self.assertEqual(
            (action.before_value, action.after_value, action.verdict),
            (40, 36, "unknown"),
        )

    def test_only_the_place_of_the_action_counts(self):
        elsewhere = self.env["stock.warehouse"].create({"name": "B", "code": "B"})
        self.measured(self.delay, [10] * 15, [1] * 15)
        self.measured(self.delay, [50] * 15, [50] * 15, warehouse_id=elsewhere)
        self.assertEqual(self.improve().before_value, 10)
        both = self.improve(warehouse_id=False)
        self.assertEqual((both.before_value, both.after_value), (30, 25.5))
        nothing = self.improve(partner_id=self.partner.id)
        self.assertFalse(nothing.before_has_value)

    def test_a_department_is_counted_with_those_below(self):
        self.measured(self.delay, [4] * 10, [4] * 10, department_id=self.retail)
        self.measured(self.delay, [8] * 10, [8] * 10, department_id=self.wholesale)
        self.measured(self.delay, [99], [99], department_id=self.storage)
        action = self.improve(warehouse_id=False, department_id=self.sales.id)
        self.assertEqual(action.before_value, 6)

    def test_a_department_of_a_source_without_tree_is_counted_alone(self):
        self.measured(self.delay, [4] * 10, [4] * 10, department_id=self.sales)
        self.measured(self.delay, [8] * 10, [8] * 10, department_id=self.retail)
        place = {"warehouse_id": False, "department_id": self.sales.id}
        self.assertEqual(self.improve(**place).before_value, 6)
        with self.source_options("manual", by_tree=False):
            self.assertEqual(self.improve(**place).before_value, 4)

    def test_it_waits_grows_and_stays(self):
        with self.at("2025-02-01 12:00"):
            self.measured(self.delay, [10] * 15, [1] * 15)
            action = self.improve()
            self.assertEqual((action.verdict, action.after_value), ("waiting", 1))
            self.assertFalse(action.is_compared)
        with self.at("2025-03-02 12:00"):  # the last day is not over
            action.sudo()._compare_open()
            self.assertEqual((action.verdict, action.is_compared), ("improved", False))
        with self.at("2025-03-03 12:00"):
            action.sudo()._compare_open()
            self.assertTrue(action.is_compared)
        self.measured(
            self.delay, [10], [99], warehouse_id=self.warehouse, partner_id=self.partner
        )
        action.sudo()._compare_open()
        self.assertEqual(action.after_value, 1, "compared for good")
        action.compare_days = 14
        self.assertNotEqual(action.after_value, 1, "another question, another answer")

    def test_the_number_of_statements_does_not_grow_with_the_actions(self):
        self.measured(self.delay, [10] * 15, [1] * 15)
        actions = self.env["kpi.improvement"]
        counts = []
        for number in (1, 9):
            for _action in range(number):
                actions |= self.improve().sudo()
            actions._compare()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            actions._compare()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    def test_the_nightly_run_compares(self):
        with self.at("2025-02-01 12:00"):
            self.measured(self.delay, [10] * 15, [1] * 15)
            action = self.improve()
        self.env["kpi.indicator"].search([]).state = "retired"
        for cron, compared in (("today", False), ("night", True)):
            with self.enter_registry_test_mode():
                self.env.ref(
                    f"kpi_quality.ir_cron_measure_{cron}"
                ).method_direct_trigger()
            self.assertEqual(action.is_compared, compared)

    # ------------------------------------------------------------------ states
    def test_an_action_ends_with_a_result_in_words(self):
        action = self.improve()
        for end in (action.action_done, action.action_cancel):
            with self.assertRaises(ValidationError):
                end()
        action.result = "A second gate"
        action.action_done()
        self.assertEqual(action.state, "done")
        action.action_reopen()
        self.assertEqual(action.state, "open")

    def test_reminder(self):
        action = self.improve(user_id=self.user_picker.id, date_deadline="2025-03-28")
        activity = action.sudo().activity_ids
        self.assertEqual(
            (activity.user_id, activity.date_deadline),
            (self.user_picker, date(2025, 3, 28)),
        )
        action.write({"user_id": self.user_picker_2.id, "date_deadline": "2025-04-01"})
        activity = action.sudo().activity_ids
        self.assertEqual(
            (activity.user_id, activity.date_deadline),
            (self.user_picker_2, date(2025, 4, 1)),
        )
        action.result = "Done"
        action.action_done()
        self.assertFalse(action.sudo().activity_ids)

    def test_overdue(self):
        today = fields.Date.to_string(fields.Date.context_today(self.env.user))
        due = self.improve(date_deadline=today)
        late = self.improve(date_deadline="2025-03-19")
        done = self.improve(date_deadline="2025-03-19", result="Done")
        done.action_done()
        self.assertEqual((due | late | done).mapped("is_overdue"), [False, True, False])
        actions = self.env["kpi.improvement"].with_user(self.user_manager)
        self.assertEqual(actions.search([("is_overdue", "=", True)]), late)
        self.assertEqual(actions.search([("is_overdue", "=", False)]), done | due)

    def test_the_responsible_must_be_able_to_open_it(self):
        stranger = new_test_user(
            self.env,
            login="kpi_stranger",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(ValidationError):
            self.improve(user_id=stranger.id)

    # ------------------------------------------------------------------ rights
    def test_who_sees_an_action(self):
        mine = self.improve(user_id=self.user_picker.id)
        of_sales = self.improve(warehouse_id=False, department_id=self.retail.id)
        of_seller = self.improve(warehouse_id=False, employee_id=self.seller.id)
        of_company = self.improve(warehouse_id=False)
        for user, seen in (
            (self.user_picker, mine),
            (self.user_picker_2, mine.browse()),
            (self.user_warehouse_lead, mine),
            (self.user_lead, of_sales | of_seller),
            (self.user_seller, mine.browse()),
            (self.user_expert, mine.browse()),
            (self.user_manager, mine | of_sales | of_seller | of_company),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(
                    self.env["kpi.improvement"].with_user(user).search([]), seen
                )

    def test_a_warehouse_shows_its_lead_no_other_process(self):
        money = self.create_indicator(
            "t_money", source="manual", business_process="sales"
        )
        action = self.improve(indicator_id=money.id)
        self.assertFalse(action.with_user(self.user_warehouse_lead).has_access("read"))
        with self.assertRaises(AccessError):
            self.improve(self.user_warehouse_lead, indicator_id=money.id)

    def test_leads_plan_for_what_they_lead(self):
        self.improve(self.user_warehouse_lead)
        self.improve(
            self.user_lead, warehouse_id=False, department_id=self.wholesale.id
        )
        for user, place in (
            (self.user_lead, {}),
            (self.user_lead, {"warehouse_id": False}),
            (self.user_lead, {"warehouse_id": False, "employee_id": self.picker.id}),
            (
                self.user_warehouse_lead,
                {"warehouse_id": False, "department_id": self.sales.id},
            ),
            (self.user_seller, {"warehouse_id": False, "employee_id": self.seller.id}),
            (self.user_picker, {"user_id": self.user_picker.id}),
        ):
            with self.subTest(user=user.login, **place):
                with self.assertRaises(AccessError):
                    self.improve(user, **place)

    def test_an_action_does_not_wander_to_others(self):
        mine = self.improve(self.user_warehouse_lead)
        for place in (
            {"warehouse_id": False},
            {"warehouse_id": False, "department_id": self.sales.id},
            {"warehouse_id": False, "employee_id": self.seller.id},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mine.write(place)
        self.env.invalidate_all()
        self.assertEqual(mine.warehouse_id, self.warehouse)

    def test_the_responsible_writes_down_what_came_of_it(self):
        action = self.improve(user_id=self.user_picker.id)
        mine = action.with_user(self.user_picker)
        mine.write({"cause": "One gate", "plan": "A second", "result": "Opened"})
        mine.action_done()
        self.assertEqual(action.state, "done")
        for values in (
            {"date_deadline": "2025-12-31"},
            {"user_id": self.user_seller.id},
            {"indicator_id": self.late.id},
            {"verdict": "improved"},
            {"after_value": 0, "after_has_value": True},
            {"is_compared": True},
            {"name": "Nothing"},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                mine.write(values)
        with self.assertRaises(AccessError):
            mine.unlink()
        with self.assertRaises(AccessError):
            action.with_user(self.user_picker_2).write({"result": "Mine"})

    def test_nobody_writes_the_verdict(self):
        """It is measured: readonly is not only on the screen."""
        action = self.improve()
        for values in ({"verdict": "improved"}, {"before_value": 99}):
            with self.assertRaises(UserError):
                action.write(values)
        claimed = self.improve(
            verdict="improved", is_compared=True, before_value=9, origin_value=9
        )
        self.assertEqual(claimed.verdict, "too_few")
        self.assertFalse(claimed.before_value or claimed.origin_value)

    # ----------------------------------------------------------------- figures
    def test_improve_beside_a_measurement(self):
        atom = self.atom(
            self.delay,
            "2025-03-10",
            [5],
            warehouse_id=self.warehouse,
            employee_id=self.picker,
        )
        action = atom.with_user(self.user_warehouse_lead).action_improve()
        made = (
            self.env["kpi.improvement"]
            .with_user(self.user_warehouse_lead)
            .with_context(**action["context"])
            .create({"name": "Slow picking"})
        )
        self.assertRecordValues(
            made,
            [
                {
                    "indicator_id": self.delay.id,
                    "warehouse_id": self.warehouse.id,
                    "employee_id": self.picker.id,
                    "department_id": self.storage.id,
                    "origin_date_from": date(2025, 3, 10),
                    "origin_value": 5,
                    "origin_has_value": True,
                }
            ],
        )
        with self.assertRaises(AccessError):
            atom.with_user(self.user_lead).action_improve()
