from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import DELAY_BUCKETS
from ..tools.stretch import Stretch


class Process(NamedTuple):
    """What the board shows of a business process, by codes of indicators."""

    delay: str  # mean over all due, with the bucket of each
    lateness: str | None = None
    late_share: str | None = None
    supplier: str | None = None  # the two parts of a divided delay
    own: str | None = None
    places: tuple = ("employee_id", "warehouse_id")  # what is ranked, in this order

    @property
    def codes(self):
        return [code for code in self[:5] if code]


PROCESSES = {
    "pick": Process("pick_delay_hours", "pick_lateness_hours", "pick_late_share"),
    "inbound": Process(
        "inbound_delay_hours",
        supplier="inbound_delay_supplier",
        own="inbound_delay_receiving",
        places=("partner_id", "warehouse_id", "employee_id"),
    ),
    "supplier": Process(
        "supplier_delay_hours",
        "supplier_lateness_hours",
        "supplier_late_share",
        places=("partner_id", "employee_id", "warehouse_id"),
    ),
    "delivery": Process(
        "delivery_delay_hours",
        "delivery_lateness_hours",
        "delivery_late_share",
        places=("site_id", "employee_id", "warehouse_id"),
    ),
}


class BoardFilters(NamedTuple):
    """What the user looks at, once checked."""

    process: str
    period: str
    stretch: Stretch
    warehouse_id: int | None

    @property
    def definition(self):
        return PROCESSES[self.process]


