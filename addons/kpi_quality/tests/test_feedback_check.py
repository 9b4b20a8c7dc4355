"""What comes to the expert's desk, who gets it, and what a verdict does."""

from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..models.kpi_feedback_check_fill import FORCE_MAJEURE, HELD_RED, POLL, RED, SLICE
from .common import NOW
from .feedback_common import FeedbackCommon


@freeze_time(NOW)
class DeskCommon(FeedbackCommon):
    """All polls are checked, and there are no slices unless a test wants them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"kpi_poll_sample": 100, "kpi_slices_per_day": 0})
        cls.user_expert_2 = cls._create_user("kpi_expert_2", "expert")
        cls._create_employee(
            "expert_2", cls.office, cls.job_clerk, user=cls.user_expert_2
        )

    @classmethod
    def ask(cls, moment="2025-03-19 10:00:00", answer="yes", point=None):
        """A poll, long over."""
        return cls.presses(point or cls.counter, moment, [(0, "seller"), (5, answer)])[
            0
        ]

    @classmethod
    def checks(cls, user=None):
        checks = cls.env["kpi.feedback.check"].with_user(user or cls.env.user)
        return checks.with_context(allowed_company_ids=cls.company.ids)

    @classmethod
    def fill(cls):
        cls.checks()._fill()
        return cls.checks().search([("company_id", "=", cls.company.id)])

    @classmethod
    def claim(cls, user, count=10):
        return cls.checks(user).sudo()._claim(count).sudo(False)

    @classmethod
    def verdicts(cls, user):
        return cls.env["kpi.feedback.verdict"].with_user(user)

    def judge(self, check, verdict, user=None, reason=None, **values):
        """As an RPC does it."""
        user = user or self.user_expert
        self.claim(user)
        return self.verdicts(user).create(
            {
                "check_id": check.id,
                "verdict": verdict,
                "reason_id": reason and self.reason(reason).id,
                **values,
            }
        )

    @classmethod
    def reason(cls, name):
        return cls.env.ref(f"kpi_quality.kpi_feedback_reason_{name}")


@freeze_time(NOW)
class TestFill(DeskCommon):
    def test_order_of_urgency(self):
        self.ask()
        self.press(self.counter, "2025-03-19 11:00:00", "seller", held=4)
        self.press(self.counter, "2025-03-19 11:10:00", "seller", held=4)
        self.press(self.red, "2025-03-19 12:00:00", "complaint")
        self.press(self.red, "2025-03-19 13:00:00", "complaint", held=4)
        self.company.kpi_slices_per_day = 1
        checks = self.fill().filtered(
            lambda c: c.kind != "slice" or c.moment > self.utc("2025-03-19 00:00")
        )
        self.assertEqual(
            [(check.kind, check.priority) for check in checks if check.kind != "slice"],
            [
                ("complaint", HELD_RED),
                ("complaint", RED),
                ("force_majeure", FORCE_MAJEURE),
                ("poll", POLL),
            ],
        )
        self.assertEqual({c.priority for c in checks if c.kind == "slice"}, {SLICE})

    def test_where_and_when(self):
        start = self.press(self.counter, "2025-03-19 11:00:00", "seller", held=4)
        self.press(self.counter, "2025-03-19 11:10:00", "seller", held=4)
        check = self.fill()
        self.assertRecordValues(
            check,
            [
                {
                    "event_id": start.id,
                    "point_id": self.counter.id,
                    "site_id": self.shop.id,
                    "department_id": self.retail.id,
                    "moment": self.utc("2025-03-19 11:00:00"),
                    "stop": self.utc("2025-03-19 11:10:00"),
                    "state": "waiting",
                }
            ],
        )

    def test_twice_is_once(self):
        self.company.kpi_slices_per_day = 2
        self.ask()
        self.press(self.red, "2025-03-19 12:00:00", "complaint")
        first = self.fill()
        self.assertEqual(len(first), 4)
        self.assertEqual(self.fill(), first)

    def test_what_is_not_over_yet_waits(self):
        now = datetime.fromisoformat(NOW) + timedelta(hours=3)  # in Moscow
        self.ask(f"{now - timedelta(seconds=30):%Y-%m-%d %H:%M:%S}", "visitor")
        self.press(self.counter, f"{now:%Y-%m-%d %H:%M:%S}", "seller", held=5)
        self.assertFalse(self.fill())

    def test_old_polls_are_not_looked_for(self):
        self.ask("2025-02-10 10:00:00")
        self.press(self.red, "2025-02-10 10:00:00", "complaint")
        self.assertEqual(self.fill().mapped("kind"), ["complaint"])

    def test_a_poll_that_vanished_is_not_judged(self):
        """A late press turns out to be the first half of the same press."""
        press = self.ask("2025-03-19 10:00:02")
        check = self.fill()
        self.assertEqual(check.event_id, press)
        earlier = self.press(self.counter, "2025-03-19 10:00:00", "seller")
        self.derive()
        check = self.fill()
        self.assertEqual(check.event_id, earlier)

    def test_a_verdict_stays_when_its_poll_vanishes(self):
        check = self.ask("2025-03-19 10:00:02") and self.fill()
        verdict = self.judge(check, "valid")
        self.press(self.counter, "2025-03-19 10:00:00", "seller")
        self.derive()
        self.assertEqual(len(self.fill()), 2)
        self.assertTrue(verdict.exists())

    def test_later_presses_move_the_end_of_a_force_majeure(self):
        self.press(self.counter, "2025-03-19 11:00:00", "seller", held=4)
        check = self.fill()
        self.assertEqual(check.stop, self.utc("2025-03-19 12:00:00"))
        self.press(self.counter, "2025-03-19 11:10:00", "over")
        self.derive()
        self.assertEqual(self.fill(), check)
        self.assertEqual(check.stop, self.utc("2025-03-19 11:10:00"))


@freeze_time(NOW)
class TestSample(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.presses(
            cls.counter,
            "2025-03-19 10:00:00",
            [(70 * number, "seller") for number in range(300)],
        )

    def sample(self, percent=10.0, seed="1"):
        self.company.write({"kpi_poll_sample": percent, "kpi_sample_seed": seed})
        self.env.cr.execute("DELETE FROM kpi_feedback_check")
        self.checks().invalidate_model()
        return self.fill().event_id

    def test_about_a_tenth(self):
        # 300 draws of 0.1: 30, with a standard deviation of 5.2.
        self.assertTrue(14 < len(self.sample()) < 46)
        self.assertEqual(len(self.sample(100)), 300)
        self.assertFalse(self.sample(0))

    def test_the_same_seed_draws_the_same(self):
        self.assertEqual(self.sample(), self.sample())
        self.assertNotEqual(self.sample(), self.sample(seed="2"))

    def test_more_percent_keep_those_drawn(self):
        self.assertLess(self.sample(10), self.sample(30))

    def test_late_polls_change_nothing_for_others(self):
        before = self.sample()
        late = self.presses(
            self.counter,
            "2025-03-18 10:00:00",
            [(70 * number, "seller") for number in range(100)],
        )
        after = self.sample()
        self.assertEqual(after - late, before)
        self.assertTrue(after & late)


@freeze_time(NOW)
class TestSlices(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"kpi_slices_per_day": 2, "kpi_slice_minutes": 5})
        cls.shop.opening_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Nine to ten",
                "tz": "Europe/Moscow",
                "company_id": cls.company.id,
                "attendance_ids": [
                    (5, 0, 0),
                    *(
                        (
                            0,
                            0,
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 9,
                                "hour_to": 10,
                            },
                        )
                        for day in range(5)
                    ),
                ],
            }
        )
        cls.press(cls.desk, "2025-03-17 09:30:00", "visitor")

    def days(self, slices):
        moscow = timedelta(hours=3)
        return sorted((check.moment + moscow).date().isoformat() for check in slices)

    def test_only_past_opening_days_of_points_in_use(self):
        """Monday to Wednesday; not before the first press, not Thursday: today."""
        slices = self.fill()
        self.assertEqual(slices.point_id, self.desk)
        self.assertEqual(
            self.days(slices),
            [
                *["2025-03-17"] * 2,
                *["2025-03-18"] * 2,
                *["2025-03-19"] * 2,
            ],
        )
        for check in slices:
            self.assertGreaterEqual((check.moment + timedelta(hours=3)).hour, 9)
            self.assertLessEqual(
                check.stop + timedelta(hours=3),
                datetime.combine(check.moment.date(), datetime.min.time())
                + timedelta(hours=10),
            )
            self.assertEqual(check.stop - check.moment, timedelta(minutes=5))

    def test_closed_on_sunday(self):
        with freeze_time("2025-03-24 09:00:00"):
            days = self.days(self.fill())
        self.assertNotIn("2025-03-22", days)
        self.assertNotIn("2025-03-23", days)
        self.assertIn("2025-03-21", days)

    def test_drawn_once(self):
        """Neither another number of slices nor other hours add to a day's slices."""
        slices = self.fill()
        self.company.kpi_slices_per_day = 4
        self.shop.opening_calendar_id = False
        self.assertEqual(self.fill(), slices)

    def test_always_open_without_a_calendar(self):
        self.shop.opening_calendar_id = False
        self.assertEqual(len(self.fill()), 6)

    def test_same_seed_same_slices(self):
        first = self.fill().mapped("moment")
        self.env.cr.execute("DELETE FROM kpi_feedback_check")
        self.assertEqual(self.fill().mapped("moment"), first)
        self.env.cr.execute("DELETE FROM kpi_feedback_check")
        self.company.kpi_sample_seed = "other"
        self.assertNotEqual(self.fill().mapped("moment"), first)


