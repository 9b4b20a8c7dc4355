from odoo import api, models
from odoo.tools.misc import get_lang


class KpiSurveyReport(models.AbstractModel):
    """The words of the charts and of the workbook, in the reader's language."""

    _inherit = "kpi.survey.report"

    @api.model
    def _words(self):
        """:return: texts by key; ``point`` and ``date``: how numbers and days look"""
        lang = get_lang(self.env)
        return {
            "point": lang.decimal_point,
            "date": lang.date_format,
            # ------------------------------------------------------ figures
            "too_few": self.env._("too few people"),
            "few": self.env._("few"),
            "no_data": self.env._("no data"),
            "score": self.env._("Score"),
            "margin": self.env._("± (95 %)"),
            "people": self.env._("People"),
            "band": self.env._("Band"),
            "company": self.env._("Company"),
            "unit": self.env._("Unit"),
            "others": self.env._("Others' view"),
            "own": self.env._("Own view"),
            "gap": self.env._("Own view minus others'"),
            "before": self.env._("Cycle before"),
            "change": self.env._("Change"),
            "invited": self.env._("Invited"),
            "submitted": self.env._("Answered"),
            "participation": self.env._("Participation"),
            "share": self.env._("Share"),
            # ------------------------------------------------------- sheets
            "summary": self.env._("Summary"),
            "ranking": self.env._("Ranking"),
            "place": self.env._("Place"),
            "own_unit": self.env._("Own unit"),
            "yes": self.env._("yes"),
            "criteria": self.env._("Criteria"),
            "criterion": self.env._("Criterion"),
            "group": self.env._("Group"),
            "criteria_by_unit": self.env._("Criteria by unit"),
            "matrix": self.env._("Matrix"),
            "rater": self.env._("Who rates"),
            "rated": self.env._("Who is rated"),
            "score_of_rater": self.env._("What the rater gives on average"),
            "score_of_rated": self.env._("What the rated unit gets on average"),
            "pairs": self.env._("Conflicts and praise"),
            "kind": self.env._("Kind"),
            "conflict": self.env._("Conflict"),
            "praise": self.env._("Mutual praise"),
            "comments": self.env._("Comments"),
            "comment": self.env._("Comment"),
            "tone": self.env._("Mark"),
            "best": self.env._("Best colleagues"),
            "best_unit": self.env._("Best unit"),
            "colleague": self.env._("Colleague"),
            "votes": self.env._("Votes"),
            "trend": self.env._("Trend"),
            "cycle": self.env._("Cycle"),
            "advice": self.env._("Recommendations"),
            "whole_company": self.env._("The whole company"),
            "recommendation": self.env._("Recommendation"),
            "actions": self.env._("Actions"),
            "action": self.env._("Action"),
            "actions_before": self.env._("Actions of the cycle before"),
            "actions_now": self.env._("Actions of this cycle"),
            "responsible": self.env._("Responsible"),
            "deadline": self.env._("Deadline"),
            "state": self.env._("State"),
            "score_before": self.env._("Score before"),
            "score_after": self.env._("Score after"),
            "verdict": self.env._("Did it help?"),
            "survey": self.env._("Survey"),
            "days": self.env._("Days"),
            "all_ranked": self.env._("of %(count)s units"),
            "hidden_note": self.env._(
                "“Too few people”: figures of fewer than %(minimum)s people are shown "
                "to nobody, nor what would reveal them."
            ),
            "few_note": self.env._("few: too few people to show"),
            "own_note": self.env._("dashed: how the unit sees itself"),
            "conflict_note": self.env._(
                "red frame: a conflict, significantly below what the rater gives and "
                "what the rated unit gets on average"
            ),
            "praise_note": self.env._("green frame: both praise each other"),
        }
