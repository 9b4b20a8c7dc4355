from odoo import api, models

from .survey_matrix_templates import TEMPLATES


class KpiMatrixTemplate(models.TransientModel):
    _inherit = "kpi.matrix.template"

    @api.model
    def _templates(self):
        return super()._templates() | TEMPLATES
