"""“Improve” beside a figure: a new action about exactly this figure."""

from odoo import fields, models

from .kpi_reader import SCOPE_RECORDS


class KpiFigureMixin(models.AbstractModel):
    _inherit = "kpi.figure.mixin"

    def _improvement_defaults(self):
        """:return: values of a new ``kpi.improvement`` about this figure"""
        raise NotImplementedError

    def action_improve(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_improvement_action_new"
        )
        action["context"] = {
            f"default_{name}": value.id if isinstance(value, models.Model) else value
            for name, value in self._improvement_defaults().items()
            if value
        }
        return action


class KpiMeasurement(models.Model):
    _inherit = "kpi.measurement"

    def _improvement_defaults(self):
        return {
            "indicator_id": self.indicator_id,
            "company_id": self.company_id,
            "site_id": self.site_id,
            "department_id": self.department_id,
            "employee_id": self.employee_id,
            "warehouse_id": self.warehouse_id,
            "partner_id": self.partner_id,
            "origin_date_from": self.date,
            "origin_date_to": self.date,
        }


class KpiScorecardLine(models.Model):
    _inherit = "kpi.scorecard.line"

    def _improvement_defaults(self):
        figure = self._figure()
        place = SCOPE_RECORDS[self.scope]
        today = fields.Date.context_today(self)
        return {
            "indicator_id": self.indicator_id,
            "company_id": self.company_id,
            place: figure.record_id,
            "origin_date_from": figure.date_from,
            "origin_date_to": max(figure.date_from, min(figure.date_to, today)),
        }
