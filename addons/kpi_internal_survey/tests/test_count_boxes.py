"""The way from the boxes to the figures: opened once, then gone for good."""

import json
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from .survey_common import SurveyCase
from .test_ballot_key import use_folder

LOGGER = "odoo.addons.kpi_internal_survey.models.kpi_survey_campaign_count"


@tagged("post_install", "-at_install")
class TestCountBoxes(SurveyCase):
    def setUp(self):
        super().setUp()
        self.folder = use_folder(self, self.env)
        self.key = self.env["kpi.survey.key"]
        self.key._make(self.campaign)
        self.commits = 0
        self.startPatcher(
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", self._commit_progress
            )
        )
        # Whatever else lies in this database is not counted here.
        self.env.cr.execute(
            "UPDATE kpi_survey_campaign SET is_counted = TRUE WHERE state = 'closed'"
        )

    def _commit_progress(self, *args, **kwargs):
        self.env.flush_all()

    def put(self, data, campaign=None):
        campaign = campaign or self.campaign
        if not isinstance(data, bytes):
            data = self.key._seal(campaign, json.dumps(data).encode())
        self.env.cr.execute(
            "INSERT INTO kpi_survey_sealed (campaign_id, box) VALUES (%s, %s)",
            [campaign.id, data],
        )

    def put_several(self, count=6, mark=8, campaign=None):
        units = {unit.name: unit for unit in (campaign or self.campaign).unit_ids}
        for _person in range(count):
            self.put(self.ballot(units["It"], {units["Hr"]: mark}), campaign)

    def submitted(self, count, unit=None):
        self.env["kpi.survey.ballot"].create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "unit_id": (unit or self.it).id,
                    "code_hash": f"hash {number}",
                    "is_submitted": True,
                }
                for number in range(count)
            ]
        )

    def close(self, campaign=None):
        self._set_state(campaign or self.campaign, "closed")

    def run_cron(self):
        self.env["kpi.survey.campaign"]._count_closed()
        self.env.invalidate_all()

    def score(self, unit):
        return self.env["kpi.survey.result"].search([("unit_id", "=", unit.id)]).score

    def boxes(self, campaign):
        return self.env["kpi.survey.sealed"].search_count(
            [("campaign_id", "=", campaign.id)]
        )

    @property
    def messages(self):
        return " ".join(self.campaign.message_ids.mapped(lambda m: m.body or ""))

    # ------------------------------------------------------------ as it should
    def test_closed_campaign_is_counted(self):
        self.put_several()
        self.submitted(6)
        self.run_cron()
        self.assertFalse(self.campaign.is_counted, "still running")
        self.close()
        self.run_cron()
        self.assertTrue(self.campaign.is_counted)
        self.assertEqual(self.score(self.hr), 8)
        self.assertIn("Counted: 6 answers.", self.messages)
        self.assertFalse(self.campaign.activity_ids)

    def test_boxes_and_key_are_gone(self):
        self.put_several()
        self.close()
        path = self.key._path(self.campaign)
        self.run_cron()
        self.assertFalse(self.boxes(self.campaign))
        self.assertFalse(self.campaign.public_key)
        self.assertTrue(path.exists(), "not before it is committed")
        self.env.cr.postcommit.run()
        self.assertFalse(path.exists())

    def test_file_of_the_boxes_is_a_new_one(self):
        self.put_several()
        self.close()
        place = "SELECT pg_relation_filenode('kpi_survey_sealed')"
        self.env.cr.execute(place)
        before = self.env.cr.fetchone()
        self.run_cron()
        self.env.cr.execute(place)
        self.assertNotEqual(self.env.cr.fetchone(), before)

    def test_boxes_of_other_campaigns_stay(self):
        self.close()
        other = self._create_campaign("Cycle 2")
        self._run(other)
        self.key._make(other)
        self.put_several(5, campaign=other)
        self.put_several(7)
        self.run_cron()
        self.assertEqual(self.boxes(self.campaign), 0)
        self.assertEqual(self.boxes(other), 5)
        self.close(other)
        self.run_cron()
        self.assertTrue(other.is_counted)
        self.assertEqual(self.boxes(other), 0)

    def test_nothing_is_counted_twice(self):
        self.put_several()
        self.close()
        self.run_cron()
        results = self.env["kpi.survey.result"].search_count([])
        self.run_cron()
        self.assertEqual(self.env["kpi.survey.result"].search_count([]), results)

    def test_campaign_that_nobody_answered_needs_no_key(self):
        self.key._path(self.campaign).unlink()
        self.close()
        self.run_cron()
        self.assertTrue(self.campaign.is_counted)

    # ------------------------------------------------------------ what is wrong
    def test_unreadable_boxes_are_told_and_stop_nobody(self):
        self.put_several()
        self.submitted(11)
        self.put(b"no box at all")
        stranger = self._create_campaign("Elsewhere")
        self.key._make(stranger)
        box = self.key._seal(stranger, b"{}")
        self.put(box)
        self.put(self.key._seal(self.campaign, b"no json"))
        self.put({"unit": 0, "ratings": [], "votes": []})
        self.put([])
        self.close()
        self.run_cron()
        self.assertEqual(self.score(self.hr), 8)
        self.assertIn("5 answers could not be read", self.messages)
        self.assertIn("Counted: 6 answers.", self.messages)
        [activity] = self.campaign.activity_ids
        self.assertEqual(activity.user_id, self.manager)

    def test_a_server_in_need_loses_no_answer(self):
        """What goes wrong with the server is no damage of a box."""
        self.put_several()
        self.submitted(6)
        self.close()
        with (
            patch.object(type(self.key), "_opener", lambda *_args: self.exhausted),
            patch.object(self.env.cr, "rollback"),
            patch(f"{LOGGER}._logger"),
        ):
            self.run_cron()
        self.assertFalse(self.campaign.is_counted)
        self.assertEqual(self.boxes(self.campaign), 6)
        self.assertTrue(self.campaign.activity_ids)
        self.run_cron()
        self.assertEqual(self.score(self.hr), 8)
        self.assertFalse(self.campaign.activity_ids, "that is settled")

    def exhausted(self, _box):
        raise MemoryError

    def test_ballots_without_a_box_are_told(self):
        self.put_several(6)
        self.submitted(8)
        self.close()
        self.run_cron()
        self.assertTrue(self.campaign.is_counted)
        self.assertIn("8 ballots are marked as answered, but 6", self.messages)
        self.assertTrue(self.campaign.activity_ids)

    def test_a_number_of_few_is_told_nowhere(self):
        self.put_several(4)
        self.submitted(4)
        self.close()
        self.run_cron()
        self.assertTrue(self.campaign.is_counted)
        self.assertIn("Too few to be shown", self.messages)
        self.assertNotIn("Counted", self.messages)
        self.assertFalse(self.campaign.activity_ids)

    def test_what_is_wrong_with_few_is_told_without_numbers(self):
        self.put_several(3)
        self.put(b"no box at all")
        self.submitted(3)
        self.close()
        self.run_cron()
        [activity] = self.campaign.activity_ids
        self.assertEqual(activity.summary, "Not all was counted")
        for text in (self.messages, activity.note):
            self.assertNotRegex(text, r"\d answers|\d ballots")

    def test_missing_key_is_asked_for_once_and_loses_nothing(self):
        self.put_several()
        self.submitted(6)
        self.close()
        path = self.key._path(self.campaign)
        secret = path.read_bytes()
        path.unlink()
        for _hour in range(3):
            self.run_cron()
        self.assertFalse(self.campaign.is_counted)
        self.assertEqual(self.boxes(self.campaign), 6)
        [activity] = self.campaign.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(self.messages.count("key of the survey is missing"), 1)
        path.write_bytes(secret)
        self.run_cron()
        self.assertTrue(self.campaign.is_counted)
        self.assertFalse(self.campaign.activity_ids)

    def test_a_campaign_without_its_key_does_not_stop_the_next(self):
        self.put_several()
        self.key._path(self.campaign).unlink()
        self.close()
        other = self._create_campaign("Cycle 2")
        self._run(other)
        self.key._make(other)
        self.put_several(5, campaign=other)
        self.close(other)
        self.run_cron()
        self.assertFalse(self.campaign.is_counted)
        self.assertTrue(other.is_counted)

    def test_a_campaign_that_is_busy_or_fails_does_not_stop_the_next(self):
        other = self._create_campaign("Cycle 2")
        self.close()
        self._run(other)
        self.close(other)
        for error, method in (
            (psycopg2.errors.LockNotAvailable(), "info"),
            (psycopg2.errors.SerializationFailure(), "info"),
            (psycopg2.errors.CheckViolation(), "error"),
            (RuntimeError(), "error"),
        ):
            with (
                self.subTest(error=type(error).__name__),
                patch.object(
                    type(self.campaign), "_count_boxes", autospec=True
                ) as count_boxes,
                patch.object(self.env.cr, "rollback") as rollback,
                patch(f"{LOGGER}._logger") as logger,
            ):
                count_boxes.side_effect = [error, None]
                self.run_cron()
                self.assertEqual([call[0] for call in logger.method_calls], [method])
                rollback.assert_called_once_with()
                counted = [call.args[0] for call in count_boxes.mock_calls]
                self.assertEqual(counted, [self.campaign, other])
        [activity] = self.campaign.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertFalse(other.activity_ids)

    def test_a_failure_that_cannot_be_told_does_not_stop_the_next(self):
        other = self._create_campaign("Cycle 2")
        self.close()
        self._run(other)
        self.close(other)
        model = type(self.campaign)
        for error, method in (
            (psycopg2.errors.SerializationFailure(), "info"),
            (RuntimeError("nobody to tell"), "error"),
        ):
            with (
                self.subTest(error=type(error).__name__),
                patch.object(model, "_count_boxes", autospec=True) as count_boxes,
                patch.object(model, "_tell_failure", side_effect=error),
                patch.object(self.env.cr, "rollback") as rollback,
                patch(f"{LOGGER}._logger") as logger,
            ):
                count_boxes.side_effect = [RuntimeError, None]
                self.run_cron()
                self.assertEqual(
                    [call[0] for call in logger.method_calls], ["error", method]
                )
                self.assertEqual(rollback.call_count, 2)
                counted = [call.args[0] for call in count_boxes.mock_calls]
                self.assertEqual(counted, [self.campaign, other])

    def test_what_people_wrote_is_in_no_log(self):
        """A statement that fails would be written there, with all its values."""
        text = "Of mine alone"
        self.put_several()
        self.put(self.ballot(self.it, {self.hr: 8}, comments={self.hr: text}))
        self.close()
        self.env.cr.execute(
            "ALTER TABLE kpi_survey_comment ADD CHECK (campaign_id != %s)",
            self.campaign.ids,
        )
        with (
            self.env.cr.savepoint(),
            patch.object(self.env.cr, "rollback", self.roll_back_here),
            self.assertLogs("odoo", "ERROR") as logs,
        ):
            self.env.cr.execute("SAVEPOINT before_the_count")
            self.run_cron()
        [line] = logs.output
        self.assertIn("could not be counted: new row for relation", line)
        self.assertNotIn(text, line)

    def roll_back_here(self):
        self.env.cr.execute("ROLLBACK TO SAVEPOINT before_the_count")
        self.env.invalidate_all()
