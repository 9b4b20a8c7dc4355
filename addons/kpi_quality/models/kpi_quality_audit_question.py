from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class KpiQualityAuditQuestion(models.Model):
    """Which question an audit asks on which days."""

    _name = "kpi.quality.audit.question"
    _description = "Question of a Quality Audit"
    _inherit = ["kpi.guarded.mixin"]
    _order = "audit_id, date_from, id"
    _rec_name = "question_id"
    _check_company_auto = True

    audit_id = fields.Many2one(
        "kpi.quality.audit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    question_id = fields.Many2one(
        "kpi.feedback.question",
        required=True,
        check_company=True,
        domain="[('company_id', 'in', [False, company_id])]",
        ondelete="restrict",
    )
    kind = fields.Selection(related="question_id.kind")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)

    _dates_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A question ends on its first day or later."
    )

    @api.model
    def default_get(self, fields):
        """Begin where the audit does; the client knows it before it is saved."""
        values = super().default_get(fields)
        for name in ("date_from", "date_to"):
            if name in fields and self.env.context.get(f"audit_{name}"):
                values.setdefault(name, self.env.context[f"audit_{name}"])
        return values

    def _check_days(self):
        """Inside the audit, one question at a time."""
        previous = None
        for row in self.sorted("date_from"):
            audit = row.audit_id
            if row.date_from < audit.date_from or row.date_to > audit.date_to:
                raise UserError(
                    self.env._(
                        "“%(question)s” is planned outside the days of the audit.",
                        question=row.question_id.text,
                    )
                )
            if previous and row.date_from <= previous.date_to:
                raise UserError(
                    self.env._(
                        "Two questions are planned for %(day)s: customers are asked "
                        "one at a time.",
                        day=format_date(self.env, row.date_from),
                    )
                )
            previous = row

    def _plan_questions(self):
        """Put the plan in force at each point of the audit."""
        self.env["kpi.feedback.question.period"].create(
            [
                {
                    "company_id": row.company_id.id,
                    "point_id": point.id,
                    "question_id": row.question_id.id,
                    "date_from": row.date_from,
                    "date_to": row.date_to,
                }
                for row in self
                for point in row.audit_id.point_ids
            ]
        )

    def _move(self, distance):
        for row in self:
            row.write(
                {
                    "date_from": row.date_from + distance,
                    "date_to": row.date_to + distance,
                }
            )
