from odoo import fields, models


class KpiFeedbackQuestionConfirmation(models.Model):
    """Somebody on the spot changed the printed plate."""

    _name = "kpi.feedback.question.confirmation"
    _description = "Changed Plate"
    _order = "confirmed_at DESC, id DESC"

    period_id = fields.Many2one(
        "kpi.feedback.question.period", required=True, index=True, ondelete="cascade"
    )
    point_id = fields.Many2one("kpi.feedback.point", required=True)
    company_id = fields.Many2one(related="period_id.company_id", store=True)
    confirmed_at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )

    _point_unique = models.UniqueIndex(
        "(period_id, point_id)", "The plate of this point is confirmed already."
    )
