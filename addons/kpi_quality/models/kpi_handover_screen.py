from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

PAGE = 40
OPEN = ("waiting", "confirmed", "assigned")
TYPES = {"arrival": ("incoming",), "delivery": ("outgoing", "dropship")}
FIELDS = {"arrival": "kpi_arrived_at", "delivery": "kpi_delivered_at"}
# Of deliveries that were confirmed, the screen shows those that may be mistakes.
LATELY = timedelta(days=1)


class KpiHandoverScreen(models.AbstractModel):
    """What the dock and delivery screens show and do, with the rights of who looks.

    Cards come from the moves, because the promise that a transfer is late against is
    the first one given for its moves; one query finds, sorts and pages them.
    """

    _name = "kpi.handover.screen"
    _description = "Dock and Delivery Screen"

    # ----------------------------------------------------------- the screen
    @api.model
    def get_cards(self, kind, warehouse_id=None, search="", marked=False, offset=0):
        """A page of cards, the late ones first.

        :param str kind: ``arrival`` or ``delivery``
        :param warehouse_id: 0 for all; the user's own without
        :param marked: those that were marked and wait, or may be mistakes
        :return: cards, counts and the warehouses to choose from
        """
        warehouses = self.env["stock.warehouse"].search_fetch(
            [("company_id", "in", self.env.companies.ids)], ["name"]
        )
        if warehouse_id not in [0, *warehouses.ids]:
            warehouse_id = self._own_warehouse(warehouses).id or 0
        pickings = self._pickings(kind, warehouse_id, marked)
        domain = self._moves(pickings, search)
        rows = self._read_rows(domain, offset)
        now = fields.Datetime.now()
        return {
            "cards": self._cards(rows, kind, marked),
            "total": self._count(domain),
            "overdue": 0 if marked else self._count(domain & self._due_before(now)),
            "warehouses": [
                {"id": place.id, "name": place.name} for place in warehouses
            ],
            "warehouse_id": warehouse_id,
            "needs_mark": bool(self._marked_types(kind, warehouse_id)),
        }

    @api.model
    def tap(self, kind, picking_id):
        """Mark one transfer, now."""
        return self._mark(self.env["stock.picking"].browse(picking_id), kind, "tap")

    @api.model
    def scan(self, kind, code):
        """Mark the transfer of a name, or the only open one of an order.

        :return: ``marked`` with the new mark, or ``cards`` to choose from, or the
            ``message`` that tells why nothing was marked
        """
        code = (code or "").strip()
        codes = [code, code.upper()]
        picking = self.env["stock.picking"].search([("name", "in", codes)], limit=2)
        if len(picking) == 1:
            return {"marked": self._mark(picking, kind, "scan")}
        origins = ("origin", "picking_id.origin")
        ordered = Domain.OR(Domain(origin, "in", codes) for origin in origins)
        unmarked = self._pickings(kind, any_type=True)
        rows = self._read_rows(self._moves(unmarked) & ordered)
        if len(rows) == 1:
            return {"marked": self._mark(rows[0][0], kind, "scan")}
        if rows:
            return {"cards": self._cards(rows, kind)}
        known = Domain("picking_id.picking_type_id.code", "in", TYPES[kind]) & ordered
        if code and self.env["stock.move"].search_count(known, limit=1):
            message = self.env._("%s: nothing is left to mark.", code)
        else:
            message = self.env._("Nothing here is called “%s”.", code)
        return {"message": message}

    @api.model
    def undo(self, handover_id):
        """Take back the own mark of just now."""
        self.env["kpi.handover"].browse(handover_id)._undo()

    # ------------------------------------------------------------- helpers
    def _own_warehouse(self, warehouses):
        """Where the user works: own setting, site of the department, the only one."""
        user = self.env.user
        own = user.property_warehouse_id
        own |= user.sudo().employee_id.department_id.kpi_site_id.warehouse_id
        own &= warehouses
        return own[:1] or (warehouses if len(warehouses) == 1 else own)

    def _marked_types(self, kind, warehouse_id):
        domain = Domain("code", "in", TYPES[kind]) & Domain("kpi_needs_mark", "=", True)
        if warehouse_id:
            domain &= Domain("warehouse_id", "=", warehouse_id)
        return self.env["stock.picking.type"].search_fetch(
            domain, ["kpi_needs_mark_since"]
        )

    def _pickings(self, kind, warehouse_id=0, marked=False, any_type=False):
        """The domain of the transfers that a screen is about."""
        domain = Domain("picking_type_id.code", "in", TYPES[kind])
        domain &= Domain(FIELDS[kind], "!=" if marked else "=", False)
        if warehouse_id:
            domain &= Domain("picking_type_id.warehouse_id", "=", warehouse_id)
        if kind == "arrival":
            return domain & Domain("state", "in", OPEN)
        domain &= Domain("state", "=", "done")
        # What goes back to a vendor leaves by the same door.
        domain &= Domain("location_dest_id.usage", "=", "customer")
        if marked:
            return domain & Domain(FIELDS[kind], ">=", fields.Datetime.now() - LATELY)
        if any_type:
            return domain
        return domain & Domain.OR(
            Domain("picking_type_id", "=", picking_type.id)
            & Domain("date_done", ">=", picking_type.kpi_needs_mark_since)
            for picking_type in self._marked_types(kind, warehouse_id)
        )

    def _moves(self, pickings, search=""):
        domain = Domain("picking_id", "any", pickings)
        domain &= Domain("state", "not in", ("draft", "cancel"))
        search = (search or "").strip()
        if search:
            domain &= Domain("origin", "ilike", search) | Domain.OR(
                Domain(f"picking_id.{name}", "ilike", search)
                for name in ("name", "origin", "partner_id")
            )
        return domain

    def _due_before(self, moment):
        return Domain("kpi_due_at", "<", moment) | (
            Domain("kpi_due_at", "=", False) & Domain("date", "<", moment)
        )

    def _count(self, domain):
        [(count,)] = self.env["stock.move"]._read_group(
            domain, aggregates=["picking_id:count_distinct"]
        )
        return count

    def _read_rows(self, domain, offset=0):
        """Transfer, due, planned, number of lines, orders; the most urgent first."""
        return self.env["stock.move"]._read_group(
            domain,
            ["picking_id"],
            ["kpi_due_at:min", "date:min", "__count", "origin:array_agg_distinct"],
            order="kpi_due_at:min, date:min, picking_id",
            limit=PAGE,
            offset=offset,
        )

    def _cards(self, rows, kind, marked=False):
        pickings = self.env["stock.picking"].concat(*(row[0] for row in rows))
        marks = self._marks(pickings, kind) if marked else {}
        now = fields.Datetime.now()
        tomorrow = self._tomorrow(now)
        sections = ("overdue", "today", "later")
        cards = []
        for picking, due, planned, lines, origins in rows:
            due = due or planned
            partner = picking.partner_id
            cards.append(
                {
                    "id": picking.id,
                    "name": picking.name,
                    "partner": partner.display_name or "",
                    "city": partner.city or "",
                    "orders": sorted(filter(None, origins)),
                    "lines": lines,
                    "due": fields.Datetime.to_string(due),
                    "planned": fields.Datetime.to_string(planned),
                    "section": sections[(due >= now) + (due >= tomorrow)],
                    "urgent": picking.priority == "1",
                    "mark": marks.get(picking.id, False),
                }
            )
        return cards

    def _tomorrow(self, now):
        """When the user's day ends, as naive UTC."""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        local = pytz.utc.localize(now).astimezone(zone)
        midnight = local.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        tomorrow = zone.localize(midnight + timedelta(days=1))
        return tomorrow.astimezone(pytz.utc).replace(tzinfo=None)

    def _marks(self, pickings, kind):
        marks = self.env["kpi.handover"].search(
            [
                ("picking_id", "in", pickings.ids),
                ("kind", "=", kind),
                ("revoked_at", "=", False),
            ]
        )
        return {mark.picking_id.id: self._mark_values(mark) for mark in marks}

    def _mark(self, picking, kind, source):
        return self._mark_values(picking._kpi_mark(kind, source).sudo(False))

    def _mark_values(self, mark):
        return {
            "id": mark.id,
            "picking_id": mark.picking_id.id,
            "name": mark.picking_id.name,
            "moment": fields.Datetime.to_string(mark.moment),
            "who": mark.user_id.name or mark._source_label(),
            "can_take_back": mark._can_revoke(),
        }
