from datetime import date, datetime

from odoo.tests import tagged
from odoo.tests.common import TransactionCase
from odoo.tools import SQL

from ..tools.window import Window


@tagged("post_install", "-at_install")
class TestEnginePlan(TransactionCase):
    def test_documents_are_never_compared_with_all_employees(self):
        """The planner takes the documents of a source for a handful, and would look
        through all employees for each."""
        window = Window(date(2025, 3, 1), date(2025, 3, 31), datetime(2025, 4, 1))
        indicators = self.env["kpi.indicator"].search([("source", "!=", "manual")])
        by_source = {indicator.source: indicator for indicator in indicators}
        self.assertIn("visitor_coverage", by_source)
        tried = 0
        for source, indicator in by_source.items():
            if not hasattr(indicator, f"_select_{source}"):
                continue  # a formula over others
            with self.subTest(source=source):
                query = self.env["kpi.engine"]._atoms(indicator, window)
                [[[told]]] = self.env.execute_query(
                    SQL("EXPLAIN (FORMAT JSON) %s", query)
                )
                self.assertTrue(self._reads_versions(told["Plan"]))
                self.assertFalse(self._nests_versions(told["Plan"]))
                tried += 1
        self.assertGreater(tried, 20)

    def _reads_versions(self, plan):
        return plan.get("CTE Name") == "version_range" or any(
            map(self._reads_versions, plan.get("Plans", []))
        )

    def _nests_versions(self, plan, is_nested=False):
        """Whether a loop goes through the versions once for each of its rows."""
        if is_nested and plan.get("CTE Name") == "version_range":
            return True
        return any(
            self._nests_versions(
                part,
                plan["Node Type"] == "Nested Loop"
                and part["Parent Relationship"] == "Inner"
                or is_nested
                and plan["Node Type"] == "Materialize",
            )
            for part in plan.get("Plans", [])
        )
