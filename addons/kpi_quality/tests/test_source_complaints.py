from datetime import date

from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import NOW
from .test_complaint import ComplaintCommon

DEPARTMENT = "dissatisfaction_department"
REACTION = "complaint_reaction_minutes"


@freeze_time(NOW)
class TestSourceComplaints(ComplaintCommon):
    """200 came in on the 5th, 85 % of them to Retail: 170 visits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kpi.popularity.study"].create(
            {
                "name": "Spring",
                "site_id": cls.shop.id,
                "state": "done",
                "start": "2025-01-10 06:00:00",
                "stop": "2025-01-12 18:00:00",
                "valid_from": "2025-01-13",
                "site_visitors": 200,
                "line_ids": [
                    Command.create(
                        {
                            "department_id": department.id,
                            "observed": 200 * popularity,
                            "popularity": popularity,
                        }
                    )
                    for department, popularity in (
                        (cls.retail, 0.85),
                        (cls.wholesale, 0.9),
                    )
                ],
            }
        )
        cls.env["kpi.visitor.count"].create(
            {"entrance_id": cls.entrance.id, "date": "2025-03-05", "visitors": 200}
        )

    @classmethod
    def judged(cls, state, count, held=0.2, moment="2025-03-05 10:00", **values):
        """Presses ten minutes apart, judged by the expert."""
        items = [(600 * number, "complaint", held) for number in range(count)]
        complaints = cls.complain(cls.red, moment, items, **values)
        complaints.sudo().state = state
        return complaints

    def assertFigure(self, code, numerator, denominator, place=None):
        fact = self.fact(code, place)
        self.assertAlmostEqual(fact.numerator, numerator, 9)
        self.assertAlmostEqual(fact.denominator, denominator, 9)

    def seed(self):
        """3 fair passive, 1 fair active, 2 unchecked, 1 unfair."""
        return (
            self.judged("fair", 3)
            | self.judged("fair", 1, held=3.5, moment="2025-03-05 11:00")
            | self.judged("unchecked", 1, held=9, moment="2025-03-05 12:00")
            | self.judged("unchecked", 1, moment="2025-03-05 12:30")
            | self.judged("unfair", 1, held=9, moment="2025-03-05 13:00")
        )

    def test_department_dissatisfaction(self):
        """(3 + 5 x 1) / 170 = 4.7059 %."""
        self.seed()
        self.measure(DEPARTMENT)
        self.assertFigure(DEPARTMENT, 8, 170, self.retail)
        self.assertAlmostEqual(self.fact(DEPARTMENT, self.retail).value, 800 / 170, 9)
        # The other department has its visits, and nobody complained.
        self.assertFigure(DEPARTMENT, 0, 180, self.wholesale)
        self.assertEqual(self.fact(DEPARTMENT, self.wholesale).value, 0)
        self.assertFigure(DEPARTMENT, 8, 350)

    def test_factor_of_the_company(self):
        """f = 2: (3 + 2 x 1) / 170."""
        self.seed()
        self.company.kpi_active_factor = 2
        self.measure(DEPARTMENT)
        self.assertFigure(DEPARTMENT, 5, 170, self.retail)

    def test_all_channels_count_as_complaints_only(self):
        """A fair one by telephone is a complaint, and no press of the button."""
        self.seed()
        registered = self.register(self.user_seller, moment="2025-03-05 08:00:00")
        codes = f"{DEPARTMENT} complaints complaint_share"
        self.measure(codes)
        self.assertFigure("complaints", 4, 0)
        registered.with_user(self.user_expert).action_judge_fair()
        self.measure(codes)
        self.assertFigure(DEPARTMENT, 8, 170, self.retail)
        self.assertFigure("complaints", 5, 0, self.retail)
        self.assertFigure("complaint_share", 5, 170, self.retail)
        self.assertEqual(self.fact("complaints", self.retail).value, 5)
        self.assertAlmostEqual(
            self.fact("complaint_share", self.retail).value, 500 / 170, 9
        )

    def test_verdict_taken_back(self):
        complaints = self.seed()
        self.measure(DEPARTMENT)
        complaints.sudo().state = "unchecked"
        self.measure(DEPARTMENT)
        self.assertFigure(DEPARTMENT, 0, 170, self.retail)

    def test_by_seller(self):
        """Seller was there for 6 of 8 hours: 127.5 visits, and 2 of the 3 presses."""
        for employee, hours in ((self.seller, (9, 15)), (self.seller_2, (15, 17))):
            self.env["hr.attendance"].create(
                {
                    "employee_id": employee.id,
                    "check_in": self.utc(f"2025-03-05 {hours[0]:02}:00"),
                    "check_out": self.utc(f"2025-03-05 {hours[1]:02}:00"),
                }
            )
        self.judged("fair", 2)
        self.judged("fair", 1, moment="2025-03-05 16:00")
        self.measure(DEPARTMENT)
        self.assertFigure(DEPARTMENT, 2, 127.5, self.seller)
        self.assertFigure(DEPARTMENT, 1, 42.5, self.seller_2)
        self.assertFigure(DEPARTMENT, 3, 170, self.retail)

    def test_days_of_the_site(self):
        """Half past midnight of the 6th in Moscow is the 5th in UTC."""
        self.judged("fair", 1, moment="2025-03-06 00:30")
        self.measure("complaints")
        self.assertEqual(self.atoms("complaints").date, date(2025, 3, 6))

    def test_no_visits_no_figure(self):
        self.judged("fair", 1, moment="2025-02-05 10:00")
        february = (date(2025, 2, 1), date(2025, 2, 28))
        self.measure(f"{DEPARTMENT} complaints", *february)
        fact = self.fact(DEPARTMENT, self.retail, *february)
        self.assertIsNone(fact.value)
        self.assertEqual(fact.reason, "zero_denominator")
        self.assertEqual(self.fact("complaints", self.retail, *february).value, 1)

    def test_drill_down(self):
        self.seed()
        self.measure("complaints")
        measurement = self.atoms("complaints")
        documents = self.env["kpi.document"].with_context(
            kpi_figure_model=measurement._name, kpi_figure_id=measurement.id
        )
        found = documents.search([("res_model", "=", "kpi.feedback.complaint")])
        fair = self.complaints.search([("state", "=", "fair")])
        self.assertLessEqual(set(found.mapped("res_id")), set(fair.ids))
        self.assertEqual(len(found), 4)

    # ------------------------------------------------------------------- reaction
    def test_reaction(self):
        """Held at 11:40 and 11:50, taken after 4 and 10 minutes; by telephone at 11:00,
        waiting since an hour: (4 + 10 + 60) / 3. Short and unfair ones do not count."""
        for pressed, taken in (("11:40", "11:44"), ("11:50", "12:00")):
            with self.at(f"2025-03-20 {pressed}"):
                press = self.complain(
                    self.red, f"2025-03-20 {pressed}", [(0, "complaint", 5)]
                )
            with self.at(f"2025-03-20 {taken}"):
                press.with_user(self.user_lead).action_take_care()
        self.judged("unchecked", 1, moment="2025-03-20 11:30")
        self.judged("unfair", 1, held=5, moment="2025-03-20 11:20")
        self.register(self.user_seller, moment="2025-03-20 08:00:00")
        self.measure(REACTION)
        self.assertFigure(REACTION, 74, 3, self.retail)
        self.assertAlmostEqual(self.fact(REACTION, self.retail).value, 74 / 3, 9)

    def test_reaction_after_the_moment_of_measuring(self):
        """Measured at 12:00, taken at 12:30: one hour up to then; later 90 minutes."""
        complaint = self.register(self.user_seller, moment="2025-03-20 08:00:00")
        with self.at("2025-03-20 12:30"):
            complaint.with_user(self.user_lead).action_take_care()
        for now, minutes in (("12:00", 60), ("13:00", 90)):
            self.measure(REACTION, now=self.utc(f"2025-03-20 {now}"))
            self.assertFigure(REACTION, minutes, 1, self.retail)

    def test_a_console_that_was_offline(self):
        """Pressed yesterday, arrived at noon, taken at 12:03: three minutes."""
        press = self.complain(self.red, "2025-03-19 10:00", [(0, "complaint", 5)])
        with self.at("2025-03-20 12:03"):
            press.with_user(self.user_lead).action_take_care()
        self.measure(REACTION, now=self.utc("2025-03-20 13:00"))
        [atom] = self.atoms(REACTION)
        self.assertEqual((atom.date, atom.numerator), (date(2025, 3, 19), 3))
