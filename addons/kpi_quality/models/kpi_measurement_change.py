from odoo import api, fields, models


class KpiMeasurementChange(models.Model):
    """What a nightly run found changed on a day that an earlier night had fixed."""

    _name = "kpi.measurement.change"
    _description = "Changed KPI Figure of a Past Day"
    _log_access = False
    _order = "changed_at DESC, date DESC, id DESC"
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, readonly=True, ondelete="cascade", index=True
    )
    changed_at = fields.Datetime(string="Found", required=True, readonly=True)
    date = fields.Date(string="Day", required=True, readonly=True)
    hour = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", readonly=True)
    site_id = fields.Many2one("kpi.site", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    item_key = fields.Integer(string="Key", readonly=True, aggregator=None)
    numerator_before = fields.Float(string="Before", digits=0, readonly=True)
    numerator_after = fields.Float(string="After", digits=0, readonly=True)
    denominator_before = fields.Float(string="Base before", digits=0, readonly=True)
    denominator_after = fields.Float(string="Base after", digits=0, readonly=True)
    difference = fields.Float(compute="_compute_difference", digits=0)

    @api.depends("numerator_before", "numerator_after")
    def _compute_difference(self):
        for change in self:
            change.difference = change.numerator_after - change.numerator_before
