from odoo import api, models
from odoo.tools.misc import get_lang


class KpiSurveyReport(models.AbstractModel):
    """The words of the charts and of the workbook, in the reader's language."""

    _inherit = "kpi.survey.report"

    @api.model
    def _words(self):
        """:return: texts by key; ``point`` and ``date``: how numbers and days look"""
        _t = self.env._
        lang = get_lang(self.env)
        return {
            "point": lang.decimal_point,
            "date": lang.date_format,
            # ------------------------------------------------------ figures
            "too_few": _t("too few people"),
            "few": _t("few"),
            "no_data": _t("no data"),
            "score": _t("Score"),
            "margin": _t("± (95 %)"),
            "people": _t("People"),
            "band": _t("Band"),
            "company": _t("Company"),
            "unit": _t("Unit"),
            "others": _t("Others' view"),
            "own": _t("Own view"),
            "gap": _t("Own view minus others'"),
            "before": _t("Cycle before"),
            "change": _t("Change"),
            "invited": _t("Invited"),
            "submitted": _t("Answered"),
            "participation": _t("Participation"),
            "share": _t("Share"),
            # ------------------------------------------------------- sheets
            "summary": _t("Summary"),
            "ranking": _t("Ranking"),
            "place": _t("Place"),
            "own_unit": _t("Own unit"),
            "yes": _t("yes"),
            "criteria": _t("Criteria"),
            "criterion": _t("Criterion"),
            "group": _t("Group"),
            "criteria_by_unit": _t("Criteria by unit"),
            "matrix": _t("Matrix"),
            "rater": _t("Who rates"),
            "rated": _t("Who is rated"),
            "score_of_rater": _t("What the rater gives on average"),
            "score_of_rated": _t("What the rated unit gets on average"),
            "pairs": _t("Conflicts and praise"),
            "kind": _t("Kind"),
            "conflict": _t("Conflict"),
            "praise": _t("Mutual praise"),
            "comments": _t("Comments"),
            "comment": _t("Comment"),
            "tone": _t("Mark"),
            "best": _t("Best colleagues"),
            "best_unit": _t("Best unit"),
            "colleague": _t("Colleague"),
            "votes": _t("Votes"),
            "trend": _t("Trend"),
            "cycle": _t("Cycle"),
            "advice": _t("Recommendations"),
            "whole_company": _t("The whole company"),
            "recommendation": _t("Recommendation"),
            "actions": _t("Actions"),
            "action": _t("Action"),
            "actions_before": _t("Actions of the cycle before"),
            "actions_now": _t("Actions of this cycle"),
            "responsible": _t("Responsible"),
            "deadline": _t("Deadline"),
            "state": _t("State"),
            "score_before": _t("Score before"),
            "score_after": _t("Score after"),
            "verdict": _t("Did it help?"),
            "survey": _t("Survey"),
            "days": _t("Days"),
            "all_ranked": _t("of %(count)s units"),
            "hidden_note": _t(
                "“Too few people”: figures of fewer than %(minimum)s people are shown "
                "to nobody, nor what would reveal them."
            ),
            "few_note": _t("few: too few people to show"),
            "own_note": _t("dashed: how the unit sees itself"),
            "conflict_note": _t(
                "red frame: a conflict, significantly below what the rater gives and "
                "what the rated unit gets on average"
            ),
            "praise_note": _t("green frame: both praise each other"),
        }
