from odoo import api, models


class KpiSurveyPartMixin(models.AbstractModel):
    """A part of what the directors agree to: frozen once they have.

    The models that inherit it have ``campaign_id``.
    """

    _name = "kpi.survey.part.mixin"
    _description = "Part of a Survey Campaign"
    _inherit = ["kpi.guarded.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.campaign_id._check_is_draft()
        return parts

    def write(self, vals):
        self.campaign_id._check_is_draft()
        result = super().write(vals)
        self.campaign_id._check_is_draft()  # it could have been moved to another one
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # Does not pass through write(); other words are another question.
        self.campaign_id._check_is_draft()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.campaign_id._check_is_draft()
