import keyword
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const import (
    AGGREGATIONS,
    BUSINESS_PROCESSES,
    DIRECTIONS,
    KINDS,
    NATURES,
    UNITS,
)

SOURCE_DEFAULTS = {
    "aggregation": None,  # None: the user chooses
    "by_user": True,  # documents are credited to the employee of their user
    "by_partner": False,  # keep the partner as a dimension of the stored rows
    "at_warehouse": False,  # the work is done at the warehouse, not at the desk
    "share_of": None,  # the wider scope that a personal share is a part of
    "nothing_is_zero": True,  # without documents there was none; else nobody knows
    "has_interval": False,  # the squares are those of single cases: say how sure
    "fixed_by": None,  # the kinds of periods whose closing holds its days; None: all
    "by_tree": True,  # a department's figure holds those below it; else its own only
}
# What a formula would take for something else.
RESERVED = {*keyword.kwlist, "min", "max", "abs", "round"}
CODE = re.compile(r"[a-z][a-z0-9_]{1,62}")


class KpiIndicator(models.Model):
    """What is measured: where its figures come from and how they roll up.

    Sources extend ``source`` with ``selection_add``, describe themselves in
    :meth:`_get_sources` and give their documents in ``_select_<source>``.
    """

    _name = "kpi.indicator"
    _description = "KPI Indicator"
    _inherit = ["kpi.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, code"
    _rec_names_search = ["name", "code"]

    sequence = fields.Integer(default=100)
    code = fields.Char(
        required=True,
        index=True,
        help="Short name used in formulas, imports and exports, e.g. average_check.",
    )
    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        default="draft",
        required=True,
        tracking=True,
        help="Only active indicators are measured by the scheduled actions.",
    )
    company_id = fields.Many2one(
        "res.company",
        help="Empty: the indicator serves all companies.",
    )
    unit = fields.Selection(UNITS, required=True, default="count")
    decimals = fields.Integer(
        string="Decimals shown", compute="_compute_decimals", store=True, readonly=False
    )
    direction = fields.Selection(DIRECTIONS, required=True, default="rising")
    nature = fields.Selection(NATURES, required=True, default="process")
    kind = fields.Selection(KINDS, required=True, default="quantitative")
    business_process = fields.Selection(
        BUSINESS_PROCESSES, required=True, default="other"
    )
    tactical_task = fields.Char(translate=True)
    strategic_goal = fields.Char(translate=True)
    problem = fields.Text(
        string="Problem it was made for",
        translate=True,
        help="An indicator belongs where there is a problem; "
        "when the problem is gone, retire it.",
    )
    owner_id = fields.Many2one("res.users", tracking=True)

    source = fields.Selection(
        [], required=True, tracking=True, help="Where the figures come from."
    )
    grain = fields.Selection(
        [("day", "Day"), ("hour", "Hour")], required=True, default="day"
    )
    aggregation = fields.Selection(
        AGGREGATIONS,
        compute="_compute_aggregation",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="How the figures of days, employees and departments add up:\n"
        "- Ratio of sums: means and shares\n"
        "- Sum: amounts and counts\n"
        "- Number of different keys: e.g. active customers, never added up over days\n"
        "- Snapshot: a stock at the end of the day",
    )
    snapshot_value = fields.Selection(
        [("last", "Last day"), ("mean", "Mean over days")],
        string="Snapshot of a period",
        default="last",
        required=True,
    )

    measured_at = fields.Datetime(readonly=True, copy=False)
    past_measured_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the days before today were measured last: the 15-minute runs leave "
        "them alone, so their open promises are late up to here.",
    )
    measured_from = fields.Date(
        readonly=True, copy=False, help="The first day that was ever measured."
    )
    fixed_until = fields.Date(
        string="Fixed until",
        readonly=True,
        copy=False,
        help="The last day that a nightly run has fixed. "
        "When a later night changes a day up to here, the change is recorded.",
    )
    error_message = fields.Text(readonly=True, copy=False)
    error_hint = fields.Selection(
        [
            (
                "definition",
                "Open the indicator, correct its source, and press Measure.",
            ),
            ("data", "Correct the records named in the message, and press Measure."),
            (
                "unexpected",
                "Show the message to the administrator: "
                "the server log has the details.",
            ),
        ],
        string="What to do",
        readonly=True,
        copy=False,
    )
    measurement_count = fields.Integer(compute="_compute_measurement_count")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "Another indicator has this code already: codes are unique."
    )
    _decimals_range = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 6)", "An indicator shows 0 to 6 decimals."
    )

    # ------------------------------------------------------------- sources
    @api.model
    def _get_sources(self):
        """Describe the built-in sources.

        :return: ``{source: {option: value}}`` with the options of
            :data:`SOURCE_DEFAULTS` that differ
        :rtype: dict
        """
        return {}

    def _get_source(self):
        self.ensure_one()
        return SOURCE_DEFAULTS | self._get_sources().get(self.source, {})

    def _own_department(self, department):
        """The department whose figure a department answers for: itself.

        Extended by sources where it is rated as a part of another one.
        """
        self.ensure_one()
        return department

    def _department_condition(self, atom, department):
        """SQL: a row belongs to the figure of a department.

        :param SQL atom: the department of the row
        :param SQL department: the department that is asked for
        """
        self.ensure_one()
        if not self._get_source()["by_tree"]:
            return SQL("%s = %s", atom, department)
        return SQL(
            """
            %(atom)s IN (
                SELECT below.id
                FROM hr_department AS below
                JOIN hr_department AS ancestor
                    ON below.parent_path LIKE ancestor.parent_path || '%%'
                WHERE ancestor.id = %(department)s
            )
            """,
            atom=atom,
            department=department,
        )

    @property
    def _scale(self):
        """Factor from the stored sums to the shown value: percent are x 100."""
        return 100.0 if self.unit == "percent" and self.aggregation == "ratio" else 1.0

    # ------------------------------------------------------------ computes
    @api.depends("source")
    def _compute_aggregation(self):
        for indicator in self:
            fixed = indicator.source and indicator._get_source()["aggregation"]
            # Thresholds of sums are prorated, those of a formula stay as they are.
            usual = "ratio" if indicator.source == "formula" else "sum"
            indicator.aggregation = fixed or indicator.aggregation or usual

    @api.depends("unit")
    def _compute_decimals(self):
        for indicator in self:
            indicator.decimals = 0 if indicator.unit in ("money", "count") else 2

    def _compute_measurement_count(self):
        counts = dict(
            self.env["kpi.measurement"]._read_group(
                [("indicator_id", "in", self.ids)], ["indicator_id"], ["__count"]
            )
        )
        for indicator in self:
            indicator.measurement_count = counts.get(indicator, 0)

    def _check_source(self, window):
        """Whether the source can be read at all; extended by sources.

        :param Window window: what is about to be measured
        :raise SourceError: with what to mend
        """
        self.ensure_one()

    # -------------------------------------------------------------- checks
    @api.constrains("code")
    def _check_code(self):
        for indicator in self:
            if not CODE.fullmatch(indicator.code) or indicator.code in RESERVED:
                raise ValidationError(
                    self.env._(
                        "“%(code)s” cannot be a code: use small Latin letters, digits "
                        "and underscores, starting with a letter, e.g. average_check.",
                        code=indicator.code,
                    )
                )

    @api.constrains("source", "aggregation", "grain")
    def _check_aggregation(self):
        for indicator in self:
            if indicator.aggregation == "snapshot" and indicator.grain == "hour":
                raise ValidationError(
                    self.env._(
                        "“%(indicator)s”: a snapshot is what is there at the end of "
                        "the day; set the grain to “Day”.",
                        indicator=indicator.name,
                    )
                )
            expected = indicator._get_source()["aggregation"]
            if expected and indicator.aggregation != expected:
                raise ValidationError(
                    self.env._(
                        "“%(indicator)s”: this source rolls up as “%(aggregation)s” "
                        "only; set the aggregation back to it.",
                        indicator=indicator.name,
                        aggregation=dict(
                            self._fields["aggregation"]._description_selection(self.env)
                        )[expected],
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for indicator, vals in zip(self, vals_list, strict=True):
            if "code" not in (default or {}):
                vals["code"] = f"{indicator.code}_copy"
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=indicator.name)
        return vals_list

    # ------------------------------------------------------------- actions
    def action_activate(self):
        self.write({"state": "active"})

    def action_retire(self):
        self.write({"state": "retired"})

    def action_measure(self):
        """Measure the open window of the selected indicators now."""
        if not self.env.user.has_group("kpi_quality.group_kpi_quality_manager"):
            raise UserError(self.env._("Only a KPI manager can start a measurement."))
        engine = self.env["kpi.engine"].sudo()  # sources read all documents
        window = engine._open_window()
        for indicator in self:
            engine._measure(indicator.sudo(), window)
        self.env["kpi.scorecard.line"].sudo()._refresh_live(self)  # of all employees
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Measured from %(date_from)s to %(date_to)s.",
                    date_from=fields.Date.to_string(window.date_from),
                    date_to=fields.Date.to_string(window.date_to),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_measurements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_measurement_action"
        )
        action["domain"] = [("indicator_id", "=", self.id)]
        action["context"] = {"default_indicator_id": self.id}
        action["display_name"] = self.name
        return action

    # -------------------------------------------------------------- crons
    @api.model
    def _cron_measure_today(self):
        """Every 15 minutes: today, wherever on earth it is today already."""
        engine = self.env["kpi.engine"]
        engine._run(engine._today_window(), nightly=False)

    @api.model
    def _cron_measure_night(self):
        """Every night: all days that no closed period holds."""
        engine = self.env["kpi.engine"]
        engine._run(engine._open_window(), nightly=True)

    def _record_error(self, message, hint):
        self.ensure_one()
        self.write({"error_message": message, "error_hint": hint})
