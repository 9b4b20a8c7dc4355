from datetime import timedelta

from odoo import api, fields, models

from ..const import AUDIT_CHANGES, DIAGNOSES, FEEDBACK_INDEXES
from ..tools.diagnosis import STEPS, Diagnosis
from ..tools.satisfaction import QUESTIONS


class KpiQualityAuditLine(models.Model):
    """One index at one point, as it was when the audit was closed."""

    _name = "kpi.quality.audit.line"
    _description = "Result of a Quality Audit"
    _order = "audit_id, id"
    _rec_name = "point_id"

    audit_id = fields.Many2one(
        "kpi.quality.audit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    point_id = fields.Many2one(
        "kpi.feedback.point", required=True, readonly=True, ondelete="restrict"
    )
    site_id = fields.Many2one("kpi.site", required=True, readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    index = fields.Selection(FEEDBACK_INDEXES, required=True, readonly=True)

    value = fields.Float(readonly=True, digits=0, aggregator=None)
    has_value = fields.Boolean(readonly=True)
    margin = fields.Float(
        string="±",
        readonly=True,
        digits=0,
        aggregator=None,
        help="Half the width of the 95 % interval.",
    )
    has_margin = fields.Boolean(readonly=True)
    reference = fields.Float(string="Usual", readonly=True, digits=0, aggregator=None)
    has_reference = fields.Boolean(readonly=True)
    poll_count = fields.Integer(string="Polls", readonly=True)
    yes_count = fields.Integer(string="Yes", readonly=True)
    no_count = fields.Integer(string="No", readonly=True)
    unsure_count = fields.Integer(string="Hard to say", readonly=True)
    silent_count = fields.Integer(string="Silent", readonly=True)
    total = fields.Float(readonly=True, digits=0, help="Sum of the polls' values.")
    squares = fields.Float(
        readonly=True, digits=0, help="Sum of the polls' squared values."
    )

    force_majeure_level = fields.Float(
        string="Force majeure, %", readonly=True, digits=0, aggregator=None
    )
    has_force_majeure_level = fields.Boolean(readonly=True)
    opening_days = fields.Integer(
        readonly=True, help="On which this question was planned."
    )
    poll_days = fields.Integer(string="Days with polls", readonly=True)
    days_covered = fields.Float(
        string="Days covered, %", readonly=True, digits=0, aggregator=None
    )
    share_asked = fields.Float(
        string="Asked, %", readonly=True, digits=0, aggregator=None
    )
    has_share_asked = fields.Boolean(readonly=True)
    conversion = fields.Float(
        string="Conversion, %", readonly=True, digits=0, aggregator=None
    )
    has_conversion = fields.Boolean(readonly=True)

    is_few_polls = fields.Boolean(readonly=True)
    is_few_days = fields.Boolean(readonly=True)
    is_few_asked = fields.Boolean(readonly=True)
    is_much_force_majeure = fields.Boolean(readonly=True)
    is_met = fields.Boolean(string="Limits met", readonly=True)
    shortfall = fields.Char(string="Limits not met", compute="_compute_shortfall")
    cause = fields.Selection(DIAGNOSES, string="Diagnosis", readonly=True)
    next_step = fields.Char(compute="_compute_next_step")

    former_line_id = fields.Many2one(
        "kpi.quality.audit.line", readonly=True, ondelete="restrict"
    )
    former_value = fields.Float(
        string="Before", related="former_line_id.value", aggregator=None
    )
    former_has_value = fields.Boolean(
        string="Had a value", related="former_line_id.has_value"
    )
    change = fields.Float(readonly=True, digits=0, aggregator=None)
    change_low = fields.Float(
        string="Change, at least", readonly=True, digits=0, aggregator=None
    )
    change_high = fields.Float(
        string="Change, at most", readonly=True, digits=0, aggregator=None
    )
    has_change = fields.Boolean(readonly=True)
    verdict = fields.Selection(AUDIT_CHANGES, string="Since then", readonly=True)

    _point_unique = models.UniqueIndex(
        "(audit_id, point_id, index)", "A point has one result for each index."
    )

    @api.depends("is_few_polls", "is_few_days", "is_few_asked", "is_much_force_majeure")
    def _compute_shortfall(self):
        words = {
            "is_few_polls": self.env._("too few polls"),
            "is_few_days": self.env._("too few days covered"),
            "is_few_asked": self.env._("too few customers asked"),
            "is_much_force_majeure": self.env._("too much force majeure"),
        }
        for line in self:
            reasons = [text for name, text in words.items() if line[name]]
            line.shortfall = ", ".join(reasons) or False

    @api.depends("cause")
    def _compute_next_step(self):
        advisor = self.env["kpi.feedback.diagnosis"]
        words = {
            cause: steps[0][1]
            for cause in STEPS
            if (steps := advisor._steps(Diagnosis(cause)))
        }
        for line in self:
            line.next_step = words.get(line.cause, False)

    # -------------------------------------------------------------- actions
    def action_open_polls(self):
        """The valid polls of this question at the point; later verdicts count here."""
        self.ensure_one()
        self.check_access("read")
        audit = self.audit_id
        start, _next_day = self.site_id._day_bounds(audit.date_from)
        _day, stop = self.site_id._day_bounds(audit.date_to)
        return {
            "type": "ir.actions.act_window",
            "name": self.point_id.display_name,
            "res_model": "kpi.feedback.poll",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("point_id", "=", self.point_id.id),
                ("question_kind", "=", QUESTIONS[self.index]),
                ("moment", ">=", start),
                ("moment", "<=", stop - timedelta(seconds=1)),
                ("state", "!=", "rejected"),
            ],
        }

    def action_improve(self):
        """A new improvement action about this index here."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_improvement_action_new"
        )
        indicator = self.audit_id._get_indicator(self.index)
        action["context"] = {
            "default_indicator_id": indicator.id,
            "default_company_id": self.company_id.id,
            "default_site_id": self.site_id.id,
            "default_department_id": self.department_id.id,
            "default_origin_date_from": self.audit_id.date_from,
            "default_origin_date_to": self.audit_id.date_to,
        }
        return action
