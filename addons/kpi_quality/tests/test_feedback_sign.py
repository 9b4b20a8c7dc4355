from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..tools.window import Window
from .feedback_common import FeedbackCommon

WEDNESDAY = date(2025, 3, 5)


@tagged("post_install", "-at_install")
class TestFeedbackSign(FeedbackCommon):
    # --------------------------------------------------------------- fixtures
    def find(self, day=WEDNESDAY, until=None):
        """:return: ``[(kind, presses)]`` of all signs there are then"""
        now = self.env["kpi.engine"]._now()
        self.env["kpi.feedback.sign"]._find(Window(day, until or day, now))
        self.signs = self.env["kpi.feedback.sign"].search(
            [("company_id", "=", self.company.id)], order="date, kind, start, id"
        )
        return [(sign.kind, sign.presses) for sign in self.signs]

    def sell(self, moment, *seconds, point=None, employee=None):
        """Presses of the seller's button, seconds after a local moment."""
        return self.presses(
            point or self.counter,
            moment,
            [(second, "seller") for second in seconds],
            employee_id=(employee or self.seller).id,
        )

    def ask(self, moment, answers, seconds=5.0, step=30, employee=None):
        """Polls answered in a row.

        :param answers: words, or ``{word: number}``
        :param seconds: after which the customers answer; one or one for each
        """
        if isinstance(answers, dict):
            answers = [word for word, number in answers.items() for _ in range(number)]
        if not isinstance(seconds, list):
            seconds = [seconds] * len(answers)
        items = []
        for number, (answer, after) in enumerate(zip(answers, seconds, strict=True)):
            items += [(number * step, "seller"), (number * step + after, answer)]
        return self.presses(
            self.counter, moment, items, employee_id=(employee or self.seller).id
        )

    def open_hours(self, start=10, stop=20):
        """The shop opens on all days but Sunday."""
        self.shop.opening_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Shop",
                "company_id": self.company.id,
                "tz": "UTC",  # the site's clock counts
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Open",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": "morning",
                        }
                    )
                    for day in range(6)
                ],
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

    # ----------------------------------------------------------------- bursts
    def test_five_presses_within_a_minute_are_a_burst(self):
        self.sell("2025-03-05 10:00:00", 0, 15, 30, 45, 60)
        self.assertEqual(self.find(), [("burst", 5)])
        self.assertRecordValues(
            self.signs,
            [
                {
                    "point_id": self.counter.id,
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "site_id": self.shop.id,
                    "date": WEDNESDAY,
                    "start": self.utc("2025-03-05 10:00:00"),
                    "stop": self.utc("2025-03-05 10:01:00"),
                    "state": "new",
                }
            ],
        )
        self.assertEqual(
            self.signs.sentence,
            "The seller's button was pressed 5 times between 10:00:00 and 10:01:00.",
        )

    def test_five_presses_in_more_than_a_minute_are_customers(self):
        self.sell("2025-03-05 10:00:00", 0, 15, 30, 45, 60.5)
        self.assertEqual(self.find(), [])

    def test_presses_that_bounce_are_one(self):
        self.sell("2025-03-05 10:00:00", 0, 1, 2, 3, 4, 20, 40)
        self.assertEqual(self.find(), [])

    def test_two_sellers_at_one_console_are_no_burst(self):
        self.sell("2025-03-05 10:00:00", 0, 20, 40)
        self.sell("2025-03-05 10:00:10", 0, 20, 40, employee=self.seller_2)
        self.assertEqual(self.find(), [])

    def test_a_long_burst_is_one_and_a_later_one_another(self):
        self.sell("2025-03-05 10:00:00", *range(0, 90, 10))
        self.sell("2025-03-05 15:00:00", *range(0, 50, 10))
        self.assertEqual(self.find(), [("burst", 9), ("burst", 5)])

    # ----------------------------------------------------------- outside hours
    def test_presses_while_the_shop_is_closed(self):
        self.open_hours()
        self.sell("2025-03-05 21:00:00", 0, 60, 120)
        self.assertEqual(self.find(), [("outside", 3)])
        self.assertEqual(
            self.signs.sentence,
            "3 presses outside opening hours, between 21:00 and 21:02.",
        )

    def test_sunday_is_closed(self):
        self.open_hours()
        self.sell("2025-03-09 12:00:00", 0, 60, 120)
        self.assertEqual(self.find(date(2025, 3, 9)), [("outside", 3)])

    def test_a_quarter_of_an_hour_before_and_after_is_no_sign(self):
        self.open_hours()
        self.sell("2025-03-05 09:45:00", 0, 60, 120)
        self.sell("2025-03-05 20:13:00", 0, 60, 120)
        self.assertEqual(self.find(), [])
        self.sell("2025-03-05 09:44:00", 0, 10, 20)
        self.assertEqual(self.find(), [("outside", 3)])

    def test_two_presses_outside_hours_are_somebody_trying(self):
        self.open_hours()
        self.sell("2025-03-05 21:00:00", 0, 60)
        self.assertEqual(self.find(), [])

    def test_a_shop_without_hours_is_never_closed(self):
        self.sell("2025-03-05 03:00:00", 0, 60, 120)
        self.assertEqual(self.find(), [])

    # -------------------------------------------------------------- attendance
    def test_presses_with_nobody_of_the_department_at_work(self):
        self.attend(self.seller_2, "2025-03-05 10:00", "2025-03-05 18:00")
        self.sell("2025-03-05 19:00:00", 0, 60, 120)
        self.assertEqual(self.find(), [("unattended", 3)])

    def test_somebody_of_the_department_is_enough(self):
        self.attend(self.seller_2, "2025-03-05 10:00", "2025-03-05 18:00")
        self.sell("2025-03-05 12:00:00", 0, 60, 120)
        self.sell("2025-03-05 18:12:00", 0, 60, 120)
        self.assertEqual(self.find(), [])

    def test_another_department_at_work_is_not(self):
        self.attend(self.seller, "2025-03-04 10:00", "2025-03-04 18:00")
        self.attend(self.wholesaler, "2025-03-05 10:00", "2025-03-05 18:00")
        self.sell("2025-03-05 12:00:00", 0, 60, 120)
        self.assertEqual(self.find(), [("unattended", 3)])

    def test_where_nobody_checks_in_attendance_says_nothing(self):
        self.attend(self.wholesaler, "2025-03-05 10:00", "2025-03-05 11:00")
        self.sell("2025-03-05 12:00:00", 0, 60, 120)
        self.assertEqual(self.find(), [])

    def test_who_forgot_to_check_out_was_there(self):
        self.attend(self.seller, "2025-03-05 10:00")
        self.sell("2025-03-05 19:00:00", 0, 60, 120)
        self.assertEqual(self.find(), [])

    # ---------------------------------------------------------- instant answers
    def test_eight_of_ten_answers_within_a_second(self):
        self.ask("2025-03-05 10:00:00", ["yes", "no"] * 5, [0.5] * 8 + [1.0, 5.0])
        self.assertEqual(self.find(), [("instant", 8)])
        self.assertEqual(self.signs.compared, 10)
        self.assertEqual(self.signs.sentence, "8 of 10 answers came within a second.")

    def test_seven_of_ten_are_quick_customers(self):
        self.ask("2025-03-05 10:00:00", ["yes", "no"] * 5, [0.5] * 7 + [1.0] * 3)
        self.assertEqual(self.find(), [])

    def test_nine_answers_are_too_few_to_say(self):
        self.ask("2025-03-05 10:00:00", ["yes", "no", "yes"] * 3, 0.5)
        self.assertEqual(self.find(), [])

    def test_silent_customers_answer_nothing(self):
        self.ask("2025-03-05 10:00:00", ["yes", "no"] * 5, 0.5)
        self.sell("2025-03-05 11:00:00", *range(0, 3000, 100))
        self.assertEqual(self.find(), [("instant", 10)])

    # ------------------------------------------------------------------ streaks
    def test_thirty_times_the_same_where_nothing_is_known(self):
        self.ask("2025-03-05 10:00:00", {"yes": 29, "no": 1})
        self.assertEqual(self.find(), [])
        self.ask("2025-03-05 12:00:00", {"yes": 30})
        self.assertEqual(self.find(), [("streak", 30)])
        self.assertEqual(
            self.signs.sentence,
            "“Yes” 30 times in a row, between 12:00 and 12:14.",
        )

    def test_a_row_is_judged_by_what_customers_usually_say(self):
        """Half of 100 said yes: ten in a row come by chance once in 1,024 times."""
        self.ask("2025-03-04 10:00:00", ["yes", "no"] * 50, employee=self.seller_2)
        self.ask("2025-03-05 10:00:00", {"yes": 9, "no": 1})
        self.assertEqual(self.find(), [])
        self.ask("2025-03-05 12:00:00", {"yes": 10})
        self.assertEqual(self.find(), [("streak", 10)])
        self.assertEqual(
            self.signs.sentence,
            "“Yes” 10 times in a row, between 12:00 and 12:04; usually 50 % of the "
            "answers are that.",
        )

    def test_satisfied_customers_are_no_sign(self):
        """Nine of ten said yes: 0.9 to the power of 40 is 1.5 %."""
        self.ask(
            "2025-03-04 10:00:00",
            (["yes"] * 9 + ["no"]) * 10,
            employee=self.seller_2,
        )
        self.ask("2025-03-05 10:00:00", {"yes": 40})
        self.assertEqual(self.find(), [])

    # ------------------------------------------------------------------- silent
    def history(self, *hours, presses=6, days=5):
        """The days before, with presses in these local hours."""
        for number in range(1, days + 1):
            day = WEDNESDAY - timedelta(days=number)
            for hour in hours:
                self.sell(f"{day} {hour:02}:00:00", *range(0, presses * 300, 300))

    def test_an_hour_without_a_press_where_there_are_usually_six(self):
        self.history(12, 13)
        self.sell("2025-03-05 11:00:00", 0)
        self.assertEqual(self.find(), [("silent", 0)])
        self.assertRecordValues(
            self.signs,
            [
                {
                    "point_id": self.counter.id,
                    "employee_id": False,
                    "department_id": self.retail.id,
                    "start": self.utc("2025-03-05 12:00"),
                    "stop": self.utc("2025-03-05 14:00"),
                    "compared": 12.0,
                }
            ],
        )
        self.assertEqual(
            self.signs.sentence,
            "Not one press from 12:00 to 14:00; usually there are 12.",
        )

    def test_one_press_is_not_silence(self):
        self.history(12)
        self.sell("2025-03-05 12:59:59", 0)
        self.assertEqual(self.find(), [])

    def test_five_presses_are_no_peak(self):
        self.history(12, presses=5)
        self.sell("2025-03-05 11:00:00", 0)
        self.assertEqual(self.find(), [])

    def test_four_days_do_not_tell_what_is_usual(self):
        self.history(12, days=4)
        self.sell("2025-03-05 11:00:00", 0)
        self.assertEqual(self.find(), [])

    def test_a_day_off_is_not_silence_unless_the_shop_is_open(self):
        """The console was not used at all; the shop's hours say that it should."""
        self.history(12)
        self.assertEqual(self.find(), [])
        self.open_hours()
        self.assertEqual(self.find(), [("silent", 0)])

    def test_hours_while_the_shop_is_closed_may_be_silent(self):
        self.history(12, 13)
        self.sell("2025-03-05 11:00:00", 0)
        self.open_hours(10, 13)
        signs = dict(self.find())
        self.assertIn("silent", signs)
        silent = self.signs.filtered(lambda sign: sign.kind == "silent")
        self.assertEqual(silent.stop, self.utc("2025-03-05 13:00"))

    def test_force_majeure_explains_silence(self):
        self.history(12)
        self.press(self.counter, "2025-03-05 11:30:00", "seller", held=4)
        self.press(self.counter, "2025-03-05 12:10:00", "seller", held=4)
        self.sell("2025-03-05 11:00:00", 0)
        self.assertEqual(self.find(), [])

    def test_visits_without_a_press(self):
        """40 site visitors of whom half visit the department: 20 visits."""
        self.history(12, presses=1)
        self.study(0.5)
        self.count(40, hour=12)
        self.count(39, hour=13)
        self.sell("2025-03-05 11:00:00", 0)
        self.assertEqual(self.find(), [("silent", 0)])
        self.assertEqual(
            self.signs.sentence,
            "Not one press from 12:00 to 13:00, with 20 visits of the department.",
        )
        # the visitors were served at the other console
        self.sell("2025-03-05 12:30:00", 0, point=self.desk)
        self.assertEqual(self.find(), [])

    # ------------------------------------------------------------ far from visits
    def study(self, share):
        return self.env["kpi.popularity.study"].create(
            {
                "name": "Study",
                "site_id": self.shop.id,
                "state": "done",
                "start": self.utc("2025-01-10 10:00"),
                "stop": self.utc("2025-01-10 14:00"),
                "site_visitors": 100,
                "valid_from": "2025-02-01",
                "line_ids": [
                    Command.create(
                        {
                            "department_id": self.retail.id,
                            "observed": round(100 * share),
                        }
                    )
                ],
            }
        )

    def count(self, visitors, hour=-1):
        return self.env["kpi.visitor.count"].create(
            {
                "entrance_id": self.entrance.id,
                "date": WEDNESDAY,
                "hour": hour,
                "visitors": visitors,
            }
        )

    def far(self, attempts, visits):
        """So many attempts at so many visits, half of them of seller 2."""
        self.study(0.5)
        self.count(visits * 4)
        for employee in (self.seller, self.seller_2):
            self.attend(employee, "2025-03-05 10:00", "2025-03-05 20:00")
        for employee, number in ((self.seller, attempts), (self.seller_2, visits)):
            self.sell(
                "2025-03-05 10:30:00",
                *range(0, number * 300, 300),
                employee=employee,
                point=self.desk if employee == self.seller_2 else self.counter,
            )
        return self.find()

    def test_more_attempts_than_there_were_visits(self):
        self.assertEqual(self.far(27, 20), [("far", 27)])
        self.assertRecordValues(
            self.signs,
            [
                {
                    "employee_id": self.seller.id,
                    "department_id": self.retail.id,
                    "point_id": False,
                    "visits": 20.0,
                    "start": self.utc("2025-03-05 00:00"),
                    "stop": self.utc("2025-03-06 00:00"),
                }
            ],
        )
        self.assertEqual(self.signs.sentence, "27 attempts on 20 visits: 135 %.")

    def test_130_percent_may_be_two_talks_with_one_customer(self):
        self.assertEqual(self.far(26, 20), [])

    def test_hardly_any_attempts(self):
        self.assertEqual(self.far(5, 20), [("far", 5)])

    def test_30_percent_may_be_a_bad_day(self):
        self.assertEqual(self.far(6, 20), [])

    def test_no_attempt_at_all(self):
        self.assertEqual(self.far(0, 20), [("far", 0)])

    def test_too_few_visits_say_nothing(self):
        self.assertEqual(self.far(40, 19), [])

    # ------------------------------------------------------------- all together
    def test_an_honest_day_raises_nothing(self):
        """Busy, with quick and slow customers, a queue, closing time and a study."""
        self.open_hours()
        self.history(12, 13, 17, presses=8)
        self.study(0.5)
        self.count(160)
        for employee in (self.seller, self.seller_2):
            self.attend(employee, "2025-03-05 09:50", "2025-03-05 20:10")
        words = ["yes", "yes", "no", "yes", "unsure", "yes", "yes", "no"]
        for hour in range(10, 20):
            for employee, minute in ((self.seller, 5), (self.seller_2, 35)):
                self.ask(
                    f"2025-03-05 {hour}:{minute:02}:00",
                    words[hour % 5 : hour % 5 + 4],
                    [0.8, 2.5, 4.0, 11.0],
                    step=75,
                    employee=employee,
                )
        self.assertEqual(self.find(), [])

    def test_days_are_those_of_the_site(self):
        """Half past midnight in Moscow is yesterday in UTC."""
        self.sell("2025-03-05 00:30:00", *range(0, 50, 10))
        self.assertEqual(self.find(WEDNESDAY - timedelta(days=1)), [])
        self.assertEqual(self.find(), [("burst", 5)])

    def test_found_again_it_is_the_same_sign(self):
        self.sell("2025-03-05 10:00:00", *range(0, 50, 10))
        self.find()
        before = self.signs
        self.assertEqual(self.find(), [("burst", 5)])
        self.assertEqual(self.signs, before)
        # a press that arrives late belongs to it
        self.sell("2025-03-05 10:00:55", 0)
        self.assertEqual(self.find(), [("burst", 6)])
        self.assertEqual(self.signs, before)

    def test_a_sign_that_does_not_hold_any_more_goes_unless_somebody_saw_it(self):
        self.history(12, presses=8)
        self.sell("2025-03-05 11:00:00", 0)
        self.find()
        self.sell("2025-03-05 12:30:00", 0)
        self.assertEqual(self.find(), [])
        day = WEDNESDAY + timedelta(days=1)
        self.sell(f"{day} 11:00:00", 0)
        self.find(day)
        self.signs.write({"state": "explained", "note": "The battery was empty."})
        self.sell(f"{day} 12:30:00", 0)
        self.assertEqual(self.find(day), [("silent", 0)])
        self.assertEqual(self.signs.note, "The battery was empty.")

    def test_what_was_seen_does_not_come_back_when_it_grows(self):
        self.sell("2025-03-05 10:00:10", *range(0, 50, 10))
        self.find()
        self.signs.action_seen()
        self.sell("2025-03-05 10:00:00", 0)
        self.assertEqual(self.find(), [("burst", 5)])
        self.assertEqual(self.signs.state, "seen")

    def test_the_night_looks_at_the_last_seven_days(self):
        for day in (12, 13, 19, 20):
            self.sell(f"2025-03-{day} 10:00:00", *range(0, 50, 10))
        self.env["kpi.feedback.sign"]._cron_find()
        signs = self.env["kpi.feedback.sign"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(sorted(day.day for day in signs.mapped("date")), [13, 19])

    def test_signs_take_nothing_out_of_the_figures(self):
        self.ask("2025-03-05 10:00:00", ["yes", "no"] * 5, 0.5)
        before = self.polls(self.counter)
        self.find()
        self.assertEqual(self.polls(self.counter), before)
        self.assertEqual(
            set(self.env["kpi.feedback.poll"].search([]).mapped("state")), {"unchecked"}
        )

    def test_open_the_presses(self):
        events = self.sell("2025-03-05 10:00:00", *range(0, 50, 10))
        self.sell("2025-03-05 11:00:00", 0)
        self.find()
        action = self.signs.action_open_presses()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, events.sorted("pressed_at", reverse=True))

    def test_open_the_presses_of_a_sellers_day(self):
        self.far(27, 20)
        action = self.signs.action_open_presses()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(found), 27)
        self.assertEqual(found.employee_id, self.seller)

    def test_signs_of_a_point_for_the_desk(self):
        self.far(27, 20)
        self.sell("2025-03-05 11:01:00", *range(0, 50, 10), point=self.desk)
        self.find()
        model = self.env["kpi.feedback.sign"]
        for point, kinds in ((self.desk, ["far", "burst"]), (self.counter, ["far"])):
            with self.subTest(point.name):
                self.assertEqual(
                    model._for_point(point, WEDNESDAY).mapped("kind"), kinds
                )
        self.assertFalse(model._for_point(self.desk, date(2025, 3, 6)))
