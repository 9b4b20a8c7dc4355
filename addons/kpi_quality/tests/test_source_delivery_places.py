from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .delay_common import DELIVERY, DelayCommon


@tagged("post_install", "-at_install")
class TestSourceDeliveryPlaces(DelayCommon):
    """Who delivered and where, what is marked, and which promises were moved."""

    def assertDelivery(self, hours, due=1, place=None, now=None):
        self.assertDelay(DELIVERY, hours, due, place, now)

    # ----------------------------------------------------------------------- marks
    def test_without_marks_shipped_is_delivered(self):
        self.ship(self.sale(), "2025-03-05 12:00")
        self.assertDelivery(2.0)

    def test_marked_by_the_driver(self):
        """Shipped at 9:00, handed over at 14:00 by somebody else: 4 h, his."""
        picking = self.ship(self.sale(), "2025-03-05 09:00")
        self.mark(picking, "2025-03-05 14:00", "delivery", user=self.user_picker_2)
        self.assertDelivery(4.0)
        self.assertDelivery(4.0, 1, self.picker_2)
        self.assertDelivery(0.0, 0, self.picker)

    def test_needs_a_mark_and_has_none(self):
        """Shipped in time, nobody says that it was delivered: under way, late."""
        self.needs_mark(self.delivery_type)
        self.ship(self.sale(), "2025-03-05 09:00")
        self.assertDelivery(self.open_hours)

    def test_marks_are_needed_from_a_day_on(self):
        """Since the 8th: what was shipped before needs none."""
        self.needs_mark(self.delivery_type, since="2025-03-08 00:00")
        self.ship(self.sale(), "2025-03-05 12:00")
        self.assertDelivery(2.0)
        self.ship(self.sale(), "2025-03-09 12:00")
        self.assertDelivery(2.0 + self.open_hours, 2)

    def test_mark_taken_back(self):
        self.needs_mark(self.delivery_type)
        picking = self.ship(self.sale(), "2025-03-05 09:00")
        mark = self.mark(picking, "2025-03-05 09:30", "delivery")
        self.assertDelivery(0.0)
        self.take_back(mark, "2025-03-05 09:40")
        self.assertDelivery(self.open_hours)

    def test_carrier_s_date(self):
        """Told on the 10th that it was there on the 5th at 16:00: 6 h."""
        picking = self.ship(self.sale(), "2025-03-05 09:00")
        with self.at("2025-03-10 10:00"):
            picking._kpi_mark("delivery", "carrier", self.utc("2025-03-05 16:00"))
        self.assertDelivery(6.0, 1)
        self.assertFalse(picking.kpi_delivered_by_id)

    def test_imported_marks(self):
        """A list of the courier, entered by the warehouse lead on the 10th."""
        self.user_warehouse_lead.group_ids += self.env.ref("stock.group_stock_user")
        picking = self.ship(self.sale(), "2025-03-05 09:00")
        with self.at("2025-03-10 10:00"):
            self.env["kpi.handover"].with_user(self.user_warehouse_lead).create(
                {
                    "picking_id": picking.id,
                    "kind": "delivery",
                    "moment": self.utc("2025-03-05 17:30"),
                }
            )
        self.assertDelivery(7.5)

    def test_late_by_the_last_handover(self):
        """3 handed over at 9:30, 2 at 12:00, shipped together: 2 h."""
        order = self.sale()
        first = self.ship(order, "2025-03-05 08:00", 3)
        second = self.ship(order, "2025-03-05 08:30")
        self.mark(second, "2025-03-05 09:30", "delivery")
        self.mark(first, "2025-03-05 12:00", "delivery")
        self.assertDelivery(2.0)

    # ---------------------------------------------------------------- the places
    def _area(self, site, state, city=False):
        return self.env["kpi.site.area"].create(
            {"site_id": site.id, "state_id": state.id, "city": city}
        )

    def _customer(self, state, city):
        return self._create_partner(
            city, country_id=state.country_id.id, state_id=state.id, city=city
        )

    def test_site_that_serves_the_customer(self):
        """A city beats its region; letters, blanks and alphabets do not matter; who
        lives elsewhere belongs to the warehouse."""
        moscow, tver = self.env["res.country.state"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "country_id": self.env.ref("base.ru").id,
                }
                for name, code in (("Region 1", "KPI1"), ("Region 2", "KPI2"))
            ]
        )
        self._area(self.shop, moscow)
        north = self.env["kpi.site"].create(
            {"name": "North", "kind": "office", "tz": "Europe/Moscow"}
        )
        self._area(north, moscow, " Химки ")
        self.env["kpi.site"].create(
            {
                "name": "Theirs",
                "kind": "office",
                "tz": "Europe/Moscow",
                "company_id": self._create_company("Other").id,
                "area_ids": [Command.create({"state_id": tver.id})],
            }
        )
        for state, city, site in (
            (moscow, "Moscow", self.shop),
            (moscow, "ХИМКИ", north),
            (moscow, "химки ", north),
            (tver, "Химки", self.depot),
        ):
            with self.subTest(city=city, site=site.name):
                order = self.sale(partner_id=self._customer(state, city).id)
                self.ship(order, "2025-03-05 12:00")
                self.measure(DELIVERY)
                self.assertEqual(self.atoms(DELIVERY).site_id, site)
                order.order_line.kpi_promised_at = False

    def test_day_is_that_of_the_site_that_serves(self):
        """Promised for 22:00 of 31 March in Moscow; the customer's site is in
        Vladivostok: 5:00 of 1 April there."""
        state = self.env.ref("base.state_ru_pri", raise_if_not_found=False)
        state = state or self.env["res.country.state"].search([], limit=1)
        self.shop.tz = "Asia/Vladivostok"
        self._area(self.shop, state)
        order = self.sale(
            promise="2025-03-31 22:00", partner_id=self._customer(state, "Any").id
        )
        self.ship(order, "2025-03-19 10:00")
        order = self.sale(promise="2025-03-31 22:00")
        self.ship(order, "2025-03-19 10:00")
        now = "2025-04-02 12:00"
        self.assertDelivery(0.0, 1, now=now)
        self.assertEqual(self.atoms(DELIVERY).site_id, self.depot)
        self.assertEqual(self.atoms(DELIVERY).date, date(2025, 3, 31))

    def test_two_companies(self):
        """Each sees its own promises only."""
        other = self._create_company("Other")
        theirs = self.env(
            context={**self.env.context, "allowed_company_ids": other.ids}
        )
        order = theirs["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "commitment_date": self.due,
                "order_line": [
                    Command.create({"product_id": self.product.id, "tax_ids": False})
                ],
            }
        )
        with self.at("2025-03-03 10:00"):
            order.action_confirm()
        self.ship(self.sale(), "2025-03-05 12:00")
        self.assertDelivery(2.0)
        self.assertEqual(self.fact(DELIVERY, other).numerator, self.open_hours)

    def test_employee_of_that_day(self):
        """Who delivered was of the wholesale on the 5th, whatever he is today."""
        self._move_employee(self.picker, "2025-03-04", self.wholesale)
        self._move_employee(self.picker, "2025-03-10", self.storage)
        self.ship(self.sale(), "2025-03-06 10:00")
        self.assertDelivery(24.0, 1, self.wholesale)

    # ------------------------------------------------------------ moved promises
    def assertMoved(self, moved, due):
        self.assertDelay("promise_moved_share", moved, due)

    def test_moved_promises(self):
        """Four lines due; the date of one order and the lead time of one line of
        another were moved: 2 of 4, by salesperson."""
        kept = self.sale()
        moved = self.sale()
        self.product.sale_delay = self.product_2.sale_delay = 2
        lines = self.order(
            "2025-03-03 10:00",
            self.user_seller,
            [(self.product, 1), (self.product_2, 1)],
        )
        self.env.flush_all()  # confirmed in a transaction of its own
        with self.at("2025-03-04 10:00"):
            moved.commitment_date = self.utc("2025-03-30 10:00")
            lines.order_line[1].customer_lead = 20
        for order in kept + moved + lines:
            self._journal_at(order, "2025-03-04 10:00")
        self.assertMoved(2, 4)
        self.assertEqual(self.fact("promise_moved_share", self.seller).value, 50.0)

    def test_date_of_a_quotation_is_no_promise(self):
        """Changed while it was a quotation: nothing was promised yet."""
        order = self.quotation("2025-03-03 10:00", self.user_seller)
        self.env.flush_all()
        order.commitment_date = self.utc("2025-03-04 10:00")
        self.env.flush_all()
        order.commitment_date = self.due
        with self.at("2025-03-03 11:00"):
            order.action_confirm()
        self._journal_at(order, "2025-03-03 11:00")
        self.assertMoved(0, 1)
