from odoo.tests import tagged

from .ingest_common import IngestCommon


@tagged("post_install", "-at_install")
class TestIngest(IngestCommon):
    def test_presses_are_stored_once_and_answered_row_by_row(self):
        seller, answer = self.event(4, ago=9.5), self.event(1, ago=3.25)
        self.assertEqual(
            self.statuses(self.ingest(seller, answer)), ["stored", "stored"]
        )
        self.assertEqual(
            self.statuses(self.ingest(seller, self.event(2, ago=1), answer)),
            ["known", "stored", "known"],
        )
        self.assertRecordValues(
            self.stored(seller, answer),
            [
                {
                    "point_id": self.counter.id,
                    "company_id": self.company.id,
                    "button": "seller",
                    "pressed_ms": 750,
                    "held_ms": 120,
                    "source": "console",
                },
                {
                    "point_id": self.counter.id,
                    "company_id": self.company.id,
                    "button": "yes",
                    "pressed_ms": 0,
                    "held_ms": 120,
                    "source": "console",
                },
            ],
        )
        self.assertEqual(
            self.polls(self.counter, "2025-03-05 14:59:50"), [(0.75, "yes")]
        )
