from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import MEETING_LEVELS
from .kpi_survey_meeting import PLANNERS

BOARD = "kpi_internal_survey.group_kpi_survey_board"
USER = "kpi_quality.group_kpi_quality_user"
# No calendar rests longer.
MOST_REST_DAYS = 31


class KpiSurveyCampaign(models.Model):
    """The cascade: results go from the board down to everybody."""

    _inherit = "kpi.survey.campaign"

    meeting_ids = fields.One2many("kpi.survey.meeting", "campaign_id")
    meeting_count = fields.Integer(
        string="Meetings", compute="_compute_meeting_count", compute_sudo=False
    )
    meeting_held_count = fields.Integer(
        string="Meetings held", compute="_compute_meeting_count", compute_sudo=False
    )
    may_plan_cascade = fields.Boolean(
        compute="_compute_may_plan_cascade", compute_sudo=False
    )

    @api.depends("meeting_ids.state")
    @api.depends_context("uid")
    def _compute_meeting_count(self):
        """Of the meetings that the user may see."""
        groups = self.env["kpi.survey.meeting"]._read_group(
            [("campaign_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["campaign_id", "state"],
            ["__count"],
        )
        counts = {(campaign.id, state): count for campaign, state, count in groups}
        for campaign in self:
            held = counts.get((campaign.id, "held"), 0)
            campaign.meeting_held_count = held
            campaign.meeting_count = held + counts.get((campaign.id, "planned"), 0)

    @api.depends("is_counted")
    @api.depends_context("uid")
    def _compute_may_plan_cascade(self):
        may = any(map(self.env.user.has_group, PLANNERS))
        for campaign in self:
            campaign.may_plan_cascade = may and campaign.is_counted

    # --------------------------------------------------------------- actions
    def action_plan_cascade(self):
        self.ensure_one()
        self._check_can_plan_cascade()
        self._plan_cascade()
        return self.action_open_meetings()

    def action_open_meetings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_internal_survey.kpi_survey_meeting_action"
        )
        return {
            **action,
            "domain": [("campaign_id", "=", self.id)],
            "context": {"default_campaign_id": self.id},
        }

    # -------------------------------------------------------------- business
    def _check_can_plan_cascade(self):
        """:raise AccessError: for whoever is neither HR nor of the board
        :raise UserError: while there is nothing to talk about"""
        if not any(map(self.env.user.has_group, PLANNERS)):
            raise AccessError(self.env._("The cascade is planned by HR and the board."))
        if not self.is_counted:
            raise UserError(
                self.env._(
                    "“%(campaign)s” is not counted yet: plan the meetings when its "
                    "results are there.",
                    campaign=self.name,
                )
            )

    def _plan_cascade(self):
        """Plan the meetings that are not planned yet.

        :return: the new ones
        :rtype: kpi.survey.meeting
        """
        self.ensure_one()
        meetings = self.env["kpi.survey.meeting"]
        planned = {
            (level, unit)
            for level, unit in meetings._read_group(
                [("campaign_id", "=", self.id), ("state", "!=", "cancelled")],
                ["level", "unit_id"],
            )
        }
        levels = [level for level, _name in MEETING_LEVELS]
        templates = (
            self.env["kpi.survey.meeting.template"]
            .search([("level", "in", levels)])
            .grouped("level")
        )
        # Nobody needs a letter for each: they are in everyone's list of activities.
        meetings = meetings.with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        )
        return meetings.create(
            [
                {
                    "campaign_id": self.id,
                    "date": self._working_day(templates[plan["level"]].days),
                    "agenda": templates[plan["level"]].agenda,
                    **plan,
                }
                for plan in self._cascade()
                if plan["level"] in templates
                and (plan["level"], self.unit_ids.browse(plan.get("unit_id")))
                not in planned
            ]
        )

    def _cascade(self):
        """Who talks with whom about which unit, from the top down.

        A talk needs somebody above the director; a directors' meeting needs parts of
        the unit with heads of their own.

        :return: values of meetings, without their dates
        """
        chains = self._chains()
        chair = self._chair()
        with_parts = self._departments_with_parts()
        yield {"level": "board", "user_id": chair.id}
        for unit in self.unit_ids:
            director, above = chains[unit]
            holder = director or above or chair
            above = above or chair
            if director and director != above:
                yield {
                    "level": "talk",
                    "unit_id": unit.id,
                    "user_id": above.id,
                    "director_id": director.id,
                }
            if unit.department_id in with_parts:
                yield {
                    "level": "directors",
                    "unit_id": unit.id,
                    "user_id": holder.id,
                }
            yield {"level": "specialists", "unit_id": unit.id, "user_id": holder.id}

    def _chains(self):
        """:return: ``{unit: (its director, the next one above)}``, empty users where
        nobody can log in"""
        # sudo: who leads a department is HR's, but no secret
        departments_sudo = self.unit_ids.department_id.sudo()
        lines = {
            department.id: list(map(int, department.parent_path.split("/")[-2::-1]))
            for department in departments_sudo
        }
        leaders = {
            department.id: department.manager_id.user_id
            for department in departments_sudo.browse(
                {department_id for line in lines.values() for department_id in line}
            )
        }
        nobody = self.env["res.users"]
        usable = self._usable(nobody.union(*leaders.values()))
        chains = {}
        for unit in self.unit_ids:
            own, *others = lines[unit.department_id.id]
            director = leaders[own] & usable
            above = (leaders[department_id] & usable for department_id in others)
            chains[unit] = (
                director.with_env(self.env),
                next(
                    (user for user in above if user and user != director), nobody
                ).with_env(self.env),
            )
        return chains

    def _chair(self):
        """Who holds the session of the board: of its members, who leads most."""
        members = self._usable(
            self.env.ref(BOARD).sudo().all_user_ids  # whoever they are, the plan needs
        )
        departments_sudo = self.env["hr.department"].sudo()
        tops = departments_sudo.search(
            [
                ("manager_id.user_id", "in", members.ids),
                ("company_id", "in", [self.company_id.id, False]),
            ]
        )
        top = min(tops, key=lambda top: top.parent_path.count("/"), default=tops)
        users = top.manager_id.user_id & members or members.sorted("id")
        return (users or self.user_id or self.env.user)[:1].with_env(self.env)

    def _usable(self, users):
        """Those who can open a meeting of this company."""
        return users.sudo().search(
            [
                ("id", "in", users.ids),
                ("all_group_ids", "in", self.env.ref(USER).ids),
                ("company_ids", "in", self.company_id.ids),
            ]
        )

    def _departments_with_parts(self):
        """Departments of units that have heads below them."""
        departments_sudo = self.env["hr.department"].sudo()
        groups = departments_sudo._read_group(
            [
                ("parent_id", "in", self.unit_ids.department_id.ids),
                ("manager_id", "!=", False),
            ],
            ["parent_id"],
        )
        return departments_sudo.union(*(parent for [parent] in groups))

    def _working_day(self, days):
        """The next working day of the company after so many days."""
        date = fields.Date.context_today(self) + timedelta(days=days)
        calendar = self.company_id.resource_calendar_id.sudo()
        for rest in range(MOST_REST_DAYS if calendar else 0):
            day = date + timedelta(days=rest)
            if calendar._works_on_date(day):
                return day
        return date