class KpiDelaysBoard(models.AbstractModel):
    """What is late, since when, whose it is: for one morning's look.

    Everything but "late now" is read from ``kpi.measurement`` under its record rules,
    so everybody sees of it what he may see anyway. Figures: ``_figures``, ranking:
    ``_ranking``, live lists: ``_now``.
    """

    _name = "kpi.delays.board"
    _description = "Delays Board"
    _inherit = ["kpi.board.mixin"]

    # ------------------------------------------------------------------ calls
    @api.model
    @api.readonly
    def get_board(self, filters):
        """All figures of the board.

        :param dict filters: ``process``, ``period`` (of ``PERIODS``), ``date_from``
            and ``date_to`` (for ``custom``), ``warehouse_id``; what is missing or
            does not fit is replaced
        :return: the filters as they were applied, and figures; hours and percent as
            plain numbers, ``None`` for "no data"
        :rtype: dict
        """
        filters = self._clean_filters(filters)
        indicators = self._process_indicators(filters.definition)
        figures = self._read_figures(filters, indicators)
        ranking = self._rank(filters.definition, figures, indicators)
        main = indicators.get(filters.definition.delay)
        return {
            "filters": {
                "process": filters.process,
                **self._describe_filters(filters, ["warehouse_id"]),
            },
            "warehouses": self._warehouse_choices(filters, indicators, figures),
            "measured_at": main and fields.Datetime.to_string(main.measured_at),
            "empty": self._explain_empty(main, figures),
            "total": self._describe(figures.total),
            "previous": self._describe(figures.previous),
            "days": [
                {"date": fields.Date.to_string(day), **self._describe(sums)}
                for day, sums in figures.days.items()
            ],
            "buckets": [
                {
                    "bucket": bucket,
                    "hours_from": DELAY_BUCKETS[bucket - 1] if bucket else None,
                    "hours_to": DELAY_BUCKETS[bucket]
                    if bucket < len(DELAY_BUCKETS)
                    else None,
                    "due": figures.buckets.get(bucket, 0),
                }
                for bucket in range(len(DELAY_BUCKETS) + 1)
            ],
            "has_parts": bool(filters.definition.own),
            "bottleneck": self._bottleneck(filters.definition, figures.total),
            "rankings": ranking,
            "improvements": self._begun_improvements(
                filters, filters.definition.codes, ["warehouse_id"]
            ),
        }

    @api.model
    def action_open_documents(self, filters, figure):
        """Open the documents of a tile, bar or row.

        :param dict figure: what narrows the board's figure down: ``part`` (``supplier``
            or ``own``), ``date_from``, ``date_to``, ``bucket_from``, ``bucket_to``,
            ``place`` (a dimension) and ``id`` (empty: nobody knows), ``label``
        :return: a window action
        """
        filters = self._clean_filters(filters)
        indicator = self._figure_indicator(filters.definition, figure)
        buckets = {
            name: int(figure[name])
            for name in ("bucket_from", "bucket_to")
            if figure.get(name) is not None
        }
        return self._open_figure(
            filters,
            indicator,
            figure,
            filters.definition.places,
            warehouse_id=filters.warehouse_id,
            **buckets,
        )

    @api.model
    def action_improve(self, filters, figure):
        """Start an improvement action for a bar or row; see above."""
        filters = self._clean_filters(filters)
        indicator = self._figure_indicator(filters.definition, figure)
        context = {
            "default_indicator_id": indicator.id,
            "default_company_id": self.env.company.id,
            "default_warehouse_id": filters.warehouse_id or self._own_warehouse().id,
        }
        if place := figure.get("place"):
            self._check_place(place, filters.definition.places)
            context[f"default_{place}"] = figure.get("id") or False
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Improve"),
            "res_model": "kpi.improvement",
            "views": [(False, "form")],
            "target": "current",
            "context": context,
        }

    # ---------------------------------------------------------------- filters
    @api.model
    def _clean_filters(self, filters):
        process = filters.get("process")
        period, stretch = self._clean_period(filters, "days_7")
        return BoardFilters(
            process if process in PROCESSES else "pick",
            period,
            stretch,
            self._clean_id(filters.get("warehouse_id")),
        )

    @api.model
    def _process_indicators(self, process):
        """:return: the measured indicators of a process, by code"""
        indicators = self.env["kpi.indicator"].search(
            [("source", "in", process.codes), ("state", "=", "active")], order="id DESC"
        )
        # Of several with one source, the one that came with the product: the first.
        return {indicator.source: indicator for indicator in indicators}

    @api.model
    def _figure_indicator(self, process, figure):
        part = figure.get("part")
        code = (part in ("supplier", "own") and getattr(process, part)) or process.delay
        indicator = self._process_indicators(process).get(code)
        if not indicator:
            raise UserError(self.env._("This figure is not measured any more."))
        return indicator

    @api.model
    def _warehouse_choices(self, filters, indicators, figures):
        """The warehouses that the figures of these days are about."""
        if filters.warehouse_id and indicators:
            groups = self.env["kpi.measurement"]._read_group(
                self._atom_domain(filters._replace(warehouse_id=None), indicators),
                ["warehouse_id"],
            )
            warehouses = self.env["stock.warehouse"].union(*(w for [w] in groups))
            warehouses |= warehouses.browse(filters.warehouse_id)
        else:
            ids = set(figures.places.get("warehouse_id", {})) - {None}
            warehouses = self.env["stock.warehouse"].browse(ids)
        warehouses = warehouses.sudo().exists()  # the names only
        own = warehouses.filtered(lambda w: w.company_id == self.env.company)
        return [
            {"id": warehouse.id, "name": warehouse.name}
            for warehouse in own.sorted("name")
        ]

    # ------------------------------------------------------------------ words
    @api.model
    def _explain_empty(self, indicator, figures):
        """:return: why the board is empty and what to do about it; False when not"""
        if figures.total.due:
            return False
        if not indicator:
            return self.env._(
                "This process is not measured: a KPI manager can activate its "
                "indicators under Configuration → Indicators."
            )
        if indicator.error_message:
            return self.env._(
                "“%(indicator)s” could not be measured: %(error)s",
                indicator=indicator.name,
                error=indicator.error_message,
            )
        if not indicator.measured_at:
            return self.env._(
                "Nothing was measured yet. It happens by itself every 15 minutes; a "
                "KPI manager can start it on the indicator “%(indicator)s”.",
                indicator=indicator.name,
            )
        if not self._sees_all() and not self._led_warehouses():
            return self.env._(
                "You lead no warehouse, and no work of your own was due on these days. "
                "The lead of a warehouse is the manager of a department at its site."
            )
        return self.env._(
            "Nothing fell due on these days. Choose other days, or another process."
        )

    # ----------------------------------------------------------------- rights
    @api.model
    def _sees_all(self):
        """Whether the record rules let the user see everybody's figures."""
        return any(
            self.env.user.has_group(f"kpi_quality.group_kpi_quality_{role}")
            for role in ("manager", "expert", "payroll")
        )

    @api.model
    def _own_warehouse(self):
        """Whose figures these are when a lead did not choose; none for others."""
        if self._sees_all():
            return self.env["stock.warehouse"]
        return self._led_warehouses()[:1]

    @api.model
    def _led_warehouses(self):
        """The warehouses of the company that the user leads."""
        if not self.env.user.has_group("kpi_quality.group_kpi_quality_lead"):
            return self.env["stock.warehouse"]
        warehouses = self.env["stock.warehouse"].sudo()  # leads may lack stock rights
        return warehouses.search(
            [("kpi_is_led", "=", True), ("company_id", "=", self.env.company.id)]
        )
