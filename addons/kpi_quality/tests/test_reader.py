from datetime import date, timedelta
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from ..const import NO_DATA_REASONS
from ..models.kpi_reader import Fact
from ..tools.aggregation import Atom, aggregate
from .common import MARCH, KpiCommon


@tagged("post_install", "-at_install")
class TestReader(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ratio, cls.share, cls.total, cls.keys, cls.last, cls.mean = (
            cls.create_indicator(f"read_{code}", source="manual", **values)
            for code, values in (
                ("ratio", {"aggregation": "ratio"}),
                ("percent", {"aggregation": "ratio", "unit": "percent"}),
                ("sum", {"aggregation": "sum"}),
                ("distinct", {"aggregation": "distinct"}),
                ("last", {"aggregation": "snapshot"}),
                ("mean", {"aggregation": "snapshot", "snapshot_value": "mean"}),
            )
        )
        cls.all = cls.ratio | cls.share | cls.total | cls.keys | cls.last | cls.mean

    @classmethod
    def _insert(cls, indicator, rows):
        """Atoms by SQL, the way the engine writes them.

        :param rows: dicts of columns
        """
        for row in rows:
            row = {
                "indicator_id": indicator.id,
                "date": "2025-03-05",
                "company_id": cls.company.id,
                "numerator": 0,
                "denominator": 0,
                "squares": 0,
                "sample": 1,
                **row,
            }
            row = {
                name: getattr(value, "id", value) or None
                if name.endswith("_id")
                else value
                for name, value in row.items()
            }
            cls.env.cr.execute(
                SQL(
                    "INSERT INTO kpi_measurement (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, row)),
                    tuple(row.values()),
                )
            )
        cls.env.invalidate_all()

    # ------------------------------------------------------- worked examples
    def test_ratio_is_the_ratio_of_sums(self):
        """(1 + 99) / (10 + 100): 0.9090..., not the mean of 0.1 and 0.99."""
        rows = [
            {"employee_id": self.seller, "numerator": 1, "denominator": 10},
            {"employee_id": self.seller_2, "numerator": 99, "denominator": 100},
        ]
        self._insert(self.ratio, rows)
        self._insert(self.share, rows)
        fact = self.fact(self.ratio)
        self.assertAlmostEqual(fact.value, 100 / 110, 12)
        self.assertEqual(fact[1:5], (100.0, 110.0, 2, None))
        self.assertAlmostEqual(self.fact(self.share).value, 100 / 110 * 100, 12)

    def test_distinct_is_not_added_up_over_days(self):
        """Customers 7 and 8 on the 5th, 7 again on the 6th: two, not three."""
        self._insert(
            self.keys,
            [
                {"item_key": 7, "numerator": 1, "employee_id": self.seller},
                {"item_key": 8, "numerator": 1, "employee_id": self.seller},
                {
                    "item_key": 7,
                    "numerator": 1,
                    "date": "2025-03-06",
                    "employee_id": self.seller_2,
                },
            ],
        )
        self.assertEqual(self.fact(self.keys).value, 2.0)
        self.assertEqual(self.fact(self.keys, self.seller).value, 2.0)
        self.assertEqual(self.fact(self.keys, self.seller_2).value, 1.0)
        one_day = (date(2025, 3, 6), date(2025, 3, 6))
        self.assertIsNone(self.fact(self.keys, self.seller, *one_day).value)
        self.assertEqual(self.fact(self.keys, None, *one_day).value, 1.0)

    def test_no_key_and_cancelled_key_do_not_count(self):
        self._insert(
            self.keys,
            [
                {"numerator": 3},
                {"item_key": 5, "numerator": 1},
                {"item_key": 6, "numerator": 2},
                {"item_key": 6, "numerator": -2, "date": "2025-03-06"},
            ],
        )
        self.assertEqual(self.fact(self.keys).value, 1.0)

    def test_snapshot_of_the_last_day_and_mean_over_days(self):
        """Open problems: 5 and 1 on the 5th, 3 of another on the 6th."""
        for indicator in (self.last, self.mean):
            self._insert(
                indicator,
                [
                    {"employee_id": self.seller, "numerator": 5},
                    {"employee_id": self.seller_2, "numerator": 1},
                    {
                        "employee_id": self.seller_2,
                        "numerator": 3,
                        "date": "2025-03-06",
                    },
                ],
            )
        self.assertEqual(self.fact(self.last).value, 3.0)
        self.assertEqual(self.fact(self.last, self.seller).value, 0.0)
        self.assertEqual(self.fact(self.last, self.seller_2).value, 3.0)
        self.assertEqual(self.fact(self.mean).value, 4.5)
        self.assertEqual(self.fact(self.mean, self.seller).value, 2.5)
        self.assertEqual(self.fact(self.mean, self.seller_2).value, 2.0)

    def test_window_and_company_are_respected(self):
        other = self._create_company("Other")
        self._insert(
            self.total,
            [
                {"numerator": 1, "date": "2025-02-28"},
                {"numerator": 2, "date": "2025-03-01"},
                {"numerator": 4, "date": "2025-03-31"},
                {"numerator": 8, "date": "2025-04-01"},
                {"numerator": 16, "company_id": other},
                {"numerator": 32, "company_id": other, "employee_id": self.seller},
            ],
        )
        self.assertEqual(self.fact(self.total).value, 6.0)
        self.assertEqual(self.fact(self.total, other).value, 48.0)
        self.assertIsNone(self.fact(self.total, self.seller).value)

    def test_department_is_its_whole_tree(self):
        self._insert(
            self.total,
            [
                {"numerator": 1, "department_id": self.sales},
                {"numerator": 2, "department_id": self.retail},
                {"numerator": 4, "department_id": self.wholesale},
                {"numerator": 8, "department_id": self.storage},
            ],
        )
        self.assertEqual(self.fact(self.total, self.sales).value, 7.0)
        self.assertEqual(self.fact(self.total, self.retail).value, 2.0)

    def test_department_without_its_tree(self):
        """A source may say that a department is rated as such, not with those below;
        another indicator read beside it goes on as before."""
        whole = self.indicator("revenue")
        for indicator in (self.ratio, whole):
            self._insert(
                indicator,
                [
                    {"department_id": self.sales, "numerator": 6, "denominator": 1},
                    {"department_id": self.retail, "numerator": 9, "denominator": 1},
                ],
            )
        with self.source_options("manual", by_tree=False):
            figures = {
                (indicator, place): self.figure(indicator, place)
                for indicator in (self.ratio, whole)
                for place in (self.sales, self.retail)
            }
            facts = self.env["kpi.reader"]._read_facts(figures.values())
            values = {key: facts[figure].value for key, figure in figures.items()}
        self.assertEqual(
            values,
            {
                (self.ratio, self.sales): 6,
                (self.ratio, self.retail): 9,
                (whole, self.sales): 15,
                (whole, self.retail): 9,
            },
        )
        self.assertEqual(self.fact(self.ratio, self.sales).value, 7.5)

    # -------------------------------------------------- against the reference
    def test_equals_the_slow_reference(self):
        """Every scope of every indicator, on random atoms, as tools/aggregation
        says; the days of a snapshot are those of the company."""
        atoms = self._random_atoms(seed=7)
        places = [
            self.seller,
            self.seller_2,
            self.wholesaler,
            self.sales,
            self.retail,
            self.wholesale,
            self.storage,
            self.shop,
            self.depot,
            self.warehouse,
            self.company,
        ]
        checked = 0
        for place in places:
            for days in (MARCH, (date(2025, 3, 4), date(2025, 3, 9))):
                for indicator in self.all:
                    with self.subTest(f"{indicator.code} {place} {days}"):
                        expected = self._reference(indicator, atoms, place, days)
                        actual = self.fact(indicator, place, *days).value
                        if expected is None:
                            self.assertIsNone(actual)
                        else:
                            self.assertAlmostEqual(actual, expected, 9)
                            checked += 1
        self.assertGreater(checked, 100)

    def test_parts_add_up_to_the_whole(self):
        """Employees and nobody = departments and none = company."""
        self._random_atoms(seed=11)
        employees = self.env["hr.employee"].search(
            [("company_id", "=", self.company.id)]
        )
        roots = self.sales | self.storage | self.office
        for indicator in self.total | self.last | self.mean:
            with self.subTest(indicator.code):
                whole = self.fact(indicator).value
                for places, without in ((employees, "employee"), (roots, "department")):
                    parts = sum(
                        self.fact(indicator, place).value or 0.0 for place in places
                    )
                    rest = self._without(indicator, without)
                    self.assertAlmostEqual(parts + rest, whole, 9)
        for part in ("numerator", "denominator"):
            whole = getattr(self.fact(self.ratio), part)
            parts = sum(getattr(self.fact(self.ratio, e), part) for e in employees)
            self.assertAlmostEqual(
                parts + self._without(self.ratio, "employee", part), whole, 9
            )

    def _without(self, indicator, dimension, part="numerator"):
        """The sum of the rows that know no employee or department."""
        rows = self.atoms(indicator.code).filtered(lambda a: not a[f"{dimension}_id"])
        days = set(self.atoms(indicator.code).mapped("date"))
        if indicator == self.last:
            rows = rows.filtered(lambda atom: atom.date == max(days))
        total = sum(rows.mapped(part))
        return total / len(days) if indicator == self.mean else total

    def _random_atoms(self, seed):
        random = Random(seed)
        people = [
            (self.seller, self.retail, self.shop),
            (self.seller_2, self.retail, self.shop),
            (self.wholesaler, self.wholesale, self.shop),
            (self.lead, self.sales, self.shop),
            (self.picker, self.storage, self.depot),
            (None, self.retail, self.shop),
            (None, None, self.depot),
            (None, None, None),
        ]
        rows = {}
        for _i in range(160):
            employee, department, site = random.choice(people)
            row = {
                "date": MARCH[0] + timedelta(days=random.randrange(14)),
                "employee_id": employee,
                "department_id": department,
                "site_id": site,
                "warehouse_id": random.choice([self.warehouse, None]),
                "item_key": random.choice([None, 1, 2, 3, 4, 5]),
            }
            rows.setdefault(
                tuple(row.values()),
                row
                | {
                    "numerator": round(random.uniform(-50, 100), 2),
                    "denominator": random.choice([0, 1, 2.5, -1]),
                },
            )
        rows = list(rows.values())
        for indicator in self.all:
            self._insert(indicator, rows)
        return rows

    def _reference(self, indicator, rows, place, days):
        def inside(row):
            if place._name == "res.company":
                return True
            if place._name == "hr.department":
                department = row["department_id"]
                while department and department != place:
                    department = department.parent_id
                return bool(department)
            name = {
                "hr.employee": "employee_id",
                "kpi.site": "site_id",
                "stock.warehouse": "warehouse_id",
            }[place._name]
            return row[name] == place

        rows = [row for row in rows if days[0] <= row["date"] <= days[1]]
        atoms = [
            Atom(row["date"], row["numerator"], row["denominator"], row["item_key"])
            for row in rows
            if inside(row)
        ]
        if indicator.aggregation == "snapshot":
            atoms += [Atom(row["date"], 0.0) for row in rows]
        return aggregate(
            atoms,
            indicator.aggregation,
            100.0 if indicator.unit == "percent" else 1.0,
            indicator.snapshot_value,
        )

    # --------------------------------------------------------------- no data
    def test_reasons(self):
        """Each reason that a figure can have."""
        self.measure("revenue average_check")
        error = self.indicator("lines_per_sale")
        error._record_error("broken", "definition")
        retired = self.create_indicator("old_one", source="manual", state="retired")
        formula = self.create_indicator(
            "needs_data", source="formula", formula="read_sum * 2"
        )
        self._insert(self.ratio, [{"numerator": 1, "employee_id": self.seller}])
        lonely = self._create_employee("lonely", None)
        no_place = {"department_id": None, "site_id": None, "warehouse_id": None}
        seller = self.figure("revenue", self.seller)
        cases = [
            ("no_measurement", self.figure(self.total, self.seller)),
            ("zero_denominator", self.figure(self.ratio, self.seller)),
            ("no_user", self.figure("revenue", self.nobody)),
            ("no_department", seller._replace(scope="department", **no_place)),
            ("no_site", seller._replace(scope="site", **no_place)),
            ("no_warehouse", seller._replace(scope="warehouse", **no_place)),
            (
                "not_started",
                self.figure("revenue", self.seller, "2025-04-01", "2025-04-30"),
            ),
            ("formula", self.figure(formula, self.seller)),
            ("retired", self.figure(retired, self.seller)),
            ("source_error", self.figure(error, self.seller)),
            # the reason that comes first when there are several
            ("not_started", self.figure(formula, self.nobody, "2025-04-01")),
            ("not_started", self.figure(retired, self.seller, "2025-04-01")),
            ("no_measurement", self.figure(self.total, self.nobody)),
            ("no_user", self.figure("average_check", lonely)),
        ]
        facts = self.env["kpi.reader"]._read_facts([figure for _r, figure in cases])
        for reason, figure in cases:
            with self.subTest(reason, figure=figure):
                self.assertIsNone(facts[figure].value)
                self.assertEqual(facts[figure].reason, reason)
        self.assertEqual(
            {reason for reason, _figure in cases},
            {reason for reason, _text in NO_DATA_REASONS},
        )

    def test_nothing_counted_is_zero_where_all_was_seen(self):
        """Measured and no order: 0 orders are a fact; an average of none is not."""
        self.measure("orders_processed average_check")
        self.assertEqual(
            self.fact("orders_processed", self.seller), Fact(0.0, 0.0, 0.0, 0, None)
        )
        fact = self.fact("average_check", self.seller)
        self.assertEqual((fact.value, fact.reason), (None, "no_measurement"))

    def test_never_measured_is_no_zero(self):
        fresh = self.create_indicator("fresh", source="orders_processed")
        self.assertEqual(self.fact(fresh, self.seller).reason, "no_measurement")

    def test_days_before_the_first_measurement_are_no_zero(self):
        """A new indicator measured today only says nothing about the month."""
        fresh = self.create_indicator("fresh", source="orders_processed")
        self.measure(fresh, "2025-03-20", "2025-03-20")
        self.assertEqual(self.fact(fresh, self.seller).reason, "no_measurement")
        today = (date(2025, 3, 20), date(2025, 3, 20))
        self.assertEqual(self.fact(fresh, self.seller, *today).value, 0.0)
        self.measure(fresh)
        self.assertEqual(self.fact(fresh, self.seller).value, 0.0)

    def test_nobody_without_user_has_no_zero(self):
        """With colleagues who sold: still no data, and not 0 % of their share."""
        self.invoice("2025-03-05", 100.0, self.user_seller)
        self.measure("revenue revenue_share")
        for code in ("revenue", "revenue_share"):
            self.assertEqual(self.fact(code, self.nobody).reason, "no_user")

    # --------------------------------------------------------------- queries
    def test_number_of_queries_does_not_grow_with_figures(self):
        self._random_atoms(seed=3)
        formula = self.create_indicator(
            "read_formula", source="formula", formula="read_sum / read_ratio"
        )
        people = self.seller | self.seller_2 | self.picker | self.nobody | self.lead
        counts = []
        for employees in (people[:1], people):
            figures = [
                self.figure(indicator, employee)
                for indicator in self.all | formula | self.indicator("revenue")
                for employee in employees
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            facts = self.env["kpi.reader"]._read_facts(figures)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(facts), 8 * len(employees))
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 20)
