import shutil
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.tests import get_db_name, tagged
from odoo.tests.common import BaseCase
from odoo.tools import mute_logger

from ..tools import key_file, sealing
from ..tools.codes import code_hash, plain
from .survey_common import SurveyCase


def use_folder(case, env):
    """Keep the keys of this test apart from those of the database."""
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    path = Path(folder.name) / "keys"
    case.startPatcher(
        patch.object(type(env["kpi.survey.key"]), "_folder", lambda self: path)
    )
    return path


@tagged("post_install", "-at_install")
class TestSurveyKey(SurveyCase):
    def setUp(self):
        super().setUp()
        self.folder = use_folder(self, self.env)
        self.key = self.env["kpi.survey.key"]
        self.key._make(self.campaign)

    @property
    def path(self):
        return self.key._path(self.campaign)

    # ------------------------------------------------------------------ the file
    def test_file_is_for_the_server_alone(self):
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o700)
        self.assertEqual(list(self.folder.iterdir()), [self.path])

    def test_the_database_has_the_public_half_only(self):
        secret = self.key._secret(self.campaign)
        self.assertEqual(self.campaign.public_key, sealing.public_key(secret))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT COUNT(*) FROM kpi_survey_campaign c WHERE c::TEXT ~ %s",
            [secret.hex()],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_public_half_is_nobodys(self):
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.manager).read(["public_key"])

    def test_a_key_is_not_made_twice(self):
        with self.assertRaises(ValueError):
            self.key._make(self.campaign)

    def test_what_is_sealed_opens(self):
        for data in (b"", b"{}", "Спасибо".encode() * 900):
            box = self.key._seal(self.campaign, data)
            self.assertEqual(self.key._opener(self.campaign)(box), data)

    def test_boxes_are_of_one_size(self):
        """Whoever rated one unit and whoever rated ten look the same."""
        sizes = {
            len(self.key._seal(self.campaign, b'{"unit": 7, "marks": 9}' * count))
            for count in (1, 10, 60)
        }
        self.assertEqual(len(sizes), 1)

    def test_other_key_opens_nothing(self):
        box = self.key._seal(self.campaign, b"{}")
        other = self._create_campaign("Other")
        self.key._make(other)
        with self.assertRaises(sealing.NotTheKey):
            self.key._opener(other)(box)

    def test_missing_file_is_told(self):
        self.assertTrue(self.key._is_there(self.campaign))
        text = self.path.read_text()
        self.path.unlink()
        self.assertFalse(self.key._is_there(self.campaign))
        with self.assertRaisesRegex(UserError, "Cycle 1.*put back the copy"):
            self.key._opener(self.campaign)
        self.key._put_back(self.campaign, text)
        self.assertTrue(self.key._is_there(self.campaign))

    def test_wrong_file_is_not_put_back(self):
        before = self.path.read_text()
        for text in ("", "не ключ", "00" * 32, "zz", before[:-3]):
            with self.assertRaisesRegex(UserError, "not the key"):
                self.key._put_back(self.campaign, text)
        self.assertEqual(self.path.read_text(), before)

    # ------------------------------------------------------------------ the codes
    def test_codes_are_stable_and_all_different(self):
        participants = self.env["kpi.survey.participant"].search(
            [("campaign_id", "=", self.campaign.id)]
        )
        codes = [self.key._code(self.campaign, person) for person in participants]
        codes += self.key._slip_codes(self.campaign, self.it, 30)
        codes += self.key._slip_codes(self.campaign, self.hr, 30)
        self.assertEqual(len(set(codes)), len(participants) + 60)
        self.assertEqual(codes[0], self.key._code(self.campaign, participants[0]))
        for code in codes:
            self.assertRegex(
                code, r"^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$"
            )

    # ---------------------------------------------------------------- the ballots
    def test_one_ballot_for_each_invited(self):
        people = self.env["kpi.survey.participant"].search(
            [("unit_id", "=", self.it.id)]
        )
        people[:2].email = False
        self.env["kpi.survey.ballot"]._issue(self.campaign)
        ballots = self.env["kpi.survey.ballot"].search(
            [("campaign_id", "=", self.campaign.id)]
        )
        self.assertEqual(
            {unit: len(rows) for unit, rows in ballots.grouped("unit_id").items()},
            dict.fromkeys(self.campaign.unit_ids, 6),
        )
        codes = self.key._slip_codes(self.campaign, self.it, 2)
        codes += [self.key._code(self.campaign, person) for person in people[2:]]
        token = self.campaign.access_token
        self.assertEqual(
            sorted(
                ballots.filtered(lambda b: b.unit_id == self.it).mapped("code_hash")
            ),
            sorted(code_hash(token, code) for code in codes),
        )
        hashes = ballots.sorted("id").mapped("code_hash")
        self.assertEqual(hashes, sorted(hashes), "ids follow the hashes, not people")

    def test_ballots_are_for_nobody(self):
        self.env["kpi.survey.ballot"]._issue(self.campaign)
        for user in (self.manager, self.board, self.director):
            for model in ("kpi.survey.ballot", "kpi.survey.sealed"):
                records = self.env[model].with_user(user)
                with self.assertRaises(AccessError):
                    records.search([])
                with self.assertRaises(AccessError):
                    records._read_group([], ["campaign_id"], ["__count"])


