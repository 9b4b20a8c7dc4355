"""The order report: one row per sales order, computed when it is looked at.

Every group of figures is a LATERAL subquery that gives exactly one row, so PostgreSQL
leaves out what nobody asks for, and works on the shown orders only.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.kpi_indicator_order import OrderWindow
from .kpi_order_report_sql import CONFIRMED, DEPARTMENT, GOODS, JOURNAL, LINES


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
        string="Handling (h)",
        readonly=True,
        aggregator="avg",
        help="From the creation to the first confirmation.",
    )
    pick_delay_hours = fields.Float(
        string="Picking late (h)",
        readonly=True,
        help="Added up over the promises to pick, as in the indicator of this name.",
    )
    delivery_delay_hours = fields.Float(
        string="Delivery late (h)",
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
        string="Worked (min)",
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
            department=DEPARTMENT,
            lines=LINES,
            confirmed=CONFIRMED,
            handling=self._handling(window),
            goods=GOODS,
            picks=self._indicator("pick_delay_hours")._order_hours(window),
            deliveries=self._indicator("delivery_delay_hours")._order_hours(window),
            journal=JOURNAL,
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
