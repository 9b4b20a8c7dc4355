from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    kpi_feedback_point_id = fields.Many2one(
        "kpi.feedback.point",
        string="Feedback point",
        domain="[('kind', '=', 'three_button'), ('company_id', '=', company_id)]",
        index="btree_not_null",
        help="The customer of a paid receipt is asked at this point: the receipt is "
        "the seller's press.",
    )
