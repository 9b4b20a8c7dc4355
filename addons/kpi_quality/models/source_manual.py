"""Figures typed or imported by hand: rows of ``kpi.measurement`` themselves."""

from odoo import api, fields, models
from odoo.tools import SQL


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=[("manual", "Entered by hand or imported")],
        ondelete={"manual": "cascade"},
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {"manual": {"by_user": False}}

    def _select_manual(self, window):
        """For the drill-down only: nothing is measured, the rows are the facts."""
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM kpi_measurement AS measurement
                WHERE measurement.indicator_id = %(indicator)s
                    AND measurement.date BETWEEN %(date_from)s AND %(date_to)s
                """,
                indicator=self.id,
                date_from=window.date_from,
                date_to=window.date_to,
            ),
            res_model=SQL("'kpi.measurement'"),
            res_id=SQL("measurement.id"),
            day=SQL("measurement.date"),
            company_id=SQL("measurement.company_id"),
            employee_id=SQL("measurement.employee_id"),
            department_id=SQL("measurement.department_id"),
            site_id=SQL("measurement.site_id"),
            warehouse_id=SQL("measurement.warehouse_id"),
            partner_id=SQL("measurement.partner_id"),
            numerator=SQL("measurement.numerator"),
            denominator=SQL("measurement.denominator"),
            item_key=SQL("measurement.item_key"),
        )
