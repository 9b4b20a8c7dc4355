import logging
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..const import PERIOD_FIXED
from ..exceptions import BusyError, SourceError
from ..tools.window import Window

_logger = logging.getLogger(__name__)

# Somebody else was there at the same time: nothing is wrong, try again later.
CONFLICTS = (BusyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)


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
            companies = self.env["res.company"].sudo()  # of everybody
            companies = companies.search(Domain.TRUE)
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
        periods = self.env["kpi.period"].sudo()  # of all companies
        periods = periods.search([("date_from", "<=", today.date_to)])
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
        for day in days:
            now = moment(day)
            if windows and windows[-1].now == now:
                windows[-1] = windows[-1]._replace(date_to=day)
            else:
                windows.append(Window(day, day, now))
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
