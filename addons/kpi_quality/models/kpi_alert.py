from odoo import api, fields, models
from odoo.tools import SQL

from .kpi_figure_mixin import FigureSource

PLACES = ("warehouse_id", "department_id")


class KpiAlert(models.Model):
    """An episode in which a figure is beyond the critical limit of its indicator.

    It begins when the figure of a warehouse or department crosses the limit, raises
    one activity, and ends when the figure is back; a new crossing is a new episode.
    ``kpi.alert`` is written by the measuring runs only (``_watch``).
    """

    _name = "kpi.alert"
    _description = "Critical Limit Crossed"
    _inherit = ["kpi.figure.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state DESC, opened_at DESC, id DESC"
    _rec_name = "indicator_id"
    _mail_post_access = "read"

    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, readonly=True, ondelete="cascade", index=True
    )
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    direction = fields.Selection(related="indicator_id.direction")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    state = fields.Selection(
        [("closed", "Back within the limit"), ("open", "Beyond the limit")],
        required=True,
        default="open",
        readonly=True,
    )
    opened_at = fields.Datetime(string="Since", required=True, readonly=True)
    closed_at = fields.Datetime(string="Until", readonly=True)
    critical_limit = fields.Float(
        string="Limit", digits=0, readonly=True, aggregator=None
    )
    value = fields.Float(
        digits=0,
        readonly=True,
        aggregator=None,
        help="Of the last seven days, when it was measured last.",
    )
    worst_value = fields.Float(string="Worst", digits=0, readonly=True, aggregator=None)
    sample = fields.Integer(string="Cases", readonly=True, aggregator=None)
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)

    _open_unique = models.UniqueIndex(
        "(indicator_id, company_id, COALESCE(warehouse_id, 0),"
        " COALESCE(department_id, 0)) WHERE state = 'open'",
        "There is an open episode of this figure already.",
    )

    @api.depends("indicator_id", "warehouse_id", "department_id")
    def _compute_display_name(self):
        for alert in self.sudo():  # names of the place, to whoever may see the figure
            place = alert.warehouse_id.name or alert.department_id.name or ""
            alert.display_name = f"{alert.indicator_id.name} · {place}"

    # -------------------------------------------------------------- documents
    def _figure_source(self):
        self.ensure_one()
        place = next(name for name in PLACES if self[name])
        return FigureSource(
            indicators=self.indicator_id,
            company=self.company_id,
            date_from=self.date_from,
            date_to=self.date_to,
            condition=SQL("placed.%s = %s", SQL.identifier(place), self[place].id),
            title=self.display_name,
        )

    def _improvement_defaults(self):
        return {
            "indicator_id": self.indicator_id,
            "company_id": self.company_id,
            "warehouse_id": self.warehouse_id,
            "department_id": self.department_id,
            "origin_date_from": self.date_from,
            "origin_date_to": self.date_to,
        }
