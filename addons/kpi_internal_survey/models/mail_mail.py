from odoo import fields, models

from ..const import LETTERS, LETTERS_WITH_CODE, PLACE_OF_CODE
from ..tools.discreet_session import DiscreetSession


class MailMail(models.Model):
    """A letter of a survey gets its code on its way to the mail server.

    What is stored has a placeholder: neither the queue, nor a failure, nor a copy of
    the database says which code somebody got.
    """

    _inherit = "mail.mail"

    kpi_campaign_id = fields.Many2one(
        "kpi.survey.campaign",
        string="Survey",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    kpi_participant_id = fields.Many2one(
        "kpi.survey.participant",
        string="Invited to a survey",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    kpi_letter = fields.Selection(LETTERS, string="Letter of a survey", readonly=True)

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        letters = self.filtered(lambda mail: mail.kpi_letter in LETTERS_WITH_CODE)
        if letters:
            letters._kpi_cancel_late()
            smtp_session = smtp_session and DiscreetSession(smtp_session)
        return super()._send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            smtp_session=smtp_session,
            alias_domain_id=alias_domain_id,
            mail_server=mail_server,
            post_send_callback=post_send_callback,
        )

    def _prepare_outgoing_body(self):
        body = super()._prepare_outgoing_body()
        if self.kpi_letter in LETTERS_WITH_CODE:
            body = body.replace(PLACE_OF_CODE, self._kpi_survey_code())
        return body

    def _kpi_survey_code(self):
        """:return: the same at each try to send, for it follows from the key"""
        key = self.env["kpi.survey.key"]
        if self.kpi_letter == "test":
            return key._test_code(self.kpi_campaign_id)
        return key._code(self.kpi_campaign_id, self.kpi_participant_id)

    def _kpi_cancel_late(self):
        """What still waits when the survey is over has a code for nothing."""
        late = self.filtered(
            lambda mail: (
                mail.state == "outgoing"
                and mail.kpi_campaign_id.state not in LETTERS_WITH_CODE[mail.kpi_letter]
            )
        )
        for campaign, mails in late.grouped("kpi_campaign_id").items():
            mails.write(
                {
                    "state": "cancel",
                    "failure_reason": self.env._(
                        "Not sent: “%(survey)s” takes no answers any more.",
                        survey=campaign.name,
                    ),
                }
            )
