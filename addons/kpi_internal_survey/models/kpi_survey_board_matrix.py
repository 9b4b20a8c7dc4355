from odoo import api, models

COLUMNS = ("kind", "rater_id", "rated_id", "score", "respondents", "is_hidden", "sign")


class KpiSurveyBoard(models.AbstractModel):
    """The matrix rater x rated: for the board alone."""

    _inherit = "kpi.survey.board"

    @api.model
    @api.readonly
    def get_matrix(self, campaign_id=False):
        """All cells and margins at once, as short rows: there are thousands.

        :return: ``units`` and ``tags`` for names and filters, ``cells`` as ``[kind,
            rater, rated, score, people, state, sign]``: unit ids or 0 (other units, or
            the margin's open end), score and people ``None`` unless shown
        :rtype: dict
        """
        self._check_board()
        campaigns = self._readable_campaigns()
        campaign = self._choose_campaign(campaigns, campaign_id)
        if not campaign:
            return {**self._describe_nothing(), "cells": []}
        improvements = self.env["kpi.improvement"].search(
            [("kpi_campaign_id", "=", campaign.id)]
        )
        return {
            "filters": {"campaign_id": campaign.id},
            "campaigns": self._describe_campaigns(campaigns),
            "empty": False,
            "campaign": self._describe_campaign(campaign),
            "bands": self._describe_bands(campaign),
            "units": [
                {
                    "id": unit.id,
                    "name": unit.name,
                    "kind": unit.kind,
                    "tags": unit.tag_ids.ids,
                    "department_id": unit.department_id.id,
                }
                for unit in campaign.unit_ids.sorted("name")
            ],
            "tags": [
                {"id": tag.id, "name": tag.name}
                for tag in campaign.unit_ids.tag_ids.sorted("name")
            ],
            "cells": self._read_cells(campaign),
            "improvements": self._describe_actions(improvements),
            "rights": self._describe_rights(),
        }

    @api.model
    def _read_cells(self, campaign):
        """One statement, under the record rules of the user."""
        cells = self.env["kpi.survey.cell"]
        query = cells._search([("campaign_id", "=", campaign.id)])
        rows = self.env.execute_query(
            query.select(
                *(cells._field_to_sql(query.table, name, query) for name in COLUMNS)
            )
        )
        return [self._describe_cell(*row) for row in rows]

    @api.model
    def _describe_cell(self, kind, rater, rated, score, people, is_hidden, sign):
        figure = self._figure(score, people, is_hidden)
        shown = figure["state"] == "shown"
        return [
            kind,
            rater or 0,
            rated or 0,
            round(float(score), 2) if shown else None,
            figure["people"],
            figure["state"],
            sign or "",
        ]
