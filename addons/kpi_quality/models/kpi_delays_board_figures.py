from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, formatLang

from ..tools.delay_sums import DelaySums, bottleneck
from .kpi_board_mixin import TREND_DAYS


class BoardFigures(NamedTuple):
    """The sums behind the board."""

    total: DelaySums
    previous: DelaySums
    days: dict  # sums by day of the trend, every day of it
    buckets: dict  # number of promises by delay bucket
    places: dict  # {dimension: {id or None: sums}}


class KpiDelaysBoard(models.AbstractModel):
    _inherit = "kpi.delays.board"

    @api.model
    def _read_figures(self, filters, indicators):
        """Two grouped statements: the days looked at, and the days before.

        :param indicators: by code
        :rtype: BoardFigures
        """
        process, stretch = filters.definition, filters.stretch
        groups = self._read_groups(
            self._atom_domain(filters, indicators),
            ("date", "item_key", *process.places),
        )
        trend = stretch.at_least(TREND_DAYS)
        past = stretch.previous.at_least((stretch.date_from - trend.date_from).days)
        past_groups = self._read_groups(
            self._atom_domain(filters._replace(stretch=past), indicators), ("date",)
        )
        parts = {
            indicators[code].id: part
            for part, code in (
                ("hours", process.delay),
                ("supplier", process.supplier),
                ("own", process.own),
            )
            if code in indicators
        }
        days = self._sums(groups["date"], parts)
        past_days = self._sums(past_groups["date"], parts)
        every_day = [
            trend.date_from + timedelta(days=number) for number in range(trend.days)
        ]
        previous = stretch.previous
        return BoardFigures(
            total=sum(days.values(), DelaySums()),
            previous=sum(
                (
                    sums
                    for day, sums in past_days.items()
                    if previous.date_from <= day <= previous.date_to
                ),
                DelaySums(),
            ),
            days={
                day: days.get(day) or past_days.get(day) or DelaySums()
                for day in every_day
            },
            buckets={
                bucket: sums.due
                for bucket, sums in self._sums(groups["item_key"], parts).items()
                if bucket is not None  # the two parts of the inbound delay have none
            },
            places={
                place: self._sums(groups[place], parts) for place in process.places
            },
        )

    @api.model
    def _atom_domain(self, filters, indicators):
        process = filters.definition
        domain = [
            (
                "indicator_id",
                "in",
                [
                    indicators[code].id
                    for code in (process.delay, process.supplier, process.own)
                    if code in indicators
                ],
            ),
            ("company_id", "=", self.env.company.id),
            ("date", ">=", filters.stretch.date_from),
            ("date", "<=", filters.stretch.date_to),
        ]
        if filters.warehouse_id:
            domain.append(("warehouse_id", "=", filters.warehouse_id))
        return domain

    @api.model
    def _read_groups(self, domain, dimensions):
        """Sum the readable atoms by each dimension at once.

        :return: ``{dimension: [(indicator id, value, due, late, hours)]}``
        """
        atoms = self.env["kpi.measurement"]._search(domain)
        columns = SQL(", ").join(map(SQL.identifier, dimensions))
        kept = {"indicator_id", "numerator", "denominator", "item_key", *dimensions}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    indicator_id,
                    GROUPING(%(columns)s),
                    SUM(denominator),
                    SUM(denominator) FILTER (WHERE item_key > 0),
                    SUM(numerator),
                    %(columns)s
                FROM %(atoms)s AS atom
                GROUP BY GROUPING SETS (%(sets)s)
                """,
                columns=columns,
                atoms=atoms.subselect(
                    *(SQL.identifier(atoms.table, name) for name in sorted(kept))
                ),
                sets=SQL(", ").join(
                    SQL("(indicator_id, %s)", SQL.identifier(name))
                    for name in dimensions
                ),
            )
        )
        groups = defaultdict(list)
        # GROUPING() sets a bit for every column that a row is not grouped by.
        every_bit = (1 << len(dimensions)) - 1
        for indicator_id, mask, due, late, hours, *values in rows:
            index = len(dimensions) - (every_bit ^ mask).bit_length()
            groups[dimensions[index]].append(
                (
                    indicator_id,
                    values[index],
                    int(due or 0),
                    int(late or 0),
                    float(hours or 0.0),
                )
            )
        return groups

    @api.model
    def _sums(self, rows, parts):
        """:return: sums by value of the dimension, the parts laid side by side"""
        sums = defaultdict(DelaySums)
        for indicator_id, value, due, late, hours in rows:
            part = parts[indicator_id]
            if part == "hours":
                sums[value] += DelaySums(due, late, hours)
            else:
                sums[value] += DelaySums(**{part: hours})
        return dict(sums)

    # ------------------------------------------------------------------ words
    @api.model
    def _describe(self, sums):
        """The figures of some sums, for the client."""
        return {
            **sums._asdict(),
            "mean_lateness": sums.mean_lateness,
            "mean_delay": sums.mean_delay,
            "late_share": sums.late_share,
            "own_share": sums.own_share,
        }

    @api.model
    def _bottleneck(self, process, sums):
        """Who holds the goods, in words: "12.1 of 14.3 h is our receiving".

        :return: False for a process whose delay is not divided
        """
        if not process.own:
            return False
        holder = bottleneck(sums)
        if holder == "no_data":
            return {"holder": holder, "text": self.env._("No data for these days.")}
        if holder == "in_time":
            return {
                "holder": holder,
                "text": self.env._("Nothing is late: all goods were in stock in time."),
            }
        late = sums.late or 1
        words = {
            "total": self._hours(sums.hours / late),
            "own": self._hours(sums.own / late),
            "supplier": self._hours(sums.supplier / late),
        }
        if holder == "own":
            text = self.env._("%(own)s of %(total)s h is our receiving.", **words)
        elif holder == "supplier":
            text = self.env._("%(supplier)s of %(total)s h is the suppliers.", **words)
        else:
            text = self.env._(
                "Of %(total)s h, %(supplier)s h is the suppliers and %(own)s h our "
                "receiving.",
                **words,
            )
        return {"holder": holder, "text": text}

    @api.model
    def _hours(self, value):
        return formatLang(self.env, value, digits=1)
