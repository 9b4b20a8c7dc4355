from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import REPORT_KINDS


class KpiSurveyReportRequest(models.TransientModel):
    """Which report is wanted, on paper or as a workbook."""

    _name = "kpi.survey.report.request"
    _description = "Request for a Survey Report"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign",
        string="Survey",
        required=True,
        ondelete="cascade",
        domain=[("is_counted", "=", True)],
        default=lambda self: self._default_campaign_id(),
    )
    kind = fields.Selection(
        REPORT_KINDS,
        string="Report",
        required=True,
        default=lambda self: "board" if self._sees_all() else "director",
    )
    unit_id = fields.Many2one(
        "kpi.survey.unit",
        ondelete="cascade",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        domain="[('campaign_id', '=', campaign_id), ('id', 'in', unit_ids)]",
    )
    unit_ids = fields.Many2many(
        "kpi.survey.unit", string="Units to choose from", compute="_compute_unit_ids"
    )

    @api.model
    def _default_campaign_id(self):
        """The last one with results for the user."""
        results = self.env["kpi.survey.result"].search([("unit_id", "=", False)])
        return results.campaign_id.sorted("date_to")[-1:]

    @api.model
    def _sees_all(self):
        return self.env["kpi.survey.report"]._sees_all()

    @api.depends("campaign_id")
    def _compute_unit_ids(self):
        """Those that the user may have a report on."""
        for request in self:
            request.unit_ids = (
                request.campaign_id.unit_ids
                if self._sees_all()
                else request.campaign_id._led_units()
            )

    @api.depends("campaign_id")
    def _compute_unit_id(self):
        for request in self:
            if request.unit_id.campaign_id != request.campaign_id:
                request.unit_id = False

    # --------------------------------------------------------------- actions
    def action_print(self):
        self.ensure_one()
        record = self._record()
        self.env["kpi.survey.report"]._collect(self.kind, record)  # or says why not
        report = self.env.ref(f"kpi_internal_survey.action_report_{self.kind}")
        return report.report_action(record)

    def action_export_xlsx(self):
        self.ensure_one()
        record = self._record()
        self.env["kpi.survey.report"]._collect(self.kind, record)  # or says why not
        return {
            "type": "ir.actions.act_url",
            "url": f"/kpi_internal_survey/report/{self.kind}/{record.id}.xlsx",
            "target": "download",
        }

    def _record(self):
        if self.kind != "unit":
            return self.campaign_id
        if not self.unit_id:
            raise UserError(self.env._("Choose the unit that the report is about."))
        return self.unit_id
