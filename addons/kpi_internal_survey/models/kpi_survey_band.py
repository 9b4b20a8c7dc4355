from odoo import api, fields, models

from ..const import HIGHEST_MARK, LOWEST_MARK


class KpiSurveyBand(models.Model):
    """A named part of the scale; a mean is rounded half up first (FORMULAS.md)."""

    _name = "kpi.survey.band"
    _description = "Band of the Survey Scale"
    _inherit = ["kpi.survey.part.mixin"]
    _order = "campaign_id, mark_from DESC"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    mark_from = fields.Integer(string="From", required=True)
    mark_to = fields.Integer(string="To", required=True)
    key = fields.Char(required=True, help="Stays the same over the cycles.")

    _marks_range = models.Constraint(
        f"CHECK ({LOWEST_MARK} <= mark_from AND mark_from <= mark_to "
        f"AND mark_to <= {HIGHEST_MARK})",
        "A band goes from a mark to the same or a higher one, within 1 to 10.",
    )

    @api.depends("name", "mark_from", "mark_to")
    def _compute_display_name(self):
        for band in self:
            marks = (
                f"{band.mark_from}–{band.mark_to}"
                if band.mark_from < band.mark_to
                else f"{band.mark_from}"
            )
            band.display_name = f"{marks}: {band.name}"

    @api.model_create_multi
    def create(self, vals_list):
        """A band without a key takes its marks for one."""
        return super().create(
            [
                {
                    **vals,
                    "key": vals.get("key")
                    or f"{vals.get('mark_from')}-{vals.get('mark_to')}",
                }
                for vals in vals_list
            ]
        )
