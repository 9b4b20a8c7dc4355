import logging
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..const import PERIOD_FIXED
from ..exceptions import BusyError, SourceError
from ..tools.window import Window
from .kpi_figure_mixin import DIMENSIONS
from .kpi_measurement import FIGURES

_logger = logging.getLogger(__name__)

# What a source selects, one row per document; what it leaves out is NULL.
DOCUMENT_COLUMNS = {
    "res_model": SQL("varchar"),
    "res_id": SQL("int4"),
    "moment": SQL("timestamp"),  # UTC; the local day follows from the place
    "day": SQL("date"),  # instead of moment, for documents that have a date only
    "company_id": SQL("int4"),
    "user_id": SQL("int4"),  # gives the employee of that company
    "employee_id": SQL("int4"),
    "department_id": SQL("int4"),  # else the employee's on that day
    "site_id": SQL("int4"),
    "warehouse_id": SQL("int4"),
    "partner_id": SQL("int4"),
    "numerator": SQL("numeric"),
    "denominator": SQL("numeric"),
    "item_key": SQL("int4"),
}
# Somebody else was there at the same time: nothing is wrong, try again later.
CONFLICTS = (BusyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
KEY = ("date", "hour", *DIMENSIONS)


def comma(parts):
    return SQL(", ").join(parts)


class Measured(NamedTuple):
    """How many stored rows a measurement changed."""

    inserted: int
    updated: int
    deleted: int


class KpiEngine(models.AbstractModel):
    """From documents to stored atoms, set-based.

    One SELECT per source gives the documents (``_select_<source>`` on
    ``kpi.indicator``); :meth:`_placed` adds local day, employee, department and
    site *of that day*; the measurement groups it, and the drill-down filters the
    very same SELECT.
    """

    _name = "kpi.engine"
    _description = "KPI Measurement Engine"

    # ------------------------------------------------------------- windows
    @api.model
    def _now(self):
        return fields.Datetime.now()

    @api.model
    def _today_window(self, now=None, companies=None):
        """The days that are today at one of the places, by their own clocks.

        :param companies: whose places; those of all without
        """
        now = now or self._now()
        days = [
            pytz.utc.localize(now).astimezone(pytz.timezone(zone)).date()
            for zone in self._time_zones_in_use(companies)
        ]
        return Window(min(days), max(days), now)

    @api.model
    def _time_zones_in_use(self, companies=None):
        if companies is None:
            companies = self.env["res.company"].sudo().search([])  # of everybody
        place = [("company_id", "in", companies.ids)]
        sites = self.env["kpi.site"].sudo().search(place)
        warehouses = self.env["stock.warehouse"].sudo().search(place)
        zones = {
            *(company.sudo().resource_calendar_id.tz or "UTC" for company in companies),
            *warehouses.partner_id.mapped("tz"),
            *sites.mapped("tz"),
        }
        return sorted(filter(None, zones))

    @api.model
    def _open_window(self):
        """From the first day that no measured or closed period holds, until today."""
        today = self._today_window()
        first_days = [today.date_from.replace(day=1)]
        periods = self.env["kpi.period"].sudo().search([])
        for company_periods in periods.grouped("company_id").values():
            fixed = company_periods.filtered(lambda p: p.state in PERIOD_FIXED)
            for period in company_periods - fixed:
                day = period.date_from
                for frozen in fixed.sorted("date_from"):
                    if frozen.date_from <= day <= frozen.date_to:
                        day = frozen.date_to + timedelta(days=1)
                if day <= period.date_to:
                    first_days.append(day)
        return today._replace(date_from=min(first_days))

    @api.model
    def _measured_windows(self, indicator, company, date_from, date_to):
        """The windows of a stretch of days as they were measured.

        :return: days in a row whose figures are of the same moment: of the measuring
            of their period, else of the last run that reached so far back
        :rtype: list[Window]
        """
        periods = self.env["kpi.period"].sudo()  # also of those who see no periods
        fixed = periods._fixed_periods(company).sorted("measured_at")
        latest = indicator.measured_at or self._now()
        today = self._today_window(latest).date_from

        def moment(day):
            for period in fixed:
                if period.date_from <= day <= period.date_to:
                    return period.measured_at
            return latest if day >= today else indicator.past_measured_at or latest

        days = [
            date_from + timedelta(days=number)
            for number in range((date_to - date_from).days + 1)
        ]
        windows = []
        for now, stretch in groupby(days, key=moment):
            stretch = list(stretch)
            windows.append(Window(stretch[0], stretch[-1], now))
        return windows

    @api.model
    def _known_time_zones(self):
        rows = self.env.execute_query(SQL("SELECT name FROM pg_timezone_names"))
        return {name for [name] in rows}

    # --------------------------------------------------------------- runs
    @api.model
    def _run(self, window, nightly):
        """Measure all active indicators; one that fails does not stop the others.

        Commits after each indicator: the body of the scheduled actions. It goes on to
        the end, however long: what is unchanged costs little, and a run that is
        killed begins with those measured longest ago.
        """
        cron = self.env["ir.cron"]
        oldest = "past_measured_at" if nightly else "measured_at"
        indicators = self.env["kpi.indicator"].search(
            [("state", "=", "active")], order=f"{oldest} NULLS FIRST, sequence, code"
        )
        cron._commit_progress(remaining=len(indicators) + 1)
        for indicator in indicators:
            with self._left_for_next_run(indicator.code):
                self._measure_or_record_error(indicator, window, nightly)
            cron._commit_progress(1)
        with self._left_for_next_run("scorecards"):
            self.env["kpi.scorecard.line"]._refresh_live(indicators)
        cron._commit_progress(1)

    @contextmanager
    def _left_for_next_run(self, what):
        """What is locked or changed meanwhile is left out: the next run catches up.

        A failed serialization would fail the whole scheduled action.
        """
        try:
            yield
        except CONFLICTS:
            self.env.cr.rollback()
            _logger.info("KPI: %s is busy, left for the next run", what)

    @api.model
    def _measure_or_record_error(self, indicator, window, nightly=False):
        """Measure; what is wrong with the source stands on the indicator after.

        :raise BusyError: somebody else is measuring it
        """
        try:
            with self.env.cr.savepoint():
                self._measure(indicator, window, nightly)
                if nightly:
                    self.env["kpi.late.correction"]._detect(indicator)
        except CONFLICTS:
            raise
        except SourceError as error:
            indicator._record_error(str(error), error.hint)
        except UserError as error:
            indicator._record_error(str(error), "data")
        except Exception as error:
            # A source may fail in any way; the other indicators go on.
            _logger.exception("KPI indicator %s could not be measured", indicator.code)
            indicator._record_error(str(error), "unexpected")

    @api.model
    def _measure(self, indicator, window, nightly=False):
        """Bring the stored atoms of a window in line with the documents.

        Only differences are written, so ids are stable and a cancelled order
        vanishes. Days of measured and closed periods are left alone.

        :param Window window: local days and the moment of measuring
        :param nightly: record what changed on days that an earlier night fixed
        :raise UserError: somebody else is measuring this indicator
        :raise SourceError: the source cannot be read
        :rtype: Measured
        """
        indicator.ensure_one()
        if indicator.source in ("manual", "formula"):
            indicator._check_source(window)
            indicator.write(
                {
                    "measured_at": window.now,
                    "error_message": False,
                    "error_hint": False,
                }
            )
            return Measured(0, 0, 0)
        if not indicator.try_lock_for_update(allow_referencing=True):
            raise BusyError(
                self.env._(
                    "“%(indicator)s” is being measured by somebody else right now; "
                    "try again in a minute.",
                    indicator=indicator.name,
                )
            )
        # A flushed write before reading: a writer that came second fails instead
        # of inserting the same rows again (REPEATABLE READ).
        first_day = indicator.measured_from or window.date_from
        reaches_back = window.date_from < self._today_window(window.now).date_from
        indicator.write(
            {
                "measured_at": window.now,
                "past_measured_at": window.now
                if reaches_back
                else indicator.past_measured_at,
                "measured_from": min(first_day, window.date_from),
                "error_message": False,
                "error_hint": False,
            }
        )
        self.env.flush_all()
        indicator._check_source(window)
        if indicator.aggregation == "snapshot":
            today = self._today_window()
            window = window._replace(date_from=today.date_from, date_to=today.date_to)
        self._fill_difference(indicator, window)
        if nightly:
            self._record_changes(indicator)
            # The last day that is over at all places.
            fixed_until = self._today_window().date_from - timedelta(days=1)
            if not indicator.fixed_until or indicator.fixed_until < fixed_until:
                indicator.fixed_until = fixed_until
        measured = self._apply_difference(indicator)
        self.env["kpi.measurement"].invalidate_model(flush=False)
        return measured

    # ----------------------------------------------------------- documents
    @api.model
    def _document_select(self, tail, **columns):
        """One SELECT of a source, with the columns it does not know as NULL.

        :param SQL tail: FROM and what follows
        :param columns: SQL by name of :data:`DOCUMENT_COLUMNS`
        """
        return SQL(
            "SELECT %s %s",
            comma(
                SQL(
                    "%s::%s AS %s",
                    columns.get(name, SQL("NULL")),
                    sql_type,
                    SQL.identifier(name),
                )
                for name, sql_type in DOCUMENT_COLUMNS.items()
            ),
            tail,
        )

    @api.model
    def _placed(self, indicator, window, condition=None):
        """The documents of an indicator in a window of local days.

        :param SQL condition: further WHERE over ``placed``
        :return: SELECT of res_model, res_id, moment, date, hour, the dimensions,
            partner (``document_partner_id``), numerator and denominator
        :rtype: SQL
        """
        documents = getattr(indicator, f"_select_{indicator.source}")(window)
        snapshot = indicator.aggregation == "snapshot"
        source = indicator._get_source()
        return SQL(
            """
            WITH version_range AS (
                SELECT
                    version.employee_id,
                    version.department_id,
                    department.kpi_site_id AS site_id,
                    CASE
                        WHEN row_number() OVER versions = 1 THEN '-infinity'::date
                        ELSE version.date_version
                    END AS date_from,
                    lead(version.date_version, 1, 'infinity'::date) OVER versions
                        AS date_to
                FROM hr_version AS version
                LEFT JOIN hr_department AS department
                    ON department.id = version.department_id
                WHERE version.active
                    AND version.employee_id IS NOT NULL
                WINDOW versions AS (
                    PARTITION BY version.employee_id ORDER BY version.date_version
                )
            ),
            company_place AS (
                SELECT
                    company.id,
                    COALESCE(calendar.tz, 'UTC') AS tz
                FROM res_company AS company
                LEFT JOIN resource_calendar AS calendar
                    ON calendar.id = company.resource_calendar_id
            ),
            warehouse_place AS (
                SELECT DISTINCT ON (warehouse.id)
                    warehouse.id,
                    site.id AS site_id,
                    COALESCE(site.tz, address.tz) AS tz
                FROM stock_warehouse AS warehouse
                LEFT JOIN res_partner AS address
                    ON address.id = warehouse.partner_id
                LEFT JOIN kpi_site AS site
                    ON site.warehouse_id = warehouse.id
                    AND site.active
                ORDER BY warehouse.id, site.kind = 'warehouse' DESC, site.id
            ),
            document AS (
                %(documents)s
            ),
            located AS (
                SELECT
                    document.*,
                    COALESCE(document.employee_id, employee.id) AS of_employee_id,
                    warehouse_place.site_id AS warehouse_site_id,
                    CASE
                        WHEN document.moment IS NOT NULL
                        THEN document.moment AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                    END AS local_moment
                FROM document
                -- LEFT only for the planner: it cannot know the documents' companies,
                -- takes an inner join for one row in 200 and nests what follows.
                LEFT JOIN company_place
                    ON company_place.id = document.company_id
                LEFT JOIN hr_employee AS employee
                    ON employee.user_id = document.user_id
                    AND employee.company_id = document.company_id
                LEFT JOIN warehouse_place
                    ON warehouse_place.id = document.warehouse_id
                LEFT JOIN version_range AS about
                    ON about.employee_id = COALESCE(document.employee_id, employee.id)
                    AND COALESCE(document.day, document.moment::date) >= about.date_from
                    AND COALESCE(document.day, document.moment::date) < about.date_to
                LEFT JOIN kpi_site AS site
                    ON site.id = COALESCE(document.site_id, %(place)s)
                WHERE document.company_id IS NOT NULL
            ),
            placed AS (
                SELECT
                    located.res_model,
                    located.res_id,
                    located.moment,
                    COALESCE(located.day, located.local_moment::date) AS date,
                    %(hour)s AS hour,
                    located.company_id,
                    COALESCE(located.site_id, %(places)s) AS site_id,
                    COALESCE(located.department_id, version_range.department_id)
                        AS department_id,
                    located.of_employee_id AS employee_id,
                    located.warehouse_id,
                    %(partner)s AS partner_id,
                    located.item_key,
                    located.partner_id AS document_partner_id,
                    COALESCE(located.numerator, 0) AS numerator,
                    COALESCE(located.denominator, 0) AS denominator
                FROM located
                LEFT JOIN version_range
                    ON version_range.employee_id = located.of_employee_id
                    AND COALESCE(located.day, located.local_moment::date)
                        >= version_range.date_from
                    AND COALESCE(located.day, located.local_moment::date)
                        < version_range.date_to
            )
            SELECT *
            FROM placed
            WHERE placed.date BETWEEN %(date_from)s AND %(date_to)s
                AND %(of_company)s
                AND %(condition)s
            """,
            documents=documents,
            of_company=SQL("placed.company_id = %s", indicator.company_id.id)
            if indicator.company_id
            else SQL("TRUE"),
            place=SQL("COALESCE(warehouse_place.site_id, about.site_id)")
            if source["at_warehouse"]
            else SQL("COALESCE(about.site_id, warehouse_place.site_id)"),
            places=SQL("located.warehouse_site_id, version_range.site_id")
            if source["at_warehouse"]
            else SQL("version_range.site_id, located.warehouse_site_id"),
            zone=SQL("company_place.tz")
            if snapshot
            else SQL("COALESCE(site.tz, warehouse_place.tz, company_place.tz)"),
            hour=SQL("EXTRACT(HOUR FROM located.local_moment)::int4")
            if indicator.grain == "hour"
            else SQL("NULL::int4"),
            partner=SQL("located.partner_id")
            if source["by_partner"]
            else SQL("NULL::int4"),
            date_from=window.date_from,
            date_to=window.date_to,
            condition=condition or SQL("TRUE"),
        )

    @api.model
    def _atoms(self, indicator, window, condition=None):
        """The documents grouped to atoms: what ``kpi.measurement`` should hold."""
        key = comma(map(SQL.identifier, KEY))
        documents = SQL(
            "SELECT %s, numerator, denominator, 1 AS items FROM (%s) AS placed",
            key,
            self._placed(indicator, window, condition),
        )
        if indicator.aggregation == "snapshot":
            documents = SQL(
                "%s UNION ALL SELECT %s, 0, 0, 0 FROM (%s) AS placed WHERE %s",
                documents,
                key,
                self._snapshot_days(indicator, window),
                condition or SQL("TRUE"),
            )
        return SQL(
            """
            SELECT
                %(key)s,
                SUM(numerator) AS numerator,
                SUM(denominator) AS denominator,
                SUM(numerator * numerator) AS squares,
                SUM(items)::int4 AS sample
            FROM (%(documents)s) AS document
            GROUP BY %(key)s
            """,
            key=key,
            documents=documents,
        )

    @api.model
    def _snapshot_days(self, indicator, window):
        """A row for each company's today, so that an empty day shows as empty."""
        return SQL(
            """
            SELECT
                (
                    %(now)s::timestamp AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(calendar.tz, 'UTC')
                )::date AS date,
                company.id AS company_id,
                %(unknown)s
            FROM res_company AS company
            LEFT JOIN resource_calendar AS calendar
                ON calendar.id = company.resource_calendar_id
            WHERE %(of_company)s
            """,
            now=window.now,
            unknown=comma(
                SQL("NULL::int4 AS %s", SQL.identifier(name))
                for name in KEY
                if name not in ("date", "company_id")
            ),
            of_company=SQL("company.id = %s", indicator.company_id.id)
            if indicator.company_id
            else SQL("TRUE"),
        )

    # ---------------------------------------------------------- difference
    @api.model
    def _fixed_condition(self, alias):
        """SQL: the row's day belongs to a measured or closed period of its company."""
        return SQL(
            """
            EXISTS (
                SELECT FROM kpi_period AS period
                WHERE period.state IN %(fixed)s
                    AND period.company_id = %(company)s
                    AND %(date)s BETWEEN period.date_from AND period.date_to
            )
            """,
            fixed=PERIOD_FIXED,
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
            condition = SQL("NOT %s", self._fixed_condition("placed"))
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
                open=SQL("NOT %s", self._fixed_condition("measurement"))
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
