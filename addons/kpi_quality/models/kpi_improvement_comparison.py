from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import IMPROVEMENT_VERDICTS
from ..tools.change import Cases, compare
from .kpi_reader import SCOPE_RECORDS, Figure

PLACES = ("site_id", "employee_id", "warehouse_id", "partner_id")
# What the place of a figure is read by where atoms do not simply add up.
SCOPE_ORDER = ("personal", "department", "warehouse", "site", "company")
# Measured, by nobody written.
MEASURED_FIELDS = {
    "origin_value",
    "origin_has_value",
    "before_value",
    "before_has_value",
    "before_sample",
    "after_value",
    "after_has_value",
    "after_sample",
    "change_low",
    "change_high",
    "has_change",
    "verdict",
    "is_compared",
}
NO_CASES = Cases(0.0, 0.0, 0.0, 0)


class KpiImprovement(models.Model):
    """The figure before and after an action.

    Before are the days that end with the start, after as many days from the day that
    follows the deadline; what lies between is neither. 28 days unless chosen
    otherwise: whole weeks, so that both have the same weekdays.
    """

    _inherit = "kpi.improvement"

    compare_days = fields.Integer(
        string="Days compared",
        default=28,
        required=True,
        aggregator=None,
        help="So many days before the start are compared with as many days after the "
        "deadline. Whole weeks have the same weekdays on both sides.",
    )
    before_date_from = fields.Date(compute="_compute_stretches", store=True)
    before_date_to = fields.Date(compute="_compute_stretches", store=True)
    after_date_from = fields.Date(compute="_compute_stretches", store=True)
    after_date_to = fields.Date(compute="_compute_stretches", store=True)
    before_value = fields.Float(
        string="Before", digits=0, readonly=True, copy=False, aggregator=None
    )
    before_has_value = fields.Boolean(readonly=True, copy=False)
    before_sample = fields.Integer(
        string="Cases before", readonly=True, copy=False, aggregator=None
    )
    after_value = fields.Float(
        string="After", digits=0, readonly=True, copy=False, aggregator=None
    )
    after_has_value = fields.Boolean(readonly=True, copy=False)
    after_sample = fields.Integer(
        string="Cases after", readonly=True, copy=False, aggregator=None
    )
    change_low = fields.Float(
        string="Change, at least", digits=0, readonly=True, copy=False, aggregator=None
    )
    change_high = fields.Float(
        string="Change, at most", digits=0, readonly=True, copy=False, aggregator=None
    )
    has_change = fields.Boolean(readonly=True, copy=False)
    verdict = fields.Selection(
        IMPROVEMENT_VERDICTS,
        string="Did it help?",
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
    )
    is_compared = fields.Boolean(
        string="Compared for good",
        readonly=True,
        copy=False,
        help="All days after the deadline are over: the comparison stays as it is.",
    )

    _compare_days_range = models.Constraint(
        "CHECK (compare_days BETWEEN 1 AND 366)",
        "Compare at least one day and at most a year.",
    )

    @api.depends("date_start", "date_deadline", "compare_days")
    def _compute_stretches(self):
        for action in self:
            days = timedelta(days=max(action.compare_days, 1) - 1)
            day = timedelta(days=1)
            start, deadline = action.date_start, action.date_deadline
            action.before_date_to = start and start - day
            action.before_date_from = start and start - day - days
            action.after_date_from = deadline and deadline + day
            action.after_date_to = deadline and deadline + day + days

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions.sudo()._note_origin()  # readonly to whoever plans
        actions.sudo()._compare()
        return actions

    def write(self, vals):
        if not self.env.su and vals.keys() & MEASURED_FIELDS:
            raise UserError(
                self.env._("Before, after and whether it helped are measured.")
            )
        result = super().write(vals)
        if vals.keys() & {"date_start", "date_deadline", "compare_days"}:
            self.sudo().write({"is_compared": False})
            self.sudo()._compare()  # readonly to whoever plans
        return result

    def _note_origin(self):
        """Keep the figure that gave rise to the action."""
        for action in self:
            if not (action.origin_date_from and action.origin_date_to):
                action.origin_date_from = action.before_date_from
                action.origin_date_to = action.before_date_to
        found = self._read_stretches({"origin": ("origin_date_from", "origin_date_to")})
        for action in self:
            value, _cases = found.get((action.id, "origin"), (None, NO_CASES))
            action.origin_value = value or 0.0
            action.origin_has_value = value is not None

    # ---------------------------------------------------------------- compare
    @api.model
    def _compare_open(self):
        """Every night: what is not compared for good yet."""
        self.search(
            [("is_compared", "=", False), ("state", "!=", "cancelled")]
        )._compare()

    def _compare(self):
        """Read both stretches of all these actions and judge the change.

        The number of statements does not depend on the number of actions.
        """
        found = self._read_stretches(
            {
                "before": ("before_date_from", "before_date_to"),
                "after": ("after_date_from", "after_date_to"),
            }
        )
        # The last day that is over at all places: today is only a part of a day.
        over = self.env["kpi.engine"]._today_window().date_from - timedelta(days=1)
        for action in self:
            before_value, before = found.get((action.id, "before"), (None, NO_CASES))
            after_value, after = found.get((action.id, "after"), (None, NO_CASES))
            values = {
                "before_value": before_value or 0.0,
                "before_has_value": before_value is not None,
                "before_sample": round(before.count),
                "after_value": after_value or 0.0,
                "after_has_value": after_value is not None,
                "after_sample": round(after.count),
                "is_compared": action.after_date_to <= over,
                **action._judge(before, after, over),
            }
            if any(action[name] != value for name, value in values.items()):
                action.write(values)

    def _judge(self, before, after, over):
        """:return: values of the verdict"""
        self.ensure_one()
        indicator = self.indicator_id
        nothing = {"change_low": 0.0, "change_high": 0.0, "has_change": False}
        if over < self.after_date_from:
            return {"verdict": "waiting", **nothing}
        if not self._adds_up():
            return {"verdict": "unknown", **nothing}
        change = compare(before, after, indicator.direction == "rising")
        if change.low is None:
            return {"verdict": change.verdict, **nothing}
        return {
            "verdict": change.verdict,
            "change_low": change.low * indicator._scale,
            "change_high": change.high * indicator._scale,
            "has_change": True,
        }

    def _adds_up(self):
        """Whether the figure is a ratio of the sums of its own atoms."""
        indicator = self.indicator_id
        return (
            indicator.aggregation == "ratio"
            and indicator.source != "formula"
            and not (indicator._get_source()["share_of"] and self.employee_id)
        )

    # ------------------------------------------------------------------ figures
    def _read_stretches(self, stretches):
        """The figures of stretches of days.

        :param stretches: ``{name: (field of the first day, of the last day)}``
        :return: ``{(action id, name): (value or None, Cases)}``
        """
        found, figures = {}, {}
        adding = self.filtered(lambda action: action._adds_up())
        for row in self.env.execute_query(adding._stretches_query(stretches)):
            action_id, name, *sums, items = row
            total, count, squares = map(float, sums)
            scale = self.browse(action_id).indicator_id._scale
            value = total / count * scale if count else None
            found[action_id, name] = value, Cases(count, total, squares, items)
        for action in self - adding:
            for name, (first, last) in stretches.items():
                figures[action.id, name] = action._figure(action[first], action[last])
        facts = self.env["kpi.reader"]._read_facts(figures.values()) if figures else {}
        for key, figure in figures.items():
            fact = facts[figure]
            found[key] = fact.value, NO_CASES._replace(count=float(fact.sample))
        return found

    def _figure(self, date_from, date_to):
        """:rtype: Figure"""
        place = next(
            scope for scope in SCOPE_ORDER if self[SCOPE_RECORDS[scope]]
        )  # the company is always there
        return Figure(
            indicator_id=self.indicator_id.id,
            company_id=self.company_id.id,
            date_from=date_from,
            date_to=date_to,
            scope=place,
            employee_id=self.employee_id.id or None,
            department_id=self.department_id.id or None,
            site_id=self.site_id.id or None,
            warehouse_id=self.warehouse_id.id or None,
        )

    def _stretches_query(self, stretches):
        self.env.flush_all()  # what was typed or moved just now counts
        return SQL(
            """
            WITH stretch AS (
                SELECT action.*, stretch.*
                FROM kpi_improvement AS action
                CROSS JOIN LATERAL (VALUES %(stretches)s)
                    AS stretch(stretch, date_from, date_to)
                WHERE action.id = ANY(%(ids)s)
            ),
            department_tree AS (
                SELECT
                    ancestor.id AS ancestor_id,
                    department.id AS department_id
                FROM hr_department AS ancestor
                JOIN hr_department AS department
                    ON department.parent_path LIKE ancestor.parent_path || '%%'
                WHERE ancestor.id IN (SELECT department_id FROM stretch)
            )
            SELECT
                stretch.id,
                stretch.stretch,
                SUM(measurement.numerator),
                SUM(measurement.denominator),
                SUM(measurement.squares),
                SUM(measurement.sample)::int4
            FROM stretch
            JOIN kpi_measurement AS measurement
                ON measurement.indicator_id = stretch.indicator_id
                AND measurement.company_id = stretch.company_id
                AND measurement.date BETWEEN stretch.date_from AND stretch.date_to
                AND %(places)s
            WHERE stretch.department_id IS NULL
                OR EXISTS (
                    SELECT 1
                    FROM department_tree
                    WHERE department_tree.ancestor_id = stretch.department_id
                        AND department_tree.department_id = measurement.department_id
                        AND (
                            department_tree.department_id = stretch.department_id
                            OR stretch.indicator_id != ALL(%(without_tree)s)
                        )
                )
            GROUP BY stretch.id, stretch.stretch
            """,
            ids=self.ids,
            without_tree=self.env["kpi.reader"]._without_tree(self.indicator_id.ids),
            stretches=SQL(", ").join(
                SQL("(%s, action.%s, action.%s)", name, *map(SQL.identifier, days))
                for name, days in stretches.items()
            ),
            places=SQL(" AND ").join(
                SQL(
                    "COALESCE(stretch.%(place)s, measurement.%(place)s, 0)"
                    " = COALESCE(measurement.%(place)s, 0)",
                    place=SQL.identifier(place),
                )
                for place in PLACES
            ),
        )
