from odoo import fields, models


class KpiFeedbackQuestionPlanLine(models.Model):
    """A question that takes its turn."""

    _name = "kpi.feedback.question.plan.line"
    _description = "Question of a Plan"
    _inherit = ["kpi.guarded.mixin"]
    _order = "sequence, id"
    _rec_name = "question_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "kpi.feedback.question.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    question_id = fields.Many2one(
        "kpi.feedback.question", required=True, check_company=True
    )
