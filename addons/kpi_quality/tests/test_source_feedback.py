from random import Random

from odoo.exceptions import AccessError
from odoo.tests.common import freeze_time

from ..tools.satisfaction import QUESTIONS, interval, poll_value, silent_weight
from .common import NOW
from .poll_common import PollCommon

INDEXES = "dissatisfaction_staff dissatisfaction_office emotional_loyalty"
# FORMULAS.md: 400 valid polls.
FOUR_HUNDRED = {"yes": 300, "no": 12, "unsure": 48, "silent": 40}


@freeze_time(NOW)
class TestSourceFeedback(PollCommon):
    def value(self, code, place=None, **options):
        self.measure(code)
        return self.fact(code, place, **options).value

    # ---------------------------------------------------------- FORMULAS.md
    def test_four_hundred_polls(self):
        for index, kind in QUESTIONS.items():
            self.add_polls(FOUR_HUNDRED, kind=kind)
            value, margin = {"recommend": (64, 6.47)}.get(kind, (11, 2.81))
            with self.subTest(index=index):
                self.measure(index)
                fact = self.fact(index)
                self.assertAlmostEqual(fact.value, value, 9)
                self.assertAlmostEqual(fact.margin, margin, 2)
                self.assertEqual((fact.sample, fact.denominator), (400, 400))
                self.assertFalse(fact.too_few)

    def test_squares_are_those_of_single_polls(self):
        """12 no and 40 silent: 12 x 1 + 40 x 0.64; loyalty has 300 more."""
        self.add_polls(FOUR_HUNDRED)
        self.add_polls(FOUR_HUNDRED, kind="recommend")
        self.measure(INDEXES)
        self.assertAlmostEqual(self.fact("dissatisfaction_staff").squares, 37.6, 9)
        self.assertAlmostEqual(self.fact("emotional_loyalty").squares, 337.6, 9)

    def test_the_other_reading(self):
        self.company.kpi_silent_reading = "other_reasons"
        self.add_polls(FOUR_HUNDRED)
        self.add_polls(FOUR_HUNDRED, kind="recommend")
        self.assertAlmostEqual(self.value("dissatisfaction_staff"), 5.0, 9)
        self.assertAlmostEqual(self.value("emotional_loyalty"), 70.0, 9)

    def test_own_coefficient_of_each_company(self):
        """Both companies in one SELECT: 1 silent of 2, k 0.8 and 1 - 0.6."""
        other = self._create_company("Elsewhere")
        other.write(
            {"kpi_silent_reading": "other_reasons", "kpi_correction_coefficient": 0.6}
        )
        env = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        site = env["kpi.site"].create({"name": "There", "company_id": other.id})
        point = env["kpi.feedback.point"].create(
            {"name": "There", "code": "T", "site_id": site.id}
        )
        self.add_polls(["yes", "silent"])
        self.add_polls(["yes", "silent"], point=point, employee_id=None)
        self.measure("dissatisfaction_staff")
        self.assertAlmostEqual(self.fact("dissatisfaction_staff").value, 40, 9)
        self.assertAlmostEqual(self.fact("dissatisfaction_staff", other).value, 20, 9)

    # ------------------------------------------------------------ what counts
    def test_force_majeure_leaves_the_staff_only_when_confirmed(self):
        """2 no of 4, one of each inside: 1 of 3 without the confirmed one."""
        for state, staff in (
            ("confirmed", 50.0),
            ("unchecked", 200 / 3),
            ("rejected", 200 / 3),
        ):
            with self.subTest(state=state):
                self.env.cr.execute("DELETE FROM kpi_feedback_poll")
                event = self.force_majeure("2025-03-05 12:00:00", state=state)
                for kind in QUESTIONS.values():
                    self.add_polls(["yes", "no"], kind=kind)
                    self.add_polls(["no"], kind=kind, force_majeure_id=event.id)
                self.assertAlmostEqual(self.value("dissatisfaction_staff"), staff, 9)
                self.assertAlmostEqual(self.value("dissatisfaction_office"), 200 / 3, 9)
                self.assertAlmostEqual(self.value("emotional_loyalty"), -100 / 3, 9)
                level = 100 / 3 if state == "confirmed" else 0
                self.assertAlmostEqual(self.value("force_majeure_share"), level, 9)

    def test_good_luck_in_force_majeure_does_not_count_either(self):
        event = self.force_majeure("2025-03-05 12:00:00")
        self.add_polls(["yes", "no"])
        self.add_polls(["yes"] * 8, force_majeure_id=event.id)
        self.assertEqual(self.value("dissatisfaction_staff"), 50)
        self.assertEqual(self.atoms("dissatisfaction_staff").sample, 2)

    def test_rejected_polls_are_out_of_everything(self):
        self.add_polls(["yes", "no"])
        rejected = self.add_polls(["no", "no"], state="rejected")
        self.add_polls(["no"], state="valid")
        self.assertAlmostEqual(self.value("dissatisfaction_staff"), 200 / 3, 9)
        self.measure("force_majeure_share share_asked")
        self.assertEqual(self.fact("force_majeure_share").denominator, 3)
        self.assertEqual(self.fact("share_asked").numerator, 3)
        self.assertTrue(rejected)

    def test_an_open_window_does_not_count_yet(self):
        """It is noon: the poll of 11:59:30 may still be answered."""
        self.add_polls(["no"], "2025-03-20 11:59:00")
        self.add_polls(["silent"], "2025-03-20 11:59:30")
        self.measure("dissatisfaction_staff force_majeure_share")
        self.assertEqual(self.fact("dissatisfaction_staff").sample, 1)
        self.assertEqual(self.fact("force_majeure_share").sample, 1)
        self.measure("dissatisfaction_staff", now=self.utc("2025-03-20 12:00:30"))
        self.assertEqual(self.fact("dissatisfaction_staff").sample, 2)

    def test_other_questions_do_not_mix(self):
        self.add_polls(["no", "yes"], kind="office")
        self.add_polls(["yes"], kind="staff")
        self.add_polls(["no"], kind=None)
        self.assertEqual(self.value("dissatisfaction_staff"), 0)
        self.assertEqual(self.value("dissatisfaction_office"), 50)
        self.measure("force_majeure_share")
        self.assertEqual(self.fact("force_majeure_share").denominator, 4)

    def test_no_polls_are_no_data(self):
        self.measure(INDEXES)
        for index in INDEXES.split():
            fact = self.fact(index)
            self.assertIsNone(fact.value)
            self.assertEqual(fact.reason, "no_measurement")

    # ------------------------------------------------------------ too few to say
    def test_too_few_to_say(self):
        self.add_polls(["no"] + ["yes"] * 28)
        self.measure("dissatisfaction_staff")
        fact = self.fact("dissatisfaction_staff")
        self.assertTrue(fact.too_few)
        self.assertIsNone(fact.margin)
        self.assertAlmostEqual(fact.value, 100 / 29, 9)
        self.add_polls(["yes"], "2025-03-06 10:00:00")
        self.measure("dissatisfaction_staff")
        fact = self.fact("dissatisfaction_staff")
        self.assertFalse(fact.too_few)
        # s^2 = (1 - 1/30) / 29, so s / sqrt(30) = 1/30
        self.assertAlmostEqual(fact.margin, 196 / 30, 9)

    def test_other_figures_have_no_interval(self):
        self.add_polls(["no"] * 40)
        self.measure("force_majeure_share")
        fact = self.fact("force_majeure_share")
        self.assertEqual((fact.margin, fact.too_few), (None, False))

    def test_no_interval_without_the_squares_of_corrections(self):
        self.add_polls(["no", "yes"] * 20)
        self.measure("dissatisfaction_staff")
        period = self.period()
        self.env["kpi.late.correction"].create(
            {
                "period_id": period.id,
                "indicator_id": self.indicator("dissatisfaction_staff").id,
                "date": "2025-03-05",
                "company_id": self.company.id,
                "numerator": 1,
                "denominator": 1,
            }
        )
        plain = self.fact("dissatisfaction_staff")
        corrected = self.fact("dissatisfaction_staff", corrected=True)
        self.assertIsNotNone(plain.margin)
        self.assertIsNone(corrected.margin)
        self.assertFalse(corrected.too_few)
        self.assertAlmostEqual(corrected.value, 21 / 41 * 100, 9)

    # ------------------------------------------------------------------ roll-up
    def test_parts_add_up(self):
        """Sellers, those unknown, departments and the company."""
        wholesale = self.point("Wholesale", department_id=self.wholesale.id)
        for answers, values in (
            ({"no": 3, "yes": 7}, {"employee_id": self.seller.id}),
            ({"no": 1, "silent": 4}, {"employee_id": self.seller_2.id}),
            ({"no": 2, "yes": 2}, {"employee_id": None}),
            (
                {"silent": 5, "unsure": 1},
                {"employee_id": self.wholesaler.id, "point": wholesale},
            ),
        ):
            self.add_polls(answers, **values)
        self.measure("dissatisfaction_staff")

        def sums(place):
            return self.fact("dissatisfaction_staff", place)[1:4]

        self.assertEqual(sums(self.seller), (3, 10, 10))
        self.assertEqual(sums(self.seller_2), (4.2, 5, 5))
        self.assertEqual(sums(self.retail), (9.2, 19, 19))
        self.assertEqual(sums(self.wholesale), (4, 6, 6))
        self.assertEqual(sums(self.sales), (13.2, 25, 25))
        self.assertEqual(sums(self.shop), (13.2, 25, 25))
        self.assertEqual(sums(self.company), (13.2, 25, 25))
        unknown = self.atoms("dissatisfaction_staff", employee_id=self.nobody.browse())
        self.assertEqual((unknown.numerator, unknown.denominator), (2, 4))

    def test_the_day_is_the_sites(self):
        """23:30 in Moscow is the same day there, 20:30 UTC."""
        self.add_polls(["no"], "2025-03-05 23:30:00")
        self.add_polls(["no"], "2025-03-06 00:30:00")
        self.measure("dissatisfaction_staff")
        days = self.atoms("dissatisfaction_staff").mapped("date")
        self.assertEqual([str(day) for day in days], ["2025-03-05", "2025-03-06"])

    def test_documents_are_the_polls(self):
        event = self.force_majeure("2025-03-05 12:00:00")
        counted = self.add_polls(["no", "silent", "yes"])
        self.add_polls(["no"], state="rejected")
        self.add_polls(["no"], force_majeure_id=event.id)
        self.measure("dissatisfaction_staff")
        action = self.atoms("dissatisfaction_staff").action_open_documents()
        documents = self.env["kpi.document"].with_context(**action["context"])
        found = documents.search([])
        self.assertEqual(set(found.mapped("res_model")), {"kpi.feedback.poll"})
        self.assertEqual(set(found.mapped("res_id")), set(counted.ids))
        self.assertAlmostEqual(sum(found.mapped("numerator")), 1.8, 9)

    # -------------------------------------------------------------- share asked
    def test_asked_of_sales(self):
        for hour in (9, 11, 13):
            self.order(f"2025-03-05 {hour:02}:00", self.user_seller)
        self.order("2025-03-05 15:00", self.user_seller_2)
        self.add_polls(["yes", "no"])
        self.assertAlmostEqual(self.value("share_asked"), 50, 9)
        self.assertAlmostEqual(self.value("share_asked", self.seller), 200 / 3, 9)
        self.assertEqual(self.value("share_asked", self.seller_2), 0)

    def test_asked_of_visits(self):
        """20 visitors, 85 % of them come to Retail: 17 visits."""
        self.company.kpi_share_asked_base = "visits"
        self.order("2025-03-05 09:00", self.user_seller)
        self.env["kpi.popularity.study"].create(
            {
                "name": "March",
                "site_id": self.shop.id,
                "state": "done",
                "valid_from": "2025-03-01",
                "site_visitors": 100,
                "line_ids": [
                    (0, 0, {"department_id": self.retail.id, "popularity": 0.85})
                ],
            }
        )
        self.env["kpi.visitor.count"].create(
            {
                "entrance_id": self.entrance.id,
                "date": "2025-03-05",
                "hour": 10,
                "visitors": 20,
            }
        )
        self.add_polls(["yes", "no"])
        self.assertAlmostEqual(self.value("share_asked"), 2 / 17 * 100, 9)

    # --------------------------------------------------------------- scorecard
    def test_the_scorecard_says_how_sure_it_is(self):
        self.matrix(
            "Seller", [("dissatisfaction_staff", 1, 20, 5, 2)], jobs=[self.job_seller]
        )
        self.add_polls({"yes": 30, "no": 10})
        self.add_polls(["no"], employee_id=self.seller_2.id)
        self.measure("dissatisfaction_staff")
        self.env["kpi.scorecard"]._generate(self.period())

        def line(employee):
            return self.env["kpi.scorecard.line"].search(
                [("employee_id", "=", employee.id)]
            )

        # s^2 = 0.25 x 0.75 x 40 / 39, 1.96 s / sqrt(40) = 13.59 %
        self.assertAlmostEqual(line(self.seller).margin, 13.5902, 4)
        self.assertEqual(line(self.seller).reliability, "± 13.59")
        self.assertEqual(line(self.seller_2).reliability, "too few to say (1)")
        self.assertEqual(line(self.seller_2).fact, 100)
        self.assertFalse(line(self.nobody).reliability)

    # --------------------------------------------------------- slow reference
    def test_like_a_slow_reference(self):
        """Random polls, read one by one in Python, give the same figures."""
        random = Random(4)
        confirmed = self.force_majeure("2025-03-04 10:00:00")
        unchecked = self.force_majeure("2025-03-04 15:00:00", state="unchecked")
        sellers = [self.seller, self.seller_2, self.wholesaler, None]
        for _number in range(120):
            inside = random.choice([None, None, confirmed, unchecked])
            seller = random.choice(sellers)
            day, hour = random.randint(1, 28), random.randint(0, 23)
            self.add_polls(
                random.choices(["yes", "no", "unsure", "silent"], k=3),
                f"2025-03-{day:02} {hour:02}:{random.randint(0, 59):02}:30",
                kind=random.choice([*QUESTIONS.values(), None]),
                state=random.choice(["unchecked", "valid", "rejected"]),
                force_majeure_id=inside.id if inside else None,
                employee_id=seller.id if seller else None,
            )
        self.company.kpi_correction_coefficient = 0.7
        for reading in ("published", "other_reasons"):
            self.company.kpi_silent_reading = reading
            self.measure(INDEXES)
            for index in INDEXES.split():
                for place in (self.company, *filter(None, sellers)):
                    with self.subTest(reading=reading, index=index, place=place.name):
                        self.check_reference(index, place, silent_weight(0.7, reading))

    def check_reference(self, index, place, weight):
        values = []
        for poll in self.env["kpi.feedback.poll"].search([]):
            event = poll.force_majeure_id
            if (
                poll.question_kind == QUESTIONS[index]
                and poll.state != "rejected"
                and poll.closes_at <= self.utc("2025-03-20 12:00:00")
                and place in (poll.company_id, poll.employee_id)
                and not (
                    index == "dissatisfaction_staff" and event.state == "confirmed"
                )
            ):
                values.append(poll_value(index, poll.answer, weight))
        fact = self.fact(index, place)
        expected = interval(len(values), sum(values), sum(v * v for v in values))
        self.assertEqual(fact.sample, len(values))
        if expected is None:
            self.assertIsNone(fact.value)
            return
        self.assertAlmostEqual(fact.value, expected.value * 100, 7)
        self.assertEqual(fact.too_few, expected.margin is None)
        if expected.margin is not None:
            self.assertAlmostEqual(fact.margin, expected.margin * 100, 7)

    # ---------------------------------------------------------------- access
    def test_polls_are_opened_by_those_who_may_see_the_figure(self):
        self.add_polls(["no", "yes"])
        self.measure("dissatisfaction_staff")
        atom = self.atoms("dissatisfaction_staff")
        own = atom.with_user(self.user_seller)
        context = own.action_open_documents()["context"]
        documents = self.env["kpi.document"].with_user(self.user_seller)
        self.assertEqual(len(documents.with_context(**context).search([])), 2)
        stranger = documents.with_user(self.user_picker).with_context(**context)
        with self.assertRaises(AccessError):
            stranger.search([])
