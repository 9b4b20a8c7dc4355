"""From the SELECT of a source to placed documents and to atoms."""

from odoo import api, models
from odoo.tools import SQL

from .kpi_figure_mixin import DIMENSIONS

# What a source selects, one row per document; what it leaves out is NULL.
DOCUMENT_COLUMNS = {
    "res_model": SQL("varchar"),
    "res_id": SQL("int4"),
    "moment": SQL("timestamp"),  # UTC; the local day follows from the place
    "day": SQL("date"),  # instead of moment, for documents that have a date only
    "company_id": SQL("int4"),
    "user_id": SQL("int4"),  # gives the employee of that company
    "employee_id": SQL("int4"),
    "department_id": SQL("int4"),  # else the employee's on that day
    "site_id": SQL("int4"),
    "warehouse_id": SQL("int4"),
    "partner_id": SQL("int4"),
    "items": SQL("int4"),  # how many it stands for, when not for one
    "squares": SQL("numeric"),  # of those: the sum of their squared values
    "numerator": SQL("numeric"),
    "denominator": SQL("numeric"),
    "item_key": SQL("int4"),
}
KEY = ("date", "hour", *DIMENSIONS)


def comma(parts):
    return SQL(", ").join(parts)


class KpiEngine(models.AbstractModel):
    _inherit = "kpi.engine"

    @api.model
    def _document_select(self, tail, **columns):
        """One SELECT of a source, with the columns it does not know as NULL.

        :param SQL tail: FROM and what follows
        :param columns: SQL by name of :data:`DOCUMENT_COLUMNS`
        """
        return SQL(
            "SELECT %s %s",
            comma(
                SQL(
                    "%s::%s AS %s",
                    columns.get(name, SQL("NULL")),
                    sql_type,
                    SQL.identifier(name),
                )
                for name, sql_type in DOCUMENT_COLUMNS.items()
            ),
            tail,
        )

    @api.model
    def _placed(self, indicator, window, condition=None):
        """The documents of an indicator in a window of local days.

        :param SQL condition: further WHERE over ``placed``
        :return: SELECT of res_model, res_id, moment, date, hour, the dimensions,
            partner (``document_partner_id``), numerator and denominator
        :rtype: SQL
        """
        documents = getattr(indicator, f"_select_{indicator.source}")(window)
        snapshot = indicator.aggregation == "snapshot"
        source = indicator._get_source()
        return SQL(
            """
            WITH version_range AS (
                SELECT
                    version.employee_id,
                    version.department_id,
                    department.kpi_site_id AS site_id,
                    CASE
                        WHEN row_number() OVER versions = 1 THEN '-infinity'::date
                        ELSE version.date_version
                    END AS date_from,
                    lead(version.date_version, 1, 'infinity'::date) OVER versions
                        AS date_to
                FROM hr_version AS version
                LEFT JOIN hr_department AS department
                    ON department.id = version.department_id
                WHERE version.active
                    AND version.employee_id IS NOT NULL
                WINDOW versions AS (
                    PARTITION BY version.employee_id ORDER BY version.date_version
                )
            ),
            company_place AS (
                SELECT
                    company.id,
                    COALESCE(calendar.tz, 'UTC') AS tz
                FROM res_company AS company
                LEFT JOIN resource_calendar AS calendar
                    ON calendar.id = company.resource_calendar_id
            ),
            warehouse_place AS (
                SELECT DISTINCT ON (warehouse.id)
                    warehouse.id,
                    site.id AS site_id,
                    COALESCE(site.tz, address.tz) AS tz
                FROM stock_warehouse AS warehouse
                LEFT JOIN res_partner AS address
                    ON address.id = warehouse.partner_id
                LEFT JOIN kpi_site AS site
                    ON site.warehouse_id = warehouse.id
                    AND site.active
                ORDER BY warehouse.id, site.kind = 'warehouse' DESC, site.id
            ),
            document AS (
                SELECT *
                FROM (%(documents)s) AS found
                WHERE %(of_company)s
            ),
            -- The planner cannot know how many documents a source gives, and might
            -- compare each with all versions: a FULL JOIN can only be hashed, and
            -- OFFSET 0 keeps it one.
            known AS (
                SELECT
                    document.*,
                    COALESCE(document.employee_id, employee.id) AS of_employee_id,
                    company_place.tz AS company_tz,
                    warehouse_place.site_id AS warehouse_site_id,
                    warehouse_place.tz AS warehouse_tz,
                    about.site_id AS about_site_id
                FROM document
                -- LEFT only for the planner: it cannot know the documents' companies,
                -- takes an inner join for one row in 200 and nests what follows.
                LEFT JOIN company_place
                    ON company_place.id = document.company_id
                LEFT JOIN hr_employee AS employee
                    ON employee.user_id = document.user_id
                    AND employee.company_id = document.company_id
                LEFT JOIN warehouse_place
                    ON warehouse_place.id = document.warehouse_id
                FULL JOIN version_range AS about
                    ON about.employee_id = COALESCE(document.employee_id, employee.id)
                    AND COALESCE(document.day, document.moment::date) >= about.date_from
                    AND COALESCE(document.day, document.moment::date) < about.date_to
                OFFSET 0
            ),
            located AS (
                SELECT
                    known.*,
                    CASE
                        WHEN known.moment IS NOT NULL
                        THEN known.moment AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                    END AS local_moment
                FROM known
                LEFT JOIN kpi_site AS site
                    ON site.id = COALESCE(known.site_id, %(place)s)
                WHERE known.company_id IS NOT NULL
            ),
            member AS (
                SELECT
                    located.*,
                    version_range.department_id AS version_department_id,
                    version_range.site_id AS version_site_id
                FROM located
                FULL JOIN version_range
                    ON version_range.employee_id = located.of_employee_id
                    AND COALESCE(located.day, located.local_moment::date)
                        >= version_range.date_from
                    AND COALESCE(located.day, located.local_moment::date)
                        < version_range.date_to
                OFFSET 0
            ),
            placed AS (
                SELECT
                    member.res_model,
                    member.res_id,
                    member.moment,
                    COALESCE(member.day, member.local_moment::date) AS date,
                    %(hour)s AS hour,
                    member.company_id,
                    COALESCE(member.site_id, %(places)s) AS site_id,
                    COALESCE(member.department_id, member.version_department_id)
                        AS department_id,
                    member.of_employee_id AS employee_id,
                    member.warehouse_id,
                    %(partner)s AS partner_id,
                    member.item_key,
                    member.partner_id AS document_partner_id,
                    COALESCE(member.items, 1) AS items,
                    member.squares,
                    COALESCE(member.numerator, 0) AS numerator,
                    COALESCE(member.denominator, 0) AS denominator
                FROM member
                WHERE member.company_id IS NOT NULL
            )
            SELECT *
            FROM placed
            WHERE placed.date BETWEEN %(date_from)s AND %(date_to)s
                AND %(condition)s
            """,
            documents=documents,
            of_company=SQL("found.company_id = %s", indicator.company_id.id)
            if indicator.company_id
            else SQL("found.company_id IS NOT NULL"),
            place=SQL("COALESCE(known.warehouse_site_id, known.about_site_id)")
            if source["at_warehouse"]
            else SQL("COALESCE(known.about_site_id, known.warehouse_site_id)"),
            places=SQL("member.warehouse_site_id, member.version_site_id")
            if source["at_warehouse"]
            else SQL("member.version_site_id, member.warehouse_site_id"),
            zone=SQL("known.company_tz")
            if snapshot
            else SQL("COALESCE(site.tz, known.warehouse_tz, known.company_tz)"),
            hour=SQL("EXTRACT(HOUR FROM member.local_moment)::int4")
            if indicator.grain == "hour"
            else SQL("NULL::int4"),
            partner=SQL("member.partner_id")
            if source["by_partner"]
            else SQL("NULL::int4"),
            date_from=window.date_from,
            date_to=window.date_to,
            condition=condition or SQL("TRUE"),
        )

    @api.model
    def _atoms(self, indicator, window, condition=None):
        """The documents grouped to atoms: what ``kpi.measurement`` should hold."""
        key = comma(map(SQL.identifier, KEY))
        documents = SQL(
            "SELECT %s, numerator, denominator, squares, items FROM (%s) AS placed",
            key,
            self._placed(indicator, window, condition),
        )
        if indicator.aggregation == "snapshot":
            documents = SQL(
                "%s UNION ALL SELECT %s, 0, 0, 0, 0 FROM (%s) AS placed WHERE %s",
                documents,
                key,
                self._snapshot_days(indicator, window),
                condition or SQL("TRUE"),
            )
        return SQL(
            """
            SELECT
                %(key)s,
                SUM(numerator) AS numerator,
                SUM(denominator) AS denominator,
                SUM(COALESCE(squares, numerator * numerator)) AS squares,
                SUM(items)::int4 AS sample
            FROM (%(documents)s) AS document
            GROUP BY %(key)s
            """,
            key=key,
            documents=documents,
        )

    @api.model
    def _snapshot_days(self, indicator, window):
        """A row for each company's today, so that an empty day shows as empty."""
        return SQL(
            """
            SELECT
                (
                    %(now)s::timestamp AT TIME ZONE 'UTC'
                    AT TIME ZONE COALESCE(calendar.tz, 'UTC')
                )::date AS date,
                company.id AS company_id,
                %(unknown)s
            FROM res_company AS company
            LEFT JOIN resource_calendar AS calendar
                ON calendar.id = company.resource_calendar_id
            WHERE %(of_company)s
            """,
            now=window.now,
            unknown=comma(
                SQL("NULL::int4 AS %s", SQL.identifier(name))
                for name in KEY
                if name not in ("date", "company_id")
            ),
            of_company=SQL("company.id = %s", indicator.company_id.id)
            if indicator.company_id
            else SQL("TRUE"),
        )
