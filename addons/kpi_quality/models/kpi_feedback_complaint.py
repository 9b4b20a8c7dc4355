from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_datetime

from ..const import COMPLAINT_CHANNELS, COMPLAINT_KINDS, COMPLAINT_STATES

# Written by the presses, the verdicts and the alarm only.
SYSTEM_FIELDS = {
    "event_id",
    "first_id",
    "state",
    "notified_at",
    "next_alarm_at",
    "escalation_level",
    "reacted_at",
    "reacted_by_id",
    "alarm_ids",
    "follower_ids",
}
# What a press says by itself.
PRESS_FIELDS = {
    "channel",
    "kind",
    "point_id",
    "company_id",
    "site_id",
    "department_id",
    "employee_id",
    "moment",
}
# What a manager may correct of a registered complaint.
FACT_FIELDS = {
    *PRESS_FIELDS,
    "description",
    "reason_id",
}


class KpiFeedbackComplaint(models.Model):
    """A customer is dissatisfied: by the red button, or as somebody registered.

    Anybody registers, nobody deletes. Whether it is fair is for the expert to say, or
    for the manager when there was no press; until then it is in no figure.
    """

    _name = "kpi.feedback.complaint"
    _description = "Complaint"
    _inherit = ["mail.thread", "mail.activity.mixin", "kpi.guarded.mixin"]
    _order = "moment DESC, id DESC"
    _rec_name = "moment"
    _mail_post_access = "read"
    _check_company_auto = True

    channel = fields.Selection(
        COMPLAINT_CHANNELS, required=True, default="counter", tracking=True
    )
    kind = fields.Selection(
        COMPLAINT_KINDS, required=True, default="active", tracking=True
    )
    event_id = fields.Many2one(
        "kpi.feedback.event", string="Red press", readonly=True, ondelete="restrict"
    )
    point_id = fields.Many2one("kpi.feedback.point", ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "kpi.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", check_company=True, tracking=True
    )
    employee_id = fields.Many2one(
        "hr.employee", string="Seller", check_company=True, tracking=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    sale_order_id = fields.Many2one(
        "sale.order", ondelete="set null", check_company=True
    )
    moment = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, tracking=True
    )
    description = fields.Text()
    state = fields.Selection(
        COMPLAINT_STATES,
        string="Verdict",
        required=True,
        default="unchecked",
        readonly=True,
        tracking=True,
    )
    reason_id = fields.Many2one(
        "kpi.feedback.reason",
        domain="[('kind', '=', 'complaint')]",
        ondelete="restrict",
        help="Why it was judged so.",
    )
    notified_at = fields.Datetime(readonly=True)
    escalation_level = fields.Integer(readonly=True, aggregator=None)
    reacted_at = fields.Datetime(string="Taken care of at", readonly=True)
    reacted_by_id = fields.Many2one("res.users", string="Taken by", readonly=True)
    reaction = fields.Text(string="What was done", help="What was done about it.")

    first_id = fields.Many2one(
        "kpi.feedback.complaint",
        string="First press",
        readonly=True,
        index="btree_not_null",
        help="Pressed again within the minute: told together with the first press.",
    )
    follower_ids = fields.One2many(
        "kpi.feedback.complaint", "first_id", string="Further presses"
    )
    alarm_ids = fields.One2many(
        "kpi.feedback.alarm", "complaint_id", string="Who was told", readonly=True
    )
    next_alarm_at = fields.Datetime(string="Next alarm", readonly=True)
    press_count = fields.Integer(string="Presses", compute="_compute_press_count")
    reaction_minutes = fields.Float(
        string="Reaction (minutes)",
        compute="_compute_reaction_minutes",
        digits=(16, 1),
        aggregator=None,
        help="By the server's clock, from the arrival of the press (else from when the "
        "customer complained), whatever the opening hours; up to now while nobody "
        "takes care.",
    )
    can_judge = fields.Boolean(compute="_compute_can_judge")
    can_react = fields.Boolean(compute="_compute_can_react")
    can_correct = fields.Boolean(compute="_compute_can_correct")

    _event_unique = models.UniqueIndex("(event_id) WHERE event_id IS NOT NULL")
    _moment_idx = models.Index("(moment)")
    _next_alarm_idx = models.Index("(next_alarm_at) WHERE next_alarm_at IS NOT NULL")
    _press_idx = models.Index("(point_id, moment) WHERE point_id IS NOT NULL")

    # ------------------------------------------------------------------ computes
    @api.depends("department_id")
    def _compute_site_id(self):
        for complaint in self.filtered(lambda c: c.channel != "red_button"):
            site = complaint.department_id.sudo().kpi_site_id  # of any department
            complaint.site_id = site or complaint.site_id

    @api.depends("sale_order_id")
    def _compute_partner_id(self):
        for complaint in self:
            order = complaint.sale_order_id.sudo()  # its customer only
            complaint.partner_id = complaint.partner_id or order.partner_id

    @api.depends("site_id", "department_id", "moment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for complaint in self.sudo():  # names of the place only
            place = [complaint.site_id.name, complaint.department_id.name]
            moment = format_datetime(
                self.env, complaint.moment, tz=complaint._tz(), dt_format="short"
            )
            complaint.display_name = " · ".join(filter(None, [*place, moment]))

    @api.depends("follower_ids")
    def _compute_press_count(self):
        counts = dict(
            self._read_group([("first_id", "in", self.ids)], ["first_id"], ["__count"])
        )
        for complaint in self:
            complaint.press_count = 1 + counts.get(complaint, 0)

    @api.depends("moment", "reacted_at")
    def _compute_reaction_minutes(self):
        now = fields.Datetime.now()
        for complaint in self:
            since = complaint.sudo().event_id.received_at or complaint.moment or now
            waited = (complaint.reacted_at or now) - since
            complaint.reaction_minutes = max(0.0, waited.total_seconds() / 60)

    @api.depends("channel", "department_id", "site_id")
    @api.depends_context("uid")
    def _compute_can_judge(self):
        for complaint in self:
            complaint.can_judge = not complaint._why_not_judge()

    @api.depends("reacted_at")
    @api.depends_context("uid")
    def _compute_can_react(self):
        writable = self._filtered_access("write")
        for complaint in self:
            complaint.can_react = complaint in writable

    @api.depends("channel")
    @api.depends_context("uid")
    def _compute_can_correct(self):
        manager = self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        for complaint in self:
            registered = complaint.channel != "red_button"
            complaint.can_correct = registered and (manager or not complaint._origin)

    def _tz(self):
        """The clock of the place."""
        self.ensure_one()
        return self.site_id.sudo().tz or self.env.user.tz or "UTC"

    # -------------------------------------------------------------------- checks
    @api.constrains("moment")
    def _check_moment(self):
        now = fields.Datetime.now()
        for complaint in self:
            if complaint.channel != "red_button" and complaint.moment > now:
                raise ValidationError(
                    self.env._("A complaint cannot be of a time to come.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_registered(vals)
        return super().create(vals_list)

    @api.model
    def _check_registered(self, vals):
        """What is registered by hand is no press, and is judged by others."""
        forbidden = SYSTEM_FIELDS & {name for name, value in vals.items() if value}
        if vals.get("state") == "unchecked":
            forbidden.discard("state")
        if forbidden or vals.get("channel") == "red_button" or vals.get("point_id"):
            raise AccessError(
                self.env._(
                    "Complaints of the red button come from its presses only; verdict "
                    "and reaction are given by their own buttons."
                )
            )

    def write(self, vals):
        taken = self.browse()
        if not self.env.su:
            self.check_access("write")
            self._check_changes(vals)
            if vals.get("reaction"):
                taken = self.filtered(lambda complaint: not complaint.reacted_at)
        result = super().write(vals)
        if taken:  # who says what was done has taken care
            taken._do_take_care()
        return result

    def _check_changes(self, vals):
        names = set(vals)
        manager = self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        pressed = self.filtered(lambda complaint: complaint.channel == "red_button")
        forbidden = SYSTEM_FIELDS & names
        if not manager:
            forbidden |= FACT_FIELDS & names
        elif pressed:
            forbidden |= (PRESS_FIELDS | {"reason_id"}) & names
        elif vals.get("channel") == "red_button" or vals.get("point_id"):
            forbidden |= {"channel", "point_id"} & names  # it makes no press of it
        if forbidden:
            labels = [
                self._fields[name]._description_string(self.env) for name in forbidden
            ]
            raise AccessError(
                self.env._(
                    "A complaint stays as the customer made it: you cannot change "
                    "%(fields)s here.",
                    fields=", ".join(sorted(labels)),
                )
            )

    # ------------------------------------------------------------------- reaction
    def action_take_care(self):
        """“I am taking care”: the alarm goes no further."""
        self.check_access("write")
        waiting = (self | self.first_id).filtered(lambda c: not c.reacted_at)
        if not waiting and len(self) == 1:
            raise UserError(
                self.env._(
                    "%(user)s is taking care of it already.",
                    user=self.sudo().reacted_by_id.name,
                )
            )
        waiting._do_take_care()
        return True

    def _do_take_care(self):
        complaints = self.sudo()  # who may answer was checked; the stamps are ours
        complaints |= complaints.follower_ids
        complaints = complaints.filtered(lambda complaint: not complaint.reacted_at)
        complaints.write(
            {
                "reacted_at": fields.Datetime.now(),
                "reacted_by_id": self.env.uid,
                "next_alarm_at": False,
            }
        )
        for complaint in complaints:
            complaint.message_post(
                body=self.env._("%(user)s is taking care.", user=self.env.user.name),
                subtype_xmlid="mail.mt_note",
            )
        complaints._end_alarm()

    # ------------------------------------------------------------------- verdict
    def action_judge_fair(self):
        return self._judge("fair")

    def action_judge_unfair(self):
        return self._judge("unfair")

    def action_unjudge(self):
        return self._judge("unchecked")

    def _judge(self, state):
        self.check_access("read")
        for complaint in self:
            reason = complaint._why_not_judge()
            if reason:
                raise AccessError(reason)
        self.sudo().write({"state": state})  # checked: experts have no write access
        return True

    def _why_not_judge(self):
        """:return: why the user may not decide here, None when he may"""
        self.ensure_one()
        user = self.env.user
        if self.channel == "red_button":
            return self.env._(
                "A press of the red button is judged at the expert's desk, beside the "
                "video."
            )
        if not (
            user.has_group("kpi_quality.group_kpi_quality_manager")
            or user.has_group("kpi_quality.group_kpi_quality_expert")
        ):
            return self.env._(
                "Only an expert or a KPI manager decides whether a complaint is fair."
            )
        complaint = self.sudo()
        employee = user.sudo().employee_ids.filtered(
            lambda employee: employee.company_id == complaint.company_id
        )
        own = employee.department_id
        if own and (
            complaint.department_id in own
            or complaint.employee_id in employee
            or (complaint.site_id and complaint.site_id == own.kpi_site_id)
        ):
            return self.env._("Nobody judges the own department or site.")
        return None
