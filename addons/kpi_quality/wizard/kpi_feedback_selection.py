from odoo import fields, models
from odoo.tools import SQL

from ..const import ANSWERS


class KpiFigureSelection(models.TransientModel):
    """What the feedback board narrows a figure down by, beside what atoms know."""

    _inherit = "kpi.figure.selection"

    department_tree_id = fields.Many2one(
        "hr.department", help="With the departments below it."
    )
    at_hour = fields.Integer(default=-1, help="Local hour; below 0: the whole day.")
    point_id = fields.Many2one("kpi.feedback.point")
    answer = fields.Selection(ANSWERS)

    def _atom_domain(self):
        domain = super()._atom_domain()
        if self.department_tree_id:
            domain.append(("department_id", "child_of", self.department_tree_id.id))
        if self.at_hour >= 0:
            domain.append(("hour", "=", self.at_hour))
        return domain

    def _readable_documents(self, indicator):
        condition = super()._readable_documents(indicator)
        if not (self.point_id or self.answer):
            return condition
        domain = [
            *([("point_id", "=", self.point_id.id)] if self.point_id else ()),
            *([("answer", "=", self.answer)] if self.answer else ()),
        ]
        polls = self.env["kpi.feedback.poll"]._search(domain)
        return SQL(
            "%s AND placed.res_model = 'kpi.feedback.poll' AND placed.res_id IN %s",
            condition,
            polls.subselect(),
        )
