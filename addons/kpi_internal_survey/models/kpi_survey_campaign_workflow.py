"""From draft to published: who may press what, and what stands in the way."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.kpi_quality.models.kpi_engine import CONFLICTS

from ..const import CAMPAIGN_TRANSITIONS

_logger = logging.getLogger(__name__)

NEXT_STATE = {
    "draft": "agreed",
    "agreed": "running",
    "running": "closed",
    "closed": "published",
}
REMINDER = "mail.mail_activity_data_todo"


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    obstacle = fields.Text(
        string="Before the next step",
        compute="_compute_obstacle",
        export_string_translation=False,
    )

    @api.depends_context("uid", "lang")
    def _compute_obstacle(self):
        manages = self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        for campaign in self:
            following = manages and NEXT_STATE.get(campaign.state)
            campaign.obstacle = following and campaign._obstacle(following)

    # --------------------------------------------------------------- actions
    def action_agree(self):
        """From here on criteria, scale, rules and limits stay."""
        self._step("agreed")

    def action_reopen(self):
        """Something has to change: whoever agreed is asked again."""
        self._step("draft")
        self._ask_anew()

    def action_start(self):
        """Invite everybody: units and people stay as they are now."""
        for campaign in self:
            campaign._check_can("running")
            campaign._start()

    def action_close(self):
        """No more answers; they are counted right after."""
        for campaign in self:
            campaign._check_can("closed")
            campaign._close()

    def action_publish(self):
        """Directors see the results from now on."""
        self._step("published")

    # -------------------------------------------------------------- business
    def _step(self, state):
        for campaign in self:
            campaign._check_can(state)
            campaign._set_state(state)

    def _set_state(self, state, **values):
        """The only way a campaign changes its state."""
        for campaign in self:
            if state not in CAMPAIGN_TRANSITIONS[campaign.state]:
                raise UserError(campaign._cannot_become(state))
        # Checked by whoever calls it; the state is nobody's to write.
        self.sudo().write({"state": state, **values})

    def _check_can(self, state):
        self.ensure_one()
        self.check_access("write")
        obstacle = self._obstacle(state)
        if obstacle:
            raise UserError(obstacle)

    def _obstacle(self, state):
        """Why the campaign cannot become this now; None when nothing is in the way.

        The one place for it: button, check, scheduled action and message.
        """
        self.ensure_one()
        if state not in CAMPAIGN_TRANSITIONS[self.state]:
            return self._cannot_become(state)
        obstacles = {
            "agreed": self._obstacle_to_agree,
            "running": self._obstacle_to_start,
            "published": self._obstacle_to_publish,
        }
        return obstacles[state]() if state in obstacles else None

    def _cannot_become(self, state):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "“%(campaign)s” is %(from)s; it cannot become %(to)s now.",
            **{
                "campaign": self.name,
                "from": states[self.state].lower(),
                "to": states[state].lower(),
            },
        )

    def _obstacle_to_agree(self):
        if not self.criterion_ids:
            return self.env._("There are no criteria: add what units are rated by.")
        if not self.rule_ids:
            return self.env._("There is no rule: say which units rate which.")
        return self._wrong_scale() or self._obstacle_of_agreements()

    def _obstacle_to_start(self):
        if self.date_to < self._today():
            return self.env._(
                "The last day, %(day)s, is over: choose a later one.",
                day=format_date(self.env, self.date_to),
            )
        running = self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "running")],
            limit=1,
        )
        if running:
            return self.env._(
                "“%(running)s” is still running: people would not know which survey "
                "to answer. Close it first.",
                running=running.name,
            )
        departments = self.env["hr.department"]
        units = departments.browse(departments._kpi_head_counts(self.company_id))
        if not self.rule_ids._let_rate(units):
            return self.env._(
                "By the rules no unit would rate another. Mark the departments that "
                "take part as units, with people in them, and look at “Who rates "
                "whom”."
            )
        return None

    def _obstacle_to_publish(self):
        if self.is_counted:
            return None
        return self.env._(
            "The answers are being counted. It takes some minutes: open this page "
            "again then."
        )

    # ----------------------------------------------------------- start, close
    def _start(self):
        """Freeze who takes part, make key and codes, and invite."""
        self.ensure_one()
        self._set_state("running", date_from=min(self.date_from, self._today()))
        self._snapshot()
        self.env["kpi.survey.key"]._make(self)
        self.env["kpi.survey.ballot"].sudo()._issue(self)  # ballots are nobody's
        self.activity_unlink([REMINDER])
        self._send_invitations()

    def _close(self):
        """Take no more answers, and have those that came counted."""
        self.ensure_one()
        last = max(self.date_from, min(self.date_to, self._today()))
        self._set_state("closed", date_to=last)
        self.env.ref("kpi_internal_survey.ir_cron_count").sudo()._trigger()

    def _today(self):
        """The day it is where the company works."""
        zone = self.company_id.sudo().resource_calendar_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _cron_turn(self):
        """Close what is over, start what is agreed on and due: each by itself."""
        cron = self.env["ir.cron"]
        campaigns = self.search([("state", "in", ("running", "agreed"))])
        campaigns = campaigns.sorted("state", reverse=True)  # close, then start
        cron._commit_progress(remaining=len(campaigns))
        for campaign in campaigns:
            try:
                campaign._turn()
            except CONFLICTS:
                self.env.cr.rollback()
                _logger.info("Survey %s is busy, goes on next time", campaign.id)
            except Exception:
                self.env.cr.rollback()
                # One campaign may fail in any way; the others go on.
                _logger.exception("Survey %s could not go on", campaign.id)
            cron._commit_progress(1)

    def _turn(self):
        self.ensure_one()
        today = self._today()
        if self.state == "running" and self.date_to < today:
            self._close()
        elif self.state == "agreed" and self.date_from <= today:
            if self._obstacle("running"):
                self._tell_obstacle()
            else:
                self._start()

    def _tell_obstacle(self):
        """Who answers for the campaign learns once why it does not start."""
        user = self.user_id or self.create_uid
        if self.activity_search([REMINDER], user_id=user.id):
            return
        speaking = self.with_context(lang=user.lang)
        speaking.activity_schedule(
            REMINDER,
            summary=speaking.env._("The internal survey could not start today"),
            note=speaking._obstacle("running"),
            user_id=user.id,
        )
