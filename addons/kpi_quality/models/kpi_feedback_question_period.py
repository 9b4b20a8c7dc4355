from odoo import fields, models

from ..const import QUESTION_CHANGES


class KpiFeedbackQuestionPeriod(models.Model):
    """Which question is asked in a stretch of days; a point may deviate."""

    _name = "kpi.feedback.question.period"
    _description = "Question in Force"
    _order = "date_from DESC, id DESC"
    _rec_name = "question_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    point_id = fields.Many2one(
        "kpi.feedback.point",
        check_company=True,
        index=True,
        ondelete="cascade",
        help="Empty: all points of the company.",
    )
    question_id = fields.Many2one("kpi.feedback.question", required=True)
    date_from = fields.Date(required=True)
    date_to = fields.Date(help="Empty: until another one begins.")
    change = fields.Selection(
        QUESTION_CHANGES, required=True, default="manual", readonly=True
    )
    confirmation_ids = fields.One2many(
        "kpi.feedback.question.confirmation", "period_id"
    )
