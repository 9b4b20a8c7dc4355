from odoo import api, models

from ..const import BEST_PLACES
from .survey_data import (
    Action,
    Advice,
    Best,
    Cell,
    Figure,
    Matrix,
    Note,
    Pair,
    Participation,
    Place,
    Row,
    Trend,
)


class KpiSurveyReport(models.AbstractModel):
    """The parts of a report, each from the rows that the reader may see."""

    _inherit = "kpi.survey.report"

    @api.model
    def _figure(self, row):
        """Of a result, a criterion or a cell; nothing where there is no row."""
        if not row:
            return Figure()
        if row.is_hidden:
            return Figure(is_hidden=True)
        if not row.respondents:
            return Figure()
        margin = row.margin if "margin" in row._fields else None
        return Figure(row.score, row.respondents, margin)

    @api.model
    def _own_figure(self, result):
        if result.own_is_hidden:
            return Figure(is_hidden=True)
        if not result.has_own_score:
            return Figure()
        return Figure(result.own_score, result.own_respondents)

    # ---------------------------------------------------------------- ranking
    @api.model
    def _ranked(self, units, now):
        """In the order of the ranking, without those that nobody could rate."""
        return units.filtered(
            lambda unit: (
                unit.kind == "head_office" or now[unit].has_score or now[unit].is_hidden
            )
        ).sorted(lambda unit: (not now[unit].rank, now[unit].rank, unit.name))

    @api.model
    def _ranking(self, campaign, results, mine):
        now = results[campaign]
        units = self._ranked(mine.union(*(unit for unit in now if unit)), now)
        return tuple(self._place(campaign, results, unit, mine) for unit in units)

    @api.model
    def _place(self, campaign, results, unit, mine):
        result = results[campaign][unit]
        before = results.get(campaign.previous_id, {}).get(unit)
        return Place(
            rank=result.rank or None,
            unit=unit.name,
            figure=self._figure(result),
            band=result.band_id.name or "",
            own=self._own_figure(result),
            before=self._figure(before),
            is_mine=unit in mine,
        )

    @api.model
    def _best_units(self, now):
        return tuple(
            sorted(result.unit_id.name for result in now.values() if result.rank == 1)
        )

    # --------------------------------------------------------------- criteria
    @api.model
    def _company_profile(self, campaign, results):
        company = campaign.unit_ids.browse()
        scores = self._scores(campaign, results, company)
        return self._profile(campaign, scores, company)

    @api.model
    def _profile(self, campaign, scores, unit):
        """Criterion by criterion; of the company where there is no unit.

        :param scores: of :meth:`_scores`
        """
        now = scores.get((campaign, unit))
        if not now:
            return ()
        company = scores.get((campaign, unit.browse()), {}) if unit else {}
        before = scores.get((campaign.previous_id, unit), {})
        nothing = Figure()
        return tuple(
            Row(
                group=criterion.group_id.name,
                name=criterion.name,
                figure=now.get((criterion.key, "others"), nothing),
                company=company.get((criterion.key, "others"), nothing),
                own=now.get((criterion.key, "own"), nothing),
                before=before.get((criterion.key, "others"), nothing),
            )
            for criterion in campaign.group_ids.criterion_ids
        )

    @api.model
    def _scores(self, campaign, results, units):
        """The criteria of the company and these units, now and the cycle before.

        :return: ``{(campaign, unit): {(key of the criterion, view): Figure}}``
        """
        place_of = {
            result: (cycle, unit)
            for cycle in results
            if cycle in (campaign, campaign.previous_id)
            for unit, result in results[cycle].items()
            if not unit or unit in units
        }
        found = self.env["kpi.survey.result"].union(*place_of)
        scores = {place: {} for place in place_of.values()}
        for row in self._criterion_rows(found):
            key = row.criterion_id.key, row.view
            scores[place_of[row.result_id]][key] = self._figure(row)
        return scores

    @api.model
    def _criterion_rows(self, results):
        """Through a search: what a rule hides is not there, and is no error."""
        return self.env["kpi.survey.result.criterion"].search(
            [("result_id", "in", results.ids)]
        )

    @api.model
    def _criteria_by_unit(self, campaign, now, units):
        results = self.env["kpi.survey.result"].union(*(now[unit] for unit in units))
        criteria = campaign.group_ids.criterion_ids
        lines = {unit: number for number, unit in enumerate(units)}
        columns = {criterion: number for number, criterion in enumerate(criteria)}
        return Matrix(
            rows=tuple(units.mapped("name")),
            columns=tuple(criteria.mapped("name")),
            cells={
                (lines[row.result_id.unit_id], columns[row.criterion_id]): Cell(
                    self._figure(row)
                )
                for row in self._criterion_rows(results)
                if row.view == "others"
            },
        )

    @api.model
    def _trend(self, results, units):
        """The company and these units over the cycles, the oldest first."""
        cycles = list(reversed(results))
        company = units.browse()
        lines = [(self.env._("Company"), company)]
        lines += [(unit.name, unit) for unit in units]
        return Trend(
            cycles=tuple(cycle.name for cycle in cycles),
            lines=tuple(
                (
                    name,
                    tuple(self._figure(results[cycle].get(unit)) for cycle in cycles),
                )
                for name, unit in lines
            ),
        )

    # ----------------------------------------------------------------- matrix
    @api.model
    def _matrix(self, campaign):
        """:return: None for those who may not see who rates whom"""
        if not self._sees_matrix():
            return None
        cells = self.env["kpi.survey.cell"].search([("campaign_id", "=", campaign.id)])
        raters, rateds = self._lines(cells, "rater_id"), self._lines(cells, "rated_id")
        # A unit that only rates, or is pooled, has no line for its own view alone.
        both = set(raters) & set(rateds)
        cells = cells.filtered(lambda c: c.kind != "own" or c.rated_id in both)
        # The margins come last.
        rows = {rater: number for number, rater in enumerate(raters)}
        columns = {rated: number for number, rated in enumerate(rateds)}
        found, own = {}, set()
        for cell in cells:
            row, column = len(rows), len(columns)
            if cell.kind not in ("column", "total"):
                row = rows[cell.rater_id]
            if cell.kind not in ("row", "total"):
                column = columns[cell.rated_id]
            if cell.kind == "own":
                own.add((row, column))
            found[row, column] = Cell(self._figure(cell), cell.sign or None)
        others, all_units = self.env._("Other units"), self.env._("All units")
        return Matrix(
            rows=(*(unit.name or others for unit in rows), all_units),
            columns=(*(unit.name for unit in columns), all_units),
            cells=found,
            own=frozenset(own),
        )

    @api.model
    def _lines(self, cells, name):
        """Units on one side of the matrix by name, those that are pooled last."""
        units = {cell[name] for cell in cells if cell.kind == "cell"}
        return sorted(units, key=lambda unit: (not unit, unit.name or "", unit.id))

    @api.model
    def _pairs(self, campaign, sign):
        if not self._sees_matrix():
            return ()
        rows = self.env["kpi.survey.cell"].search(
            [
                ("campaign_id", "=", campaign.id),
                "|",
                ("sign", "=", sign),
                ("kind", "in", ("row", "column")),
            ]
        )
        given = {row.rater_id: row for row in rows if row.kind == "row"}
        got = {row.rated_id: row for row in rows if row.kind == "column"}
        others = self.env._("Other units")
        pairs = [
            Pair(
                rater=row.rater_id.name or others,
                rated=row.rated_id.name,
                figure=self._figure(row),
                given=self._figure(given.get(row.rater_id)),
                got=self._figure(got.get(row.rated_id)),
            )
            for row in rows
            if row.sign == sign
        ]
        return tuple(sorted(pairs, key=lambda pair: (pair.rater, pair.rated)))

    # ------------------------------------------------------------------ words
    @api.model
    def _comments(self, campaign, units):
        """:return: ``{unit: notes}`` of units with any"""
        rows = self.env["kpi.survey.comment"].search(
            [("campaign_id", "=", campaign.id), ("unit_id", "in", units.ids)]
        )
        tones = dict(rows._fields["tone"]._description_selection(self.env))
        by_unit = rows.grouped("unit_id")
        return {
            unit: tuple(Note(tones[row.tone], row.text) for row in by_unit[unit])
            for unit in units
            if unit in by_unit
        }

    @api.model
    def _best(self, campaign):
        rows = self.env["kpi.survey.best"].search(
            [("campaign_id", "=", campaign.id), ("place", "<=", BEST_PLACES)]
        )
        return tuple(
            Best(
                place=row.place,
                name=row.employee_id.sudo().name,  # of a colleague: the name only
                unit=row.unit_id.name or "",
                votes=row.votes,
            )
            for row in rows.sorted(lambda row: (row.place, row.employee_id.id))
        )

    @api.model
    def _advice(self, campaign):
        """HR's recommendations that are ready, those of the company first.

        :return: ``{unit: recommendations}``; those of the company with an empty unit
        """
        rows = self.env["kpi.survey.recommendation"].search(
            [("campaign_id", "=", campaign.id), ("is_draft", "=", False)]
        )
        by_unit = rows.sorted(lambda row: bool(row.unit_id)).grouped("unit_id")
        return {
            unit: tuple(Advice(unit.name or "", row.text) for row in rows)
            for unit, rows in by_unit.items()
        }

    @api.model
    def _actions(self, campaign, units):
        """:param units: only actions of these units; None for all"""
        actions = self.env["kpi.improvement"]
        if not campaign:
            return ()
        domain = [("kpi_campaign_id", "=", campaign.id)]
        if units is not None:
            domain += [("department_id", "child_of", units.department_id.ids)]
        actions = actions.search(domain)
        states, verdicts = (
            dict(actions._fields[name]._description_selection(self.env))
            for name in ("state", "verdict")
        )
        return tuple(
            Action(
                unit=action.department_id.name or "",
                name=action.name,
                responsible=action.user_id.name,
                deadline=action.date_deadline,
                state=states[action.state],
                before=self._measured(action, "before"),
                after=self._measured(action, "after"),
                verdict=verdicts[action.verdict],
            )
            for action in actions
        )

    @api.model
    def _measured(self, action, side):
        if not action[f"{side}_has_value"]:
            return Figure()
        return Figure(action[f"{side}_value"], action[f"{side}_sample"])

    @api.model
    def _participations(self, campaign, units):
        found = campaign._participation()
        return tuple(Participation(unit.name, *found[unit]) for unit in units)
