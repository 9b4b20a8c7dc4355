from collections import defaultdict
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools import formula as formulas
from ..tools.satisfaction import interval
from .rollup_sql import ROLLUPS

SCOPE_RECORDS = {
    "personal": "employee_id",
    "department": "department_id",
    "site": "site_id",
    "warehouse": "warehouse_id",
    "company": "company_id",
}
NO_RECORD_REASONS = {
    "department": "no_department",
    "site": "no_site",
    "warehouse": "no_warehouse",
}


class Figure(NamedTuple):
    """What is asked: an indicator over local days, seen from a place.

    ``scope`` chooses which of the records below delimits it.
    """

    indicator_id: int
    company_id: int
    date_from: date
    date_to: date
    scope: str
    employee_id: int | None = None
    department_id: int | None = None
    site_id: int | None = None
    warehouse_id: int | None = None

    @property
    def record_id(self):
        return getattr(self, SCOPE_RECORDS[self.scope])


class Fact(NamedTuple):
    """What was measured; ``value`` None with a reason of ``NO_DATA_REASONS``.

    Where the source has intervals (:data:`SOURCE_DEFAULTS`), ``margin`` is half the
    width of the 95 % interval, or there are too few cases to say.
    """

    value: float | None
    numerator: float = 0.0
    denominator: float = 0.0
    sample: int = 0
    reason: str | None = None
    squares: float = 0.0
    margin: float | None = None
    too_few: bool = False


class Reading(NamedTuple):
    """What the facts of one call are made from, read once for all of them."""

    sums: dict  # numerator, denominator, sample and squares by figure
    operands: dict  # what a formula is over, by formula
    today: date
    without_user: set  # ids of employees


