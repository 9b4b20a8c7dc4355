from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import chain
from random import Random

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import visit_sql
from ..tools.popularity import split_visits, worked_seconds
from ..tools.window import Window
from .feedback_common import FeedbackCommon

DAY = date(2025, 3, 5)
VISITS = ("site_visitors", "department_visits", "visitor_coverage")


@tagged("post_install", "-at_install")
class TestSourceVisitors(FeedbackCommon):
    # --------------------------------------------------------------- fixtures
    @classmethod
    def _study(cls, popularity, valid_from="2025-03-01", **values):
        """An accepted study; popularity by department."""
        return cls.env["kpi.popularity.study"].create(
            {
                "name": "Study",
                "site_id": cls.shop.id,
                "state": "done",
                "start": cls.utc("2025-02-01 10:00"),
                "stop": cls.utc("2025-02-01 14:00"),
                "site_visitors": 100,
                "valid_from": valid_from,
                "line_ids": [
                    Command.create(
                        {"department_id": department.id, "observed": round(share * 100)}
                    )
                    for department, share in popularity.items()
                ],
                **values,
            }
        )

    @classmethod
    def _count(cls, visitors, hour=-1, day=DAY, entrance=None):
        return cls.env["kpi.visitor.count"].create(
            {
                "entrance_id": (entrance or cls.entrance).id,
                "date": day,
                "hour": hour,
                "visitors": visitors,
            }
        )

    @classmethod
    def _attend(cls, employee, start, stop=None):
        return cls.env["hr.attendance"].create(
            {
                "employee_id": employee.id,
                "check_in": cls.utc(start),
                "check_out": stop and cls.utc(stop),
            }
        )

    def _attempts(self, count, moment, employee=None, point=None):
        """Presses 10 seconds apart from a local moment on."""
        return self.presses(
            point or self.desk,
            moment,
            [(10 * number, "seller") for number in range(count)],
            employee_id=employee.id if employee else False,
        )

    def _values(self, code, *places, **days):
        return [self.fact(code, place, **days).value for place in places]

    # ---------------------------------------------------------------- visits
    def test_published_numbers(self):
        """200 visitors x 0.85 and 0.90: 170 and 180; never added up into the site."""
        self._study({self.retail: 0.85, self.wholesale: 0.90})
        self._count(200)
        self.measure(" ".join(VISITS))
        self.assertEqual(
            self._values("department_visits", self.retail, self.wholesale), [170, 180]
        )
        self.assertEqual(self._values("site_visitors", self.shop), [200])

    def test_counters_and_presses_never_count_a_visitor_twice(self):
        self._count(30, hour=10)
        for moment in ("10:15:00", "11:15:00", "11:15:01"):
            self.press(self.door, f"2025-03-05 {moment}", "visitor")
        self._count(7, day=date(2025, 3, 6))
        self.press(self.door, "2025-03-06 12:00:00", "visitor")
        self.measure("site_visitors")
        found = [
            (atom.date.day, hour, atom.numerator)
            for atom, hour in self._with_hours("site_visitors")
        ]
        self.assertEqual(found, [(5, 10, 30), (5, 11, 2), (6, None, 7)])

    def _with_hours(self, code):
        """Atoms with their hour, or None: the ORM shows an unknown hour as 0."""
        atoms = self.atoms(code)
        self.env.flush_all()
        hours = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, hour FROM kpi_measurement WHERE id = ANY(%s)", atoms.ids
                )
            )
        )
        return [(atom, hours[atom.id]) for atom in atoms]

    def test_a_day_is_the_sites_day(self):
        self.press(self.door, "2025-03-05 00:00:00", "visitor")
        self.press(self.door, "2025-03-05 23:59:59", "visitor")
        self.press(self.door, "2025-03-06 00:00:00", "visitor")
        self.measure("site_visitors", DAY, DAY)
        self.assertEqual(
            [
                (atom.date, hour, atom.numerator)
                for atom, hour in self._with_hours("site_visitors")
            ],
            [(DAY, 0, 1), (DAY, 23, 1)],
        )

    def test_presses_elsewhere_are_no_visitors(self):
        self.press(self.desk, "2025-03-05 10:00:00", "visitor")
        self.press(self.door, "2025-03-05 10:00:00", "yes")
        self.measure("site_visitors")
        self.assertFalse(self.atoms("site_visitors"))

    def test_the_newest_study_of_the_day_counts(self):
        self._study({self.retail: 0.5}, valid_from="2025-01-01")
        self._study({self.retail: 0.8}, "2025-03-05", valid_to="2025-03-06")
        self._study({self.retail: 1.0}, "2025-03-03", state="cancelled")
        for day in (4, 5, 6, 7):
            self._count(100, day=date(2025, 3, day))
        self.measure("department_visits")
        visits = {a.date.day: a.numerator for a in self.atoms("department_visits")}
        self.assertEqual(visits, {4: 50, 5: 80, 6: 80, 7: 50})

    def test_no_study_no_visits(self):
        self._study({self.retail: 0.85}, "2025-03-06")
        self._count(200)
        self.measure("department_visits")
        self.assertFalse(self.atoms("department_visits"))

    def test_where_nobody_counts_there_is_no_data(self):
        """Not zero: neither of a department, nor of a site without a counter."""
        self._count(0)
        self.measure("site_visitors department_visits")
        self.assertEqual(self._values("site_visitors", self.shop), [0])
        for code, place in (
            ("site_visitors", self.depot),
            ("site_visitors", self.retail),
            ("department_visits", self.retail),
            ("department_visits", self.seller),
        ):
            fact = self.fact(code, place)
            self.assertEqual((fact.value, fact.reason), (None, "no_measurement"))

    # ------------------------------------------------------ shares of sellers
    def test_visits_follow_the_hours_worked(self):
        """170 visits: 8 hours and 2 hours make 136 and 34."""
        self._study({self.retail: 0.85})
        self._count(200)
        self._attend(self.seller, "2025-03-05 10:00", "2025-03-05 18:00")
        self._attend(self.seller_2, "2025-03-05 08:00", "2025-03-05 10:00")
        self._attend(self.wholesaler, "2025-03-05 08:00", "2025-03-05 20:00")
        self._attend(self.picker, "2025-03-05 08:00", "2025-03-05 20:00")
        self.measure("department_visits")
        self.assertEqual(
            self._values("department_visits", self.seller, self.seller_2, self.retail),
            [136, 34, 170],
        )

    def test_by_the_hour_where_the_hour_is_known(self):
        """45 minutes and an hour of 10 o'clock; at 18 nobody is left."""
        self._study({self.retail: 1.0})
        self._count(70, hour=10)
        self._count(20, hour=18)
        self._attend(self.seller, "2025-03-05 10:15", "2025-03-05 18:00")
        self._attend(self.seller_2, "2025-03-05 08:00", "2025-03-05 11:00")
        self.measure("department_visits")
        found = {
            (hour, atom.employee_id): atom.numerator
            for atom, hour in self._with_hours("department_visits")
        }
        nobody = self.env["hr.employee"]
        self.assertEqual(
            found, {(10, self.seller): 30, (10, self.seller_2): 40, (18, nobody): 20}
        )

    def test_the_department_is_that_of_the_day(self):
        self._study({self.retail: 1.0})
        self._move_employee(self.seller, "2025-03-06", self.wholesale)
        for day in (5, 6):
            self._count(100, day=date(2025, 3, day))
            self._attend(self.seller, f"2025-03-0{day} 10:00", f"2025-03-0{day} 18:00")
        self.measure("department_visits")
        self.assertEqual(
            {a.date.day: a.employee_id for a in self.atoms("department_visits")},
            {5: self.seller, 6: self.env["hr.employee"]},
        )

    def test_who_forgot_to_leave_worked_until_the_end_of_the_day(self):
        self._study({self.retail: 1.0})
        for day in (5, 6):
            self._count(100, day=date(2025, 3, day))
        self._attend(self.seller, "2025-03-05 12:00")
        self._attend(self.seller_2, "2025-03-06 12:00", "2025-03-06 13:00")
        self.measure("department_visits")
        self.assertEqual(
            {a.date.day: a.employee_id for a in self.atoms("department_visits")},
            {5: self.seller, 6: self.seller_2},
        )

    def test_equals_the_slow_reference(self):
        """A week of random counts, presses and attendance, hour by hour."""
        random = Random(4)
        shares = {self.retail: 0.85, self.wholesale: 0.37}
        self._study(shares)
        back_door = self.env["kpi.site.entrance"].create(
            {"name": "Back door", "site_id": self.shop.id}
        )
        visitors = defaultdict(int)
        presses = []
        counted = set()
        days = [DAY + timedelta(days=number) for number in range(7)]
        for day in days:
            for entrance in (self.entrance, back_door):
                slots = random.choice([[-1], random.sample(range(8, 22), 9), []])
                for hour in slots:
                    count = self._count(random.randrange(200), hour, day, entrance)
                    visitors[day, hour] += count.visitors
                    counted.add((entrance, day, hour))
            for _number in range(40):
                moment = datetime.combine(day, time()) + timedelta(
                    seconds=random.randrange(86400)
                )
                presses.append(
                    self._press_values(self.door, self.utc(str(moment)), 0, "visitor")
                )
                slots = {(self.entrance, day, hour) for hour in (-1, moment.hour)}
                if not slots & counted:
                    visitors[day, moment.hour] += 1
        self.env["kpi.feedback.event"].create(presses)
        worked = defaultdict(list)
        people = {
            self.retail: (self.seller, self.seller_2, self.nobody),
            self.wholesale: (self.wholesaler,),
        }
        for day in days:
            for employee in chain(*people.values()):
                moment = datetime.combine(day, time(random.randrange(7, 12)))
                for _part in range(random.randrange(3)):
                    start = moment + timedelta(minutes=random.randrange(120))
                    moment = start + timedelta(minutes=random.randrange(1, 300))
                    self._attend(employee, str(start), str(moment))
                    worked[employee].append((start, moment))
        expected = {}
        for (day, hour), count in visitors.items():
            start = datetime.combine(day, time(max(hour, 0)))
            stop = start + timedelta(days=1) if hour < 0 else start + timedelta(hours=1)
            for department, share in shares.items():
                parts = split_visits(
                    count * share,
                    {
                        employee: worked_seconds(worked[employee], start, stop)
                        for employee in people[department]
                    },
                )
                for employee, visits in parts.items():
                    key = (day, hour, department, employee or self.env["hr.employee"])
                    expected[key] = float(visits)
        self.measure("site_visitors department_visits")
        found = {
            (
                atom.date,
                -1 if hour is None else hour,
                atom.department_id,
                atom.employee_id,
            ): atom.numerator
            for atom, hour in self._with_hours("department_visits")
        }
        self.assertEqual(found.keys(), expected.keys())
        for key, visits in expected.items():
            self.assertAlmostEqual(found[key], visits, 8, key)
        total = sum(visitors.values())
        self.assertEqual(self.fact("site_visitors", self.shop).value, total)
        for department, share in shares.items():
            whole = self.fact("department_visits", department).value
            self.assertAlmostEqual(whole, total * share, 6)
            known = self._values("department_visits", *people[department])
            unknown = sum(
                atom.numerator
                for atom in self.atoms("department_visits", department_id=department)
                if not atom.employee_id
            )
            self.assertAlmostEqual(sum(filter(None, known)) + unknown, whole, 6)

    def test_denominators_of_other_sources(self):
        """``department_visits`` adds up to what the indicator shows."""
        self._study({self.retail: 0.85})
        self._count(200)
        self._attend(self.seller, "2025-03-05 10:00", "2025-03-05 18:00")
        window = Window(DAY, DAY, self.env["kpi.engine"]._now())
        self.env.flush_all()
        for select in (visit_sql.department_visits, visit_sql.seller_visits):
            rows = self.env.execute_query(
                SQL(
                    "SELECT res_model, site_id, department_id, date, hour, moment,"
                    " visits FROM (%s) AS visit WHERE company_id = %s",
                    select(window),
                    self.company.id,
                )
            )
            self.assertEqual(
                rows,
                [
                    (
                        "kpi.visitor.count",
                        self.shop.id,
                        self.retail.id,
                        DAY,
                        None,
                        None,
                        170,
                    )
                ],
            )

    # -------------------------------------------------------------- coverage
    def test_coverage_of_sellers_and_department(self):
        """Department 30 of 80; the sellers' own, and 6 attempts of nobody."""
        self._study({self.retail: 1.0})
        self._count(80)
        self._attend(self.seller, "2025-03-05 10:00", "2025-03-05 16:00")
        self._attend(self.seller_2, "2025-03-05 10:00", "2025-03-05 12:00")
        self._attempts(20, "2025-03-05 10:00:00", self.seller)
        self._attempts(4, "2025-03-05 12:00:00", self.seller_2)
        unknown = self._attempts(6, "2025-03-05 19:00:00")
        self.assertEqual(len(unknown), 6)
        self.measure("visitor_coverage")
        facts = [
            self.fact("visitor_coverage", place)
            for place in (self.seller, self.seller_2, self.retail, self.shop)
        ]
        self.assertEqual(
            [(fact.numerator, fact.denominator) for fact in facts],
            [(20, 60), (4, 20), (30, 80), (30, 80)],
        )
        self.assertAlmostEqual(facts[2].value, 37.5)

    def test_above_100_is_shown(self):
        self._study({self.retail: 1.0})
        self._count(5)
        self._attempts(6, "2025-03-05 10:00:00", self.seller)
        self.measure("visitor_coverage")
        self.assertEqual(self._values("visitor_coverage", self.retail), [120])

    def test_rejected_attempts_and_days_without_visits_do_not_count(self):
        self._study({self.retail: 1.0})
        self._count(10)
        presses = self._attempts(4, "2025-03-05 10:00:00", self.seller)
        self._attempts(9, "2025-03-06 10:00:00", self.seller)
        attempt = self.env["kpi.feedback.attempt"].search(
            [("event_id", "=", presses[0].id)]
        )
        attempt.state = "rejected"
        self.measure("visitor_coverage sale_conversion")
        fact = self.fact("visitor_coverage", self.retail)
        self.assertEqual((fact.numerator, fact.denominator), (3, 10))
        self.assertEqual(self.fact("sale_conversion", self.retail).denominator, 12)

    def test_visits_of_a_department_as_a_whole_serve_its_parts(self):
        self._study({self.sales: 1.0})
        self._count(10)
        self._attempts(4, "2025-03-05 10:00:00", self.seller)
        self.measure("visitor_coverage")
        self.assertEqual(self._values("visitor_coverage", self.sales), [40])
        self.assertEqual(
            self.fact("visitor_coverage", self.retail).reason, "zero_denominator"
        )

    # ------------------------------------------------------------ conversion
    def test_conversion_by_salesperson(self):
        """4 and 1 sales of 10 and 4 attempts, 6 attempts of nobody: 25 % in all."""
        self._attempts(10, "2025-03-05 10:00:00", self.seller)
        self._attempts(4, "2025-03-05 12:00:00", self.seller_2)
        self._attempts(6, "2025-03-05 19:00:00")
        for number in range(4):
            self.order(f"2025-03-05 1{number}:30", self.user_seller)
        self.order("2025-03-05 12:30", self.user_seller_2)
        undone = self.order("2025-03-05 13:30", self.user_seller_2)
        self.refund(self.invoice("2025-03-05", order=undone), "2025-03-06")
        self.quotation("2025-03-05 14:30", self.user_seller_2)
        self.measure("sale_conversion")
        self.assertEqual(
            self._values("sale_conversion", self.seller, self.seller_2, self.retail),
            [40, 25, 25],
        )

    def test_sales_of_departments_without_points_do_not_count(self):
        """Nobody presses a button there: 1 sale of 2 attempts stays 50 %."""
        self._attempts(2, "2025-03-05 10:00:00", self.seller)
        self.order("2025-03-05 11:00", self.user_seller)
        self.order("2025-03-05 12:00", self.user_picker)
        self.measure("sale_conversion")
        fact = self.fact("sale_conversion")
        self.assertEqual((fact.numerator, fact.denominator), (1, 2))

    def test_other_sales_join_by_the_hook(self):
        """What a till adds by UNION ALL is counted and opens its own document."""
        self._attempts(4, "2025-03-05 10:00:00", self.seller)
        model = type(self.indicator("sale_conversion"))

        def receipts(indicator, window):
            return self.env["kpi.engine"]._document_select(
                SQL("FROM (SELECT 1) AS receipt"),
                res_model=SQL("'res.partner'"),
                res_id=SQL("%s", self.partner.id),
                day=SQL("'2025-03-05'"),
                company_id=SQL("%s", self.company.id),
                employee_id=SQL("%s", self.seller.id),
                numerator=SQL("1"),
                denominator=SQL("0"),
            )

        self.patch(model, "_sales_documents", receipts)
        self.measure("sale_conversion")
        self.assertEqual(self._values("sale_conversion", self.seller), [25])

    # ------------------------------------------------------------- documents
    def test_documents_are_counts_and_attempts(self):
        self._study({self.retail: 1.0})
        count = self._count(10, hour=10)
        self._attend(self.seller, "2025-03-05 10:00", "2025-03-05 16:00")
        self._attempts(2, "2025-03-05 10:00:00", self.seller)
        self.measure("visitor_coverage")
        [atom] = self.atoms("visitor_coverage", employee_id=self.seller)
        self.assertEqual((atom.numerator, atom.denominator, atom.sample), (2, 10, 3))
        action = atom.action_open_documents()
        documents = (
            self.env["kpi.document"].with_context(**action["context"]).search([])
        )
        self.assertEqual(
            sorted(documents.mapped("res_model")),
            ["kpi.feedback.attempt"] * 2 + ["kpi.visitor.count"],
        )
        visit = documents.filtered(lambda d: d.res_model == "kpi.visitor.count")
        self.assertEqual((visit.res_id, visit.denominator), (count.id, 10))
        self.assertTrue(all(documents.mapped("reference")))

    # ------------------------------------------------------------- few sellers
    def test_too_few_sellers_from_17_to_19(self):
        self._study({self.retail: 1.0})
        for number in range(5):
            day = DAY + timedelta(days=number)
            for hour in (10, 11, 17, 18):
                self._count(10, hour, day)
                attempts = 3 if hour >= 17 else 8
                self._attempts(attempts, f"{day} {hour}:00:00", self.seller)
        self._attempts(3, f"{day} 21:00:00", self.seller)
        self.measure("visitor_coverage")
        days = (DAY, DAY + timedelta(days=4))
        for place in (self.shop, self.retail, self.sales):
            found = self.env["kpi.reader"]._thin_hours(place, *days)
            self.assertEqual([tuple(s) for s in found], [(17, 19, 0.3, 100.0, 30.0)])
        thin = self.env["kpi.reader"]._thin_hours
        self.assertFalse(thin(self.depot, *days))
        self.assertFalse(thin(self.wholesale, *days))
        self.assertFalse(thin(self.shop, DAY, DAY + timedelta(days=3)))
