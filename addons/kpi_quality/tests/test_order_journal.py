import json
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tests.common import freeze_time, new_test_user
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from ..models.kpi_order_journal_triggers import create_triggers
from .common import NOW, KpiCommon

ROUTE = "/kpi_quality/journal/opened"


class JournalCommon(KpiCommon):
    """The seller is a salesman, the picker a warehouse user, and a buyer buys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_buyer = cls._create_user(
            "kpi_buyer", "user", ["purchase.group_purchase_user"]
        )

    def entries(self, records, event=None):
        """What the journal says of records, the oldest first.

        In a request all is written as its user: so it is here, as that of records.
        """
        records.env.flush_all()
        self.env.invalidate_all()
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        if event:
            domain.append(("event", "=", event))
        return self.env["kpi.order.journal"].search(domain, order="id")

    def assertJournal(self, records, event, *rows):
        """:param rows: ``(old value, new value, user)``"""
        self.assertEqual(
            [
                (entry.old_value, entry.new_value, entry.user_id)
                for entry in self.entries(records, event)
            ],
            list(rows),
        )

    def later(self, *records):
        """As if they had been made in a transaction of yesterday."""
        self.env.flush_all()
        for record in records:
            self.env.cr.execute(
                f"UPDATE {record._table} SET create_date = create_date"
                " - INTERVAL '1 day' WHERE id IN %s",
                [tuple(record.ids)],
            )
        self.env.invalidate_all()

    def purchase(self, **values):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "date_planned": "2025-03-10 09:00:00",
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 5,
                            "date_planned": "2025-03-10 09:00:00",
                        }
                    )
                ],
                **values,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestOrderJournal(JournalCommon):
    # ------------------------------------------------------------------ states
    def test_confirming_by_a_seller(self):
        order = self.quotation("2025-03-03 10:00", self.user_seller)
        self.env.flush_all()
        order = order.with_user(self.user_seller)
        order.action_confirm()
        root = self.env.user
        self.assertJournal(
            order,
            "state",
            (False, "draft", root),
            ("draft", "sale", self.user_seller),
        )

    def test_created_and_confirmed_by_import_in_one_transaction(self):
        seller = self.env["sale.order"].with_user(self.user_seller)
        result = seller.load(
            ["partner_id/.id", "user_id/.id", "state"],
            [[str(self.partner.id), str(self.user_seller.id), "sent"]],
        )
        order = seller.browse(result["ids"])
        order.action_confirm()
        states = self.entries(order, "state")
        self.assertEqual(states[0].old_value, False)
        self.assertEqual(states[-1].new_value, "sale")
        self.assertEqual(states.user_id, self.user_seller)

    def test_without_tracking_and_with(self):
        for disabled in (True, False):
            with self.subTest(tracking_disable=disabled):
                order = self.quotation("2025-03-03 10:00", self.user_seller)
                self.env.flush_all()
                order = order.with_context(tracking_disable=disabled)
                order = order.with_user(self.user_seller)
                order.action_confirm()
                last = self.entries(order, "state")[-1]
                self.assertEqual(
                    (last.new_value, last.user_id), ("sale", self.user_seller)
                )

    def test_sent_by_email(self):
        order = self.quotation("2025-03-03 10:00", self.user_seller)
        self.env.flush_all()
        order = order.with_user(self.user_seller)
        self.partner.email = "customer@example.com"
        action = order.with_context(tracking_disable=False).action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.user_seller)
        composer = composer.with_context(**action["context"], tracking_disable=False)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            composer.create(
                {"body": "Please see", "subject": "Offer"}
            )._action_send_mail()
        self.assertJournal(
            order,
            "state",
            (False, "draft", self.env.user),
            ("draft", "sent", self.user_seller),
        )

    def test_validating_by_a_picker(self):
        transfer = self.order("2025-03-03 10:00", self.user_seller).picking_ids
        self.env.flush_all()
        self.deliver(transfer, "2025-03-05 10:00", user=self.user_picker)
        last = self.entries(transfer, "state")[-1]
        self.assertEqual((last.new_value, last.user_id), ("done", self.user_picker))

    def test_purchasing_by_a_buyer(self):
        purchase = self.purchase()
        self.env.flush_all()
        purchase = purchase.with_user(self.user_buyer)
        purchase.button_confirm()
        last = self.entries(purchase, "state")[-1]
        self.assertEqual((last.new_value, last.user_id), ("purchase", self.user_buyer))
        receipt = self.entries(purchase.picking_ids, "state")
        self.assertTrue(receipt)
        self.assertEqual(receipt.company_id, self.company)

    def test_moments_are_utc(self):
        order = self.quotation("2025-03-03 10:00")
        moment = self.entries(order).moment
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        [now] = self.env.cr.fetchone()
        self.assertLess(abs(now - moment), timedelta(minutes=5))

    def test_what_does_not_change_the_state_writes_nothing(self):
        order = self.quotation("2025-03-03 10:00")
        before = self.entries(order)
        order.write({"state": "draft", "client_order_ref": "X"})
        self.assertEqual(self.entries(order), before)

    # ----------------------------------------------------------------- promises
    def test_moved_date_of_a_confirmed_order(self):
        order = self.quotation(
            "2025-03-03 10:00", commitment_date="2025-03-05 07:00:00"
        )
        order.commitment_date = "2025-03-06 07:00:00"
        order.action_confirm()
        self.env.flush_all()
        order = order.with_user(self.user_seller)
        order.commitment_date = "2025-03-07 07:00:00"
        self.assertJournal(
            order,
            "promise",
            ("2025-03-06 07:00:00", "2025-03-07 07:00:00", self.user_seller),
        )

    def test_moved_lead_time_of_a_confirmed_line(self):
        order = self.quotation("2025-03-03 10:00")
        order.order_line.customer_lead = 1
        order.action_confirm()
        self.env.flush_all()
        order = order.with_user(self.user_seller)
        order.order_line.customer_lead = 4
        self.assertJournal(order, "promise", ("1", "4", self.user_seller))
        self.assertEqual(self.entries(order, "promise").line_id, order.order_line.id)

    def test_moved_date_of_a_confirmed_purchase(self):
        purchase = self.purchase()
        purchase.order_line.date_planned = "2025-03-11 09:00:00"
        self.env.flush_all()
        purchase.button_confirm()
        self.env.flush_all()
        purchase = purchase.with_user(self.user_buyer)
        line = purchase.order_line
        line.date_planned = "2025-03-12 09:00:00"
        self.assertJournal(
            purchase,
            "promise",
            ("2025-03-11 09:00:00", "2025-03-12 09:00:00", self.user_buyer),
        )
        self.assertEqual(self.entries(purchase, "promise").line_id, line.id)

    def test_rescheduled_transfer(self):
        order = self.order("2025-03-03 10:00", commitment_date="2025-03-05 07:00:00")
        transfer = order.picking_ids
        before = transfer.scheduled_date
        transfer.scheduled_date = before + timedelta(days=9)  # Odoo itself
        transfer.scheduled_date = before
        transfer = transfer.with_user(self.user_picker)
        transfer.scheduled_date = before  # saved again without a change
        self.assertFalse(self.entries(transfer, "promise"))
        after = before + timedelta(days=1)
        transfer.scheduled_date = after
        self.assertEqual(transfer.scheduled_date, after)
        self.assertJournal(
            transfer, "promise", (str(before), str(after), self.user_picker)
        )

    def test_transfer_made_by_hand_promises_nothing_yet(self):
        location, destination = (
            self.warehouse.lot_stock_id,
            self.env.ref("stock.stock_location_customers"),
        )
        transfer = (
            self.env["stock.picking"]
            .with_user(self.user_picker)
            .create(
                {
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "location_id": location.id,
                    "location_dest_id": destination.id,
                    "scheduled_date": "2025-04-01 09:00:00",
                }
            )
        )
        transfer.scheduled_date = "2025-04-02 09:00:00"
        self.assertFalse(self.entries(transfer, "promise"))

    # -------------------------------------------------------------------- goods
    def test_goods_typed_while_the_order_is_made_are_no_change(self):
        order = self.quotation("2025-03-03 10:00", lines=[(self.product, 2)])
        order.order_line.product_uom_qty = 3
        order.order_line.copy({"order_id": order.id})
        self.assertFalse(self.entries(order, "goods"))

    def test_goods_added_changed_replaced_and_deleted(self):
        order = self.quotation("2025-03-03 10:00", lines=[(self.product, 2)])
        self.later(order)
        order = order.with_user(self.user_seller)
        order.order_line.product_uom_qty = 5
        self.assertJournal(order, "goods", ("2", "5", self.user_seller))
        order.order_line = [
            Command.create({"product_id": self.product_2.id, "product_uom_qty": 1.5})
        ]
        self.assertJournal(
            order,
            "goods",
            ("2", "5", self.user_seller),
            (False, "1.5", self.user_seller),
        )
        chairs, tables = order.order_line
        chairs.product_id = self.service
        replaced = {
            entry.product_id: (entry.old_value, entry.new_value)
            for entry in self.entries(order, "goods")[2:]
        }
        self.assertEqual(
            replaced, {self.product: ("5", False), self.service: (False, "5")}
        )
        line_id = tables.id
        order.env.flush_all()
        tables.with_user(self.user_seller_2).sudo().unlink()
        last = self.entries(order, "goods")[-1]
        self.assertEqual(
            (last.product_id, last.old_value, last.new_value, last.line_id),
            (self.product_2, "1.5", False, line_id),
        )
        self.assertEqual(last.user_id, self.user_seller_2)

    def test_goods_in_another_unit(self):
        order = self.quotation("2025-03-03 10:00", lines=[(self.product, 2)])
        self.later(order)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertJournal(order, "goods", ("2", "24", self.env.user))

    def test_goods_of_a_purchase(self):
        purchase = self.purchase()
        self.later(purchase)
        purchase = purchase.with_user(self.user_buyer)
        purchase.order_line.product_qty = 7
        purchase.env.flush_all()
        purchase.order_line.unlink()
        self.assertJournal(
            purchase,
            "goods",
            ("5", "7", self.user_buyer),
            ("7", False, self.user_buyer),
        )

    def test_notes_and_prices_are_no_goods(self):
        order = self.quotation("2025-03-03 10:00")
        self.later(order)
        order.order_line.price_unit = 1
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "By the back door"})
        ]
        order.order_line.filtered("display_type").unlink()
        self.assertFalse(self.entries(order, "goods"))

    def test_a_deleted_order_leaves_its_history(self):
        order = self.quotation("2025-03-03 10:00")
        self.later(order)
        entries = self.entries(order)
        order.unlink()
        self.env.flush_all()
        self.assertTrue(entries.exists())
        self.assertFalse(self.env["kpi.order.journal"].browse(entries.ids).reference)
        self.assertEqual(
            self.env["kpi.order.journal"].search_count([("event", "=", "goods")]), 0
        )

    # -------------------------------------------------------------------- words
    def test_words(self):
        order = self.quotation("2025-03-03 10:00", lines=[(self.product, 2)])
        order.action_confirm()
        self.later(order)
        order.order_line.product_uom_qty = 1234.5
        order.order_line.customer_lead = 2
        order.commitment_date = "2025-03-07 22:30:00"
        journal = self.env["kpi.order.journal"]
        journal._log_visit(order, "visit-1", 8)
        journal._log_visit(order, "visit-2", 200)
        journal._log_visit(order, "visit-3", 7500)
        entries = self.entries(order).with_context(tz="Europe/Moscow")
        self.assertEqual(entries[0].description, "Quotation")
        texts = entries[1:].mapped("description")
        self.assertEqual(texts[0], "Quotation → Sales Order")
        for text in (
            "Chair: 2 → 1,234.5 Units",
            "Chair: lead time of 0 → 2 days",
            "8 s",
            "3 min 20 s",
            "2 h 5 min",
        ):
            self.assertIn(text, texts)
        # Half past one in the morning in Moscow, and as a Russian writes it.
        [moved] = entries.filtered(
            lambda entry: entry.event == "promise" and not entry.line_id
        )
        self.assertIn("3/8/25", moved.description)
        self.env["res.lang"]._activate_lang("ru_RU")
        russian = entries.with_context(lang="ru_RU")
        self.assertIn("08.03.2025, 01:30", russian.browse(moved.id).description)
        goods = russian.filtered(lambda entry: entry.event == "goods")
        self.assertIn("1\N{NO-BREAK SPACE}234,5", goods.description)

    def test_words_cost_the_same_for_many_entries(self):
        orders = [self.quotation("2025-03-03 10:00") for _number in range(12)]
        all_entries = self.entries(self.env["sale.order"].concat(*orders))

        def count(entries):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entries.mapped("description")
            entries.mapped("reference")
            return self.env.cr.sql_log_count - before

        count(all_entries)
        self.assertLessEqual(count(all_entries), count(all_entries[:2]))

    # ----------------------------------------------------------------- opening
    def test_the_journal_of_an_order_has_its_transfers(self):
        order = self.order("2025-03-03 10:00", self.user_seller)
        purchase = self.purchase()
        purchase.button_confirm()
        self.env.flush_all()
        action = order.with_user(self.user_seller).action_kpi_open_journal()
        entries = self.env["kpi.order.journal"].search(action["domain"])
        self.assertEqual(
            set(entries), {*self.entries(order), *self.entries(order.picking_ids)}
        )
        action = purchase.with_user(self.user_buyer).action_kpi_open_journal()
        entries = self.env["kpi.order.journal"].search(action["domain"])
        self.assertEqual(
            set(entries), {*self.entries(purchase), *self.entries(purchase.picking_ids)}
        )
        action = order.picking_ids.with_user(self.user_picker).action_kpi_open_journal()
        entries = self.env["kpi.order.journal"].search(action["domain"])
        self.assertEqual(set(entries), set(self.entries(order.picking_ids)))

    def test_opening_asks_for_the_right_on_the_document(self):
        order = self.order("2025-03-03 10:00", self.user_seller)
        with self.assertRaises(AccessError):
            order.with_user(self.user_expert).action_kpi_open_journal()

    # ------------------------------------------------------------------- rights
    def seen(self, user, records):
        entries = self.env["kpi.order.journal"].with_user(user)
        entries = entries.with_context(allowed_company_ids=user.company_ids.ids)
        found = entries.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        everything = entries.browse(self.entries(records).ids)
        # What is found is what may be read one by one.
        self.assertEqual(everything._filtered_access("read"), found)
        return found.sudo()

    def test_who_reads_what(self):
        own = self.order("2025-03-03 10:00", self.user_seller)
        foreign = self.order("2025-03-03 10:00", self.user_seller_2)
        journal = self.env["kpi.order.journal"]
        for user in (self.user_seller, self.user_manager):
            journal.with_user(user)._log_visit(own, "visit-1", 60)
        own_entries, foreign_entries = self.entries(own), self.entries(foreign)
        visit, visit_of_manager = own_entries.filtered("seconds").sorted("id")
        self.assertEqual(
            self.seen(self.user_seller, own), (own_entries - visit_of_manager).sorted()
        )
        self.assertFalse(self.seen(self.user_seller, foreign))
        # Odoo lets those who pick read the orders.
        self.assertEqual(self.seen(self.user_picker, foreign), foreign_entries.sorted())
        self.assertTrue(self.seen(self.user_picker, own.picking_ids))
        self.assertFalse(self.seen(self.user_payroll, own))
        self.assertEqual(self.seen(self.user_lead, own), visit)
        self.assertFalse(self.seen(self.user_warehouse_lead, own))
        for user in (self.user_manager, self.user_expert):
            self.assertEqual(self.seen(user, own), own_entries.sorted())
            self.assertEqual(self.seen(user, foreign), foreign_entries.sorted())

    def test_nothing_of_another_company(self):
        other = self._create_company("Elsewhere")
        manager = self._create_user("kpi_elsewhere", "manager", company=other)
        order = self.order("2025-03-03 10:00", self.user_seller)
        self.assertFalse(self.seen(manager, order))

    def test_nobody_writes(self):
        entry = self.entries(self.order("2025-03-03 10:00", self.user_seller))[0]
        for user in (self.user_seller, self.user_lead, self.user_manager):
            entries = entry.with_user(user)
            with self.assertRaises(AccessError):
                entries.write({"new_value": "done"})
            with self.assertRaises(AccessError):
                entries.unlink()
            with self.assertRaises(AccessError):
                entries.copy()

    # ----------------------------------------------------------------- triggers
    def test_installing_twice_writes_once(self):
        create_triggers(self.env.cr)
        create_triggers(self.env.cr)
        order = self.quotation("2025-03-03 10:00")
        self.assertEqual(len(self.entries(order)), 1)

    def test_orders_go_on_after_uninstalling(self):
        uninstall_hook(self.env)
        self.env.cr.execute(
            """
            SELECT proname::text FROM pg_proc WHERE proname LIKE 'kpi\\_journal%'
            UNION ALL
            SELECT tgname::text FROM pg_trigger WHERE tgname LIKE 'kpi\\_journal%'
            """
        )
        self.assertFalse(self.env.cr.fetchall())
        order = self.order("2025-03-03 10:00", self.user_seller)
        order.order_line.product_uom_qty = 4
        self.env.flush_all()
        self.assertFalse(self.entries(order))

    def test_the_journal_costs_no_statement(self):
        """Statements of Odoo to confirm an order, with triggers and without."""

        def count():
            order = self.quotation("2025-03-03 10:00", self.user_seller)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count()
        with_journal = count()
        uninstall_hook(self.env)
        self.assertEqual(count(), with_journal)


@tagged("post_install", "-at_install")
class TestVisits(JournalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sale = cls.order("2025-03-03 10:00", cls.user_seller)
        cls.foreign = cls.order("2025-03-03 10:00", cls.user_seller_2)

    def tell(self, body, mimetype="application/json"):
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        response = self.url_open(
            ROUTE, data=body, headers={"Content-Type": mimetype}, allow_redirects=False
        )
        return response.status_code

    def visit(self, **values):
        return {
            "model": "sale.order",
            "id": self.sale.id,
            "visit": "0a1b2c3d-00000001",
            "seconds": 42,
            **values,
        }

    def test_one_entry_for_one_visit(self):
        self.authenticate(self.user_seller.login, self.user_seller.login)
        for seconds in (42, 90, 42):
            self.assertEqual(self.tell(self.visit(seconds=seconds)), 204)
        self.assertEqual(self.tell(self.visit(visit="0a1b2c3d-00000002")), 204)
        self.assertRecordValues(
            self.entries(self.sale, "opened"),
            [
                {"user_id": self.user_seller.id, "seconds": 90},
                {"user_id": self.user_seller.id, "seconds": 42},
            ],
        )
        self.assertEqual(self.entries(self.sale, "opened").company_id, self.company)

    def test_the_same_key_for_another_document_changes_nothing(self):
        self.authenticate(self.user_seller.login, self.user_seller.login)
        self.tell(self.visit())
        other = self.order("2025-03-03 10:00", self.user_seller)
        self.env.flush_all()
        self.tell(self.visit(id=other.id, seconds=1000))
        self.assertEqual(self.entries(self.sale, "opened").seconds, 42)

    def test_nonsense_is_clamped(self):
        self.authenticate(self.user_seller.login, self.user_seller.login)
        for number, (seconds, noted) in enumerate(
            ((-5, 0), (10**9, 86400), (float("inf"), 86400), (10**400, 86400), (1.6, 2))
        ):
            key = f"00000000-{number}"
            self.assertEqual(self.tell(self.visit(visit=key, seconds=seconds)), 204)
            entry = self.entries(self.sale, "opened")[-1]
            self.assertEqual((entry.visit, entry.seconds), (key, noted))

    def test_garbage(self):
        self.authenticate(self.user_seller.login, self.user_seller.login)
        for body in (
            " ",
            "{",
            "5",
            "null",
            "[]",
            b"\xff\xfe",
            "\x00",
            "[" * 1000,
            "1" * 1000,
            self.visit(model="res.users"),
            self.visit(model=["sale.order"]),
            self.visit(model="sale.order\x00"),
            self.visit(id="1"),
            self.visit(id=True),
            self.visit(id=-1),
            self.visit(id=2**31),
            self.visit(id=[self.sale.id]),
            self.visit(visit="x"),
            self.visit(visit="a\x00b" * 4),
            self.visit(visit=None),
            self.visit(seconds="5"),
            self.visit(seconds=None),
            self.visit(seconds=True),
            self.visit(seconds=float("nan")),
        ):
            with self.subTest(body=str(body)[:60]):
                self.assertEqual(self.tell(body), 400)
        self.assertEqual(self.tell(self.visit(), "text/plain"), 400)
        self.assertEqual(self.tell(self.visit(visit="a" * 5000)), 413)
        self.assertFalse(self.entries(self.sale, "opened"))

    def test_only_what_one_may_read(self):
        self.authenticate(self.user_seller.login, self.user_seller.login)
        for res_id in (self.foreign.id, 2**31 - 1):
            self.assertEqual(self.tell(self.visit(id=res_id)), 404)
        self.assertEqual(
            self.tell(self.visit(model="purchase.order", id=self.purchase().id)), 404
        )
        self.assertFalse(self.entries(self.foreign, "opened"))

    def test_internal_users_only(self):
        portal = new_test_user(self.env, login="kpi_portal", groups="base.group_portal")
        self.sale.partner_id = portal.partner_id
        self.assertTrue(self.sale.with_user(portal).has_access("read"))
        self.authenticate("kpi_portal", "kpi_portal")
        self.assertEqual(self.tell(self.visit()), 404)
        self.authenticate(None, None)
        self.assertEqual(self.tell(self.visit()), 303)
        self.assertFalse(self.entries(self.sale, "opened"))

    def test_without_our_groups(self):
        salesman = new_test_user(
            self.env,
            login="kpi_salesman",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate("kpi_salesman", "kpi_salesman")
        self.assertEqual(self.tell(self.visit()), 204)
        self.assertEqual(self.entries(self.sale, "opened").user_id, salesman)

    def test_tour(self):
        """Open an order, leave it, and find the visit in its journal."""
        self.start_tour(
            f"/odoo/sales/{self.sale.id}",
            "kpi_order_journal",
            login=self.user_seller.login,
        )
        entry = self.entries(self.sale, "opened")[0]
        self.assertEqual(entry.user_id, self.user_seller)
        # The tour waits for a second and a half.
        self.assertIn(entry.seconds, range(1, 30))
