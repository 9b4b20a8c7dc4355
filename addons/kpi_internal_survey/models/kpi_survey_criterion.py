import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KpiSurveyCriterion(models.Model):
    """What a unit is rated by; ``key`` makes it the same over the cycles."""

    _name = "kpi.survey.criterion"
    _description = "Survey Criterion"
    _inherit = ["kpi.survey.part.mixin"]
    _order = "campaign_id, group_id, sequence, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign",
        required=True,
        copy=False,  # that of the group, see create()
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    group_id = fields.Many2one(
        "kpi.survey.criterion.group", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    hint = fields.Text(
        translate=True, help="What is meant, in a sentence: shown beside the marks."
    )
    key = fields.Char(
        required=True,
        help="Stays the same when a campaign is copied: figures of cycles with the "
        "same key are compared.",
    )

    _key_unique = models.Constraint(
        "UNIQUE (campaign_id, key)",
        "Two criteria of a campaign have the same key: give each its own.",
    )

    @api.constrains("campaign_id", "group_id")
    def _check_group(self):
        for criterion in self:
            if criterion.group_id.campaign_id != criterion.campaign_id:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s”: the group “%(group)s” belongs to another "
                        "campaign. Choose a group of this one.",
                        criterion=criterion.name,
                        group=criterion.group_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A criterion of a group is one of its campaign; a key is made of the name."""
        return super().create([self._complete(vals) for vals in vals_list])

    def _complete(self, vals):
        group = self.group_id.browse(vals.get("group_id"))
        words = re.findall(r"\w+", (vals.get("name") or "").lower())
        return {
            **vals,
            "campaign_id": vals.get("campaign_id") or group.campaign_id.id,
            "key": vals.get("key") or "_".join(words)[:60] or "criterion",
        }
