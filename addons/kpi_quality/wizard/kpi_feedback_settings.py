from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.satisfaction import silent_weight

SETTINGS = (
    "kpi_correction_coefficient",
    "kpi_silent_reading",
    "kpi_active_factor",
    "kpi_share_asked_base",
    "kpi_diagnosis_tolerance",
    "kpi_force_majeure_level",
    "kpi_poll_sample",
    "kpi_slices_per_day",
    "kpi_slice_minutes",
    "kpi_sample_seed",
)


class KpiFeedbackSettings(models.TransientModel):
    """What the KPI manager sets for a company.

    Not on Odoo's own settings page: only administrators may save that one.
    """

    _name = "kpi.feedback.settings"
    _description = "Feedback Settings"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    kpi_correction_coefficient = fields.Float(digits=0)
    kpi_silent_reading = fields.Selection(
        selection=lambda self: self._company_selection("kpi_silent_reading"),
        required=True,
    )
    kpi_silent_weight = fields.Float(
        compute="_compute_kpi_silent_weight", string="Effective weight", digits=0
    )
    kpi_active_factor = fields.Float(digits=0)
    kpi_share_asked_base = fields.Selection(
        selection=lambda self: self._company_selection("kpi_share_asked_base"),
        required=True,
    )
    kpi_diagnosis_tolerance = fields.Float(digits=0)
    kpi_force_majeure_level = fields.Float(digits=0)
    kpi_poll_sample = fields.Float(digits=0)
    kpi_slices_per_day = fields.Integer()
    kpi_slice_minutes = fields.Integer()
    kpi_sample_seed = fields.Char(required=True)

    def _company_selection(self, name):
        return self.env["res.company"]._fields[name]._description_selection(self.env)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        company = self.env.company
        return values | {name: company[name] for name in SETTINGS if name in fields}

    @api.depends("kpi_correction_coefficient", "kpi_silent_reading")
    def _compute_kpi_silent_weight(self):
        for settings in self:
            settings.kpi_silent_weight = silent_weight(
                settings.kpi_correction_coefficient,
                settings.kpi_silent_reading or "published",
            )

    def action_save(self):
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("These are the settings of another company."))
        # Companies are written by administrators only; these fields are the manager's.
        self.company_id.sudo().write({name: self[name] for name in SETTINGS})
        return {"type": "ir.actions.client", "tag": "soft_reload"}
