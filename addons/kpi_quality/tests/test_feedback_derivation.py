from odoo.tests import tagged

from .feedback_common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestFeedbackDerivation(FeedbackCommon):
    start = "2025-03-05 10:00:00"

    def test_sequence_of_the_formulas(self):
        self.presses(
            self.counter,
            self.start,
            [
                (0, "seller"),
                (12, "yes"),
                (100, "seller"),
                (170, "no"),
                (200, "seller"),
                (205, "no"),
                (207, "yes"),
                (230, "seller"),
                (300, "seller", 3.4),
                (310, "seller"),
                (330, "no"),
                (500, "seller", 4.0),
            ],
        )
        self.assertEqual(
            self.polls(self.counter, self.start),
            [(0, "yes"), (100, "silent"), (200, "no"), (230, "silent"), (310, "no")],
        )
        self.assertEqual(
            self.force_majeures(self.counter, self.start), [(300, 500, "press")]
        )
        last = self.env["kpi.feedback.poll"].search(
            [("point_id", "=", self.counter.id)], limit=1
        )
        self.assertEqual(last.force_majeure_id.ended_by, "press")
        self.assertEqual(last.response_ms, 20_000)
