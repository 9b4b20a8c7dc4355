"""The alarm of a held red button: who is told, when, in which words."""

import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date, format_time
from odoo.tools.misc import get_lang

_logger = logging.getLogger(__name__)

ACTIVITY = "kpi_quality.mail_activity_type_red_button"
# Later than this a press is said to have arrived late.
LATE = timedelta(minutes=2)
# What cannot be told now is tried again.
RETRY = timedelta(minutes=5)
LEAST_DIGITS = 5


class KpiFeedbackComplaint(models.Model):
    _inherit = "kpi.feedback.complaint"

    # ---------------------------------------------------------------- when, whom
    @api.model
    def _cron_alarm(self):
        """Each minute, and when the next level or an opening is due."""
        due = self.search(
            [("next_alarm_at", "<=", fields.Datetime.now())], order="next_alarm_at"
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for complaint in due:
            complaint = complaint.try_lock_for_update().filtered("next_alarm_at")
            complaint._alarm()
            cron._commit_progress(1)

    def _alarm(self):
        """Tell whoever is due; a press is never lost over a message that failed."""
        for complaint in self.with_user(SUPERUSER_ID):  # speaks for the console
            company = complaint.company_id
            complaint = complaint.with_company(company).with_context(
                lang=get_lang(self.env, company.partner_id.lang).code
            )
            try:
                with self.env.cr.savepoint():
                    complaint._tell_due(fields.Datetime.now())
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                _logger.exception("The alarm of complaint %s failed", complaint.id)
                complaint._alarm_again(fields.Datetime.now() + RETRY)

    def _tell_due(self, now):
        """Tell the levels that are due and hand over messages that waited.

        When nobody of a level can be reached, the next one is told at once.
        """
        self.ensure_one()
        if self.reacted_at:
            self.next_alarm_at = False
            return
        self._hand_over_waiting(now)
        begun = self.notified_at or now
        told = self.alarm_ids.recipient_id
        remaining = (
            self.env["kpi.feedback.recipient"]._of_site(self.site_id, self.company_id)
            - told
        )
        minutes = (now - begun).total_seconds() / 60
        while due := self._due_recipients(remaining, minutes):
            for recipient in due:
                self._tell(recipient, now)
            remaining -= due
        if not self.alarm_ids._reached and not self.notified_at:
            self._note(
                self.env._(
                    "Nobody could be told of this press. Enter recipients under "
                    "Customers > Recipients of red alarms, and the director of the "
                    "site."
                )
            )
        self.notified_at = begun
        waiting = self.alarm_ids.filtered("sms_due_at").mapped("sms_due_at")
        waiting += [begun + timedelta(minutes=r.after_minutes) for r in remaining]
        self._alarm_again(min(waiting, default=False))

    def _due_recipients(self, remaining, minutes):
        """Whose time has come; as long as nobody is reached, whoever is next."""
        if not self.alarm_ids._reached:
            minutes = max(minutes, min(remaining.mapped("after_minutes"), default=0))
        return remaining.filtered(lambda r: r.after_minutes <= minutes)

    def _alarm_again(self, moment):
        self.next_alarm_at = moment
        if moment:
            cron = self.env.ref("kpi_quality.ir_cron_feedback_alarm")
            cron.sudo()._trigger(at=moment)  # whoever pressed

    def _tell(self, recipient, now):
        """Tell the people that a recipient stands for, each by the ways asked for."""
        people = recipient._people(self.site_id, now)
        self.escalation_level = max(self.escalation_level, recipient.level)
        values = {
            "complaint_id": self.id,
            "recipient_id": recipient.id,
            "level": recipient.level,
            "told_at": now,
        }
        if not people:
            nobody = self._nobody(recipient)
            self.env["kpi.feedback.alarm"].create({**values, "problem": nobody})
            self._note(nobody)
        for person in people:
            known = self.alarm_ids._of_person(person, recipient.level)
            alarm = self.env["kpi.feedback.alarm"].create(
                {
                    **values,
                    "user_id": person.user.id,
                    "employee_id": person.employee.id,
                }
            )
            if recipient.in_odoo and not any(known.mapped("in_odoo")):
                self._tell_in_odoo(person, alarm)
            if recipient.by_sms and not any(known.mapped("number")):
                self._tell_by_sms(person, alarm, now)

    def _nobody(self, recipient):
        if recipient.who == "duty_manager":
            return self.env._(
                "No duty manager is on the roster of %(site)s now: nobody to tell.",
                site=self.site_id.name,
            )
        if recipient.who == "director":
            return self.env._(
                "%(site)s has no director: nobody to tell.", site=self.site_id.name
            )
        return self.env._(
            "%(user)s is archived or does not work in %(company)s: nobody to tell.",
            user=recipient.user_id.name,
            company=self.company_id.name,
        )

    def _note(self, text):
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    # ------------------------------------------------------------------- in Odoo
    def _tell_in_odoo(self, person, alarm):
        if not person.user:
            return  # an employee without a login
        alarm.in_odoo = True
        speaking = self.with_context(
            lang=get_lang(self.env, person.partner.lang).code,
            mail_activity_quick_update=True,
        )
        speaking.activity_schedule(
            ACTIVITY,
            summary=speaking.env._("Red button: a customer is waiting"),
            note=speaking._alarm_text(),
            user_id=person.user.id,
        )
        person.user._bus_send(
            "kpi_quality.red_button",
            {
                "id": self.id,
                "title": speaking.env._("Red button"),
                "message": speaking._alarm_text(),
                "open": speaking.env._("Open"),
            },
        )

    def _end_alarm(self):
        """Somebody takes care: to-dos and messages on the screens disappear."""
        self.activity_unlink([ACTIVITY])
        self.alarm_ids.filtered("sms_due_at").sms_due_at = False
        for user in self.alarm_ids.filtered("in_odoo").user_id:
            for complaint in self:
                user._bus_send("kpi_quality.red_button_taken", {"id": complaint.id})

    # ----------------------------------------------------------------------- SMS
    def _tell_by_sms(self, person, alarm, now):
        """Queue the message at once, or have it wait while the site is closed."""
        typed = (
            person.employee.mobile_phone
            or person.employee.work_phone
            or person.partner.phone
        )
        number = self._phone_number(typed, person.partner)
        if not number:
            alarm.problem = self._no_number(person, typed)
            self._note(alarm.problem)
            return
        alarm.number = number
        opening = alarm._opens_at(self.site_id, now)
        if opening > now:
            alarm.sms_due_at = opening
        else:
            self._hand_over(alarm, person.partner, now)

    def _phone_number(self, typed, partner):
        """:return: as the gateways take it, None when it cannot be one"""
        # Without the library of numbers Odoo takes any text for one.
        if sum(character.isdigit() for character in typed or "") < LEAST_DIGITS:
            return None
        country = partner.country_id or self.company_id.country_id
        return partner._phone_format(number=typed, country=country)

    def _no_number(self, person, typed):
        if typed:
            return self.env._(
                "%(person)s got no SMS: “%(number)s” is no telephone number.",
                person=person.name,
                number=typed,
            )
        return self.env._(
            "%(person)s got no SMS: there is no telephone number on the employee or "
            "contact.",
            person=person.name,
        )

    def _hand_over_waiting(self, now):
        for alarm in self.alarm_ids.filtered("sms_due_at"):
            if alarm.sms_due_at <= now:
                employee = alarm.employee_id
                partner = alarm.user_id.partner_id or employee.work_contact_id
                self._hand_over(alarm, partner, now)

    def _hand_over(self, alarm, partner, now):
        """Into Odoo's queue, which sends after the commit: never in this request."""
        speaking = self.with_context(lang=get_lang(self.env, partner.lang).code)
        link = f"{self.get_base_url()}/odoo/complaints/{self.id}"
        text = f"{speaking._alarm_text()} {link}"
        recipient = (
            {
                "partner_ids": partner.ids,
                "sms_pid_to_number": {partner.id: alarm.number},
            }
            if partner
            else {"sms_numbers": [alarm.number]}
        )
        alarm.write(
            {
                "sms_at": now,
                "sms_due_at": False,
                "message_id": self._message_sms(
                    text, sms_content=text, put_in_queue=True, **recipient
                ).id,
            }
        )

    # ---------------------------------------------------------------------- words
    def _alarm_text(self):
        """In the language of the context, by the clock of the site."""
        self.ensure_one()
        tz = self._tz()
        lang = self.env.context.get("lang")
        now = fields.Datetime.now()
        received = self.event_id.received_at or now
        time = format_time(
            self.env, self.moment, tz=tz, time_format="short", lang_code=lang
        )
        today = fields.Datetime.context_timestamp(self.with_context(tz=tz), now).date()
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), self.moment)
        if local.date() != today:
            day = format_date(self.env, local.date(), lang_code=lang)
            time = f"{day} {time}"
        place = ", ".join(
            filter(
                None, [self.site_id.name, self.department_id.name, self.point_id.name]
            )
        )
        if received - self.moment > LATE:
            text = self.env._(
                "Red button at %(place)s: a customer held it at %(time)s; the press "
                "arrived late.",
                place=place,
                time=time,
            )
        else:
            text = self.env._(
                "Red button at %(place)s: a customer held it at %(time)s.",
                place=place,
                time=time,
            )
        if self.press_count > 1:
            times = self.env._("Pressed %(count)s times.", count=self.press_count)
            text = f"{text} {times}"
        return text
