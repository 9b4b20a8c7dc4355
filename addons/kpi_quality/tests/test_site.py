from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestSite(KpiCommon):
    def test_time_zone_that_the_database_does_not_know_is_refused(self):
        with patch.object(
            self.registry["kpi.engine"],
            "_known_time_zones",
            lambda engine: {"Europe/Moscow"},
        ):
            self.shop.tz = "Europe/Moscow"
            with self.assertRaises(ValidationError) as caught:
                self.shop.tz = "Asia/Vladivostok"
        self.assertIn("Asia/Vladivostok", str(caught.exception))
        with self.assertRaises(ValidationError):
            self.shop.tz = "Mars/Olympus"

    def test_names_are_unique_within_a_company(self):
        other = self._create_company("Other")
        self.env["kpi.site"].create({"name": "Arbat", "company_id": other.id})
        self.shop.copy({"name": "Arbat 2"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["kpi.site"].create({"name": "Arbat"})

    def test_name_of_an_archived_site_is_free(self):
        self.shop.active = False
        self.env.flush_all()
        self.env["kpi.site"].create({"name": "Arbat"})

    def test_warehouse_of_another_company_is_refused(self):
        other = self._create_company("Other")
        with self.assertRaises(UserError):
            self.shop.warehouse_id = self._warehouse_of(other)
        with self.assertRaises(UserError):
            self.sales.kpi_site_id = self.env["kpi.site"].create(
                {"name": "There", "company_id": other.id}
            )

    def test_warehouse_with_two_sites_belongs_to_the_one_of_its_kind(self):
        """A shop that sells from the depot does not take its orders over."""
        self.shop.warehouse_id = self.warehouse
        self.order("2025-03-05 10:00")
        self.measure("orders_processed")
        self.assertEqual(self.atoms("orders_processed").site_id, self.depot)
        self.assertEqual(self.atoms("orders_processed").sample, 1)

    # ---------------------------------------------------------- departments
    def test_departments_led(self):
        """The own one and those below, whoever leads those."""
        self.wholesale.manager_id = self.wholesaler
        departments = self.env["hr.department"]
        company = [("company_id", "=", self.company.id)]
        for user, led in (
            (self.user_lead, self.sales | self.retail | self.wholesale),
            (self.user_wholesaler, self.wholesale),
            (self.user_warehouse_lead, self.storage),
            (self.user_seller, departments),
        ):
            with self.subTest(user.login):
                mine = departments.with_user(user)
                found = mine.search([*company, ("kpi_is_led", "=", True)])
                self.assertEqual(found, led)
                rest = mine.search([*company, ("kpi_is_led", "=", False)])
                self.assertEqual(
                    found | rest, departments.with_user(user).search(company)
                )
                self.assertFalse(found & rest)
                self.assertEqual(
                    mine.browse(self.retail.id).kpi_is_led, self.retail in led
                )

    def test_new_lead_leads_at_once(self):
        self.assertFalse(self.retail.with_user(self.user_seller).kpi_is_led)
        self.retail.manager_id = self.seller
        self.env.invalidate_all()
        self.assertTrue(self.retail.with_user(self.user_seller).kpi_is_led)
        departments = self.env["hr.department"].with_user(self.user_seller)
        self.assertEqual(departments.search([("kpi_is_led", "=", True)]), self.retail)
