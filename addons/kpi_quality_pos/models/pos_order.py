from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"
    _kpi_poll_link = "pos_order_id"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._kpi_start_poll()
        return result

    def _kpi_start_poll(self):
        """Ask the customers of receipts at the feedback points of their tills.

        Who only brings goods back was asked when they were bought.
        """
        events = self.env["kpi.feedback.event"]
        for order in self:
            point = order.config_id.sudo().kpi_feedback_point_id  # cashiers see none
            if point and any(line.qty > 0 for line in order.lines):
                events |= events._start_for(order, point)
        return events

    def _kpi_poll_values(self):
        """What a press that stands for this receipt knows."""
        return {
            "pos_order_id": self.id,
            "partner_id": self.partner_id.id,
            "employee_id": self._kpi_poll_seller().id,
        }

    def _kpi_poll_seller(self):
        """Who is logged in at the till, else the employee of its user."""
        if "employee_id" in self._fields and self.employee_id:  # of pos_hr
            return self.employee_id
        employees = self.env["hr.employee"].sudo()  # of whoever's department
        return employees.search(
            [
                ("user_id", "=", self.user_id.id),
                ("user_id", "!=", False),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
