"""How many hours lie between two moments, in SQL: by the calendar or by work."""

from datetime import timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL

from ..exceptions import SourceError
from ..tools.working_time import WorkingTime

# Work that began earlier than this before the measured days is counted from there.
REACH = timedelta(days=366)


class KpiEngine(models.AbstractModel):
    _inherit = "kpi.engine"

    @api.model
    def _elapsed_hours(self, indicator, start, stop):
        """SQL: hours from one moment to another, 0 when it is earlier.

        :param SQL start: timestamp, UTC
        :param SQL stop: timestamp, UTC
        :return: numeric; for working hours over rows of :meth:`_working_time`
        """
        if indicator.hours_kind != "working":
            return SQL(
                "GREATEST(EXTRACT(EPOCH FROM %s - %s)::numeric, 0) / 3600", stop, start
            )
        return SQL(
            "GREATEST(%s - %s, 0) / 3600", self._worked(stop), self._worked(start)
        )

    @api.model
    def _worked(self, moment):
        """SQL: seconds worked from the beginning of the known work to a moment."""
        place = SQL("width_bucket(%s, working_time.starts)", moment)
        return SQL(
            """
            CASE %(place)s
                WHEN 0 THEN 0
                ELSE working_time.worked[%(place)s] + LEAST(
                    EXTRACT(EPOCH FROM %(moment)s - working_time.starts[%(place)s]),
                    working_time.lengths[%(place)s]
                )
            END::numeric
            """,
            place=place,
            moment=moment,
        )

    @api.model
    def _working_time(self, indicator, window, company, warehouse):
        """SQL: JOIN of the calendar that counts for a row, as sorted arrays.

        :param SQL company: column with the id of the row's company
        :param SQL warehouse: column with the id of its warehouse, may be NULL
        :return: nothing when calendar hours are counted
        """
        if indicator.hours_kind != "working":
            return SQL("")
        times = self._read_working_times(indicator, window)
        return SQL(
            """
            LEFT JOIN stock_warehouse AS working_warehouse
                ON working_warehouse.id = %(warehouse)s
            LEFT JOIN res_company AS working_company
                ON working_company.id = %(company)s
            LEFT JOIN (VALUES %(times)s)
                AS working_time(company_id, calendar_id, starts, lengths, worked)
                ON working_time.company_id = %(company)s
                AND working_time.calendar_id = COALESCE(
                    working_warehouse.kpi_calendar_id,
                    working_company.resource_calendar_id
                )
            """,
            company=company,
            warehouse=warehouse,
            times=SQL(", ").join(
                SQL(
                    "(%s::int4, %s::int4, %s::timestamp[], %s::int8[], %s::int8[])",
                    company.id,
                    calendar.id,
                    time.starts,
                    time.lengths,
                    time.worked,
                )
                for (company, calendar), time in times.items()
            ),
        )

    @api.model
    def _read_working_times(self, indicator, window):
        """The work of all calendars in use, the company's public holidays taken out.

        :raise SourceError: a calendar without any working hours
        :return: ``{(res.company, resource.calendar): WorkingTime}``
        """
        # Of everybody, and of closed warehouses: what they did still counts.
        everything = self.sudo().with_context(active_test=False)
        companies = everything.env["res.company"]
        companies = companies.search(
            [("id", "=", indicator.company_id.id)]
            if indicator.company_id
            else [(1, "=", 1)]
        )
        warehouses = everything.env["stock.warehouse"]
        warehouses = warehouses.search([("company_id", "in", companies.ids)])
        begin = pytz.utc.localize(window.utc_from - REACH)
        end = pytz.utc.localize(window.now)
        times = {}
        for company in companies:
            own = warehouses.filtered(lambda place, of=company: place.company_id == of)
            # Without a company a holiday of one is a holiday of all.
            holidays = [
                ("time_type", "=", "leave"),
                ("company_id", "in", [False, company.id]),
            ]
            for calendar in company.resource_calendar_id | own.kpi_calendar_id:
                work = calendar._work_intervals_batch(begin, end, domain=holidays)
                times[company, calendar] = time = WorkingTime.of(
                    (start, stop) for start, stop, _meta in work[False]
                )
                if not time.starts:
                    raise SourceError(
                        self.env._(
                            "“%(indicator)s” counts working hours, but the working "
                            "time “%(calendar)s” has none. Enter its hours, or choose "
                            "another one on the warehouse.",
                            indicator=indicator.name,
                            calendar=calendar.name,
                        )
                    )
        return times
