from odoo import api, models

from odoo.addons.kpi_quality.tools.change import compare

from .kpi_survey_board import BOARD

NO_FIGURE = {"state": "none", "score": None, "people": None}


class KpiSurveyBoard(models.AbstractModel):
    """One unit in detail: for those who lead it, for HR and the board."""

    _inherit = "kpi.survey.board"

    # ---------------------------------------------------------------- figures
    @api.model
    def _figure(self, score, people, is_hidden):
        """:return: a figure as the boards take it; see the class"""
        if is_hidden:
            return {**NO_FIGURE, "state": "hidden"}
        if not people:
            return dict(NO_FIGURE)
        return {"state": "shown", "score": score, "people": people}

    @api.model
    def _figure_of(self, result):
        """The score of a unit or the company, with its interval."""
        figure = self._figure(
            result.score, result.has_score and result.respondents, result.is_hidden
        )
        shown = figure["state"] == "shown"
        return {
            **figure,
            "margin": result.margin if shown else None,
            "band": (shown and result.band_id.name) or "",
        }

    @api.model
    def _describe_change(self, result, before):
        """How far a score is from that of the cycle before, as its actions have it.

        :return: False where there is none, ``difference`` is ``None`` where the one
            before may not be shown, ``is_certain`` whether it is more than noise
        """
        if not before:
            return False
        now, past = self._figure_of(result), self._figure_of(before)
        change = {
            "campaign": before.campaign_id.name,
            "before": past,
            "difference": None,
            "is_certain": False,
        }
        if now["state"] == past["state"] == "shown":
            change["difference"] = now["score"] - past["score"]
            verdict = compare(
                before._cases(),
                result._cases(),
                rising=True,
                least_cases=result.campaign_id.minimum,
            ).verdict
            change["is_certain"] = verdict in ("improved", "worse")
        return change

    @api.model
    def _describe_standing(self, cycles, by_cycle):
        """A score in the last of the cycles, and how it came there."""
        nothing = self.env["kpi.survey.result"]
        last = by_cycle.get(cycles[-1], nothing)
        return {
            **self._figure_of(last),
            "change": self._describe_change(last, by_cycle.get(cycles[-2:-1], nothing)),
        }

    # ------------------------------------------------------------------- unit
    @api.model
    def _describe_unit(self, unit, cycles, own):
        """:param own: the unit's results by cycle"""
        last = own[cycles[-1]]
        return {
            "id": unit.id,
            "name": unit.name,
            "kind": unit.kind,
            **self._describe_standing(cycles, own),
            "rank": last.rank or False,
            "own": self._figure(
                last.own_score,
                last.has_own_score and last.own_respondents,
                last.own_is_hidden,
            ),
        }

    @api.model
    def _by_cycle(self, results, unit):
        """:param unit: of any of the cycles; empty for the company as a whole"""
        department = unit.department_id
        return {
            result.campaign_id: result
            for result in results
            if bool(result.unit_id) == bool(unit)
            and result.unit_id.department_id == department
        }

    @api.model
    def _read_criteria(self, *by_cycle):
        """:return: figures by (result, key of the criterion, view)"""
        ids = [result.id for results in by_cycle for result in results.values()]
        rows = self.env["kpi.survey.result.criterion"].search(
            [("result_id", "in", ids)]
        )
        return {
            (row.result_id, row.criterion_id.key, row.view): self._figure(
                row.score, row.respondents, row.is_hidden
            )
            for row in rows
        }

    @api.model
    def _describe_groups(self, campaign, whole, own, criteria):
        """The criteria as others, the unit itself and the company have them."""

        def read(by_cycle, criterion, view):
            result = by_cycle.get(campaign)
            return criteria.get((result, criterion.key, view), NO_FIGURE)

        return [
            {
                "name": group.name,
                "criteria": [
                    {
                        "key": criterion.key,
                        "name": criterion.name,
                        "hint": criterion.hint or "",
                        "others": read(own, criterion, "others"),
                        "own": read(own, criterion, "own"),
                        "company": read(whole, criterion, "others"),
                    }
                    for criterion in group.criterion_ids
                ],
            }
            for group in campaign.group_ids
        ]

    @api.model
    def _describe_trend(self, cycles, whole, own, criteria):
        return [
            {
                "id": cycle.id,
                "name": cycle.name,
                "company": self._describe_cycle(whole.get(cycle), criteria),
                "unit": self._describe_cycle(own.get(cycle), criteria),
            }
            for cycle in cycles
        ]

    @api.model
    def _describe_cycle(self, result, criteria):
        """The score and each criterion (by key) of one cycle."""
        if not result:
            return {"score": NO_FIGURE, "criteria": {}}
        return {
            "score": self._figure_of(result),
            "criteria": {
                key: figure
                for (row, key, view), figure in criteria.items()
                if row == result and view == "others"
            },
        }

    @api.model
    def _describe_comments(self, campaign, unit):
        """:return: False for those who may not read any (HR)"""
        if not (self.env.user.has_group(BOARD) or unit.department_id.kpi_is_led):
            return False
        rows = self.env["kpi.survey.comment"].search(
            [("campaign_id", "=", campaign.id), ("unit_id", "=", unit.id)]
        )
        return [{"id": row.id, "tone": row.tone, "text": row.text} for row in rows]
