"""What a counted campaign keeps: figures that may be shown, and nothing else."""

import json

from odoo import models
from odoo.tools import SQL

from ..const import HIGHEST_MARK, LOWEST_MARK
from ..tools.figures import Figures
from ..tools.tally import checked, tally


class KpiSurveyCampaign(models.Model):
    """See ``tools/tally.py``, ``suppression.py`` and ``figures.py`` for what is how."""

    _inherit = "kpi.survey.campaign"

    def _count(self, ballots):
        """Write all published rows of a campaign, once.

        :param ballots: clear ballots: dicts with ``unit``, ``ratings`` (``unit``,
            ``marks`` by criterion, ``comment``) and ``votes`` (employees)
        :return: how many of them were none, and are left out
        """
        self.ensure_one()
        campaign_sudo = self.sudo()  # the figures are nobody's to write
        units, criteria = campaign_sudo.unit_ids, campaign_sudo.criterion_ids
        good = list(campaign_sudo._checked(ballots))
        sums = tally(
            good,
            len(criteria),
            self.minimum,
            self.low_limit,
            self.high_limit,
        )
        figures = Figures(
            sums,
            {unit.id: unit.kind for unit in units},
            [(band.mark_from, band.mark_to, band.id) for band in self.band_ids],
            self.minimum,
        )
        campaign_sudo._write_figures(figures)
        campaign_sudo.is_counted = True
        return len(ballots) - len(good)

    def _checked(self, ballots):
        units, criteria = set(self.unit_ids.ids), set(self.criterion_ids.ids)
        for ballot in ballots:
            try:
                yield checked(ballot, units, criteria, LOWEST_MARK, HIGHEST_MARK)
            except ValueError:
                continue  # told by their number

    def _write_figures(self, figures):
        self.env.flush_all()
        departments = {unit.id: unit.department_id.id for unit in self.unit_ids}
        self._insert(
            "kpi.survey.result",
            [
                row | {"department_id": departments.get(row["unit_id"])}
                for row in figures.results()
            ],
        )
        results = {
            result.unit_id.id or None: result.id
            for result in self.env["kpi.survey.result"].search(
                [("campaign_id", "=", self.id)]
            )
        }
        self._insert(
            "kpi.survey.result.criterion",
            [
                row | {"result_id": results[row["unit_id"]]}
                for row in figures.criteria()
            ],
        )
        self._insert("kpi.survey.cell", figures.cells())
        self._insert("kpi.survey.best", self._rows_of_best(figures))
        self._insert(
            "kpi.survey.comment",
            [
                row | {"department_id": departments[row["unit_id"]]}
                for row in figures.comments()
            ],
        )

    def _rows_of_best(self, figures):
        """Votes for colleagues whom there still are."""
        rows = list(figures.best())
        employees = self.env["hr.employee"].browse(row["employee_id"] for row in rows)
        known = set(employees.exists().ids)
        participants = self.env["kpi.survey.participant"].search(
            [("campaign_id", "=", self.id), ("employee_id", "in", employees.ids)]
        )
        units = {row.employee_id.id: row.unit_id.id for row in participants}
        return [
            row | {"unit_id": units.get(row["employee_id"])}
            for row in rows
            if row["employee_id"] in known
        ]

    def _insert(self, model_name, rows):
        """All rows in one statement, shuffled: neither place nor id says anything."""
        model = self.env[model_name]
        common = {"campaign_id": self.id, "company_id": self.company_id.id}
        names = [
            name
            for name, field in model._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(columns)s
                FROM json_populate_recordset(NULL::%(table)s, %(rows)s::JSON)
                ORDER BY %(order)s
                """,
                table=SQL.identifier(model._table),
                columns=columns,
                order=self._published_order(),
                rows=json.dumps([common | row for row in rows]),
            ),
            log_exceptions=False,  # what people wrote has no place in a log
        )
        model.invalidate_model()

    def _published_order(self):
        return SQL("random()")
