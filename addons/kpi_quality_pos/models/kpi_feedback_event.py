from odoo import fields, models


class KpiFeedbackEvent(models.Model):
    _inherit = "kpi.feedback.event"

    pos_order_id = fields.Many2one(
        "pos.order",
        string="Till receipt",
        ondelete="restrict",
        index="btree_not_null",
    )
