"""What the dock and delivery screens show, and what a scan does."""

from freezegun.api import real_datetime

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import freeze_time

from .common import NOW
from .test_handover import HandoverCommon


class ScreenCommon(HandoverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.picking"].search(
            [("picking_type_id.warehouse_id", "=", cls.warehouse.id)]
        ).action_cancel()
        cls.warehouse.out_type_id.kpi_needs_mark = True

    def screen(self, user=None):
        return self.env["kpi.handover.screen"].with_user(user or self.user_picker)

    def names(self, kind="arrival", **options):
        page = self.screen().get_cards(kind, self.warehouse.id, **options)
        return [card["name"] for card in page["cards"]]


@tagged("post_install", "-at_install")
class TestHandoverScreen(ScreenCommon):
    # ------------------------------------------------------------------ cards
    def test_the_late_ones_first(self):
        later = self.receipt("2025-03-21 10:00")
        today = self.receipt("2025-03-20 18:00")
        late = self.receipt("2025-03-19 10:00")
        page = self.screen().get_cards("arrival")
        self.assertEqual(
            [(card["name"], card["section"]) for card in page["cards"]],
            [(late.name, "overdue"), (today.name, "today"), (later.name, "later")],
        )
        self.assertEqual((page["total"], page["overdue"]), (3, 1))
        self.assertEqual(page["warehouse_id"], self.warehouse.id)

    def test_a_day_ends_where_the_user_is(self):
        """23:30 in Moscow is 20:30 UTC; half past midnight is tomorrow there."""
        self.receipt("2025-03-20 23:30")
        self.receipt("2025-03-21 00:30")
        cards = self.screen().get_cards("arrival")["cards"]
        self.assertEqual([card["section"] for card in cards], ["today", "later"])

    def test_a_card(self):
        receipt = self.receipt(
            "2025-03-19 10:00", [(self.product, 10), (self.product_2, 5)]
        )
        receipt.priority = "1"
        [card] = self.screen().get_cards("arrival")["cards"]
        order = receipt.move_ids.purchase_line_id.order_id.name
        self.assertEqual(
            card,
            {
                "id": receipt.id,
                "name": receipt.name,
                "partner": "Vendor",
                "city": "",
                "orders": [order],
                "lines": 2,
                "due": "2025-03-19 07:00:00",
                "planned": "2025-03-19 07:00:00",
                "section": "overdue",
                "urgent": True,
                "mark": False,
            },
        )

    def test_rescheduling_hides_nothing(self):
        receipt = self.receipt("2025-03-19 10:00")
        receipt.scheduled_date = self.utc("2025-03-27 10:00")
        [card] = self.screen().get_cards("arrival")["cards"]
        self.assertEqual(card["section"], "overdue")
        self.assertEqual(card["due"], "2025-03-19 07:00:00")
        self.assertEqual(card["planned"], "2025-03-27 07:00:00")

    def test_the_rest_is_expected_again(self):
        receipt = self.receipt("2025-03-19 10:00")
        self.arrive(receipt, "2025-03-19 09:00")
        rest = self.deliver(
            receipt, "2025-03-19 11:00", {self.product: 4}, self.user_picker
        )
        self.assertEqual(self.names(), [rest.name])

    def test_marked_ones_wait_at_the_dock(self):
        receipt = self.receipt()
        mark = self.arrive(receipt)
        self.assertEqual(self.names(), [])
        [card] = self.screen().get_cards("arrival", marked=True)["cards"]
        self.assertEqual(card["mark"]["id"], mark.id)
        self.assertEqual(card["mark"]["who"], self.user_picker.name)
        self.assertTrue(card["mark"]["can_take_back"])
        self.deliver(receipt, "2025-03-20 12:00", user=self.user_picker)
        self.assertEqual(self.names(marked=True), [])

    def test_deliveries_on_the_way(self):
        """Shipped since marks are asked for; not what was shipped before."""
        open_delivery = self.delivery()
        shipped = self.delivery("2025-03-20 12:00")
        old = self.delivery("2025-03-18 12:00")
        self.assertEqual(self.names("delivery"), [shipped.name])
        self.mark(shipped, "delivery")
        self.assertEqual(self.names("delivery"), [])
        self.assertEqual(self.names("delivery", marked=True), [shipped.name])
        self.warehouse.out_type_id.kpi_needs_mark = False
        self.assertFalse(self.screen().get_cards("delivery")["needs_mark"])
        self.assertFalse(open_delivery.kpi_delivered_at or old.kpi_delivered_at)

    def test_search(self):
        self.vendor.name = "Oak & Sons"
        receipt, other = self.receipt(), self.receipt()
        order = receipt.move_ids.purchase_line_id.order_id.name
        self.assertEqual(self.names(search=receipt.name.lower()), [receipt.name])
        self.assertEqual(self.names(search=f" {order} "), [receipt.name])
        self.assertEqual(len(self.names(search="oak")), 2)
        self.assertEqual(self.names(search="50%_"), [])
        self.assertTrue(other)

    def test_warehouses(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        receipt = self.receipt()
        page = self.screen().get_cards("arrival")
        self.assertEqual(
            {place["name"] for place in page["warehouses"]},
            {self.warehouse.name, "Second"},
        )
        # The picker's department works at the depot, whose warehouse this is.
        self.assertEqual(page["warehouse_id"], self.warehouse.id)
        self.assertFalse(self.screen().get_cards("arrival", second.id)["cards"])
        everywhere = self.screen().get_cards("arrival", 0)
        self.assertEqual([card["id"] for card in everywhere["cards"]], receipt.ids)
        self.user_picker.property_warehouse_id = second
        self.assertEqual(self.screen().get_cards("arrival")["warehouse_id"], second.id)

    def test_pages(self):
        receipt = self.receipt()
        for _number in range(41):
            receipt.copy().action_confirm()
        first = self.names()
        rest = self.names(offset=40)
        self.assertEqual((len(first), len(rest)), (40, 2))
        self.assertEqual(len(set(first + rest)), 42)

    def test_the_statements_do_not_grow(self):
        """Twelve times the receipts, and marks: the same number of statements."""

        def count(**options):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = self.screen().get_cards("arrival", self.warehouse.id, **options)
            return self.env.cr.sql_log_count - before, len(page["cards"])

        receipts = [self.receipt() for _number in range(2)]
        self.arrive(receipts[0])
        few = {marked: count(marked=marked) for marked in (False, True)}
        receipts += [self.receipt() for _number in range(12)]
        for receipt in receipts[2::2]:
            self.arrive(receipt)
        for marked in (False, True):
            statements, cards = count(marked=marked)
            self.assertEqual(cards, 7)
            self.assertLessEqual(statements, few[marked][0])
            self.assertLess(statements, 25)

    # ----------------------------------------------------------------- rights
    def test_only_what_the_user_sees(self):
        self.receipt()
        other = self._create_company("Elsewhere")
        stock = ["stock.group_stock_user"]
        foreign = self._create_user("kpi_foreign", "user", stock, company=other)
        screen = self.screen(foreign).with_context(allowed_company_ids=other.ids)
        page = screen.get_cards("arrival", 0)
        self.assertEqual((page["cards"], page["total"]), ([], 0))
        with self.assertRaises(AccessError):
            self.screen(self.user_expert).get_cards("arrival", 0)

    # --------------------------------------------------------- taps and scans
    def test_tap_and_undo(self):
        receipt = self.receipt()
        mark = self.screen().tap("arrival", receipt.id)
        self.assertEqual(mark["name"], receipt.name)
        self.assertTrue(receipt.kpi_arrived_at)
        with self.assertRefused("Too late to undo"):
            self.screen(self.user_picker_2).undo(mark["id"])
        self.screen().undo(mark["id"])
        self.assertFalse(receipt.kpi_arrived_at)
        self.assertIn("Undone", receipt.kpi_handover_ids.reason)

    def test_scan_of_a_receipt(self):
        receipt = self.receipt()
        result = self.screen().scan("arrival", f" {receipt.name.lower()}\n")
        self.assertEqual(result["marked"]["picking_id"], receipt.id)
        self.assertEqual(receipt.kpi_handover_ids.source, "scan")

    def test_scan_of_a_purchase_order(self):
        receipt = self.receipt()
        order = receipt.move_ids.purchase_line_id.order_id
        result = self.screen().scan("arrival", order.name)
        self.assertEqual(result["marked"]["picking_id"], receipt.id)
        result = self.screen().scan("arrival", order.name)
        self.assertIn("nothing is left to mark", result["message"])

    def test_scan_of_an_order_with_several_receipts(self):
        receipt = self.receipt(lines=[(self.product, 10), (self.product_2, 4)])
        order = receipt.move_ids.purchase_line_id.order_id
        second = receipt.copy({"move_ids": []})
        receipt.move_ids[1].picking_id = second
        result = self.screen().scan("arrival", order.name)
        self.assertEqual(
            {card["id"] for card in result["cards"]}, set((receipt | second).ids)
        )
        self.assertFalse((receipt | second).kpi_handover_ids)
        self.arrive(second)
        result = self.screen().scan("arrival", order.name)
        self.assertEqual(result["marked"]["picking_id"], receipt.id)

    def test_wrong_codes_mark_nothing(self):
        receipt, shipped = self.receipt(), self.delivery("2025-03-20 12:00")
        for code in ("", "  ", "4006381333931", "%", receipt.name[:-1]):
            self.assertIn(
                "Nothing here", self.screen().scan("arrival", code)["message"]
            )
        with self.assertRefused("not a receipt"):
            self.screen().scan("arrival", shipped.name)
        with self.assertRefused("does not go to a customer"):
            self.screen().scan("delivery", receipt.name)
        self.assertFalse((receipt | shipped).kpi_handover_ids)

    def test_scan_of_a_sales_order(self):
        shipped = self.delivery("2025-03-20 12:00")
        result = self.screen().scan("delivery", shipped.sale_id.name)
        self.assertEqual(result["marked"]["picking_id"], shipped.id)
        self.assertEqual(shipped.kpi_delivered_by_id, self.user_picker)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestHandoverTour(ScreenCommon, HttpCase):
    """The dock on a telephone, through the real web client."""

    browser_size = "390x844"
    touch_enabled = True

    def tour(self, action, name):
        """Browsers live in the present: a frozen clock would outdate their cookies."""
        with freeze_time(real_datetime.utcnow(), tick=True):
            self.start_tour(
                f"/odoo/action-kpi_quality.{action}",
                name,
                login=self.user_picker.login,
            )

    def test_the_dock(self):
        self.vendor.name = "Oak & Sons"
        tapped, scanned = self.receipt("2025-03-19 10:00"), self.receipt()
        tapped.name, scanned.name = "TOUR/IN/1", "TOUR/IN/2"
        self.tour("kpi_handover_action_arrivals", "kpi_handover_dock")
        self.assertRecordValues(
            (tapped | scanned).kpi_handover_ids.sorted("id"),
            [
                {"picking_id": tapped.id, "source": "tap", "reason": reason}
                for reason in ("Undone right after it was marked",)
            ]
            + [
                {"picking_id": scanned.id, "source": "scan", "reason": False},
                {"picking_id": tapped.id, "source": "tap", "reason": "wrong truck"},
            ],
        )
        self.assertFalse(tapped.kpi_arrived_at)
        self.assertTrue(scanned.kpi_arrived_at)
