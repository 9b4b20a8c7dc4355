from odoo import fields, models

from ..const import DUTY_KINDS, DUTY_ROLES


class KpiDuty(models.Model):
    """Who works at a point, or answers for a site, from when to when."""

    _name = "kpi.duty"
    _description = "Duty"
    _order = "start DESC, id DESC"
    _rec_name = "employee_id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, check_company=True
    )
    kind = fields.Selection(DUTY_KINDS, required=True, default="roster")
    role = fields.Selection(DUTY_ROLES, required=True, default="seller")
    site_id = fields.Many2one("kpi.site", required=True, check_company=True)
    department_id = fields.Many2one("hr.department", check_company=True)
    point_id = fields.Many2one("kpi.feedback.point", check_company=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime(help="Empty: still there.")

    _point_idx = models.Index("(point_id, start) WHERE point_id IS NOT NULL")
    _site_idx = models.Index("(site_id, start)")
    _order_of_times = models.Constraint(
        "CHECK (stop IS NULL OR stop >= start)", "A duty ends after its start."
    )
