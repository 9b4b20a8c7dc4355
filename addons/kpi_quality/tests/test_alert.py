"""Episodes beyond a critical limit: once each, by the right person, and to an end."""

from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .common import NOW, KpiCommon

FOLLOW = "odoo.addons.kpi_quality.models.kpi_engine_follow"


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestAlert(KpiCommon):
    """Today is 20 March, so the seven days watched are 14 to 20 March."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["kpi.indicator"].search([("critical_limit", "!=", 0)]).write(
            {"critical_limit": 0}
        )
        cls.delay = cls.create_indicator(
            "t_delay",
            source="manual",
            aggregation="ratio",
            unit="hours",
            direction="falling",
            business_process="warehouse",
            critical_limit=4,
        )
        cls.alerts = cls.env["kpi.alert"]

    @classmethod
    def atom(cls, hours, cases=10, day="2025-03-18", indicator=None, **place):
        """So many cases, so many hours late on average."""
        return cls.env["kpi.measurement"].create(
            {
                "indicator_id": (indicator or cls.delay).id,
                "date": day,
                "numerator": hours * cases,
                "denominator": cases,
                "sample": cases,
                **{
                    name: record.id
                    for name, record in (
                        place or {"warehouse_id": cls.warehouse}
                    ).items()
                },
            }
        )

    def watch(self):
        """:return: the open episodes after a run"""
        self.alerts._watch()
        return self.alerts.search([("state", "=", "open")])

    # ---------------------------------------------------------------- episodes
    def test_a_crossing_is_one_episode_with_one_activity(self):
        self.atom(5)
        alert = self.watch()
        self.assertRecordValues(
            alert,
            [
                {
                    "indicator_id": self.delay.id,
                    "company_id": self.company.id,
                    "warehouse_id": self.warehouse.id,
                    "department_id": False,
                    "user_id": self.user_warehouse_lead.id,
                    "opened_at": fields.Datetime.to_datetime(NOW),
                    "closed_at": False,
                    "critical_limit": 4,
                    "value": 5,
                    "sample": 10,
                    "date_from": date(2025, 3, 14),
                    "date_to": date(2025, 3, 20),
                }
            ],
        )
        self.assertEqual(alert.activity_ids.user_id, self.user_warehouse_lead)
        self.assertIn("5 instead of at the limit of 4", alert.activity_ids.note)
        activity = alert.activity_ids
        for _run in range(3):
            self.assertEqual(self.watch(), alert)
        self.assertEqual(alert.activity_ids, activity)

    def test_at_the_limit_is_within_it(self):
        self.atom(4)
        self.assertFalse(self.watch())

    def test_higher_is_better(self):
        share = self.create_indicator(
            "t_share",
            source="manual",
            aggregation="ratio",
            unit="percent",
            critical_limit=80,
        )
        self.atom(0.8, indicator=share)
        self.assertFalse(self.watch())
        self.atom(0.7, indicator=share, day="2025-03-19")
        self.assertAlmostEqual(self.watch().value, 75)

    def test_it_follows_and_keeps_the_worst(self):
        atom = self.atom(5)
        alert = self.watch()
        for hours, worst in ((9, 9), (6, 9)):
            atom.numerator = hours * 10
            self.watch()
            self.assertEqual((alert.value, alert.worst_value), (hours, worst))

    def test_back_and_again(self):
        atom = self.atom(5)
        first = self.watch()
        atom.numerator = 30
        self.assertFalse(self.watch())
        self.assertRecordValues(
            first,
            [{"state": "closed", "closed_at": fields.Datetime.to_datetime(NOW)}],
        )
        self.assertFalse(first.activity_ids, "nothing is left to be done")
        atom.numerator = 60
        second = self.watch()
        self.assertNotEqual(second, first)
        self.assertEqual(second.activity_ids.user_id, self.user_warehouse_lead)
        self.assertEqual(first.state, "closed")

    def test_the_last_seven_days_with_today(self):
        self.atom(9, day="2025-03-13")
        self.assertFalse(self.watch())
        self.atom(9, day="2025-03-14", cases=5)
        self.atom(9, day="2025-03-20", cases=5)
        self.assertEqual(self.watch().sample, 10)

    def test_too_few_cases_neither_open_nor_close(self):
        atom = self.atom(9, cases=9)
        self.assertFalse(self.watch())
        atom.write({"denominator": 10, "numerator": 90})
        alert = self.watch()
        self.assertTrue(alert)
        atom.write({"denominator": 2, "numerator": 2})
        self.assertEqual(self.watch(), alert)

    def test_a_limit_that_is_lifted_ends_its_episodes(self):
        self.atom(9)
        self.assertTrue(self.watch())
        self.delay.critical_limit = 0
        self.assertFalse(self.watch())
        self.delay.critical_limit = 4
        self.assertTrue(self.watch())
        self.delay.state = "retired"
        self.assertFalse(self.watch())

    def test_a_department_by_itself(self):
        self.atom(9, department_id=self.retail)
        self.atom(1, department_id=self.wholesale)
        alert = self.watch()
        self.assertEqual(alert.department_id, self.retail)

    # ------------------------------------------------------------- responsible
    def test_who_gets_the_activity(self):
        self.atom(9, department_id=self.sales)
        self.assertEqual(self.watch().user_id, self.user_lead)

    def test_without_a_manager_the_owner_else_a_kpi_manager(self):
        self.delay.owner_id = self.user_expert
        atom = self.atom(9, department_id=self.office)
        self.assertEqual(self.watch().user_id, self.user_expert)
        atom.numerator = 0
        self.watch()
        atom.numerator = 90
        self.delay.owner_id = False
        self.assertEqual(self.watch().user_id, self.user_manager)

    def test_nobody_responsible_is_an_episode_all_the_same(self):
        group = self.env.ref("kpi_quality.group_kpi_quality_manager")
        self.user_manager.group_ids -= group
        self.atom(9, department_id=self.office)
        alert = self.watch()
        self.assertTrue(alert)
        self.assertFalse(alert.user_id or alert.activity_ids)

    def test_a_manager_of_another_company_is_not_asked(self):
        other = self._create_company("Elsewhere")
        foreign = self._create_user("kpi_foreign", "lead", company=other)
        self.office.manager_id = self._create_employee(
            "Foreign", None, user=foreign, company_id=other.id
        )
        self.atom(9, department_id=self.office)
        self.assertEqual(self.watch().user_id, self.user_manager)

    def test_two_companies_are_two_figures(self):
        other = self._create_company("Elsewhere")
        place = self._warehouse_of(other)
        self.atom(9)
        self.atom(1, warehouse_id=place, company_id=other)
        self.assertEqual(self.watch().company_id, self.company)
        self.atom(99, warehouse_id=place, company_id=other, day="2025-03-19")
        alerts = self.watch()
        self.assertEqual(alerts.company_id, self.company | other)
        theirs = alerts.filtered(lambda alert: alert.company_id == other)
        self.assertNotIn(self.user_manager, theirs.user_id)
        self.assertNotIn(theirs, self.alerts.with_user(self.user_manager).search([]))

    # ------------------------------------------------------------------- runs
    def _trigger(self, cron):
        with self.enter_registry_test_mode():
            self.env.ref(f"kpi_quality.ir_cron_measure_{cron}").method_direct_trigger()

    def test_both_runs_watch(self):
        for cron in ("today", "night"):
            atom = self.atom(9)
            self._trigger(cron)
            self.assertEqual(
                self.alerts.search_count([("state", "=", "open")]), 1, cron
            )
            atom.unlink()
            self.alerts.search([]).unlink()

    def test_an_alert_that_fails_does_not_stop_measuring(self):
        def fail(_self):
            raise ValueError("Broken")

        invoice = self.invoice("2025-03-20", 2.0, self.user_seller)
        with (
            patch.object(self.registry["kpi.alert"], "_watch", fail),
            mute_logger(FOLLOW),
        ):
            self._trigger("night")
        self.assertTrue(invoice)
        self.assertEqual(self.atoms("revenue").numerator, 2.0)

    def test_the_number_of_statements_does_not_grow_with_the_places(self):
        warehouses = self.env["stock.warehouse"].create(
            [{"name": f"W{number}", "code": f"W{number}"} for number in range(8)]
        )
        self.atom(9)
        self.atom(1, warehouse_id=warehouses[0])
        counts = []
        for more in (warehouses[:0], warehouses[1:]):
            for number, warehouse in enumerate(more):
                self.atom(9 if number % 2 else 1, warehouse_id=warehouse)
            self.watch()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.alerts._watch()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(self.alerts.search_count([("state", "=", "open")]), 4)

    def test_a_case_opens_one_episode_only(self):
        """Of a warehouse when the work is done there, else of the department."""
        pick = self.indicator("pick_late_share")
        average = self.indicator("average_check")
        (pick | average).critical_limit = 20
        average.direction = "falling"
        for indicator in (pick, average):
            self.env.cr.execute(
                """
                INSERT INTO kpi_measurement (
                    indicator_id, date, company_id, warehouse_id, department_id,
                    numerator, denominator, squares, sample
                ) VALUES (%s, '2025-03-18', %s, %s, %s, 1000, 10, 0, 10)
                """,
                [
                    indicator.id,
                    self.company.id,
                    self.warehouse.id,
                    self.storage.id,
                ],
            )
        self.assertRecordValues(
            self.watch().sorted("indicator_id"),
            [
                {
                    "indicator_id": indicator.id,
                    "warehouse_id": warehouse,
                    "department_id": department,
                }
                for indicator, warehouse, department in sorted(
                    (
                        (pick, self.warehouse.id, False),
                        (average, False, self.storage.id),
                    ),
                    key=lambda row: (row[0].sequence, row[0].code),
                )
            ],
        )

    # ------------------------------------------------------------------ rights
    def test_who_sees_an_episode(self):
        self.atom(9)
        self.atom(9, department_id=self.sales)
        everything = self.watch()
        of_warehouse = everything.filtered("warehouse_id")
        of_sales = everything - of_warehouse
        for user, seen in (
            (self.user_warehouse_lead, of_warehouse),
            (self.user_lead, of_sales),
            (self.user_manager, everything),
            (self.user_picker, everything.browse()),
            (self.user_expert, everything.browse()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.alerts.with_user(user).search([]), seen)
        for user in (self.user_manager, self.user_warehouse_lead):
            with self.assertRaises(AccessError):
                of_warehouse.with_user(user).write({"state": "closed"})
            with self.assertRaises(AccessError):
                of_warehouse.with_user(user).unlink()

    def test_the_responsible_marks_the_activity_as_done(self):
        self.atom(9)
        alert = self.watch()
        activity = alert.activity_ids.with_user(self.user_warehouse_lead)
        activity.action_feedback(feedback="A second gate")
        self.assertFalse(alert.activity_ids)
        self.assertFalse(self.watch().activity_ids, "once per episode")

    # --------------------------------------------------------------- documents
    def test_an_episode_opens_its_documents(self):
        """With a source that has documents: ten late picks in the warehouse."""
        picks = self.indicator("pick_delay_hours")
        picks.critical_limit = 2
        for _order in range(10):
            order = self.order("2025-03-15 10:00", commitment_date="2025-03-16 09:00")
            self.deliver(order.picking_ids, "2025-03-17 12:00", user=self.user_picker)
        self.measure("pick_delay_hours")
        alert = self.watch().filtered("warehouse_id")
        self.assertEqual(alert.indicator_id, picks)
        action = alert.with_user(self.user_warehouse_lead).action_open_documents()
        documents = (
            self.env["kpi.document"]
            .with_user(self.user_warehouse_lead)
            .with_context(**action["context"])
            .search([])
        )
        self.assertEqual(len(documents), alert.sample)
        with self.assertRaises(AccessError):
            alert.with_user(self.user_lead).action_open_documents()
