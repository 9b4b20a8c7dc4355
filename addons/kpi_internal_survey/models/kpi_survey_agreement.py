from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import AGREEMENT_STATES

REMINDER = "mail.mail_activity_data_todo"
TIME_TO_ANSWER = timedelta(days=7)


class KpiSurveyAgreement(models.Model):
    """What a director says to the criteria and the scale before the start."""

    _name = "kpi.survey.agreement"
    _description = "Director's Agreement on a Survey"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "campaign_id, id"
    _rec_name = "department_id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    campaign_state = fields.Selection(
        related="campaign_id.state", string="State of campaign"
    )
    department_id = fields.Many2one(
        "hr.department", string="Unit", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Director", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        AGREEMENT_STATES, required=True, default="waiting", readonly=True
    )
    remark = fields.Text(help="What should be different, and why.")
    answer = fields.Text(help="What HR makes of the remark.")
    is_mine = fields.Boolean(
        compute="_compute_is_mine", export_string_translation=False
    )
    criterion_ids = fields.One2many(related="campaign_id.criterion_ids")
    band_ids = fields.One2many(related="campaign_id.band_ids")

    _department_unique = models.Constraint(
        "UNIQUE (campaign_id, department_id)",
        "The director of this unit is asked already.",
    )

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for agreement in self:
            agreement.is_mine = agreement.user_id == self.env.user

    @api.constrains("state", "remark")
    def _check_remark(self):
        for agreement in self:
            if agreement.state == "remark" and not (agreement.remark or "").strip():
                raise ValidationError(
                    self.env._("Write what should be different, then send the remark.")
                )

    # ------------------------------------------------------------------ CRUD
    def write(self, vals):
        if not self.env.su:
            self._check_hands(vals.keys())
            self.campaign_id._check_is_draft()
        if vals.keys() & {"state", "remark"} and "answer" not in vals:
            vals = {**vals, "answer": False}  # it was an answer to something else
        return super().write(vals)

    def _check_hands(self, names):
        """A director speaks for himself, and HR answers; nobody for another."""
        manager = self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        for agreement in self:
            own = {"state", "remark"} if agreement.is_mine else set()
            if names - own - ({"answer"} if manager else set()):
                raise UserError(
                    self.env._(
                        "A director agrees, or writes a remark, for the own unit; HR "
                        "answers remarks. Nobody does it for another."
                    )
                )

    def unlink(self):
        """Whom HR does not wait for any longer stays on record."""
        gone = [
            (
                agreement.campaign_id,
                agreement.department_id.name,
                agreement.user_id.name,
            )
            for agreement in self
        ]
        result = super().unlink()
        for campaign, unit, director in gone:
            campaign.message_post(
                body=self.env._(
                    "%(director)s, director of %(unit)s, is not asked any longer.",
                    director=director,
                    unit=unit,
                )
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.campaign_id._check_is_draft()

    # --------------------------------------------------------------- actions
    def action_agree(self):
        self._say("agreed")

    def action_send_remark(self):
        self._say("remark")

    # -------------------------------------------------------------- business
    def _say(self, state):
        self.ensure_one()
        self.write({"state": state})
        self.activity_unlink([REMINDER])
        states = dict(self._fields["state"]._description_selection(self.env))
        # The director may not write the campaign. What the remark says is read by HR
        # alone: the chatter is open to all who see the campaign.
        self.campaign_id.sudo().message_post(
            body=self.env._(
                "%(director)s (%(unit)s): %(answer)s",
                director=self.user_id.name,
                unit=self.department_id.name,
                answer=states[state],
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _ask(self):
        """Put it on the director's list of things to do."""
        today = fields.Date.context_today(self)
        for agreement in self:
            speaking = agreement.with_context(lang=agreement.user_id.lang)
            start = agreement.campaign_id.date_from
            speaking.activity_schedule(
                REMINDER,
                date_deadline=max(today, min(start, today + TIME_TO_ANSWER)),
                summary=speaking.env._("Agree on the criteria of the internal survey"),
                user_id=agreement.user_id.id,
            )