class KpiReader(models.AbstractModel):
    """From stored atoms to figures: plain aggregation, however many are asked.

    The number of statements does not depend on the number of figures.
    """

    _name = "kpi.reader"
    _description = "KPI Figure Reader"

    @api.model
    def _read_facts(self, figures, corrected=False):
        """Read many figures at once.

        :param figures: iterable of :class:`Figure`
        :param corrected: with the open and the carried late corrections of closed
            periods added, as if the period had not been closed
        :return: ``{figure: Fact}``
        """
        self.env.flush_all()  # what was typed or moved just now counts
        figures = set(figures)
        indicators = self.env["kpi.indicator"].browse({f.indicator_id for f in figures})
        operands = indicators._formula_tree()
        wanted = set()
        for figure in figures:
            indicator = indicators.browse(figure.indicator_id)
            for part in self._measured_parts(indicator, operands):
                own = figure._replace(indicator_id=part.id)
                wanted |= {own, *self._share_figures(part, own)}
        employees = self.env["hr.employee"].sudo()  # of other departments, too
        employees = employees.browse({f.employee_id for f in figures} - {None})
        reading = Reading(
            sums=self._read_sums(wanted, corrected),
            operands=operands,
            today=self.env["kpi.engine"]._today_window().date_to,
            without_user=set(employees.filtered(lambda e: not e.user_id).ids),
        )
        return {figure: self._fact(figure, reading) for figure in figures}

    @api.model
    def _measured_parts(self, indicator, operands):
        """The indicators with atoms behind one: itself, or those of a formula."""
        if indicator.source != "formula":
            return indicator
        parts = self.env["kpi.indicator"]
        for operand in operands[indicator]:
            parts |= self._measured_parts(operand, operands)
        return parts

    @api.model
    def _share_figures(self, indicator, figure):
        """For a share: the wider figure that gives the denominator."""
        share_of = indicator._get_source()["share_of"]
        if share_of and figure.scope == "personal":
            return [figure._replace(scope=share_of)]
        return []

    # ---------------------------------------------------------------- facts
    @api.model
    def _fact(self, figure, reading):
        indicator = self.env["kpi.indicator"].browse(figure.indicator_id)
        if not figure.record_id:
            return Fact(None, reason=NO_RECORD_REASONS.get(figure.scope))
        if figure.date_from > reading.today:
            return Fact(None, reason="not_started")
        if indicator.source == "formula":
            return self._formula_fact(indicator, figure, reading)
        found = reading.sums.get(figure, (None, 0.0, 0, 0.0))
        numerator, denominator, sample, squares = found
        for wider in self._share_figures(indicator, figure):
            denominator = reading.sums.get(wider, (None, 0.0, 0))[1]
        if not (numerator or sample):
            known = numerator is not None or bool(denominator)
            reason = self._no_data_reason(indicator, figure, reading, known)
            if reason:
                return Fact(None, reason=reason)
            numerator = 0.0
        if indicator.aggregation != "ratio":
            return Fact(numerator, numerator, denominator, sample)
        if not denominator:
            return Fact(None, numerator, denominator, sample, "zero_denominator")
        value = numerator / denominator * indicator._scale
        fact = Fact(value, numerator, denominator, sample, squares=squares or 0.0)
        return self._with_interval(indicator, fact, squares)

    @api.model
    def _with_interval(self, indicator, fact, squares):
        """:param squares: None when something was corrected without its squares"""
        if not indicator._get_source()["has_interval"] or squares is None:
            return fact
        found = interval(fact.denominator, fact.numerator, squares)
        if found.margin is None:
            return fact._replace(too_few=True)
        return fact._replace(margin=found.margin * indicator._scale)

    @api.model
    def _no_data_reason(self, indicator, figure, reading, known):
        """Why nothing was counted; None when nothing is a true zero.

        :param known: there are figures that this one is a part of
        """
        if indicator.error_message and not known:
            return "source_error"
        if (
            figure.scope == "personal"
            and figure.employee_id in reading.without_user
            and indicator._get_source()["by_user"]
        ):
            return "no_user"
        if known:
            return None
        if indicator.state == "retired":
            return "retired"
        all_seen = (
            indicator.aggregation in ("sum", "distinct")
            and indicator._get_source()["nothing_is_zero"]
            and indicator.measured_from
            and indicator.measured_from <= figure.date_from
        )
        return None if all_seen else "no_measurement"

    @api.model
    def _formula_fact(self, indicator, figure, reading):
        values, sample = {}, 0
        for operand in reading.operands[indicator]:
            fact = self._fact(figure._replace(indicator_id=operand.id), reading)
            sample += fact.sample
            values[operand.code] = formulas.FormulaValue(
                fact.value, fact.numerator, fact.denominator
            )
        value = formulas.evaluate(indicator._parse_formula(), values)
        if value is None:
            return Fact(None, sample=sample, reason="formula")
        return Fact(value, numerator=value, sample=sample)

    # ------------------------------------------------------------------ sums
    @api.model
    def _read_sums(self, figures, corrected):
        """:return: ``{figure: (numerator, denominator, sample, squares)}`` where atoms
        exist; no squares (None) when corrections without them are among the atoms
        """
        by_rollup = defaultdict(list)
        for figure in filter(attrgetter("record_id"), figures):
            indicator = self.env["kpi.indicator"].browse(figure.indicator_id)
            rollup = indicator.aggregation
            if rollup == "snapshot":
                rollup = f"snapshot_{indicator.snapshot_value}"
            by_rollup["sum" if rollup == "ratio" else rollup].append(figure)
        sums = {}
        for rollup, group in sorted(by_rollup.items()):
            # Figures of one place are asked by many employees: read each once.
            places = defaultdict(list)
            for figure in group:
                places[figure[:5] + (figure.record_id,)].append(figure)
            keys = list(places)
            rows = self.env.execute_query(self._sums_query(rollup, keys, corrected))
            for position, numerator, denominator, sample, squares in rows:
                for figure in places[keys[position - 1]]:
                    sums[figure] = (
                        float(numerator or 0.0),
                        float(denominator or 0.0),
                        int(sample or 0),
                        None if squares is None else float(squares),
                    )
        return sums

    @api.model
    def _sums_query(self, rollup, keys, corrected):
        columns = list(zip(*keys, strict=True))
        return SQL(
            """
            WITH figure AS (
                SELECT *
                FROM unnest(
                    %(indicators)s::int4[], %(companies)s::int4[],
                    %(dates_from)s::date[], %(dates_to)s::date[],
                    %(scopes)s::varchar[], %(records)s::int4[]
                ) WITH ORDINALITY AS figure(
                    indicator_id, company_id, date_from, date_to,
                    scope, record_id, position
                )
            ),
            department_tree AS (
                SELECT
                    ancestor.id AS ancestor_id,
                    department.id AS department_id
                FROM hr_department AS ancestor
                JOIN hr_department AS department
                    ON department.parent_path LIKE ancestor.parent_path || '%%'
                WHERE ancestor.id IN (
                    SELECT record_id FROM figure WHERE scope = 'department'
                )
            ),
            measured AS NOT MATERIALIZED (%(measured)s),
            measured_day AS (
                SELECT DISTINCT figure.position, measured.date
                FROM figure
                JOIN measured
                    ON measured.indicator_id = figure.indicator_id
                    AND measured.company_id = figure.company_id
                    AND measured.date BETWEEN figure.date_from AND figure.date_to
            ),
            atom AS (
                %(personal)s
                UNION ALL
                %(department)s
                UNION ALL
                %(site)s
                UNION ALL
                %(warehouse)s
                UNION ALL
                %(company)s
            )
            %(rollup)s
            """,
            indicators=list(columns[0]),
            companies=list(columns[1]),
            dates_from=list(columns[2]),
            dates_to=list(columns[3]),
            scopes=list(columns[4]),
            records=list(columns[5]),
            measured=self._measured_rows(corrected),
            personal=self._scope_atoms(
                "personal", SQL("measured.employee_id = figure.record_id")
            ),
            department=self._scope_atoms(
                "department",
                SQL("measured.department_id = department_tree.department_id"),
                SQL(
                    """
                    JOIN department_tree
                        ON department_tree.ancestor_id = figure.record_id
                        AND (
                            department_tree.department_id = figure.record_id
                            OR figure.indicator_id != ALL(%s)
                        )
                    """,
                    self._without_tree(columns[0]),
                ),
            ),
            site=self._scope_atoms("site", SQL("measured.site_id = figure.record_id")),
            warehouse=self._scope_atoms(
                "warehouse", SQL("measured.warehouse_id = figure.record_id")
            ),
            company=self._scope_atoms("company", SQL("TRUE")),
            rollup=ROLLUPS[rollup],
        )

    @api.model
    def _without_tree(self, indicator_ids):
        """Those whose figure of a department does not hold the departments below."""
        indicators = self.env["kpi.indicator"].browse(set(indicator_ids))
        return indicators.filtered(lambda i: not i._get_source()["by_tree"]).ids

    @api.model
    def _measured_rows(self, corrected):
        columns = SQL(
            "indicator_id, company_id, date, site_id, department_id, employee_id,"
            " warehouse_id, item_key, numerator, denominator"
        )
        if not corrected:
            return SQL("SELECT %s, sample, squares FROM kpi_measurement", columns)
        return SQL(
            """
            SELECT %(columns)s, sample, squares FROM kpi_measurement
            UNION ALL
            SELECT %(columns)s, 0 AS sample, NULL AS squares
            FROM kpi_late_correction
            WHERE state != 'dismissed'
            """,
            columns=columns,
        )

    @api.model
    def _scope_atoms(self, scope, condition, join=None):
        return SQL(
            """
            SELECT
                figure.position, measured.date, measured.item_key,
                measured.numerator, measured.denominator, measured.sample,
                measured.squares
            FROM figure
            %(join)s
            JOIN measured
                ON measured.indicator_id = figure.indicator_id
                AND measured.company_id = figure.company_id
                AND measured.date BETWEEN figure.date_from AND figure.date_to
                AND %(condition)s
            WHERE figure.scope = %(scope)s
            """,
            join=join or SQL(""),
            condition=condition,
            scope=scope,
        )
