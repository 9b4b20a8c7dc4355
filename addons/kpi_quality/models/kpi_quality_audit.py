from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..const import AUDIT_STATES
from ..tools.change import LEAST_CASES

# What only the buttons change.
STATE_FIELDS = {
    "state",
    "started_at",
    "closed_at",
    "closed_by_id",
    "former_id",
    "silent_weight",
    "line_ids",
}
# What an audit promises; nobody moves the goalposts once it runs.
PLAN_FIELDS = {
    "company_id",
    "date_from",
    "date_to",
    "site_ids",
    "point_ids",
    "question_ids",
    "force_majeure_limit",
    "least_polls",
    "least_days_covered",
    "least_share_asked",
}


class KpiQualityAudit(models.Model):
    """Some points, some days, a plan of questions and limits; the result is frozen."""

    _name = "kpi.quality.audit"
    _description = "Quality Audit"
    _inherit = ["kpi.guarded.mixin"]
    _order = "date_from DESC, id DESC"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        AUDIT_STATES, required=True, default="draft", readonly=True, copy=False
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    site_ids = fields.Many2many("kpi.site", string="Sites", check_company=True)
    point_ids = fields.Many2many(
        "kpi.feedback.point",
        string="Feedback points",
        compute="_compute_point_ids",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('kind', '=', 'three_button'), ('company_id', '=', company_id)]",
        help="Choosing a site adds its points.",
    )
    question_ids = fields.One2many(
        "kpi.quality.audit.question",
        "audit_id",
        string="Question plan",
        copy=True,
        help="Empty: the questions stay as they are planned at the points.",
    )
    force_majeure_limit = fields.Float(
        string="Force majeure at most (% of polls)",
        digits=0,
        required=True,
        default=lambda self: self.env.company.kpi_force_majeure_level,
        aggregator=None,
    )
    least_polls = fields.Integer(
        string="Valid polls at least", required=True, default=LEAST_CASES
    )
    least_days_covered = fields.Float(
        string="Days covered at least (%)",
        digits=0,
        required=True,
        default=80.0,
        help="Of the opening days on which the question is asked.",
        aggregator=None,
    )
    least_share_asked = fields.Float(
        string="Customers asked at least (%)",
        digits=0,
        required=True,
        default=50.0,
        help="0: do not look at it.",
        aggregator=None,
    )
    started_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    silent_weight = fields.Float(
        string="Effective weight of a silent customer",
        digits=0,
        readonly=True,
        copy=False,
        aggregator=None,
        help="As it was when the audit was closed.",
    )
    line_ids = fields.One2many(
        "kpi.quality.audit.line", "audit_id", string="Results", copy=False
    )
    former_id = fields.Many2one(
        "kpi.quality.audit",
        string="Repeats",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    repeat_ids = fields.One2many("kpi.quality.audit", "former_id", string="Repeated by")
    unmet_count = fields.Integer(
        string="Results without the limits met", compute="_compute_unmet_count"
    )

    _dates_order = models.Constraint(
        "CHECK (date_from <= date_to)", "An audit ends after it begins: swap the dates."
    )
    _limits_range = models.Constraint(
        "CHECK (force_majeure_limit BETWEEN 0 AND 100 AND least_polls >= 1 "
        "AND least_days_covered BETWEEN 0 AND 100 AND least_share_asked >= 0)",
        "Limits are percentages from 0 to 100, and at least one poll.",
    )

    # ------------------------------------------------------------ computes
    @api.depends("site_ids")
    def _compute_point_ids(self):
        for audit in self:
            audit.point_ids |= audit.site_ids.feedback_point_ids.filtered(
                lambda point: point.kind == "three_button"
            )

    @api.depends("line_ids.is_met")
    def _compute_unmet_count(self):
        for audit in self:
            audit.unmet_count = len(
                audit.line_ids.filtered(lambda line: not line.is_met)
            )

    # ---------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_by_hand(vals)
        if not self.env.su and vals.keys() & PLAN_FIELDS:
            for audit in self.filtered(lambda audit: audit.state != "draft"):
                raise UserError(
                    self.env._(
                        "“%(audit)s” has started: dates, points, questions and limits "
                        "stay as they were. Repeat it with others.",
                        audit=audit.name,
                    )
                )
        return super().write(vals)

    def _check_not_by_hand(self, vals):
        if not self.env.su and vals.keys() & STATE_FIELDS:
            raise UserError(
                self.env._("Results and states of an audit are not written by hand.")
            )

    # -------------------------------------------------------------- actions
    def action_start(self):
        """Plan the questions at the points; nothing is changed from here on."""
        for audit in self:
            audit.check_access("write")
            audit._check_can_start()
            audit.question_ids._plan_questions()
            audit.sudo().write(  # access is checked, the state is readonly
                {"state": "running", "started_at": self.env["kpi.engine"]._now()}
            )

    def _check_can_start(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("“%(audit)s” has started.", audit=self.name))
        if not self.point_ids:
            raise UserError(
                self.env._(
                    "“%(audit)s” has no points: choose sites or points.",
                    audit=self.name,
                )
            )
        self.question_ids._check_days()

    def action_close(self):
        """Freeze the result, when the days of the audit are over."""
        for audit in self:
            audit.check_access("write")
            audit._check_can_close()
            audit.sudo()._freeze()  # results are nobody's to write

    def _check_can_close(self):
        self.ensure_one()
        if self.state != "running":
            raise UserError(self.env._("“%(audit)s” is not running.", audit=self.name))
        now = self.env["kpi.engine"]._now()
        if any(site._local_day(now) <= self.date_to for site in self.point_ids.site_id):
            raise UserError(
                self.env._(
                    "“%(audit)s” can be closed when its last day, %(day)s, is over.",
                    audit=self.name,
                    day=format_date(self.env, self.date_to),
                )
            )

    def action_repeat(self):
        """The same points, questions and limits on new days, linked to this one."""
        self.ensure_one()
        self.check_access("read")
        length = self.date_to - self.date_from
        start = max(fields.Date.context_today(self), self.date_to) + timedelta(days=1)
        repeat = self.copy(
            {
                "name": self._name_of_repeat(),
                "date_from": start,
                "date_to": start + length,
            }
        )
        repeat.question_ids._move(start - self.date_from)
        repeat.sudo().former_id = self  # readonly to whoever repeats
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": repeat.id,
            "views": [(False, "form")],
        }

    def _name_of_repeat(self):
        """Numbered after the first of the row: Audit, Audit (2), Audit (3)."""
        first, number = self, 2
        while first.former_id:
            first, number = first.former_id, number + 1
        return f"{first.name} ({number})"

    def action_open_results(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_quality_audit_line_action"
        )
        action["domain"] = [("audit_id", "=", self.id)]
        action["display_name"] = self.name
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if any(audit.state != "draft" for audit in self):
            raise UserError(self.env._("An audit that has started is kept."))

    @api.constrains("point_ids")
    def _check_points(self):
        for audit in self:
            others = audit.point_ids.filtered(lambda p: p.kind != "three_button")
            if others:
                raise ValidationError(
                    self.env._(
                        "Customers cannot answer at “%(point)s”: choose points with "
                        "three buttons.",
                        point=others[0].name,
                    )
                )
