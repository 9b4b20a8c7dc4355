from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from ..models.duty_sql import seller_of
from .common import NOW
from .feedback_common import FeedbackCommon


@freeze_time(NOW)
class DutyCommon(FeedbackCommon):
    def duty(self, employee, start, stop=None, **values):
        """A duty between local moments, at the counter unless said otherwise."""
        if not {"point_id", "department_id", "site_id"} & set(values):
            values["point_id"] = self.counter.id
        return self.env["kpi.duty"].create(
            {
                "employee_id": employee.id,
                "start": self.utc(start),
                "stop": stop and self.utc(stop),
                **values,
            }
        )

    def attend(self, employee, start, stop=None):
        return self.env["hr.attendance"].create(
            {
                "employee_id": employee.id,
                "check_in": self.utc(start),
                "check_out": stop and self.utc(stop),
            }
        )

    def seller_at(self, moment, named=None, point=None, department=None):
        """Who is named for a press at a local moment, by the SQL of the engine."""
        self.env.flush_all()
        point = point or self.counter
        [[employee]] = self.env.execute_query(
            SQL(
                """
                SELECT seller.employee_id
                FROM (
                    SELECT
                        %s::int4 AS point_id,
                        %s::int4 AS department_id,
                        %s::int4 AS employee_id,
                        %s::timestamp AS moment
                ) AS press
                %s
                """,
                point.id,
                (department or point.department_id).id or None,
                named.id if named else None,
                self.utc(moment),
                seller_of(
                    SQL("press.employee_id"),
                    SQL("press.point_id"),
                    SQL("press.department_id"),
                    SQL("press.moment"),
                ),
            )
        )
        return self.env["hr.employee"].browse(employee)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestSeller(DutyCommon):
    def test_nobody_is_known(self):
        self.assertFalse(self.seller_at("2025-03-05 10:00"))

    def test_employee_named_by_the_press_comes_first(self):
        self.duty(self.seller_2, "2025-03-05 09:00", "2025-03-05 18:00", kind="login")
        self.assertEqual(
            self.seller_at("2025-03-05 10:00", named=self.wholesaler), self.wholesaler
        )

    def test_login_goes_before_the_roster(self):
        self.duty(self.seller, "2025-03-05 09:00", "2025-03-05 18:00")
        self.duty(self.seller_2, "2025-03-05 10:00", "2025-03-05 12:00", kind="login")
        for moment, employee in (
            ("2025-03-05 08:59:59", None),
            ("2025-03-05 09:00", self.seller),
            ("2025-03-05 10:00", self.seller_2),
            ("2025-03-05 11:59:59", self.seller_2),
            ("2025-03-05 12:00", self.seller),
            ("2025-03-05 18:00", None),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(
                    self.seller_at(moment), employee or self.env["hr.employee"]
                )

    def test_latest_login_counts(self):
        self.duty(self.seller, "2025-03-05 09:00", "2025-03-05 18:00", kind="login")
        self.duty(self.seller_2, "2025-03-05 10:00", "2025-03-05 11:00", kind="login")
        self.assertEqual(self.seller_at("2025-03-05 10:30"), self.seller_2)
        self.assertEqual(self.seller_at("2025-03-05 11:30"), self.seller)
        self.assertFalse(self.seller_at("2025-03-05 10:30", point=self.desk))

    def test_login_that_nobody_ended_lasts_twelve_hours(self):
        self.duty(self.seller, "2025-03-05 09:00", kind="login")
        self.assertEqual(self.seller_at("2025-03-05 20:59:59"), self.seller)
        self.assertFalse(self.seller_at("2025-03-05 21:00"))

    def test_roster_of_the_point_goes_before_the_department(self):
        self.duty(self.seller, "2025-03-05 09:00", "2025-03-05 18:00")
        self.duty(
            self.seller_2,
            "2025-03-05 08:00",
            "2025-03-05 18:00",
            department_id=self.retail.id,
        )
        self.assertEqual(self.seller_at("2025-03-05 08:30"), self.seller_2)
        self.assertEqual(self.seller_at("2025-03-05 09:30"), self.seller)
        self.assertEqual(
            self.seller_at("2025-03-05 09:30", point=self.desk), self.seller_2
        )

    def test_two_on_the_roster_are_nobody(self):
        for employee in (self.seller, self.seller_2):
            self.duty(employee, "2025-03-05 09:00", "2025-03-05 18:00")
        self.duty(
            self.wholesaler,
            "2025-03-05 09:00",
            "2025-03-05 18:00",
            department_id=self.retail.id,
        )
        self.assertFalse(self.seller_at("2025-03-05 10:00"))
        # Only one of them came.
        self.attend(self.seller_2, "2025-03-05 09:05", "2025-03-05 18:00")
        self.assertEqual(self.seller_at("2025-03-05 10:00"), self.seller_2)

    def test_one_on_the_roster_twice_is_one(self):
        self.duty(self.seller, "2025-03-05 09:00", "2025-03-05 12:00")
        self.duty(self.seller, "2025-03-05 11:00", "2025-03-05 18:00")
        self.assertEqual(self.seller_at("2025-03-05 11:30"), self.seller)

    def test_roster_of_weeks_and_without_an_end(self):
        self.duty(self.seller, "2025-01-09 09:00", "2025-02-10 09:00")
        self.duty(self.seller_2, "2025-02-20 09:00")
        for moment, employee in (
            ("2025-02-05 10:00", self.seller),
            ("2025-02-15 10:00", self.env["hr.employee"]),
            ("2025-03-05 10:00", self.seller_2),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self.seller_at(moment), employee)

    def test_duty_manager_sells_nothing(self):
        self.duty(
            self.lead,
            "2025-03-05 09:00",
            "2025-03-05 18:00",
            role="duty_manager",
            department_id=self.retail.id,
        )
        self.assertFalse(self.seller_at("2025-03-05 10:00"))

    def test_the_only_one_of_the_department_at_work(self):
        self.attend(self.seller, "2025-03-05 09:00", "2025-03-05 18:00")
        self.attend(self.wholesaler, "2025-03-05 09:00", "2025-03-05 18:00")
        self.assertEqual(self.seller_at("2025-03-05 10:00"), self.seller)
        self.attend(self.seller_2, "2025-03-05 12:00", "2025-03-05 18:00")
        self.assertEqual(self.seller_at("2025-03-05 11:59:59"), self.seller)
        self.assertFalse(self.seller_at("2025-03-05 12:00"))

    def test_department_of_that_day_counts(self):
        self._move_employee(self.seller, "2025-03-05", self.wholesale)
        for day in (4, 5):
            self.attend(self.seller, f"2025-03-0{day} 00:10", f"2025-03-0{day} 18:00")
        # 00:30 of the 5th in Moscow is still the 4th in UTC.
        self.assertEqual(self.seller_at("2025-03-04 10:00"), self.seller)
        self.assertFalse(self.seller_at("2025-03-05 00:30"))
        self.assertEqual(
            self.seller_at("2025-03-05 00:30", department=self.wholesale), self.seller
        )
        self.assertFalse(self.seller_at("2025-03-04 10:00", department=self.wholesale))

    def test_before_the_first_version_the_first_one_counts(self):
        self.attend(self.seller, "2023-06-05 09:00", "2023-06-05 18:00")
        self.assertEqual(self.seller_at("2023-06-05 10:00"), self.seller)

    def test_attendance_nobody_checked_out_of_lasts_a_day(self):
        self.attend(self.seller, "2025-03-05 09:00")
        self.assertEqual(self.seller_at("2025-03-06 08:59:59"), self.seller)
        self.assertFalse(self.seller_at("2025-03-06 09:00"))

    def test_point_says_who_works_there_now(self):
        self.duty(self.seller, "2025-03-20 09:00", "2025-03-20 18:00")
        self.assertEqual(self.counter.worker_id, self.seller)
        counter = self.counter.with_user(self.user_wholesaler)
        self.assertEqual(counter.worker_id.display_name, "Seller")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLogin(DutyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.write({"pin": "1111", "barcode": "badge1"})
        cls.seller_2.pin = "2222"
        cls.wholesaler.write({"pin": "3333", "barcode": "badge3"})
        cls.picker.write({"pin": "9999", "barcode": "badge9"})
        cls.nobody.barcode = "badge0"

    def logins(self, point=None):
        domain = [("kind", "=", "login"), ("company_id", "=", self.company.id)]
        if point:
            domain.append(("point_id", "=", point.id))
        return [
            (duty.employee_id, duty.start, duty.stop)
            for duty in self.env["kpi.duty"].search(domain, order="start, id")
        ]

    def test_login_and_logout(self):
        with self.at("2025-03-20 12:00"):
            self.assertEqual(self.counter._login("1111"), (self.seller, None))
            self.assertEqual(self.counter.worker_id, self.seller)
        with self.at("2025-03-20 15:00"):
            self.assertEqual(self.counter._logout(), self.seller)
            self.assertFalse(self.counter._logout())
        self.assertEqual(
            self.logins(),
            [
                (
                    self.seller,
                    self.utc("2025-03-20 12:00"),
                    self.utc("2025-03-20 15:00"),
                )
            ],
        )

    def test_who_logs_in_ends_the_former_login_there_and_the_own_elsewhere(self):
        with self.at("2025-03-20 10:00"):
            self.counter._login("1111")
            self.desk._login("2222")
        with self.at("2025-03-20 11:00"):
            self.counter._login("2222")
        starts = [self.utc(f"2025-03-20 {hour}:00") for hour in (10, 11, 23)]
        self.assertEqual(
            self.logins(),
            [
                (self.seller, starts[0], starts[1]),
                (self.seller_2, starts[0], starts[1]),
                (self.seller_2, starts[1], starts[2]),
            ],
        )

    def test_forgotten_login_ends_when_the_site_closes(self):
        self.shop.opening_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Shop",
                "company_id": self.company.id,
                "tz": "UTC",  # the hours are those of the site's clock all the same
                "attendance_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "name": "Thursday",
                            "dayofweek": "3",
                            "hour_from": 9,
                            "hour_to": 20,
                        }
                    ),
                ],
            }
        )
        with self.at("2025-03-20 19:00"):
            self.counter._login("1111")
        with self.at("2025-03-20 20:30"):  # closed already: twelve hours
            self.desk._login("2222")
        self.assertEqual(
            [stop for _employee, _start, stop in self.logins()],
            [self.utc("2025-03-20 20:00"), self.utc("2025-03-21 08:30")],
        )

    def test_pins_of_other_sites_and_empty_ones_are_wrong(self):
        for pin, badge in (
            ("9999", None),
            ("", None),
            (None, None),
            ("", ""),
            ("1111 ", None),
            (None, "badge9"),
            ("2222", "badge1"),  # somebody else's PIN
            (None, "badge1"),  # has a PIN, and did not say it
        ):
            with self.subTest(pin=pin, badge=badge):
                self.counter.sudo().wrong_pins = False
                employee, message = self.counter._login(pin, badge)
                self.assertFalse(employee)
                self.assertIn("Nobody of this site", message)
        self.assertFalse(self.logins())

    def test_badge(self):
        self.assertEqual(self.counter._login("1111", "badge1"), (self.seller, None))
        self.assertEqual(self.counter._login(None, "badge0"), (self.nobody, None))

    def test_pin_of_two_people(self):
        self.wholesaler.pin = "1111"
        employee, message = self.counter._login("1111")
        self.assertFalse(employee)
        self.assertIn("badge", message)
        self.assertEqual(self.counter._login("1111", "badge3"), (self.wholesaler, None))

    def test_five_wrong_pins_lock_the_console_for_five_minutes(self):
        for minute in range(4):
            with self.at(f"2025-03-20 10:0{minute}"):
                self.counter._login("0000")
        with self.at("2025-03-20 10:04"):
            self.assertIn("Nobody", self.counter._login("0000")[1])
            employee, message = self.counter._login("1111")
            self.assertFalse(employee)
            self.assertIn("Wait 5 minutes", message)
            # Another console is not concerned.
            self.assertEqual(self.desk._login("1111"), (self.seller, None))
        with self.at("2025-03-20 10:04:59"):
            self.assertFalse(self.counter._login("2222")[0])
        with self.at("2025-03-20 10:05"):  # the first one is forgotten
            self.assertEqual(self.counter._login("2222"), (self.seller_2, None))

    def test_right_pin_forgets_the_wrong_ones(self):
        for _try in range(2):
            for _wrong in range(4):
                self.counter._login("0000")
            self.assertEqual(self.counter._login("1111"), (self.seller, None))

    def test_who_left_cannot_log_in(self):
        self.seller.active = False
        self.assertFalse(self.counter._login("1111")[0])

    def test_pins_and_their_mistakes_are_for_nobody(self):
        self.counter._login("0000")
        with self.assertRaises(AccessError):
            self.counter.with_user(self.user_manager).read(["wrong_pins"])


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRoster(DutyCommon):
    def roster(self, user, **values):
        return (
            self.env["kpi.duty"]
            .with_user(user)
            .create(
                {
                    "employee_id": self.seller.id,
                    "point_id": self.counter.id,
                    "start": self.utc("2025-03-21 09:00"),
                    "stop": self.utc("2025-03-21 18:00"),
                    **values,
                }
            )
        )

    def test_site_is_that_of_the_point_or_department(self):
        duty = self.roster(self.user_lead)
        self.assertEqual(duty.site_id, self.shop)
        duty = self.roster(
            self.user_manager, point_id=False, department_id=self.storage.id
        )
        self.assertEqual(duty.site_id, self.depot)

    def test_places_without_sense_are_refused(self):
        for values in (
            {"site_id": self.depot.id},
            {"department_id": self.storage.id},
            {"point_id": False, "site_id": self.shop.id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.roster(self.env.user, **values)
        with self.assertRaises(ValidationError):
            self.roster(
                self.env.user,
                kind="login",
                point_id=False,
                department_id=self.retail.id,
            )

    # --------------------------------------------------------------- access
    def test_lead_keeps_the_roster_of_the_own_sites_only(self):
        duty = self.roster(self.user_lead)
        duty.stop = self.utc("2025-03-21 17:00")
        other = duty.with_user(self.user_warehouse_lead)
        for attempt in (
            lambda: other.write({"stop": False}),
            lambda: other.read(["employee_id"]),
            other.unlink,
            lambda: self.roster(self.user_warehouse_lead),
            lambda: duty.write(
                {
                    "site_id": self.depot.id,
                    "point_id": False,
                    "department_id": self.storage.id,
                }
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(other.search([("id", "=", duty.id)]))
        duty.unlink()

    def test_employee_sees_the_own_duty_and_changes_none(self):
        own = self.roster(self.env.user)
        other = self.roster(self.env.user, employee_id=self.seller_2.id)
        found = self.env["kpi.duty"].with_user(self.user_seller).search([])
        self.assertIn(own, found)
        self.assertNotIn(other, found)
        for attempt in (
            lambda: own.with_user(self.user_seller).write({"stop": False}),
            own.with_user(self.user_seller).unlink,
            lambda: self.roster(self.user_seller),
            lambda: self.roster(self.user_expert),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_manager_sees_all_of_the_company(self):
        duty = self.roster(self.env.user)
        self.assertIn(
            duty, self.env["kpi.duty"].with_user(self.user_manager).search([])
        )
        other = self._create_company("Elsewhere")
        user = self._create_user("kpi_elsewhere", "manager", company=other)
        found = self.env["kpi.duty"].with_user(user)
        found = found.with_context(allowed_company_ids=other.ids)
        self.assertNotIn(duty, found.search([]))

    def test_logins_are_made_by_consoles_alone(self):
        login = self.roster(self.env.user, kind="login")
        roster = self.roster(self.env.user)
        for user in (self.user_lead, self.user_manager):
            for attempt in (
                lambda user=user: self.roster(user, kind="login"),
                lambda user=user: login.with_user(user).write({"stop": False}),
                lambda user=user: login.with_user(user).write({"kind": "roster"}),
                lambda user=user: roster.with_user(user).write({"kind": "login"}),
                lambda user=user: (
                    login.with_user(user).with_context(_force_unlink=True).unlink()
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    # ------------------------------------------------------------ next week
    def test_repeat_a_week_later_leaves_out_what_is_there(self):
        duties = self.roster(self.user_lead) | self.roster(
            self.user_lead, employee_id=self.seller_2.id, point_id=self.desk.id
        )
        (duties[0]).copy({"start": self.utc("2025-03-28 09:00"), "stop": False})
        message = duties.action_repeat_next_week()["params"]["message"]
        self.assertIn("Copied: 1", message)
        self.assertIn("already: 1", message)
        made = self.env["kpi.duty"].search(
            [("employee_id", "=", self.seller_2.id), ("id", "not in", duties.ids)]
        )
        self.assertRecordValues(
            made,
            [
                {
                    "point_id": self.desk.id,
                    "site_id": self.shop.id,
                    "start": self.utc("2025-03-28 09:00"),
                    "stop": self.utc("2025-03-28 18:00"),
                    "kind": "roster",
                }
            ],
        )
        self.assertFalse(duties._copy_a_week_on())

    def test_repeat_keeps_the_hours_of_the_clock(self):
        """Summer time began in Berlin on 30 March 2025."""
        self.shop.tz = "Europe/Berlin"
        duty = self.roster(
            self.env.user,
            start=self.utc("2025-03-28 09:00", "Europe/Berlin"),
            stop=self.utc("2025-03-28 18:00", "Europe/Berlin"),
        )
        copy = duty._copy_a_week_on()
        self.assertEqual(copy.start, self.utc("2025-04-04 09:00", "Europe/Berlin"))
        self.assertEqual(copy.stop, self.utc("2025-04-04 18:00", "Europe/Berlin"))
        self.assertEqual(copy.start - duty.start, timedelta(days=7, hours=-1))

    def test_repeat_of_logins_is_refused(self):
        login = self.roster(self.env.user, kind="login")
        with self.assertRaises(UserError):
            login.with_user(self.user_lead).action_repeat_next_week()

    def test_import(self):
        result = (
            self.env["kpi.duty"]
            .with_user(self.user_lead)
            .load(
                ["employee_id", "point_id", "start", "stop"],
                [
                    [
                        "Seller 2",
                        "Counter",
                        "2025-03-22 06:00:00",
                        "2025-03-22 15:00:00",
                    ]
                ],
            )
        )
        self.assertFalse(result["messages"])
        duty = self.env["kpi.duty"].browse(result["ids"])
        self.assertRecordValues(
            duty,
            [
                {
                    "employee_id": self.seller_2.id,
                    "site_id": self.shop.id,
                    "kind": "roster",
                    "role": "seller",
                }
            ],
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOpeningHours(DutyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours = cls.env["resource.calendar"].create(
            {
                "name": "Shop",
                "company_id": cls.company.id,
                "tz": "UTC",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": 10,
                                "hour_to": 20,
                            }
                        )
                        for day in range(5)
                    ),
                ],
            }
        )
        cls.shop.opening_calendar_id = cls.hours

    def opened(self, first, last):
        times = self.shop._opening_times(self.utc(first), self.utc(last))[self.shop]
        three = timedelta(hours=3)
        return [
            tuple(f"{moment + three:%d %H:%M}" for moment in item) for item in times
        ]

    def test_open_by_the_clock_of_the_site(self):
        for moment, is_open in (
            ("2025-03-20 09:59:59", False),
            ("2025-03-20 10:00", True),
            ("2025-03-20 19:59:59", True),
            ("2025-03-20 20:00", False),
            ("2025-03-22 12:00", False),  # Saturday
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self.shop._is_open(self.utc(moment)), is_open)
        self.assertEqual(
            self.shop._closes_at(self.utc("2025-03-20 10:00")),
            self.utc("2025-03-20 20:00"),
        )

    def test_site_without_hours_is_always_open(self):
        self.assertTrue(self.depot._is_open(self.utc("2025-03-22 03:00")))

    def opening_days(self, site, first, last):
        days = site._opening_days(date(2025, 3, first), date(2025, 3, last))
        return sorted(day.day for day in days)

    def test_opening_days(self):
        """From Monday to Friday, and by the clock of the site."""
        self.assertEqual(self.opening_days(self.shop, 20, 25), [20, 21, 24, 25])
        self.assertEqual(self.opening_days(self.shop, 22, 23), [])
        self.assertEqual(self.opening_days(self.shop, 21, 20), [])
        self.assertEqual(self.opening_days(self.depot, 22, 23), [22, 23])
        for zone in ("Pacific/Kiritimati", "Pacific/Honolulu", "UTC"):
            self.shop.tz = zone
            with self.subTest(zone=zone):
                self.assertEqual(self.opening_days(self.shop, 20, 25), [20, 21, 24, 25])

    def test_opening_days_past_midnight(self):
        """A night is of both its days; closing at midnight is not of the next."""
        self.shop.opening_calendar_id.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": "Night",
                        "dayofweek": day,
                        "hour_from": start,
                        "hour_to": stop,
                    }
                )
                for day, start, stop in (("3", 20, 24), ("4", 0, 2), ("5", 20, 24))
            ),
        ]
        self.assertEqual(self.opening_days(self.shop, 17, 23), [20, 21, 22])
        self.shop.opening_calendar_id.attendance_ids[1].unlink()
        self.assertEqual(self.opening_days(self.shop, 17, 23), [20, 22])

    def test_public_holidays_of_the_company(self):
        other = self._create_company("Elsewhere")
        leaves = self.env["resource.calendar.leaves"]
        for name, day, company in (
            ("Ours", 19, self.company),
            ("Theirs", 20, other),
        ):
            leave = leaves.with_context(allowed_company_ids=company.ids).create(
                {
                    "name": name,
                    "calendar_id": False,
                    "date_from": self.utc(f"2025-03-{day} 00:00"),
                    "date_to": self.utc(f"2025-03-{day} 23:59:59"),
                }
            )
            self.assertEqual(leave.company_id, company)
        self.assertEqual(
            self.opened("2025-03-18 00:00", "2025-03-22 00:00"),
            [
                ("18 10:00", "18 20:00"),
                ("20 10:00", "20 20:00"),
                ("21 10:00", "21 20:00"),
            ],
        )

    def test_table_for_sql(self):
        sites = self.shop | self.depot
        start, stop = self.utc("2025-03-20 12:00"), self.utc("2025-03-22 00:00")
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM %s AS opening ORDER BY site_id, start",
                sites._opening_table(start, stop),
            )
        )
        self.assertEqual(
            rows,
            [
                (self.shop.id, start, self.utc("2025-03-20 20:00")),
                (
                    self.shop.id,
                    self.utc("2025-03-21 10:00"),
                    self.utc("2025-03-21 20:00"),
                ),
                (self.depot.id, start, stop),
            ],
        )
        never = self.shop._opening_table(
            self.utc("2025-03-22 00:00"), self.utc("2025-03-23 00:00")
        )
        rows = self.env.execute_query(
            SQL("SELECT * FROM %s AS opening WHERE site_id IS NOT NULL", never)
        )
        self.assertEqual(rows, [])

    def test_anybody_may_ask_whether_a_site_is_open(self):
        shop = self.shop.with_user(self.user_seller)
        self.assertTrue(shop._is_open(self.utc("2025-03-20 12:00")))

    def test_duty_managers_of_a_moment(self):
        self.duty(
            self.lead,
            "2025-03-20 09:00",
            "2025-03-20 18:00",
            role="duty_manager",
            site_id=self.shop.id,
        )
        self.duty(
            self.seller,
            "2025-03-20 12:00",
            role="duty_manager",
            site_id=self.shop.id,
        )
        self.duty(self.seller_2, "2025-03-20 09:00", "2025-03-20 18:00")
        for moment, people in (
            ("2025-03-20 08:59", self.env["hr.employee"]),
            ("2025-03-20 09:00", self.lead),
            ("2025-03-20 12:00", self.lead | self.seller),
            ("2025-03-20 18:00", self.seller),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self.shop._duty_managers(self.utc(moment)), people)
        self.assertFalse(self.depot._duty_managers(self.utc("2025-03-20 12:00")))
