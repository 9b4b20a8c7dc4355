import random
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..exceptions import SourceError
from ..tools.delay import inbound_split, lateness_hours, receiving_hours
from ..tools.window import Window
from .delay_common import DELIVERY, PICK, SUPPLIER, DelayCommon


@tagged("post_install", "-at_install")
class TestWorkingHours(DelayCommon):
    """Monday to Friday 8-12 and 13-17, Moscow; the 5th of March is a Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._calendar("Moscow week", "Europe/Moscow")
        cls.company.resource_calendar_id = cls.calendar
        delays = cls.env["kpi.indicator"].search([("source", "in", cls._codes())])
        delays.hours_kind = "working"

    @classmethod
    def _codes(cls):
        return sorted(cls.env["kpi.indicator"]._get_delay_sources())

    @classmethod
    def _calendar(cls, name, tz, days=range(5), hours=((8, 12), (13, 17))):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": "morning" if start < 12 else "afternoon",
                        }
                    )
                    for day in days
                    for start, stop in hours
                ],
            }
        )

    def assertLate(self, hours, promise, delivered, now="2025-03-20 12:00"):
        """A delivery that was promised and made at these local moments."""
        order = self.sale(promise=promise, at="2025-03-01 10:00")
        if delivered:
            self.ship(order, delivered)
        self.assertDelay(DELIVERY, hours, now=now)
        order.order_line.kpi_promised_at = False
        order.picking_ids.move_ids.kpi_due_at = False

    # ---------------------------------------------------------------- hand-computed
    def test_within_a_day(self):
        self.assertLate(2.0, "2025-03-05 09:00", "2025-03-05 11:00")

    def test_lunch(self):
        """11:00 to 14:00: an hour before it, an hour after."""
        self.assertLate(2.0, "2025-03-05 11:00", "2025-03-05 14:00")
        self.assertLate(0.0, "2025-03-05 12:00", "2025-03-05 13:00")

    def test_night(self):
        """16:00 to 9:00 of the next day: 1 + 1; 17:00 to 8:00: none."""
        self.assertLate(2.0, "2025-03-05 16:00", "2025-03-06 09:00")
        self.assertLate(0.0, "2025-03-05 17:00", "2025-03-06 08:00")

    def test_weekend(self):
        """Friday 15:00 to Monday 10:00: 2 + 2; all of it on the weekend: none."""
        self.assertLate(4.0, "2025-03-07 15:00", "2025-03-10 10:00")
        self.assertLate(0.0, "2025-03-08 09:00", "2025-03-09 18:00")

    def test_public_holiday(self):
        """Friday 15:00 to Tuesday 10:00, Monday the 10th is free: 2 + 2 = 4 h; a
        holiday of another calendar takes nothing."""
        self._holiday("2025-03-10", self.calendar)
        self._holiday("2025-03-07", self._calendar("Others", "Europe/Moscow"))
        self.assertLate(4.0, "2025-03-07 15:00", "2025-03-11 10:00")

    def test_holiday_of_all_calendars(self):
        """Entered for the company, for no calendar in particular; that of another
        company takes nothing."""
        self._holiday("2025-03-10")
        other = self._create_company("Other")
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": other.ids}
        )
        theirs = self._holiday("2025-03-07")
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": self.company.ids}
        )
        self.assertEqual(theirs.company_id, other)
        self.assertLate(4.0, "2025-03-07 15:00", "2025-03-11 10:00")

    def _holiday(self, day, calendar=None):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": day,
                "calendar_id": calendar.id if calendar else False,
                "date_from": self.utc(f"{day} 00:00"),
                "date_to": self.utc(f"{day} 23:59:59"),
            }
        )

    def test_half_a_holiday(self):
        """Free from 13:00 on: Monday 8-12 only; 9:00 to Tuesday 9:00 = 3 + 1."""
        self._holiday("2025-03-10", self.calendar).date_from = self.utc(
            "2025-03-10 13:00"
        )
        self.assertLate(4.0, "2025-03-10 09:00", "2025-03-11 09:00")

    def test_open_up_to_now(self):
        """From Wednesday the 19th at 16:00 until noon of the 20th: 1 + 4."""
        self.assertLate(5.0, "2025-03-19 16:00", None)

    def test_in_time_at_night(self):
        self.assertLate(0.0, "2025-03-05 23:00", "2025-03-05 22:00")

    def test_warehouse_s_own_calendar(self):
        """Open 0-24 every day: 16:00 to 9:00 are 17 h."""
        self.warehouse.kpi_calendar_id = self._calendar(
            "Round the clock", "Europe/Moscow", range(7), [(0, 24)]
        )
        self.assertLate(17.0, "2025-03-05 16:00", "2025-03-06 09:00")

    def test_calendar_of_another_zone(self):
        """8-12 and 13-17 in Vladivostok are 1-5 and 6-10 in Moscow: 4:00 to 7:00."""
        self.warehouse.kpi_calendar_id = self._calendar("East", "Asia/Vladivostok")
        self.assertLate(2.0, "2025-03-05 04:00", "2025-03-05 07:00")

    def test_summer_time_begins(self):
        """In Berlin 2:00 to 3:00 of 30 March does not exist: from 0:00 to 6:00 local
        are 5 h. 0:00 there is 2:00 in Moscow, 6:00 is 7:00."""
        self.warehouse.kpi_calendar_id = self._calendar(
            "Berlin", "Europe/Berlin", range(7), [(0, 24)]
        )
        self.assertLate(
            5.0, "2025-03-30 02:00", "2025-03-30 07:00", now="2025-04-02 10:00"
        )

    def test_work_moves_with_summer_time(self):
        """8:00 in Berlin is 10:00 in Moscow on Friday the 28th, 9:00 on Monday the
        31st: from Friday 16:00 local (18:00 Moscow) to Monday 10:00 Moscow = 1 + 1."""
        self.warehouse.kpi_calendar_id = self._calendar("Berlin", "Europe/Berlin")
        self.assertLate(
            2.0, "2025-03-28 18:00", "2025-03-31 10:00", now="2025-04-02 10:00"
        )

    def test_summer_time_ends(self):
        """In Berlin 2:00 of 27 October 2024 comes twice: 0:00 to 6:00 are 7 h."""
        self.warehouse.kpi_calendar_id = self._calendar(
            "Berlin", "Europe/Berlin", range(7), [(0, 24)]
        )
        start, stop = (
            self.utc(f"2024-10-27 {hour}", "Europe/Berlin")
            for hour in ("00:00", "06:00")
        )
        self.assertEqual(self._elapsed([(start, stop)]), [[7.0]])

    def test_calendar_hours_know_no_summer_time(self):
        """The same night by calendar hours: 5 h, too, for those are real hours."""
        self.indicator(DELIVERY).hours_kind = "calendar"
        self.assertLate(
            5.0, "2025-03-30 02:00", "2025-03-30 07:00", now="2025-04-02 10:00"
        )

    def test_all_delay_sources(self):
        """Promised for Friday 16:00, done on Monday at 9:00: 2 h whatever is asked;
        inbound nothing, for the norm is 4."""
        order = self.sale(promise="2025-03-07 16:00")
        self.ship(order, "2025-03-10 09:00")
        self.receive(self.purchase(promise="2025-03-07 16:00"), "2025-03-10 09:00")
        for code in (DELIVERY, PICK, SUPPLIER):
            self.assertDelay(code, 2.0)
        self.assertInbound(0.0, 0.0)
        # Ordered Monday the 3rd at 10:00: 2 + 4, four days of 8, and 1 = 39.
        self.assertDelay("supplier_lead_hours", 39.0)

    def test_receiving(self):
        """At the dock Friday 15:00, in stock Monday 11:00: 2 + 3 = 5 h, over 4."""
        order = self.purchase(promise="2025-03-07 15:00")
        self.mark(order.picking_ids, "2025-03-07 15:00")
        self.receive(order, "2025-03-10 11:00")
        self.assertDelay("receiving_hours", 5.0)
        self.assertDelay("receiving_late_share", 1.0)
        self.assertInbound(supplier=0.0, receiving=1.0)

    def test_handling(self):
        """Created Friday 16:00, confirmed Monday 9:00: 2 h."""
        order = self.quotation("2025-03-07 16:00", self.user_seller)
        with self.at("2025-03-10 09:00"):
            order.action_confirm()
        self._journal_at(order, "2025-03-10 09:00")
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order SET create_date = %s WHERE id = %s",
                self.utc("2025-03-07 16:00"),
                order.id,
            )
        )
        self.assertEqual(self.indicator("order_handling_hours").hours_kind, "working")
        self.assertDelay("order_handling_hours", 2.0)

    # -------------------------------------------------------------------- bad input
    def test_calendar_without_hours(self):
        """Nothing is measured by it in silence: the message names it."""
        empty = self._calendar("Nobody works", "Europe/Moscow", days=())
        self.warehouse.kpi_calendar_id = empty
        with self.assertRaisesRegex(SourceError, "Nobody works"):
            self.measure(DELIVERY)
        self.indicator(DELIVERY).hours_kind = "calendar"
        self.measure(DELIVERY)

    def test_closed_warehouse_keeps_its_hours(self):
        """Late by its own calendar, though it is archived by now."""
        second = self.env["stock.warehouse"].create({"name": "Old", "code": "OLD"})
        second.kpi_calendar_id = self._calendar(
            "Round the clock", "Europe/Moscow", range(7), [(0, 24)]
        )
        order = self.sale(warehouse_id=second.id)
        self.ship(order, "2025-03-06 10:00")
        second.active = False
        self.assertDelay(DELIVERY, 24.0, 1, second)

    # ------------------------------------------------------- SQL and the pure tools
    def _random_moments(self, count, seed=25):
        chance = random.Random(seed)
        begin = datetime(2024, 9, 1)
        return [
            begin + timedelta(seconds=chance.randrange(200 * 24 * 3600))
            for _number in range(count)
        ]

    def _elapsed(self, stretches, window=None, code=DELIVERY):
        """Hours between moments as the sources count them, in one statement."""
        engine = self.env["kpi.engine"]
        indicator = self.indicator(code)
        window = window or Window(
            datetime(2025, 3, 1).date(), datetime(2025, 3, 31).date(), engine._now()
        )
        self.env.flush_all()
        return [
            [float(hours) for hours in row]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT %(hours)s
                    FROM (VALUES %(stretches)s) AS stretch(place, start, stop)
                    %(working_time)s
                    ORDER BY place
                    """,
                    hours=engine._elapsed_hours(
                        indicator, SQL("stretch.start"), SQL("stretch.stop")
                    ),
                    stretches=SQL(", ").join(
                        SQL("(%s, %s::timestamp, %s::timestamp)", place, start, stop)
                        for place, (start, stop) in enumerate(stretches)
                    ),
                    working_time=engine._working_time(
                        indicator,
                        window,
                        SQL("%s", self.company.id),
                        SQL("%s", self.warehouse.id),
                    ),
                )
            )
        ]

    def test_sql_counts_like_the_tool(self):
        """2,000 random stretches over winter and summer time, holidays included."""
        self.warehouse.kpi_calendar_id = calendar = self._calendar(
            "Berlin", "Europe/Berlin"
        )
        for day in ("2024-12-25", "2024-12-26", "2025-01-01"):
            self._holiday(day, calendar)
        moments = self._random_moments(4000)
        stretches = list(zip(moments[::2], moments[1::2], strict=True))
        window = Window(
            datetime(2025, 3, 1).date(),
            datetime(2025, 3, 31).date(),
            self.env["kpi.engine"]._now(),
        )
        times = self.env["kpi.engine"]._read_working_times(
            self.indicator(DELIVERY), window
        )
        time = times[self.company, calendar]
        expected = [time.hours(*stretch) for stretch in stretches]
        self.assertGreater(sum(expected), 0)
        for [hours], right in zip(
            self._elapsed(stretches, window), expected, strict=True
        ):
            self.assertAlmostEqual(hours, right, 6)

    def test_sql_measures_lateness_like_the_tool(self):
        """Promise, end and now at random, by calendar hours, with a tolerance."""
        indicator = self.indicator(DELIVERY)
        indicator.write({"hours_kind": "calendar", "tolerance_minutes": 20})
        moments = self._random_moments(1000, seed=1)
        cases = [
            (promise, promise + timedelta(minutes=end.minute - 20 + end.hour // 12))
            for promise, end in zip(moments[::2], moments[1::2], strict=True)
        ]
        late = indicator._late_hours(SQL("elapsed.hours"))
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM UNNEST(%s::numeric[]) WITH ORDINALITY"
                " AS elapsed(hours, place) ORDER BY elapsed.place",
                late,
                [hours for [hours] in self._elapsed(cases)],
            )
        )
        self.assertTrue(0 < sum(1 for [hours] in rows if hours) < len(cases))
        for [hours], (promise, done) in zip(rows, cases, strict=True):
            right = lateness_hours(promise, done, datetime(2026, 1, 1), 20)
            self.assertAlmostEqual(float(hours), right, 6)

    def test_sql_splits_inbound_delays_like_the_tool(self):
        """Random arrivals and bookings over a month of receipts: the sources of the
        real documents against the pure functions."""
        indicators = self.env["kpi.indicator"].search([("source", "in", self._codes())])
        indicators.write({"hours_kind": "calendar", "tolerance_minutes": 0})
        order = self.purchase([1] * 40)
        chance = random.Random(3)
        expected = []
        for line in order.order_line:
            promise = self.due + timedelta(minutes=chance.randrange(5000))
            arrived = promise + timedelta(minutes=chance.randrange(-2000, 2000))
            stocked = arrived + timedelta(minutes=chance.randrange(2000))
            expected.append((promise, arrived, stocked))
            move = line.move_ids
            picking = move.picking_id.copy({"move_ids": []})
            move.write({"state": "done", "quantity": 1, "kpi_done_at": stocked})
            move.picking_id = picking
            picking.kpi_arrived_at = arrived
            line.kpi_promised_at = promise
        split = [inbound_split(*moments, 4.0) for moments in expected]
        self.assertTrue(any(part.own and part.supplier for part in split))
        self.assertInbound(
            supplier=sum(part.supplier for part in split),
            receiving=sum(part.own for part in split),
            due=40,
        )
        self.assertDelay(
            SUPPLIER,
            sum(lateness_hours(p, a, datetime(2026, 1, 1), 0) for p, a, _s in expected),
            40,
        )
        self.assertDelay(
            "receiving_hours", sum(receiving_hours(a, s) for _p, a, s in expected), 40
        )
