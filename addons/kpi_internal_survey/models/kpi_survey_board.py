from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import BEST_PLACES

QUALITY = "kpi_quality.group_kpi_quality"
BOARD = "kpi_internal_survey.group_kpi_survey_board"


class KpiSurveyBoard(models.AbstractModel):
    """What a survey says, as far as the one who looks may see it.

    Everything is read from the published models under the record rules of the user:
    a board cannot show more than a list would. One unit: ``_unit``, the matrix:
    ``_matrix``.

    A figure is a dict: ``state`` is ``shown``, ``hidden`` (too few people) or ``none``
    (no data), ``score`` a mean or ``None``, ``people`` those behind it or ``None``.
    """

    _name = "kpi.survey.board"
    _description = "Survey Board"

    # ------------------------------------------------------------------ calls
    @api.model
    @api.readonly
    def get_results(self, campaign_id=False, unit_id=False):
        """The company, the ranking, and one unit in detail.

        :param int campaign_id: without one, or one that is not readable: the last
        :param int unit_id: without one, or one that is not to be seen in detail: the
            first that the user leads, else none
        :return: what was chosen (``filters``), what could be (``campaigns``,
            ``units``) and the figures
        :rtype: dict
        """
        self._check_role()
        campaigns = self._readable_campaigns()
        campaign = self._choose_campaign(campaigns, campaign_id)
        if not campaign:
            return self._describe_nothing()
        cycles = self._cycles(campaign, campaigns)
        results = self.env["kpi.survey.result"].search(
            [("campaign_id", "in", cycles.ids)]
        )
        now = results.filtered(lambda result: result.campaign_id == campaign)
        led = campaign._led_units()
        units = self._units_in_detail(now, led)
        unit = units.filtered(lambda unit: unit.id == unit_id) or (led & units)[:1]
        whole = self._by_cycle(results, self.env["kpi.survey.unit"])
        own = self._by_cycle(results, unit) if unit else {}
        criteria = self._read_criteria(whole, own)
        return {
            "filters": {"campaign_id": campaign.id, "unit_id": unit.id},
            "campaigns": self._describe_campaigns(campaigns),
            "units": [{"id": unit.id, "name": unit.name} for unit in units],
            "empty": False,
            "campaign": self._describe_campaign(campaign),
            "bands": self._describe_bands(campaign),
            "company": {
                **self._describe_standing(cycles, whole),
                "participation": self._describe_participation(campaign),
            },
            "ranking": self._describe_ranking(now, led, units),
            "unit": bool(unit) and self._describe_unit(unit, cycles, own),
            "groups": self._describe_groups(campaign, whole, own, criteria),
            "trend": self._describe_trend(cycles, whole, own, criteria),
            "comments": bool(unit) and self._describe_comments(campaign, unit),
            "best_units": now.filtered(lambda result: result.rank == 1).unit_id.mapped(
                "name"
            ),
            "best_people": self._describe_best(campaign),
            "recommendations": self._describe_recommendations(campaign, unit),
            "improvements": self._describe_improvements(campaign, unit),
            "rights": self._describe_rights(),
        }

    # ----------------------------------------------------------------- rights
    @api.model
    def _check_role(self):
        if not self._sees_all() and not self.env.user.has_group(f"{QUALITY}_lead"):
            raise AccessError(
                self.env._(
                    "The results of the survey are for directors, HR and the board."
                )
            )

    @api.model
    def _check_board(self):
        if not self.env.user.has_group(BOARD):
            raise AccessError(
                self.env._("Who rates whom is for members of the board only.")
            )

    @api.model
    def _sees_all(self):
        """Whether the user may see every unit in detail, as the record rules say."""
        return self.env.user.has_group(BOARD) or self.env.user.has_group(
            f"{QUALITY}_manager"
        )

    @api.model
    def _units_in_detail(self, results, led):
        units = results.unit_id.sorted("name")
        return units if self._sees_all() else units & led

    @api.model
    def _describe_rights(self):
        return {
            "board": self.env.user.has_group(BOARD),
            "manage": self.env.user.has_group(f"{QUALITY}_manager"),
            "improve": bool(self._indicator())
            and self.env["kpi.improvement"].has_access("create"),
        }

    # -------------------------------------------------------------- campaigns
    @api.model
    def _readable_campaigns(self):
        """Those counted whose company result the user may read, the last one first."""
        results = self.env["kpi.survey.result"].search([("unit_id", "=", False)])
        return results.campaign_id.sorted(lambda c: (c.date_to, c.id), reverse=True)

    @api.model
    def _choose_campaign(self, campaigns, campaign_id):
        return campaigns.filtered(lambda c: c.id == campaign_id) or campaigns[:1]

    @api.model
    def _cycles(self, campaign, campaigns):
        """The campaign and those it was copied from, the oldest first."""
        cycles = campaign
        while (previous := cycles[0].previous_id) & campaigns - cycles:
            cycles = previous + cycles
        return cycles

    @api.model
    def _describe_campaigns(self, campaigns):
        return [{"id": campaign.id, "name": campaign.name} for campaign in campaigns]

    @api.model
    def _describe_campaign(self, campaign):
        return {
            "id": campaign.id,
            "name": campaign.name,
            "state": campaign.state,
            "date_from": fields.Date.to_string(campaign.date_from),
            "date_to": fields.Date.to_string(campaign.date_to),
            "minimum": campaign.minimum,
        }

    @api.model
    def _describe_bands(self, campaign):
        """From the lowest to the highest."""
        return [
            {
                "name": band.name,
                "mark_from": band.mark_from,
                "mark_to": band.mark_to,
            }
            for band in campaign.band_ids.sorted("mark_from")
        ]

    @api.model
    def _describe_nothing(self):
        text = self.env._(
            "No results yet: they appear here when a campaign is published."
        )
        if self._sees_all():
            text = self.env._(
                "No results yet: they appear here when a campaign is closed and its "
                "answers are counted."
            )
        return {
            "filters": {"campaign_id": False, "unit_id": False},
            "campaigns": [],
            "units": [],
            "empty": text,
            "rights": self._describe_rights(),
        }

    # ---------------------------------------------------------------- company
    @api.model
    def _describe_participation(self, campaign):
        """:return: share in percent; ``None`` when it is of too few to be shown"""
        submitted, invited = campaign.submitted_count, campaign.invited_count
        return {"share": 100 * submitted / invited if submitted else None}

    @api.model
    def _describe_ranking(self, results, led, units):
        """Ranked units by rank, then others with a score, then those without."""
        order = {"shown": 0, "hidden": 1, "none": 2}
        rows = [
            {
                **self._figure_of(result),
                "id": result.unit_id.id,
                "name": result.unit_id.name,
                "kind": result.unit_id.kind,
                "rank": result.rank or False,
                "is_own": result.unit_id in led,
                "can_open": result.unit_id in units,
            }
            for result in results
            if result.unit_id
        ]
        return sorted(
            # A regional unit that nobody was asked to rate is no row of a ranking.
            (r for r in rows if r["kind"] == "head_office" or r["state"] != "none"),
            key=lambda row: (
                not row["rank"],
                row["rank"],
                order[row["state"]],
                -(row["score"] or 0),
                row["name"],
            ),
        )

    @api.model
    def _describe_best(self, campaign):
        """Whom enough people named; the first places are the best."""
        rows = self.env["kpi.survey.best"].search(
            [("campaign_id", "=", campaign.id)], order="place, id"
        )
        return [
            {
                "id": row.id,
                "name": row.employee_id.sudo().name,  # of a colleague: the name only
                "unit": row.unit_id.name or "",
                "votes": row.votes,
                "place": row.place,
                "is_best": row.place <= BEST_PLACES,
            }
            for row in rows
        ]

    # ------------------------------------------------------- what is done next
    @api.model
    def _describe_recommendations(self, campaign, unit):
        rows = self.env["kpi.survey.recommendation"].search(
            [
                ("campaign_id", "=", campaign.id),
                ("unit_id", "in", [False, *unit.ids]),
                ("is_draft", "=", False),
            ]
        )
        return [
            {"id": row.id, "text": row.text, "is_unit": bool(row.unit_id)}
            for row in rows
        ]

    @api.model
    def _describe_improvements(self, campaign, unit):
        domain = [("kpi_campaign_id", "=", campaign.id)]
        if unit:
            domain.append(("department_id", "child_of", unit.department_id.ids))
        return self._describe_actions(self.env["kpi.improvement"].search(domain))

    @api.model
    def _describe_actions(self, improvements):
        return [
            {
                "id": improvement.id,
                "name": improvement.name,
                "state": improvement.state,
                "is_overdue": improvement.is_overdue,
                "date_deadline": fields.Date.to_string(improvement.date_deadline),
                "responsible": improvement.user_id.name,
                "department_id": improvement.department_id.id,
            }
            for improvement in improvements
        ]

    @api.model
    def action_improve(self, campaign_id, unit_id):
        """Plan an improvement action for a unit.

        Its name tells nothing of the matrix: more people read it than the board.

        :return: a window action
        """
        self._check_role()
        unit = self.env["kpi.survey.unit"].browse(unit_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan an action"),
            "res_model": "kpi.improvement",
            "views": [(False, "form")],
            "target": "current",
            "context": {
                "default_name": self.env._(
                    "Internal service of %(unit)s", unit=unit.name
                ),
                "default_indicator_id": self._indicator().id,
                "default_company_id": unit.company_id.id,
                "default_department_id": unit.department_id.id,
                "default_kpi_campaign_id": campaign_id,
            },
        }

    @api.model
    def _indicator(self):
        return self.env["kpi.indicator"].search(
            [("code", "=", "internal_service"), ("state", "=", "active")], limit=1
        )
