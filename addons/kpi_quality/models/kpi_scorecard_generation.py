"""From positions and matrices to scorecards: set-based, for a whole company."""

from collections import defaultdict
from math import isclose

from odoo import api, models
from odoo.tools import SQL

from ..tools.coefficient import WEIGHT_TOLERANCE
from ..tools.proration import Position, days_share, merge_positions


class KpiScorecard(models.Model):
    _inherit = "kpi.scorecard"

    @api.model
    def _generate(self, period):
        """Make the scorecards that are still missing for a period.

        :return: how many were made, and what stands in the way of others, in words
        :rtype: tuple[int, list[str]]
        """
        self.env.flush_all()
        problems = []
        matrices = self._usable_matrices(period, problems)
        rows = []
        for employee, positions in self._positions(period).items():
            own_rows = [
                (
                    employee.id,
                    assignment.matrix_id.id,
                    position.date_from,
                    position.date_to,
                    position.department,
                    position.job,
                    assignment.share,
                    days_share(
                        position.date_from,
                        position.date_to,
                        period.date_from,
                        period.date_to,
                    ),
                )
                for position in positions
                for assignment in self._find_assignments(
                    matrices, employee, position, problems
                )
            ]
            if own_rows:
                problems += self._position_problems(employee, positions)
            rows += own_rows
        cards = self._insert(period, rows) if rows else self.browse()
        cards._copy_matrix()
        return len(cards), problems

    @api.model
    def _usable_matrices(self, period, problems):
        """Matrices of this kind of period whose weights add up to 1."""
        matrices = self.env["kpi.matrix"].search(
            [
                ("company_id", "=", period.company_id.id),
                ("period_kind", "=", period.kind),
            ]
        )
        for matrix in matrices:
            if not matrix.line_ids or matrix.weight_missing:
                problems.append(
                    self.env._(
                        "%(matrix)s: the weights add up to %(total)s instead of 1.",
                        matrix=matrix.name,
                        total=round(matrix.weight_total, 4),
                    )
                )
                matrices -= matrix
        return matrices

    @api.model
    def _positions(self, period):
        """Who held which position when, within the period.

        The days of employment are those of the contract where it has dates, until
        the departure at the latest.

        :return: ``{employee: [Position]}``, neighbours of one function merged
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH version_range AS (
                    SELECT
                        employee_id, department_id, job_id,
                        contract_date_start, contract_date_end, departure_date,
                        CASE
                            WHEN row_number() OVER versions = 1 THEN '-infinity'::date
                            ELSE date_version
                        END AS date_from,
                        lead(date_version - 1, 1, 'infinity'::date) OVER versions
                            AS date_to
                    FROM hr_version
                    WHERE active AND employee_id IS NOT NULL
                    WINDOW versions AS (
                        PARTITION BY employee_id ORDER BY date_version
                    )
                ),
                position AS (
                    SELECT
                        version.employee_id, version.department_id, version.job_id,
                        GREATEST(
                            version.date_from,
                            version.contract_date_start,
                            %(date_from)s
                        ) AS date_from,
                        LEAST(
                            version.date_to,
                            version.contract_date_end,
                            version.departure_date,
                            %(date_to)s
                        ) AS date_to
                    FROM version_range AS version
                    JOIN hr_employee AS employee
                        ON employee.id = version.employee_id
                    WHERE employee.company_id = %(company)s
                        AND (employee.active OR version.departure_date IS NOT NULL)
                )
                SELECT employee_id, date_from, date_to, department_id, job_id
                FROM position
                WHERE date_from <= date_to
                ORDER BY employee_id, date_from
                """,
                company=period.company_id.id,
                date_from=period.date_from,
                date_to=period.date_to,
            )
        )
        positions = defaultdict(list)
        for employee_id, *position in rows:
            positions[employee_id].append(Position(*position))
        employees = self.env["hr.employee"].sudo()  # names and users of everybody
        return {
            employee: merge_positions(positions[employee.id])
            for employee in employees.with_context(active_test=False).browse(positions)
        }

    @api.model
    def _find_assignments(self, matrices, employee, position, problems):
        """The employee's own assignments, else the job's in the nearest department."""
        assignments = matrices.assignment_ids
        found = assignments.filtered(lambda a: a.employee_id == employee)
        if not found and position.job:
            department = self.env["hr.department"].browse(position.department or ())
            path = department.sudo().parent_path or ""
            by_depth = defaultdict(assignments.browse)
            for assignment in assignments:
                if assignment.job_id.id != position.job:
                    continue
                own_path = assignment.department_id.sudo().parent_path or ""
                if path.startswith(own_path):
                    by_depth[len(own_path)] |= assignment
            found = by_depth[max(by_depth)] if by_depth else found
        total = sum(found.mapped("share"))
        if found and not isclose(total, 1.0, abs_tol=WEIGHT_TOLERANCE):
            problems.append(
                self.env._(
                    "%(employee)s: the shares of the matrices add up to %(total)s "
                    "instead of 1, no scorecard was made.",
                    employee=employee.name,
                    total=round(total, 4),
                )
            )
            return assignments.browse()
        return found

    @api.model
    def _position_problems(self, employee, positions):
        problems = []
        if not employee.user_id:
            problems.append(
                self.env._(
                    "%(employee)s has no user: documents cannot be credited. "
                    "Link the user on the employee's form.",
                    employee=employee.name,
                )
            )
        if any(not position.department for position in positions):
            problems.append(
                self.env._(
                    "%(employee)s has no department: figures of the department will "
                    "show no data.",
                    employee=employee.name,
                )
            )
        if len(positions) > 1:
            problems.append(
                self.env._(
                    "%(employee)s held %(count)s positions: a scorecard for each, "
                    "shared out by days.",
                    employee=employee.name,
                    count=len(positions),
                )
            )
        return problems

    @api.model
    def _insert(self, period, rows):
        """One statement for all scorecards; those that exist stay as they are."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        result = self.env.execute_query(
            SQL(
                """
                INSERT INTO kpi_scorecard (
                    create_uid, create_date, write_uid, write_date,
                    period_id, company_id, state,
                    employee_id, matrix_id, date_from, date_to,
                    department_id, job_id, share, proration,
                    site_id, warehouse_id,
                    score_at_base, score_at_plan, score_at_challenge,
                    coefficient, has_coefficient, is_blocked, missing_count
                )
                SELECT
                    %(uid)s, %(now)s, %(uid)s, %(now)s,
                    %(period)s, %(company)s, 'draft',
                    position.employee_id, position.matrix_id,
                    position.date_from, position.date_to,
                    position.department_id, position.job_id,
                    position.share, position.proration,
                    site.id, site.warehouse_id,
                    matrix.score_at_base, matrix.score_at_plan,
                    matrix.score_at_challenge,
                    0, FALSE, FALSE, 0
                FROM unnest(
                    %(employees)s::int4[], %(matrices)s::int4[],
                    %(dates_from)s::date[], %(dates_to)s::date[],
                    %(departments)s::int4[], %(jobs)s::int4[],
                    %(shares)s::numeric[], %(prorations)s::numeric[]
                ) AS position(
                    employee_id, matrix_id, date_from, date_to,
                    department_id, job_id, share, proration
                )
                JOIN kpi_matrix AS matrix ON matrix.id = position.matrix_id
                LEFT JOIN hr_department AS department
                    ON department.id = position.department_id
                LEFT JOIN kpi_site AS site ON site.id = department.kpi_site_id
                ON CONFLICT (employee_id, period_id, matrix_id, date_from) DO NOTHING
                RETURNING id
                """,
                uid=self.env.uid,
                now=self.env["kpi.engine"]._now(),
                period=period.id,
                company=period.company_id.id,
                employees=columns[0],
                matrices=columns[1],
                dates_from=columns[2],
                dates_to=columns[3],
                departments=columns[4],
                jobs=columns[5],
                shares=columns[6],
                prorations=columns[7],
            )
        )
        self.invalidate_model(flush=False)
        period.invalidate_recordset(["scorecard_ids"], flush=False)
        return self.browse(card_id for [card_id] in result)

    def _copy_matrix(self):
        """Give these scorecards the lines of their matrices, as they are today.

        Thresholds come from the closest target (employee, nearest department, site,
        company), else from the matrix line; those of sums are prorated by the days
        in the position.
        """
        if not self:
            return
        self.env.flush_all()
        ids = self.ids
        self.env.cr.execute(
            SQL("DELETE FROM kpi_scorecard_line WHERE scorecard_id = ANY(%s)", ids)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_scorecard_line (
                    create_uid, create_date, write_uid, write_date,
                    scorecard_id, employee_id, period_id, department_id, company_id,
                    matrix_line_id, sequence, indicator_id, weight, scope,
                    method, missing, base, plan, challenge,
                    fact, has_fact, score, effective_weight, contribution,
                    numerator, denominator, sample
                )
                SELECT
                    %(uid)s, %(now)s, %(uid)s, %(now)s,
                    card.id, card.employee_id, card.period_id, card.department_id,
                    card.company_id,
                    line.id, line.sequence, line.indicator_id, line.weight, line.scope,
                    line.method, line.missing,
                    COALESCE(target.base, line.base) * part.share,
                    COALESCE(target.plan, line.plan) * part.share,
                    COALESCE(target.challenge, line.challenge) * part.share,
                    0, FALSE, 0, 0, 0, 0, 0, 0
                FROM kpi_scorecard AS card
                JOIN kpi_matrix_line AS line ON line.matrix_id = card.matrix_id
                JOIN kpi_indicator AS indicator ON indicator.id = line.indicator_id
                LEFT JOIN hr_department AS department
                    ON department.id = card.department_id
                LEFT JOIN LATERAL (
                    SELECT target.base, target.plan, target.challenge
                    FROM kpi_target AS target
                    LEFT JOIN hr_department AS place
                        ON place.id = target.department_id
                    WHERE target.indicator_id = line.indicator_id
                        AND target.period_id = card.period_id
                        AND (
                            target.employee_id = card.employee_id
                            OR department.parent_path LIKE place.parent_path || '%%'
                            OR target.site_id = card.site_id
                            OR num_nonnulls(
                                target.employee_id, target.department_id,
                                target.site_id
                            ) = 0
                        )
                    ORDER BY
                        target.employee_id IS NULL,
                        length(place.parent_path) DESC NULLS LAST,
                        target.site_id IS NULL,
                        target.id
                    LIMIT 1
                ) AS target ON TRUE
                CROSS JOIN LATERAL (
                    SELECT CASE indicator.aggregation
                        WHEN 'sum' THEN card.proration ELSE 1
                    END AS share
                ) AS part
                WHERE card.id = ANY(%(ids)s)
                ORDER BY card.id, line.sequence, line.id
                """,
                uid=self.env.uid,
                now=self.env["kpi.engine"]._now(),
                ids=ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_scorecard_line AS line
                SET heir_id = heir.id
                FROM kpi_matrix_line AS template
                JOIN kpi_scorecard_line AS heir
                    ON heir.matrix_line_id = template.heir_id
                WHERE template.id = line.matrix_line_id
                    AND heir.scorecard_id = line.scorecard_id
                    AND line.scorecard_id = ANY(%s)
                """,
                ids,
            )
        )
        self.invalidate_model(flush=False)
        self.env["kpi.scorecard.line"].invalidate_model(flush=False)
        self.line_ids._refresh_facts()
