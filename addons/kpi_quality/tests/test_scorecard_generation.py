from datetime import date

from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import NOW
from .scorecard_common import KpiScorecardCommon


@freeze_time(NOW)
class TestScorecardGeneration(KpiScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 31 days: a day in March is worth 1 / 2 / 3 of the sum.
        cls.sellers = cls.matrix(
            "Sellers",
            [
                ("t_turnover", 0.5, 31, 62, 93),
                ("t_conversion", 0.5, 80, 100, 120),
            ],
        )

    def assign(self, matrix=None, **values):
        matrix = matrix or self.sellers
        matrix.assignment_ids = [
            Command.create(
                {
                    name: value if name == "share" else value.id
                    for name, value in values.items()
                }
            )
        ]

    def assertCards(self, employee, *expected):
        """:param expected: (first day, last day, department) in March"""
        self.assertRecordValues(
            self.card(employee).sorted("date_from"),
            [
                {
                    "date_from": date(2025, 3, first),
                    "date_to": date(2025, 3, last),
                    "proration": (last - first + 1) / 31,
                    "department_id": department.id,
                }
                for first, last, department in expected
            ],
        )

    def hire(self, name="New", department=None, job=None, **values):
        return self._create_employee(
            name, department or self.retail, job or self.job_seller, **values
        )

    # ---------------------------------------------------------- whole months
    def test_everybody_with_the_job_gets_one(self):
        self.assign(job_id=self.job_seller)
        cards, _problems = self.generate()
        self.assertEqual(
            cards.employee_id,
            self.seller | self.seller_2 | self.wholesaler | self.nobody,
        )
        self.assertCards(self.seller, (1, 31, self.retail))
        self.assertRecordValues(
            self.card(self.seller),
            [
                {
                    "state": "draft",
                    "job_id": self.job_seller.id,
                    "site_id": self.shop.id,
                    "company_id": self.company.id,
                    "share": 1.0,
                    "agreed_at": False,
                }
            ],
        )
        self.assertRecordValues(
            self.card(self.seller).line_ids,
            [
                {"indicator_id": self.turnover.id, "weight": 0.5, "plan": 62},
                {"indicator_id": self.conversion.id, "weight": 0.5, "plan": 100},
            ],
        )

    def test_the_warehouse_comes_with_the_site(self):
        self.assign(job_id=self.job_picker)
        self.generate()
        self.assertEqual(self.card(self.picker).warehouse_id, self.warehouse)

    def test_again_makes_nothing(self):
        self.assign(job_id=self.job_seller)
        self.generate()
        with self.assertNothingWritten("kpi.scorecard", "kpi.scorecard.line"):
            count, _problems = self.env["kpi.scorecard"]._generate(self.march)
            self.assertEqual(count, 0)

    def test_again_makes_those_that_are_missing(self):
        self.assign(job_id=self.job_seller)
        cards, _problems = self.generate()
        late = self.hire("Late")
        count, _problems = self.env["kpi.scorecard"]._generate(self.march)
        self.assertEqual(count, 1)
        self.assertEqual((self.march.scorecard_ids - cards).employee_id, late)

    def test_employees_of_another_company_get_none(self):
        other = self._create_company("Elsewhere")
        self._create_employee("Stranger", None, company_id=other.id)
        self.sellers.assignment_ids = [
            Command.create({"employee_id": self.seller.id, "share": 1.0})
        ]
        cards, _problems = self.generate()
        self.assertEqual(cards.employee_id, self.seller)

    def test_only_matrices_of_this_kind_of_period(self):
        self.assign(job_id=self.job_seller)
        self.sellers.period_kind = "quarter"
        self.assertFalse(self.generate()[0])
        cards, _problems = self.generate(self.period("2025-01-01", kind="quarter"))
        self.assertEqual(len(cards), 4)

    def test_not_for_a_measured_or_closed_period(self):
        self.measure_period()
        with self.assertRefused("“March 2025” is measured"):
            self.march.action_generate_scorecards()
        self.close_period()
        with self.assertRefused("“March 2025” is closed"):
            self.march.action_generate_scorecards()

    def test_the_button_tells_in_the_chatter(self):
        self.assign(job_id=self.job_seller)
        self.march.with_user(self.user_manager).action_generate_scorecards()
        body = self.march.message_ids[0].body
        self.assertIn("4 scorecards were made.", body)
        self.assertIn("Nobody has no user", body)

    def test_only_a_manager_makes_them(self):
        self.assign(job_id=self.job_seller)
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            with self.assertRefused("Only a KPI manager"):
                self.march.with_user(user).action_generate_scorecards()

    # ----------------------------------------------------- parts of the month
    def test_hired_in_mid_month(self):
        """15 of 31 days: sums are prorated, ratios are not."""
        self.assign(job_id=self.job_seller)
        new = self.hire(date_version="2025-03-17", contract_date_start="2025-03-17")
        self.generate()
        self.assertCards(new, (17, 31, self.retail))
        self.assertRecordValues(
            self.card(new).line_ids,
            [
                {"base": 15, "plan": 30, "challenge": 45},
                {"base": 80, "plan": 100, "challenge": 120},
            ],
        )

    def test_contract_ends_in_mid_month(self):
        self.assign(job_id=self.job_seller)
        leaver = self.hire(
            contract_date_start="2024-01-01", contract_date_end="2025-03-10"
        )
        self.generate()
        self.assertCards(leaver, (1, 10, self.retail))
        self.assertEqual(self.card(leaver).line_ids[0].plan, 20)

    def test_contract_outside_the_month(self):
        self.assign(job_id=self.job_seller)
        gone = self.hire(
            "Gone", contract_date_start="2024-01-01", contract_date_end="2025-02-28"
        )
        future = self.hire(
            "Future", date_version="2025-04-01", contract_date_start="2025-04-01"
        )
        self.generate()
        self.assertFalse(self.card(gone) | self.card(future))

    def test_moved_in_mid_month(self):
        self.assign(job_id=self.job_seller)
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        _cards, problems = self.generate()
        self.assertCards(self.seller, (1, 10, self.retail), (11, 31, self.wholesale))
        self.assertEqual(
            self.card(self.seller).sorted("date_from").line_ids.mapped("plan"),
            [20, 100, 42, 100],
        )
        self.assertIn("Seller held 2 positions", problems)

    def test_other_job_in_mid_month(self):
        """Two functions, each by its own matrix."""
        pickers = self.simple_matrix("Pickers", jobs=[self.job_picker])
        self.assign(job_id=self.job_seller)
        self._move_employee(
            self.seller, "2025-03-11", self.storage, job=self.job_picker
        )
        self.generate()
        self.assertCards(self.seller, (1, 10, self.retail), (11, 31, self.storage))
        self.assertEqual(
            self.card(self.seller).sorted("date_from").mapped("matrix_id.id"),
            [self.sellers.id, pickers.id],
        )

    def test_other_job_without_a_matrix(self):
        self.assign(job_id=self.job_seller)
        self._move_employee(self.seller, "2025-03-11", job=self.job_clerk)
        self.generate()
        self.assertCards(self.seller, (1, 10, self.retail))

    def test_a_raise_is_no_other_position(self):
        self.assign(job_id=self.job_seller)
        self.seller.create_version({"date_version": "2025-03-11", "wage": 9000})
        self.generate()
        self.assertCards(self.seller, (1, 31, self.retail))

    def test_versions_count_by_date_not_by_id(self):
        self.assign(job_id=self.job_seller)
        self._move_employee(self.seller, "2025-03-21", self.sales)
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        self.generate()
        self.assertCards(
            self.seller,
            (1, 10, self.retail),
            (11, 20, self.wholesale),
            (21, 31, self.sales),
        )

    def test_departed_in_mid_month(self):
        self.assign(job_id=self.job_seller)
        self.seller.write({"active": False, "departure_date": "2025-03-10"})
        self.generate()
        self.assertCards(self.seller, (1, 10, self.retail))

    def test_moved_and_departed_in_one_month(self):
        self.assign(job_id=self.job_seller)
        self._move_employee(self.seller, "2025-03-05", self.wholesale)
        self.seller.write({"active": False, "departure_date": "2025-03-10"})
        self.generate()
        self.assertCards(self.seller, (1, 4, self.retail), (5, 10, self.wholesale))

    def test_archived_without_a_departure(self):
        """Entered by mistake: never employed as far as anybody knows."""
        self.assign(job_id=self.job_seller)
        self.seller.active = False
        self.generate()
        self.assertFalse(self.card(self.seller))

    # --------------------------------------------- what changed since generating
    def test_cards_follow_a_move(self):
        """Made at the start of the month, moved later: 10 + 21 days, not 31 + 21."""
        self.assign(job_id=self.job_seller)
        [card] = self.generate()[0].filtered(lambda c: c.employee_id == self.seller)
        card.line_ids[0].write({"base": 62, "plan": 124, "challenge": 186})
        card.with_user(self.user_seller).action_agree()
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        _cards, problems = self.generate()
        self.assertCards(self.seller, (1, 10, self.retail), (11, 31, self.wholesale))
        self.assertEqual(card.state, "agreed")
        # 10 of 31 days of what was agreed on for the whole month
        self.assertRecordValues(
            card.line_ids,
            [
                {"base": 20, "plan": 40, "challenge": 60},
                {"base": 80, "plan": 100, "challenge": 120},
            ],
        )
        self.assertIn("Seller: the position lasts until 03/10/2025 now", problems)

    def test_cards_follow_a_departure_when_measured(self):
        self.assign(job_id=self.job_seller)
        self.generate()
        self.seller.write({"active": False, "departure_date": "2025-03-10"})
        self.measure_period()
        self.assertCards(self.seller, (1, 10, self.retail))

    def test_a_draft_of_a_position_that_never_was_is_taken_back(self):
        self.assign(job_id=self.job_seller)
        self.generate()
        self.seller.job_id = self.job_clerk
        _cards, problems = self.generate()
        self.assertFalse(self.card(self.seller))
        self.assertIn("Seller: the draft scorecard", problems)

    def test_an_agreed_card_of_a_position_that_never_was_is_named(self):
        self.assign(job_id=self.job_seller)
        self.generate()
        card = self.card(self.seller)
        card.with_user(self.user_seller).action_agree()
        self.seller.department_id = self.wholesale
        _cards, problems = self.generate()
        self.assertEqual(self.card(self.seller), card)
        self.assertIn("Seller: the scorecard of 03/01/2025 – 03/31/2025", problems)
        self.assertIn("reset it to draft", problems)
        card.with_user(self.user_lead).action_reset()
        self.generate()
        self.assertCards(self.seller, (1, 31, self.wholesale))

    # ------------------------------------------------------------- assignments
    def test_own_matrix_replaces_the_jobs(self):
        own = self.simple_matrix("Own")
        self.assign(job_id=self.job_seller)
        self.assign(own, employee_id=self.seller)
        self.generate()
        self.assertEqual(self.card(self.seller).matrix_id, own)
        self.assertEqual(self.card(self.seller_2).matrix_id, self.sellers)

    def test_the_nearest_department_decides(self):
        everywhere = self.simple_matrix("Everywhere", jobs=[self.job_seller])
        in_sales = self.simple_matrix("In sales")
        in_retail = self.simple_matrix("In retail")
        for matrix, department in ((in_sales, self.sales), (in_retail, self.retail)):
            self.assign(matrix, job_id=self.job_seller, department_id=department)
        outside = self.hire("Outside", self.office)
        self.generate()
        self.assertEqual(self.card(self.seller).matrix_id, in_retail)
        self.assertEqual(self.card(self.wholesaler).matrix_id, in_sales)
        self.assertEqual(self.card(outside).matrix_id, everywhere)

    def test_own_matrix_only_in_its_department(self):
        own = self.simple_matrix("Own")
        self.assign(job_id=self.job_seller)
        self.assign(own, employee_id=self.seller, department_id=self.wholesale)
        self._move_employee(self.seller, "2025-03-11", self.wholesale)
        self.generate()
        self.assertEqual(
            self.card(self.seller).sorted("date_from").mapped("matrix_id.name"),
            ["Sellers", "Own"],
        )

    def test_two_functions_share_one_employee(self):
        second = self.simple_matrix("Trainer")
        self.assign(employee_id=self.seller, share=0.6)
        self.assign(second, employee_id=self.seller, share=0.4)
        cards, problems = self.generate()
        self.assertEqual(
            {card.matrix_id.name: card.share for card in cards},
            {"Sellers": 0.6, "Trainer": 0.4},
        )
        self.assertEqual(set(cards.mapped("proration")), {1.0})
        self.assertFalse(problems)

    def test_shares_that_make_no_whole(self):
        second = self.simple_matrix("Trainer")
        self.assign(employee_id=self.seller, share=0.6)
        self.assign(second, employee_id=self.seller, share=0.3)
        with self.assertNothingWritten("kpi.scorecard", "kpi.scorecard.line"):
            _cards, problems = self.generate()
        self.assertEqual(
            problems,
            "Seller: the shares of the matrices add up to 0.9 instead of 1, no "
            "scorecard was made.",
        )

    def test_a_matrix_without_lines_makes_nothing(self):
        """Nor does the job's step in for the employee's own."""
        own = self.env["kpi.matrix"].create({"name": "Empty"})
        self.assign(job_id=self.job_seller)
        self.assign(own, employee_id=self.seller)
        _cards, problems = self.generate()
        self.assertFalse(self.card(self.seller))
        self.assertTrue(self.card(self.seller_2))
        self.assertIn("Empty: the weights add up to 0 instead of 1.", problems)

    # ------------------------------------------------------- incomplete employees
    def test_without_a_user(self):
        matrix = self.matrix("Documents", [("revenue", 1.0, 1, 2, 3)])
        self.assign(matrix, employee_id=self.nobody)
        [card], problems = self.generate()
        self.assertEqual(
            problems,
            "Nobody has no user: documents cannot be credited. Link the user on the "
            "employee's form.",
        )
        self.assertRecordValues(
            card.line_ids, [{"has_fact": False, "no_data_reason": "no_user"}]
        )
        self.assertFalse(card.has_coefficient)

    def test_without_a_department(self):
        matrix = self.matrix(
            "Department", [("t_turnover", 1.0, 1, 2, 3, {"scope": "department"})]
        )
        self.assign(matrix, job_id=self.job_seller)
        user = self._create_user("kpi_new", "user")
        new = self._create_employee("New", None, self.job_seller, user)
        _cards, problems = self.generate()
        self.assertIn("New has no department", problems)
        self.assertRecordValues(
            self.card(new).line_ids,
            [{"has_fact": False, "no_data_reason": "no_department"}],
        )

    def test_without_a_job(self):
        self.assign(job_id=self.job_seller)
        new = self._create_employee("New", self.retail)
        self.generate()
        self.assertFalse(self.card(new))

    def test_without_site_and_warehouse(self):
        matrix = self.matrix(
            "Places",
            [
                ("t_turnover", 0.5, 1, 2, 3, {"scope": "site"}),
                ("t_conversion", 0.5, 1, 2, 3, {"scope": "warehouse"}),
            ],
        )
        self.assign(matrix, employee_id=self.expert)
        [card], _problems = self.generate()
        self.assertEqual(
            card.line_ids.mapped("no_data_reason"), ["no_site", "no_warehouse"]
        )

    # -------------------------------------------------------------- set-based
    def crowd(self, count, name):
        """Employees with users, departments and a move in the middle of the month."""
        job = self.env["hr.job"].create({"name": name, "company_id": self.company.id})
        departments = self.env["hr.department"].create(
            [
                {"name": f"{name} {i}", "company_id": self.company.id}
                for i in range(count)
            ]
        )
        users = self.env["res.users"].create(
            [{"name": f"{name} {i}", "login": f"{name} {i}"} for i in range(count)]
        )
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": self.company.id,
                    "department_id": department.id,
                    "job_id": job.id,
                    "date_version": "2024-01-01",
                }
                for user, department in zip(users, departments, strict=True)
            ]
        )
        for employee in employees:
            self._move_employee(employee, "2025-03-11", self.sales)
        return job, employees

    def test_statements_do_not_grow_with_the_employees(self):
        made, refreshed = [], []
        crowds = [self.crowd(5, "few"), self.crowd(50, "many")]
        for job, employees in crowds:
            matrix = self.simple_matrix(job.name, "t_turnover", jobs=[job])
            made.append(
                self.statements(lambda: self.env["kpi.scorecard"]._generate(self.march))
            )
            cards = self.march.scorecard_ids
            self.assertEqual(len(cards), 2 * len(employees))
            refreshed.append(self.statements(cards.line_ids._refresh_facts))
            cards.unlink()
            matrix.active = False
        self.assertEqual(made[0], made[1])
        self.assertEqual(refreshed[0], refreshed[1])
