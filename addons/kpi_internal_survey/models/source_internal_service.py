"""The score that other units give, as an indicator.

FORMULAS.md, "Internal survey": a unit's score is the mean of its respondents' marks.
One document is what was published of a unit, on the last day of its campaign; what is
hidden is no document, but the company's figure holds it as one part without a unit.
"""

from odoo import api, fields, models
from odoo.tools import SQL

SOURCE = "internal_service"


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=[(SOURCE, "Internal service")], ondelete={SOURCE: "cascade"}
    )

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            SOURCE: {
                "aggregation": "ratio",
                "by_user": False,
                "nothing_is_zero": False,
                "has_interval": True,
                # A unit below is rated apart; what is none was rated with its unit.
                "by_tree": False,
                # The month of the last day is often closed before the marks are
                # published, and they are the year's.
                "fixed_by": ("year",),
            }
        }

    def _own_department(self, department):
        """The unit that a department is a part of, itself or the nearest above."""
        own = super()._own_department(department)
        if self.source != SOURCE:
            return own
        place = own.sudo()  # the department tree is no secret, whoever has a card
        while place and not place.kpi_is_unit:
            place = place.parent_id
        return place.with_env(own.env) or own

    def _select_internal_service(self, window):
        """Marks by respondents: of every unit shown, and of the rest together."""
        published = SQL(
            """
            SELECT result.*, campaign.date_to
            FROM kpi_survey_result AS result
            JOIN kpi_survey_campaign AS campaign
                ON campaign.id = result.campaign_id
                AND campaign.state = 'published'
            WHERE campaign.date_to BETWEEN %(date_from)s AND %(date_to)s
                AND result.has_score
                AND result.is_hidden IS NOT TRUE
            """,
            date_from=window.date_from,
            date_to=window.date_to,
        )
        units = SQL(
            "SELECT * FROM (%s) AS published WHERE unit_id IS NOT NULL", published
        )
        rest = SQL(
            """
            SELECT
                whole.id,
                whole.date_to,
                whole.company_id,
                NULL::int4 AS department_id,
                whole.respondents - COALESCE(SUM(unit.respondents), 0) AS respondents,
                whole.total - COALESCE(SUM(unit.total), 0) AS total,
                whole.squares - COALESCE(SUM(unit.squares), 0) AS squares
            FROM (%(published)s) AS whole
            LEFT JOIN (%(units)s) AS unit
                ON unit.campaign_id = whole.campaign_id
            WHERE whole.unit_id IS NULL
            GROUP BY
                whole.id, whole.date_to, whole.company_id,
                whole.respondents, whole.total, whole.squares
            HAVING whole.respondents > COALESCE(SUM(unit.respondents), 0)
            """,
            published=published,
            units=units,
        )
        return SQL(" UNION ALL ").join(map(self._survey_documents, (units, rest)))

    @api.model
    def _survey_documents(self, results):
        """:param SQL results: rows of ``kpi.survey.result`` with the day they count"""
        return self.env["kpi.engine"]._document_select(
            SQL("FROM (%s) AS result", results),
            res_model=SQL("'kpi.survey.result'"),
            res_id=SQL("result.id"),
            day=SQL("result.date_to"),
            company_id=SQL("result.company_id"),
            department_id=SQL("result.department_id"),
            items=SQL("result.respondents"),
            squares=SQL("result.squares"),
            numerator=SQL("result.total"),
            denominator=SQL("result.respondents"),
        )
