from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import QUESTION_CHANGES, QUESTION_LENGTHS
from ..tools.question_plan import free_days, turns
from ..tools.stretch import Stretch

# So far ahead the questions are laid down, for whoever prints the plates.
DAYS_AHEAD = 62


class KpiFeedbackQuestionPlan(models.Model):
    """Questions that take turns, in order or at random, one per stretch of days.

    It only fills days that are free: what is changed by hand stays as it is.
    """

    _name = "kpi.feedback.question.plan"
    _description = "Question Plan"
    _inherit = ["kpi.guarded.mixin"]
    _order = "date_from DESC, id DESC"
    _rec_name = "date_from"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    point_id = fields.Many2one(
        "kpi.feedback.point",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all points of the company.",
    )
    change = fields.Selection(
        [item for item in QUESTION_CHANGES if item[0] != "manual"],
        string="The question changes",
        required=True,
        default="calendar",
    )
    stretch = fields.Selection(
        QUESTION_LENGTHS, string="With each", required=True, default="decade"
    )
    date_from = fields.Date(
        string="First day",
        required=True,
        default=lambda self: self.env["kpi.feedback.question.period"]._today(),
    )
    date_to = fields.Date(string="Last day", help="Empty: without an end.")
    seed = fields.Char(
        default="1",
        required=True,
        help="The same seed draws the same order again, for whoever wants to check it.",
    )
    line_ids = fields.One2many(
        "kpi.feedback.question.plan.line", "plan_id", string="Questions", copy=True
    )
    period_ids = fields.One2many(
        "kpi.feedback.question.period", "plan_id", string="Periods"
    )

    _order_of_days = models.Constraint(
        "CHECK (date_to >= date_from)", "A plan ends on its first day or later."
    )

    @api.depends("change", "stretch", "point_id", "date_from")
    def _compute_display_name(self):
        for plan in self:
            selections = plan._fields
            plan.display_name = self.env._(
                "%(change)s, each %(length)s",
                change=dict(selections["change"]._description_selection(self.env)).get(
                    plan.change
                ),
                length=dict(selections["stretch"]._description_selection(self.env))
                .get(plan.stretch, "")
                .lower(),
            )

    @api.constrains("line_ids", "active")
    def _check_questions(self):
        for plan in self:
            if plan.active and not plan.line_ids:
                raise ValidationError(self.env._("A plan needs at least one question."))

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._generate()
        return plans

    def write(self, vals):
        result = super().write(vals)
        self._generate()
        return result

    def unlink(self):
        self._forget_future()
        return super().unlink()

    def action_open_periods(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_feedback_question_period_action"
        )
        return {**action, "domain": [("plan_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_generate(self):
        """Lay the questions of the coming weeks down."""
        for plan in self.search([("active", "=", True)]):
            plan.with_company(plan.company_id)._fill(plan._wanted())

    def _generate(self):
        """Lay the coming questions down anew; what has begun stays."""
        self._forget_future()
        for plan in self.filtered("active"):
            plan._fill(plan._wanted())

    def _forget_future(self):
        self.period_ids.filtered(lambda period: not period.is_begun).unlink()

    def _wanted(self):
        """:return: the turns from today on"""
        self.ensure_one()
        questions = self.line_ids.question_id
        today = self.period_ids.with_company(self.company_id)._today()
        stop = today + timedelta(days=DAYS_AHEAD)
        if self.date_to:
            stop = min(stop, self.date_to)
        if not questions:
            return []
        seed = self.seed if self.change == "random" else None
        return [
            turn._replace(
                days=turn.days._replace(date_from=max(turn.days.date_from, today))
            )
            for turn in turns(
                self.stretch, self.date_from, stop, len(self.line_ids), seed
            )
            if turn.days.date_to >= today
        ]

    def _fill(self, wanted):
        """Create periods on the days of some turns that have none yet."""
        if not wanted:
            return
        self.ensure_one()
        periods = self.env["kpi.feedback.question.period"]
        first, last = wanted[0].days.date_from, wanted[-1].days.date_to
        others = periods.search(
            [
                ("company_id", "=", self.company_id.id),
                ("point_id", "=", self.point_id.id),
                ("date_from", "<=", last),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", first),
            ]
        )
        taken = [
            Stretch(period.date_from, self._taken_until(period, last))
            for period in others
        ]
        periods.create(
            [
                {
                    "company_id": self.company_id.id,
                    "point_id": self.point_id.id,
                    "question_id": self.line_ids[turn.place].question_id.id,
                    "date_from": days.date_from,
                    "date_to": days.date_to,
                    "change": self.change,
                    "plan_id": self.id,
                }
                for turn in wanted
                for days in free_days(turn.days, taken)
            ]
        )

    def _taken_until(self, period, last):
        """An open period gives way to a plan that begins after it, never in its day."""
        if period.date_to:
            return period.date_to
        if period.date_from < self.date_from and period.is_begun:
            return max(period._today(), self.date_from - timedelta(days=1))
        return last
