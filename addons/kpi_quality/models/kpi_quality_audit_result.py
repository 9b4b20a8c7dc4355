from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.change import Cases, compare
from ..tools.satisfaction import QUESTIONS, interval, silent_weight
from ..tools.window import Window
from .kpi_reader import Fact

ANSWER_COUNTS = ("yes", "no", "unsure", "silent")


class KpiQualityAudit(models.Model):
    """The result of an audit: the sources' own SELECTs, taken at one moment by point.

    Conversion and share asked divide by sales, which know no point: they are those of
    the point's department, else of its site.
    """

    _inherit = "kpi.quality.audit"

    def _freeze(self):
        """Write the result lines and close."""
        self.ensure_one()
        now = self.env["kpi.engine"]._now()
        window = Window(self.date_from, self.date_to, now)
        self.env.flush_all()
        sums = {index: self._read_index(index, window) for index in QUESTIONS}
        valid = self._read_valid_polls(window)
        places = {
            source: self._read_places(source, window)
            for source in ("share_asked", "sale_conversion")
        }
        rows = []
        for point in self.point_ids.sorted(lambda p: (p.site_id.id, p.sequence, p.id)):
            figures = {
                name: self._place_value(found, point) for name, found in places.items()
            }
            figures["force_majeure_share"] = self._level(valid, point)
            rows += self._point_rows(point, sums, valid, figures)
        self.env["kpi.quality.audit.line"].create(rows)
        self.write(
            {
                "state": "closed",
                "closed_at": now,
                "closed_by_id": self.env.uid,
                "silent_weight": silent_weight(
                    self.company_id.kpi_correction_coefficient,
                    self.company_id.kpi_silent_reading,
                ),
            }
        )

    # ----------------------------------------------------------------- reading
    @api.model
    def _get_indicator(self, source):
        """:raise UserError: when nobody measures it any more"""
        indicator = self.env["kpi.indicator"].search(
            [
                ("source", "=", source),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            order="company_id, sequence",
            limit=1,
        )
        if not indicator:
            name = dict(
                self.env["kpi.indicator"]
                ._fields["source"]
                ._description_selection(self.env)
            )[source]
            raise UserError(
                self.env._("There is no indicator “%(name)s” any more.", name=name)
            )
        return indicator

    def _placed_polls(self, source, window):
        """SQL: the documents of a source that are polls of these points."""
        return self.env["kpi.engine"]._placed(
            self._get_indicator(source),
            window,
            SQL(
                """
                placed.company_id = %s
                AND placed.res_model = 'kpi.feedback.poll'
                AND placed.res_id IN (
                    SELECT id FROM kpi_feedback_poll WHERE point_id = ANY(%s)
                )
                """,
                self.company_id.id,
                self.point_ids.ids,
            ),
        )

    def _read_index(self, index, window):
        """:return: ``{point id: (Cases, {answer: polls})}``"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    poll.point_id,
                    SUM(placed.denominator),
                    SUM(placed.numerator),
                    SUM(placed.numerator * placed.numerator),
                    %(answers)s
                FROM (%(placed)s) AS placed
                JOIN kpi_feedback_poll AS poll
                    ON poll.id = placed.res_id
                GROUP BY poll.point_id
                """,
                placed=self._placed_polls(index, window),
                answers=SQL(", ").join(
                    SQL("COUNT(*) FILTER (WHERE poll.answer = %s)", answer)
                    for answer in ANSWER_COUNTS
                ),
            )
        )
        return {
            point_id: (
                Cases(float(count), float(total), float(squares), int(count)),
                dict(zip(ANSWER_COUNTS, answers, strict=True)),
            )
            for point_id, count, total, squares, *answers in rows
        }

    def _read_valid_polls(self, window):
        """:return: ``{(point id, kind): (polls, in force majeure, their days)}``"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    poll.point_id,
                    poll.question_kind,
                    COUNT(*),
                    SUM(placed.numerator),
                    array_agg(DISTINCT placed.date)
                FROM (%s) AS placed
                JOIN kpi_feedback_poll AS poll
                    ON poll.id = placed.res_id
                GROUP BY poll.point_id, poll.question_kind
                """,
                self._placed_polls("force_majeure_share", window),
            )
        )
        return {
            (point_id, kind): (count, float(inside), set(days))
            for point_id, kind, count, inside, days in rows
        }

    def _read_places(self, source, window):
        """:return: ``{(department id, site id): (numerator, denominator)}``"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT
                    placed.department_id,
                    placed.site_id,
                    SUM(placed.numerator),
                    SUM(placed.denominator)
                FROM (%s) AS placed
                GROUP BY placed.department_id, placed.site_id
                """,
                self.env["kpi.engine"]._placed(
                    self._get_indicator(source),
                    window,
                    SQL("placed.company_id = %s", self.company_id.id),
                ),
            )
        )
        return {
            (department_id, site_id): (float(numerator), float(denominator))
            for department_id, site_id, numerator, denominator in rows
        }

    def _place_value(self, found, point):
        """The share of a point's department with its parts, else of its site."""
        departments = self.env["hr.department"].search(
            [("id", "child_of", point.department_id.ids)]
        )
        parts = [
            sums
            for (department_id, site_id), sums in found.items()
            if (
                department_id in departments.ids
                if departments
                else site_id == point.site_id.id
            )
        ]
        numerator, denominator = (
            sum(column) for column in zip(*parts, (0.0, 0.0), strict=True)
        )
        return numerator / denominator * 100 if denominator else None

    def _level(self, valid, point):
        """Polls in confirmed force majeure by all valid polls of a point, percent."""
        parts = [
            sums for (point_id, _kind), sums in valid.items() if point_id == point.id
        ]
        count = sum(part[0] for part in parts)
        return sum(part[1] for part in parts) / count * 100 if count else None

    # ------------------------------------------------------------------ days
    def _planned_days(self):
        """:return: ``{kind of question: days it is planned for}``; all of them for each
        kind where the audit plans none
        """
        planned = defaultdict(set)
        for row in self.question_ids:
            for number in range((row.date_to - row.date_from).days + 1):
                planned[row.kind].add(row.date_from + timedelta(days=number))
        if not planned:
            days = (self.date_to - self.date_from).days + 1
            every = {self.date_from + timedelta(days=number) for number in range(days)}
            planned = dict.fromkeys(QUESTIONS.values(), every)
        return planned

    # ------------------------------------------------------------------ lines
    def _point_rows(self, point, sums, valid, figures):
        """The values of the result lines of one point.

        :param sums: of :meth:`_read_index` by index
        :param valid: of :meth:`_read_valid_polls`
        :param figures: percent or None, by source
        """
        facts = {
            index: self._fact(*found[point.id])
            for index, found in sums.items()
            if point.id in found
        }
        level = figures["force_majeure_share"]
        advisor = self.env["kpi.feedback.diagnosis"]
        references = self.env["kpi.reference"]._values_for(
            self.company_id, point.site_id, self.date_to
        )
        diagnosis = advisor._diagnose(
            self.company_id,
            facts if level is None else facts | {"force_majeure_share": Fact(level)},
            point.site_id,
            self.date_to,
            limit=self.force_majeure_limit,
        )
        planned = self._planned_days()
        opening = point.site_id._opening_days(self.date_from, self.date_to)
        return [
            {
                "audit_id": self.id,
                "company_id": self.company_id.id,
                "point_id": point.id,
                "site_id": point.site_id.id,
                "department_id": point.department_id.id,
                "index": index,
                "cause": diagnosis.cause,
                "reference": references.get(index, 0.0),
                "has_reference": index in references,
                **self._figure_values(facts.get(index), sums[index].get(point.id)),
                **self._trust_values(
                    facts[index].sample if index in facts else 0,
                    valid.get((point.id, kind), (0, 0.0, set()))[2],
                    opening & planned[kind],
                    figures,
                ),
                **self._change_values(point, index, sums[index].get(point.id)),
            }
            for index, kind in QUESTIONS.items()
            if kind in planned
        ]

    @api.model
    def _fact(self, cases, _answers):
        found = interval(cases.count, cases.total, cases.squares)
        return Fact(
            found.value * 100,
            sample=cases.items,
            margin=None if found.margin is None else found.margin * 100,
            too_few=found.margin is None,
        )

    @api.model
    def _figure_values(self, fact, found):
        if fact is None:
            return {}
        cases, answers = found
        return {
            "value": fact.value,
            "has_value": True,
            "margin": fact.margin or 0.0,
            "has_margin": fact.margin is not None,
            "poll_count": cases.items,
            "total": cases.total,
            "squares": cases.squares,
            **{f"{answer}_count": count for answer, count in answers.items()},
        }

    def _trust_values(self, count, poll_days, days, figures):
        """Whether to believe a figure, and whether the limits of the audit are met.

        :param count: polls behind the figure
        :param poll_days: days with valid polls of this question
        :param days: opening days on which the question is planned
        """
        level, asked = figures["force_majeure_share"], figures["share_asked"]
        covered = len(poll_days & days) / len(days) * 100 if days else 0.0
        short = {
            "is_few_polls": count < self.least_polls,
            "is_few_days": covered < self.least_days_covered,
            "is_few_asked": (asked or 0.0) < self.least_share_asked,
            "is_much_force_majeure": (level or 0.0) > self.force_majeure_limit,
        }
        return {
            "opening_days": len(days),
            "poll_days": len(poll_days & days),
            "days_covered": covered,
            "force_majeure_level": level or 0.0,
            "has_force_majeure_level": level is not None,
            "share_asked": asked or 0.0,
            "has_share_asked": asked is not None,
            "conversion": figures["sale_conversion"] or 0.0,
            "has_conversion": figures["sale_conversion"] is not None,
            **short,
            "is_met": not any(short.values()),
        }

    def _change_values(self, point, index, found):
        """What became of the figure since the audit that this one repeats."""
        former = self.former_id.line_ids.filtered(
            lambda line: line.point_id == point and line.index == index
        )
        if not former:
            return {}
        values = {"former_line_id": former.id}
        if not (found and former.has_value):
            return {**values, "verdict": "unknown"}
        count = former.poll_count
        change = compare(
            Cases(count, former.total, former.squares, count),
            found[0],
            rising=index == "emotional_loyalty",
        )
        values["verdict"] = change.verdict
        if change.low is not None:
            values |= {
                "change": (found[0].mean - former.total / count) * 100,
                "change_low": change.low * 100,
                "change_high": change.high * 100,
                "has_change": True,
            }
        return values
