from odoo import api, models
from odoo.exceptions import UserError

ANSWERS = ("yes", "no", "unsure")


class KpiPlate(models.AbstractModel):
    """What hangs at a point: the question of today, or what the red button is for."""

    _name = "report.kpi_hardware_bridge.plate"
    _description = "Plate of a Feedback Point"

    @api.model
    def _get_report_values(self, docids, data=None):
        points = self.env["kpi.feedback.point"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": points._name,
            "docs": points,
            "plates": [self._plate(point) for point in points],
        }

    @api.model
    def _plate(self, point):
        """
        :return: dict with the point, its kind and, for each language, its words
        :raise UserError: when nothing can be printed for the point
        """
        texts = [self._text(point.with_context(lang=lang)) for lang in self._langs()]
        if not all(text["title"] for text in texts):
            raise UserError(
                self.env._(
                    "“%(point)s”: no question is planned for today, so there is "
                    "nothing to print.",
                    point=point.display_name,
                )
            )
        return {"point": point, "is_red": point.kind == "red_button", "texts": texts}

    @api.model
    def _langs(self):
        """Installed languages, that of the company first."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        own = self.env.company.partner_id.lang
        return sorted(codes, key=lambda code: (code != own, code))

    @api.model
    def _text(self, point):
        """:return: what is said in the language of the point's context"""
        words = point.env["kpi.console"]._web_words()
        if point.kind == "red_button":
            hold = words["red_hold"].format(f"{point.long_press:g}")
            return {
                "lang": point.env.lang,
                "title": words["red_title"],
                "lines": [words["red_press"], hold],
                "answers": [],
            }
        if point.kind != "three_button":
            raise UserError(
                self.env._(
                    "“%(point)s”: plates are for points where customers press: with "
                    "three buttons or the red one.",
                    point=point.display_name,
                )
            )
        # The plate is printed before somebody confirms that it hangs there.
        question = point.planned_question_id or point.question_id
        return {
            "lang": point.env.lang,
            "title": question.text,
            "lines": [words["invite"]],
            "answers": [words[answer] for answer in ANSWERS],
        }
