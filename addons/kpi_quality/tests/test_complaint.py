from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from .common import NOW
from .feedback_common import FeedbackCommon


@freeze_time(NOW)
class ComplaintCommon(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaints = cls.env["kpi.feedback.complaint"]

    @classmethod
    def complain(cls, *args, **values):
        """Presses of the red button, made complaints of.

        :param args: as for ``presses``
        """
        events = cls.presses(*args, **values)
        cls.complaints._create_from_events(events.ids)
        return cls.of(events)

    @classmethod
    def of(cls, events):
        return cls.complaints.search(
            [("event_id", "in", events.ids)], order="moment, id"
        )

    @classmethod
    def register(cls, user, **values):
        return cls.complaints.with_user(user).create(
            {"channel": "phone", "department_id": cls.retail.id, **values}
        )


class TestComplaint(ComplaintCommon):
    # ------------------------------------------------------------------- presses
    def test_a_press_is_one_complaint(self):
        """Held for less than 3 seconds passive, else active and not also passive."""
        complaints = self.complain(
            self.red,
            "2025-03-05 10:00:00",
            [(0, "complaint", 0.2), (10, "complaint", 2.999), (20, "complaint", 3.0)],
        )
        self.assertRecordValues(
            complaints,
            [
                {
                    "kind": kind,
                    "channel": "red_button",
                    "state": "unchecked",
                    "point_id": self.red.id,
                    "site_id": self.shop.id,
                    "department_id": self.retail.id,
                    "company_id": self.company.id,
                }
                for kind in ("passive", "passive", "active")
            ],
        )
        self.assertEqual(complaints[1].moment, self.utc("2025-03-05 10:00:10"))

    def test_presses_do_not_bounce(self):
        """Three within a second are three for the expert."""
        items = [(0, "complaint"), (0.3, "complaint"), (0.6, "complaint")]
        self.assertEqual(len(self.complain(self.red, "2025-03-05 10:00", items)), 3)

    def test_only_red_presses(self):
        items = [(0, "no"), (1, "seller"), (2, "over"), (3, "visitor")]
        self.assertFalse(self.complain(self.counter, "2025-03-05 10:00", items))

    def test_once(self):
        events = self.presses(
            self.red, "2025-03-05 10:00", [(0, "complaint"), (90, "complaint", 5)]
        )
        for _attempt in range(3):
            self.complaints._create_from_events(events.ids)
        complaints = self.of(events)
        self.assertEqual(len(complaints), 2)
        complaints.sudo().write({"state": "fair"})
        self.assertFalse(self.complaints._create_from_events(events.ids))
        self.assertEqual(complaints.mapped("state"), ["fair", "fair"])

    def test_the_rule_of_then(self):
        """Long was 3 s until noon of the 5th, then 5 s in another department."""
        self.rule(
            self.red,
            "2025-03-05 12:00",
            long_press=5,
            department_id=self.wholesale.id,
        )
        before, after = (
            self.complain(self.red, moment, [(0, "complaint", 4)])
            for moment in ("2025-03-05 11:59:59", "2025-03-05 12:00:00")
        )
        self.assertEqual((before.kind, after.kind), ("active", "passive"))
        self.assertEqual(before.department_id, self.retail)
        self.assertEqual(after.department_id, self.wholesale)
        # The first rule reaches back for ever.
        old = self.complain(self.red, "2020-01-01 10:00", [(0, "complaint", 4)])
        self.assertEqual(old.kind, "active")

    def test_seller_customer_order(self):
        order = self.order("2025-03-05 09:00", self.user_seller)
        by_event = self.complain(
            self.red,
            "2025-03-05 10:00",
            [(0, "complaint")],
            employee_id=self.seller.id,
            sale_order_id=order.id,
        )
        self.assertRecordValues(
            by_event,
            [
                {
                    "employee_id": self.seller.id,
                    "sale_order_id": order.id,
                    "partner_id": self.partner.id,
                }
            ],
        )
        self.env["kpi.duty"].create(
            {
                "employee_id": self.seller_2.id,
                "kind": "login",
                "site_id": self.shop.id,
                "point_id": self.red.id,
                "start": self.utc("2025-03-05 11:00"),
            }
        )
        by_login = self.complain(self.red, "2025-03-05 11:30", [(0, "complaint")])
        self.assertEqual(by_login.employee_id, self.seller_2)
        self.assertFalse(
            self.complain(self.red, "2025-03-06 18:00", [(0, "complaint")]).employee_id
        )

    def test_study_mode(self):
        """Presses of its points are observations: from the start, up to the stop."""
        self.env["kpi.popularity.study"].create(
            {
                "name": "Spring",
                "site_id": self.shop.id,
                "state": "running",
                "start": self.utc("2025-03-05 10:00"),
                "stop": self.utc("2025-03-05 12:00"),
                "line_ids": [
                    Command.create(
                        {
                            "department_id": self.retail.id,
                            "point_ids": [Command.set(self.red.ids)],
                        }
                    )
                ],
            }
        )
        for moment, count in (
            ("2025-03-05 09:59:59", 1),
            ("2025-03-05 10:00:00", 0),
            ("2025-03-05 11:59:59", 0),
            ("2025-03-05 12:00:00", 1),
        ):
            with self.subTest(moment):
                made = self.complain(self.red, moment, [(0, "complaint", 4)])
                self.assertEqual(len(made), count)

    # ------------------------------------------------------------------ register
    def test_anybody_registers(self):
        order = self.order("2025-03-05 09:00", self.user_seller)
        for user in (self.user_seller, self.user_expert, self.user_lead):
            complaint = self.register(
                user, sale_order_id=order.id, description="Waited an hour"
            )
            self.assertRecordValues(
                complaint.sudo(),
                [
                    {
                        "site_id": self.shop.id,
                        "partner_id": self.partner.id,
                        "state": "unchecked",
                        "kind": "active",
                    }
                ],
            )
            self.assertTrue(complaint.read(["description"]), "sees what he entered")

    def test_what_is_registered_is_no_press(self):
        event = self.press(self.red, "2025-03-05 10:00", "complaint")
        for user in (self.user_seller, self.user_lead, self.user_manager):
            for values in (
                {"channel": "red_button"},
                {"event_id": event.id},
                {"point_id": self.red.id},
                {"state": "fair"},
                {"reacted_at": NOW, "reacted_by_id": user.id},
                {"alarm_ids": [Command.create({"level": 1})]},
            ):
                with self.subTest(user.login, values=values):
                    with self.assertRaises(AccessError):
                        self.register(user, **values)
        with self.assertRaises(ValidationError):
            self.register(self.user_seller, moment="2025-03-20 09:00:01")

    def test_who_sees_what(self):
        own = self.complain(
            self.red,
            "2025-03-05 10:00",
            [(0, "complaint")],
            employee_id=self.seller.id,
        )
        of_sales = self.register(self.user_wholesaler)
        of_storage = self.register(self.user_picker, department_id=self.storage.id)
        everything = own | of_sales.sudo() | of_storage.sudo()
        for user, seen in (
            (self.user_seller, own),
            (self.user_seller_2, self.complaints),
            (self.user_wholesaler, of_sales),
            (self.user_lead, own | of_sales),
            (self.user_warehouse_lead, of_storage),
            (self.user_expert, everything),
            (self.user_manager, everything),
        ):
            with self.subTest(user.login):
                found = self.complaints.with_user(user).search(
                    [("id", "in", everything.ids)]
                )
                self.assertEqual(set(found.ids), set(seen.ids))

    def test_who_enters_presses_does_not_see_them(self):
        """The console's user made the rows, which says nothing."""
        events = self.presses(self.red, "2025-03-05 10:00", [(0, "complaint")])
        made = self.complaints.with_user(self.user_seller_2).sudo()
        made._create_from_events(events.ids)
        self.assertFalse(
            self.complaints.with_user(self.user_seller_2).search(
                [("event_id", "in", events.ids)]
            )
        )

    def test_sellers_change_nothing(self):
        pressed = self.complain(
            self.red,
            "2025-03-05 10:00",
            [(0, "complaint")],
            employee_id=self.seller.id,
        )
        registered = self.register(self.user_seller)
        for complaint in (pressed, registered):
            mine = complaint.with_user(self.user_seller)
            for values in ({"reaction": "All is well"}, {"kind": "passive"}):
                with self.assertRaises(AccessError):
                    mine.write(values)
            for action in ("action_take_care", "action_judge_unfair"):
                with self.assertRaises(AccessError):
                    getattr(mine, action)()

    def test_nobody_deletes(self):
        complaint = self.register(self.user_manager)
        for user in (
            self.user_seller,
            self.user_lead,
            self.user_expert,
            self.user_manager,
            self.env.ref("base.user_admin"),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                complaint.with_user(user).with_context(_force_unlink=True).unlink()

    def test_leads_answer_and_change_no_facts(self):
        pressed = self.complain(self.red, "2025-03-05 10:00", [(0, "complaint")])
        registered = self.register(self.user_seller, description="Rude")
        for complaint in (pressed, registered.with_user(self.user_lead)):
            mine = complaint.with_user(self.user_lead)
            for values in (
                {"state": "unfair"},
                {"kind": "passive"},
                {"department_id": self.storage.id},
                {"moment": "2024-01-01 10:00:00"},
                {"employee_id": False},
                {"description": "Nothing"},
                {"reacted_at": "2025-03-05 07:00:01"},
            ):
                with self.subTest(values=values), self.assertRaises(AccessError):
                    mine.write(values)
            mine.reaction = "Apologised"
            self.assertRecordValues(
                complaint.sudo(),
                [
                    {
                        "reaction": "Apologised",
                        "reacted_by_id": self.user_lead.id,
                        "reacted_at": self.env["kpi.engine"]._now(),
                    }
                ],
            )

    def test_managers_change_no_press(self):
        pressed = self.complain(self.red, "2025-03-05 10:00", [(0, "complaint", 4)])
        mine = pressed.with_user(self.user_manager)
        for values in (
            {"state": "unfair"},
            {"kind": "passive"},
            {"channel": "phone"},
            {"department_id": self.storage.id},
            {"point_id": self.counter.id},
            {"moment": "2024-01-01 10:00:00"},
            {"event_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mine.write(values)
        mine.partner_id = self.partner
        registered = self.register(self.user_seller).with_user(self.user_manager)
        registered.write({"kind": "passive", "department_id": self.wholesale.id})
        with self.assertRaises(AccessError):
            registered.channel = "red_button"

    def test_verdicts_of_registered_ones(self):
        complaint = self.register(self.user_seller)
        for user in (self.user_expert, self.user_manager):
            mine = complaint.with_user(user)
            self.assertTrue(mine.can_judge)
            mine.action_judge_fair()
            self.assertEqual(mine.state, "fair")
            mine.action_unjudge()
            self.assertEqual(mine.state, "unchecked")
        for user in (self.user_seller, self.user_lead):
            with self.assertRaises(AccessError):
                complaint.with_user(user).action_judge_unfair()
        own = self.register(self.user_seller, department_id=self.office.id)
        for user in (self.user_expert, self.user_manager):
            self.assertFalse(own.with_user(user).can_judge)
            with self.assertRaises(AccessError):
                own.with_user(user).action_judge_fair()

    def test_presses_are_judged_at_the_desk(self):
        pressed = self.complain(self.red, "2025-03-05 10:00", [(0, "complaint")])
        for user in (self.user_expert, self.user_manager):
            with self.assertRaises(AccessError):
                pressed.with_user(user).action_judge_unfair()
        self.assertEqual(pressed.state, "unchecked")

    def test_another_company(self):
        other = self._create_company("Elsewhere")
        foreign = self._create_user("kpi_foreign", "manager", company=other)
        complaint = self.register(self.user_manager)
        self.assertFalse(
            self.complaints.with_user(foreign)
            .with_context(allowed_company_ids=other.ids)
            .search([("id", "=", complaint.id)])
        )
        with self.assertRaises(AccessError):
            self.register(self.user_manager, company_id=other.id)

    # ------------------------------------------------------------------ reaction
    def test_reaction_time_is_the_servers(self):
        """Pressed at 11:50 by the console's clock, arrived at noon, taken at 12:07."""
        pressed = self.complain(self.red, "2025-03-20 11:50", [(0, "complaint", 4)])
        self.assertEqual(pressed.event_id.received_at, self.utc("2025-03-20 12:00"))
        with self.at("2025-03-20 12:05"):
            pressed.invalidate_recordset(["reaction_minutes"])
            self.assertEqual(pressed.reaction_minutes, 5)
        with self.at("2025-03-20 12:07"):
            pressed.with_user(self.user_lead).action_take_care()
        with self.at("2025-03-20 15:00"):
            pressed.invalidate_recordset()
            self.assertEqual(pressed.reaction_minutes, 7)
            with self.assertRaisesRegex(UserError, "taking care of it already"):
                pressed.with_user(self.user_manager).action_take_care()
        self.assertEqual(pressed.reacted_by_id, self.user_lead)
