from odoo import fields, models

from ..const import QUESTION_KINDS


class KpiFeedbackQuestion(models.Model):
    """A key question that customers are asked."""

    _name = "kpi.feedback.question"
    _description = "Key Question"
    _order = "sequence, id"
    _rec_name = "text"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(QUESTION_KINDS, required=True)
    text = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    invitation = fields.Binary(
        attachment=True, help="Sound or video that invites to answer."
    )
    invitation_name = fields.Char(export_string_translation=False)
