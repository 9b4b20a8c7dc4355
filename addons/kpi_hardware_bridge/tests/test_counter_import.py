from datetime import date

from odoo.tests import tagged

from odoo.addons.kpi_quality.tests.feedback_common import FeedbackCommon

# As the software of a door counter exports it: its own names of doors, local hours.
FILE = """Sensor;Day;From hour;Persons in
FRONT-1;05.03.2025;9;17
FRONT-1;05.03.2025;10;42
FRONT-1;06.03.2025;9;0
"""
COLUMNS = ["entrance_id", "date", "hour", "visitors"]


@tagged("post_install", "-at_install")
class TestCounterImport(FeedbackCommon):
    """Files of door counters are taken by Odoo's own import: nothing of ours is in it
    but the names of entrances.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entrance.code = "FRONT-1"

    def import_file(self, text):
        wizard = (
            self.env["base_import.import"]
            .with_user(self.user_manager)
            .create(
                {
                    "res_model": "kpi.visitor.count",
                    "file": text.encode(),
                    "file_name": "counter.csv",
                    "file_type": "text/csv",
                }
            )
        )
        options = {"has_headers": True, "quoting": '"', "separator": ""}
        preview = wizard.parse_preview(options)
        chosen = {**preview["options"], "date_format": "%d.%m.%Y"}
        return wizard.execute_import(COLUMNS, preview["headers"], chosen)

    def counts(self):
        counts = self.env["kpi.visitor.count"].search(
            [("entrance_id", "=", self.entrance.id)], order="date, hour"
        )
        return [(count.date, count.hour, count.visitors) for count in counts]

    def test_semicolons_and_day_first(self):
        result = self.import_file(FILE)
        self.assertFalse(result["messages"])
        self.assertEqual(
            self.counts(),
            [
                (date(2025, 3, 5), 9, 17),
                (date(2025, 3, 5), 10, 42),
                (date(2025, 3, 6), 9, 0),
            ],
        )

    def test_imported_visitors_are_in_the_figures(self):
        self.import_file(FILE)
        self.assertEqual(
            self.env["kpi.visitor.count"]
            .search([("entrance_id", "=", self.entrance.id)])
            .mapped("source"),
            ["import"] * 3,
        )
        self.measure("site_visitors")
        self.assertEqual(sum(self.atoms("site_visitors").mapped("numerator")), 59)
