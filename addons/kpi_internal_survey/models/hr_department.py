from odoo import fields, models

from ..const import UNIT_KINDS


class HrDepartment(models.Model):
    _inherit = "hr.department"

    kpi_is_unit = fields.Boolean(
        string="Survey unit",
        help="Rates other departments and is rated as a whole. "
        "The people of departments below that are no units themselves belong to it.",
    )
    kpi_unit_kind = fields.Selection(
        UNIT_KINDS, string="Kind of unit", default="head_office"
    )
    kpi_unit_tag_ids = fields.Many2many("kpi.survey.unit.tag", string="Unit tags")
