from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const import PERIOD_FIXED

FIGURES = ("numerator", "denominator", "squares", "sample")


class KpiMeasurement(models.Model):
    """Atoms: every document of a source is counted in exactly one row."""

    _name = "kpi.measurement"
    _description = "KPI Measurement"
    _inherit = ["kpi.figure.mixin"]
    _log_access = False
    _order = "date DESC, id DESC"
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, ondelete="cascade", index=False
    )
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    aggregation = fields.Selection(related="indicator_id.aggregation")
    date = fields.Date(required=True, default=fields.Date.context_today)
    hour = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Local hour of the day, for hourly figures.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one("kpi.site")
    department_id = fields.Many2one("hr.department")
    employee_id = fields.Many2one("hr.employee")
    warehouse_id = fields.Many2one("stock.warehouse")
    partner_id = fields.Many2one("res.partner")
    item_key = fields.Integer(
        string="Key",
        aggregator="count_distinct",
        help="What is counted once per period, e.g. the customer.",
    )
    numerator = fields.Float(digits=0, required=True, default=0.0)
    denominator = fields.Float(digits=0, required=True, default=0.0)
    squares = fields.Float(
        digits=0,
        required=True,
        default=0.0,
        help="Sum of the squared values of the items behind the row.",
    )
    sample = fields.Integer(
        string="Items", required=True, default=1, help="Items behind the row."
    )
    value = fields.Float(
        compute="_compute_value",
        digits=0,
        aggregator=None,
        help="Numerator by denominator for ratios, else the numerator.",
    )
    has_value = fields.Boolean(compute="_compute_value")
    author_id = fields.Many2one(
        "res.users", string="Entered by", readonly=True, copy=False
    )
    note = fields.Char(help="Where a figure entered by hand comes from.")
    is_frozen = fields.Boolean(
        compute="_compute_is_frozen",
        search="_search_is_frozen",
        help="The day belongs to a measured or closed period.",
    )

    _atom_unique = models.UniqueIndex(
        "(indicator_id, date, company_id, COALESCE(hour, -1), COALESCE(site_id, 0), "
        "COALESCE(department_id, 0), COALESCE(employee_id, 0), "
        "COALESCE(warehouse_id, 0), COALESCE(partner_id, 0), COALESCE(item_key, 0))",
        "There is a figure already for this indicator, day and place: change that one.",
    )
    _employee_idx = models.Index(
        "(employee_id, indicator_id, date) WHERE employee_id IS NOT NULL"
    )
    _department_idx = models.Index(
        "(department_id, indicator_id, date) WHERE department_id IS NOT NULL"
    )

    @api.depends("numerator", "denominator", "indicator_id")
    def _compute_value(self):
        for measurement in self:
            indicator = measurement.indicator_id
            measurement.has_value = (
                indicator.aggregation != "ratio" or measurement.denominator != 0
            )
            if indicator.aggregation != "ratio":
                measurement.value = measurement.numerator
            elif measurement.denominator:
                measurement.value = (
                    measurement.numerator / measurement.denominator * indicator._scale
                )
            else:
                measurement.value = 0.0

    @api.depends("date", "company_id")
    def _compute_is_frozen(self):
        periods = self.env["kpi.period"].sudo()._fixed_periods(self.company_id)
        for measurement in self:
            measurement.is_frozen = bool(
                periods.filtered(
                    lambda period, row=measurement: (
                        row.date
                        and period.company_id == row.company_id
                        and period.date_from <= row.date <= period.date_to
                    )
                )
            )

    def _search_is_frozen(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["kpi.period"].flush_model()
        frozen = SQL(
            """
            SELECT measurement.id
            FROM kpi_measurement AS measurement
            JOIN kpi_period AS period
                ON period.company_id = measurement.company_id
                AND period.state IN %(fixed)s
                AND measurement.date BETWEEN period.date_from AND period.date_to
            """,
            fixed=PERIOD_FIXED,
        )
        return [("id", "in" if True in value else "not in", frozen)]

    @api.constrains("date", "company_id", "numerator", "denominator")
    def _check_not_frozen(self):
        for measurement in self:
            if measurement.is_frozen:
                raise ValidationError(
                    self.env._(
                        "%(date)s belongs to a measured period: its figures do not "
                        "move any more. Enter the correction in an open period, or "
                        "add an adjustment to the next bonus run.",
                        date=measurement.date,
                    )
                )

    @api.constrains("indicator_id", "company_id")
    def _check_manual(self):
        """The engine writes by SQL; whoever comes through the ORM types by hand."""
        for measurement in self:
            indicator = measurement.indicator_id
            if indicator.source != "manual":
                raise ValidationError(
                    self.env._(
                        "“%(indicator)s” is measured from documents: correct the "
                        "documents. Only indicators with a manual source take figures "
                        "by hand.",
                        indicator=indicator.name,
                    )
                )
            if indicator.company_id not in (
                indicator.company_id.browse(),
                measurement.company_id,
            ):
                raise ValidationError(
                    self.env._(
                        "“%(indicator)s” is an indicator of %(company)s: figures of "
                        "another company do not belong to it.",
                        indicator=indicator.name,
                        company=indicator.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        measurements = super().create(
            [vals | {"author_id": self.env.uid} for vals in vals_list]
        )
        for measurement, vals in zip(measurements, vals_list, strict=True):
            measurement._complete_place(vals)
        return measurements

    def write(self, vals):
        self._check_manual()
        self._check_not_frozen()
        result = super().write(vals | {"author_id": self.env.uid})
        for measurement in self:
            measurement._complete_place(vals)
        return result

    def _complete_place(self, vals):
        """Fill what the user did not type: department and site of the day.

        :param vals: what was typed
        """
        self.ensure_one()
        place = {}
        if vals.keys() & {"employee_id", "date"} and not vals.get("department_id"):
            employee = self.employee_id.sudo()  # HR's, by whoever types
            if employee:
                version = employee._get_version(self.date)
                place["department_id"] = version.department_id.id
        if (place or vals.get("department_id")) and not vals.get("site_id"):
            department = self.department_id.browse(
                place.get("department_id", self.department_id.id) or ()
            )
            place["site_id"] = department.sudo().kpi_site_id.id
        return super().write(place) if place else True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_not_frozen()
        self._check_manual()

    # -------------------------------------------------------------- figure
    def _figure_source(self):
        return self._atom_source()
