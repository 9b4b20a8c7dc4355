"""The end of a campaign: its boxes are opened, counted, and gone."""

import json
import logging
import zlib

import psycopg2

from odoo import api, models

from odoo.addons.kpi_quality.models.kpi_engine import CONFLICTS

_logger = logging.getLogger(__name__)

ACTIVITY = "kpi_internal_survey.mail_activity_type_count"
# Another one: the key being there says nothing of it.
FAILURE = "mail.mail_activity_data_warning"
# What opening a damaged box ends in; the others are counted.
DAMAGE = (ValueError, RecursionError, zlib.error)


class KpiSurveyCampaign(models.Model):
    """Opening the boxes is the only moment that anybody's marks lie open: in memory.

    What is written then is in ``kpi_survey_campaign_figures.py``.
    """

    _inherit = "kpi.survey.campaign"

    @api.model
    def _count_closed(self):
        """Count each closed campaign; one that cannot be does not stop the others.

        Commits after each of them: the body of the scheduled action.
        """
        cron = self.env["ir.cron"]
        campaigns = self.sudo().search(  # of all companies
            [("state", "=", "closed"), ("is_counted", "=", False)], order="id"
        )
        cron._commit_progress(remaining=len(campaigns))
        for campaign in campaigns:
            campaign._count_or_tell()
            cron._commit_progress(1)

    def _count_or_tell(self):
        if not self._is_done(self._count_boxes, "counted"):
            self._is_done(self._tell_failure, "told of")

    def _is_done(self, step, done):
        """Whatever happens: it is rolled back, and the others are counted.

        :return: False when the step failed; one that is busy is tried again anyway
        """
        try:
            step()
            self.env.flush_all()
        except CONFLICTS:
            self.env.cr.rollback()
            _logger.info("Survey %s is busy, %s next time", self.id, done)
        except Exception as error:
            self.env.cr.rollback()
            # The details of the database's errors quote what people wrote.
            quotes = isinstance(error, psycopg2.Error)
            reason = error.diag.message_primary if quotes else "see below"
            _logger.error(
                "Survey %s could not be %s: %s",
                self.id,
                done,
                reason,
                exc_info=not quotes,
            )
            return False
        return True

    def _count_boxes(self):
        """Open, count, empty the boxes, and destroy the key, all or nothing.

        The first statement after a commit: what others see from then on is either
        committed, and in this transaction's snapshot, or refused for the closed state.
        A backup may hold the table for long; nobody who answers waits behind it.
        """
        self.ensure_one()
        self.env.cr.execute("SET LOCAL lock_timeout = '30s'")
        self.env.cr.execute("LOCK TABLE kpi_survey_sealed IN ACCESS EXCLUSIVE MODE")
        self.env.invalidate_all()
        if self.state != "closed" or self.is_counted:
            return
        key = self.env["kpi.survey.key"]
        boxes = self._sealed_boxes()
        if boxes and not key._is_there(self):
            self._ask_for_key()
            return
        ballots = self._open_boxes(boxes)
        unreadable = len(boxes) - len(ballots)
        unreadable += self._count(ballots)
        self._forget_boxes()
        key._destroy(self)
        self._tell_counted(len(boxes), unreadable)

    # -------------------------------------------------------------- the boxes
    def _sealed_boxes(self):
        self.env.cr.execute(
            "SELECT box FROM kpi_survey_sealed WHERE campaign_id = %s", [self.id]
        )
        return [bytes(box) for [box] in self.env.cr.fetchall()]

    def _open_boxes(self, boxes):
        """The ballots of those that can be read.

        :raise MemoryError: and the like: what is wrong with the server is no damage
        """
        ballots = []
        unseal = self.env["kpi.survey.key"]._opener(self) if boxes else None
        for box in boxes:
            try:
                ballots.append(json.loads(unseal(box)))
            except DAMAGE as error:
                _logger.info("A box of survey %s: %s", self.id, type(error).__name__)
        return ballots

    def _forget_boxes(self):
        """Empty the table's file; boxes of other campaigns move to a new one.

        DELETE would leave them in the file until it is vacuumed.
        """
        cr = self.env.cr
        cr.execute(
            """
            CREATE TEMPORARY TABLE kpi_survey_kept ON COMMIT DROP AS
            SELECT campaign_id, box
            FROM kpi_survey_sealed
            WHERE campaign_id != %s
            """,
            [self.id],
        )
        cr.execute("TRUNCATE kpi_survey_sealed")
        cr.execute(
            """
            INSERT INTO kpi_survey_sealed (campaign_id, box)
            SELECT campaign_id, box
            FROM kpi_survey_kept
            ORDER BY random()
            """
        )
        cr.execute("DROP TABLE kpi_survey_kept")
        self.env["kpi.survey.sealed"].invalidate_model()

    # --------------------------------------------------------------- messages
    def _tell_counted(self, boxes, unreadable):
        """Numbers of few people are told no more than the participation shows them."""
        speaking = self._speaking()
        speaking.activity_unlink([ACTIVITY, FAILURE])
        counted = boxes - unreadable
        if counted >= self.minimum:
            told = speaking.env._("Counted: %(count)s answers.", count=counted)
        else:
            told = speaking.env._("Too few to be shown") + "."
        ballots = self.env["kpi.survey.ballot"]
        submitted = sum(ballots._submitted_by_unit(self).values())
        wrong = speaking._what_is_wrong(boxes, unreadable, submitted)
        summary = speaking.env._("Not all was counted")
        if wrong and max(boxes, submitted) < self.minimum:
            wrong = [summary + "."]
        speaking.message_post(body=" ".join([told, *wrong]))
        if wrong:
            speaking._ask_contact(summary, " ".join(wrong))

    def _what_is_wrong(self, boxes, unreadable, submitted):
        wrong = []
        if unreadable:
            wrong.append(
                self.env._(
                    "%(count)s answers could not be read and are left out.",
                    count=unreadable,
                )
            )
        if submitted != boxes:
            wrong.append(
                self.env._(
                    "%(submitted)s ballots are marked as answered, but %(boxes)s "
                    "answers were found: ask the administrator of the database who "
                    "has changed it.",
                    submitted=submitted,
                    boxes=boxes,
                )
            )
        return wrong

    def _ask_for_key(self):
        """Once; the answers wait for the key as long as it takes."""
        if self.activity_search([ACTIVITY]):
            return
        speaking = self._speaking()
        note = speaking.env._(
            "The key of the survey is missing. The answers are all there, but nobody "
            "can open them without the key: put back the copy that was saved, or its "
            "file from a backup of the file store. A closed survey is counted within "
            "the hour then."
        )
        speaking.message_post(body=note)
        speaking._ask_contact(speaking.env._("The key of the survey is missing"), note)

    def _tell_failure(self):
        """Once; every hour it is tried again."""
        if self.activity_search([FAILURE]):
            return
        speaking = self._speaking()
        speaking._ask_contact(
            speaking.env._("The survey could not be counted"),
            speaking.env._(
                "No answer is lost, and it is tried again every hour. The reason "
                "stands in the log of the server: show it to your administrator."
            ),
            kind=FAILURE,
        )

    def _speaking(self):
        """In the language of whom it is told."""
        return self.with_context(lang=self._contact().lang)

    def _contact(self):
        return self.user_id or self.create_uid

    def _ask_contact(self, summary, note, kind=ACTIVITY):
        self.activity_schedule(
            kind, summary=summary, note=note, user_id=self._contact().id
        )
