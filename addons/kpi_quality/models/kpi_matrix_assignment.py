from odoo import fields, models


class KpiMatrixAssignment(models.Model):
    """Whom a matrix applies to: a job, or one employee instead of the job's."""

    _name = "kpi.matrix.assignment"
    _description = "KPI Matrix Assignment"
    _inherit = ["kpi.guarded.mixin"]
    _order = "matrix_id, id"
    _rec_name = "matrix_id"
    _check_company_auto = True

    matrix_id = fields.Many2one(
        "kpi.matrix", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="matrix_id.company_id", store=True)
    job_id = fields.Many2one("hr.job", check_company=True, index=True)
    department_id = fields.Many2one(
        "hr.department",
        check_company=True,
        help="Only this department and those below; empty: wherever the job is done.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        check_company=True,
        index=True,
        help="This employee only. Replaces what the job would give.",
    )
    share = fields.Float(
        default=1.0,
        required=True,
        digits=(6, 4),
        help="With several functions: the part of this one. Shares add up to 1.",
    )

    _whom = models.Constraint(
        "CHECK (num_nonnulls(job_id, employee_id) = 1)",
        "Choose either a job or an employee.",
    )
    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 1)", "A share lies above 0 and up to 1."
    )
