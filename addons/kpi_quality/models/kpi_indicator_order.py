"""The sources of delays, narrowed down to the order that a report row is about."""

from odoo import models
from odoo.tools import SQL

from ..tools.window import Window


class OrderWindow(Window):
    """All promises of one order: of the ``orders`` row of the surrounding SELECT."""


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    def _pick_parts(self, window):
        parts = super()._pick_parts(window)
        if not isinstance(window, OrderWindow):
            return parts
        return SQL(
            """
            SELECT of_order.*
            FROM (%s) AS of_order
            WHERE of_order.sale_line_id IN (
                SELECT own_line.id
                FROM sale_order_line AS own_line
                WHERE own_line.order_id = orders.id
            )
            """,
            parts,
        )

    def _due_lines(self, window):
        lines = super()._due_lines(window)
        if not isinstance(window, OrderWindow):
            return lines
        return SQL("%s AND line.order_id = orders.id", lines)

    def _order_hours(self, window):
        """SQL: the hours of a source, added up over one order.

        :param OrderWindow window: between which days promises are looked for
        """
        documents = getattr(self, f"_select_{self.source}")(window)
        return SQL(
            "SELECT SUM(document.numerator) AS hours FROM (%s) AS document", documents
        )
