from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"
    _kpi_poll_link = "sale_order_id"

    def _kpi_start_poll(self, point=None):
        """Ask the customers of orders the question in force, each order once.

        For server actions and automation rules, e.g. when an order is confirmed.

        :param point: where they answer; of each order's salesperson without
        :return: the presses of the seller that stand for it
        """
        events = self.env["kpi.feedback.event"]
        for order in self:
            order_point = point or order._kpi_poll_point()
            if not order_point:
                raise UserError(
                    self.env._(
                        "Order %(order)s: nobody knows where the customer can answer. "
                        "Let %(seller)s log in at a point, or give the department one "
                        "point with three buttons.",
                        order=order.name,
                        seller=order.user_id.name or self.env._("the salesperson"),
                    )
                )
            events |= events._start_for(order, order_point)
        return events

    def _kpi_poll_values(self):
        """What a press that stands for this order knows."""
        return {
            "sale_order_id": self.id,
            "partner_id": self.partner_id.id,
            "employee_id": self._kpi_poll_seller().id,
        }

    def _kpi_poll_seller(self):
        employees = self.env["hr.employee"].sudo()  # of whoever's department
        return employees.search(
            [
                ("user_id", "=", self.user_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    def _kpi_poll_point(self):
        """Where the seller is logged in, else the only console of the department."""
        seller = self._kpi_poll_seller()
        points = self.env["kpi.feedback.point"].sudo()  # of whoever's site
        if not self.user_id or not seller:
            return points
        now = fields.Datetime.now()
        logins = self.env["kpi.duty"].sudo()  # sellers see their own only
        login = logins.search(
            [
                ("kind", "=", "login"),
                ("employee_id", "=", seller.id),
                ("point_id.company_id", "=", self.company_id.id),
                ("start", "<=", now),
                "|",
                ("stop", "=", False),
                ("stop", ">", now),
            ],
            order="start DESC, id DESC",
            limit=1,
        )
        if login:
            return login.point_id
        consoles = points.search(
            [
                ("department_id", "=", seller.department_id.id),
                ("kind", "=", "three_button"),
            ]
        )
        return consoles if len(consoles) == 1 else points
