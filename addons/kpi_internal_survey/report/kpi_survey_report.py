from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .survey_data import Participation, Report, UnitPart

QUALITY = "kpi_quality.group_kpi_quality"
BOARD = "kpi_internal_survey.group_kpi_survey_board"
# So many cycles a trend goes back.
MOST_CYCLES = 6


class KpiSurveyReport(models.AbstractModel):
    """What the reports on a survey show: read by the reader's own rights.

    Every figure comes from the published models under the record rules of whoever
    asks, so a director's report cannot contain what he may not see. What each part
    reads is in ``kpi_survey_report_parts.py``. The number of statements does not depend
    on the number of units.
    """

    _name = "kpi.survey.report"
    _description = "Report on a Survey"

    @api.model
    def _collect(self, kind, record):
        """
        :param kind: ``board``, ``director`` or ``unit``
        :param record: the campaign; of a report on one unit, the ``kpi.survey.unit``
        :rtype: Report
        :raise AccessError: for whom this report is not
        :raise UserError: when there is nothing to show yet
        """
        record = record.with_env(self.env)
        record.check_access("read")
        campaign = record if kind != "unit" else record.campaign_id
        collect = {
            "board": self._board,
            "director": self._director,
            "unit": self._unit,
        }[kind]
        return collect(record, campaign)

    @api.model
    def _board(self, _record, campaign):
        """The whole company. HR prints it, too: without matrix and comments."""
        if not self._sees_all():
            raise AccessError(
                self.env._("The report on the whole company is for the board and HR.")
            )
        results = self._results(campaign)
        now = results[campaign]
        units = campaign.unit_ids.sorted("name")
        rated = units.filtered(lambda unit: unit in now)
        matrix = self._matrix(campaign)
        return Report(
            title=self.env._("Report for the board"),
            rows=self._company_profile(campaign, results),
            ranking=self._ranking(campaign, results, units.browse()),
            trend=self._trend(results, self._ranked(rated, now)),
            units_participation=self._participations(campaign, units),
            criteria=self._criteria_by_unit(campaign, now, self._ranked(rated, now)),
            matrix=matrix,
            conflicts=self._pairs(campaign, "conflict"),
            praise=self._pairs(campaign, "praise"),
            comments=tuple(
                (unit.name, notes)
                for unit, notes in self._comments(campaign, units).items()
            ),
            best=self._best(campaign),
            best_units=self._best_units(now),
            advice=sum(self._advice(campaign).values(), ()),
            actions_before=self._actions(campaign.previous_id, None),
            actions=self._actions(campaign, None),
            **self._head("board", campaign, now),
        )

    @api.model
    def _director(self, _record, campaign):
        """The company, the ranking, and the units led in detail."""
        led = campaign._led_units()
        if not led:
            raise AccessError(
                self.env._(
                    "You lead no unit of “%(campaign)s”: ask for the report on one "
                    "unit, or on the company.",
                    campaign=campaign.name,
                )
            )
        results = self._results(campaign)
        now = results[campaign]
        return Report(
            title=self.env._("Report for the director"),
            rows=self._company_profile(campaign, results),
            ranking=self._ranking(campaign, results, led),
            trend=self._trend(results, led),
            units=self._parts(campaign, results, led),
            best=self._best(campaign),
            best_units=self._best_units(now),
            advice=self._advice(campaign).get(led.browse(), ()),
            actions_before=self._actions(campaign.previous_id, led),
            actions=self._actions(campaign, led),
            **self._head("director", campaign, now),
        )

    @api.model
    def _unit(self, unit, campaign):
        if not self._sees_all() and unit not in campaign._led_units():
            raise AccessError(
                self.env._(
                    "You do not lead “%(unit)s”: its report is for its director, the "
                    "board and HR.",
                    unit=unit.name,
                )
            )
        results = self._results(campaign)
        now = results[campaign]
        return Report(
            title=self.env._("Report on %(unit)s", unit=unit.name),
            trend=self._trend(results, unit),
            units=self._parts(campaign, results, unit),
            actions_before=self._actions(campaign.previous_id, unit),
            actions=self._actions(campaign, unit),
            **self._head("unit", campaign, now),
        )

    # ----------------------------------------------------------------- rights
    @api.model
    def _sees_all(self):
        return self.env["kpi.survey.board"]._sees_all()

    @api.model
    def _sees_matrix(self):
        return self.env.user.has_group(BOARD)

    # ---------------------------------------------------------------- figures
    @api.model
    def _results(self, campaign):
        """The results of the campaign and of the cycles before.

        :return: ``{campaign: {unit: result}}``, the newest first; the company's with
            an empty unit, units of cycles before as those of the campaign
        :raise UserError: when the user may not see any yet
        """
        cycles = campaign
        while len(cycles) < MOST_CYCLES and cycles[-1].previous_id not in (
            cycles,
            cycles.browse(),
        ):
            cycles += cycles[-1].previous_id
        rows = self.env["kpi.survey.result"].search([("campaign_id", "in", cycles.ids)])
        units = {unit.department_id: unit for unit in campaign.unit_ids}
        results = {cycle: {} for cycle in cycles}
        for row in rows:
            unit = row.unit_id and units.get(row.unit_id.department_id)
            if unit is not None:
                results[row.campaign_id][unit] = row
        if campaign.unit_ids.browse() not in results[campaign]:
            raise UserError(
                self.env._(
                    "There are no results of “%(campaign)s” for you yet: directors see "
                    "them when it is published, HR and the board when it is counted.",
                    campaign=campaign.name,
                )
            )
        return {cycle: found for cycle, found in results.items() if found}

    @api.model
    def _head(self, kind, campaign, now):
        company = now[campaign.unit_ids.browse()]
        return {
            "kind": kind,
            "campaign": campaign.name,
            "company": campaign.company_id.name,
            "date_from": campaign.date_from,
            "date_to": campaign.date_to,
            "minimum": campaign.minimum,
            "figure": self._figure(company),
            "band": company.band_id.name or "",
            "participation": Participation(
                unit="",
                invited=campaign.invited_count,
                submitted=campaign.submitted_count or None,
            ),
            "words": self._words(),
        }

    @api.model
    def _parts(self, campaign, results, units):
        now = results[campaign]
        ranked = sum(1 for result in now.values() if result.rank)
        scores = self._scores(campaign, results, units)
        comments = self._comments(campaign, units)
        advice = self._advice(campaign)
        participations = self._participations(campaign, units)
        return tuple(
            UnitPart(
                name=unit.name,
                place=self._place(campaign, results, unit, units)
                if unit in now
                else None,
                ranked=ranked,
                rows=self._profile(campaign, scores, unit),
                trend=self._trend(results, unit),
                comments=comments.get(unit, ()),
                advice=advice.get(unit, ()),
                participation=participation,
            )
            for unit, participation in zip(units, participations, strict=True)
        )
