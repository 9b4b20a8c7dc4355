from odoo import fields, models

from odoo.addons.kpi_quality.const import EVENT_BUTTONS


class KpiConsoleButton(models.Model):
    """What a button of a console means."""

    _name = "kpi.console.button"
    _description = "Button of a Console"
    _inherit = ["kpi.guarded.mixin"]
    _order = "console_id, number"
    _rec_name = "number"
    _check_company_auto = True

    console_id = fields.Many2one(
        "kpi.console", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="console_id.company_id", store=True)
    number = fields.Integer(
        required=True, aggregator=None, help="As the console sends it."
    )
    button = fields.Selection(EVENT_BUTTONS, string="Meaning", required=True)
    point_id = fields.Many2one(
        "kpi.feedback.point",
        check_company=True,
        help="Empty: the point of the console.",
    )

    _number_unique = models.UniqueIndex(
        "(console_id, number)", "A button of a console means one thing only."
    )
    _number_range = models.Constraint(
        "CHECK (number BETWEEN 1 AND 999)", "Buttons are numbered from 1 on."
    )
