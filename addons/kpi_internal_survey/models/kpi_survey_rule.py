from odoo import fields, models

from ..const import UNIT_KINDS


class KpiSurveyRule(models.Model):
    """Who may rate whom; what is empty stands for all."""

    _name = "kpi.survey.rule"
    _description = "Who May Rate Whom"
    _inherit = ["kpi.survey.part.mixin"]
    _order = "campaign_id, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    rater_kind = fields.Selection(UNIT_KINDS, string="Units that rate")
    rater_tag_ids = fields.Many2many(
        "kpi.survey.unit.tag", "kpi_survey_rule_rater_tag_rel", string="With a tag of"
    )
    rated_kind = fields.Selection(UNIT_KINDS, string="Units that are rated")
    rated_tag_ids = fields.Many2many(
        "kpi.survey.unit.tag", "kpi_survey_rule_rated_tag_rel", string="With one of"
    )

    def _allows(self, rater, rated):
        """Whether one of these rules lets a unit rate another."""
        return rater != rated and any(
            _fits(rater.kind, rater.tag_ids, rule.rater_kind, rule.rater_tag_ids)
            and _fits(rated.kind, rated.tag_ids, rule.rated_kind, rule.rated_tag_ids)
            for rule in self
        )

    def _let_rate(self, departments):
        """Whether by these rules anybody would rate another at all."""
        for rule in self:
            raters, rated = (
                departments.filtered(
                    lambda each, kind=kind, tags=tags: _fits(
                        each.kpi_unit_kind, each.kpi_unit_tag_ids, kind, tags
                    )
                )
                for kind, tags in (
                    (rule.rater_kind, rule.rater_tag_ids),
                    (rule.rated_kind, rule.rated_tag_ids),
                )
            )
            if raters and rated and len(raters | rated) > 1:
                return True
        return False


def _fits(kind, tags, wanted_kind, wanted_tags):
    return (not wanted_kind or kind == wanted_kind) and (
        not wanted_tags or bool(tags & wanted_tags)
    )
