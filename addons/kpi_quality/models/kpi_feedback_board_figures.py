from collections import Counter, defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, get_lang

from ..tools.change import Cases
from ..tools.satisfaction import interval
from ..tools.standing import standing
from .kpi_board_mixin import TREND_DAYS
from .kpi_feedback_board import INDEXES

FACT_COLUMNS = (
    "indicator_id",
    "date",
    "hour",
    "site_id",
    "department_id",
    "employee_id",
    "numerator",
    "denominator",
    "squares",
    "sample",
)
NO_CASES = Cases(0.0, 0.0, 0.0, 0)


class FeedbackFacts(NamedTuple):
    """The sums behind the board; of each indicator, by its source."""

    total: dict
    previous: dict
    days: dict  # by day of the trend
    hours: dict  # by local hour of the day
    hour_days: dict  # number of days with visitors in that hour
    places: dict  # {dimension: {id or None: sums}}
    polled_days: set  # (day, site) with a valid poll


def added(many):
    """The cases of several stretches or places together."""
    return Cases(*map(sum, zip(NO_CASES, *many, strict=True)))


class KpiFeedbackBoard(models.AbstractModel):
    _inherit = "kpi.feedback.board"

    @api.model
    def _read_facts(self, filters, indicators):
        """Two grouped statements: the days looked at, and the days before.

        :param indicators: by source
        :rtype: FeedbackFacts
        """
        codes = {indicator.id: code for code, indicator in indicators.items()}
        stretch = filters.stretch
        trend = stretch.at_least(TREND_DAYS)
        past = stretch.previous.at_least((stretch.date_from - trend.date_from).days)
        groups = self._group_facts(
            self._fact_rows(filters, indicators),
            ("date",),
            ("hour",),
            ("date", "hour"),
            ("department_id",),
            ("employee_id",),
            ("date", "site_id"),
        )
        past_groups = self._group_facts(
            self._fact_rows(filters._replace(stretch=past), indicators), ("date",)
        )

        def by_code(group):
            sums = defaultdict(dict)
            for (indicator_id, *key), cases in group.items():
                sums[key[0]][codes[indicator_id]] = cases
            return sums

        def total(days, wanted):
            found = [sums for day, sums in days.items() if wanted(day)]
            return {
                code: added(sums[code] for sums in found if code in sums)
                for code in indicators
            }

        days, past_days = by_code(groups["date",]), by_code(past_groups["date",])
        previous = stretch.previous
        return FeedbackFacts(
            total=total(days, lambda day: True),
            previous=total(
                past_days,
                lambda day: previous.date_from <= day <= previous.date_to,
            ),
            days={
                day: days.get(day) or past_days.get(day) or {}
                for day in (
                    trend.date_from + timedelta(days=number)
                    for number in range(trend.days)
                )
            },
            hours=by_code(groups["hour",]),
            hour_days=Counter(
                hour
                for (indicator_id, _day, hour), cases in groups["date", "hour"].items()
                if codes[indicator_id] == "visitor_coverage" and cases.count
            ),
            places={
                place: by_code(groups[place,])
                for place in ("department_id", "employee_id")
            },
            polled_days={
                (day, site_id)
                for (indicator_id, day, site_id), cases in groups[
                    "date", "site_id"
                ].items()
                if codes[indicator_id] == "force_majeure_share" and cases.count
            },
        )

    @api.model
    def _fact_rows(self, filters, indicators):
        """SQL: the rows that a figure is the sum of, with ``FACT_COLUMNS``.

        Atoms; of a single point the polls themselves, as atoms do not know points.
        """
        if filters.point_id:
            return self._poll_rows(filters, indicators)
        atoms = self.env["kpi.measurement"]._search(
            self._atom_domain(filters, indicators)
        )
        return atoms.select(
            *(SQL.identifier(atoms.table, name) for name in FACT_COLUMNS)
        )

    @api.model
    def _atom_domain(self, filters, indicators):
        domain = [
            ("indicator_id", "in", [i.id for i in indicators.values()]),
            ("company_id", "=", self.env.company.id),
            ("date", ">=", filters.stretch.date_from),
            ("date", "<=", filters.stretch.date_to),
        ]
        if filters.site_id:
            domain.append(("site_id", "=", filters.site_id))
        if filters.department_ids:
            domain.append(("department_id", "in", filters.department_ids))
        if filters.employee_id:
            domain.append(("employee_id", "=", filters.employee_id))
        return domain

    @api.model
    def _group_facts(self, rows, *groupings):
        """Sum rows by several groupings at once.

        :param SQL rows: SELECT with ``FACT_COLUMNS``, or more
        :param groupings: tuples of columns
        :return: ``{grouping: {(indicator id, *values): Cases}}``
        """
        names = sorted({name for grouping in groupings for name in grouping})
        columns = SQL(", ").join(map(SQL.identifier, names))
        # GROUPING() sets a bit for every column that a row is not grouped by.
        masks = {
            sum(
                1 << bit
                for bit, name in enumerate(reversed(names))
                if name not in grouping
            ): grouping
            for grouping in groupings
        }
        found = self.env.execute_query(
            SQL(
                """
                SELECT
                    GROUPING(%(columns)s),
                    indicator_id,
                    SUM(denominator),
                    SUM(numerator),
                    SUM(squares),
                    SUM(sample),
                    %(columns)s
                FROM (%(rows)s) AS fact
                GROUP BY GROUPING SETS (%(sets)s)
                """,
                columns=columns,
                rows=rows,
                sets=SQL(", ").join(
                    SQL(
                        "(indicator_id, %s)",
                        SQL(", ").join(map(SQL.identifier, grouping)),
                    )
                    for grouping in groupings
                ),
            )
        )
        groups = {grouping: {} for grouping in groupings}
        for mask, indicator_id, count, total, squares, items, *values in found:
            by_name = dict(zip(names, values, strict=True))
            grouping = masks[mask]
            key = (indicator_id, *(by_name[name] for name in grouping))
            groups[grouping][key] = Cases(
                float(count or 0.0), float(total or 0.0), float(squares or 0.0), items
            )
        return groups

    # ------------------------------------------------------------ one figure
    @api.model
    def _value(self, indicator, cases):
        if not cases or not cases.count:
            return None
        return cases.total / cases.count * indicator._scale

    @api.model
    def _comparable(self, indicator, cases):
        """The value of an earlier stretch; None when it had too few polls to say."""
        described = self._describe(indicator, cases)
        return described["value"] if described["margin"] is not None else None

    @api.model
    def _describe(self, indicator, cases, references=None):
        """A figure for the client.

        :param references: usual values by source
        :return: ``value`` with its interval (``margin`` None: too few to say, 0 for an
            exact figure), ``count`` (polls, visits: what it is the mean over), and how
            it stands beside its ``reference``
        """
        code = indicator.source
        value = self._value(indicator, cases)
        reference = (references or {}).get(code)
        margin = None if value is None else 0.0
        if value is not None and code in INDEXES:
            margin = interval(cases.count, cases.total, cases.squares).margin
            margin = None if margin is None else margin * indicator._scale
        return {
            "code": code,
            "name": indicator.name,
            "rising": indicator.direction == "rising",
            "has_interval": code in INDEXES,
            "value": value,
            "margin": margin,
            "count": cases.count if cases else 0,
            "total": cases.total if cases else 0,
            "reference": reference,
            "standing": standing(
                value, margin, reference, indicator.direction == "rising"
            ),
        }

    # ----------------------------------------------------------------- trend
    @api.model
    def _describe_trend(self, filters, facts, indicators):
        """:return: ``{"day": [...], "week": [...]}`` of stretches with figures"""
        first = int(get_lang(self.env).week_start) - 1
        weeks = defaultdict(list)
        for day in facts.days:
            start = day - timedelta(days=(day.weekday() - first) % 7)
            if filters.stretch.date_from <= day <= filters.stretch.date_to:
                weeks[start].append(day)
        return {
            "day": [
                self._stretch_figures([day], facts, indicators) for day in facts.days
            ],
            "week": [
                self._stretch_figures(days, facts, indicators)
                for days in weeks.values()
            ],
        }

    @api.model
    def _stretch_figures(self, days, facts, indicators):
        figures = {}
        for code, indicator in indicators.items():
            cases = added(
                facts.days[day][code] for day in days if code in facts.days[day]
            )
            described = self._describe(indicator, cases)
            figures[code] = {
                name: described[name] for name in ("value", "margin", "count")
            }
        return {
            "date_from": fields.Date.to_string(days[0]),
            "date_to": fields.Date.to_string(days[-1]),
            "figures": figures,
        }

    # --------------------------------------------------------------- rankings
    @api.model
    def _describe_rankings(self, facts, polls, indicators, references):
        """Points, departments and people by index, with intervals.

        :return: a list, by dimension, of rows ``{id, name, figures}``
        """
        places = {"point_id": polls.points, **facts.places}
        return [
            {
                "place": place,
                "rows": [
                    {
                        "id": key or False,
                        "name": name,
                        "figures": {
                            code: self._describe(
                                indicators[code], places[place][key][code], references
                            )
                            for code in INDEXES
                            if code in places[place][key]
                            and places[place][key][code].count
                        },
                    }
                    for key, name in self._place_names(place, places[place]).items()
                ],
            }
            for place in ("point_id", "department_id", "employee_id")
        ]

    @api.model
    def _place_names(self, place, keys):
        unknown = {
            "point_id": self.env._("No point"),
            "department_id": self.env._("No department"),
            "employee_id": self.env._("Nobody known"),
        }[place]
        model = self.env["kpi.feedback.poll"]._fields[place].comodel_name
        records = self.env[model].sudo().browse(set(keys) - {None})  # the names only
        names = {record.id: record.name for record in records.exists()}
        return {key: names.get(key, unknown) for key in keys}
