from odoo import models

from ..tools.answer import MOST_COMMENT


class KpiSurveyCampaign(models.Model):
    """What the public form shows; nobody but the owner of a code hears it."""

    _inherit = "kpi.survey.campaign"

    def _form(self, code):
        """:return: all that the form needs, as JSON

        :raise Refused: the code lets nobody in
        """
        unit, ballot = self._admit(code)
        if ballot.is_submitted:
            return {"state": "counted"}
        return {
            "state": "open" if ballot else "test",
            "unit": self._form_unit(unit),
            "units": [self._form_unit(rated) for rated in self._rated_units(unit)],
            "groups": [
                {
                    "name": group.name,
                    "criteria": [
                        {
                            "id": criterion.id,
                            "name": criterion.name,
                            "hint": criterion.hint or "",
                        }
                        for criterion in group.criterion_ids
                    ],
                }
                for group in self.group_ids
            ],
            "bands": [
                {"from": band.mark_from, "to": band.mark_to, "name": band.name}
                for band in self.band_ids.sorted("mark_from")
            ],
            "colleagues": list(self._form_colleagues(unit).values()),
            "votes": self.vote_count,
            "low": self.low_limit,
            "high": self.high_limit,
            "needs_comment": self.comment_rule == "required",
            "most_comment": MOST_COMMENT,
        }

    def _form_unit(self, unit):
        return {"id": unit.id, "name": unit.name, "kind": unit.kind}

    def _form_colleagues(self, unit):
        """Who may be named by people of a unit.

        :return: ``{employee id: {"id": …, "name": …, "unit": name}}``
        """
        if self.state == "running":
            employees_sudo = self._vote_candidates(unit)
            places = {
                employee.id: place.name
                for employee, place in self.env["kpi.survey.participant"]
                .sudo()  # the candidates only
                ._read_group(
                    [("campaign_id", "=", self.id)], ["employee_id", "unit_id"]
                )
            }
            return {
                employee.id: {
                    "id": employee.id,
                    "name": employee.name,
                    "unit": places.get(employee.id, ""),
                }
                for employee in employees_sudo
            }
        return self._form_colleagues_of_test(unit)

    def _form_colleague_ids(self, unit):
        """Those of :meth:`_form_colleagues`; who they are is not read."""
        if self.state == "running":
            return self._vote_candidates(unit).ids
        return list(self._form_colleagues_of_test(unit))

    def _form_colleagues_of_test(self, unit):
        """Nobody is invited yet: those who would be today."""
        units = {place.department_id.id: place for place in self.unit_ids - unit}
        is_all = self.vote_scope == "all"
        return {
            employee.id: {
                "id": employee.id,
                "name": employee.name,
                "unit": units[department.id].name,
            }
            for department, employees_sudo in self._people().by_unit.items()
            if department.id in units
            and (is_all or units[department.id].kind == "head_office")
            for employee in employees_sudo
        }
