"""What differs between the documents and the stored atoms, and writing just that."""

from odoo import api, models
from odoo.tools import SQL

from ..const import PERIOD_FIXED
from .kpi_engine import Measured
from .kpi_engine_documents import KEY, comma
from .kpi_measurement import FIGURES


class KpiEngine(models.AbstractModel):
    _inherit = "kpi.engine"

    @api.model
    def _fixed_condition(self, alias, indicator):
        """SQL: the row's day belongs to a measured or closed period of its company, of
        the kinds that hold the days of this indicator.
        """
        kinds = indicator._get_source()["fixed_by"]
        return SQL(
            """
            EXISTS (
                SELECT FROM kpi_period AS period
                WHERE period.state IN %(fixed)s
                    AND %(of_kind)s
                    AND period.company_id = %(company)s
                    AND %(date)s BETWEEN period.date_from AND period.date_to
            )
            """,
            fixed=PERIOD_FIXED,
            of_kind=SQL("period.kind IN %s", kinds) if kinds else SQL("TRUE"),
            company=SQL.identifier(alias, "company_id"),
            date=SQL.identifier(alias, "date"),
        )

    @api.model
    def _fill_difference(
        self, indicator, window, stored=None, condition=None, compare=FIGURES
    ):
        """Put the rows in which documents and stored atoms differ into the
        temporary table ``kpi_difference``: the stored row's id and figures
        (``*_before``, NULL when new) beside the fresh ones (NULL when gone).

        :param SQL stored: what counts as stored; default the measured atoms of
            open days
        :param SQL condition: which placed documents take part; default open days
        :param compare: the figures that make a row different
        """
        has_fixed = bool(
            self.env["kpi.period"]
            .sudo()
            .search_count(
                [
                    ("state", "in", PERIOD_FIXED),
                    ("date_from", "<=", window.date_to),
                    ("date_to", ">=", window.date_from),
                ],
                limit=1,
            )
        )
        if condition is None and has_fixed:
            condition = SQL("NOT %s", self._fixed_condition("placed", indicator))
        if stored is None:
            stored = SQL(
                """
                SELECT measurement.id, %(key)s, %(figures)s
                FROM kpi_measurement AS measurement
                WHERE measurement.indicator_id = %(indicator)s
                    AND measurement.date BETWEEN %(date_from)s AND %(date_to)s
                    AND %(open)s
                """,
                key=comma(map(SQL.identifier, KEY)),
                figures=comma(map(SQL.identifier, FIGURES)),
                indicator=indicator.id,
                date_from=window.date_from,
                date_to=window.date_to,
                open=SQL("NOT %s", self._fixed_condition("measurement", indicator))
                if has_fixed
                else SQL("TRUE"),
            )
        if indicator.aggregation == "snapshot":
            # A snapshot is of today; past days cannot be taken again.
            stored = SQL(
                """
                SELECT stored.*
                FROM (%(stored)s) AS stored
                JOIN res_company AS company ON company.id = stored.company_id
                LEFT JOIN resource_calendar AS calendar
                    ON calendar.id = company.resource_calendar_id
                WHERE stored.date = (
                    %(now)s::timestamp AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(calendar.tz, 'UTC')
                )::date
                """,
                stored=stored,
                now=window.now,
            )
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS kpi_difference"))
        # The planner cannot know how many atoms there will be, and would rather sort
        # both sides by ten keys than hash them: up to twice the time of the rest.
        self.env.cr.execute(SQL("SET LOCAL enable_mergejoin = off"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE kpi_difference ON COMMIT DROP AS
                WITH fresh AS (%(fresh)s),
                stored AS (%(stored)s)
                SELECT
                    stored.id AS stored_id,
                    fresh.date IS NULL AS is_gone,
                    %(key)s,
                    %(fresh_figures)s,
                    %(stored_figures)s
                FROM fresh
                FULL JOIN stored ON %(same_key)s
                WHERE fresh.date IS NULL
                    OR stored.date IS NULL
                    OR (%(fresh_values)s) IS DISTINCT FROM (%(stored_values)s)
                """,
                fresh=self._atoms(indicator, window, condition),
                stored=stored,
                key=comma(
                    SQL(
                        "COALESCE(fresh.%(name)s, stored.%(name)s) AS %(name)s",
                        name=SQL.identifier(name),
                    )
                    for name in KEY
                ),
                fresh_figures=comma(
                    SQL("fresh.%(name)s", name=SQL.identifier(name)) for name in FIGURES
                ),
                stored_figures=comma(
                    SQL(
                        "stored.%s AS %s",
                        SQL.identifier(name),
                        SQL.identifier(f"{name}_before"),
                    )
                    for name in FIGURES
                ),
                same_key=SQL(" AND ").join(
                    SQL(
                        "COALESCE(fresh.%(name)s, %(unknown)s)"
                        " = COALESCE(stored.%(name)s, %(unknown)s)",
                        name=SQL.identifier(name),
                        unknown=SQL("-1") if name == "hour" else SQL("0"),
                    )
                    if name != "date"
                    else SQL("fresh.date = stored.date")
                    for name in KEY
                ),
                fresh_values=comma(
                    SQL("fresh.%s", SQL.identifier(name)) for name in compare
                ),
                stored_values=comma(
                    SQL("stored.%s", SQL.identifier(name)) for name in compare
                ),
            )
        )
        self.env.cr.execute(SQL("SET LOCAL enable_mergejoin TO DEFAULT"))

    @api.model
    def _record_changes(self, indicator):
        """Keep before and after of days that an earlier night had fixed."""
        if not indicator.fixed_until:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_measurement_change (
                    indicator_id, changed_at, %(key)s,
                    numerator_before, denominator_before,
                    numerator_after, denominator_after
                )
                SELECT
                    %(indicator)s, %(now)s, %(key)s,
                    COALESCE(numerator_before, 0), COALESCE(denominator_before, 0),
                    COALESCE(numerator, 0), COALESCE(denominator, 0)
                FROM kpi_difference
                WHERE date <= %(fixed_until)s
                """,
                key=comma(map(SQL.identifier, KEY)),
                indicator=indicator.id,
                now=indicator.measured_at,
                fixed_until=indicator.fixed_until,
            )
        )
        self.env["kpi.measurement.change"].invalidate_model(flush=False)

    @api.model
    def _apply_difference(self, indicator):
        """Write ``kpi_difference`` into the measurements.

        :rtype: Measured
        """
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                DELETE FROM kpi_measurement AS measurement
                USING kpi_difference AS difference
                WHERE measurement.id = difference.stored_id
                    AND difference.is_gone
                """
            )
        )
        deleted = cr.rowcount
        cr.execute(
            SQL(
                """
                UPDATE kpi_measurement AS measurement
                SET %(figures)s
                FROM kpi_difference AS difference
                WHERE measurement.id = difference.stored_id
                    AND NOT difference.is_gone
                """,
                figures=comma(
                    SQL("%(name)s = difference.%(name)s", name=SQL.identifier(name))
                    for name in FIGURES
                ),
            )
        )
        updated = cr.rowcount
        cr.execute(
            SQL(
                """
                INSERT INTO kpi_measurement (indicator_id, %(columns)s)
                SELECT %(indicator)s, %(columns)s
                FROM kpi_difference
                WHERE stored_id IS NULL
                """,
                columns=comma(map(SQL.identifier, KEY + FIGURES)),
                indicator=indicator.id,
            )
        )
        return Measured(cr.rowcount, updated, deleted)
