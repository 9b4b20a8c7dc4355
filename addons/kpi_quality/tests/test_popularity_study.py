from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .feedback_common import FeedbackCommon

STATE_BUTTON = "changes by its buttons only"


@tagged("post_install", "-at_install")
class TestPopularityStudy(FeedbackCommon):
    def _study(self, lines=None, **values):
        """On Wednesday, 5 March from 10 to 14 o'clock, Retail at the desk."""
        lines = lines or [(self.retail, self.desk, 0)]
        return self.env["kpi.popularity.study"].create(
            {
                "name": "Spring",
                "site_id": self.shop.id,
                "start": self.utc("2025-03-05 10:00"),
                "stop": self.utc("2025-03-05 14:00"),
                "line_ids": [
                    Command.create(
                        {
                            "department_id": department.id,
                            "point_ids": point.ids if point else False,
                            "observed": observed,
                        }
                    )
                    for department, point, observed in lines
                ],
                **values,
            }
        )

    def _typed(self, visitors, *observed, **values):
        """A study on paper, running."""
        departments = (self.retail, self.wholesale)
        study = self._study(
            [
                (department, None, count)
                for department, count in zip(departments, observed, strict=False)
            ],
            site_visitors=visitors,
            **values,
        )
        study.action_start()
        return study

    def _counter(self, hour, visitors, day="2025-03-05"):
        return self.env["kpi.visitor.count"].create(
            {
                "entrance_id": self.entrance.id,
                "date": day,
                "hour": hour,
                "visitors": visitors,
            }
        )

    # ------------------------------------------------------------ acceptance
    def test_published_numbers(self):
        """100 visitors, 85 and 90 of them: popularity 0.85 and 0.90."""
        study = self._typed(100, 85, 90)
        study.action_accept()
        self.assertEqual(study.state, "done")
        self.assertEqual(study.line_ids.mapped("popularity"), [0.85, 0.9])
        self.assertEqual(study.valid_from, date(2025, 3, 6))
        self.assertFalse(study.valid_to)

    def test_fewer_than_100_visitors_say_nothing(self):
        study = self._typed(93, 80)
        with self.assertRaisesRegex(UserError, "93 visitors.*7 more are needed"):
            study.action_accept()
        self.assertEqual(study.state, "running")

    def test_more_visitors_than_came_in(self):
        study = self._typed(100, 101)
        with self.assertRaisesRegex(UserError, "Retail: 101.*only 100"):
            study.action_accept()

    def test_a_study_without_end_or_departments_is_not_accepted(self):
        study = self._typed(100, 85, stop=False)
        with self.assertRaisesRegex(UserError, "no end"):
            study.action_accept()
        study.stop = self.utc("2025-03-05 14:00")
        study.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "no departments"):
            study.action_accept()

    def test_the_day_after_is_the_sites_day(self):
        """23:30 in Moscow is 20:30 UTC; 00:30 is the day before in UTC."""
        for stop, valid_from in (
            ("2025-03-05 23:30", date(2025, 3, 6)),
            ("2025-03-06 00:30", date(2025, 3, 7)),
        ):
            study = self._typed(100, 85, stop=self.utc(stop))
            study.action_accept()
            self.assertEqual(study.valid_from, valid_from)

    def test_only_running_studies_are_accepted(self):
        study = self._study(site_visitors=100)
        with self.assertRaisesRegex(UserError, "is draft"):
            study.action_accept()
        study.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            study.action_start()

    # ------------------------------------------------------------- counting
    def test_presses_count_exactly(self):
        """From 10:00:00 to 14:00:00, the end not included."""
        study = self._study(stop=False)
        study.action_start()
        seconds = [-0.001, 0, 1, 2, 4 * 3600 - 0.001, 4 * 3600]
        self.presses(self.door, "2025-03-05 10:00", [(s, "visitor") for s in seconds])
        self.presses(self.desk, "2025-03-05 10:00", [(s, "seller") for s in seconds])
        self.press(self.desk, "2025-03-05 11:00:00", "visitor")
        with self.at("2025-03-05 14:00"):
            action = study.action_count()
        self.assertEqual(study.stop, self.utc("2025-03-05 14:00"))
        self.assertEqual(study.site_visitors, 4)
        self.assertEqual(study.line_ids.observed, 4)
        self.assertIn("96 more", action["params"]["message"])

    def test_hours_of_a_counter_count_when_they_lie_inside(self):
        for hour, visitors in ((9, 1000), (10, 30), (13, 20), (14, 1000)):
            self._counter(hour, visitors)
        # At the door of a counter nobody counts twice; at 12 it has no figure.
        self.press(self.door, "2025-03-05 10:30:00", "visitor")
        self.press(self.door, "2025-03-05 12:30:00", "visitor")
        study = self._study()
        study.action_start()
        study.action_count()
        self.assertEqual(study.site_visitors, 51)

    def test_a_part_of_an_hour_is_nobodys_guess(self):
        self._counter(10, 60)
        study = self._study(start=self.utc("2025-03-05 10:30"), site_visitors=7)
        study.action_start()
        action = study.action_count()
        self.assertEqual(study.site_visitors, 7)
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("by hand", action["params"]["message"])
        # With a press at the same door that hour is known exactly.
        self.press(self.door, "2025-03-05 10:45:00", "visitor")
        study.action_count()
        self.assertEqual(study.site_visitors, 1)

    def test_whole_days_count_when_they_lie_inside(self):
        self._counter(-1, 500)
        study = self._study()
        study.action_start()
        self.assertEqual(study.action_count()["params"]["type"], "warning")
        study.write(
            {
                "start": self.utc("2025-03-05 00:00"),
                "stop": self.utc("2025-03-06 00:00"),
            }
        )
        study.action_count()
        self.assertEqual(study.site_visitors, 500)

    def test_nothing_counted_at_the_doors_leaves_what_was_typed(self):
        study = self._typed(120, 85)
        study.action_count()
        self.assertEqual((study.site_visitors, study.line_ids.observed), (120, 85))

    # --------------------------------------------------------- observations
    def _attempts(self):
        return self.env["kpi.feedback.attempt"].search_count(
            [("point_id", "=", self.desk.id)]
        )

    def test_presses_are_observations_while_a_study_covers_them(self):
        """Attempts appear and vanish with the study, whenever it is entered."""
        self.press(self.desk, "2025-03-05 11:00:00", "seller")
        self.press(self.desk, "2025-03-05 15:00:00", "seller")
        self.assertEqual(self._attempts(), 2)
        study = self._study()
        self.assertEqual(self._attempts(), 2)
        study.action_start()
        self.assertEqual(self._attempts(), 1)
        study.stop = self.utc("2025-03-05 16:00")
        self.assertEqual(self._attempts(), 0)
        study.start = self.utc("2025-03-05 12:00")
        self.assertEqual(self._attempts(), 1)
        study.line_ids.point_ids = self.counter
        self.assertEqual(self._attempts(), 2)
        study.line_ids.point_ids = self.desk
        self.assertEqual(self._attempts(), 1)
        study.line_ids.unlink()
        self.assertEqual(self._attempts(), 2)
        study.line_ids = [
            Command.create(
                {"department_id": self.retail.id, "point_ids": self.desk.ids}
            )
        ]
        self.assertEqual(self._attempts(), 1)
        study.action_cancel()
        self.assertEqual(self._attempts(), 2)

    def test_observations_of_an_accepted_study_stay_observations(self):
        self.press(self.desk, "2025-03-05 11:00:00", "seller")
        study = self._study(site_visitors=100)
        study.action_start()
        study.action_accept()
        self.assertEqual(self._attempts(), 0)

    def test_a_point_observes_for_one_department_of_its_site(self):
        with self.assertRaisesRegex(ValidationError, "Desk.*Retail, Wholesale"):
            self._study([(self.retail, self.desk, 0), (self.wholesale, self.desk, 0)])
        with self.assertRaisesRegex(ValidationError, "not at Depot"):
            self._study(site_id=self.depot.id)

    # ------------------------------------------------------------- freezing
    def test_an_accepted_study_stays_as_it_is(self):
        study = self._typed(100, 85)
        study.action_accept()
        for user in (self.env.user, self.user_manager):
            own = study.with_user(user)
            for values in (
                {"site_visitors": 200},
                {"start": self.utc("2025-03-05 09:00")},
                {"valid_from": date(2025, 1, 1)},
                {"site_id": self.depot.id},
                {"line_ids": [Command.clear()]},
            ):
                with self.assertRaisesRegex(UserError, "accepted"):
                    own.write(values)
            with self.assertRaisesRegex(UserError, "accepted"):
                own.line_ids.observed = 90
            with self.assertRaisesRegex(UserError, "accepted"):
                own.line_ids.popularity = 0.99
        as_manager = study.with_user(self.user_manager)
        with self.assertRaisesRegex(UserError, "accepted"), self.env.cr.savepoint():
            as_manager.line_ids.create(
                {"study_id": study.id, "department_id": self.wholesale.id}
            )
        for records in (as_manager, as_manager.line_ids):
            for context in ({}, {"_force_unlink": True}):
                with self.assertRaises(AccessError):
                    records.with_context(**context).unlink()
        as_manager.valid_to = date(2025, 12, 31)
        self.assertEqual(study.line_ids.popularity, 0.85)

    def test_state_changes_by_buttons_only(self):
        draft = self._study().with_user(self.user_manager)
        with self.assertRaisesRegex(UserError, STATE_BUTTON):
            draft.state = "done"
        forced = draft.with_context(default_state="done").create(
            {"name": "Forced", "site_id": self.shop.id, "state": "done"}
        )
        self.assertEqual(forced.state, "draft")
        draft.action_start()
        with self.assertRaises(AccessError):
            draft.unlink()
        draft.action_cancel()
        draft.unlink()

    def test_only_the_manager_makes_studies(self):
        study = self._study()
        self.assertEqual(study.with_user(self.user_lead).name, "Spring")
        with self.assertRaises(AccessError):
            study.with_user(self.user_lead).action_start()
        with self.assertRaises(AccessError):
            study.with_user(self.user_seller).read(["name"])

    # ------------------------------------------------------------- reminder
    def test_reminds_twice_a_year_and_once_each_time(self):
        study = self._typed(100, 85)
        study.action_accept()  # valid from 6 March
        cron = self.env["kpi.popularity.study"]
        for day, count in (
            ("2025-09-05", 0),
            ("2025-09-06", 1),
            ("2025-09-07", 1),
            ("2026-03-05", 1),
            ("2026-03-06", 2),
            ("2026-03-07", 2),
        ):
            with self.at(f"{day} 12:00"):
                cron._cron_remind()
            self.assertEqual(len(study.activity_ids), count, day)
        self.assertIn("Arbat", study.activity_ids[0].summary)
        self.assertEqual(
            set(study.activity_ids.mapped("date_deadline")),
            {date(2025, 9, 6), date(2026, 3, 6)},
        )

    def test_reminds_a_kpi_manager(self):
        study = self._typed(100, 85)
        study.action_accept()
        with self.at("2025-09-06 12:00"):
            self.env["kpi.popularity.study"]._cron_remind()
        user = study.activity_ids.user_id
        self.assertTrue(user.has_group("kpi_quality.group_kpi_quality_manager"))
        self.assertIn(self.company, user.company_ids)

    def test_a_new_study_ends_the_reminding(self):
        old = self._typed(100, 85)
        old.action_accept()
        cron = self.env["kpi.popularity.study"]
        with self.at("2025-09-06 12:00"):
            cron._cron_remind()
        self.assertTrue(old.activity_ids)
        new = self._typed(
            100,
            90,
            start=datetime(2025, 9, 10, 6),
            stop=datetime(2025, 9, 10, 16),
        )
        new.action_accept()
        self.assertFalse(old.activity_ids)
        with self.at("2026-03-10 12:00"):
            cron._cron_remind()
        self.assertFalse(old.activity_ids | new.activity_ids)
        with self.at("2026-03-11 12:00"):
            cron._cron_remind()
        self.assertTrue(new.activity_ids)

    def test_who_is_at_it_is_not_reminded(self):
        old = self._typed(100, 85)
        old.action_accept()
        self._typed(0, 0)
        with self.at("2025-09-06 12:00"):
            self.env["kpi.popularity.study"]._cron_remind()
        self.assertFalse(old.activity_ids)
