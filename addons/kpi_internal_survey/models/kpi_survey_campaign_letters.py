import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import split_every
from odoo.tools.misc import format_date, get_lang

from odoo.addons.kpi_quality.models.kpi_engine import CONFLICTS

from ..const import BEST_PLACES, PLACE_OF_CODE
from ..tools.reminders import days_before, is_due

_logger = logging.getLogger(__name__)

BATCH = 1000
# Nobody's absence notice shall quote a code.
HEADERS = repr(
    {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
)


class KpiSurveyCampaign(models.Model):
    """What a campaign says to people: one letter each, in their language.

    Letters are queued and deleted when sent. A code is in them only on the way to the
    mail server: see ``mail_mail.py``.
    """

    _inherit = "kpi.survey.campaign"

    reminder_days = fields.Char(
        string="Reminders",
        default="7, 2",
        help="Days before the end on which everybody is reminded, e.g. 7, 2.",
    )
    announced_on = fields.Date(readonly=True, copy=False)
    invited_on = fields.Date(readonly=True, copy=False)
    reminded_on = fields.Date(readonly=True, copy=False)
    thanked_on = fields.Date(readonly=True, copy=False)
    told_on = fields.Date(string="Told of the results on", readonly=True, copy=False)

    @api.constrains("reminder_days")
    def _check_reminder_days(self):
        for campaign in self:
            try:
                days_before(campaign.reminder_days)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "“%(days)s” is no plan of reminders: write numbers of days "
                        "before the end, e.g. 7, 2.",
                        days=campaign.reminder_days,
                    )
                ) from None

    # ------------------------------------------------------------------ CRUD
    def unlink(self):
        # With their messages, which a cascade in the database would leave.
        letters_sudo = self.env["mail.mail"].sudo()  # the queue is nobody's
        letters_sudo.search([("kpi_campaign_id", "in", self.ids)]).unlink()
        return super().unlink()

    # --------------------------------------------------------------- actions
    def action_announce(self):
        self._check_can_send("agreed")
        self._check_not_today("announced_on")
        return self._feedback(self._send_announcement())

    def action_remind(self):
        self._check_can_send("running")
        self._check_not_today("reminded_on")
        return self._feedback(self._send_reminders())

    def action_tell_results(self):
        self._check_can_send("published")
        if self.told_on:
            raise UserError(
                self.env._(
                    "Everybody was told of the results on %(day)s already.",
                    day=format_date(self.env, self.told_on),
                )
            )
        return self._feedback(self._send_results())

    def _check_can_send(self, state):
        self.ensure_one()
        self.check_access("write")
        if self.state != state:
            named = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(survey)s” is %(state)s: this letter does not fit now.",
                    survey=self.name,
                    state=named[self.state].lower(),
                )
            )

    def _check_not_today(self, field):
        if self[field] == self._today():
            raise UserError(
                self.env._("This letter went out today already: once a day is enough.")
            )

    def _feedback(self, count):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "warning",
                "message": self.env._(
                    "Letters that go out now: %(count)s", count=count
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # --------------------------------------------------------------- letters
    def _close(self):
        result = super()._close()
        self._send_thanks()
        return result

    def _send_announcement(self):
        """Before the start: what comes, why, when, and whom to ask."""
        self._sent_today("announced_on")
        employees_sudo = self.env["hr.employee"].sudo()
        employees_sudo = employees_sudo.union(*self._people().by_unit.values())
        return self._queue("announcement", self._people_of(employees_sudo))

    def _send_invitations(self):
        """With the personal link and code, to those who have an e-mail address."""
        self._sent_today("invited_on")
        return self._queue("invitation", self._people_invited())

    def _send_reminders(self):
        """To all who are invited: who has answered is not known."""
        self._sent_today("reminded_on")
        return self._queue("reminder", self._people_invited())

    def _send_thanks(self):
        self._sent_today("thanked_on")
        return self._queue("thanks", self._people_invited())

    def _send_results(self):
        self._sent_today("told_on")
        return self._queue("results", self._people_invited())

    def _send_test_invitations(self, employees):
        """Let some people try the form; what they answer is thrown away."""
        return self._queue("test", self._people_of(employees.sudo()))

    @api.model
    def _cron_remind(self):
        """Remind of what runs, as planned: each campaign by itself."""
        cron = self.env["ir.cron"]
        campaigns = self.search([("state", "=", "running")])
        cron._commit_progress(remaining=len(campaigns))
        for campaign in campaigns:
            try:
                campaign._remind_if_due()
                self.env.flush_all()
            except CONFLICTS:
                self.env.cr.rollback()
                _logger.info("Survey %s is busy, reminds next time", campaign.id)
            except Exception:
                self.env.cr.rollback()
                # One campaign may fail in any way; the others remind.
                _logger.exception("Survey %s could not remind", campaign.id)
            cron._commit_progress(1)

    def _remind_if_due(self):
        self.ensure_one()
        if is_due(
            days_before(self.reminder_days),
            self.invited_on or self.date_from,
            self.date_to,
            self.reminded_on,
            self._today(),
        ):
            self._send_reminders()

    def _sent_today(self, field):
        # A date of letters is nothing that people agreed on: no freezing stops it.
        self.sudo()[field] = self._today()

    # ------------------------------------------------------------- recipients
    def _people_invited(self):
        """:return: ``[(participant id, address, language)]``"""
        self.ensure_one()
        # Languages are in the users; who sends letters need not see those.
        participants = self.env["kpi.survey.participant"].sudo()
        participants = participants.search_fetch(
            [("campaign_id", "=", self.id), ("email", "!=", False)],
            ["employee_id", "email"],
        )
        langs = self._languages(participants.employee_id)
        return [
            (participant.id, participant.email, langs.get(participant.employee_id.id))
            for participant in participants
        ]

    def _people_of(self, employees_sudo):
        """As ``_people_invited``, of those who take part in nothing yet."""
        langs = self._languages(employees_sudo)
        addresses = {employee: self._email_of(employee) for employee in employees_sudo}
        return [
            (False, address, langs.get(employee.id))
            for employee, address in addresses.items()
            if address
        ]

    @api.model
    def _languages(self, employees_sudo):
        """:return: ``{employee id: language of the user}``"""
        employees_sudo.fetch(["user_id"])
        users_sudo = employees_sudo.user_id
        users_sudo.fetch(["partner_id"])
        users_sudo.partner_id.fetch(["lang"])
        return {
            employee.id: employee.user_id.partner_id.lang
            for employee in employees_sudo
            if employee.user_id
        }

    # ------------------------------------------------------------------ queue
    def _queue(self, letter, people):
        """Put one letter for each into Odoo's mail queue.

        :param people: ``[(participant id or False, address, language or empty)]``
        :return: how many
        """
        self.ensure_one()
        usual = self.company_id.partner_id.lang
        texts, mails = {}, []
        common = self._letter_envelope(letter)
        for participant_id, address, lang in people:
            lang = lang or usual
            if lang not in texts:
                texts[lang] = self._letter_text(letter, lang)
            mails.append(
                {
                    **common,
                    **texts[lang],
                    "email_to": address,
                    "kpi_participant_id": participant_id,
                }
            )
        # The mail queue is the administrators'; nobody else reads or writes in it.
        mails_sudo = self.env["mail.mail"].sudo()
        for batch in split_every(BATCH, mails):
            mails_sudo.create(batch)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        self._log_letter(letter, len(mails))
        return len(mails)

    def _letter_envelope(self, letter):
        contact, company = self.user_id, self.company_id
        sender = next(
            (
                who.email_formatted
                for who in (contact, company, self.env.user)
                if who.email
            ),
            False,
        )
        return {
            "author_id": contact.partner_id.id,
            "auto_delete": True,
            "email_from": sender,
            # Not Odoo's own address: it would keep what people quote in an answer.
            "reply_to": sender,
            "headers": HEADERS,
            "record_alias_domain_id": company.alias_domain_id.id,
            "record_company_id": company.id,
            "kpi_campaign_id": self.id,
            "kpi_letter": letter,
        }

    def _letter_text(self, letter, lang):
        """:return: subject and body in a language, with a placeholder for the code"""
        # Nothing of this is the sender's own: names of the survey, and who to ask.
        campaign = self.with_context(lang=get_lang(self.env, lang).code).sudo()
        body = campaign.env["ir.qweb"]._render(
            f"kpi_internal_survey.letter_{letter}", campaign._letter_values(letter)
        )
        return {"subject": campaign._letter_subject(letter), "body_html": body}

    def _letter_subject(self, letter):
        subjects = {
            "announcement": self.env._("Soon: %(survey)s", survey=self.name),
            "invitation": self.env._("We ask you: %(survey)s", survey=self.name),
            "reminder": self.env._("A reminder: %(survey)s", survey=self.name),
            "thanks": self.env._("Thank you: %(survey)s", survey=self.name),
            "results": self.env._("Results: %(survey)s", survey=self.name),
            "test": self.env._("Please test: %(survey)s", survey=self.name),
        }
        return subjects[letter]

    def _letter_values(self, letter):
        values = {
            "campaign": self,
            "company": self.company_id,
            "contact": self.user_id,
            "language": self.env.lang.replace("_", "-"),
            "subject": self._letter_subject(letter),
            "date_from": format_date(self.env, self.date_from, date_format="long"),
            "date_to": format_date(self.env, self.date_to, date_format="long"),
            "address": self._form_address(),
            "code": PLACE_OF_CODE,
            "link": self._form_link(PLACE_OF_CODE),
        }
        if letter == "reminder":
            values["percent"] = self.submitted_percent
        if letter == "results":
            values.update(self._honours())
        return values

    def _form_address(self):
        return f"{self.get_base_url()}/kpi/survey/{self.access_token}"

    def _form_link(self, code):
        """The code comes after what browsers send."""
        return f"{self._form_address()}#{code}"

    def _honours(self):
        """What everybody may know of the results: the company, the best."""
        company = self.env["kpi.survey.result"].search(
            [
                ("campaign_id", "=", self.id),
                ("unit_id", "=", False),
                ("has_score", "=", True),
            ],
            limit=1,
        )
        best_units = self.env["kpi.survey.result"].search(
            [
                ("campaign_id", "=", self.id),
                ("unit_id.kind", "=", "head_office"),
                ("has_score", "=", True),
                ("rank", "=", 1),
            ]
        )
        best_people = self.env["kpi.survey.best"].search(
            [("campaign_id", "=", self.id), ("place", "<=", BEST_PLACES)]
        )
        return {
            "score": company,
            "best_units": best_units.unit_id,
            "best_people": best_people,
        }

    def _log_letter(self, letter, count):
        """What was sent and when; to whom is not written down."""
        lang = self.env.user.lang or self.company_id.partner_id.lang
        campaign = self.with_context(lang=lang)
        subject = campaign._letter_subject(letter)
        campaign._message_log(
            body=campaign.env._(
                "Letters queued: “%(subject)s”, to %(count)s people.",
                subject=subject,
                count=count,
            )
        )
