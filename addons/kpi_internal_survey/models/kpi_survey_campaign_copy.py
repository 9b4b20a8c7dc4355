"""The next cycle: the same questions, so that figures can be compared."""

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

# The first cycle has none before it to learn the rhythm from.
USUAL_RHYTHM = relativedelta(years=1)


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    def action_copy_next(self):
        """Same criteria, scale, rules, texts and limits; the dates one rhythm on."""
        self.ensure_one()
        if self.state not in ("closed", "published"):
            raise UserError(
                self.env._(
                    "“%(campaign)s” is not closed: prepare the next cycle after it.",
                    campaign=self.name,
                )
            )
        following = self._copy_next()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "views": [(False, "form")],
        }

    def _copy_next(self):
        following = self.copy(self._dates_of_next() | {"comment_rule": "required"})
        names = self._names_of_next(following)
        following.update_field_translations("name", names)
        following.sudo().previous_id = self  # readonly to whoever copies
        return following

    def _dates_of_next(self):
        rhythm = USUAL_RHYTHM
        if self.previous_id:
            rhythm = relativedelta(self.date_from, self.previous_id.date_from)
        return {
            "date_from": self.date_from + rhythm,
            "date_to": self.date_to + rhythm,
        }

    def _names_of_next(self, following):
        """With the year of the next cycle, or numbered, in each language.

        :return: ``{language: name}``
        """
        before, after = str(self.date_from.year), str(following.date_from.year)
        number, cycle = 2, self
        while cycle := cycle.previous_id:
            number += 1
        names = {}
        for lang, _label in self.env["res.lang"].get_installed():
            name = self.with_context(lang=lang).name
            names[lang] = (
                name.replace(before, after)
                if before in name and before != after
                else f"{name.removesuffix(f' ({number - 1})')} ({number})"
            )
        return names
