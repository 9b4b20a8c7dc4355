from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.popularity import popularity


class KpiPopularityStudyLine(models.Model):
    """How many of the observed visitors came to one department."""

    _name = "kpi.popularity.study.line"
    _description = "Popularity of a Department"
    _inherit = ["kpi.guarded.mixin"]
    _rec_name = "department_id"
    _check_company_auto = True

    study_id = fields.Many2one(
        "kpi.popularity.study", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="study_id.company_id", store=True)
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, check_company=True
    )
    point_ids = fields.Many2many(
        "kpi.feedback.point", string="Points that observe for it", check_company=True
    )
    observed = fields.Integer(copy=False)
    popularity = fields.Float(
        digits=0,
        compute="_compute_popularity",
        store=True,
        readonly=False,
        copy=False,
        aggregator=None,
        help="Observed in the department by visitors of the site.",
    )

    _department_unique = models.UniqueIndex(
        "(study_id, department_id)", "A department stands once in a study."
    )
    _observed_positive = models.Constraint(
        "CHECK (observed >= 0)", "A number of visitors cannot be negative."
    )

    @api.depends("observed", "study_id.site_visitors")
    def _compute_popularity(self):
        for line in self:
            line.popularity = popularity(line.observed, line.study_id.site_visitors)

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        studies = self.env["kpi.popularity.study"].browse(
            vals.get("study_id") for vals in vals_list
        )
        before = studies._observations()
        lines = super().create(vals_list)
        if not self.env.su:
            lines._check_not_accepted()
        lines.study_id._derive_changed(before)
        return lines

    def write(self, vals):
        self._check_not_accepted()
        before = self.study_id._observations()
        result = super().write(vals)
        self._check_not_accepted()
        self.study_id._derive_changed(before)
        return result

    def unlink(self):
        studies = self.study_id
        before = studies._observations()
        result = super().unlink()
        studies._derive_changed(before)
        return result

    def _check_not_accepted(self):
        for line in self:
            if line.study_id.state == "done":
                raise UserError(
                    self.env._(
                        "“%(study)s” is accepted: figures rest on it, and it stays "
                        "as it is. Make a new study.",
                        study=line.study_id.name,
                    )
                )
