from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import SHARE_ASKED_BASES, SILENT_READINGS
from ..tools.satisfaction import silent_weight


class ResCompany(models.Model):
    _inherit = "res.company"

    kpi_correction_coefficient = fields.Float(
        string="Correction coefficient",
        default=0.8,
        digits=0,
        help="0 to 1; 0.8 unless a survey has found another value.",
    )
    kpi_silent_reading = fields.Selection(
        SILENT_READINGS,
        string="Silent customers",
        required=True,
        default="published",
    )
    kpi_silent_weight = fields.Float(
        string="Effective weight of a silent customer",
        compute="_compute_kpi_silent_weight",
        digits=0,
        help="So much of a dissatisfied customer each silent one counts.",
    )
    kpi_active_factor = fields.Float(
        string="An active dissatisfaction counts as",
        default=5.0,
        digits=0,
        help="So many passive ones.",
    )
    kpi_share_asked_base = fields.Selection(
        SHARE_ASKED_BASES,
        string="Share asked, of",
        required=True,
        default="sales",
    )
    kpi_diagnosis_tolerance = fields.Float(
        string="Tolerance of the diagnosis (points)",
        default=5.0,
        digits=0,
        help="Indexes closer together than this are taken to be alike.",
    )
    kpi_force_majeure_level = fields.Float(
        string="Force majeure at most (% of polls)",
        default=20.0,
        digits=0,
        help="Above it, its causes are to be removed before anybody is judged.",
    )
    kpi_poll_sample = fields.Float(
        string="Polls checked (%)",
        default=10.0,
        digits=0,
        help="Drawn at random for the expert, per point and day.",
    )
    kpi_slices_per_day = fields.Integer(
        string="Time slices per point and day",
        default=1,
        help="Drawn at random: was a press left out?",
    )
    kpi_slice_minutes = fields.Integer(string="Minutes of a time slice", default=5)
    kpi_sample_seed = fields.Char(
        string="Seed of the samples",
        default="1",
        help="The same seed draws the same samples, for whoever wants to check them.",
    )

    @api.depends("kpi_correction_coefficient", "kpi_silent_reading")
    def _compute_kpi_silent_weight(self):
        for company in self:
            company.kpi_silent_weight = silent_weight(
                company.kpi_correction_coefficient, company.kpi_silent_reading
            )

    @api.constrains(
        "kpi_correction_coefficient",
        "kpi_active_factor",
        "kpi_diagnosis_tolerance",
        "kpi_force_majeure_level",
        "kpi_poll_sample",
        "kpi_slices_per_day",
        "kpi_slice_minutes",
        "kpi_sample_seed",
    )
    def _check_kpi_feedback(self):
        limits = {
            "kpi_correction_coefficient": (0, 1),
            "kpi_active_factor": (1, None),
            "kpi_diagnosis_tolerance": (0, 100),
            "kpi_force_majeure_level": (0, 100),
            "kpi_poll_sample": (0, 100),
            "kpi_slices_per_day": (0, 24),
            "kpi_slice_minutes": (1, 60),
        }
        for company in self:
            for name, (least, most) in limits.items():
                field = company._fields[name]
                label = field._description_string(self.env)
                if company[name] < least:
                    raise ValidationError(
                        self.env._(
                            "“%(setting)s” is at least %(least)s.",
                            setting=label,
                            least=least,
                        )
                    )
                if most is not None and company[name] > most:
                    raise ValidationError(
                        self.env._(
                            "“%(setting)s” is at most %(most)s.",
                            setting=label,
                            most=most,
                        )
                    )
            if not company.kpi_sample_seed:
                raise ValidationError(
                    self.env._("The samples need a seed; any word or number serves.")
                )
