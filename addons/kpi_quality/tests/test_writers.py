"""Two writers at once, with cursors of their own: what is here is committed."""

from datetime import date, datetime

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import get_db_name
from odoo.tests.common import BaseCase, tagged
from odoo.tools import mute_logger

from ..exceptions import BusyError
from ..models.kpi_engine import Measured
from ..tools.window import Window

REF = "KPI-WRITERS"
NOW = datetime(2020, 2, 10, 12)
JANUARY = Window(date(2020, 1, 1), date(2020, 1, 31), NOW)


@tagged("post_install", "-at_install")
class TestWriters(BaseCase):
    """An indicator over three partners of January 2020, deleted again after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._delete_all)
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            indicator = env["kpi.indicator"].create(
                {
                    "code": "writers_at_once",
                    "name": "Writers at once",
                    "source": "model",
                    "model_id": env["ir.model"]._get("res.partner").id,
                    "model_domain": f"[('ref', '=', '{REF}')]",
                    "company_id": company.id,
                }
            )
            partners = env["res.partner"].create(
                [{"name": f"KPI writer {number}", "ref": REF} for number in range(3)]
            )
            cr.execute(
                "UPDATE res_partner SET create_date = '2020-01-10' WHERE id = ANY(%s)",
                [partners.ids],
            )
            cls.indicator_id = indicator.id
            cls.period_values = {
                "kind": "other",
                "date_from": "2020-01-01",
                "date_to": "2020-01-31",
                "company_id": company.id,
            }

    @classmethod
    def _delete_all(cls):
        with cls.registry.cursor() as cr:
            cr.execute(
                """
                DELETE FROM kpi_period
                WHERE date_from = '2020-01-01' AND kind = 'other';
                DELETE FROM kpi_indicator WHERE code = 'writers_at_once';
                DELETE FROM res_partner WHERE name LIKE 'KPI writer _';
                """
            )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            cr.execute(
                """
                DELETE FROM kpi_measurement WHERE indicator_id = %s;
                DELETE FROM kpi_period
                WHERE date_from = '2020-01-01' AND kind = 'other';
                """,
                [self.indicator_id],
            )
        self.first, self.second = self._open(), self._open()

    def _open(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {})

    def _measure(self, env, nightly=False):
        indicator = env["kpi.indicator"].browse(self.indicator_id)
        return env["kpi.engine"]._measure(indicator, JANUARY, nightly)

    def _rows(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT numerator FROM kpi_measurement WHERE indicator_id = %s",
                [self.indicator_id],
            )
            return [float(number) for [number] in cr.fetchall()]

    def test_second_writer_gets_a_message_while_the_first_measures(self):
        self.assertEqual(self._measure(self.first), Measured(1, 0, 0))
        with self.assertRaises(BusyError) as caught:
            self._measure(self.second)
        self.assertIn("Writers at once", str(caught.exception))
        self.second.cr.rollback()
        self.first.cr.commit()
        self.assertEqual(self._measure(self.second), Measured(0, 0, 0))
        self.second.cr.commit()
        self.assertEqual(self._rows(), [3.0])

    def test_writer_who_looked_before_the_first_was_done_fails(self):
        """Its view of the data is older: it would insert the same rows again."""
        self.second["kpi.indicator"].search_count([])  # takes its view
        self._measure(self.first)
        self.first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self._measure(self.second)
        self.second.cr.rollback()
        self.assertEqual(self._rows(), [3.0])
        self.assertEqual(self._measure(self.second), Measured(0, 0, 0))

    def test_first_writer_gives_up(self):
        self._measure(self.first)
        self.first.cr.rollback()
        self.assertEqual(self._rows(), [])
        self.assertEqual(self._measure(self.second), Measured(1, 0, 0))

    def test_run_leaves_out_who_is_busy(self):
        """As the scheduled action meets it: no error on the indicator, no rows."""
        self._measure(self.first)
        engine = self.second["kpi.engine"]
        indicator = self.second["kpi.indicator"].browse(self.indicator_id)
        with engine._left_for_next_run("writers"):
            engine._measure_or_record_error(indicator, JANUARY)
        self.first.cr.rollback()
        self.assertFalse(indicator.error_message)
        self.assertEqual(self._rows(), [])

    def test_run_that_lost_the_race_goes_on(self):
        self.second["kpi.indicator"].search_count([])
        self._measure(self.first)
        self.first.cr.commit()
        engine = self.second["kpi.engine"]
        indicator = self.second["kpi.indicator"].browse(self.indicator_id)
        with mute_logger("odoo.sql_db"), engine._left_for_next_run("writers"):
            engine._measure_or_record_error(indicator, JANUARY)
        self.assertFalse(indicator.error_message)  # and the transaction is alive
        self.assertEqual(self._rows(), [3.0])

    def test_run_that_began_before_the_period_was_measured_changes_nothing(self):
        """The run still sees the period open; its figures are fixed meanwhile."""
        self._measure(self.first)
        period = self.first["kpi.period"].create(self.period_values)
        self.first.cr.commit()
        self.second["kpi.period"].search_count([])  # sees it open
        self._rename_partners(None)
        self.addCleanup(self._rename_partners, REF)
        self._measure(self.first)
        period._set_state("measured", measured_at=NOW)
        self.first.cr.commit()
        fixed = self._rows()
        self._rename_partners(REF)
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self._measure(self.second)
        self.second.cr.rollback()
        self.assertEqual(self._measure(self.second), Measured(0, 0, 0))
        self.second.cr.commit()
        self.assertEqual(self._rows(), fixed)
        self.assertEqual(fixed, [])

    def _rename_partners(self, ref):
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE res_partner SET ref = %s WHERE name LIKE 'KPI writer _'", [ref]
            )
