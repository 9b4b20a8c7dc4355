from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

SECOND = timedelta(seconds=1)


class KpiSite(models.Model):
    """A shop, office or warehouse: the place whose local calendar a day belongs to."""

    _name = "kpi.site"
    _description = "KPI Site"
    _inherit = ["kpi.guarded.mixin", "mail.thread"]
    _order = "sequence, name"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("shop", "Shop"),
            ("office", "Office"),
            ("warehouse", "Warehouse"),
            ("web", "Web shop"),
        ],
        required=True,
        default="shop",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        tracking=True,
        help="A day of this site's figures begins and ends by this clock.",
    )
    address_id = fields.Many2one("res.partner", check_company=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, index="btree_not_null", tracking=True
    )
    department_ids = fields.One2many("hr.department", "kpi_site_id")
    area_ids = fields.One2many(
        "kpi.site.area",
        "site_id",
        string="Regions served",
        help="Deliveries to these customers count for this site.",
    )

    manager_id = fields.Many2one(
        "res.users",
        string="Director",
        tracking=True,
        help="Answers for the site, e.g. the director of the shop.",
    )
    opening_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening hours",
        check_company=True,
        help="Empty: always open.",
    )
    entrance_ids = fields.One2many("kpi.site.entrance", "site_id")
    feedback_point_ids = fields.One2many("kpi.feedback.point", "site_id")

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE active", "Another site of this company has this name."
    )

    @api.constrains("tz")
    def _check_tz(self):
        """PostgreSQL cuts the days, so it has to know the zone as well."""
        known = self.env["kpi.engine"]._known_time_zones()
        for site in self:
            if site.tz not in known:
                raise ValidationError(
                    self.env._(
                        "Site “%(site)s”: the database does not know the time zone "
                        "“%(tz)s”. Choose the one of the nearest large city.",
                        site=site.name,
                        tz=site.tz,
                    )
                )

    # ------------------------------------------------------------ local time
    def _local_day(self, moment=None):
        """The date at the site at a moment (naive, UTC), now without one."""
        self.ensure_one()
        moment = moment or fields.Datetime.now()
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.tz)).date()

    def _day_bounds(self, day):
        """:return: when a local day begins, and when the next one does (naive, UTC)"""
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        return tuple(
            zone.localize(datetime.combine(date, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for date in (day, day + timedelta(days=1))
        )

    # --------------------------------------------------------- opening hours
    def _opening_times(self, start, stop):
        """When the sites are open, public holidays of their company taken out.

        Opening hours are meant by the clock of the site, whatever zone their calendar
        has. A site without any is always open.

        :param datetime start: naive, UTC
        :param datetime stop: naive, UTC
        :return: ``{site: [(from, until)]}``, naive, UTC, in the order of time
        """
        begin, end = pytz.utc.localize(start), pytz.utc.localize(stop)
        times = {}
        for site in self.sudo():  # calendars and holidays are not for everybody
            if not site.opening_calendar_id:
                times[site.sudo(self.env.su)] = [(start, stop)]
                continue
            holidays = [
                ("time_type", "=", "leave"),
                ("company_id", "in", [False, site.company_id.id]),
            ]
            hours = site.opening_calendar_id._work_intervals_batch(
                begin, end, domain=holidays, tz=pytz.timezone(site.tz)
            )
            times[site.sudo(self.env.su)] = [
                tuple(
                    moment.astimezone(pytz.utc).replace(tzinfo=None)
                    for moment in (opened, closed)
                )
                for opened, closed, _meta in hours[False]
            ]
        return times

    def _opening_days(self, date_from, date_to):
        """:return: the local days, both ends included, on which the site is open"""
        self.ensure_one()
        if date_to < date_from:
            return set()
        start, _next_day = self._day_bounds(date_from)
        _day, stop = self._day_bounds(date_to)
        days = set()
        for opened, closed in self._opening_times(start, stop)[self]:
            first, last = self._local_day(opened), self._local_day(closed - SECOND)
            days.update(first + timedelta(n) for n in range((last - first).days + 1))
        return days

    def _opening_table(self, start, stop):
        """SQL: ``(site_id, start, stop)`` of :meth:`_opening_times`, to be JOINed."""
        rows = [
            SQL("(%s::int4, %s::timestamp, %s::timestamp)", site.id, opened, closed)
            for site, hours in self._opening_times(start, stop).items()
            for opened, closed in hours
        ] or [SQL("(NULL::int4, NULL::timestamp, NULL::timestamp)")]
        return SQL(
            "(SELECT * FROM (VALUES %s) AS hours(site_id, start, stop))",
            SQL(", ").join(rows),
        )

    def _is_open(self, moment):
        """Whether the site is open at a moment (naive, UTC)."""
        self.ensure_one()
        return self._closes_at(moment) is not None

    def _closes_at(self, moment):
        """When the site that is open at a moment closes, at the latest a week later.

        :return: naive, UTC; None when the site is closed then
        """
        self.ensure_one()
        week = moment + timedelta(days=7)
        for opened, closed in self._opening_times(moment, week)[self]:
            # Intervals are cut at the moment that was asked for.
            if opened <= moment < closed:
                return closed
        return None

    # ------------------------------------------------------------------ duty
    def _duty_managers(self, moment):
        """Who is on the roster as duty manager of the site at a moment.

        :return: hr.employee, for everybody to be notified
        """
        duties = self.env["kpi.duty"].sudo()  # rosters of others, too
        return duties.search(
            [
                ("site_id", "in", self.ids),
                ("kind", "=", "roster"),
                ("role", "=", "duty_manager"),
                ("start", "<=", moment),
                "|",
                ("stop", "=", False),
                ("stop", ">", moment),
            ]
        ).employee_id
