from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_kpi_feedback_point_id = fields.Many2one(
        related="pos_config_id.kpi_feedback_point_id", readonly=False
    )
