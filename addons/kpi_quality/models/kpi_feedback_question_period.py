from datetime import date, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..const import QUESTION_CHANGES
from .question_sql import planned_at

_DAY = timedelta(days=1)
# What fixes which presses a period was in force for.
SCOPE_FIELDS = {"company_id", "point_id", "question_id"}


class KpiFeedbackQuestionPeriod(models.Model):
    """Which question is asked in a stretch of days; a point may deviate.

    Within a company, and within a point, periods do not overlap. What customers have
    answered already keeps its question: only days without presses can be changed.
    """

    _name = "kpi.feedback.question.period"
    _description = "Question in Force"
    _inherit = ["kpi.guarded.mixin"]
    _order = "date_from DESC, id DESC"
    _rec_name = "question_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    point_id = fields.Many2one(
        "kpi.feedback.point",
        check_company=True,
        index=True,
        ondelete="cascade",
        help="Empty: all points of the company.",
    )
    question_id = fields.Many2one(
        "kpi.feedback.question", required=True, check_company=True
    )
    date_from = fields.Date(required=True, default=lambda self: self._today())
    date_to = fields.Date(help="Empty: until another one begins.")
    change = fields.Selection(
        QUESTION_CHANGES, required=True, default="manual", readonly=True
    )
    plan_id = fields.Many2one(
        "kpi.feedback.question.plan",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    confirmation_ids = fields.One2many(
        "kpi.feedback.question.confirmation", "period_id"
    )
    is_begun = fields.Boolean(
        compute="_compute_is_begun",
        search="_search_is_begun",
        export_string_translation=False,
    )

    _order_of_days = models.Constraint(
        "CHECK (date_to >= date_from)", "A period ends on its first day or later."
    )
    # Against two people at the same time; one alone gets the message of the check.
    _no_overlap = models.Constraint(
        """
        EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(COALESCE(point_id, 0), COALESCE(point_id, 0), '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) DEFERRABLE INITIALLY DEFERRED
        """,
        "Another question is planned for some of these days.",
    )

    @api.depends("date_from")
    def _compute_is_begun(self):
        today = self._today()
        for period in self:
            period.is_begun = bool(period.date_from) and period.date_from <= today

    def _search_is_begun(self, operator, value):
        if operator != "in":
            return NotImplemented
        begun = Domain("date_from", "<=", self._today())
        return begun if True in value else ~begun

    @api.model_create_multi
    def create(self, vals_list):
        periods = super().create(vals_list)
        periods._close_open_ones()
        periods._check_overlap()
        for period in periods.filtered("point_id"):
            # It takes these days over from the question of the company.
            covered = period._rivals(Domain("point_id", "=", False))
            for other in covered:
                period._check_unanswered(
                    max(period.date_from, other.date_from),
                    min(filter(None, (period.date_to, other.date_to)), default=None),
                )
        return periods

    def write(self, vals):
        for period in self:
            period._check_change(vals)
        result = super().write(vals)
        if not {"date_from", "date_to", *SCOPE_FIELDS}.isdisjoint(vals):
            self._close_open_ones()
            self._check_overlap()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        for period in self:
            period._check_unanswered(period.date_from, period.date_to)

    def action_change(self):
        """Ask another question from today on, where this one is asked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_feedback_question_change_action"
        )
        return {
            **action,
            "context": {
                "default_company_id": self.company_id.id,
                "default_point_id": self.point_id.id,
            },
        }

    # ------------------------------------------------------------- what is asked
    @api.model
    def _today(self):
        """The date at the company's place."""
        zone = self.env.company.sudo().resource_calendar_id.tz or "UTC"
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(zone)).date()

    @api.model
    def _planned(self, point, day=None):
        """The period planned for a point on a local day, today without one."""
        point.ensure_one()
        self.env.flush_all()
        day = day or point.site_id._local_day()
        rows = self.env.execute_query(planned_at(SQL("%s", point.id), SQL("%s", day)))
        return self.browse(period_id for period_id, *_question in rows)

    @api.model
    def _change(self, company, point, question, day, date_to=None):
        """Ask a question from a day on instead of what is asked there.

        :param point: kpi.feedback.point, empty for all of the company
        :return: the period, new or changed
        """
        running = self._running(company, point, day)
        if running.date_from == day:
            running.write(
                {
                    "question_id": question.id,
                    "date_to": date_to,
                    "change": "manual",
                    "plan_id": False,
                }
            )
            return running
        if running:
            running.date_to = day - _DAY
        return self.create(
            {
                "company_id": company.id,
                "point_id": point.id,
                "question_id": question.id,
                "date_from": day,
                "date_to": date_to,
            }
        )

    @api.model
    def _running(self, company, point, day):
        """The period of a company, or of a point itself, on a day."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("point_id", "=", point.id),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    @api.model
    def _first_day_to_change(self, company, point):
        """Today, or tomorrow when customers have been asked today."""
        today = self.with_company(company)._today()
        asked = self._is_asked(company, point, today, today)
        return today + _DAY if asked else today

    # ------------------------------------------------------------------- checks
    def _rivals(self, scope):
        """Other periods of some days of this one, in a scope."""
        self.ensure_one()
        self.flush_recordset()
        overlap = Domain("company_id", "=", self.company_id.id) & Domain(
            "id", "!=", self.id
        )
        overlap &= Domain("date_to", "=", False) | Domain(
            "date_to", ">=", self.date_from
        )
        if self.date_to:
            overlap &= Domain("date_from", "<=", self.date_to)
        return self.search(overlap & Domain(scope))

    def _close_open_ones(self):
        """An open period ends where another one begins, whichever was made first."""
        for period in self.sorted("date_from"):
            same = Domain("point_id", "=", period.point_id.id)
            rivals = period._rivals(same)
            before = rivals.filtered(
                lambda r, p=period: not r.date_to and r.date_from < p.date_from
            )
            if before:
                before.date_to = period.date_from - _DAY
            after = rivals.filtered(lambda r, p=period: r.date_from > p.date_from)
            if after and not period.date_to:
                period.date_to = min(after.mapped("date_from")) - _DAY

    def _check_overlap(self):
        for period in self:
            rival = period._rivals(Domain("point_id", "=", period.point_id.id))[:1]
            if rival:
                raise ValidationError(
                    self.env._(
                        "From %(start)s on “%(question)s” is planned already for "
                        "%(place)s. End that period first, or choose other days.",
                        start=format_date(self.env, rival.date_from),
                        question=rival.question_id.text,
                        place=rival.point_id.name or self.env._("all points"),
                    )
                )

    def _check_change(self, vals):
        """Days that customers answered on keep their question."""
        self.ensure_one()
        changed = {
            name: new
            for name in {"date_from", "date_to", *SCOPE_FIELDS} & set(vals)
            for old, new in [self._old_and_new(name, vals[name])]
            if old != new
        }
        if not SCOPE_FIELDS.isdisjoint(changed):
            self._check_unanswered(self.date_from, self.date_to)
        if "date_from" in changed:
            self._check_moved(self.date_from, changed["date_from"], -1)
        if "date_to" in changed:
            ends = (self.date_to or date.max, changed["date_to"] or date.max)
            if min(ends) < date.max:
                old, new = (min(end, date.max - _DAY) + _DAY for end in ends)
                self._check_moved(old, new, 1)

    def _old_and_new(self, name, value):
        field = self._fields[name]
        return (
            field.convert_to_write(self[name], self) or False,
            field.convert_to_write(
                field.convert_to_record(field.convert_to_cache(value, self), self), self
            )
            or False,
        )

    def _check_moved(self, old, new, growing):
        """A border between days moves; ``growing``: +1 when later means longer.

        Days that are lost had this question. Days that are gained take one over from
        the company only at a point.
        """
        shrinks = (new < old) if growing > 0 else (new > old)
        if shrinks or self.point_id:
            self._check_unanswered(min(old, new), max(old, new) - _DAY)

    def _check_unanswered(self, first, last):
        """Refuse when customers were asked here on these days (both included)."""
        self.ensure_one()
        if self._is_asked(self.company_id, self.point_id, first, last):
            raise UserError(
                self.env._(
                    "Customers were already asked “%(question)s” on the days that "
                    "would change. A period can end today or later; begin the next "
                    "question on a day without presses.",
                    question=self.question_id.text,
                )
            )

    @api.model
    def _is_asked(self, company, point, first, last):
        """Whether buttons were pressed on local days, by the clocks of the sites."""
        self.env["kpi.feedback.event"].flush_model()
        self.env["kpi.feedback.point"].flush_model()
        [[asked]] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT
                    FROM kpi_feedback_point AS point
                    JOIN kpi_site AS site
                        ON site.id = point.site_id
                    JOIN kpi_feedback_event AS event
                        ON event.point_id = point.id
                        AND event.button IN ('yes', 'no', 'unsure', 'seller')
                        AND event.pressed_at >= (
                            %(first)s::timestamp AT TIME ZONE site.tz
                            AT TIME ZONE 'UTC'
                        )
                        AND event.pressed_at < (
                            (%(last)s::date + 1)::timestamp AT TIME ZONE site.tz
                            AT TIME ZONE 'UTC'
                        )
                    WHERE point.company_id = %(company)s
                        AND %(place)s
                )
                """,
                first=first,
                last=last or date.max,
                company=company.id,
                place=SQL("point.id = %s", point.id) if point else SQL("TRUE"),
            )
        )
        return asked
