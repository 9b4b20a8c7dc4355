from odoo.exceptions import UserError
from odoo.tests import tagged

from .board_common import BoardCommon


@tagged("post_install", "-at_install")
class TestDelaysBoard(BoardCommon):
    """The board of Thursday, 20 March: seven days from the 14th."""

    # ---------------------------------------------------------------- figures
    def test_tiles(self):
        """87 h by 6 late ones of 21 due; the week before 16 h by 2 of 10."""
        self.give_picks()
        board = self.board()
        self.assertFigures(
            board["total"],
            due=21,
            late=6,
            hours=87,
            mean_lateness=14.5,
            mean_delay=87 / 21,
            late_share=100 * 6 / 21,
        )
        self.assertFigures(
            board["previous"], due=10, late=2, mean_lateness=8, mean_delay=1.6
        )
        self.assertFalse(board["empty"])

    def test_days_of_the_trend(self):
        self.give_picks()
        days = {day["date"]: day for day in self.board()["days"]}
        self.assertEqual(min(days), "2025-03-14")
        self.assertEqual(max(days), "2025-03-20")
        self.assertEqual(len(days), 7)
        self.assertFigures(days["2025-03-18"], due=10, late=4, hours=36)
        self.assertFigures(days["2025-03-19"], due=11, late=2, hours=51)
        self.assertFigures(days["2025-03-20"], due=0, mean_delay=None)

    def test_today_has_a_trend_of_a_week(self):
        """Nothing is due today, but the days before are drawn."""
        self.give_picks()
        self.indicator("pick_delay_hours").measured_at = self.utc("2025-03-20 11:45")
        board = self.board(period="today")
        self.assertEqual(board["measured_at"], "2025-03-20 08:45:00")
        self.assertFigures(board["total"], due=0, mean_lateness=None)
        self.assertFigures(board["previous"], due=11, late=2)  # the 19th
        self.assertEqual(len(board["days"]), 7)
        self.assertEqual(board["days"][4]["due"], 10)
        self.assertIn("Nothing fell due", board["empty"])

    def test_buckets(self):
        self.give_picks()
        buckets = self.board()["buckets"]
        self.assertEqual([b["due"] for b in buckets], [15, 1, 2, 0, 2, 1, 0])
        self.assertEqual(
            [(b["hours_from"], b["hours_to"]) for b in buckets],
            [(None, 0), (0, 2), (2, 4), (4, 12), (12, 24), (24, 72), (72, None)],
        )

    def test_parts_have_no_bucket(self):
        """The engine stores none for the two parts of the inbound delay."""
        self.give("inbound_delay_hours", 18, 0, due=7, bucket=0)
        self.give("inbound_delay_hours", 18, 9, due=3, bucket=2)
        self.give("inbound_delay_supplier", 18, 2, due=10, bucket=None)
        self.give("inbound_delay_receiving", 18, 7, due=10, bucket=None)
        board = self.board(process="inbound")
        self.assertEqual([b["due"] for b in board["buckets"]], [7, 0, 3, 0, 0, 0, 0])

    def test_own_dates_and_warehouse(self):
        self.give_picks()
        board = self.board(
            period="custom",
            date_from="2025-03-10",
            date_to="2025-03-18",
            warehouse_id=self.warehouse.id,
        )
        self.assertFigures(board["total"], due=20, late=6, hours=52)
        far = self.board(warehouse_id=self.far_warehouse.id)
        self.assertFigures(far["total"], due=1, late=1, hours=50)
        # The others can be chosen still.
        self.assertEqual(
            {place["id"] for place in far["warehouses"]},
            {self.warehouse.id, self.far_warehouse.id},
        )

    def test_filters_that_make_no_sense(self):
        board = self.board(process="cooking", period="ever", warehouse_id="x")
        self.assertEqual(board["filters"]["process"], "pick")
        self.assertEqual(board["filters"]["period"], "days_7")
        self.assertFalse(board["filters"]["warehouse_id"])
        for dates in (
            {},
            {"date_from": "2025-03-10"},
            {"date_from": "2025-03-10", "date_to": "2025-03-09"},
            {"date_from": "2020-01-01", "date_to": "2025-03-09"},
            {"date_from": "soon", "date_to": "later"},
        ):
            with self.subTest(dates), self.assertRaises(UserError):
                self.board(period="custom", **dates)

    # ---------------------------------------------------------------- inbound
    def test_the_case_of_the_seed(self):
        """Ten late by 143 h: 22 h came too late, 121 h lay on our dock."""
        self.give_inbound(22, 121)
        board = self.board(process="inbound")
        self.assertFigures(
            board["total"],
            due=40,
            late=10,
            mean_lateness=14.3,
            supplier=22,
            own=121,
            own_share=100 * 121 / 143,
        )
        self.assertEqual(
            board["bottleneck"]["text"], "12.1 of 14.3 h is our receiving."
        )
        self.assertEqual(board["bottleneck"]["holder"], "own")

    def test_other_bottlenecks(self):
        for supplier, own, late, holder, text in (
            (121, 22, 10, "supplier", "12.1 of 14.3 h is the suppliers."),
            (
                80,
                63,
                10,
                "both",
                "Of 14.3 h, 8.0 h is the suppliers and 6.3 h our receiving.",
            ),
            (0, 0, 0, "in_time", "Nothing is late: all goods were in stock in time."),
        ):
            with self.subTest(holder), self.env.cr.savepoint() as savepoint:
                self.give_inbound(supplier, own, late)
                bottleneck = self.board(process="inbound")["bottleneck"]
                self.assertEqual(bottleneck, {"holder": holder, "text": text})
                savepoint.rollback()
        self.assertEqual(
            self.board(process="inbound")["bottleneck"]["holder"], "no_data"
        )
        self.assertFalse(self.board(process="supplier")["bottleneck"])

    def test_parts_by_vendor_and_warehouse(self):
        other = self._create_partner("Other vendor")
        self.give_inbound(22, 121)
        self.give_inbound(
            30, 10, late=4, partner_id=other, warehouse_id=self.far_warehouse
        )
        vendors, warehouses, buyers = self.board(process="inbound")["rankings"]
        self.assertEqual(vendors["place"], "partner_id")
        rows = {row["name"]: row for row in vendors["rows"]}
        self.assertFigures(rows["Vendor"], late=10, supplier=22, own=121)
        self.assertFigures(rows["Other vendor"], late=4, supplier=30, own=10)
        rows = {row["id"]: row for row in warehouses["rows"]}
        self.assertFigures(rows[self.far_warehouse.id], hours=40, due=34)
        self.assertEqual(len(buyers["rows"]), 1)

    # ---------------------------------------------------------------- ranking
    def _give_pickers(self, *delays, due=10):
        """Pickers 1, 2, ...: mean delay in hours of ten picks each."""
        pickers = [
            self._create_employee(f"picker {number}", self.storage)
            for number in range(len(delays))
        ]
        for picker, delay in zip(pickers, delays, strict=True):
            self.give("pick_delay_hours", 18, delay * due, due, 3, employee_id=picker)
        return pickers

    def _marks(self, **filters):
        ranking = self.board(**filters)["rankings"][0]
        return {
            row["name"]: [mark["label"] for mark in row["marks"]]
            for row in ranking["rows"]
        }

    def test_the_worst_comes_first(self):
        self._give_pickers(1, 3, 2)
        rows = self.board()["rankings"][0]["rows"]
        self.assertEqual(
            [(row["name"], row["mean_delay"]) for row in rows],
            [("Picker 1", 3), ("Picker 2", 2), ("Picker 0", 1)],
        )

    def test_outside_the_fences(self):
        """Quartiles 4 and 4.875 h, fence 6.1875 h: nine hours are unlike the others."""
        self._give_pickers(4, 4, 4, 4.5, 5, 9)
        marks = self._marks()
        self.assertEqual(
            marks.pop("Picker 5"), ["unlike the others", "far from the best"]
        )
        self.assertFalse(any(marks.values()))
        row = self.board()["rankings"][0]["rows"][0]
        self.assertEqual(
            row["marks"][0]["text"], "9.0 h on average; the others stay below 6.2 h."
        )
        self.assertEqual(
            row["marks"][1]["text"], "9.0 h on average; the best needs 4.0 h."
        )

    def test_a_vendor_answers_for_his_part_only(self):
        """Thirty hours late, all of them at our dock: no fault of the vendor's."""
        self.indicator("inbound_delay_hours").critical_limit = 6
        for code, hours in (
            ("inbound_delay_hours", 300),
            ("inbound_delay_supplier", 0),
            ("inbound_delay_receiving", 300),
        ):
            bucket = 5 if code == "inbound_delay_hours" else None
            self.give(code, 18, hours, 10, bucket, partner_id=self.partner)
        marks = {
            ranking["place"]: [mark["label"] for mark in ranking["rows"][0]["marks"]]
            for ranking in self.board(process="inbound")["rankings"]
        }
        self.assertEqual(marks["partner_id"], [])
        self.assertEqual(marks["warehouse_id"], ["critical"])

    def test_nobody_is_marked_for_a_few_cases(self):
        self._give_pickers(4, 4, 4, 4.5, 5)
        self.give("pick_delay_hours", 18, 9 * 90, 9, 5, employee_id=self.picker)
        self.indicator("pick_delay_hours").critical_limit = 6
        self.assertEqual(self._marks()["Picker"], [])

    def test_unknown_is_no_member(self):
        """What nobody is known for is shown, but not held against anybody."""
        self._give_pickers(4, 4, 4, 4, 4)
        self.give("pick_delay_hours", 18, 900, 10, 5)
        self.assertEqual(self._marks()["Nobody known"], [])

    def test_beyond_the_critical_limit(self):
        self._give_pickers(4, 4.1)
        self.indicator("pick_delay_hours").critical_limit = 4
        self.indicator("pick_late_share").critical_limit = 100
        self.assertEqual(self._marks(), {"Picker 1": ["critical"], "Picker 0": []})
        [mark] = self.board()["rankings"][0]["rows"][0]["marks"]
        self.assertIn("4.1 h: beyond the critical limit 4.0 h", mark["text"])
        self.indicator("pick_lateness_hours").critical_limit = 3.5
        self.assertEqual(
            self._marks(),
            {"Picker 1": ["critical", "critical"], "Picker 0": ["critical"]},
        )

    # ------------------------------------------------------------------ rights
    def test_a_warehouse_lead_sees_the_own_warehouse(self):
        self.give_picks()
        board = self.board(self.user_warehouse_lead)
        self.assertFigures(board["total"], due=20, late=5, hours=37, mean_lateness=7.4)
        self.assertEqual([w["id"] for w in board["warehouses"]], self.warehouse.ids)
        pickers, warehouses = board["rankings"]
        self.assertEqual(
            {row["name"] for row in pickers["rows"]}, {"Picker", "Picker 2"}
        )
        self.assertEqual([r["id"] for r in warehouses["rows"]], self.warehouse.ids)
        far = self.board(self.user_warehouse_lead, warehouse_id=self.far_warehouse.id)
        self.assertFigures(far["total"], due=0)

    def test_a_helper_of_another_department_is_seen(self):
        """It is the warehouse's delay, whoever caused it."""
        self.give(
            "pick_delay_hours",
            18,
            5,
            1,
            3,
            employee_id=self.seller,
            department_id=self.retail,
        )
        self.assertFigures(self.board(self.user_warehouse_lead)["total"], due=1)
        # And it is the seller's own department's.
        self.assertFigures(self.board(self.user_lead)["total"], due=1)

    def test_an_employee_sees_the_own_figures(self):
        self.give_picks()
        self.assertFigures(
            self.board(self.user_picker)["total"], due=10, late=4, hours=36
        )
        nothing = self.board(self.user_seller)
        self.assertFigures(nothing["total"], due=0)
        self.assertEqual(nothing["warehouses"], [])

    def test_another_company_is_not_added(self):
        other = self._create_company("Elsewhere")
        self.user_manager.company_ids += other
        self.give_picks()
        self.give(
            "pick_delay_hours", 18, 500, 5, 6, company_id=other, warehouse_id=None
        )
        board = self.env["kpi.delays.board"].with_user(self.user_manager)
        for companies, due in (
            (self.company, 21),
            (self.company | other, 21),
            (other | self.company, 5),
        ):
            total = board.with_context(allowed_company_ids=companies.ids).get_board({})
            self.assertFigures(total["total"], due=due)

    # --------------------------------------------------------------- no figures
    def test_an_empty_board_says_what_to_do(self):
        indicator = self.indicator("pick_delay_hours")
        self.assertIn("Nothing was measured yet", self.board()["empty"])
        self.measure("pick_delay_hours")
        self.assertIn("Nothing fell due", self.board()["empty"])
        self.assertIn("You lead no warehouse", self.board(self.user_seller)["empty"])
        indicator._record_error("No such column", "unexpected")
        self.assertIn("No such column", self.board()["empty"])
        indicator.action_retire()
        self.assertIn("not measured", self.board()["empty"])

    # ------------------------------------------------------------------ improve
    def test_improvements_are_marked(self):
        self.give_inbound(22, 121)
        values = {
            "name": "Second shift",
            "indicator_id": self.indicator("inbound_delay_receiving").id,
            "date_start": "2025-03-17",
            "date_deadline": "2025-03-31",
            "warehouse_id": self.warehouse.id,
        }
        improvements = self.env["kpi.improvement"].create(
            [
                values,
                values | {"name": "Earlier", "date_start": "2025-03-13"},
                values | {"indicator_id": self.indicator("pick_delay_hours").id},
                values | {"warehouse_id": self.far_warehouse.id, "name": "Far"},
            ]
        )
        found = self.board(process="inbound", warehouse_id=self.warehouse.id)
        self.assertEqual(
            found["improvements"],
            [
                {
                    "id": improvements[0].id,
                    "name": "Second shift",
                    "code": "inbound_delay_receiving",
                    "date": "2025-03-17",
                    "state": "open",
                }
            ],
        )
        self.assertEqual(len(self.board(process="inbound")["improvements"]), 2)

    def test_improve_opens_a_form_with_the_place(self):
        board = self.env["kpi.delays.board"].with_user(self.user_warehouse_lead)
        action = board.action_improve(
            {"process": "inbound"},  # a lead's: of the own warehouse
            {"part": "own", "place": "partner_id", "id": self.vendor.id},
        )
        improvement = (
            self.env["kpi.improvement"]
            .with_user(self.user_warehouse_lead)
            .with_context(**action["context"])
            .create({"name": "Too few hands"})
        )
        self.assertRecordValues(
            improvement,
            [
                {
                    "indicator_id": self.indicator("inbound_delay_receiving").id,
                    "warehouse_id": self.warehouse.id,
                    "partner_id": self.vendor.id,
                    "company_id": self.company.id,
                }
            ],
        )
        manager = self.env["kpi.delays.board"].with_user(self.user_manager)
        context = manager.action_improve({}, {})["context"]
        self.assertFalse(context["default_warehouse_id"])
        with self.assertRaises(UserError):
            board.action_improve({}, {"place": "create_uid", "id": 1})

    # -------------------------------------------------------------- statements
    def test_the_number_of_statements_is_fixed(self):
        self.give_picks()
        self.give_inbound(22, 121)
        for user in (self.user_manager, self.user_warehouse_lead):
            for process in ("pick", "inbound"):
                filters = {"process": process, "warehouse_id": self.warehouse.id}
                self.board(user, **filters)
                few = self._count(user, filters)
                with self.env.cr.savepoint() as savepoint:
                    for day in range(14, 20):
                        vendor = self._create_partner(f"Vendor {day}")
                        self.give_inbound(22, 121, day=day, partner_id=vendor)
                    self._give_pickers(*range(1, 12))
                    self.board(user, **filters)
                    many = self._count(user, filters)
                    savepoint.rollback()
                with self.subTest(user=user.login, process=process):
                    self.assertEqual(many, few)
                    self.assertLess(many, 30)

    def _count(self, user, filters):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.board(user, **filters)
        return self.env.cr.sql_log_count - before
