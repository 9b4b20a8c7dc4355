from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KpiCommon

DAY = date(2025, 3, 10)


@tagged("post_install", "-at_install")
class TestReference(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.check = cls.indicator("average_check")
        cls.region, cls.elsewhere = (
            cls.env.ref(f"base.state_us_{number}") for number in (1, 2)
        )
        cls.shop.address_id = cls._create_partner("Arbat 1", state_id=cls.region.id)

    def _reference(self, value, **values):
        return self.env["kpi.reference"].create(
            {"indicator_id": self.check.id, "value": value, **values}
        )

    def _value(self, site=None, day=DAY):
        references = self.env["kpi.reference"]
        values = references._values_for(self.company, site or self.shop, day)
        return values.get(self.check.code)

    def test_nothing_said_is_no_value(self):
        self._reference(9, site_kind="warehouse")
        self._reference(9, state_id=self.elsewhere.id)
        self._reference(9, date_from="2025-03-11")
        self.assertIsNone(self._value())

    def test_the_closest_one_counts(self):
        self._reference(1)
        self.assertEqual(self._value(), 1)
        self._reference(2, state_id=self.region.id)
        self.assertEqual(self._value(), 2)
        self._reference(3, site_kind="shop")
        self.assertEqual(self._value(), 3)
        self._reference(4, site_kind="shop", state_id=self.region.id)
        self.assertEqual(self._value(), 4)
        self.assertEqual(self._value(self.depot), 1)
        at_large = self.env["kpi.reference"]._values_for(self.company)
        self.assertEqual(at_large, {"average_check": 1})

    def test_of_equals_the_newest_until_that_day(self):
        self._reference(1)
        self._reference(2, date_from="2025-01-01")
        self._reference(3, date_from="2025-03-01")
        self.assertEqual(self._value(day=date(2024, 12, 31)), 1)
        self.assertEqual(self._value(day=date(2025, 2, 28)), 2)
        self.assertEqual(self._value(day=date(2025, 3, 1)), 3)

    def test_zero_is_a_value(self):
        self._reference(0)
        self.assertEqual(self._value(), 0.0)

    def test_a_value_of_another_company_or_indicator_does_not_count(self):
        self._reference(5, company_id=self._create_company("Other").id)
        self._reference(5, indicator_id=self.indicator("revenue").id)
        self.assertIsNone(self._value())

    def test_one_value_at_a_time(self):
        self._reference(1, site_kind="shop")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._reference(2, site_kind="shop")

    def test_only_the_manager_writes(self):
        reference = self._reference(1)
        reference.with_user(self.user_manager).value = 2
        self.assertEqual(reference.with_user(self.user_seller).value, 2)
        with self.assertRaises(AccessError):
            reference.with_user(self.user_lead).value = 3
