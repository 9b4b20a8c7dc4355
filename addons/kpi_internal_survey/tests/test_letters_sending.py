import email
import email.policy
import logging
import re
import smtplib
from unittest.mock import patch

from lxml import html

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .survey_common import SurveyCase

MAIL_LOG = "odoo.addons.mail.models.mail_mail"
LINK = re.compile(r"https?://\S+/kpi/survey/[\w-]+#[\w-]+")


@tagged("post_install", "-at_install")
class TestLettersSending(SurveyCase, MockEmail):
    """A code leaves for the mail server, and is written down nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.email = "hr@survey.example.com"
        cls.key = cls.env["kpi.survey.key"]
        cls.key._make(cls.campaign)
        cls.env["kpi.survey.ballot"]._issue(cls.campaign)
        cls.participant = cls.campaign.participant_ids[0]
        # One letter says as much as many.
        cls.one = cls.participant
        (cls.campaign.participant_ids - cls.one).sudo().email = False

    @classmethod
    def tearDownClass(cls):
        cls.key._path(cls.campaign).unlink(missing_ok=True)
        super().tearDownClass()

    def queue(self):
        self.campaign._send_invitations()
        return self.env["mail.mail"].search(
            [("kpi_campaign_id", "=", self.campaign.id)]
        )

    def send(self, mails, error=None):
        """:return: the messages that the mail server got, or refused"""
        with self.mock_mail_gateway(mail_unlink_sent=True):
            session = self.testing_smtp_session
            if error:
                taken = type(session).send_message

                def refuse(itself, message, *args):
                    taken(itself, message, *args)
                    raise error(message)

                with patch.object(type(session), "send_message", refuse):
                    mails.send()
            else:
                mails.send()
        return [
            email.message_from_string(sent["message"], policy=email.policy.default)
            for sent in self.emails
        ]

    def code(self):
        return self.key._code(self.campaign, self.participant)

    def columns_with(self, text):
        """Where in the whole database a text is, however it is written.

        :return: names of tables
        """
        self.env.flush_all()
        plain = text.replace("-", "").lower()
        needles = [
            f"%{needle}%"
            for needle in (plain, text.lower().encode().hex(), plain.encode().hex())
        ] + [f"%{text.encode().hex()}%", f"%{plain.upper().encode().hex()}%"]
        self.env.cr.execute(
            """
            SELECT table_name
            FROM information_schema.tables
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
            """
        )
        tables = [table for [table] in self.env.cr.fetchall()]
        found = []
        for table in tables:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT EXISTS (
                        SELECT
                        FROM %(table)s
                        WHERE replace(lower(%(table)s::TEXT), '-', '')
                            LIKE ANY (%(needles)s)
                    )
                    """,
                    table=SQL.identifier(table),
                    needles=needles,
                )
            )
            if self.env.cr.fetchone()[0]:
                found.append(table)
        return found

    # -------------------------------------------------------- what goes out
    def test_the_letter_that_goes_out_has_the_link_and_the_code(self):
        [message] = self.send(self.queue())
        self.assertEqual(message["To"], self.participant.email)
        page = html.fromstring(message.get_body(["html"]).get_content())
        [link] = page.xpath("//a[contains(@href, '#')]/@href")
        address, code = link.split("#")
        self.assertEqual(code, self.code())
        self.assertTrue(address.endswith(f"/kpi/survey/{self.campaign.access_token}"))
        self.assertIn(code, page.xpath("//b/text()"), "to type by hand")
        # The link opens the form of the participant's unit.
        form = self.campaign._form(code)
        self.assertIn(self.participant.unit_id.id, _values(form))

    def test_the_plain_text_has_them_too(self):
        [message] = self.send(self.queue())
        text = message.get_body(["plain"]).get_content()
        self.assertIn(self.code(), LINK.findall(text.replace("\n", " "))[0])
        self.assertGreaterEqual(text.count(self.code()), 2)

    def test_what_is_sent_is_deleted(self):
        mails = self.queue()
        messages = mails.mail_message_id
        self.send(mails)
        self.assertFalse(mails.exists())
        self.assertFalse(messages.exists())

    def test_no_absence_notice_is_asked_for(self):
        [message] = self.send(self.queue())
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertIn("hr@survey.example.com", message["Reply-To"])

    # ------------------------------------------------------ nowhere in here
    def test_the_search_finds_what_is_there(self):
        code = self.code()
        self.assertEqual(self.columns_with(code), [])
        self.campaign.opening_text = f"<p>{code.lower()}</p>"
        self.assertEqual(self.columns_with(code), ["kpi_survey_campaign"])
        self.env["ir.attachment"].create({"name": "x", "db_datas": code.encode()})
        self.assertEqual(
            set(self.columns_with(code)), {"kpi_survey_campaign", "ir_attachment"}
        )

    def test_no_table_has_the_code_while_it_waits_and_after_it_is_sent(self):
        mails = self.queue()
        self.assertEqual(self.columns_with(self.code()), [])
        with self.assertLogs("odoo", logging.DEBUG) as log:
            self.send(mails)
        self.assertEqual(self.columns_with(self.code()), [])
        self.assertNotIn(self.code(), "\n".join(log.output))

    def test_no_table_and_no_log_has_the_code_when_the_server_quotes_it(self):
        def quoting(message):
            return smtplib.SMTPDataError(
                554, f"5.7.1 Blocked: {message.as_string()}".encode()
            )

        mails = self.queue()
        with self.assertLogs("odoo", logging.DEBUG) as log:
            [message] = self.send(mails, error=quoting)
        self.assertIn(self.code(), message.get_body(["html"]).get_content())
        self.assertEqual(mails.state, "exception")
        self.assertIn("SMTPDataError 554 5.7.1", mails.failure_reason)
        self.assertEqual(self.columns_with(self.code()), [])
        self.assertNotIn(self.code(), "\n".join(log.output))

    def test_no_table_has_the_code_when_the_letter_bounces(self):
        [message] = self.send(self.queue())
        bounce = (
            f"From: MAILER-DAEMON <mailer@example.com>\nTo: {message['Return-Path']}\n"
            "Subject: Undelivered Mail Returned to Sender\n"
            "Message-Id: <bounce.of.a.letter@example.com>\n"
            "Content-Type: multipart/report; report-type=delivery-status; "
            'boundary="part"\n\n--part\nContent-Type: text/plain\n\n'
            f"Undeliverable: {self.code()}\n\n--part\n"
            "Content-Type: message/delivery-status\n\n"
            f"Final-Recipient: rfc822; {self.participant.email}\nAction: failed\n"
            "Status: 5.1.1\n\n--part\nContent-Type: message/rfc822\n\n"
            f"{message.as_string()}\n--part--\n"
        )
        with self.assertLogs("odoo", logging.INFO) as log:
            self.env["mail.thread"].message_process(None, bounce)
        self.assertIn("not routing bounce email", "\n".join(log.output))
        self.assertEqual(self.columns_with(self.code()), [])
        self.assertNotIn(self.code(), "\n".join(log.output))

    # ----------------------------------------------------------- trying again
    @mute_logger(MAIL_LOG)
    def test_a_letter_sent_again_has_the_same_code(self):
        mails = self.queue()
        [first] = self.send(mails, error=lambda _message: TimeoutError())
        self.assertEqual(mails.state, "exception")
        mails.action_retry()
        [second] = self.send(mails)
        for message in (first, second):
            self.assertIn(self.code(), message.get_body(["html"]).get_content())
        self.assertFalse(mails.exists())

    @mute_logger(MAIL_LOG)
    def test_the_rest_of_the_queue_waits_when_the_server_hangs_up(self):
        mails = self.queue()
        with self.assertRaises(smtplib.SMTPServerDisconnected):
            self.send(mails, error=smtplib.SMTPServerDisconnected)

    @mute_logger(MAIL_LOG)
    def test_without_the_key_nothing_goes_out(self):
        mails = self.queue()
        path = self.key._path(self.campaign)
        content = path.read_bytes()
        path.unlink()
        try:
            self.assertEqual(self.send(mails), [])
            self.assertEqual(mails.state, "exception")
            self.assertIn("The key of the survey", mails.failure_reason)
        finally:
            path.write_bytes(content)
        mails.action_retry()
        self.assertEqual(len(self.send(mails)), 1)

    # -------------------------------------------------------------- too late
    def test_what_still_waits_when_the_survey_is_closed_is_cancelled(self):
        mails = self.queue()
        self.campaign._send_reminders()
        waiting = self.env["mail.mail"].search(
            [("kpi_campaign_id", "=", self.campaign.id)]
        )
        self._set_state(self.campaign, "closed")
        self.campaign._send_thanks()
        thanks = (
            self.env["mail.mail"].search([("kpi_campaign_id", "=", self.campaign.id)])
            - waiting
        )
        [message] = self.send(waiting | thanks)
        self.assertIn("Thank you", message["Subject"])
        self.assertEqual(waiting.mapped("state"), ["cancel", "cancel"])
        self.assertIn("takes no answers any more", mails.failure_reason)

    def test_test_letters_have_the_code_of_the_test_run(self):
        campaign = self._create_campaign("Cycle 2")
        self.key._make(campaign)
        self.addCleanup(self.key._path(campaign).unlink, missing_ok=True)
        campaign._send_test_invitations(self.employees["it"][0])
        mail = self.env["mail.mail"].search([("kpi_campaign_id", "=", campaign.id)])
        [message] = self.send(mail)
        code = self.key._test_code(campaign)
        self.assertIn(f"#{code}", message.get_body(["html"]).get_content())

    def test_other_letters_are_left_alone(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "Hello",
                "body_html": "<p>[[kpi_survey_code]]</p>",
                "email_from": "hr@survey.example.com",
                "email_to": "somebody@example.com",
            }
        )
        [message] = self.send(mail)
        self.assertIn("[[kpi_survey_code]]", message.get_body(["html"]).get_content())


def _values(data):
    """All that is in a structure of dicts and lists."""
    if isinstance(data, dict):
        return [value for part in data.values() for value in _values(part)]
    if isinstance(data, list | tuple):
        return [value for part in data for value in _values(part)]
    return [data]
