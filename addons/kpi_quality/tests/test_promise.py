from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestPromise(KpiCommon):
    """The first promise stays; what comes later is written beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.utc("2025-03-05 10:00")
        cls.second = cls.utc("2025-03-09 10:00")

    def _order(self, **values):
        values.setdefault("commitment_date", self.first)
        return self.order("2025-03-03 10:00", self.user_seller, **values)

    # ------------------------------------------------------------- sale lines
    def test_nothing_is_promised_before_confirmation(self):
        quotation = self.quotation(
            "2025-03-03 10:00", self.user_seller, commitment_date=self.first
        )
        self.assertFalse(quotation.order_line.kpi_promised_at)
        quotation.commitment_date = self.second
        with self.at("2025-03-03 12:00"):
            quotation.action_confirm()
        self.assertEqual(quotation.order_line.kpi_promised_at, self.second)

    def test_lead_time_is_a_promise(self):
        """Three days from the confirmation, not from the quotation."""
        self.product.sale_delay = 3
        quotation = self.quotation("2025-03-01 10:00", self.user_seller)
        with self.at("2025-03-03 10:00"):
            quotation.action_confirm()
        promised = self.utc("2025-03-06 10:00")
        self.assertEqual(quotation.order_line.kpi_promised_at, promised)
        self.assertEqual(quotation.picking_ids.move_ids.kpi_due_at, promised)

    def test_new_commitment_date_leaves_the_promise(self):
        order = self._order()
        move = order.picking_ids.move_ids
        order.commitment_date = self.second
        self.assertEqual(move.date_deadline, self.second)
        self.assertEqual(order.order_line.kpi_promised_at, self.first)
        self.assertEqual(move.kpi_due_at, self.first)

    def test_new_lead_time_leaves_the_promise(self):
        self.product.sale_delay = 3
        order = self.order("2025-03-03 10:00", self.user_seller)
        order.order_line.customer_lead = 30
        promised = self.utc("2025-03-06 10:00")
        self.assertEqual(order.order_line.kpi_promised_at, promised)
        self.assertEqual(order.picking_ids.move_ids.kpi_due_at, promised)

    def test_confirmed_again_it_is_the_first_promise(self):
        order = self._order()
        old = order.picking_ids.move_ids
        with self.at("2025-03-04 10:00"):
            order._action_cancel()
            order.action_draft()
            order.commitment_date = self.second
            order.action_confirm()
        new = order.picking_ids.move_ids - old
        self.assertEqual(order.order_line.kpi_promised_at, self.first)
        self.assertEqual(new.date_deadline, self.second)
        self.assertEqual(new.kpi_due_at, self.first)

    def test_copy_of_an_order_promises_anew(self):
        copy = self._order().copy()
        self.assertFalse(copy.order_line.kpi_promised_at)
        copy.commitment_date = self.second
        with self.at("2025-03-06 10:00"):
            copy.action_confirm()
        self.assertEqual(copy.picking_ids.move_ids.kpi_due_at, self.second)

    def test_line_added_later_is_promised_when_it_is_added(self):
        order = self._order()
        order.commitment_date = self.second
        with self.at("2025-03-06 10:00"):
            order.order_line = [
                Command.create({"product_id": self.product_2.id, "product_uom_qty": 1})
            ]
        first, second = order.order_line
        self.assertEqual(first.kpi_promised_at, self.first)
        self.assertEqual(second.kpi_promised_at, self.second)
        self.assertEqual(
            order.picking_ids.move_ids.sorted("id").mapped("kpi_due_at"),
            [self.first, self.second],
        )

    def test_quantity_raised_later_keeps_the_promise(self):
        order = self._order()
        with self.at("2025-03-04 10:00"):
            order.order_line.product_uom_qty = 5
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 5)
        self.assertEqual(order.picking_ids.move_ids.kpi_due_at, self.first)

    def test_quantity_raised_after_a_new_date_keeps_the_promise(self):
        order = self._order()
        with self.at("2025-03-04 10:00"):
            order.commitment_date = self.second
            order.order_line.product_uom_qty = 5
        self.assertEqual(
            set(order.picking_ids.move_ids.mapped("kpi_due_at")), {self.first}
        )

    def test_quantity_raised_after_the_delivery_keeps_the_promise(self):
        order = self._order()
        self.deliver(order.picking_ids, "2025-03-04 10:00", user=self.user_picker)
        with self.at("2025-03-04 12:00"):
            order.order_line.product_uom_qty = 3
        self.assertEqual(len(order.picking_ids), 2)
        self.assertEqual(
            set(order.picking_ids.move_ids.mapped("kpi_due_at")), {self.first}
        )

    def test_notes_are_no_promise(self):
        order = self._order()
        order.order_line = [Command.create({"display_type": "line_note", "name": "x"})]
        note = order.order_line.filtered("display_type")
        self.assertFalse(note.kpi_promised_at)

    # -------------------------------------------------------------- transfers
    def test_new_deadline_leaves_the_promise(self):
        move = self._order().picking_ids.move_ids
        move.date_deadline = self.second
        move.picking_id.scheduled_date = self.second
        self.assertEqual(move.kpi_due_at, self.first)

    def test_backorder_carries_the_promise(self):
        order = self._order(lines=[(self.product, 5)])
        picking = order.picking_ids
        backorder = self.deliver(picking, "2025-03-04 10:00", {self.product: 2})
        self.assertEqual(backorder.move_ids.product_uom_qty, 3)
        self.assertEqual(backorder.move_ids.kpi_due_at, self.first)
        self.assertEqual(backorder.move_ids.kpi_root_move_id, picking.move_ids)
        self.assertFalse(backorder.move_ids.kpi_done_at)
        last = self.deliver(backorder, "2025-03-04 12:00", {self.product: 1})
        self.assertEqual(last.move_ids.kpi_root_move_id, picking.move_ids)
        self.assertEqual(last.move_ids.kpi_due_at, self.first)

    def test_merged_moves_carry_the_earliest_promise(self):
        self.env["ir.config_parameter"].set_param(
            "stock.merge_ignore_date_deadline", True
        )
        moves = self._moves([self.second, self.first])
        merged = moves._merge_moves()
        self.assertEqual(merged.product_uom_qty, 2)
        self.assertEqual(merged.kpi_due_at, self.first)

    def test_stock_user_may_merge_moves(self):
        self.env["ir.config_parameter"].set_param(
            "stock.merge_ignore_date_deadline", True
        )
        moves = self._moves([self.second, self.first])
        merged = moves.with_user(self.user_picker)._merge_moves()
        self.assertEqual(merged.kpi_due_at, self.first)

    def _moves(self, deadlines):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.partner.property_stock_customer.id,
            }
        )
        moves = self.env["stock.move"].create(
            [
                {
                    "picking_id": picking.id,
                    "product_id": self.product.id,
                    "product_uom_qty": 1,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "date_deadline": deadline,
                }
                for deadline in deadlines
            ]
        )
        self.assertFalse(any(moves.mapped("kpi_due_at")))
        moves._action_confirm(merge=False)
        self.assertEqual(moves.mapped("kpi_due_at"), list(deadlines))
        return moves

    def test_manual_transfer_without_deadline_promises_nothing(self):
        moves = self._moves([False])
        self.assertFalse(moves.kpi_due_at)

    def test_promise_goes_along_the_push_chain(self):
        """In two and three steps the later transfers come when the earlier are
        done, and carry the same promise."""
        for steps, count in (("pick_ship", 2), ("pick_pack_ship", 3)):
            with self.subTest(steps):
                self.warehouse.delivery_steps = steps
                order = self._order()
                for number in range(1, count + 1):
                    self.assertEqual(len(order.picking_ids), number)
                    todo = order.picking_ids.filtered(lambda p: p.state != "done")
                    self.assertEqual(todo.move_ids.kpi_due_at, self.first)
                    order.commitment_date = self.second + timedelta(days=number)
                    self.deliver(todo, "2025-03-06 10:00", user=self.user_picker)

    def test_done_and_cancelled_moments(self):
        order = self._order()
        move = order.picking_ids.move_ids
        self.deliver(order.picking_ids, "2025-03-06 10:00", user=self.user_picker)
        self.assertRecordValues(
            move,
            [
                {
                    "kpi_done_at": self.utc("2025-03-06 10:00"),
                    "kpi_done_by_id": self.user_picker.id,
                    "kpi_cancelled_at": False,
                }
            ],
        )
        order = self._order()
        with self.at("2025-03-07 10:00"):
            order._action_cancel()
        self.assertRecordValues(
            order.picking_ids.move_ids,
            [
                {
                    "kpi_done_at": False,
                    "kpi_done_by_id": False,
                    "kpi_cancelled_at": self.utc("2025-03-07 10:00"),
                }
            ],
        )

    # --------------------------------------------------------- purchase lines
    def test_purchase_promise_is_that_of_the_first_confirmation(self):
        order = self._purchase()
        line = order.order_line
        self.assertFalse(line.kpi_promised_at)
        with self.at("2025-03-03 10:00"):
            order.button_confirm()
        self.assertEqual(line.kpi_promised_at, self.first)
        self.assertEqual(order.picking_ids.move_ids.kpi_due_at, self.first)
        line.date_planned = self.second
        self.assertEqual(order.picking_ids.move_ids.date_deadline, self.second)
        self.assertEqual(line.kpi_promised_at, self.first)
        self.assertEqual(order.picking_ids.move_ids.kpi_due_at, self.first)
        with self.at("2025-03-04 10:00"):
            order.button_cancel()
            order.button_draft()
            order.button_confirm()
        self.assertEqual(line.kpi_promised_at, self.first)

    def test_purchase_waiting_for_approval_promises_nothing_yet(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 1
        order = self._purchase().with_user(self._buyer())
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertFalse(order.order_line.kpi_promised_at)
        self.env["purchase.order"].browse(order.id).button_approve()
        self.assertEqual(order.order_line.kpi_promised_at, self.first)

    def test_purchase_line_added_later(self):
        order = self._purchase()
        order.button_confirm()
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product_2.id,
                    "product_qty": 1,
                    "date_planned": self.second,
                }
            )
        ]
        self.assertEqual(
            order.order_line.mapped("kpi_promised_at"), [self.first, self.second]
        )

    def test_late_vendor_leaves_the_promise_to_the_customer(self):
        """Bought to order: the vendor's new date moves the customer's deadline."""
        order, purchase = self._bought_to_order()
        delivery = order.picking_ids.move_ids
        purchase.order_line.date_planned += timedelta(days=10)
        self.assertEqual(delivery.date_deadline, self.first + timedelta(days=10))
        self.assertEqual(delivery.kpi_due_at, self.first)

    def _purchase(self):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 2,
                            "price_unit": 10.0,
                            "date_planned": self.first,
                        }
                    )
                ],
            }
        )

    def _buyer(self):
        return self._create_user("kpi_buyer", "user", ["purchase.group_purchase_user"])

    def _bought_to_order(self):
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        product = self._create_product(
            "Lamp",
            10.0,
            is_storable=True,
            route_ids=[Command.set((mto + self.warehouse.buy_pull_id.route_id).ids)],
            seller_ids=[Command.create({"partner_id": self.partner.id, "price": 5.0})],
        )
        order = self.order(
            "2025-03-03 10:00",
            self.user_seller,
            [(product, 1)],
            commitment_date=self.first,
        )
        purchase = self.env["purchase.order"].search(
            [("order_line.product_id", "=", product.id)]
        )
        with self.at("2025-03-03 11:00"):
            purchase.button_confirm()
        return order, purchase

    # ------------------------------------------------------ nobody types facts
    def test_salesman_cannot_write_the_promise(self):
        order = self._order().with_user(self.user_seller)
        with self.assertRaises(UserError):
            order.order_line.kpi_promised_at = self.second
        with self.assertRaises(UserError):
            order.write(
                {
                    "order_line": [
                        Command.update(
                            order.order_line.id, {"kpi_promised_at": self.second}
                        )
                    ]
                }
            )
        self.assertEqual(order.order_line.kpi_promised_at, self.first)

    def test_promise_cannot_be_given_when_a_line_is_made(self):
        """Neither among the values nor as a default in the context."""
        orders = self.env["sale.order"].with_user(self.user_seller)
        late = self.utc("2025-12-31 10:00")
        order = orders.with_context(
            default_kpi_promised_at=late, default_kpi_due_at=late
        ).create(
            {
                "partner_id": self.partner.id,
                "commitment_date": self.first,
                "order_line": [
                    Command.create({"product_id": self.product.id}),
                    Command.create(
                        {"product_id": self.product_2.id, "kpi_promised_at": late}
                    ),
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(set(order.order_line.mapped("kpi_promised_at")), {self.first})
        self.assertEqual(
            set(order.sudo().picking_ids.move_ids.mapped("kpi_due_at")), {self.first}
        )

    def test_picker_cannot_write_the_facts_of_a_move(self):
        move = self._order().picking_ids.move_ids.with_user(self.user_picker)
        now = fields.Datetime.now()
        for vals in (
            {"kpi_due_at": self.second},
            {"kpi_due_at": False},
            {"kpi_done_at": self.first},
            {"kpi_done_by_id": self.user_picker.id},
            {"kpi_cancelled_at": now},
            {"kpi_root_move_id": move.id},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                move.write(vals)
        move.priority = "1"

    def test_picker_cannot_make_a_move_with_facts(self):
        """A move made up with a promise that is kept would raise the share in time."""
        real = self._order().picking_ids.move_ids
        moves = self.env["stock.move"].with_user(self.user_picker)
        made_up = moves.with_context(default_kpi_done_at=self.first).create(
            [
                {
                    "product_id": self.product.id,
                    "product_uom_qty": 1,
                    "location_id": real.location_id.id,
                    "location_dest_id": real.location_dest_id.id,
                    "picking_type_id": real.picking_type_id.id,
                    "kpi_due_at": self.second,
                    "kpi_done_by_id": self.user_picker.id,
                    "kpi_root_move_id": root,
                }
                for root in (False, real.id)
            ]
        )
        for move in made_up:
            self.assertFalse(move.kpi_due_at or move.kpi_done_at)
            self.assertFalse(move.kpi_done_by_id or move.kpi_root_move_id)

    def test_buyer_cannot_write_the_promise(self):
        order = self._purchase()
        order.button_confirm()
        line = order.order_line.with_user(self._buyer())
        with self.assertRaises(UserError):
            line.kpi_promised_at = self.second
