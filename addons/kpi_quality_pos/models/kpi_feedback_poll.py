from odoo import fields, models


class KpiFeedbackPoll(models.Model):
    _inherit = "kpi.feedback.poll"

    # Of the press that asked: deriving polls again needs to know nothing of tills.
    pos_order_id = fields.Many2one(related="event_id.pos_order_id")
