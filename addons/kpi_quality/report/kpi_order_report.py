"""The order report: one row per sales order, computed when it is looked at.

Every group of figures is a LATERAL subquery that gives exactly one row, so PostgreSQL
leaves out what nobody asks for, and works on the shown orders only.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.kpi_indicator_order import OrderWindow


class KpiOrderReport(models.Model):
    """All times, delays and hands of a sales order.

    The delays are those of the sources ``pick_delay_hours`` and
    ``delivery_delay_hours``, added up by order: the same SELECT, so they agree.
    """

    _name = "kpi.order.report"
    _description = "Order in Detail"
    _auto = False
    _rec_name = "order_id"
    _order = "date_order DESC, id DESC"
    _depends = {
        "sale.order": [
            "company_id",
            "partner_id",
            "user_id",
            "team_id",
            "warehouse_id",
            "state",
            "amount_untaxed",
            "currency_rate",
            "create_date",
            "date_order",
        ],
        "sale.order.line": [
            "order_id",
            "display_type",
            "kpi_promised_at",
            "kpi_promised_qty",
            "kpi_withdrawn_at",
            "kpi_withdrawn_qty",
        ],
        "stock.move": [
            "state",
            "sale_line_id",
            "kpi_due_at",
            "kpi_done_at",
            "kpi_cancelled_at",
        ],
        "stock.picking": ["state", "sale_id", "kpi_delivered_at"],
        "purchase.order": ["state"],
        "kpi.order.journal": ["event"],
        "kpi.site": ["warehouse_id", "kind", "active"],
        "hr.employee": ["user_id", "company_id"],
        "hr.version": ["department_id", "date_version", "active"],
        "hr.department": ["kpi_site_id"],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    date_order = fields.Datetime(string="Order date", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    department_id = fields.Many2one(
        "hr.department",
        readonly=True,
        help="The salesperson's department on the day of the order.",
    )
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    site_id = fields.Many2one("kpi.site", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["sale.order"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    amount = fields.Monetary(
        readonly=True, help="Without taxes, in the currency of the company."
    )
    line_count = fields.Integer(string="Lines", readonly=True)
    # ---------------------------------------------------------------- moments
    created_at = fields.Datetime(string="Created", readonly=True)
    confirmed_at = fields.Datetime(string="First confirmed", readonly=True)
    promised_at = fields.Datetime(
        string="Promised",
        readonly=True,
        help="The last of the first promises of its lines.",
    )
    picked_at = fields.Datetime(
        string="Picked", readonly=True, help="When the last goods were picked."
    )
    shipped_at = fields.Datetime(
        string="Shipped", readonly=True, help="When the last goods left the warehouse."
    )
    delivered_at = fields.Datetime(
        string="Delivered",
        readonly=True,
        help="When the customer had the last goods; where deliveries are not "
        "confirmed, when they were shipped.",
    )
    # ------------------------------------------------------------------ hours
    handling_hours = fields.Float(
        readonly=True,
        aggregator="avg",
        help="From the creation to the first confirmation.",
    )
    pick_delay_hours = fields.Float(
        string="Picking late (hours)",
        readonly=True,
        help="Added up over the promises to pick, as in the indicator of this name.",
    )
    delivery_delay_hours = fields.Float(
        string="Delivery late (hours)",
        readonly=True,
        help="Added up over the promised lines, as in the indicator of this name.",
    )
    # ---------------------------------------------------------------- journal
    promise_move_count = fields.Integer(
        string="Promise moved",
        readonly=True,
        help="How often the date that the customer was given was moved.",
    )
    promise_moved_by_id = fields.Many2one(
        "res.users", string="Promise last moved by", readonly=True
    )
    reschedule_count = fields.Integer(
        string="Transfers rescheduled",
        readonly=True,
        help="How often people moved the planned date of its transfers.",
    )
    people_count = fields.Integer(
        string="Hands",
        readonly=True,
        aggregator="avg",
        help="Different people who did something to the order or its transfers.",
    )
    opened_count = fields.Integer(string="Times opened", readonly=True)
    worked_minutes = fields.Float(
        string="Worked (minutes)",
        readonly=True,
        help="How long people had the order or its transfers open and worked on them.",
    )
    goods_change_count = fields.Integer(string="Goods changed", readonly=True)

    @api.depends("order_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.order_id.sudo().display_name  # the name only

    @property
    def _table_query(self):
        window = self._window()
        return SQL(
            """
            SELECT
                orders.id,
                orders.id AS order_id,
                orders.date_order,
                orders.company_id,
                orders.partner_id,
                orders.user_id,
                employee.id AS employee_id,
                %(department)s AS department_id,
                orders.team_id,
                orders.warehouse_id,
                COALESCE(
                    (
                        SELECT department.kpi_site_id
                        FROM hr_department AS department
                        WHERE department.id = %(department)s
                    ),
                    (
                        SELECT site.id
                        FROM kpi_site AS site
                        WHERE site.warehouse_id = orders.warehouse_id
                            AND site.active
                        ORDER BY site.kind = 'warehouse' DESC, site.id
                        LIMIT 1
                    )
                ) AS site_id,
                orders.state,
                orders.amount_untaxed
                    / COALESCE(NULLIF(orders.currency_rate, 0), 1) AS amount,
                lines.line_count,
                orders.create_date AS created_at,
                confirmed.moment AS confirmed_at,
                lines.promised_at,
                goods.picked_at,
                goods.shipped_at,
                goods.delivered_at,
                handling.hours AS handling_hours,
                picks.hours AS pick_delay_hours,
                deliveries.hours AS delivery_delay_hours,
                journal.promise_move_count,
                journal.promise_moved_by_id,
                journal.reschedule_count,
                journal.people_count,
                journal.opened_count,
                journal.worked_minutes,
                journal.goods_change_count
            FROM sale_order AS orders
            LEFT JOIN hr_employee AS employee
                ON employee.user_id = orders.user_id
                AND employee.company_id = orders.company_id
            LEFT JOIN LATERAL (%(lines)s) AS lines ON TRUE
            LEFT JOIN LATERAL (%(confirmed)s) AS confirmed ON TRUE
            LEFT JOIN LATERAL (%(handling)s) AS handling ON TRUE
            LEFT JOIN LATERAL (%(goods)s) AS goods ON TRUE
            LEFT JOIN LATERAL (%(picks)s) AS picks ON TRUE
            LEFT JOIN LATERAL (%(deliveries)s) AS deliveries ON TRUE
            LEFT JOIN LATERAL (%(journal)s) AS journal ON TRUE
            """,
            department=self._department(),
            lines=self._lines(),
            confirmed=self._confirmed(),
            handling=self._handling(window),
            goods=self._goods(),
            picks=self._indicator("pick_delay_hours")._order_hours(window),
            deliveries=self._indicator("delivery_delay_hours")._order_hours(window),
            journal=self._journal(),
        )

    @api.model
    def _window(self):
        """From the first promise until now: whatever order is asked for."""
        [(first,)] = self.env.execute_query(
            SQL("SELECT MIN(kpi_promised_at) FROM sale_order_line")
        )
        now = fields.Datetime.now()
        return OrderWindow(first.date() if first else now.date(), now.date(), now)

    @api.model
    def _indicator(self, source):
        """The indicator whose options (tolerance, working hours) count here."""
        indicators = self.env["kpi.indicator"].sudo()  # the options only
        found = indicators.search(
            [("source", "=", source), ("company_id", "=", False)],
            order="state, sequence, id",
            limit=1,
        )
        return found or indicators.new({"source": source})

    # ---------------------------------------------------------------- one order
    @api.model
    def _department(self):
        """SQL: of the employee on the day of the order; before the first version
        that of the first one."""
        return SQL(
            """
            (
                SELECT version.department_id
                FROM hr_version AS version
                WHERE version.employee_id = employee.id
                    AND version.active
                ORDER BY
                    version.date_version <= orders.date_order::date DESC,
                    ABS(orders.date_order::date - version.date_version)
                LIMIT 1
            )
            """
        )

    @api.model
    def _lines(self):
        return SQL(
            """
            SELECT
                COUNT(*) AS line_count,
                MAX(line.kpi_promised_at) AS promised_at
            FROM sale_order_line AS line
            WHERE line.order_id = orders.id
                AND line.display_type IS NULL
            """
        )

    @api.model
    def _confirmed(self):
        """SQL: by the journal; orders older than it by Odoo's own date."""
        return SQL(
            """
            SELECT
                COALESCE(
                    MIN(entry.moment),
                    CASE WHEN orders.state = 'sale' THEN orders.date_order END
                ) AS moment
            FROM kpi_order_journal AS entry
            WHERE entry.res_model = 'sale.order'
                AND entry.res_id = orders.id
                AND entry.event = 'state'
                AND entry.new_value = 'sale'
            """
        )

    @api.model
    def _handling(self, window):
        indicator = self._indicator("order_handling_hours")
        engine = self.env["kpi.engine"]
        return SQL(
            """
            SELECT SUM(%(hours)s) AS hours
            FROM (
                SELECT
                    orders.create_date AS created_at,
                    confirmed.moment AS confirmed_at,
                    orders.company_id,
                    orders.warehouse_id
            ) AS handled
            %(working_time)s
            WHERE handled.confirmed_at IS NOT NULL
            """,
            hours=engine._elapsed_hours(
                indicator, SQL("handled.created_at"), SQL("handled.confirmed_at")
            ),
            working_time=engine._working_time(
                indicator,
                window,
                SQL("handled.company_id"),
                SQL("handled.warehouse_id"),
            ),
        )

    @api.model
    def _goods(self):
        """SQL: when the last goods were picked, shipped and delivered.

        Nothing while some of them are still to come. In several steps the later ones
        are not there before the earlier are done, so those have to be done as well.
        """
        return SQL(
            """
            SELECT
                CASE WHEN step.is_picked THEN step.picked_at END AS picked_at,
                CASE WHEN step.is_picked AND step.is_shipped THEN step.shipped_at END
                    AS shipped_at,
                CASE WHEN step.is_picked AND step.is_delivered THEN step.delivered_at
                END AS delivered_at
            FROM (
                SELECT
                    bool_and(part.done_at IS NOT NULL) AS is_picked,
                    COALESCE(
                        MAX(part.done_at) FILTER (WHERE part.is_pick),
                        MAX(part.done_at) FILTER (WHERE part.is_last)
                    ) AS picked_at,
                    bool_and(part.done_at IS NOT NULL) FILTER (WHERE part.is_last)
                        AS is_shipped,
                    MAX(part.done_at) FILTER (WHERE part.is_last) AS shipped_at,
                    bool_and(part.delivered_at IS NOT NULL) FILTER (WHERE part.is_last)
                        AS is_delivered,
                    MAX(part.delivered_at) FILTER (WHERE part.is_last) AS delivered_at
                FROM (%(parts)s) AS part
            ) AS step
            """,
            parts=SQL(
                """
                SELECT
                    picking_type.id = warehouse.pick_type_id AS is_pick,
                    destination.usage = 'customer' AS is_last,
                    CASE WHEN move.state = 'done'
                        THEN COALESCE(move.kpi_done_at, move.date)
                    END AS done_at,
                    COALESCE(
                        picking.kpi_delivered_at,
                        CASE
                            WHEN move.state = 'done'
                                AND (
                                    picking_type.kpi_needs_mark_since
                                    <= move.kpi_done_at
                                ) IS NOT TRUE
                            THEN COALESCE(move.kpi_done_at, move.date)
                        END
                    ) AS delivered_at
                FROM sale_order_line AS line
                JOIN stock_move AS move
                    ON move.sale_line_id = line.id
                    AND move.state NOT IN ('draft', 'cancel')
                    AND move.origin_returned_move_id IS NULL
                JOIN stock_picking AS picking
                    ON picking.id = move.picking_id
                JOIN stock_picking_type AS picking_type
                    ON picking_type.id = move.picking_type_id
                JOIN stock_location AS destination
                    ON destination.id = move.location_dest_id
                LEFT JOIN stock_warehouse AS warehouse
                    ON warehouse.id = picking_type.warehouse_id
                WHERE line.order_id = orders.id
                """
            ),
        )

    @api.model
    def _journal(self):
        """SQL: over the entries of the order and of its transfers."""
        return SQL(
            """
            SELECT
                COUNT(*) FILTER (WHERE %(moved)s) AS promise_move_count,
                (array_agg(entry.user_id ORDER BY entry.moment DESC)
                    FILTER (WHERE %(moved)s))[1] AS promise_moved_by_id,
                COUNT(*) FILTER (
                    WHERE entry.event = 'promise' AND entry.res_model = 'stock.picking'
                ) AS reschedule_count,
                -- Customers who sign and Odoo itself are no hands of ours.
                COUNT(DISTINCT entry.user_id) FILTER (
                    WHERE person.share IS FALSE AND person.id != %(root)s
                ) AS people_count,
                COUNT(*) FILTER (WHERE entry.event = 'opened') AS opened_count,
                COALESCE(SUM(entry.seconds) / 60.0, 0) AS worked_minutes,
                COUNT(*) FILTER (WHERE entry.event = 'goods') AS goods_change_count
            FROM (
                SELECT own.*
                FROM kpi_order_journal AS own
                WHERE own.res_model = 'sale.order'
                    AND own.res_id = orders.id
                UNION ALL
                SELECT of_transfer.*
                FROM stock_picking AS transfer
                JOIN kpi_order_journal AS of_transfer
                    ON of_transfer.res_model = 'stock.picking'
                    AND of_transfer.res_id = transfer.id
                WHERE transfer.sale_id = orders.id
            ) AS entry
            LEFT JOIN res_users AS person
                ON person.id = entry.user_id
            """,
            moved=SQL("entry.event = 'promise' AND entry.res_model = 'sale.order'"),
            root=SUPERUSER_ID,
        )

    # ------------------------------------------------------------- actions
    def action_open_order(self):
        """Open the order with the user's own rights on it."""
        self.ensure_one()
        order = self.order_id.with_user(self.env.user)
        if not order.has_access("read"):
            raise UserError(
                self.env._(
                    "You may see the figures of this order, but opening it needs "
                    "further rights. Ask your team lead."
                )
            )
        return order.get_formview_action()

    def action_open_journal(self):
        """What happened to the order, as far as the user may read it."""
        self.ensure_one()
        return self.order_id.sudo()._kpi_journal_action()  # entries have own rules
