from odoo import SUPERUSER_ID, models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "kpi.journal.mixin"]

    def _set_scheduled_date(self):
        """A person moves the transfer; what Odoo itself moves is no promise."""
        before = []
        if self.env.uid != SUPERUSER_ID:
            before = [
                (picking, picking._kpi_planned_date())
                for picking in self
                if picking.state not in ("draft", "done", "cancel")
            ]
        result = super()._set_scheduled_date()
        self.env["kpi.order.journal"]._log_reschedule(
            (picking, planned)
            for picking, planned in before
            if planned != picking.scheduled_date
        )
        return result

    def _kpi_planned_date(self):
        """The planned date by its moves, which know nothing of the new one yet."""
        dates = [
            move.date for move in self.move_ids if move.state not in ("done", "cancel")
        ]
        if not dates:
            return False
        return min(dates) if self.move_type == "direct" else max(dates)
