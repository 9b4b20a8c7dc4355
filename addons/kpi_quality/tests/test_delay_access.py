from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .delay_common import DELIVERY, PICK, SUPPLIER, DelayCommon

DELAYS = (DELIVERY, PICK, SUPPLIER)


@tagged("post_install", "-at_install")
class TestDelayAccess(DelayCommon):
    """Who leads a department at a warehouse sees its delays, whoever caused them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC"}
        )
        cls.state = cls.env["res.country.state"].create(
            {"name": "Region", "code": "KPI1", "country_id": cls.env.ref("base.ru").id}
        )

    # -------------------------------------------------------------- led warehouses
    def test_led_warehouses(self):
        """By the site of the department, and of departments below the one led."""
        warehouses = self.env["stock.warehouse"].with_user(self.user_warehouse_lead)
        company = [("company_id", "=", self.company.id)]
        for operator, value, found in (
            ("=", True, self.warehouse),
            ("!=", True, self.second),
            ("=", False, self.second),
            ("in", [True, False], self.warehouse + self.second),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(
                    warehouses.search([*company, ("kpi_is_led", operator, value)]),
                    found,
                )
        self.assertTrue(warehouses.browse(self.warehouse.id).kpi_is_led)
        self.assertFalse(warehouses.browse(self.second.id).kpi_is_led)
        self.depot.warehouse_id = self.second
        self.assertEqual(
            warehouses.search([*company, ("kpi_is_led", "=", True)]), self.second
        )

    def test_nobody_else_leads_a_warehouse(self):
        for user in (self.user_lead, self.user_picker, self.user_manager):
            with self.subTest(user.login):
                led = self.env["stock.warehouse"].with_user(user).sudo()
                self.assertFalse(led.search([("kpi_is_led", "=", True)]))

    # ---------------------------------------------------------------- measurements
    def _measured(self):
        """Deliveries and supplies of both warehouses, a sale, another company's."""
        self.ship(self.sale(), "2025-03-06 10:00", user=self.user_seller)
        self.ship(
            self.sale(warehouse_id=self.second.id),
            "2025-03-06 10:00",
            user=self.user_seller,
        )
        self.purchase()
        self.invoice("2025-03-05", 100.0, self.user_seller)
        self.measure(" ".join((*DELAYS, "lines_per_sale", "revenue")))
        return self.env["kpi.measurement"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_lead_sees_the_delays_of_the_warehouse(self):
        """Of the own warehouse and of the three processes only."""
        self.user_seller.group_ids += self.env.ref("stock.group_stock_user")
        rows = self._measured()
        seen = self.env["kpi.measurement"].with_user(self.user_warehouse_lead)
        seen = seen.search([("id", "in", rows.ids)])
        self.assertEqual(set(seen.indicator_id.sudo().mapped("code")), set(DELAYS))
        self.assertEqual(seen.warehouse_id, self.warehouse)
        # Not the sales of the same warehouse.
        sales = rows.filtered(lambda row: row.indicator_id.code == "lines_per_sale")
        self.assertIn(self.warehouse, sales.warehouse_id)
        for row in rows - seen.sudo():
            with self.assertRaises(AccessError):
                row.with_user(self.user_warehouse_lead).read(["numerator"])

    def test_lead_of_sales_sees_none_of_it(self):
        rows = self._measured().filtered(lambda row: row.indicator_id.code == SUPPLIER)
        seen = self.env["kpi.measurement"].with_user(self.user_lead)
        self.assertTrue(rows)
        self.assertFalse(seen.search([("id", "in", rows.ids)]))

    def test_lead_sees_nothing_of_another_company(self):
        other = self._create_company("Other")
        self.ship(self.sale(), "2025-03-06 10:00")
        self.measure(DELIVERY)
        row = self.atoms(DELIVERY)
        seen = self.env["kpi.measurement"].with_user(self.user_warehouse_lead)
        self.assertEqual(seen.search([("id", "=", row.id)]), row)
        self.env.cr.execute(
            "UPDATE kpi_measurement SET company_id = %s WHERE id = %s",
            [other.id, row.id],
        )
        self.env.invalidate_all()
        self.assertFalse(seen.search([("id", "=", row.id)]))

    def test_lead_writes_no_figure(self):
        rows = self._measured().filtered(
            lambda row: (
                row.warehouse_id == self.warehouse and row.indicator_id.code in DELAYS
            )
        )
        row = rows[0].with_user(self.user_warehouse_lead)
        with self.assertRaises(UserError):
            row.numerator = 0.0
        with self.assertRaises(UserError):
            row.unlink()

    # ----------------------------------------------------------------------- areas
    def test_areas_are_the_manager_s(self):
        area = self._area()
        for user in (self.user_seller, self.user_warehouse_lead, self.user_expert):
            with self.subTest(user.login):
                theirs = area.with_user(user)
                self.assertEqual(theirs.state_id, self.state)
                with self.assertRaises(AccessError):
                    theirs.city = "Here"
                with self.assertRaises(AccessError):
                    theirs.unlink()
                with self.assertRaises(AccessError):
                    theirs.create({"site_id": self.shop.id, "state_id": self.state.id})
        area.with_user(self.user_manager).city = "Khimki"
        self.assertEqual(area.city_key, "khimki")

    def test_areas_of_another_company(self):
        other = self._create_company("Other")
        site = self.env["kpi.site"].create(
            {
                "name": "Theirs",
                "kind": "office",
                "tz": "Europe/Moscow",
                "company_id": other.id,
            }
        )
        area = self._area(site)
        for user in (self.user_seller, self.user_manager):
            areas = self.env["kpi.site.area"].with_user(user)
            self.assertFalse(areas.search([("id", "=", area.id)]))
        # The same region may be served by a site of each company.
        self.assertEqual(self._area().state_id, area.state_id)

    def test_area_belongs_to_one_site(self):
        self._area(city="Khimki")
        self._area()
        for city in ("KHIMKI ", False):
            with (
                self.subTest(city=city),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._area(self.depot, city)
                self.env.flush_all()

    def _area(self, site=None, city=False):
        return self.env["kpi.site.area"].create(
            {
                "site_id": (site or self.shop).id,
                "state_id": self.state.id,
                "city": city,
            }
        )

    # ------------------------------------------------------------------- bad input
    def test_negative_norm(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.warehouse.kpi_receiving_norm_hours = -1
            self.env.flush_all()

    def test_calendar_of_another_company(self):
        other = self._create_company("Other")
        with self.assertRaises(UserError):
            self.warehouse.kpi_calendar_id = other.resource_calendar_id

    def test_negative_limits_of_an_indicator(self):
        for field in ("tolerance_minutes", "long_limit_hours"):
            with (
                self.subTest(field),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.indicator(PICK)[field] = -1
                self.env.flush_all()

    # ------------------------------------------------------------- nobody types it
    def test_facts_of_lines_are_not_typed(self):
        """Neither the seller nor the buyer, on the line or through the order."""
        sale, purchase = self.sale(), self.purchase()
        for line, user in (
            (sale.order_line, self.user_seller),
            (purchase.order_line, self.user_buyer),
        ):
            for field, value in (
                ("kpi_confirmed_at", self.due),
                ("kpi_promised_at", self.utc("2025-03-30 10:00")),
                ("kpi_promised_qty", 1.0),
                ("kpi_withdrawn_qty", 5.0),
                ("kpi_withdrawn_at", self.due),
            ):
                with self.subTest(field=field), self.assertRaises(UserError):
                    line.with_user(user).write({field: value})
