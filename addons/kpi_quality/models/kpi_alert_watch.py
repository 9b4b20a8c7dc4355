from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, format_date

from ..tools.plain_number import plain_number

# Today alone is half a day of few cases, and would cross and return every morning.
DAYS = 7
# Fewer cases open no episode and end none: one late truck is no trend.
LEAST_CASES = 10
ACTIVITY = "mail.mail_activity_data_warning"


class Place(NamedTuple):
    """Whose figure: one of warehouse and department is 0."""

    indicator_id: int
    company_id: int
    warehouse_id: int
    department_id: int


class KpiAlert(models.Model):
    """From the measured figures to episodes.

    The figure is that of the last seven days, today included: of each warehouse when
    the work is done there, else of each department by itself.
    """

    _inherit = "kpi.alert"

    @api.model
    def _watch(self):
        """After each run: open, follow and close the episodes of all places.

        The number of statements depends on the new episodes only.
        """
        today = self.env["kpi.engine"]._today_window()
        date_from = today.date_to - timedelta(days=DAYS - 1)
        indicators = self.env["kpi.indicator"].search(
            [
                ("state", "=", "active"),
                ("critical_limit", "!=", 0),
                ("aggregation", "in", ("ratio", "sum")),
                ("source", "!=", "formula"),
            ]
        )
        figures = self._read_places(indicators, date_from, today.date_to)
        beyond = {
            place: figure
            for place, figure in figures.items()
            if self._is_beyond(indicators.browse(place.indicator_id), figure[0])
        }
        running = {
            alert._place(): alert for alert in self.search([("state", "=", "open")])
        }
        back = self.browse(
            alert.id
            for place, alert in running.items()
            # also when the limit was lifted or the indicator retired
            if (place in figures and place not in beyond)
            or alert.indicator_id not in indicators
        )
        back._close()
        self._follow(
            {
                running[place]: figure
                for place, figure in beyond.items()
                if place in running
            },
            date_from,
            today.date_to,
        )
        crossed = {
            place: figure for place, figure in beyond.items() if place not in running
        }
        self._open(crossed, date_from, today.date_to)

    def _place(self):
        self.ensure_one()
        return Place(
            self.indicator_id.id,
            self.company_id.id,
            self.warehouse_id.id or 0,
            self.department_id.id or 0,
        )

    @api.model
    def _is_beyond(self, indicator, value):
        limit = indicator.critical_limit
        return value < limit if indicator.direction == "rising" else value > limit

    @api.model
    def _read_places(self, indicators, date_from, date_to):
        """:return: ``{Place: (value, cases)}`` where there are enough cases"""
        self.env.flush_all()
        at_warehouse = indicators.filtered(lambda i: i._get_source()["at_warehouse"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    indicator_id,
                    company_id,
                    warehouse_id,
                    department_id,
                    SUM(numerator),
                    SUM(denominator),
                    SUM(sample)
                FROM (
                    SELECT
                        measurement.indicator_id,
                        measurement.company_id,
                        CASE
                            WHEN %(at_warehouse)s THEN measurement.warehouse_id
                        END AS warehouse_id,
                        CASE
                            WHEN NOT %(at_warehouse)s THEN measurement.department_id
                        END AS department_id,
                        measurement.numerator,
                        measurement.denominator,
                        measurement.sample
                    FROM kpi_measurement AS measurement
                    WHERE measurement.indicator_id = ANY(%(indicators)s)
                        AND measurement.date BETWEEN %(date_from)s AND %(date_to)s
                ) AS atom
                WHERE COALESCE(warehouse_id, department_id) IS NOT NULL
                GROUP BY indicator_id, company_id, warehouse_id, department_id
                """,
                indicators=indicators.ids,
                at_warehouse=SQL(
                    """
                    (
                        measurement.indicator_id = ANY(%s)
                        OR measurement.department_id IS NULL
                    )
                    """,
                    at_warehouse.ids,
                ),
                date_from=date_from,
                date_to=date_to,
            )
        )
        figures = {}
        for *place, numerator, denominator, sample in rows:
            indicator = indicators.browse(place[0])
            ratio = indicator.aggregation == "ratio"
            cases = float(denominator) if ratio else sample
            if cases < LEAST_CASES:
                continue
            value = float(numerator)
            if ratio:
                value = value / cases * indicator._scale
            figures[Place(*(key or 0 for key in place))] = value, round(cases)
        return figures

    # --------------------------------------------------------------- episodes
    @api.model
    def _open(self, crossed, date_from, date_to):
        responsible = self._responsible(crossed)
        now = self.env["kpi.engine"]._now()
        alerts = self.create(
            [
                {
                    "indicator_id": place.indicator_id,
                    "company_id": place.company_id,
                    "warehouse_id": place.warehouse_id or False,
                    "department_id": place.department_id or False,
                    "user_id": responsible[place],
                    "opened_at": now,
                    "critical_limit": self.env["kpi.indicator"]
                    .browse(place.indicator_id)
                    .critical_limit,
                    "value": value,
                    "worst_value": value,
                    "sample": cases,
                    "date_from": date_from,
                    "date_to": date_to,
                }
                for place, (value, cases) in crossed.items()
            ]
        )
        for alert in alerts.filtered("user_id"):
            alert._raise_activity()

    def _raise_activity(self):
        self.ensure_one()
        speaking = self.with_context(lang=self.user_id.lang)
        decimals = self.decimals
        speaking.activity_schedule(
            ACTIVITY,
            summary=speaking.env._(
                "%(figure)s is beyond the critical limit", figure=speaking.display_name
            ),
            note=speaking.env._(
                "%(value)s instead of at the limit of %(limit)s, in %(cases)s cases "
                "since %(date)s.",
                value=plain_number(round(self.value, decimals)),
                limit=plain_number(self.critical_limit),
                cases=self.sample,
                date=format_date(speaking.env, self.date_from),
            ),
            user_id=self.user_id.id,
        )

    def _close(self):
        """Back within the limit: nothing is left to be done about it."""
        if not self:
            return
        self.write({"state": "closed", "closed_at": self.env["kpi.engine"]._now()})
        self.activity_unlink([ACTIVITY])

    @api.model
    def _follow(self, figures, date_from, date_to):
        """:param figures: ``{open episode: (value, cases)}``"""
        rows = [(alert.id, *figure) for alert, figure in figures.items()]
        if not rows:
            return
        ids, values, samples = (list(column) for column in zip(*rows, strict=True))
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_alert AS alert
                SET value = fresh.value,
                    worst_value = CASE
                        WHEN indicator.direction = 'rising'
                        THEN LEAST(alert.worst_value, fresh.value)
                        ELSE GREATEST(alert.worst_value, fresh.value)
                    END,
                    sample = fresh.sample,
                    date_from = %(date_from)s,
                    date_to = %(date_to)s
                FROM unnest(%(ids)s::int4[], %(values)s::numeric[], %(samples)s::int4[])
                    AS fresh(id, value, sample),
                    kpi_indicator AS indicator
                WHERE alert.id = fresh.id
                    AND indicator.id = alert.indicator_id
                """,
                ids=ids,
                values=values,
                samples=samples,
                date_from=date_from,
                date_to=date_to,
            )
        )
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------ responsible
    @api.model
    def _responsible(self, places):
        """Who gets the activity: the manager of the department, or of one that works
        in the warehouse; else the owner of the indicator, else a KPI manager.

        :return: ``{Place: user id or False}``
        """
        if not places:
            return {}
        managers = self.env.ref("kpi_quality.group_kpi_quality_manager").all_user_ids
        managers = managers.filtered("active").sorted("id")
        in_warehouse = defaultdict(self.env["hr.department"].browse)
        for site in self.env["kpi.site"].search(
            [("warehouse_id", "in", [place.warehouse_id for place in places])]
        ):
            in_warehouse[site.warehouse_id.id] |= site.department_ids
        found = {}
        for place in places:
            department = self.env["hr.department"].browse(place.department_id or ())
            if place.warehouse_id:
                department = in_warehouse[place.warehouse_id].sorted("parent_path")
            indicator = self.env["kpi.indicator"].browse(place.indicator_id)
            # Root is nobody who looks at activities.
            people = department.manager_id.user_id | indicator.owner_id | managers
            found[place] = next(
                (
                    user.id
                    for user in people - self.env.ref("base.user_root")
                    if place.company_id in user.company_ids.ids
                    and user.has_group("kpi_quality.group_kpi_quality_user")
                ),
                False,
            )
        return found