@freeze_time(NOW)
class TestClaim(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for minute in range(10, 20):
            cls.ask(f"2025-03-19 10:{minute}:00")
        cls.fill()

    def test_nobody_gets_what_another_has(self):
        mine = self.claim(self.user_expert, 4)
        other = self.claim(self.user_expert_2, 10)
        self.assertEqual((len(mine), len(other)), (4, 6))
        self.assertFalse(mine & other)

    def test_the_own_come_first_and_again(self):
        mine = self.claim(self.user_expert, 2)
        self.assertEqual(self.claim(self.user_expert, 2), mine)
        self.assertEqual(self.claim(self.user_expert, 3)[:2], mine)

    def test_oldest_first(self):
        moments = self.claim(self.user_expert, 10).mapped("moment")
        self.assertEqual(moments, sorted(moments))

    def test_skipped_ones_go_to_others(self):
        mine = self.claim(self.user_expert, 1)
        mine.sudo()._release()
        again = self.checks(self.user_expert).sudo()._claim(10, mine.ids)
        self.assertNotIn(mine.id, again.ids)
        self.assertEqual(self.claim(self.user_expert_2, 1), mine)

    def test_a_lease_ends(self):
        mine = self.claim(self.user_expert, 10)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=9)):
            self.assertFalse(self.claim(self.user_expert_2))
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertEqual(self.claim(self.user_expert_2), mine)
            self.assertFalse(mine.sudo()._renew())

    def test_a_renewed_lease_does_not(self):
        mine = self.claim(self.user_expert, 10)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=9)):
            self.assertEqual(mine.sudo()._renew(), mine)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=15)):
            self.assertFalse(self.claim(self.user_expert_2))

    def test_other_companies_are_not_on_the_desk(self):
        other = self._create_company("Elsewhere")
        user = self._create_user("kpi_elsewhere", "expert", company=other)
        checks = self.env["kpi.feedback.check"].with_user(user)
        self.assertFalse(
            checks.sudo().with_context(allowed_company_ids=other.ids)._claim(10)
        )


