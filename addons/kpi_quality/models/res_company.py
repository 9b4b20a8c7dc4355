from odoo import fields, models

from ..const import SHARE_ASKED_BASES, SILENT_READINGS


class ResCompany(models.Model):
    _inherit = "res.company"

    kpi_correction_coefficient = fields.Float(
        string="Correction coefficient", default=0.8, digits=0
    )
    kpi_silent_reading = fields.Selection(
        SILENT_READINGS,
        string="Silent customers",
        required=True,
        default="published",
    )
    kpi_active_factor = fields.Float(
        string="An active dissatisfaction counts as", default=5.0, digits=0
    )
    kpi_share_asked_base = fields.Selection(
        SHARE_ASKED_BASES,
        string="Share asked, of",
        required=True,
        default="sales",
    )
    kpi_diagnosis_tolerance = fields.Float(
        string="Tolerance of the diagnosis (points)", default=5.0, digits=0
    )
    kpi_force_majeure_level = fields.Float(
        string="Force majeure at most (% of polls)", default=20.0, digits=0
    )
    kpi_poll_sample = fields.Float(string="Polls checked (%)", default=10.0, digits=0)
    kpi_slices_per_day = fields.Integer(
        string="Time slices per point and day", default=1
    )
    kpi_slice_minutes = fields.Integer(string="Minutes of a time slice", default=5)
    kpi_sample_seed = fields.Char(string="Seed of the samples", default="1")
