from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config, hmac

from ..tools import key_file, sealing
from ..tools.codes import code

FOLDER = "kpi_internal_survey"


class KpiSurveyKey(models.AbstractModel):
    """The key of a campaign: a file beside the database, never a row in it.

    From it come the codes of the ballots and the pair of keys that seals what was
    answered. Who reads the whole database can open nothing; when the boxes are
    counted, the file is gone.
    """

    _name = "kpi.survey.key"
    _description = "Key of a Survey Campaign"

    # ------------------------------------------------------------------ the file
    @api.model
    def _folder(self):
        return Path(config.filestore(self.env.cr.dbname)) / FOLDER

    @api.model
    def _path(self, campaign):
        return self._folder() / f"{campaign.access_token}.key"

    @api.model
    def _make(self, campaign):
        """Give the campaign its key; without a commit there is none."""
        campaign.ensure_one()
        campaign_sudo = campaign.sudo()  # The column is nobody's.
        if campaign_sudo.public_key:
            raise ValueError(f"{campaign} has its key")
        secret, path = key_file.make(), self._path(campaign)
        campaign_sudo.public_key = sealing.public_key(secret)
        # Whoever starts it at the same time stops here, before the file.
        campaign_sudo.flush_recordset(["public_key"])
        self.env.cr.postrollback.add(lambda: key_file.remove(path, secret))
        key_file.write(path, secret)

    @api.model
    def _secret(self, campaign):
        """:return: what is in the file, or None when it is not the campaign's key"""
        secret = key_file.read(self._path(campaign))
        # The column is nobody's.
        if secret and sealing.public_key(secret) == campaign.sudo().public_key:
            return secret
        return None

    @api.model
    def _needed_secret(self, campaign):
        secret = self._secret(campaign)
        if not secret:
            raise UserError(
                self.env._(
                    "The key of the survey “%(campaign)s” is not on the server: put "
                    "back the copy of it that was saved, or restore the folder "
                    "%(folder)s of the file store from a backup.",
                    campaign=campaign.display_name,
                    folder=FOLDER,
                )
            )
        return secret

    @api.model
    def _is_there(self, campaign):
        return bool(self._secret(campaign))

    @api.model
    def _text(self, campaign):
        """:return: what the file says, to be saved elsewhere"""
        return key_file.to_text(self._needed_secret(campaign))

    @api.model
    def _put_back(self, campaign, text):
        """Store a saved copy again.

        :param str text: what the saved file says
        """
        secret = key_file.from_text(text)
        if not secret or sealing.public_key(secret) != campaign.sudo().public_key:
            raise UserError(
                self.env._(
                    "This file is not the key of the survey “%(campaign)s”.",
                    campaign=campaign.display_name,
                )
            )
        key_file.write(self._path(campaign), secret)

    @api.model
    def _destroy(self, campaigns):
        """From the commit on nobody can open or join anything any more."""
        for campaign in campaigns:
            path = self._path(campaign)
            self.env.cr.postcommit.add(lambda path=path: key_file.remove(path))
        campaigns.sudo().public_key = False  # The column is nobody's.

    @api.model
    def _remove_left(self, campaigns):
        """Remove files of campaigns that are counted: a crash may have left them."""
        for campaign in campaigns:
            key_file.remove(self._path(campaign))

    # ------------------------------------------------------------------ its uses
    @api.model
    def _code(self, campaign, participant):
        """:return: the code of somebody with an e-mail address"""
        secret = self._needed_secret(campaign)
        return code(secret, "participant", participant.id)

    @api.model
    def _codes(self, campaign, participants):
        """:return: ``{participant: code}``"""
        secret = self._needed_secret(campaign)
        return {
            participant: code(secret, "participant", participant.id)
            for participant in participants
        }

    @api.model
    def _slip_codes(self, campaign, unit, count):
        """:return: codes of a unit's slips of paper; who gets which nobody knows"""
        secret = self._needed_secret(campaign)
        return [code(secret, "slip", unit.id, number) for number in range(count)]

    @api.model
    def _test_code(self, campaign):
        """:return: the code of everybody who tries the form before the start"""
        env_sudo = self.env(su=True)  # The database's secret is nobody's.
        secret = hmac(env_sudo, "kpi_survey_test_code", campaign.access_token)
        return code(bytes.fromhex(secret), "test")

    @api.model
    def _seal(self, campaign, data):
        """:return: bytes that nobody can read before the campaign is counted"""
        return sealing.seal(campaign.sudo().public_key, data)

    @api.model
    def _opener(self, campaign):
        """:return: a function: sealed bytes -> bytes"""
        return sealing.opener(self._needed_secret(campaign))
