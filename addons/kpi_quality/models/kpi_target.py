from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KpiTarget(models.Model):
    """Thresholds of one place and period, instead of the matrix line's.

    The closest one wins: employee, then department (the nearest above), then site,
    then the whole company.
    """

    _name = "kpi.target"
    _description = "KPI Target"
    _inherit = ["kpi.guarded.mixin", "kpi.threshold.mixin", "mail.thread"]
    _order = "period_id, indicator_id, id"
    _rec_name = "indicator_id"
    _check_company_auto = True

    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, ondelete="cascade", index=True
    )
    unit = fields.Selection(related="indicator_id.unit")
    decimals = fields.Integer(related="indicator_id.decimals")
    period_id = fields.Many2one(
        "kpi.period", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", related="period_id.company_id", store=True, precompute=True
    )
    employee_id = fields.Many2one("hr.employee", check_company=True)
    department_id = fields.Many2one("hr.department", check_company=True)
    site_id = fields.Many2one("kpi.site", check_company=True)
    base = fields.Float(tracking=True)
    plan = fields.Float(tracking=True)
    challenge = fields.Float(tracking=True)

    _place_unique = models.UniqueIndex(
        "(indicator_id, period_id, COALESCE(employee_id, 0),"
        " COALESCE(department_id, 0), COALESCE(site_id, 0))",
        "There is a target already for this indicator, period and place.",
    )
    _one_place = models.Constraint(
        "CHECK (num_nonnulls(employee_id, department_id, site_id) <= 1)",
        "A target is for one employee, one department or one site: fill one of them.",
    )

    @api.constrains("period_id", "base", "plan", "challenge")
    def _check_period_open(self):
        for target in self:
            if target.period_id.state == "closed":
                raise ValidationError(
                    self.env._(
                        "“%(period)s” is closed; its targets stay as they were agreed.",
                        period=target.period_id.name,
                    )
                )

    def write(self, vals):
        """Rules look at the place before; it is not to become somebody else's."""
        result = super().write(vals)
        if vals.keys() & {"period_id", "employee_id", "department_id", "site_id"}:
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_period_open()
