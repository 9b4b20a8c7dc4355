from datetime import timedelta

from freezegun.api import real_datetime

from odoo.tests import HttpCase, tagged
from odoo.tests.common import freeze_time

from .poll_common import PollCommon


@tagged("post_install", "-at_install")
class TestFeedbackBoardTour(PollCommon, HttpCase):
    """In a browser, so in the present: polls of yesterday."""

    def test_from_the_index_to_its_polls(self):
        now = real_datetime.utcnow().replace(hour=12, minute=0, second=0, microsecond=0)
        with freeze_time(now):
            self._yesterday(now)
        with freeze_time(real_datetime.utcnow(), tick=True):
            self.start_tour(
                "/odoo/feedback?kpi_period=days_7",
                "kpi_feedback_board",
                login=self.user_manager.login,
            )
        improvement = self.env["kpi.improvement"].search(
            [("name", "=", "Nobody greets at the counter")]
        )
        self.assertEqual(improvement.site_id, self.shop)
        self.assertEqual(improvement.department_id, self.retail)
        self.assertEqual(
            improvement.indicator_id, self.indicator("dissatisfaction_staff")
        )

    def _yesterday(self, now):
        """Ten of 40 say No at the counter of the shop, none of 40 at the depot."""
        day = now - timedelta(days=1)
        moment = f"{day:%Y-%m-%d} 10:00:00"
        dock = self.point("Dock", site_id=self.depot.id, department_id=self.storage.id)
        self.add_polls({"yes": 30, "no": 10}, moment)
        self.add_polls({"yes": 40}, moment, point=dock, employee_id=self.picker.id)
        self.measure(
            "dissatisfaction_staff dissatisfaction_office emotional_loyalty"
            " force_majeure_share",
            day.date(),
            now.date(),
        )
