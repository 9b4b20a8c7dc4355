"""Who may say when goods arrived and were delivered, and what cannot be said."""

from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .common import NOW, KpiCommon


@freeze_time(NOW)
class HandoverCommon(KpiCommon):
    """Receipts and deliveries of the test company; it is noon of 20 March 2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls._create_partner("Vendor")
        cls.depot.warehouse_id = cls.warehouse
        stock = cls.env.ref("stock.group_stock_user")
        for user in (cls.user_warehouse_lead, cls.user_lead, cls.user_manager):
            user.group_ids += stock

    @classmethod
    def receipt(cls, due="2025-03-20 10:00", lines=None, confirmed="2025-03-17 10:00"):
        """The receipt of a purchase order promised for a local moment."""
        with cls.at(confirmed):
            purchase = cls.env["purchase.order"].create(
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": quantity,
                                "price_unit": 10,
                                "date_planned": cls.utc(due),
                            }
                        )
                        for product, quantity in lines or [(cls.product, 10)]
                    ],
                }
            )
            purchase.button_confirm()
        return purchase.picking_ids

    @classmethod
    def delivery(cls, shipped=None, due="2025-03-20 10:00"):
        """The delivery of a sales order, shipped at a local moment if given."""
        order = cls.order(
            "2025-03-17 10:00", cls.user_seller, commitment_date=cls.utc(due)
        )
        if shipped:
            cls.deliver(order.picking_ids, shipped, user=cls.user_picker)
        return order.picking_ids

    def mark(self, picking, kind, user=None, moment=None, source="tap"):
        """At a local moment, by a user; now by the picker without."""
        picking = picking.with_user(user or self.user_picker)
        if not moment:
            return picking._kpi_mark(kind, source)
        with self.at(moment):
            return picking._kpi_mark(kind, source)

    def arrive(self, picking, moment=None, user=None):
        return self.mark(picking, "arrival", user, moment)

    @contextmanager
    def assertRefused(self, message, error=UserError):
        """An error with that message, and everything rolled back as a request is."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    def enter(self, user, picking, kind, moment, **values):
        """What the import of a row does."""
        return (
            self.env["kpi.handover"]
            .with_user(user)
            .create(
                {
                    "picking_id": picking.id,
                    "kind": kind,
                    "moment": self.utc(moment),
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    # ---------------------------------------------------------------- marking
    def test_a_tap_is_now_and_of_who_taps(self):
        receipt = self.receipt()
        receipt.with_user(self.user_picker).action_kpi_arrived()
        self.assertEqual(str(receipt.kpi_arrived_at), NOW)
        self.assertRecordValues(
            receipt.kpi_handover_ids,
            [
                {
                    "kind": "arrival",
                    "source": "tap",
                    "user_id": self.user_picker.id,
                    "company_id": self.company.id,
                    "revoked_at": False,
                }
            ],
        )
        self.assertEqual(receipt.state, "assigned")  # nothing is booked by it

    def test_delivered_by_whom(self):
        tapped, scanned, reported = (
            self.delivery("2025-03-19 10:00") for _number in range(3)
        )
        tapped.with_user(self.user_picker_2).action_kpi_delivered()
        self.mark(scanned, "delivery", source="scan")
        moment = self.utc("2025-03-19 18:30")
        reported.sudo()._kpi_mark("delivery", "carrier", moment)
        self.assertEqual(tapped.kpi_delivered_by_id, self.user_picker_2)
        self.assertEqual(scanned.kpi_delivered_by_id, self.user_picker)
        self.assertFalse(reported.kpi_delivered_by_id)
        self.assertFalse(reported.kpi_handover_ids.user_id)
        self.assertEqual(reported.kpi_delivered_at, moment)

    def test_an_arrival_is_of_an_open_receipt(self):
        draft, cancelled = self.receipt(), self.receipt()
        draft.move_ids.state = "draft"
        cancelled.action_cancel()
        for picking, message in (
            (draft, "not confirmed or is cancelled"),
            (cancelled, "not confirmed or is cancelled"),
            (self.delivery(), "not a receipt"),
        ):
            with self.assertRefused(message):
                self.arrive(picking)

    def test_a_delivery_has_left_the_warehouse(self):
        open_delivery = self.delivery()
        shipped = self.delivery("2025-03-20 11:00")
        with self.assertRefused("has not left the warehouse"):
            self.mark(open_delivery, "delivery")
        with self.assertRefused("does not go to a customer"):
            self.mark(self.receipt(), "delivery")
        with self.assertRefused("cannot have been delivered"):
            shipped.sudo()._kpi_mark(
                "delivery", "carrier", self.utc("2025-03-20 10:59")
            )
        self.assertFalse((open_delivery | shipped).kpi_handover_ids)
        shipped.sudo()._kpi_mark("delivery", "carrier", self.utc("2025-03-20 11:00"))
        self.assertTrue(shipped.kpi_delivered_at)

    def test_nothing_is_marked_that_is_still_to_come(self):
        receipt = self.receipt()
        soon = fields.Datetime.now() + timedelta(seconds=1)
        with self.assertRefused("still to come"):
            receipt.sudo()._kpi_mark("arrival", "carrier", soon)

    def test_goods_are_booked_in_after_they_arrived(self):
        """Tapping after the booking would blame the vendor for our own time."""
        receipt = self.receipt()
        self.deliver(receipt, "2025-03-20 11:00", user=self.user_picker)
        with self.assertRefused("cannot have arrived later"):
            self.arrive(receipt)
        with self.assertRefused("cannot have arrived later"):
            self.enter(self.user_manager, receipt, "arrival", "2025-03-20 11:01")
        self.enter(self.user_manager, receipt, "arrival", "2025-03-20 11:00")
        self.assertEqual(receipt.kpi_arrived_at, self.utc("2025-03-20 11:00"))

    def test_one_mark_of_a_kind(self):
        receipt = self.receipt()
        self.arrive(receipt)
        with self.assertRefused("marked already: .*Kpi_Picker|kpi_pick"):
            self.arrive(receipt, user=self.user_picker_2)
        self.assertEqual(len(receipt.kpi_handover_ids), 1)

    def test_the_index_holds_where_the_message_comes_too_late(self):
        receipt = self.receipt()
        values = {
            "picking_id": receipt.id,
            "kind": "arrival",
            "moment": fields.Datetime.now(),
            "source": "tap",
        }
        marks = self.env["kpi.handover"].sudo()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation) as caught:
            marks.create([values, values])
        message = self.env["kpi.handover"]._sql_error_to_message(caught.exception)
        self.assertIn("Somebody else marked this transfer", message)

    def test_the_truck_with_the_rest_arrives_later(self):
        receipt = self.receipt(lines=[(self.product, 10)])
        self.arrive(receipt, "2025-03-18 09:00")
        rest = self.deliver(
            receipt, "2025-03-18 11:00", {self.product: 6}, self.user_picker
        )
        self.assertFalse(rest.kpi_arrived_at)
        self.assertFalse(rest.kpi_handover_ids)
        self.arrive(rest, "2025-03-20 10:30")
        self.assertEqual(receipt.kpi_arrived_at, self.utc("2025-03-18 09:00"))
        self.assertEqual(rest.kpi_arrived_at, self.utc("2025-03-20 10:30"))

    def test_a_copy_and_a_return_start_unmarked(self):
        shipped = self.delivery("2025-03-19 10:00")
        self.mark(shipped, "delivery")
        self.assertFalse(shipped.copy().kpi_delivered_at)
        wizard = self.env["stock.return.picking"].with_context(
            active_id=shipped.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertFalse(returned.kpi_handover_ids)
        returned.action_confirm()
        self.arrive(returned)  # it comes to the dock like any other truck
        self.assertTrue(returned.kpi_arrived_at)
        self.assertFalse(returned.kpi_delivered_at)

    def test_option_says_since_when(self):
        picking_type = self.warehouse.out_type_id
        self.assertFalse(picking_type.kpi_needs_mark_since)
        picking_type.kpi_needs_mark = True
        self.assertEqual(str(picking_type.kpi_needs_mark_since), NOW)
        with self.at("2025-03-25 10:00"):
            picking_type.kpi_needs_mark = True
            self.assertEqual(str(picking_type.kpi_needs_mark_since), NOW)
            picking_type.kpi_needs_mark = False
            self.assertFalse(picking_type.kpi_needs_mark_since)

    # ------------------------------------------------------------ taking back
    def test_taken_back_with_a_reason(self):
        receipt = self.receipt()
        mark = self.arrive(receipt).with_user(self.user_picker)
        for empty in ("", "  ", False):
            with self.assertRefused("Write why"):
                mark._revoke(empty)
        wizard = self.env["kpi.handover.revocation"].with_user(self.user_picker)
        context = mark.action_take_back()["context"]
        wizard = wizard.with_context(**context).create({"reason": "wrong receipt"})
        wizard.action_take_back()
        self.assertFalse(receipt.kpi_arrived_at)
        self.assertRecordValues(
            mark,
            [
                {
                    "reason": "wrong receipt",
                    "revoked_by_id": self.user_picker.id,
                    "revoked_at": fields.Datetime.now(),
                    "moment": fields.Datetime.now(),
                }
            ],
        )
        with self.assertRefused("taken back already"):
            mark._revoke("again")
        self.arrive(receipt, user=self.user_picker_2)
        self.assertEqual(len(receipt.kpi_handover_ids), 2)
        self.assertTrue(receipt.kpi_arrived_at)

    def test_taking_back_a_delivery_clears_who(self):
        shipped = self.delivery("2025-03-19 10:00")
        mark = self.mark(shipped, "delivery")
        mark.with_user(self.user_picker)._revoke("another door")
        self.assertFalse(shipped.kpi_delivered_at)
        self.assertFalse(shipped.kpi_delivered_by_id)

    def test_who_may_take_back(self):
        """Who marked for 15 minutes; leads of the warehouse, managers: always."""
        mark = self.arrive(self.receipt())
        foreign_lead = self.user_lead  # leads Sales, not this warehouse
        at_once = {
            self.user_picker: True,
            self.user_picker_2: False,
            foreign_lead: False,
            self.user_warehouse_lead: True,
            self.user_manager: True,
        }
        for user, allowed in at_once.items():
            self.assertEqual(mark.with_user(user)._can_revoke(), allowed, user.login)
        with self.at("2025-03-20 12:16"):
            for user, allowed in (at_once | {self.user_picker: False}).items():
                self.assertEqual(
                    mark.with_user(user)._can_revoke(), allowed, user.login
                )
            with self.assertRefused("within 15 minutes", AccessError):
                mark.with_user(self.user_picker)._revoke("late")

    def test_a_lead_of_who_marked_takes_back_in_any_warehouse(self):
        self.depot.warehouse_id = False
        mark = self.arrive(self.receipt())
        self.assertTrue(mark.with_user(self.user_warehouse_lead)._can_revoke())
        mark = self.arrive(self.receipt(), user=self.user_manager)
        self.assertFalse(mark.with_user(self.user_warehouse_lead)._can_revoke())

    # ----------------------------------------------------------------- rights
    def test_who_may_not_write_transfers_marks_none(self):
        receipt = self.receipt()
        for user in (self.user_expert, self.user_payroll):
            with self.assertRaises(AccessError):
                receipt.with_user(user).action_kpi_arrived()
        # A seller may write transfers, but would report the own lateness.
        receipt.with_user(self.user_seller).check_access("write")
        with self.assertRefused("by users of Inventory", AccessError):
            receipt.with_user(self.user_seller).action_kpi_arrived()

    def test_facts_are_typed_by_nobody(self):
        receipt = self.receipt()
        manager = self.env.ref("stock.group_stock_manager")
        self.user_manager.group_ids += manager
        moment = fields.Datetime.now()
        for vals in (
            {"kpi_arrived_at": moment},
            {"kpi_delivered_at": moment},
            {"kpi_delivered_by_id": self.user_picker.id},
            {
                "kpi_handover_ids": [
                    Command.create({"kind": "arrival", "moment": moment})
                ]
            },
        ):
            with self.assertRefused("never typed"):
                receipt.with_user(self.user_manager).write(vals)
        transfers = self.env["stock.picking"].with_user(self.user_manager)
        values = {"picking_type_id": self.warehouse.in_type_id.id}
        created = transfers.create({**values, "kpi_arrived_at": moment})
        created |= transfers.with_context(default_kpi_arrived_at=moment).create(values)
        self.assertFalse(any(created.mapped("kpi_arrived_at")))

    def test_marks_are_neither_changed_nor_deleted(self):
        mark = self.arrive(self.receipt())
        for user in (self.user_picker, self.user_warehouse_lead, self.user_manager):
            own = mark.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"moment": self.utc("2025-03-19 10:00")})
            with self.assertRaises(AccessError):
                own.write({"reason": "x"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.with_context(_force_unlink=True).unlink()

    # ----------------------------------------------------------------- import
    def load(self, user, rows, *columns):
        columns = columns or ("picking_id", "kind", "moment")
        marks = self.env["kpi.handover"].with_user(user)
        with mute_logger("odoo.sql_db"):  # a batch with a double is tried row by row
            return marks.load(list(columns), [list(row) for row in rows])

    def test_import_of_a_carriers_file(self):
        first, second = (self.delivery("2025-03-18 10:00") for _number in range(2))
        result = self.load(
            self.user_manager,
            [
                (first.name, "Delivered", "2025-03-19 08:00:00"),
                (second.name, "delivery", "2025-03-19 09:15:00"),
            ],
        )
        self.assertFalse(result["messages"])
        marks = (first | second).kpi_handover_ids
        self.assertEqual(set(marks.mapped("source")), {"import"})
        self.assertEqual(marks.user_id, self.user_manager)
        self.assertFalse((first | second).kpi_delivered_by_id)
        self.assertEqual(second.kpi_delivered_at, self.utc("2025-03-19 09:15"))

    def test_import_tells_row_by_row(self):
        good, early, twice = (self.delivery("2025-03-18 10:00") for _n in range(3))
        result = self.load(
            self.user_manager,
            [
                (good.name, "delivery", "2025-03-19 08:00:00"),
                (early.name, "delivery", "2025-03-17 08:00:00"),
                (twice.name, "delivery", "2025-03-19 08:00:00"),
                (twice.name, "delivery", "2025-03-19 09:00:00"),
                (good.name, "arrival", "2025-03-19 08:00:00"),
            ],
        )
        self.assertFalse(result["ids"])
        messages = {
            message["rows"]["from"]: message["message"]
            for message in result["messages"]
        }
        self.assertEqual(set(messages), {1, 3, 4})
        self.assertIn("cannot have been delivered earlier", messages[1])
        self.assertIn("marked already", messages[3])
        self.assertIn("not a receipt", messages[4])
        self.assertFalse((good | early | twice).kpi_handover_ids)

    def test_import_is_always_an_import(self):
        shipped = self.delivery("2025-03-18 10:00")
        mark = self.enter(
            self.user_manager, shipped, "delivery", "2025-03-19 10:00", source="tap"
        )
        self.assertEqual(mark.source, "import")
        other = self.delivery("2025-03-18 10:00")
        for name, value in (
            ("user_id", self.user_picker.id),
            ("revoked_at", NOW),
            ("reason", "x"),
        ):
            with self.assertRefused("the rest is recorded"):
                self.enter(
                    self.user_manager,
                    other,
                    "delivery",
                    "2025-03-19 10:00",
                    **{name: value},
                )

    def test_leads_enter_for_their_warehouse_only(self):
        receipt = self.receipt()
        with self.assertRaises(AccessError):
            self.enter(self.user_lead, receipt, "arrival", "2025-03-20 11:00")
        with self.assertRaises(AccessError):
            self.enter(self.user_picker, receipt, "arrival", "2025-03-20 11:00")
        self.assertFalse(receipt.kpi_arrived_at)
        self.enter(self.user_warehouse_lead, receipt, "arrival", "2025-03-20 11:00")
        self.assertTrue(receipt.kpi_arrived_at)

    # -------------------------------------------------------------- companies
    def test_nothing_of_another_company(self):
        receipt = self.receipt()
        mark = self.arrive(receipt)
        other = self._create_company("Elsewhere")
        groups = ["stock.group_stock_user"]
        foreign = self._create_user("kpi_foreign", "manager", groups, company=other)
        unmarked = self.receipt()
        env = self.env(user=foreign, context={"allowed_company_ids": other.ids})
        self.assertNotIn(mark, env["kpi.handover"].search([]))
        for attempt in (
            lambda: mark.with_env(env).read(["moment"]),
            lambda: mark.with_env(env).action_take_back(),
            lambda: unmarked.with_env(env).action_kpi_arrived(),
            lambda: env["kpi.handover.screen"].tap("arrival", unmarked.id),
            lambda: env["kpi.handover"].create(
                {
                    "picking_id": unmarked.id,
                    "kind": "arrival",
                    "moment": self.utc("2025-03-20 11:00"),
                }
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(unmarked.kpi_handover_ids)
