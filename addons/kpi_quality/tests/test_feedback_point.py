from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .common import NOW
from .feedback_common import FeedbackCommon

BEGINNING = datetime(1970, 1, 1)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFeedbackPoint(FeedbackCommon):
    def create_point(self, name, **values):
        return self.env["kpi.feedback.point"].create(
            {
                "name": name,
                "site_id": self.shop.id,
                "department_id": self.retail.id,
                **values,
            }
        )

    # ----------------------------------------------------------------- code
    def test_code_is_made_of_the_name_and_unique(self):
        points = self.env["kpi.feedback.point"].create(
            [
                {"name": name, "site_id": self.shop.id}
                for name in ("Till 1", "till, 1!", "Касса № 2", "***")
            ]
        )
        self.assertEqual(
            points.mapped("code"), ["till-1", "till-1-2", "касса-2", "point"]
        )
        self.assertEqual(self.create_point("Till 1").code, "till-1-3")

    def test_code_stays_when_the_name_changes(self):
        point = self.create_point("Till 1")
        point.name = "Till at the door"
        self.assertEqual(point.code, "till-1")

    def test_code_of_an_archived_point_is_taken(self):
        self.create_point("Till 1").active = False
        self.assertEqual(self.create_point("Till 1").code, "till-1-2")

    def test_code_of_another_point_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.create_point("Other", code="COUNTER")

    def test_sellers_button_alone_asks_nobody(self):
        form = Form(self.env["kpi.feedback.point"].with_user(self.user_manager))
        self.assertEqual(form.seller_meaning, "both")
        form.kind = "seller_button"
        self.assertEqual(form.seller_meaning, "attempt")

    def test_copy_has_its_own_code(self):
        self.assertNotEqual(self.counter.copy().code, self.counter.code)

    def test_form_by_the_manager(self):
        form = Form(self.env["kpi.feedback.point"].with_user(self.user_manager))
        form.name = "Till 1"
        form.site_id = self.shop
        form.department_id = self.retail
        self.assertEqual(form.save().code, "till-1")

    # ---------------------------------------------------------------- rules
    def test_first_rule_reaches_back_to_the_beginning(self):
        point = self.create_point("Till 1", response_window=45)
        self.assertRecordValues(
            point.rule_ids,
            [
                {
                    "valid_from": BEGINNING,
                    "department_id": self.retail.id,
                    "seller_meaning": "both",
                    "response_window": 45,
                    "long_press": 3,
                    "bounce": 3,
                    "force_majeure_limit": 60,
                }
            ],
        )

    def test_change_is_a_rule_from_now_on(self):
        point = self.create_point("Till 1")
        with self.at("2025-03-21 10:00"):
            point.response_window = 30
        with self.at("2025-03-22 10:00"):
            point.department_id = self.wholesale
        self.assertEqual(
            [
                (rule.valid_from, rule.response_window, rule.department_id)
                for rule in point.rule_ids.sorted("valid_from")
            ],
            [
                (BEGINNING, 60, self.retail),
                (self.utc("2025-03-21 10:00"), 30, self.retail),
                (self.utc("2025-03-22 10:00"), 30, self.wholesale),
            ],
        )

    def test_changes_at_once_are_one_rule(self):
        point = self.create_point("Till 1")
        with self.at("2025-03-21 10:00"):
            point.response_window = 30
            point.bounce = 1
        with self.at("2025-03-21 10:01"):
            point.long_press = 4
        self.assertEqual(
            [
                (rule.response_window, rule.bounce, rule.long_press)
                for rule in point.rule_ids.sorted("valid_from")
            ],
            [(60, 3, 3), (30, 1, 3), (30, 1, 4)],
        )

    def test_change_right_after_the_creation_is_the_first_rule(self):
        point = self.create_point("Till 1")
        point.bounce = 0
        self.assertRecordValues(
            point.rule_ids, [{"valid_from": BEGINNING, "bounce": 0}]
        )

    def test_what_is_no_rule_or_no_change_leaves_no_trace(self):
        point = self.create_point("Till 1")
        with self.at("2025-03-21 10:00"):
            point.write({"name": "Till 2", "bounce": 3, "sequence": 5})
        self.assertEqual(len(point.rule_ids), 1)

    def test_change_by_the_manager_is_kept_and_nobody_writes_the_history(self):
        point = self.create_point("Till 1").with_user(self.user_manager)
        with self.at("2025-03-21 10:00"):
            point.bounce = 1
        self.assertEqual(len(point.rule_ids), 2)
        for change in (
            lambda: point.rule_ids.write({"bounce": 9}),
            lambda: point.rule_ids.unlink(),
            lambda: point.write({"rule_ids": [(5,)]}),
            lambda: point.rule_ids[0].copy(),
        ):
            with self.assertRaises(AccessError):
                change()

    # --------------------------------------------------------------- checks
    def test_times_without_sense_are_refused(self):
        for name, value in (
            ("response_window", 0),
            ("response_window", -1),
            ("long_press", 0),
            ("bounce", -0.1),
            ("bounce", 60),
            ("force_majeure_limit", 0),
        ):
            with self.subTest(name=name, value=value):
                with self.assertRaises(ValidationError) as caught:
                    self.counter[name] = value
                self.assertIn("Counter", str(caught.exception))
        self.counter.bounce = 0

    def test_department_camera_and_entrance_are_of_the_site(self):
        camera = self.env["kpi.feedback.camera"].create(
            {"name": "Dock", "site_id": self.depot.id}
        )
        entrance = self.env["kpi.site.entrance"].create(
            {"name": "Gate", "site_id": self.depot.id}
        )
        for point, values in (
            (self.counter, {"department_id": self.storage.id}),
            (self.counter, {"department_id": self.office.id}),
            (self.counter, {"camera_id": camera.id}),
            (self.door, {"entrance_id": entrance.id}),
            (self.counter, {"site_id": self.depot.id}),
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                point.write(values)
        self.counter.write(
            {
                "site_id": self.depot.id,
                "department_id": self.storage.id,
                "camera_id": camera.id,
            }
        )

    def test_only_counting_points_belong_to_an_entrance(self):
        with self.assertRaises(ValidationError):
            self.counter.entrance_id = self.entrance

    # ------------------------------------------------------ presses, archive
    def test_point_that_was_pressed_is_not_deleted(self):
        self.press(self.counter, "2025-03-05 10:00", "yes")
        with self.assertRaises(UserError) as caught:
            self.counter.unlink()
        self.assertIn("Archive it", str(caught.exception))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.counter.with_context(_force_unlink=True).unlink()

    def test_point_that_was_never_pressed_is_deleted(self):
        point = self.create_point("Till 1").with_user(self.user_manager)
        point.unlink()
        self.assertFalse(point.exists())

    def test_counts(self):
        self.press(self.counter, "2025-03-05 10:00", "seller")
        self.press(self.counter, "2025-03-05 10:00:05", "yes")
        self.press(self.red, "2025-03-05 10:00", "complaint")
        points = self.counter | self.red | self.desk
        self.assertEqual(points.mapped("event_count"), [2, 1, 0])
        self.assertEqual(points.mapped("poll_count"), [1, 0, 0])
        self.assertEqual(points.mapped("complaint_count"), [0, 1, 0])
        counter = self.counter.with_user(self.user_seller)
        self.assertEqual(counter.event_count, 0)  # a seller does not read presses
        action = self.counter.action_open_events()
        self.assertEqual(
            self.env[action["res_model"]].search_count(action["domain"]), 2
        )

    # -------------------------------------------------------------- cameras
    def camera(self, **values):
        return self.env["kpi.feedback.camera"].create(
            {"name": "Till", "site_id": self.shop.id, **values}
        )

    def test_links_of_a_stretch(self):
        camera = self.camera(
            archive_link="https://v.example.com/t?a={start}&b={end_local}",
            clip_link="http://v.example.com/{start_unix}-{end_unix}.mp4",
            seconds_before=10,
            seconds_after=20,
        )
        start = datetime(2025, 3, 5, 7, 0, 0, 900000)
        self.assertEqual(
            camera._links(start, datetime(2025, 3, 5, 7, 1)),
            {
                "archive": "https://v.example.com/t?a=2025-03-05T06%3A59%3A50Z"
                "&b=2025-03-05T10%3A01%3A20",
                "clip": "http://v.example.com/1741157990-1741158080.mp4",
            },
        )
        self.assertEqual(
            self.camera()._links(start, start), {"archive": False, "clip": False}
        )
        self.assertEqual(
            self.camera(clip_link="/video/{start_unix}.webm")._links(start, start),
            {"archive": False, "clip": "/video/1741157970.webm"},
        )

    def test_links_that_cannot_be_used_are_refused(self):
        for link in (
            "javascript:alert(1)",
            "ftp://v.example.com/{start}",
            "//v.example.com/{start}",
            "/\\v.example.com/{start}",
            "video/{start}",
            "https:///{start}",
            "https://{start}.example.com/",
            "https://v.example.com/{stop}",
            "https://v.example.com/{start.__class__}",
            "https://v.example.com/{0}",
            "https://v.example.com/{}",
            "https://v.example.com/{start",
            "https://v.example.com/{start!r}",
            "https://v.example.com/{start:>999999999}",
        ):
            for name in ("archive_link", "clip_link"):
                with self.subTest(link=link), self.assertRaises(ValidationError):
                    self.camera(**{name: link})

    # ------------------------------------------------------------- settings
    def settings(self, **values):
        settings = self.env["kpi.feedback.settings"].with_user(self.user_manager)
        return settings.create(values)

    def test_manager_keeps_the_settings(self):
        form = Form(self.env["kpi.feedback.settings"].with_user(self.user_manager))
        self.assertEqual(form.kpi_silent_weight, 0.8)
        form.kpi_silent_reading = "other_reasons"
        form.kpi_correction_coefficient = 0.7
        self.assertAlmostEqual(form.kpi_silent_weight, 0.3)
        form.save().action_save()
        self.assertRecordValues(
            self.company,
            [
                {
                    "kpi_correction_coefficient": 0.7,
                    "kpi_silent_reading": "other_reasons",
                    "kpi_active_factor": 5,
                }
            ],
        )

    def test_settings_out_of_their_range_are_refused(self):
        for name, value in (
            ("kpi_correction_coefficient", 1.1),
            ("kpi_correction_coefficient", -0.1),
            ("kpi_active_factor", 0.5),
            ("kpi_diagnosis_tolerance", -1),
            ("kpi_force_majeure_level", 101),
            ("kpi_poll_sample", 100.5),
            ("kpi_slices_per_day", -1),
            ("kpi_slice_minutes", 0),
        ):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.settings(**{name: value}).action_save()

    def test_settings_of_another_company_and_by_others(self):
        other = self._create_company("Elsewhere")
        with self.assertRaises(AccessError):
            self.settings(company_id=other.id).action_save()
        for user in (self.user_lead, self.user_expert, self.user_payroll):
            settings = self.env["kpi.feedback.settings"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                settings.create({})
