from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import is_html_empty
from odoo.tools.misc import format_date

from ..const import MEETING_LEVELS, MEETING_STATES

REMINDER = "mail.mail_activity_data_todo"
# Who sees a meeting hangs on these: only HR and the board change them.
PLAN_FIELDS = {"campaign_id", "level", "unit_id", "director_id"}
PLANNERS = (
    "kpi_quality.group_kpi_quality_manager",
    "kpi_internal_survey.group_kpi_survey_board",
)


class KpiSurveyMeeting(models.Model):
    """One talk of the cascade: results go down, plans come up."""

    _name = "kpi.survey.meeting"
    _description = "Meeting on Survey Results"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "campaign_id, date, id"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    level = fields.Selection(MEETING_LEVELS, required=True, group_expand=True)
    unit_id = fields.Many2one(
        "kpi.survey.unit",
        index=True,
        check_company=True,
        domain="[('campaign_id', '=', campaign_id)]",
        help="Empty: about the whole company.",
    )
    department_id = fields.Many2one(related="unit_id.department_id", store=True)
    date = fields.Date(required=True)
    user_id = fields.Many2one("res.users", string="Held by", required=True, index=True)
    director_id = fields.Many2one(
        "res.users",
        string="Talk with",
        index="btree_not_null",
        help="The director whose unit it is about.",
    )
    state = fields.Selection(
        MEETING_STATES, required=True, default="planned", readonly=True, copy=False
    )
    agenda = fields.Html()
    minutes = fields.Html(copy=False)
    improvement_ids = fields.One2many(
        "kpi.improvement", "kpi_meeting_id", string="Actions"
    )
    improvement_count = fields.Integer(
        string="Planned actions", compute="_compute_improvement_count"
    )
    may_edit = fields.Boolean(
        compute="_compute_may_edit", export_string_translation=False
    )

    @api.depends("level", "unit_id.name", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        for meeting in self:
            parts = (
                levels.get(meeting.level),
                meeting.unit_id.name,
                format_date(self.env, meeting.date),
            )
            meeting.display_name = " · ".join(filter(None, parts))

    @api.depends("improvement_ids")
    def _compute_improvement_count(self):
        groups = self.env["kpi.improvement"]._read_group(
            [("kpi_meeting_id", "in", self.ids)], ["kpi_meeting_id"], ["__count"]
        )
        counts = {meeting.id: count for meeting, count in groups}
        for meeting in self:
            meeting.improvement_count = counts.get(meeting.id, 0)

    @api.depends_context("uid")
    def _compute_may_edit(self):
        """A director reads the talk with him, and writes other meetings."""
        mine = self._filtered_access("write")
        for meeting in self:
            meeting.may_edit = meeting in mine or not meeting.id

    # ---------------------------------------------------------------- checks
    @api.constrains("unit_id", "campaign_id")
    def _check_unit(self):
        for meeting in self:
            if meeting.unit_id and meeting.unit_id.campaign_id != meeting.campaign_id:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” takes part in another survey: choose a unit of "
                        "this one.",
                        unit=meeting.unit_id.name,
                    )
                )

    @api.constrains("level", "unit_id", "director_id")
    def _check_level(self):
        for meeting in self:
            if bool(meeting.unit_id) == (meeting.level == "board"):
                raise ValidationError(
                    self.env._(
                        "The session of the board is about the whole company, every "
                        "other meeting about one unit: choose the unit accordingly."
                    )
                )
            if (meeting.level == "talk") != bool(meeting.director_id):
                raise ValidationError(
                    self.env._(
                        "An individual talk, and nothing else, is held with one "
                        "director: say with whom."
                    )
                )

    @api.constrains("user_id")
    def _check_user_id(self):
        for meeting in self:
            if not meeting.user_id.has_group("kpi_quality.group_kpi_quality_user"):
                raise ValidationError(
                    self.env._(
                        "%(user)s could not open this meeting: ask the administrator "
                        "for the role “Employee” of KPI first.",
                        user=meeting.user_id.name,
                    )
                )

    # Not on minutes and actions: what was written may be mended later.
    @api.constrains("state")
    def _check_held(self):
        for meeting in self:
            if (
                meeting.state == "held"
                and is_html_empty(meeting.minutes)
                and not meeting.sudo().improvement_ids  # whoever may see them
            ):
                raise ValidationError(
                    self.env._(
                        "%(meeting)s: write down the minutes or plan an action, then "
                        "it is held.",
                        meeting=meeting.display_name,
                    )
                )

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._remind()
        return meetings

    def write(self, vals):
        if vals.keys() & PLAN_FIELDS and not (
            self.env.su or any(map(self.env.user.has_group, PLANNERS))
        ):
            raise AccessError(
                self.env._(
                    "Survey, level, unit and partner of a meeting are planned by HR "
                    "and the board."
                )
            )
        result = super().write(vals)
        if vals.keys() & {"user_id", "date", "state"}:
            self._remind()
        return result

    # --------------------------------------------------------------- actions
    def action_held(self):
        self.write({"state": "held"})

    def action_cancel(self):
        self.write({"state": "cancelled"})

    def action_plan_again(self):
        self.write({"state": "planned"})

    def action_open_improvements(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_improvement_action"
        )
        return {
            **action,
            "domain": [("kpi_meeting_id", "=", self.id)],
            "context": {
                f"default_{name}": value
                for name, value in self._improvement_defaults().items()
            },
        }

    # -------------------------------------------------------------- business
    def _improvement_defaults(self):
        """:return: values of a new ``kpi.improvement`` planned here"""
        self.ensure_one()
        return {
            "kpi_meeting_id": self.id,
            "kpi_campaign_id": self.campaign_id.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "indicator_id": self.env["kpi.improvement"]._survey_indicator().id,
        }

    def _remind(self):
        """One activity for who holds it, until it is held or cancelled.

        It needs a fixed number of statements: a cascade has hundreds of meetings.
        """
        meetings_sudo = self.sudo()  # the activities are the holder's, whoever plans
        meetings_sudo.activity_unlink([REMINDER])
        kind = self.env.ref(REMINDER)
        model = self.env["ir.model"]._get_id(self._name)
        # No letter for each: they are in everyone's list of activities.
        activities_sudo = meetings_sudo.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities_sudo.create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model,
                    "res_id": meeting.id,
                    "summary": meeting.display_name,
                    "date_deadline": meeting.date,
                    "user_id": meeting.user_id.id,
                    "automated": True,
                }
                for meeting in meetings_sudo
                if meeting.state == "planned"
            ]
        )
