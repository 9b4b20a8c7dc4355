from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ..tools.advice import Criterion, strongest, weakest, widest_gap

MANAGER = "kpi_quality.group_kpi_quality_manager"


class KpiSurveyCampaign(models.Model):
    """Suggestions from the figures, for HR to make recommendations of."""

    _inherit = "kpi.survey.campaign"

    recommendation_ids = fields.One2many("kpi.survey.recommendation", "campaign_id")
    recommendation_count = fields.Integer(
        string="Recommendations",
        compute="_compute_recommendation_count",
        compute_sudo=False,
    )

    @api.depends("recommendation_ids")
    @api.depends_context("uid")
    def _compute_recommendation_count(self):
        groups = self.env["kpi.survey.recommendation"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
        )
        counts = {campaign.id: count for campaign, count in groups}
        for campaign in self:
            campaign.recommendation_count = counts.get(campaign.id, 0)

    def action_open_recommendations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_internal_survey.kpi_survey_recommendation_action"
        )
        return {
            **action,
            "domain": [("campaign_id", "=", self.id)],
            "context": {"default_campaign_id": self.id},
        }

    def action_suggest_recommendations(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Recommendations are made by HR."))
        if not self.is_counted:
            raise UserError(
                self.env._(
                    "“%(campaign)s” is not counted yet: suggestions are made of its "
                    "results.",
                    campaign=self.name,
                )
            )
        self._suggest_recommendations()
        return self.action_open_recommendations()

    def _suggest_recommendations(self):
        """A draft for the company, the board and each unit that has none yet.

        :return: the new drafts
        :rtype: kpi.survey.recommendation
        """
        self.ensure_one()
        recommendations = self.env["kpi.survey.recommendation"]
        taken = {
            (recommendation.unit_id, recommendation.is_for_board)
            for recommendation in recommendations.search(
                [("campaign_id", "=", self.id)]
            )
        }
        return recommendations.create(
            [
                {
                    "campaign_id": self.id,
                    "unit_id": unit.id,
                    "text": text,
                    "is_for_board": for_board,
                    "is_draft": True,
                    "sequence": sequence,
                }
                for sequence, (unit, for_board, text) in enumerate(self._suggestions())
                if text and (unit, for_board) not in taken
            ]
        )

    def _suggestions(self):
        """:return: generator of ``(unit, whether for the board only, text)``"""
        results = self.env["kpi.survey.result"].search([("campaign_id", "=", self.id)])
        profiles = self._advice_profiles(results)
        units = self.env["kpi.survey.unit"]
        yield units, True, self._suggest_for_board()
        for result in results.sorted(lambda result: (bool(result.unit_id), result.id)):
            profile = profiles[result]
            lines = [
                self._advise_weak(profile),
                self._advise_gap(profile),
                self._advise_strength(profile),
            ]
            yield result.unit_id, False, "\n".join(filter(None, lines))

    def _advice_profiles(self, results):
        """:return: ``{result: list of Criterion}`` in the order of the criteria"""
        scores = {
            (row.result_id, row.criterion_id, row.view): row.score
            for row in results.criterion_ids
            if not row.is_hidden
        }
        company = results.filtered(lambda result: not result.unit_id)
        return {
            result: [
                Criterion(
                    name=criterion.name,
                    score=scores.get((result, criterion, "others")),
                    company=scores.get((company, criterion, "others"))
                    if result.unit_id
                    else None,
                    own=scores.get((result, criterion, "own")),
                )
                for criterion in self.criterion_ids
            ]
            for result in results
        }

    # ------------------------------------------------------------------ words
    def _suggest_for_board(self):
        """How many conflicts, not which: HR does not see the matrix."""
        conflicts = (
            self.env["kpi.survey.cell"]
            .sudo()  # only how many
            .search_count([("campaign_id", "=", self.id), ("sign", "=", "conflict")])
        )
        if not conflicts:
            return ""
        return self.env._(
            "Conflicts in the matrix: %(conflicts)s. Talk each over with both "
            "directors, first apart, then together, and agree on one change on either "
            "side.",
            conflicts=conflicts,
        )

    def _advise_weak(self, profile):
        weak = weakest(profile)
        if not weak:
            return ""
        return self.env._(
            "Begin with what is lowest: %(criteria)s. Ask those served for examples "
            "and agree on one change for each.",
            criteria="; ".join(
                f"{criterion.name} ({self._advice_score(criterion.score)})"
                if criterion.company is None
                else self.env._(
                    "%(criterion)s (%(score)s; company %(company)s)",
                    criterion=criterion.name,
                    score=self._advice_score(criterion.score),
                    company=self._advice_score(criterion.company),
                )
                for criterion in weak
            ),
        )

    def _advise_gap(self, profile):
        gap = widest_gap(profile)
        if not gap:
            return ""
        return self.env._(
            "The unit sees itself otherwise than others do, most of all here: "
            "%(criterion)s (own view %(own)s, others %(score)s). Talk about what "
            "others expect.",
            criterion=gap.name,
            own=self._advice_score(gap.own),
            score=self._advice_score(gap.score),
        )

    def _advise_strength(self, profile):
        best = strongest(profile)
        if not best:
            return ""
        return self.env._(
            "Keep and show to others what is highest: %(criterion)s (%(score)s).",
            criterion=best.name,
            score=self._advice_score(best.score),
        )

    def _advice_score(self, score):
        return formatLang(self.env, score, digits=2)