@freeze_time(NOW)
class TestOwnPlace(DeskCommon):
    """Experts whose employee works where the presses were made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ask()
        cls.check = cls.fill()
        cls.insiders = {
            name: cls._create_user(f"kpi_{name}", "expert")
            for name in ("department", "site", "above", "director", "leader")
        }
        for name, department in (
            ("department", cls.retail),
            ("site", cls.wholesale),
            ("above", cls.sales),
        ):
            cls._create_employee(name, department, user=cls.insiders[name])
        leader = cls._create_employee("leader", cls.office, user=cls.insiders["leader"])
        cls.retail.manager_id = leader
        cls.shop.manager_id = cls.insiders["director"]

    def test_never_claimed(self):
        for name, user in self.insiders.items():
            with self.subTest(name):
                self.assertFalse(self.claim(user))
                self.assertFalse(self.checks(user).sudo()._count_waiting())
        self.assertEqual(self.claim(self.user_expert), self.check)

    def test_department_without_a_site(self):
        self.retail.kpi_site_id = False
        self.assertFalse(self.claim(self.insiders["department"]))
        self.env.cr.execute("UPDATE kpi_feedback_check SET department_id = NULL")
        self.assertTrue(self.claim(self.insiders["department"]))

    def test_in_another_company_too(self):
        other = self._create_company("Elsewhere")
        user = self._create_user("kpi_both", "expert")
        self._create_employee("both", None, user=user, company_id=other.id)
        self.assertTrue(self.claim(user))
        self.check.with_user(user).sudo()._release()
        self._create_employee("both here", self.retail, user=user)
        self.assertFalse(self.claim(user))

    def test_never_opened(self):
        for name, user in self.insiders.items():
            with self.subTest(name):
                self.assertFalse(self.checks(user).search([]) & self.check)
                with self.assertRaises(AccessError):
                    self.check.with_user(user).read(["moment"])
        self.assertEqual(
            self.check.with_user(self.user_expert).read(["kind"])[0]["kind"], "poll"
        )

    def test_never_judged(self):
        """Not even one that was given to them by mistake."""
        for name, user in self.insiders.items():
            with self.subTest(name):
                self.env.cr.execute(
                    "UPDATE kpi_feedback_check SET claimed_by_id = %s", [user.id]
                )
                with self.assertRaisesRegex(ValidationError, "own department"):
                    self.verdicts(user).create(
                        {"check_id": self.check.id, "verdict": "valid"}
                    )

    def test_a_manager_does_not_help_the_own_department(self):
        """Nobody takes back a verdict on his own people, whatever his rights."""
        verdict = self.judge(self.check, "rejected", reason="poll_rejected_test")
        self.lead.user_id.group_ids += self.env.ref(
            "kpi_quality.group_kpi_quality_manager"
        )
        with self.assertRaisesRegex(ValidationError, "own department"):
            verdict.with_user(self.user_lead).action_undo()

    def test_moved_since(self):
        self._move_employee(self.expert, "2025-03-01", department=self.wholesale)
        self.assertFalse(self.claim(self.user_expert))


@freeze_time(NOW)
class TestVerdict(DeskCommon):
    def test_poll(self):
        press = self.ask()
        check = self.fill()
        derived = [
            self.env[model].search([("event_id", "=", press.id)])
            for model in ("kpi.feedback.poll", "kpi.feedback.attempt")
        ]
        verdict = self.judge(check, "rejected", reason="poll_rejected_test")
        self.assertEqual([record.state for record in derived], ["rejected"] * 2)
        self.assertEqual(check.state, "done")
        self.assertRecordValues(
            verdict,
            [{"event_id": press.id, "user_id": self.user_expert.id, "kind": "poll"}],
        )
        verdict.action_undo()
        self.assertEqual([record.state for record in derived], ["unchecked"] * 2)
        self.assertEqual(check.state, "waiting")
        self.judge(check, "valid")
        self.assertEqual([record.state for record in derived], ["valid"] * 2)
        self.assertEqual(
            check.verdict_ids.sorted("id").mapped("verdict"),
            ["rejected", "undone", "valid"],
        )

    def test_press_that_is_part_of_an_earlier_one_now(self):
        """A console was offline: what was judged is the second half of a press."""
        judged = self.press(self.counter, "2025-03-19 11:00:02", "seller")
        check = self.fill()
        verdict = self.judge(check, "rejected", reason="poll_rejected_test")
        first = self.press(self.counter, "2025-03-19 11:00:00", "seller")
        derived = [
            self.env[model].search([("point_id", "=", self.counter.id)])
            for model in ("kpi.feedback.poll", "kpi.feedback.attempt")
        ]
        self.assertEqual(check.event_id, judged)
        self.assertEqual([record.event_id for record in derived], [first] * 2)
        self.assertEqual([record.state for record in derived], ["rejected"] * 2)
        verdict.action_undo()
        self.assertEqual([record.state for record in derived], ["unchecked"] * 2)
        self.judge(check, "valid")
        self.assertEqual([record.state for record in derived], ["valid"] * 2)

    def test_complaint(self):
        self.press(self.red, "2025-03-19 12:00:00", "complaint")
        check = self.fill()
        complaint = self.env["kpi.feedback.complaint"].search(
            [("event_id", "=", check.event_id.id)]
        )
        self.judge(check, "fair")
        self.assertEqual(complaint.state, "fair")

    def test_force_majeure_has_a_cause(self):
        self.press(self.counter, "2025-03-19 11:00:00", "seller", held=4)
        check = self.fill()
        trouble = self.env["kpi.force.majeure"].search(
            [("event_id", "=", check.event_id.id)]
        )
        verdict = self.judge(check, "confirmed", reason="force_majeure_confirmed_queue")
        self.assertRecordValues(
            trouble, [{"state": "confirmed", "reason_id": verdict.reason_id.id}]
        )
        verdict.action_undo()
        self.assertRecordValues(trouble, [{"state": "unchecked", "reason_id": False}])

    def test_deriving_again_keeps_it(self):
        press = self.ask()
        self.judge(self.fill(), "rejected", reason="poll_rejected_test")
        self.env["kpi.feedback.derivation"]._derive_all(self.counter.ids)
        poll = self.env["kpi.feedback.poll"].search([("event_id", "=", press.id)])
        self.assertEqual(poll.state, "rejected")

    def test_who_and_when_are_the_servers(self):
        self.ask()
        verdict = self.judge(
            self.fill(),
            "valid",
            user_id=self.user_manager.id,
            create_uid=self.user_manager.id,
            create_date="2020-01-01",
            company_id=self._create_company("Elsewhere").id,
            event_id=False,
        )
        self.assertEqual(verdict.user_id, self.user_expert)
        self.assertEqual(verdict.create_uid, self.user_expert)
        self.assertNotEqual(verdict.create_date.year, 2020)
        self.assertEqual(verdict.company_id, self.company)
        self.assertTrue(verdict.event_id)

    def test_needs_a_reason_where_there_are_some(self):
        self.ask()
        check = self.fill()
        for verdict, reason, message in (
            ("rejected", None, "Say why"),
            ("rejected", "complaint_unfair_test", "for another verdict"),
            ("fair", None, "cannot be judged so"),
        ):
            with (
                self.subTest(message),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self.judge(check, verdict, reason=reason)
        self.assertEqual(check.state, "waiting")

    def test_counts_belong_to_slices(self):
        self.ask()
        check = self.fill()
        with self.assertRaisesRegex(ValidationError, "time slices only"):
            self.judge(check, "valid", served=3)

    @mute_logger("odoo.sql_db")
    def test_fewer_missed_than_served(self):
        self.ask()
        self.company.kpi_slices_per_day = 1
        check = self.fill().filtered(lambda c: c.kind == "slice")[:1]
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.judge(check, "seen", served=2, missed=3)
        self.judge(check, "seen", served=3, missed=3)

    def test_only_what_one_has(self):
        """Nobody picks the presses that he judges."""
        self.ask()
        check = self.fill()
        values = {"check_id": check.id, "verdict": "valid"}
        with self.assertRaisesRegex(UserError, "not yours"):
            self.verdicts(self.user_expert).create(values)
        self.claim(self.user_expert_2)
        with self.assertRaisesRegex(UserError, "not yours"):
            self.verdicts(self.user_expert).create(values)

    def test_only_once(self):
        self.ask()
        check = self.fill()
        self.judge(check, "valid")
        values = {"check_id": check.id, "verdict": "valid"}
        with self.assertRaisesRegex(UserError, "not yours"):
            self.verdicts(self.user_expert).create(values)
        with self.assertRaisesRegex(UserError, "no such item"):
            self.verdicts(self.user_expert).create([values, values])

    def test_after_the_lease_when_nobody_else_took_it(self):
        self.ask()
        check = self.fill()
        self.claim(self.user_expert)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.verdicts(self.user_expert).create(
                {"check_id": check.id, "verdict": "valid"}
            )
        self.assertEqual(check.state, "done")

    # ------------------------------------------------------------ taking back
    def test_the_expert_gets_the_item_back(self):
        self.ask()
        check = self.fill()
        self.judge(check, "valid").action_undo()
        self.assertFalse(self.claim(self.user_expert_2))
        self.assertEqual(self.claim(self.user_expert), check)

    def test_a_manager_takes_back_and_anybody_judges(self):
        self.ask()
        check = self.fill()
        verdict = self.judge(check, "valid").with_user(self.user_manager)
        self.assertTrue(verdict.can_undo)
        verdict.action_undo()
        self.assertEqual(check.verdict_ids.sorted("id")[-1].user_id, self.user_manager)
        self.assertEqual(self.claim(self.user_expert_2), check)

    def test_others_do_not_take_back(self):
        self.ask()
        verdict = self.judge(self.fill(), "valid")
        for user in (self.user_expert_2, self.user_lead):
            with self.assertRaises(UserError):
                verdict.with_user(user).action_undo()
        with self.assertRaisesRegex(UserError, "Only who gave it"):
            self.verdicts(self.user_expert_2).create(
                {"check_id": verdict.check_id.id, "verdict": "undone"}
            )

    def test_only_the_last_word_once(self):
        self.ask()
        verdict = self.judge(self.fill(), "valid")
        verdict.action_undo()
        with self.assertRaisesRegex(UserError, "last word"):
            verdict.action_undo()
        with self.assertRaisesRegex(UserError, "no verdict"):
            self.verdicts(self.user_expert).create(
                {"check_id": verdict.check_id.id, "verdict": "undone"}
            )

    # -------------------------------------------------------------- protection
    def test_never_changed_nor_deleted(self):
        self.ask()
        verdict = self.judge(self.fill(), "valid")
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.group_ids += self.env.ref("kpi_quality.group_kpi_quality_expert")
        for user in (admin, self.user_manager, self.user_expert, self.user_lead):
            forced = verdict.with_user(user).with_context(
                allowed_company_ids=self.company.ids, _force_unlink=True
            )
            with self.subTest(user.login), self.assertRaises(AccessError):
                forced.write({"note": "Another"})
            with self.subTest(user.login), self.assertRaises(AccessError):
                forced.unlink()

    def test_not_even_when_somebody_gives_the_right(self):
        """The rule holds where an administrator adds an access right."""
        self.ask()
        verdict = self.judge(self.fill(), "valid")
        self.env["ir.model.access"].create(
            {
                "name": "Everything",
                "model_id": self.env["ir.model"]._get_id("kpi.feedback.verdict"),
                "group_id": self.env.ref("kpi_quality.group_kpi_quality_expert").id,
                **dict.fromkeys(
                    ("perm_read", "perm_write", "perm_create", "perm_unlink"), True
                ),
            }
        )
        own = verdict.with_user(self.user_expert)
        with self.assertRaises(AccessError):
            own.write({"note": "Another"})
        with self.assertRaises(AccessError):
            own.unlink()

    def test_nobody_writes_items(self):
        self.ask()
        check = self.fill()
        for user in (self.user_expert, self.user_manager, self.user_lead):
            with self.subTest(user.login), self.assertRaises(AccessError):
                check.with_user(user).write({"claimed_by_id": user.id})
            with self.subTest(user.login), self.assertRaises(AccessError):
                check.with_user(user).unlink()


@freeze_time(NOW)
class TestFigures(DeskCommon):
    def test_rejection_rate(self):
        """Three checked, one of them rejected; one not checked, one the day before."""
        for minute in range(10, 14):
            self.ask(f"2025-03-19 10:{minute}:00")
        self.ask("2025-03-18 23:59:00")
        checks = self.fill().sorted("moment")
        self.judge(checks[0], "valid")
        self.judge(checks[1], "valid")
        self.judge(checks[2], "rejected", reason="poll_rejected_child")
        self.judge(checks[3], "valid")
        rate = self.checks()._rejection_rate
        points = (self.counter | self.desk).ids
        day = "2025-03-19"
        self.assertEqual(
            rate(points, day, day),
            {self.counter.id: {"checked": 3, "rejected": 1, "percent": 100 / 3}},
        )
        self.assertEqual(rate(points, "2025-03-18", day)[self.counter.id]["checked"], 4)
        self.assertEqual(rate(self.desk.ids, day, day), {})

    def test_missed_share(self):
        """2 of 8 and 1 of 4 without a press; one taken back does not count."""
        self.company.kpi_slices_per_day = 3
        self.press(self.desk, "2025-03-19 09:30:00", "visitor")
        slices = self.fill()
        self.assertEqual(len(slices), 3)
        self.judge(slices[0], "seen", served=8, missed=2)
        self.judge(slices[1], "seen", served=4, missed=1)
        self.judge(slices[2], "seen", served=50, missed=50).action_undo()
        share = self.checks()._missed_share
        self.assertEqual(
            share(self.desk.ids, "2025-03-19", "2025-03-19"),
            {
                self.desk.id: {
                    "slices": 2,
                    "served": 12,
                    "missed": 3,
                    "percent": 25.0,
                }
            },
        )
        self.assertFalse(share(self.desk.ids, "2025-03-18", "2025-03-18"))
