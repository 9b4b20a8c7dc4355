from odoo import api, models
from odoo.tools.misc import get_lang


class KpiSurveyReport(models.AbstractModel):
    """The words of the charts and of the workbook, in the reader's language."""

    _inherit = "kpi.survey.report"

    @api.model
    def _words(self):
        """:return: texts by key; ``point`` and ``date``: how numbers and days look"""
        _ = self.env._
        lang = get_lang(self.env)
        return {
            "point": lang.decimal_point,
            "date": lang.date_format,
            # ------------------------------------------------------ figures
            "too_few": _("too few people"),
            "few": _("few"),
            "no_data": _("no data"),
            "score": _("Score"),
            "margin": _("± (95 %)"),
            "people": _("People"),
            "band": _("Band"),
            "company": _("Company"),
            "unit": _("Unit"),
            "others": _("Others' view"),
            "own": _("Own view"),
            "gap": _("Own view minus others'"),
            "before": _("Cycle before"),
            "change": _("Change"),
            "invited": _("Invited"),
            "submitted": _("Answered"),
            "participation": _("Participation"),
            "share": _("Share"),
            # ------------------------------------------------------- sheets
            "summary": _("Summary"),
            "ranking": _("Ranking"),
            "place": _("Place"),
            "own_unit": _("Own unit"),
            "yes": _("yes"),
            "criteria": _("Criteria"),
            "criterion": _("Criterion"),
            "group": _("Group"),
            "criteria_by_unit": _("Criteria by unit"),
            "matrix": _("Matrix"),
            "rater": _("Who rates"),
            "rated": _("Who is rated"),
            "score_of_rater": _("What the rater gives on average"),
            "score_of_rated": _("What the rated unit gets on average"),
            "pairs": _("Conflicts and praise"),
            "kind": _("Kind"),
            "conflict": _("Conflict"),
            "praise": _("Mutual praise"),
            "comments": _("Comments"),
            "comment": _("Comment"),
            "tone": _("Mark"),
            "best": _("Best colleagues"),
            "best_unit": _("Best unit"),
            "colleague": _("Colleague"),
            "votes": _("Votes"),
            "trend": _("Trend"),
            "cycle": _("Cycle"),
            "advice": _("Recommendations"),
            "whole_company": _("The whole company"),
            "recommendation": _("Recommendation"),
            "actions": _("Actions"),
            "action": _("Action"),
            "actions_before": _("Actions of the cycle before"),
            "actions_now": _("Actions of this cycle"),
            "responsible": _("Responsible"),
            "deadline": _("Deadline"),
            "state": _("State"),
            "score_before": _("Score before"),
            "score_after": _("Score after"),
            "verdict": _("Did it help?"),
            "survey": _("Survey"),
            "days": _("Days"),
            "all_ranked": _("of %(count)s units"),
            "hidden_note": _(
                "“Too few people”: figures of fewer than %(minimum)s people are shown "
                "to nobody, nor what would reveal them."
            ),
            "few_note": _("few: too few people to show"),
            "own_note": _("dashed: how the unit sees itself"),
            "conflict_note": _(
                "red frame: a conflict, significantly below what the rater gives and "
                "what the rated unit gets on average"
            ),
            "praise_note": _("green frame: both praise each other"),
        }
