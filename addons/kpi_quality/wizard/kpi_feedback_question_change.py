from odoo import api, fields, models


class KpiFeedbackQuestionChange(models.TransientModel):
    """Ask another question from today on.

    Where customers have been asked today already, it begins tomorrow: a day has one
    question, and what was answered keeps its own.
    """

    _name = "kpi.feedback.question.change"
    _description = "Change the Question"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    point_id = fields.Many2one(
        "kpi.feedback.point", check_company=True, help="Empty: all points."
    )
    question_id = fields.Many2one(
        "kpi.feedback.question", string="New question", required=True
    )
    date_from = fields.Date(
        string="First day",
        compute="_compute_days",
        store=True,
        precompute=True,
        required=True,
    )
    date_to = fields.Date(
        string="Last day",
        compute="_compute_days",
        store=True,
        readonly=False,
        precompute=True,
        help="As long as the present question was planned for; empty: until another "
        "one begins.",
    )
    begins_tomorrow = fields.Boolean(
        compute="_compute_days", store=True, precompute=True
    )

    @api.depends("company_id", "point_id")
    def _compute_days(self):
        periods = self.env["kpi.feedback.question.period"]
        for change in self:
            today = periods.with_company(change.company_id)._today()
            day = periods._first_day_to_change(change.company_id, change.point_id)
            change.date_from = day
            change.date_to = periods._running(
                change.company_id, change.point_id, day
            ).date_to
            change.begins_tomorrow = day != today

    def action_change(self):
        self.ensure_one()
        self.env["kpi.feedback.question.period"]._change(
            self.company_id,
            self.point_id,
            self.question_id,
            self.date_from,
            self.date_to,
        )
        return {"type": "ir.actions.act_window_close"}
