import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from .form_common import FormCase


@tagged("post_install", "-at_install")
class TestSurveyKeyCopy(FormCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.path = self.key._path(self.campaign)
        self.text = self.path.read_text()

    def wizard(self, user=None, **values):
        wizards = self.env["kpi.survey.key.copy"].with_user(user or self.manager)
        return wizards.create({"campaign_id": self.campaign.id, **values})

    def saved(self):
        return base64.b64encode(self.text.encode())

    # -------------------------------------------------------------------- saving
    def download(self, user):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/kpi/survey/key/{self.campaign.id}")

    def test_copy_is_saved_and_that_is_written_down(self):
        action = self.wizard().action_save()
        self.assertEqual(action["url"], f"/kpi/survey/key/{self.campaign.id}")
        answer = self.download(self.manager)
        self.assertEqual(answer.text, self.text)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        message = self.campaign.message_ids[0]
        self.assertIn(self.manager.name, message.body)
        self.assertIn("saved a copy", message.body)

    @mute_logger("odoo.http")
    def test_nobody_else_saves_one(self):
        for user in (self.board, self.director, self.outsider):
            with self.subTest(user=user.login):
                self.assertEqual(self.download(user).status_code, 403)
        self.authenticate(None, None)
        answer = self.url_open(f"/kpi/survey/key/{self.campaign.id}")
        self.assertNotIn(self.text.strip(), answer.text)
        self.assertFalse(self.campaign.message_ids.filtered("author_id.user_ids"))

    @mute_logger("odoo.http")
    def test_hr_of_another_company_saves_none(self):
        self.manager.write(
            {
                "company_ids": [(6, 0, self.company_abroad.ids)],
                "company_id": self.company_abroad.id,
            }
        )
        self.assertEqual(self.download(self.manager).status_code, 403)

    def test_no_campaign_no_page(self):
        self.authenticate(self.manager.login, self.manager.login)
        self.assertEqual(self.url_open("/kpi/survey/key/0").status_code, 404)

    # --------------------------------------------------------------- putting back
    def test_put_back(self):
        self.path.unlink()
        wizard = self.wizard()
        self.assertFalse(wizard.is_there)
        with self.assertRaisesRegex(UserError, "Choose the saved copy"):
            wizard.action_put_back()
        wizard = self.wizard(key_file=self.saved())
        self.assertTrue(wizard.action_put_back())
        self.assertEqual(self.path.read_text(), self.text)
        self.assertIn("put back", self.campaign.message_ids[0].body)

    def test_what_was_put_back_is_in_no_table(self):
        self.path.unlink()
        wizard = self.wizard(key_file=self.saved())
        self.env.flush_all()
        self.assertFalse(wizard.key_file)
        self.assertFalse(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", wizard._name), ("res_field", "!=", False)]
            )
        )
        self.env.cr.execute("SELECT w::TEXT FROM kpi_survey_key_copy w")
        self.assertNotIn(self.text.strip(), str(self.env.cr.fetchall()))

    def test_other_files_are_not_put_back(self):
        for content in (b"x", b"\xff\xfe", ("00" * 32).encode()):
            with self.assertRaisesRegex(UserError, "not the key"):
                self.wizard(key_file=base64.b64encode(content))
        self.assertEqual(self.path.read_text(), self.text)

    def test_nobody_else_puts_one_back(self):
        for user in (self.board, self.director, self.outsider):
            with self.assertRaises(AccessError):
                self.wizard(user, key_file=self.saved())

    # ----------------------------------------------------------------- daily look
    def look(self):
        self.env["kpi.survey.campaign"]._cron_check_keys()
        return self.campaign.activity_ids

    def test_missing_key_is_asked_for_once(self):
        self.assertFalse(self.look())
        self.path.unlink()
        activity = self.look()
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("put back", activity.note)
        self.assertEqual(self.look(), activity)
        self.key._put_back(self.campaign, self.text)
        self.assertFalse(self.look())

    def test_a_key_that_is_there_does_not_settle_a_failure(self):
        self.campaign._tell_failure()
        failure = self.campaign.activity_ids
        self.assertIn("could not be counted", failure.summary)
        self.assertEqual(self.look(), failure)
        self.path.unlink()
        self.assertEqual(len(self.look()), 2, "both are to be seen to")
        self.campaign._tell_failure()
        self.key._put_back(self.campaign, self.text)
        self.assertEqual(self.look(), failure)

    def test_what_a_crash_left_is_removed(self):
        self.campaign.sudo().is_counted = True
        self.campaign.sudo().public_key = False
        other = self._create_campaign("Other")
        self.key._make(other)
        self.look()
        self.assertFalse(self.path.exists())
        self.assertTrue(self.key._is_there(other))

    def test_uninstalled_nothing_is_left(self):
        with patch.object(self.env.cr, "postcommit") as postcommit:
            uninstall_hook(self.env)
        [[remove], _names] = postcommit.add.call_args
        remove()
        self.assertFalse(self.path.parent.exists())

    def test_uninstalled_no_letter_goes_out_without_its_code(self):
        letter = self.env["mail.mail"].create(
            {"kpi_campaign_id": self.campaign.id, "kpi_letter": "invitation"}
        )
        other = self.env["mail.mail"].create({"subject": "Of somebody else"})
        with patch.object(self.env.cr, "postcommit"):
            uninstall_hook(self.env)
        self.assertEqual((letter + other).exists(), other)
