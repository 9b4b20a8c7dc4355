import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class KpiSurveyKeyCopy(models.TransientModel):
    """Save a copy of a campaign's key, or put it back; no column ever holds it."""

    _name = "kpi.survey.key.copy"
    _description = "Copy of a Survey's Key"

    campaign_id = fields.Many2one("kpi.survey.campaign", required=True)
    is_there = fields.Boolean(compute="_compute_is_there")
    key_file = fields.Binary(
        string="Saved copy",
        compute="_compute_key_file",
        inverse="_inverse_key_file",
        help="The file that was downloaded here when the survey started.",
    )
    key_name = fields.Char(store=False)

    @api.depends("campaign_id")
    def _compute_is_there(self):
        for copy in self:
            campaign = copy.campaign_id
            copy.is_there = campaign and self.env["kpi.survey.key"]._is_there(campaign)

    @api.depends("campaign_id")
    def _compute_key_file(self):
        """Nobody reads it here."""
        self.key_file = False

    def _inverse_key_file(self):
        for copy in self.filtered("key_file"):
            copy.campaign_id._check_can_copy_key()
            try:
                text = base64.b64decode(copy.key_file).decode("ascii")
            except ValueError:
                text = ""
            self.env["kpi.survey.key"]._put_back(copy.campaign_id, text)
            copy.campaign_id.sudo().message_post(  # as who has pressed the button
                body=self.env._("The key of the survey was put back."),
                author_id=self.env.user.partner_id.id,
            )
        self.invalidate_recordset(["key_file"], flush=False)

    def action_save(self):
        self.ensure_one()
        self.campaign_id._check_can_copy_key()
        return {
            "type": "ir.actions.act_url",
            "url": f"/kpi/survey/key/{self.campaign_id.id}",
            "target": "download",
        }

    def action_put_back(self):
        """The file was written when the form was saved."""
        self.ensure_one()
        if not self.is_there:
            raise UserError(self.env._("Choose the saved copy of the key first."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The key is there."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
