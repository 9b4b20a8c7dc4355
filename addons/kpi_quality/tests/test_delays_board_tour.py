from datetime import timedelta

from freezegun.api import real_datetime

from odoo.tests import HttpCase, tagged
from odoo.tests.common import freeze_time

from .board_common import BoardCommon


@tagged("post_install", "-at_install")
class TestDelaysBoardTour(BoardCommon, HttpCase):
    """In a browser, so in the present: promises of yesterday."""

    def test_a_morning(self):
        """Two hours late at the dock, ten more on it; and a pick that waits."""
        self.user_warehouse_lead.group_ids += self.env.ref("stock.group_stock_user")
        now = real_datetime.utcnow().replace(hour=12, minute=0, second=0)
        with freeze_time(now):
            self._yesterday(now)
        with freeze_time(real_datetime.utcnow(), tick=True):
            self.start_tour(
                "/odoo/delays?kpi_process=pick",
                "kpi_delays_board",
                login=self.user_warehouse_lead.login,
            )
        improvement = self.env["kpi.improvement"].search(
            [("name", "=", "Goods lie at the dock")]
        )
        self.assertEqual(improvement.partner_id, self.vendor)
        self.assertEqual(
            improvement.indicator_id, self.indicator("inbound_delay_hours")
        )

    def _yesterday(self, now):
        """Receipt promised two days ago, 10:00, norm 4 h; 12:00 there, 02:00 in."""
        day = now - timedelta(days=2)
        at = "{:%Y-%m-%d} ".format
        order = self.purchase(promise=at(day) + "10:00", at=at(day) + "08:00")
        self.mark(order.picking_ids, at(day) + "12:00")
        self.receive(order, at(day + timedelta(days=1)) + "02:00")
        self.sale(promise=at(day) + "10:00", at=at(day) + "08:00")
        self.measure(
            "pick_delay_hours inbound_delay_hours inbound_delay_supplier"
            " inbound_delay_receiving",
            day.date() - timedelta(days=1),
            now.date(),
        )
