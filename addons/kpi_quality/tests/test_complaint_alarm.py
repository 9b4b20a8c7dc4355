import json
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools.translate import code_translations

from odoo.addons.sms.tests.common import SMSCase

from .common import NOW
from .test_complaint import ComplaintCommon

# Local noon: NOW.
NOON = "2025-03-20 12:00:00"
PHONES = {
    "lead": "+79160000001",
    "wholesaler": "+79160000002",
    "manager": "+79160000003",
}
RUSSIAN = {
    "Red button at %(place)s: a customer held it at %(time)s.": (
        "Красная кнопка, %(place)s: клиент удерживал её в %(time)s."
    ),
}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestComplaintAlarm(ComplaintCommon, SMSCase):
    """The lead is the director, the wholesaler duty manager, the manager of claims is
    told after 10 minutes of silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", "https://kpi.test")
        cls.company.country_id = cls.env.ref("base.ru")
        for name, number in PHONES.items():
            getattr(cls, name).mobile_phone = number
        cls.shop.manager_id = cls.user_lead
        cls.env["kpi.duty"].create(
            {
                "employee_id": cls.wholesaler.id,
                "role": "duty_manager",
                "site_id": cls.shop.id,
                "start": cls.utc("2025-03-20 08:00"),
                "stop": cls.utc("2025-03-20 20:00"),
            }
        )
        cls.recipients = cls.env["kpi.feedback.recipient"]
        cls.recipients.search([]).unlink()
        cls.recipients.create(
            [
                {"who": "duty_manager"},
                {"who": "director"},
                {
                    "who": "user",
                    "user_id": cls.user_manager.id,
                    "level": 2,
                    "after_minutes": 10,
                },
            ]
        )

    @contextmanager
    def gateway(self):
        """What is created and sent; nothing is, for true, nor committed."""
        cron = type(self.env["ir.cron"])
        with self.mockSMSGateway(), patch.object(cron, "_commit_progress"):
            yield

    def hold(self, moment=NOON, items=((0, "complaint", 4),), point=None, **values):
        return self.complain(point or self.red, moment, list(items), **values)

    def texts(self):
        return {(sms.number, sms.body) for sms in self._new_sms}

    def numbers(self):
        return sorted(self._new_sms.mapped("number"))

    def pass_minutes(self, minutes):
        """The scheduled action at a later moment."""
        with freeze_time(fields.Datetime.to_datetime(NOW) + timedelta(minutes=minutes)):
            self.complaints._cron_alarm()

    def notes(self, complaint):
        return " ".join(complaint.message_ids.mapped("body"))

    def popups(self, kind, complaint):
        """Whose screens a message of that kind is on its way to."""
        self.env.cr.precommit.run()
        message = f'"kpi_quality.{kind}","payload":{{"id":{complaint.id},'
        found = self.env["bus.bus"].sudo().search([])
        return {
            json.loads(row.channel)[2]
            for row in found
            if message in row.message.replace(" ", "").replace("}", ",")
        }

    # ------------------------------------------------------------------ at once
    def test_whoever_enters_the_press(self):
        """A manager without rights on messages, rosters, alarms; a press he made up."""
        values = self._press_values(self.red, self.utc(NOON), 0, "complaint", 4)
        with self.gateway():
            event = self.env["kpi.feedback.event"].with_user(self.user_manager)
            event = event.create({**values, "uuid": "by-hand"})
            self.assertEqual(self.of(event).kind, "active")
            self.assertEqual(
                self.numbers(), sorted([PHONES["lead"], PHONES["wholesaler"]])
            )

    def test_at_once_to_duty_manager_and_director(self):
        with self.gateway():
            complaint = self.hold()
            link = f"https://kpi.test/odoo/complaints/{complaint.id}"
            text = (
                "Red button at Arbat, Retail, Red: a customer held it at "
                f"12:00\u202fPM. {link}"
            )
            self.assertEqual(
                self.texts(), {(PHONES["lead"], text), (PHONES["wholesaler"], text)}
            )
            # Queued: Odoo's scheduled action sends, after the commit.
            self.assertFalse(self._sms)
            self.assertEqual(set(self._new_sms.mapped("state")), {"outgoing"})
            self.env["sms.sms"]._process_queue()
            self.assertEqual(len(self._sms), 2)
        self.assertEqual(
            complaint.activity_ids.user_id, self.user_lead | self.user_wholesaler
        )
        told = (self.user_lead | self.user_wholesaler).partner_id
        self.assertEqual(self.popups("red_button", complaint), set(told.ids))
        self.assertRecordValues(
            complaint,
            [
                {
                    "notified_at": fields.Datetime.to_datetime(NOW),
                    "escalation_level": 1,
                    "next_alarm_at": self.utc("2025-03-20 12:10"),
                }
            ],
        )

    def test_the_queues_are_woken_up(self):
        triggers = self.env["ir.cron.trigger"]
        with self.gateway():
            self.hold()
        sms = self.env.ref("sms.ir_cron_sms_scheduler_action")
        alarm = self.env.ref("kpi_quality.ir_cron_feedback_alarm")
        self.assertIn(
            fields.Datetime.to_datetime(NOW),
            triggers.search([("cron_id", "=", sms.id)]).mapped("call_at"),
        )
        self.assertIn(
            self.utc("2025-03-20 12:10"),
            triggers.search([("cron_id", "=", alarm.id)]).mapped("call_at"),
        )

    def test_short_presses_alarm_nobody(self):
        with self.gateway():
            complaint = self.hold(items=[(0, "complaint", 2.9)])
        self.assertFalse(self._new_sms)
        self.assertFalse(complaint.alarm_ids)
        self.assertFalse(complaint.next_alarm_at)

    def test_registered_ones_alarm_nobody(self):
        with self.gateway():
            self.register(self.user_seller)
            self.pass_minutes(60)
        self.assertFalse(self._new_sms)

    def test_once_under_retries(self):
        with self.gateway():
            complaint = self.hold()
            for _attempt in range(3):
                self.complaints._create_from_events(complaint.event_id.ids)
                complaint._alarm()
                self.complaints._cron_alarm()
            self.assertEqual(len(self._new_sms), 2)
        self.assertEqual(len(complaint.activity_ids), 2)

    def test_rolled_back_tells_nobody(self):
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([])
        with self.gateway():
            with (
                self.assertRaisesRegex(ValueError, "deadlock"),
                self.env.cr.savepoint(),
            ):
                self.hold()
                self.assertEqual(len(self._new_sms), 2)
                raise ValueError("deadlock")
            self.env["sms.sms"]._process_queue()
            self.assertFalse(self._sms)
        self.assertFalse(
            self.env["sms.sms"].search([("number", "in", [*PHONES.values()])])
        )
        self.assertEqual(triggers.search_count([]), before)

    def test_a_message_that_fails_loses_no_press(self):
        with (
            self.gateway(),
            patch.object(
                type(self.complaints), "_tell_by_sms", side_effect=ValueError("broken")
            ),
            self.assertLogs("odoo.addons.kpi_quality", "ERROR"),
        ):
            complaint = self.hold()
        self.assertEqual(complaint.kind, "active")
        self.assertFalse(complaint.alarm_ids)
        with self.gateway():
            self.pass_minutes(5)
            self.assertEqual(len(self._new_sms), 2)

    # --------------------------------------------------------------------- words
    def test_each_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.user_lead.lang = "ru_RU"
        known = code_translations.get_python_translations

        def translations(module, lang):
            terms = known(module, lang)
            return {**terms, **RUSSIAN} if lang == "ru_RU" else terms

        with (
            self.gateway(),
            patch.object(code_translations, "get_python_translations", translations),
        ):
            complaint = self.hold()
        texts = dict(self.texts())
        link = f"https://kpi.test/odoo/complaints/{complaint.id}"
        self.assertEqual(
            texts[PHONES["lead"]],
            "Красная кнопка, Arbat, Retail, Red: клиент удерживал её в 12:00. " + link,
        )
        self.assertIn("a customer held it at 12:00", texts[PHONES["wholesaler"]])

    def test_the_clock_of_the_site(self):
        """Noon in Moscow is 16:00 in Novosibirsk."""
        self.shop.tz = "Asia/Novosibirsk"
        with self.gateway():
            self.hold()
        for _number, text in self.texts():
            self.assertIn("held it at 4:00", text)

    def test_late_press_says_when(self):
        with self.gateway():
            self.hold("2025-03-19 18:30:00")
        for _number, text in self.texts():
            self.assertIn("03/19/2025 6:30", text)
            self.assertIn("arrived late", text)

    def test_history_wakes_nobody(self):
        with self.gateway():
            complaint = self.hold("2025-03-13 11:59:59")
            self.pass_minutes(60)
        self.assertFalse(self._new_sms)
        self.assertFalse(complaint.alarm_ids)

    # ------------------------------------------------------------------- together
    def test_presses_within_a_minute_are_one_message(self):
        items = [(0, "complaint", 4), (20, "complaint", 4), (59, "complaint", 4)]
        with self.gateway():
            first, *others = self.hold(items=items)
            self.assertEqual(len(self._new_sms), 2)
            for _number, text in self.texts():
                self.assertIn("Pressed 3 times.", text)
        self.assertEqual(first.press_count, 3)
        for other in others:
            self.assertEqual(other.first_id, first)
        with self.at("2025-03-20 12:02"):
            first.with_user(self.user_lead).action_take_care()
        self.assertEqual({c.reacted_by_id for c in others}, {self.user_lead})

    def test_presses_that_arrive_one_by_one(self):
        with self.gateway():
            first = self.hold()
            self.assertEqual(self.hold("2025-03-20 12:00:59").first_id, first)
            self.assertEqual(len(self._new_sms), 2)
            # A minute later, and at another point, is another customer.
            self.assertFalse(self.hold("2025-03-20 12:01:00").first_id)
            self.assertFalse(
                self.hold("2025-03-20 12:00:10", point=self.counter).first_id
            )
            self.assertEqual(len(self._new_sms), 6)

    def test_pressed_again_after_somebody_came(self):
        with self.gateway():
            first = self.hold()
            first.with_user(self.user_lead).action_take_care()
            self.assertFalse(self.hold("2025-03-20 12:00:30").first_id)
            self.assertEqual(len(self._new_sms), 4)

    # ------------------------------------------------------------------ escalation
    def test_nobody_reacts(self):
        with self.gateway():
            complaint = self.hold()
            self.pass_minutes(9)
            self.assertEqual(len(self._new_sms), 2)
            self.pass_minutes(10)
            self.assertEqual(self.numbers(), sorted(PHONES.values()))
            for minutes in (10, 11, 60):
                self.pass_minutes(minutes)
            self.assertEqual(len(self._new_sms), 3)
        self.assertRecordValues(
            complaint, [{"escalation_level": 2, "next_alarm_at": False}]
        )
        self.assertIn(self.user_manager, complaint.activity_ids.user_id)

    def test_somebody_reacts(self):
        with self.gateway():
            complaint = self.hold()
            with self.at("2025-03-20 12:04"):
                complaint.with_user(self.user_wholesaler).action_take_care()
            self.pass_minutes(10)
            self.assertEqual(len(self._new_sms), 2)
        self.assertFalse(complaint.activity_ids)
        told = (self.user_lead | self.user_wholesaler).partner_id
        self.assertEqual(self.popups("red_button_taken", complaint), set(told.ids))
        self.assertEqual(complaint.reacted_by_id, self.user_wholesaler)
        self.assertEqual(complaint.reaction_minutes, 4)

    def test_who_was_told_may_answer(self):
        """The duty manager leads nobody: told, he may read and answer this one."""
        with self.gateway():
            complaint = self.hold()
            other = self.hold(items=[(0, "complaint", 1)])
        mine = complaint.with_user(self.user_wholesaler)
        self.assertEqual(mine.read(["site_id"])[0]["site_id"][0], self.shop.id)
        mine.reaction = "Opened the second till"
        self.assertEqual(complaint.reacted_by_id, self.user_wholesaler)
        with self.assertRaises(AccessError):
            mine.kind = "passive"
        for operation in ("read", "write"):
            self.assertFalse(
                other.with_user(self.user_wholesaler).has_access(operation)
            )
            self.assertFalse(
                complaint.with_user(self.user_seller_2).has_access(operation)
            )

    def test_nobody_can_be_reached_at_first(self):
        """No roster, no director: the manager of claims hears at once."""
        self.shop.manager_id = False
        self.env["kpi.duty"].search([]).unlink()
        with self.gateway():
            complaint = self.hold()
            self.assertEqual(self.numbers(), [PHONES["manager"]])
        self.assertIn("No duty manager is on the roster", self.notes(complaint))
        self.assertIn("Arbat has no director", self.notes(complaint))
        self.assertFalse(complaint.next_alarm_at)

    def test_nobody_at_all(self):
        self.recipients.search([]).unlink()
        with self.gateway():
            complaint = self.hold()
        self.assertIn("Nobody could be told", self.notes(complaint))

    def test_no_number(self):
        for number, words in (
            (False, "no telephone number"),
            ("ask at the till", "“ask at the till” is no"),
            ("+7 916 000-00", "“+7 916 000-00” is no"),
        ):
            self.lead.mobile_phone = number
            self.lead.work_phone = False
            self.user_lead.partner_id.phone = False
            with self.subTest(number=number), self.gateway():
                complaint = self.hold()
                self.assertEqual(self.numbers(), [PHONES["wholesaler"]])
                self.assertIn(words, self.notes(complaint))
                self.assertIn(self.user_lead, complaint.activity_ids.user_id)
                complaint.sudo().reacted_at = NOW  # the next press is a new one

    def test_one_person_in_two_roles_is_told_once(self):
        self.shop.manager_id = self.user_wholesaler
        with self.gateway():
            complaint = self.hold()
            self.assertEqual(self.numbers(), [PHONES["wholesaler"]])
        self.assertEqual(len(complaint.activity_ids), 1)

    def test_ways_and_sites(self):
        self.recipients.search([]).unlink()
        self.recipients.create(
            [
                {"who": "director", "by_sms": False},
                {
                    "who": "user",
                    "user_id": self.user_manager.id,
                    "in_odoo": False,
                },
                {"who": "duty_manager", "site_ids": [Command.set(self.depot.ids)]},
            ]
        )
        with self.gateway():
            complaint = self.hold()
            self.assertEqual(self.numbers(), [PHONES["manager"]])
        self.assertEqual(complaint.activity_ids.user_id, self.user_lead)

    def test_duty_manager_without_login(self):
        """An SMS is all he can get."""
        self.nobody.mobile_phone = "+79160000009"
        self.env["kpi.duty"].search(
            [("site_id", "=", self.shop.id)]
        ).employee_id = self.nobody
        with self.gateway():
            complaint = self.hold()
            self.assertEqual(self.numbers(), sorted([PHONES["lead"], "+79160000009"]))
        self.assertEqual(complaint.activity_ids.user_id, self.user_lead)

    def test_who_may_know_who_was_told(self):
        """Numbers of colleagues: for the director, the expert and the manager."""
        with self.gateway():
            complaint = self.hold()
        for user, numbers in (
            (self.user_seller, set()),
            (self.user_wholesaler, {PHONES["wholesaler"]}),
            (self.user_lead, {PHONES["wholesaler"], PHONES["lead"]}),
            (self.user_manager, {PHONES["wholesaler"], PHONES["lead"]}),
            (self.user_warehouse_lead, set()),
        ):
            with self.subTest(user.login):
                alarms = self.env["kpi.feedback.alarm"].with_user(user)
                found = alarms.search([("complaint_id", "=", complaint.id)])
                self.assertEqual(set(found.mapped("number")), numbers)
                self.assertFalse(found.has_access("write"))

    def test_recipients_of_another_company(self):
        other = self._create_company("Elsewhere")
        theirs = self.recipients.create(
            {"who": "user", "user_id": self.user_expert.id, "company_id": other.id}
        )
        with self.gateway():
            complaint = self.hold()
        self.assertNotIn(self.user_expert, complaint.activity_ids.user_id)
        recipients = self.recipients.with_user(self.user_manager)
        self.assertNotIn(theirs.id, recipients.search([]).ids)
        with self.assertRaises(AccessError):
            recipients.create({"who": "director", "company_id": other.id})

    # --------------------------------------------------------------- opening hours
    def test_closed(self):
        """In Odoo at once; the SMS at 14:00, when the shop opens. The escalation does
        not wait."""
        self.shop.opening_calendar_id = self.open_from(14)
        with self.gateway():
            complaint = self.hold()
            self.assertFalse(self._new_sms)
            self.assertEqual(len(complaint.activity_ids), 2)
            self.pass_minutes(10)
            self.assertEqual(len(complaint.activity_ids), 3)
            self.assertEqual(complaint.next_alarm_at, self.utc("2025-03-20 14:00"))
            self.pass_minutes(119)
            self.assertFalse(self._new_sms)
            self.pass_minutes(120)
            self.assertEqual(self.numbers(), sorted(PHONES.values()))
            self.pass_minutes(121)
            self.assertEqual(len(self._new_sms), 3)

    def test_closed_and_taken(self):
        self.shop.opening_calendar_id = self.open_from(14)
        with self.gateway():
            self.hold().with_user(self.user_lead).action_take_care()
            self.pass_minutes(120)
        self.assertFalse(self._new_sms)

    def test_open(self):
        self.shop.opening_calendar_id = self.open_from(12)
        with self.gateway():
            self.hold()
            self.assertEqual(len(self._new_sms), 2)

    def open_from(self, hour):
        return self.env["resource.calendar"].create(
            {
                "name": "Shop",
                "tz": "Europe/Moscow",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": hour,
                            "hour_to": 22,
                        }
                    )
                    for day in range(7)
                ],
            }
        )
