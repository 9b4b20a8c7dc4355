from odoo import fields, models

from ..const import POINT_KINDS, SELLER_MEANINGS


class KpiFeedbackPoint(models.Model):
    """A counter or desk where customers and sellers press buttons."""

    _name = "kpi.feedback.point"
    _description = "Feedback Point"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "site_id, sequence, name"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    code = fields.Char(required=True, copy=False, help="Short name for imports.")
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True, tracking=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    department_id = fields.Many2one(
        "hr.department", check_company=True, index=True, tracking=True
    )
    kind = fields.Selection(
        POINT_KINDS, required=True, default="three_button", tracking=True
    )
    seller_meaning = fields.Selection(
        SELLER_MEANINGS,
        string="The seller's press means",
        required=True,
        default="both",
        tracking=True,
    )
    response_window = fields.Float(
        string="Response window (seconds)", required=True, default=60, digits=0
    )
    long_press = fields.Float(
        string="Long press (seconds)", required=True, default=3, digits=0
    )
    bounce = fields.Float(string="Bounce (seconds)", required=True, default=3, digits=0)
    force_majeure_limit = fields.Float(
        string="Force majeure at most (minutes)", required=True, default=60, digits=0
    )
    has_plate = fields.Boolean(
        string="Printed question",
        help="A new question is in force here when somebody on the spot confirmed that "
        "the plate was changed.",
    )
    camera_id = fields.Many2one("kpi.feedback.camera", check_company=True)
    entrance_id = fields.Many2one(
        "kpi.site.entrance",
        check_company=True,
        help="The door whose visitors are counted here.",
    )
    rule_ids = fields.One2many("kpi.feedback.point.rule", "point_id")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another point of the company has this code."
    )
