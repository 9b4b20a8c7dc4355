from odoo.tests import tagged

from .feedback_common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestFeedbackEvent(FeedbackCommon):
    def test_press_knows_its_company_and_uuid(self):
        event, other = self.presses(
            self.counter, "2025-03-05 10:00:00.250", [(0, "seller"), (1.5, "yes", 4)]
        )
        self.assertRecordValues(
            event | other,
            [
                {
                    "company_id": self.company.id,
                    "pressed_at": self.utc("2025-03-05 10:00:00"),
                    "pressed_ms": 250,
                    "held_ms": 200,
                },
                {
                    "company_id": self.company.id,
                    "pressed_at": self.utc("2025-03-05 10:00:01"),
                    "pressed_ms": 750,
                    "held_ms": 4000,
                },
            ],
        )
        self.assertTrue(event.uuid)
        self.assertNotEqual(event.uuid, other.uuid)
