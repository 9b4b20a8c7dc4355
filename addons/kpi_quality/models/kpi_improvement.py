from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import IMPROVEMENT_KINDS, IMPROVEMENT_STATES

REMINDER = "mail.mail_activity_data_todo"
# What the action is about; write() checks the rights again when one of them changes.
PLACE_FIELDS = {
    "company_id",
    "site_id",
    "department_id",
    "employee_id",
    "warehouse_id",
    "partner_id",
}
# What somebody who is only responsible may change; all else is the lead's.
RESPONSIBLE_FIELDS = {"cause", "plan", "result", "state", "document_ids"}


class KpiImprovement(models.Model):
    """What is done about a figure: by whom, until when, and whether it helped."""

    _name = "kpi.improvement"
    _description = "Improvement Action"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_deadline, id"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Problem", required=True, tracking=True)
    cause = fields.Char(
        tracking=True,
        help="In the same few words each time: causes are counted by their words.",
    )
    plan = fields.Text(string="What is done")
    kind = fields.Selection(
        IMPROVEMENT_KINDS,
        required=True,
        default="cure",
        tracking=True,
        help="- Reaction: puts out the fire\n"
        "- Cure: changes the process, so that it does not come back\n"
        "- Review: documents behind the figure are read",
    )
    state = fields.Selection(
        IMPROVEMENT_STATES,
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("kpi_quality.group_kpi_quality_user").ids,
            )
        ],
        index=True,
        tracking=True,
    )
    date_start = fields.Date(
        string="Start", required=True, default=fields.Date.context_today
    )
    date_deadline = fields.Date(
        string="Deadline",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=14),
        tracking=True,
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    result = fields.Text(copy=False, help="What came of it, in words.")

    # ------------------------------------------------------------ the figure
    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, ondelete="restrict", index=True
    )
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    direction = fields.Selection(related="indicator_id.direction")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    site_id = fields.Many2one("kpi.site", check_company=True)
    department_id = fields.Many2one("hr.department", check_company=True, index=True)
    employee_id = fields.Many2one("hr.employee", check_company=True)
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Vendor or customer")
    origin_value = fields.Float(
        string="Figure when it was noticed", digits=0, readonly=True, aggregator=None
    )
    origin_has_value = fields.Boolean(readonly=True)
    origin_date_from = fields.Date(string="Noticed from", readonly=True)
    origin_date_to = fields.Date(string="Noticed to", readonly=True)

    _dates_order = models.Constraint(
        "CHECK (date_deadline >= date_start)",
        "An action ends on the day it starts, or later: change the deadline.",
    )

    # -------------------------------------------------------------- computes
    @api.depends("state", "date_deadline")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_overdue = action.state == "open" and (
                bool(action.date_deadline) and action.date_deadline < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = fields.Domain("state", "=", "open") & fields.Domain(
            "date_deadline", "<", fields.Date.context_today(self)
        )
        return overdue if True in value else ~overdue

    # ---------------------------------------------------------------- checks
    @api.constrains("user_id")
    def _check_user_id(self):
        for action in self:
            if not action.user_id.has_group("kpi_quality.group_kpi_quality_user"):
                raise ValidationError(
                    self.env._(
                        "%(user)s could not open this action: ask the administrator "
                        "for the role “Employee” of KPI first.",
                        user=action.user_id.name,
                    )
                )

    @api.constrains("state", "result")
    def _check_result(self):
        for action in self:
            if action.state != "open" and not (action.result or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(action)s”: say in words what came of it, then close it.",
                        action=action.name,
                    )
                )

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._remind()
        return actions

    def write(self, vals):
        """Rules look at the place before; it is not to become somebody else's."""
        if not self.env.su and not vals.keys() <= RESPONSIBLE_FIELDS:
            self._check_may_plan()
        result = super().write(vals)
        if vals.keys() & PLACE_FIELDS:
            self._check_may_plan()
        if vals.keys() & {"user_id", "date_deadline", "state"}:
            self._remind()
        return result

    def _check_may_plan(self):
        """:raise UserError: for those who are only responsible for the action"""
        led = self.env["kpi.improvement"]
        if self.env.user.has_group("kpi_quality.group_kpi_quality_manager"):
            led = self
        elif self.env.user.has_group("kpi_quality.group_kpi_quality_lead"):
            led = self.filtered(
                lambda action: (
                    action.department_id.kpi_is_led
                    or action._department_of_employee().kpi_is_led
                    or action.warehouse_id.kpi_is_led
                )
            )
        if self - led and not self.env.su:
            raise UserError(
                self.env._(
                    "You are responsible for this action: write down cause, what is "
                    "done and the result. All else is changed by the team lead."
                )
            )

    def _department_of_employee(self):
        """HR's, but the rules look at it, too."""
        return self.employee_id.sudo().department_id.sudo(False)

    # --------------------------------------------------------------- actions
    def action_done(self):
        self.write({"state": "done"})

    def action_cancel(self):
        self.write({"state": "cancelled"})

    def action_reopen(self):
        self.write({"state": "open"})

    def _remind(self):
        """One activity for the responsible at the deadline while it is open."""
        for action in self.sudo():  # it is the responsible's, whoever plans
            action.activity_unlink([REMINDER])
            if action.state == "open":
                action.activity_schedule(
                    REMINDER,
                    date_deadline=action.date_deadline,
                    summary=action.name,
                    user_id=action.user_id.id,
                )