@tagged("post_install", "-at_install")
class TestSurveyCodes(BaseCase):
    def test_typed_codes_are_forgiven(self):
        for typed in (
            "0123-4567-89AB-CDEF",
            "o123 4567 89ab cdef",
            "oi23\u20134567\u00a089ABCDEF\n",
            " 0l23456789abcdef ",
        ):
            self.assertEqual(plain(typed), "0123456789ABCDEF")

    def test_what_is_no_code(self):
        for typed in (None, 7, "", "0123", "0" * 17, "U" * 16, "Ж" * 16, "\0" * 16):
            self.assertIsNone(plain(typed))
            self.assertIsNone(code_hash("token", typed))

    def test_a_campaign_has_hashes_of_its_own(self):
        self.assertNotEqual(code_hash("a", "0" * 16), code_hash("b", "0" * 16))


@tagged("post_install", "-at_install")
class TestSurveyKeyTransaction(BaseCase):
    """With cursors of its own: those of other tests never commit."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            self.folder = use_folder(self, self.env_of(cr))
            self.campaign_id = (
                self.env_of(cr)["kpi.survey.campaign"]
                .create(
                    {"name": "Key", "date_from": "2025-01-01", "date_to": "2025-01-02"}
                )
                .id
            )
        self.addCleanup(self._delete_all)

    def _delete_all(self):
        with self.registry.cursor() as cr:
            self.campaign(cr).unlink()

    def env_of(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def campaign(self, cr):
        return self.env_of(cr)["kpi.survey.campaign"].browse(self.campaign_id)

    def do(self, method, rollback=False):
        with self.registry.cursor() as cr:
            campaign = self.campaign(cr)
            getattr(campaign.env["kpi.survey.key"], method)(campaign)
            kept = self.kept()
            if rollback:
                cr.rollback()
        return kept

    def kept(self):
        return len(list(self.folder.iterdir()))

    def test_rolled_back_it_never_was(self):
        self.assertEqual(self.do("_make", rollback=True), 1)
        self.assertEqual(self.kept(), 0)

    def test_failed_it_never_was(self):
        with (
            self.assertRaisesRegex(ValueError, "had its key"),
            self.registry.cursor() as cr,
        ):
            campaign = self.campaign(cr)
            campaign.env["kpi.survey.key"]._make(campaign)
            raise ValueError("had its key")
        self.assertEqual(self.kept(), 0)

    def test_whoever_starts_it_too_late_leaves_the_key_alone(self):
        with self.registry.cursor() as late:
            self.assertFalse(self.campaign(late).public_key)
            self.do("_make")
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                key = self.env_of(late)["kpi.survey.key"]
                key._make(self.campaign(late))
                late.flush()
            late.rollback()
        with self.registry.cursor() as cr:
            self.assertTrue(
                self.env_of(cr)["kpi.survey.key"]._is_there(self.campaign(cr))
            )

    def test_rolled_back_it_leaves_the_key_of_another(self):
        with self.registry.cursor() as cr:
            key, campaign = self.env_of(cr)["kpi.survey.key"], self.campaign(cr)
            key._make(campaign)
            path, other = key._path(campaign), key_file.make()
            key_file.write(path, other)
            cr.rollback()
        self.assertEqual(key_file.read(path), other)

    def test_gone_after_the_commit_only(self):
        self.do("_make")
        self.assertEqual(self.do("_destroy", rollback=True), 1)
        self.assertEqual(self.kept(), 1, "nothing happened")
        self.assertEqual(self.do("_destroy"), 1)
        self.assertEqual(self.kept(), 0)
        with self.registry.cursor() as cr:
            self.assertFalse(self.campaign(cr).public_key)

    def test_copy_of_the_database_has_its_own(self):
        """Odoo copies the file store with it; what happens there is no matter here."""
        self.do("_make")
        copy = self.folder.with_name("copy")
        shutil.copytree(self.folder, copy)
        with self.registry.cursor() as cr:
            campaign = self.campaign(cr)
            key = campaign.env["kpi.survey.key"]
            with patch.object(type(key), "_folder", lambda self: copy):
                self.assertTrue(key._is_there(campaign))
                box = key._seal(campaign, b"{}")
                key_file.remove(key._path(campaign))
            self.assertEqual(key._opener(campaign)(box), b"{}")
