"""Hand-typed figures, matrices and closed months: the ground of the bonus tests."""

from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests.common import freeze_time
from odoo.tools import SQL, mute_logger

from .common import NOW, KpiCommon

AFTER_MARCH = "2025-04-02 10:00"


@freeze_time(NOW)
class KpiScorecardCommon(KpiCommon):
    """Indicators typed by hand, so that each fact is the number written in the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manual = {"source": "manual"}
        ratio = {"aggregation": "ratio", "unit": "percent", **manual}
        cls.turnover = cls.create_indicator(
            "t_turnover", unit="money", nature="result", aggregation="sum", **manual
        )
        cls.conversion = cls.create_indicator("t_conversion", **ratio)
        cls.coverage = cls.create_indicator("t_coverage", **ratio)
        cls.dissatisfaction = cls.create_indicator(
            "t_dissatisfaction", direction="falling", **ratio
        )
        cls.standards = cls.create_indicator("t_standards", **ratio)
        cls.march = cls.period()

    @classmethod
    def give(cls, code, value, place, day="2025-03-10"):
        """A figure typed by hand: ``value`` percent of 100 cases for a ratio.

        :param place: an employee, department, site or company
        """
        indicator = cls.indicator(code)
        field = {
            "hr.employee": "employee_id",
            "hr.department": "department_id",
            "kpi.site": "site_id",
            "res.company": "company_id",
        }[place._name]
        return cls.env["kpi.measurement"].create(
            {
                "indicator_id": indicator.id,
                "date": day,
                "company_id": cls.company.id,
                "numerator": value,
                "denominator": 100.0 if indicator.aggregation == "ratio" else 0.0,
                field: place.id,
            }
        )

    @classmethod
    def simple_matrix(cls, name="Simple", code="t_conversion", **values):
        """One line 80 / 100 / 120: the fact 97 scores 85, 98 scores 90, 110 110."""
        return cls.matrix(name, [(code, 1.0, 80, 100, 120)], **values)

    @classmethod
    def generate(cls, period=None):
        """:return: the scorecards of the period and the problems, in words"""
        period = period or cls.march
        _count, problems = cls.env["kpi.scorecard"]._generate(period)
        return period.scorecard_ids, "\n".join(problems)

    @classmethod
    def card(cls, employee, period=None):
        return (period or cls.march).scorecard_ids.filtered(
            lambda card: card.employee_id == employee
        )

    @classmethod
    def measure_period(cls, period=None, moment=AFTER_MARCH):
        with cls.at(moment):
            (period or cls.march).with_user(cls.user_manager).action_measure()

    @classmethod
    def close_period(cls, period=None, moment=AFTER_MARCH):
        period = period or cls.march
        if period.state == "open":
            cls.measure_period(period, moment)
        with cls.at(moment):
            period.with_user(cls.user_manager).action_close()

    def snapshot(self, *models):
        """What a table holds, to see that nothing half was written."""
        self.env.flush_all()
        return {
            model: self.env.execute_query_dict(
                SQL(
                    "SELECT * FROM %s ORDER BY id",
                    SQL.identifier(self.env[model]._table),
                )
            )
            for model in models
        }

    @contextmanager
    def assertNothingWritten(self, *models):
        """Not even in a transaction that goes on: no savepoint helps here.

        To be used with ``assertRaisesRegex``, which rolls nothing back, or with what
        reports its problems in words.
        """
        before = self.snapshot(*models)
        yield
        self.env.invalidate_all()
        self.assertEqual(self.snapshot(*models), before)

    @contextmanager
    def assertRefused(self, words):
        """Refused in these words (a regular expression), and rolled back."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

    @contextmanager
    def assertRefusedBySql(self, message):
        """A constraint of the database refuses, with these words for the user."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
        ):
            yield
        table = caught.exception.diag.table_name
        [model] = [
            model for model in self.env.registry.values() if model._table == table
        ]
        self.assertIn(
            message, self.env[model._name]._sql_error_to_message(caught.exception)
        )

    def statements(self, operation):
        """How many SQL statements an operation issues, from an empty cache on."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        operation()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
