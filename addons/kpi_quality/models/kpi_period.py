from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ..const import PERIOD_FIXED, PERIOD_STATES, PERIOD_TRANSITIONS

LENGTHS = {
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}
# What only the buttons change.
STATE_FIELDS = {
    "state",
    "measured_at",
    "measured_indicator_ids",
    "closed_at",
    "closed_by_id",
}


class KpiPeriod(models.Model):
    """A month, quarter or year that targets are agreed for and bonuses paid by."""

    _name = "kpi.period"
    _description = "KPI Period"
    _inherit = ["kpi.guarded.mixin", "mail.thread"]
    _order = "date_from DESC, date_to, id"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, copy=False)
    kind = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
            ("other", "Other"),
        ],
        required=True,
        default="month",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
        copy=False,
        precompute=True,
    )
    state = fields.Selection(
        PERIOD_STATES, default="open", required=True, readonly=True, copy=False
    )
    measured_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="The moment its figures were fixed; open promises are late up to here.",
    )
    measured_indicator_ids = fields.Many2many(
        "kpi.indicator",
        string="Measured indicators",
        readonly=True,
        copy=False,
        help="Those whose figures were fixed; what failed then is not among them.",
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    scorecard_ids = fields.One2many("kpi.scorecard", "period_id")
    scorecard_count = fields.Integer(compute="_compute_counts")
    agreed_count = fields.Integer(compute="_compute_counts")
    late_correction_count = fields.Integer(compute="_compute_counts")

    _dates_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends after it begins: swap the dates."
    )

    # ------------------------------------------------------------ computes
    @api.depends("kind", "date_from")
    def _compute_date_to(self):
        for period in self:
            length = LENGTHS.get(period.kind)
            if length and period.date_from:
                period.date_to = period.date_from + length - timedelta(days=1)
            elif not period.date_to:
                period.date_to = period.date_from

    @api.depends("kind", "date_from", "date_to")
    def _compute_name(self):
        for period in self:
            day = period.date_from
            if not day:
                period.name = False
            elif period.kind == "month":
                period.name = format_date(self.env, day, date_format="LLLL y").title()
            elif period.kind == "quarter":
                period.name = format_date(self.env, day, date_format="QQQ y")
            elif period.kind == "year":
                period.name = str(day.year)
            else:
                period.name = " – ".join(
                    format_date(self.env, d) for d in (day, period.date_to)
                )

    def _compute_counts(self):
        cards = self.env["kpi.scorecard"]._read_group(
            [("period_id", "in", self.ids)], ["period_id", "state"], ["__count"]
        )
        late = dict(
            self.env["kpi.late.correction"]._read_group(
                [("period_id", "in", self.ids), ("state", "=", "open")],
                ["period_id"],
                ["__count"],
            )
        )
        for period in self:
            counts = {state: count for of, state, count in cards if of == period}
            period.scorecard_count = sum(counts.values())
            period.agreed_count = period.scorecard_count - counts.get("draft", 0)
            period.late_correction_count = late.get(period, 0)

    # -------------------------------------------------------------- checks
    @api.constrains("kind", "date_from", "date_to", "company_id")
    def _check_overlap(self):
        for period in self:
            other = self.search(
                [
                    ("id", "!=", period.id),
                    ("kind", "=", period.kind),
                    ("company_id", "=", period.company_id.id),
                    ("date_from", "<=", period.date_to),
                    ("date_to", ">=", period.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(period)s” overlaps with “%(other)s” (%(date_from)s – "
                        "%(date_to)s): a day belongs to one period of a kind. Change "
                        "the dates.",
                        period=period.name,
                        other=other.name,
                        date_from=format_date(self.env, other.date_from),
                        date_to=format_date(self.env, other.date_to),
                    )
                )

    def write(self, vals):
        if {"date_from", "date_to", "kind", "company_id"} & vals.keys():
            for period in self:
                if period.state != "open" or period.scorecard_ids:
                    raise UserError(
                        self.env._(
                            "“%(period)s” has scorecards or is measured already; its "
                            "dates are part of agreements and stay. Make another "
                            "period.",
                            period=period.name,
                        )
                    )
        if STATE_FIELDS & vals.keys():
            raise UserError(
                self.env._("The state of a period changes by its buttons only.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        # Said outright, so that no default of the context steps in.
        begin = dict.fromkeys(STATE_FIELDS, False) | {"state": "open"}
        return super().create([vals | begin for vals in vals_list])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for period in self:
            if period.state != "open" or period.scorecard_ids:
                raise UserError(
                    self.env._(
                        "“%(period)s” has scorecards or is closed and stays.",
                        period=period.name,
                    )
                )

    # ------------------------------------------------------------- actions
    def action_generate_scorecards(self):
        """Make the scorecards of all employees that the matrices apply to."""
        self.ensure_one()
        self._check_manager()
        if self.state != "open":
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(period)s” is %(state)s: no more scorecards.",
                    period=self.name,
                    state=states[self.state].lower(),
                )
            )
        created, problems = self.env["kpi.scorecard"]._generate(self)
        self._post_problems(
            self.env._("%(count)s scorecards were made.", count=created), problems
        )
        return self.action_open_scorecards()

    def action_measure(self):
        """Measure the period once more and fix its scorecards for closing."""
        engine = self.env["kpi.engine"]
        for period in self:
            period._check_manager()
            today = engine._today_window(companies=period.company_id)
            if period.date_to >= today.date_from:
                raise UserError(
                    self.env._(
                        "“%(period)s” lasts until %(date_to)s. It can be measured for "
                        "good from the next day on; until then the figures are live.",
                        period=period.name,
                        date_to=format_date(self.env, period.date_to),
                    )
                )
            period._do_measure()

    def action_reopen(self):
        """Back to live figures, as long as it is not closed."""
        for period in self:
            period._check_manager()
            period._set_state(
                "open", measured_at=False, measured_indicator_ids=[Command.clear()]
            )
            period.scorecard_ids._set_state_in_bulk("draft", "agreed")

    def action_close(self):
        """Make the measured figures and scorecards final: no way back."""
        for period in self:
            period._check_manager()
            period._check_can_close()
            period._do_close()

    def action_create_next(self):
        """Open the period that follows this one."""
        self.ensure_one()
        vals = {
            "kind": self.kind,
            "company_id": self.company_id.id,
            "date_from": self.date_to + timedelta(days=1),
        }
        if self.kind == "other":
            vals["date_to"] = vals["date_from"] + (self.date_to - self.date_from)
        following = self.create(vals)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "views": [(False, "form")],
        }

    def action_open_scorecards(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_scorecard_action"
        )
        action["domain"] = [("period_id", "=", self.id)]
        action["context"] = {"default_period_id": self.id}
        action["display_name"] = self.name
        return action

    def action_open_late_corrections(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_late_correction_action"
        )
        action["domain"] = [("period_id", "=", self.id)]
        return action

    # ------------------------------------------------------------ business
    def _check_manager(self):
        if not self.env.user.has_group("kpi_quality.group_kpi_quality_manager"):
            raise UserError(
                self.env._(
                    "Only a KPI manager can make scorecards, measure and close periods."
                )
            )

    def _set_state(self, state, **values):
        """The only way a period changes its state."""
        for period in self:
            if state not in PERIOD_TRANSITIONS[period.state]:
                states = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "“%(period)s” is %(from)s; it cannot become %(to)s now.",
                        **{
                            "period": period.name,
                            "from": states[period.state].lower(),
                            "to": states[state].lower(),
                        },
                    )
                )
        return super().write({"state": state, **values})

    def _do_measure(self):
        self.ensure_one()
        engine = self.env["kpi.engine"].sudo()  # sources read all documents
        active = self.env["kpi.indicator"].search([("state", "=", "active")])
        # All open days: so all of them are measured at the same moment.
        window = engine._open_window()
        measured = active.browse()
        problems = self.env["kpi.scorecard"]._follow_positions(self)
        for indicator in (active | self._used_indicators()).sudo().sorted("code"):
            engine._measure_or_record_error(indicator, window)
            if indicator.error_message:
                problems.append(f"{indicator.name}: {indicator.error_message}")
            else:
                measured |= indicator
        self.scorecard_ids.line_ids.sudo()._refresh_facts()
        self._set_state(
            "measured",
            measured_at=window.now,
            measured_indicator_ids=[Command.set(measured.ids)],
        )
        self.scorecard_ids._set_state_in_bulk("measured")
        self._post_problems(self.env._("The period was measured."), problems)

    def _check_can_close(self):
        """A line that blocks, or a measurement that failed, stops the closing."""
        self.ensure_one()
        if self.state != "measured":
            return  # the change of state says so
        failed = self._used_indicators() - self.measured_indicator_ids
        failed = failed.filtered(lambda indicator: indicator.state != "retired")
        if failed:
            raise UserError(
                self.env._(
                    "“%(period)s” cannot be closed: %(indicators)s could not be "
                    "measured. See what is wrong on the indicator and mend it, or "
                    "retire it; then reopen the period and measure again.",
                    period=self.name,
                    indicators=", ".join(failed.mapped("name")),
                )
            )
        blocked = self.scorecard_ids.filtered("is_blocked")
        if blocked:
            raise UserError(
                self.env._(
                    "“%(period)s” cannot be closed: these scorecards have a line that "
                    "must not be without a figure: %(names)s.",
                    period=self.name,
                    names=", ".join(blocked[:10].mapped("display_name")),
                )
            )

    def _used_indicators(self):
        """What the scorecards are made of, formulas with their operands."""
        lines = self.scorecard_ids.line_ids
        lines.fetch(["indicator_id"])  # at once, not by the thousand
        indicators = lines.indicator_id
        return indicators | indicators._formula_parts()

    def _do_close(self):
        self.ensure_one()
        self._set_state(
            "closed",
            closed_at=self.env["kpi.engine"]._now(),
            closed_by_id=self.env.uid,
        )
        self.scorecard_ids._set_state_in_bulk("closed")
        self.message_post(body=self.env._("The period was closed: figures are frozen."))

    def _post_problems(self, headline, problems):
        """Tell in the chatter what was done and what was left out, and why."""
        self.ensure_one()
        body = [headline, *problems[:50]]
        if len(problems) > 50:
            body.append(self.env._("… and %(count)s more.", count=len(problems) - 50))
        self.message_post(body="\n".join(body), body_is_html=False)

    @api.model
    def _fixed_periods(self, companies):
        return self.search(
            [("state", "in", PERIOD_FIXED), ("company_id", "in", companies.ids)]
        )
