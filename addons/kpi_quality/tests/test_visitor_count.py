from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from .feedback_common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestVisitorCount(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counts = cls.env["kpi.visitor.count"]
        cls.back_door = cls.env["kpi.site.entrance"].create(
            {"name": "Back door", "code": "D-2", "site_id": cls.shop.id}
        )

    def _count(self, hour, visitors=10, day="2025-03-05", **values):
        return self.counts.create(
            {
                "entrance_id": self.entrance.id,
                "date": day,
                "hour": hour,
                "visitors": visitors,
                **values,
            }
        )

    # ----------------------------------------------------------------- entry
    def test_time_is_chosen_in_words(self):
        count = self.counts.create(
            {
                "entrance_id": self.entrance.id,
                "date": "2025-03-05",
                "hour": -1,  # what the form suggests
                "hour_slot": "17",
                "visitors": 5,
            }
        )
        self.assertEqual((count.hour, count.hour_slot), (17, "17"))
        self.assertEqual(count.source, "manual")
        count.hour_slot = "-1"
        self.assertEqual((count.hour, count.hour_slot), (-1, "-1"))
        self.assertEqual(
            count.display_name, "Arbat / Front door, 03/05/2025, Whole day"
        )

    def test_an_hour_is_counted_once(self):
        self._count(10)
        with (
            self.assertRaisesRegex(Exception, "count_unique"),
            mute_logger("odoo.sql_db"),
        ):
            self._count(10)

    def test_a_day_and_its_hours_would_count_twice(self):
        self._count(10)
        self._count(-1, entrance_id=self.back_door.id)
        for hour, entrance in ((-1, self.entrance), (10, self.back_door)):
            with self.assertRaisesRegex(ValidationError, "whole day"):
                self._count(hour, entrance_id=entrance.id)
        self._count(-1, day="2025-03-06")

    def test_another_hour_of_a_day_joins_in_the_list(self):
        self._count(10)
        with Form(self.counts, view="kpi_quality.kpi_visitor_count_view_list") as row:
            row.entrance_id = self.entrance
            row.date = "2025-03-05"
            row.hour_slot = "11"
            row.visitors = 20
        self.assertEqual(row.record.hour, 11)

    def test_both_at_once_are_refused_too(self):
        with self.assertRaisesRegex(ValidationError, "whole day"):
            self.counts.create(
                [
                    {
                        "entrance_id": self.entrance.id,
                        "date": "2025-03-05",
                        "hour": hour,
                        "visitors": 1,
                    }
                    for hour in (-1, 9)
                ]
            )

    def test_tomorrow_nobody_was_counted(self):
        self._count(-1, day="2025-03-20")
        with self.assertRaisesRegex(ValidationError, "03/22/2025"):
            self._count(-1, day="2025-03-22")

    # ---------------------------------------------------------------- import
    def _import(self, *rows):
        counts = self.counts.with_user(self.user_manager).with_context(import_file=True)
        return counts.load(
            ["entrance_id", "date", "hour", "visitors"], [list(row) for row in rows]
        )

    def test_import_finds_entrances_by_full_name_and_code(self):
        other = self.env["kpi.site.entrance"].create(
            {"name": "Front door", "site_id": self.depot.id}
        )
        result = self._import(
            ("Depot / Front door", "2025-03-05", "10", "7"),
            ("Arbat / Front door", "2025-03-05", "10", "42"),
            ("D-2", "2025-03-05", "-1", "120"),
        )
        self.assertFalse(result["messages"])
        self.assertRecordValues(
            self.counts.browse(result["ids"]),
            [
                {"entrance_id": entrance.id, "visitors": visitors, "source": "import"}
                for entrance, visitors in (
                    (other, 7),
                    (self.entrance, 42),
                    (self.back_door, 120),
                )
            ],
        )

    @mute_logger("odoo.sql_db", "odoo.orm.models", "odoo.models")
    def test_import_names_the_row_that_is_there_already(self):
        self._count(10)
        result = self._import(
            ("Arbat / Front door", "2025-03-05", "9", "1"),
            ("Arbat / Front door", "2025-03-05", "10", "2"),
        )
        self.assertFalse(result["ids"])
        [message] = result["messages"]
        self.assertIn("counted already", message["message"])
        self.assertEqual(message["record"], 1)

    @mute_logger("odoo.sql_db")  # Odoo tries to insert it, and logs that
    def test_import_of_an_unknown_entrance(self):
        result = self._import(("Arbat / Roof", "2025-03-05", "9", "1"))
        self.assertIn("Arbat / Roof", result["messages"][0]["message"])
        self.assertFalse(result["ids"])

    def test_template_has_the_columns_that_are_imported(self):
        [template] = self.counts.get_import_templates()
        path = template["template"].removeprefix("/")
        wizard = self.env["base_import.import"].with_user(self.user_manager)
        wizard = wizard.create(
            {
                "res_model": "kpi.visitor.count",
                "file": self._read(path),
                "file_name": path,
                "file_type": "application/vnd.openxmlformats-officedocument"
                ".spreadsheetml.sheet",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        preview = wizard.parse_preview(options)
        self.assertEqual(
            [preview["matches"][column] for column in sorted(preview["matches"])],
            [["entrance_id"], ["date"], ["hour"], ["visitors"]],
        )
        self.back_door.code = False
        result = wizard.execute_import(
            ["entrance_id", "date", "hour", "visitors"],
            preview["headers"],
            preview["options"],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(
            self.counts.browse(result["ids"]).mapped("visitors"), [42, 57, 120]
        )

    def _read(self, path):
        with file_open(path, "rb") as file:
            return file.read()

    def test_entrances_are_found_while_typing(self):
        found = self.env["kpi.site.entrance"].name_search
        own = (self.entrance.id, "Arbat / Front door")
        self.assertIn(own, found("Arb"))
        self.assertIn(own, found("front"))
        self.assertIn(own, found("Arbat / Fr"))
        self.assertFalse(found("Arbat", operator="="))
        others = self.env["kpi.site.entrance"].search(
            [
                ("display_name", "!=", "Arbat / Front door"),
                ("site_id", "=", self.shop.id),
            ]
        )
        self.assertEqual(others, self.back_door)

    # --------------------------------------------------------------- devices
    def test_sent_again_takes_the_place_of_the_former(self):
        for visitors in (10, 12, 12):
            count = self.counts._record(self.entrance, date(2025, 3, 5), 10, visitors)
        self.assertEqual((count.visitors, count.source), (12, "counter"))
        self.assertEqual(
            self.counts.search([("entrance_id", "=", self.entrance.id)]), count
        )

    def test_what_a_person_corrected_stays(self):
        count = self.counts._record(self.entrance, date(2025, 3, 5), 10, 1000)
        count.visitors = 10
        self.assertEqual(count.source, "manual")
        self.counts._record(self.entrance, date(2025, 3, 5), 10, 1000)
        self.assertEqual(count.visitors, 10)
        self.counts._record(self.entrance, date(2025, 3, 5), 10, 11, "manual")
        self.assertEqual(count.visitors, 11)

    # ---------------------------------------------------------------- rights
    def test_a_lead_reads_the_own_sites_and_changes_nothing(self):
        mine = self._count(10)
        gate = self.env["kpi.site.entrance"].create(
            {"name": "Gate", "site_id": self.depot.id}
        )
        theirs = self._count(10, entrance_id=gate.id)
        as_lead = self.counts.with_user(self.user_lead)
        self.assertEqual(as_lead.search([("id", "in", (mine + theirs).ids)]), mine)
        with self.assertRaises(AccessError):
            mine.with_user(self.user_lead).visitors = 99
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_lead).read(["visitors"])
        mine.with_user(self.user_manager).visitors = 11
        self.assertEqual(mine.visitors, 11)

    def test_another_company_sees_nothing(self):
        mine = self._count(10)
        other = self._create_company("Other")
        manager = self._create_user("kpi_other_manager", "manager", company=other)
        theirs = self.counts.with_user(manager).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(theirs.search([("id", "=", mine.id)]))

    # ---------------------------------------------------------------- closed
    def test_a_closed_day_gets_a_late_correction(self):
        february = self.period(date(2025, 2, 1))
        self._count(-1, 100, "2025-02-10")
        with self.at("2025-03-03 12:00"):
            february.action_measure()
        with self.at("2025-03-05 12:00"):
            february.action_close()
        self._count(-1, 40, "2025-02-11")
        indicator = self.indicator("site_visitors")
        with self.at("2025-03-10 03:30"):
            engine = self.env["kpi.engine"]
            engine._measure_or_record_error(indicator, engine._open_window(), True)
        self.assertFalse(indicator.error_message)
        days = (date(2025, 2, 1), date(2025, 2, 28))
        self.assertEqual(self.fact("site_visitors", self.shop, *days).value, 100)
        self.assertEqual(
            self.fact("site_visitors", self.shop, *days, corrected=True).value, 140
        )
