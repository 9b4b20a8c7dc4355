from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import SQL, mute_logger

from ..models.kpi_feedback_triggers import drop_feedback_triggers
from .feedback_common import FeedbackCommon

# What opens other doors in Odoo.
TRICKS = {
    "_force_unlink": True,
    "force_delete": True,
    "module": "kpi_quality",
    "install_mode": True,
    "import_file": True,
}


@tagged("post_install", "-at_install")
class TestFeedbackEvent(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls.press(cls.counter, "2025-03-05 10:00:00", "seller")

    def test_press_knows_its_company_and_uuid(self):
        event, other = self.presses(
            self.counter, "2025-03-05 12:00:00.250", [(0, "seller"), (1.5, "yes", 4)]
        )
        self.assertRecordValues(
            event | other,
            [
                {
                    "company_id": self.company.id,
                    "pressed_at": self.utc("2025-03-05 12:00:00"),
                    "pressed_ms": 250,
                    "held_ms": 200,
                },
                {
                    "company_id": self.company.id,
                    "pressed_at": self.utc("2025-03-05 12:00:01"),
                    "pressed_ms": 750,
                    "held_ms": 4000,
                },
            ],
        )
        self.assertTrue(event.uuid)
        self.assertNotEqual(event.uuid, other.uuid)

    def test_name_says_what_was_pressed_and_where(self):
        self.assertEqual(self.event.display_name, "Seller's button · Counter")

    def test_who_and_when_are_not_for_the_user_to_say(self):
        event = (
            self.env["kpi.feedback.event"]
            .with_user(self.user_manager)
            .create(
                {
                    "point_id": self.counter.id,
                    "button": "no",
                    "pressed_at": "2025-03-05 10:00:09",
                    "user_id": self.user_seller.id,
                    "received_at": "2020-01-01 00:00:00",
                }
            )
        )
        self.assertEqual(event.user_id, self.user_manager)
        self.assertEqual(event.received_at.year, 2025)

    # ------------------------------------------------------------------ append only
    def test_nobody_changes_or_deletes_a_press(self):
        users = [
            getattr(self, f"user_{name}")
            for name in ("seller", "lead", "expert", "payroll", "manager")
        ]
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids = [Command.link(self.company.id)]
        administrator.group_ids |= self.env.ref("kpi_quality.group_kpi_quality_manager")
        for user in (*users, administrator):
            event = self.event.with_user(user).with_context(**TRICKS)
            for change in (
                lambda event=event: event.write({"button": "no"}),
                lambda event=event: event.write({"company_id": False}),
                event.unlink,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    change()
        self.assertEqual(self.event.button, "seller")

    @mute_logger("odoo.sql_db")
    def test_not_even_the_superuser_does(self):
        event = self.event.sudo().with_context(**TRICKS)
        with self.assertRaises(UserError):
            event.write({"partner_id": self.partner.id})
        with self.assertRaises(RestrictViolation), self.env.cr.savepoint():
            event.unlink()
        self.assertTrue(self.event.exists())

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses(self):
        for statement in (
            "UPDATE kpi_feedback_event SET button = 'no' WHERE id = %s",
            "UPDATE kpi_feedback_event SET pressed_ms = 1 WHERE id = %s",
            "UPDATE kpi_feedback_event SET uuid = 'x' WHERE id = %s",
            "UPDATE kpi_feedback_event SET partner_id = 1 WHERE id = %s",
            "DELETE FROM kpi_feedback_event WHERE id = %s",
        ):
            with (
                self.subTest(statement),
                self.assertRaisesRegex(RestrictViolation, "never changed nor deleted"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(statement, self.event.id))
        with (
            self.assertRaisesRegex(RestrictViolation, "never changed nor deleted"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("TRUNCATE kpi_feedback_event CASCADE")

    def test_merged_partner_takes_the_place_of_the_other(self):
        event = self.press(
            self.counter, "2025-03-05 11:00:00", "seller", partner_id=self.partner.id
        )
        twin = self._create_partner("Customer")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.partner | twin).ids, dst_partner=twin
        )
        event.invalidate_recordset()
        self.assertEqual(event.partner_id, twin)

    def test_deleted_order_takes_its_number_along(self):
        order = self.quotation("2025-03-05 10:00", self.user_seller)
        event = order._kpi_start_poll(self.counter)
        order.unlink()
        event.invalidate_recordset()
        self.assertFalse(event.sale_order_id)
        self.assertTrue(event.exists())

    def test_uninstalling_is_not_hindered(self):
        drop_feedback_triggers(self.env.cr)
        self.env.cr.execute("DELETE FROM kpi_feedback_poll")
        self.env.cr.execute("DELETE FROM kpi_feedback_attempt")
        self.env.cr.execute(
            SQL("DELETE FROM kpi_feedback_event WHERE id = %s", self.event.id)
        )
        self.env.cr.execute("DROP TABLE kpi_feedback_event CASCADE")

    # ----------------------------------------------------------------------- import
    def test_plain_import(self):
        """Points by their code; derived in few statements, not row by row."""
        rows = [
            [
                "DESK",
                "seller",
                f"2025-03-04 0{hour}:{minute:02}:{second:02}",
                f"import-{number}",
            ]
            for number, (hour, minute, second) in enumerate(
                (hour, minute, second)
                for hour in range(3)
                for minute in range(0, 60)
                for second in range(0, 60, 6)
            )
        ]
        before = self.env.cr.sql_log_count
        result = (
            self.env["kpi.feedback.event"]
            .with_user(self.user_manager)
            .load(["point_id", "button", "pressed_at", "uuid"], rows)
        )
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), 1_800)
        # Odoo itself looks up the point of each row.
        self.assertLess(self.env.cr.sql_log_count - before, len(rows) + 120)
        attempts = self.env["kpi.feedback.attempt"].search_count(
            [("point_id", "=", self.desk.id)]
        )
        self.assertEqual(attempts, 1_800)

    # -------------------------------------------------------------- started by orders
    def test_order_asks_its_customer_once(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        with self.at("2025-03-05 10:05"):
            event = order.with_user(self.user_seller)._kpi_start_poll()
        with self.at("2025-03-05 10:10"):
            again = order._kpi_start_poll()
        self.assertEqual(again, event)
        self.assertRecordValues(
            event.sudo(),
            [
                {
                    "point_id": self.counter.id,
                    "source": "order",
                    "button": "seller",
                    "partner_id": self.partner.id,
                    "employee_id": self.seller.id,
                    "pressed_at": self.utc("2025-03-05 10:05"),
                }
            ],
        )
        self.press(self.counter, "2025-03-05 10:05:20", "yes")
        poll = self.env["kpi.feedback.poll"].search([("event_id", "=", event.id)])
        self.assertRecordValues(
            poll,
            [
                {
                    "answer": "yes",
                    "partner_id": self.partner.id,
                    "sale_order_id": order.id,
                    "employee_id": self.seller.id,
                }
            ],
        )

    def test_point_of_the_order(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        self.point("Second counter", kind="three_button")
        with self.assertRaisesRegex(UserError, "nobody knows where"):
            order._kpi_start_poll()
        self.env["kpi.duty"].create(
            {
                "employee_id": self.seller.id,
                "kind": "login",
                "site_id": self.shop.id,
                "department_id": self.retail.id,
                "point_id": self.counter.id,
                "start": "2025-03-20 08:00:00",
            }
        )
        self.assertEqual(order._kpi_start_poll().point_id, self.counter)

    def test_server_action(self):
        order = self.order("2025-03-05 10:00", self.user_seller)
        action = self.env.ref("kpi_quality.sale_order_action_start_poll")
        self.assertFalse(action.binding_model_id)
        action.with_context(active_model="sale.order", active_ids=order.ids).run()
        self.assertEqual(
            self.env["kpi.feedback.event"].search_count(
                [("sale_order_id", "=", order.id)]
            ),
            1,
        )


@tagged("post_install", "-at_install")
class TestFeedbackEventRpc(FeedbackCommon, HttpCase):
    @mute_logger("odoo.http", "odoo.sql_db")
    def test_no_change_by_rpc(self):
        event = self.press(self.counter, "2025-03-05 10:00:00", "seller")
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids = [Command.link(self.company.id)]
        administrator.group_ids |= self.env.ref("kpi_quality.group_kpi_quality_manager")
        for user in (self.user_manager, administrator):
            user.password = "a-long-enough-password"
            self.authenticate(user.login, "a-long-enough-password")
            for method, arguments in (
                ("write", [event.ids, {"button": "no"}]),
                ("web_save", [event.ids, {"button": "no"}]),
                ("unlink", [event.ids]),
                ("load", [[".id", "button"], [[str(event.id), "no"]]]),
            ):
                keywords = {"context": TRICKS}
                if method == "web_save":
                    keywords["specification"] = {}
                with self.subTest(user=user.login, method=method):
                    try:
                        result = self.make_jsonrpc_request(
                            f"/web/dataset/call_kw/kpi.feedback.event/{method}",
                            {
                                "model": "kpi.feedback.event",
                                "method": method,
                                "args": arguments,
                                "kwargs": keywords,
                            },
                        )
                    except JsonRpcException as error:
                        self.assertTrue(str(error))
                    else:
                        self.assertEqual(method, "load")
                        self.assertFalse(result["ids"])
        event.invalidate_recordset()
        self.assertEqual(event.exists().button, "seller")
