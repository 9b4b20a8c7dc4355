"""Who did what in a period: from employment and assignments to functions."""

from collections import defaultdict
from datetime import date
from math import isclose
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, get_lang

from ..tools.coefficient import WEIGHT_TOLERANCE
from ..tools.plain_number import plain_number
from ..tools.proration import Position, merge_positions


class Function(NamedTuple):
    """One function of one employee in a period: what a scorecard is made for.

    Employee, matrix, department and job are ids.
    """

    employee: int
    matrix: int
    date_from: date
    date_to: date
    department: int | None
    job: int | None
    share: float


class KpiScorecard(models.Model):
    _inherit = "kpi.scorecard"

    @api.model
    def _functions(self, period, positions):
        """What every employee is to have a scorecard for.

        :param positions: of :meth:`_positions`
        :return: the functions, and what stands in the way of others, in words
        :rtype: tuple[list[Function], list[str]]
        """
        problems = []
        matrices = self.env["kpi.matrix"].search(
            [
                ("company_id", "=", period.company_id.id),
                ("period_kind", "=", period.kind),
            ]
        )
        usable = self._usable_matrices(matrices, problems)
        paths = self._department_paths(matrices, positions)
        functions = []
        for employee, held in positions.items():
            own = [
                Function(
                    employee.id,
                    assignment.matrix_id.id,
                    *position,
                    assignment.share,
                )
                for position in held
                for assignment in self._find_assignments(
                    matrices, employee, position, paths, problems
                )
                if assignment.matrix_id in usable
            ]
            if own:
                problems += self._position_problems(employee, held)
            functions += own
        return functions, problems

    @api.model
    def _usable_matrices(self, matrices, problems):
        """Matrices whose weights add up to 1."""
        point = get_lang(self.env).decimal_point
        bad = matrices.filtered(lambda m: not m.line_ids or m.weight_missing)
        problems += [
            self.env._(
                "%(matrix)s: the weights add up to %(total)s instead of 1.",
                matrix=matrix.name,
                total=plain_number(matrix.weight_total, point, 4),
            )
            for matrix in bad
        ]
        return matrices - bad

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
                        MAX(departure_date) OVER (PARTITION BY employee_id)
                            AS left_on,
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
                            CASE WHEN NOT employee.active THEN version.left_on END,
                            %(date_to)s
                        ) AS date_to
                    FROM version_range AS version
                    JOIN hr_employee AS employee
                        ON employee.id = version.employee_id
                    WHERE employee.company_id = %(company)s
                        AND (employee.active OR version.left_on IS NOT NULL)
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
    def _department_paths(self, matrices, positions):
        """:return: ``{department id: parent path}`` of all that matter, read at once"""
        ids = {position.department for held in positions.values() for position in held}
        departments = self.env["hr.department"].sudo()  # of managers without HR rights
        departments = departments.browse(ids - {None})
        departments |= matrices.assignment_ids.department_id.sudo()
        return {
            department.id: department.parent_path or "" for department in departments
        }

    @api.model
    def _find_assignments(self, matrices, employee, position, paths, problems):
        """The employee's own assignments, else the job's in the nearest department."""
        path = paths.get(position.department, "")
        own = matrices.assignment_ids.browse()
        by_job = defaultdict(own.browse)
        for assignment in matrices.assignment_ids:
            place = paths.get(assignment.department_id.id, "")
            if not path.startswith(place):
                continue
            if assignment.employee_id.id == employee.id:
                own |= assignment
            elif position.job and assignment.job_id.id == position.job:
                by_job[len(place)] |= assignment
        found = own or (by_job[max(by_job)] if by_job else own)
        total = sum(found.mapped("share"))
        if found and not isclose(total, 1.0, abs_tol=WEIGHT_TOLERANCE):
            problems.append(
                self.env._(
                    "%(employee)s: the shares of the matrices add up to %(total)s "
                    "instead of 1, no scorecard was made.",
                    employee=employee.name,
                    total=plain_number(total, get_lang(self.env).decimal_point, 4),
                )
            )
            return own.browse()
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
