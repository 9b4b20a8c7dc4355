from odoo import fields, models


class KpiPopularityStudyLine(models.Model):
    """How many of the observed visitors came to one department."""

    _name = "kpi.popularity.study.line"
    _description = "Popularity of a Department"
    _rec_name = "department_id"

    study_id = fields.Many2one(
        "kpi.popularity.study", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="study_id.company_id", store=True)
    department_id = fields.Many2one("hr.department", required=True, index=True)
    point_ids = fields.Many2many(
        "kpi.feedback.point", string="Points that observe for it"
    )
    observed = fields.Integer(copy=False)
    popularity = fields.Float(
        digits=0, copy=False, help="Observed in the department by visitors of the site."
    )

    _department_unique = models.UniqueIndex(
        "(study_id, department_id)", "A department stands once in a study."
    )
