from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.window import Window

ROWS = 8
# Above this many the client would choke on the list of ids.
OPEN_LIMIT = 10000


class LiveList(NamedTuple):
    """Open promises of one kind: what is late, or due next."""

    key: str
    title: str
    model: str
    late: bool  # else due later today
    documents: SQL  # res_id, warehouse_id, due_at; late from since_at + norm hours on


class KpiDelaysBoard(models.AbstractModel):
    """Late now and due next: from the documents themselves, not from measurements."""

    _inherit = "kpi.delays.board"

    @api.model
    @api.readonly
    def get_late_now(self, filters):
        """What is late at this moment, and what is due next today.

        Leads see the warehouses they lead; references, partners and times only, as
        with the documents of a figure.

        :return: ``now``, ``empty`` (why there is nothing to see) and ``lists`` of
            ``key``, ``title``, ``late``, ``count`` and the first ``rows``
        :rtype: dict
        """
        filters = self._clean_filters(filters)
        now = fields.Datetime.now()
        warehouses = self._live_warehouses(filters)
        lists = []
        if warehouses:
            self.env.flush_all()
            lists = [
                self._read_live(live, filters, now)
                for live in self._live_lists(filters.process, warehouses, now)
            ]
        return {
            "now": fields.Datetime.to_string(now),
            "empty": not warehouses
            and self.env._(
                "Open transfers show here for the warehouses you lead: those of the "
                "sites where a department of yours works."
            ),
            "lists": lists,
        }

    @api.model
    def action_open_live(self, filters, key):
        """Open a whole live list, with the user's own rights on the documents."""
        filters = self._clean_filters(filters)
        self.env.flush_all()
        now = fields.Datetime.now()
        warehouses = self._live_warehouses(filters)
        for live in self._live_lists(filters.process, warehouses, now):
            if live.key == key and warehouses:
                rows = self._live_rows(live, filters, now, OPEN_LIMIT)
                ids = [row[0] for row in rows]
                return {
                    "type": "ir.actions.act_window",
                    "name": live.title,
                    "res_model": live.model,
                    "views": [(False, "list"), (False, "form")],
                    "domain": [("id", "in", ids)],
                    "context": {"create": False},
                }
        raise UserError(self.env._("This list is empty by now."))

    # --------------------------------------------------------------- which ones
    @api.model
    def _live_warehouses(self, filters):
        if self._sees_all():
            warehouses = self.env["stock.warehouse"].sudo()  # may lack stock rights
            warehouses = warehouses.search([("company_id", "=", self.env.company.id)])
        else:
            warehouses = self._led_warehouses()
        if filters.warehouse_id:
            warehouses = warehouses.filtered(lambda w: w.id == filters.warehouse_id)
        return warehouses

    @api.model
    def _live_lists(self, process, warehouses, now):
        """:rtype: list[LiveList]"""
        tomorrow = fields.Date.context_today(self) + timedelta(days=1)
        midnight = (
            self.env.tz.localize(datetime.combine(tomorrow, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
        )
        ids = tuple(warehouses.ids) or (0,)

        def due(column, late):
            return SQL("%s <= %s", column, now if late else midnight)

        def pair(key, late_title, next_title, model, select):
            return [
                LiveList(
                    f"{key}_late", late_title, model, True, select(ids, due, True)
                ),
                LiveList(
                    f"{key}_next", next_title, model, False, select(ids, due, False)
                ),
            ]

        if process == "pick":
            return pair(
                "pick",
                self.env._("Not picked"),
                self.env._("To be picked today"),
                "stock.picking",
                self._open_picks,
            )
        if process == "delivery":
            return pair(
                "delivery",
                self.env._("Not delivered"),
                self.env._("To be delivered today"),
                "sale.order",
                self._open_deliveries,
            )
        awaited, next_awaited = pair(
            "supply",
            self.env._("Not arrived"),
            self.env._("To arrive today"),
            "stock.picking",
            self._awaited_receipts,
        )
        if process == "supplier":
            return [awaited, next_awaited]
        dock, next_dock = pair(
            "dock",
            self.env._("Arrived, but not booked in"),
            self.env._("To be booked in today"),
            "stock.picking",
            self._receipts_at_dock,
        )
        return [dock, awaited, next_dock, next_awaited]

    # --------------------------------------------------------------------- rows
    @api.model
    def _live_rows(self, live, filters, now, limit):
        """Hours are those of the board's indicator: calendar or working hours.

        :return: (id, due, hours late, number of all), the longest due first
        """
        engine = self.env["kpi.engine"]
        indicator = self._process_indicators(filters.definition).get(
            filters.definition.delay, self.env["kpi.indicator"]
        )
        today = fields.Date.context_today(self)
        return self.env.execute_query(
            SQL(
                """
                SELECT
                    res_id,
                    MIN(due_at) AS due_at,
                    MAX(hours)::float8 AS hours,
                    COUNT(*) OVER ()
                FROM (
                    SELECT
                        document.res_id,
                        document.due_at,
                        GREATEST(%(elapsed)s - document.norm::numeric, 0) AS hours
                    FROM (%(documents)s) AS document
                    JOIN stock_warehouse AS place
                        ON place.id = document.warehouse_id
                    %(working_time)s
                ) AS open_document
                WHERE (hours > 0) = %(late)s
                GROUP BY res_id
                ORDER BY due_at, res_id
                LIMIT %(limit)s
                """,
                elapsed=engine._elapsed_hours(
                    indicator, SQL("document.since_at"), SQL("%s::timestamp", now)
                ),
                documents=live.documents,
                working_time=engine._working_time(
                    indicator,
                    Window(today, today, now),
                    SQL("place.company_id"),
                    SQL("place.id"),
                ),
                late=live.late,
                limit=limit,
            )
        )

    @api.model
    def _read_live(self, live, filters, now):
        rows = self._live_rows(live, filters, now, ROWS)
        records = self.env[live.model].browse([row[0] for row in rows])
        may_open = set()
        if records.browse().has_access("read"):
            may_open = set(records._filtered_access("read").ids)
        names = {
            record.id: (record.display_name, record.partner_id.display_name)
            for record in records.sudo()  # reference and partner: see get_late_now
        }
        return {
            "key": live.key,
            "title": live.title,
            "late": live.late,
            "model": live.model,
            "count": rows[0][3] if rows else 0,
            "rows": [
                {
                    "id": res_id,
                    "name": names[res_id][0],
                    "partner": names[res_id][1] or "",
                    "due": fields.Datetime.to_string(due_at),
                    "hours": hours,
                    "may_open": res_id in may_open,
                }
                for res_id, due_at, hours, _count in rows
            ],
        }
