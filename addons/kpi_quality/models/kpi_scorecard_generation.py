"""From functions to scorecards: set-based, for a whole company."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, format_date

from ..tools.proration import days_share


class Comparison(NamedTuple):
    """The scorecards that a period has beside those that it should have.

    ``missing``: functions without a scorecard; ``moved``: the last day by scorecard
    where that changed; ``outdated``: scorecards whose position or matrix is another
    now; ``problems``: in words.
    """

    missing: list
    moved: dict
    outdated: models.BaseModel
    problems: list


class KpiScorecard(models.Model):
    _inherit = "kpi.scorecard"

    @api.model
    def _generate(self, period):
        """Make the scorecards that are still missing for a period.

        Those that exist follow a position that ends on another day by now; drafts of
        a position that has become another are made anew.

        :return: how many were made, and what stands in the way of others, in words
        :rtype: tuple[int, list[str]]
        """
        found = self._compare_with_positions(period)
        problems = found.problems + self._move(found.moved)
        drafts = found.outdated.filtered(lambda card: card.state == "draft")
        problems += [
            self.env._(
                "%(employee)s: the draft scorecard of %(days)s was taken back, the "
                "position or its matrix has changed.",
                employee=card.employee_id.name,
                days=card._days(),
            )
            for card in drafts
        ]
        agreed = found.outdated - drafts
        problems += agreed._outdated_problems()
        drafts.unlink()
        missing = [
            function
            for function in found.missing
            if not any(
                card.employee_id.id == function.employee
                and card.date_from <= function.date_to
                and function.date_from <= card.date_to
                for card in agreed
            )
        ]
        cards = self._insert(period, missing)
        cards._copy_matrix()
        return len(cards), problems

    @api.model
    def _follow_positions(self, period):
        """Before measuring: the days of the scorecards that there are.

        :return: what else has changed since they were made, in words
        """
        found = self._compare_with_positions(period)
        employees = self.env["hr.employee"].sudo()  # names
        return [
            *self._move(found.moved),
            *found.outdated._outdated_problems(),
            *(
                self.env._(
                    "%(employee)s has no scorecard from %(date_from)s to %(date_to)s.",
                    employee=employees.browse(function.employee).name,
                    date_from=format_date(self.env, function.date_from),
                    date_to=format_date(self.env, function.date_to),
                )
                for function in found.missing
            ),
        ]

    @api.model
    def _compare_with_positions(self, period):
        """:rtype: Comparison"""
        self.env.flush_all()
        positions = self._positions(period)
        functions, problems = self._functions(period, positions)
        last_days = {
            (employee.id, position.date_from, *position[2:]): position.date_to
            for employee, held in positions.items()
            for position in held
        }
        wanted = {}
        for function in functions:
            place = (function.employee, function.date_from, *function[4:6])
            wanted.setdefault(place, {})[function.matrix] = function
        kept, moved, outdated = set(), {}, self.browse()
        for card in self.search([("period_id", "=", period.id)]):
            place = (
                card.employee_id.id,
                card.date_from,
                card.department_id.id or None,
                card.job_id.id or None,
            )
            # Without any matrix by now (archived, say) the agreement stands.
            by_matrix = wanted.get(place) or {card.matrix_id.id: card}
            same = by_matrix.get(card.matrix_id.id)
            if place not in last_days or not same or same.share != card.share:
                outdated |= card
                continue
            kept.add((place, card.matrix_id.id))
            if last_days[place] != card.date_to:
                moved[card] = last_days[place]
        missing = [
            function
            for place, by_matrix in wanted.items()
            for matrix, function in by_matrix.items()
            if (place, matrix) not in kept
        ]
        return Comparison(missing, moved, outdated, problems)

    @api.model
    def _move(self, moved):
        """Adapt scorecards to the last day of the position, and their sums with it.

        :param moved: ``{scorecard: last day}``
        :return: what was done, in words
        """
        if not moved:
            return []
        self.env.flush_all()
        for query in (
            # What was agreed on for the days before, for the days now.
            """
            UPDATE kpi_scorecard_line AS line
            SET base = line.base * part.days / part.before,
                plan = line.plan * part.days / part.before,
                challenge = line.challenge * part.days / part.before
            FROM unnest(%(ids)s::int4[], %(days)s::date[]) AS moved(id, last_day)
            JOIN kpi_scorecard AS card ON card.id = moved.id
            CROSS JOIN LATERAL (
                SELECT
                    moved.last_day - card.date_from + 1 AS days,
                    card.date_to - card.date_from + 1 AS before
            ) AS part
            JOIN kpi_indicator AS indicator ON indicator.aggregation = 'sum'
            WHERE line.scorecard_id = card.id
                AND line.indicator_id = indicator.id
            """,
            """
            UPDATE kpi_scorecard AS card
            SET date_to = moved.last_day,
                proration = moved.proration
            FROM unnest(%(ids)s::int4[], %(days)s::date[], %(prorations)s::numeric[])
                AS moved(id, last_day, proration)
            WHERE card.id = moved.id
            """,
        ):
            self.env.cr.execute(
                SQL(
                    query,
                    ids=[card.id for card in moved],
                    days=list(moved.values()),
                    prorations=[
                        days_share(
                            card.date_from,
                            last_day,
                            card.period_id.date_from,
                            card.period_id.date_to,
                        )
                        for card, last_day in moved.items()
                    ],
                )
            )
        self.invalidate_model(flush=False)
        self.env["kpi.scorecard.line"].invalidate_model(flush=False)
        self.union(*moved).line_ids._refresh_facts()
        return [
            self.env._(
                "%(employee)s: the position lasts until %(date_to)s now, the scorecard "
                "was adapted.",
                employee=card.employee_id.name,
                date_to=format_date(self.env, date_to),
            )
            for card, date_to in moved.items()
        ]

    def _outdated_problems(self):
        return [
            self.env._(
                "%(employee)s: the scorecard of %(days)s is agreed, but the position "
                "or its matrix has changed since; reset it to draft and make "
                "scorecards again.",
                employee=card.employee_id.name,
                days=card._days(),
            )
            for card in self
        ]

    def _days(self):
        self.ensure_one()
        return " – ".join(
            format_date(self.env, day) for day in (self.date_from, self.date_to)
        )

    @api.model
    def _insert(self, period, functions):
        """One statement for all scorecards."""
        if not functions:
            return self.browse()
        columns = [list(column) for column in zip(*functions, strict=True)]
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
                prorations=[
                    days_share(
                        function.date_from,
                        function.date_to,
                        period.date_from,
                        period.date_to,
                    )
                    for function in functions
                ],
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
                    COALESCE(target.base, line.base) * part.days / part.of_days,
                    COALESCE(target.plan, line.plan) * part.days / part.of_days,
                    COALESCE(target.challenge, line.challenge)
                        * part.days / part.of_days,
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
                JOIN kpi_period AS period ON period.id = card.period_id
                -- Multiplied before divided: 62 x 21 / 31 is 42, 62 x 0.677... is not.
                CROSS JOIN LATERAL (
                    SELECT
                        CASE WHEN indicator.aggregation = 'sum'
                            THEN card.date_to - card.date_from + 1 ELSE 1
                        END AS days,
                        CASE WHEN indicator.aggregation = 'sum'
                            THEN period.date_to - period.date_from + 1 ELSE 1
                        END AS of_days
                ) AS part
                WHERE card.id = ANY(%(ids)s)
                ORDER BY card.id, line.sequence, line.id
                """,
                uid=self.env.uid,
                now=self.env["kpi.engine"]._now(),
                ids=ids,
            )
        )
        self.env.cr.execute(SQL("ANALYZE kpi_scorecard, kpi_scorecard_line"))
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
