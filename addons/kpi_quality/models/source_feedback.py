"""Sources of the polls at the counter: the three indexes, and whether to believe them.

A poll counts when its window is over and no expert rejected it, on the local day of the
seller's press. FORMULAS.md, "Indexes"; single values as in ``tools/satisfaction.py``.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.satisfaction import QUESTIONS, VALUES, WITHOUT_FORCE_MAJEURE
from .kpi_engine_documents import DOCUMENT_COLUMNS

INDEX_SOURCES = [
    ("dissatisfaction_staff", "Customer dissatisfaction: staff"),
    ("dissatisfaction_office", "Customer dissatisfaction: office"),
    ("emotional_loyalty", "Emotional loyalty"),
]
TRUST_SOURCES = [
    ("force_majeure_share", "Level of force majeure"),
    ("share_asked", "Share of customers asked"),
]
# The effective weight of a silent customer, as the company of the poll reads it.
SILENT_WEIGHT = SQL(
    """
    CASE company.kpi_silent_reading
        WHEN 'other_reasons' THEN 1 - company.kpi_correction_coefficient
        ELSE company.kpi_correction_coefficient
    END
    """
)
IN_FORCE_MAJEURE = SQL("force_majeure.id IS NOT NULL")


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=[*INDEX_SOURCES, *TRUST_SOURCES],
        ondelete={
            source: "cascade" for source, _name in [*INDEX_SOURCES, *TRUST_SOURCES]
        },
    )

    @api.model
    def _get_sources(self):
        of_polls = {"aggregation": "ratio", "by_user": False}
        return super()._get_sources() | {
            **{
                source: {**of_polls, "has_interval": True}
                for source, _name in INDEX_SOURCES
            },
            "force_majeure_share": of_polls,
            "share_asked": of_polls,
        }

    # ---------------------------------------------------------------- polls
    def _select_polls(self, window, numerator, denominator, condition=None):
        """One row per valid poll.

        :param SQL condition: over ``poll``, its ``company`` and ``force_majeure`` (the
            confirmed one that it is in)
        """
        return self.env["kpi.engine"]._document_select(
            SQL(
                """
                FROM kpi_feedback_poll AS poll
                JOIN res_company AS company
                    ON company.id = poll.company_id
                LEFT JOIN kpi_force_majeure AS force_majeure
                    ON force_majeure.id = poll.force_majeure_id
                    AND force_majeure.state = 'confirmed'
                WHERE poll.moment >= %(utc_from)s
                    AND poll.moment < %(utc_to)s
                    AND poll.closes_at <= %(now)s
                    AND poll.state != 'rejected'
                    AND %(condition)s
                """,
                utc_from=window.utc_from,
                utc_to=window.utc_to,
                now=window.now,
                condition=condition or SQL("TRUE"),
            ),
            res_model=SQL("'kpi.feedback.poll'"),
            res_id=SQL("poll.id"),
            moment=SQL("poll.moment"),
            company_id=SQL("poll.company_id"),
            site_id=SQL("poll.site_id"),
            department_id=SQL("poll.department_id"),
            employee_id=SQL("poll.employee_id"),
            partner_id=SQL("poll.partner_id"),
            numerator=numerator,
            denominator=denominator,
        )

    def _select_index(self, window, index):
        """The values of the polls by the polls."""
        condition = SQL("poll.question_kind = %s", QUESTIONS[index])
        if index in WITHOUT_FORCE_MAJEURE:
            condition = SQL("%s AND NOT (%s)", condition, IN_FORCE_MAJEURE)
        value = SQL(
            "CASE poll.answer %s END",
            SQL(" ").join(
                SQL(
                    "WHEN %s THEN %s * (%s)",
                    answer,
                    value,
                    SILENT_WEIGHT if answer == "silent" else SQL("1"),
                )
                for answer, value in VALUES[index].items()
            ),
        )
        return self._select_polls(window, value, SQL("1"), condition)

    def _select_dissatisfaction_staff(self, window):
        """(No + k silent) by valid polls, without those in force majeure."""
        return self._select_index(window, "dissatisfaction_staff")

    def _select_dissatisfaction_office(self, window):
        """(No + k silent) by valid polls."""
        return self._select_index(window, "dissatisfaction_office")

    def _select_emotional_loyalty(self, window):
        """(Yes - no - k silent) by valid polls."""
        return self._select_index(window, "emotional_loyalty")

    # ---------------------------------------------------- whether to believe them
    def _select_force_majeure_share(self, window):
        """Polls in confirmed force majeure by all valid polls, whatever is asked."""
        return self._select_polls(window, SQL("(%s)::int4", IN_FORCE_MAJEURE), SQL("1"))

    def _select_share_asked(self, window):
        """Valid polls by sales or by visits, as each company chooses."""
        asking = ("poll", "both")
        sales = self._heard_at_points(self._sales_documents(window), asking)
        visits = self._select_seller_visits(window, SQL("visit.visits"), SQL("0"))
        visits = self._heard_at_points(visits, asking)
        return SQL(" UNION ALL ").join(
            [
                self._select_polls(window, SQL("1"), SQL("0")),
                self._asked_of("sales", sales),
                self._asked_of("visits", visits),
            ]
        )

    @api.model
    def _asked_of(self, base, documents):
        """SQL: what to divide by, of the companies that divide by these documents.

        :param SQL documents: the numerator says how many customers there were
        """
        columns = SQL(", ").join(
            SQL("document.%s", SQL.identifier(name))
            for name in DOCUMENT_COLUMNS
            if name not in ("numerator", "denominator", "item_key")
        )
        return SQL(
            """
            SELECT
                %(columns)s,
                0 AS numerator,
                document.numerator AS denominator,
                document.item_key
            FROM (%(documents)s) AS document
            JOIN res_company AS company
                ON company.id = document.company_id
                AND company.kpi_share_asked_base = %(base)s
            """,
            columns=columns,
            documents=documents,
            base=base,
        )
