import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..const import POINT_KINDS, SELLER_MEANINGS
from .duty_sql import seller_of
from .kpi_feedback_point_rule import RULE_FIELDS
from .question_sql import planned_at, question_at

ASKING_KINDS = ("three_button", "seller_button")


class KpiFeedbackPoint(models.Model):
    """A counter or desk where customers and sellers press buttons."""

    _name = "kpi.feedback.point"
    _description = "Feedback Point"
    _inherit = ["mail.thread", "mail.activity.mixin", "kpi.guarded.mixin"]
    _order = "site_id, sequence, name"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    code = fields.Char(
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        help="Short name for imports.",
    )
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True, tracking=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    department_id = fields.Many2one(
        "hr.department", check_company=True, index=True, tracking=True
    )
    kind = fields.Selection(
        POINT_KINDS, required=True, default="three_button", tracking=True
    )
    seller_meaning = fields.Selection(
        SELLER_MEANINGS,
        string="The seller's press means",
        required=True,
        default="both",
        tracking=True,
    )
    response_window = fields.Float(
        string="Response window (seconds)",
        required=True,
        default=60,
        digits=0,
        tracking=True,
        help="How long a customer can answer after the seller's press.",
    )
    long_press = fields.Float(
        string="Long press (seconds)",
        required=True,
        default=3,
        digits=0,
        tracking=True,
        help="Held so long, the seller's button reports force majeure, and the red one "
        "calls the manager.",
    )
    bounce = fields.Float(
        string="Bounce (seconds)",
        required=True,
        default=3,
        digits=0,
        tracking=True,
        help="A second press of the seller that follows sooner is the same press.",
    )
    force_majeure_limit = fields.Float(
        string="Force majeure at most (minutes)",
        required=True,
        default=60,
        digits=0,
        tracking=True,
        help="It ends by itself when nobody reports its end.",
    )
    has_plate = fields.Boolean(
        string="Printed question",
        tracking=True,
        help="A new question is in force here when somebody on the spot confirmed that "
        "the plate was changed.",
    )
    camera_id = fields.Many2one("kpi.feedback.camera", check_company=True)
    entrance_id = fields.Many2one(
        "kpi.site.entrance",
        check_company=True,
        help="The door whose visitors are counted here.",
    )
    rule_ids = fields.One2many("kpi.feedback.point.rule", "point_id")
    question_id = fields.Many2one(
        "kpi.feedback.question",
        string="Question in force",
        compute="_compute_now",
        help="What customers are asked here now.",
    )
    planned_question_id = fields.Many2one(
        "kpi.feedback.question", string="Planned question", compute="_compute_now"
    )
    is_plate_old = fields.Boolean(
        compute="_compute_now",
        export_string_translation=False,
        help="The printed plate still shows an earlier question.",
    )
    worker_id = fields.Many2one(
        "hr.employee",
        string="Works here now",
        compute="_compute_now",
        help="Who logged in, else who is on the roster, else the only one at work.",
    )
    event_count = fields.Integer(string="Presses", compute="_compute_event_count")
    poll_count = fields.Integer(string="Polls", compute="_compute_poll_count")
    complaint_count = fields.Integer(
        string="Complaints", compute="_compute_complaint_count"
    )

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another point of the company has this code."
    )

    @api.depends("name", "site_id")
    def _compute_code(self):
        points = self.with_context(active_test=False).sudo()  # archived ones, too
        taken = {
            (company.id, code)
            for company, code in points._read_group(
                [("company_id", "in", self.site_id.company_id.ids)],
                ["company_id", "code"],
            )
        }
        for point in self:
            if point.code or not point.name:
                continue
            company = point.site_id.company_id.id
            code = stem = re.sub(r"\W+", "-", point.name.lower()).strip("-") or "point"
            number = 1
            while (company, code) in taken:
                number += 1
                code = f"{stem}-{number}"
            taken.add((company, code))
            point.code = code

    @api.depends_context("uid")
    def _compute_now(self):
        """One statement for what the presses of this moment would be counted for."""
        now = {point_id: row for point_id, *row in self._read_now()}
        for point in self:
            question, planned, worker = now.get(point._origin.id, (None,) * 3)
            if point.kind not in ASKING_KINDS:
                question = planned = None
            point.question_id = question
            point.planned_question_id = planned
            point.is_plate_old = (
                point.has_plate and bool(planned) and planned != question
            )
            point.worker_id = worker

    def _read_now(self):
        """:return: rows of point, question in force, planned question, worker (ids)"""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT
                    present.point_id,
                    question.question_id,
                    intended.question_id,
                    seller.employee_id
                FROM (
                    SELECT
                        point.id AS point_id,
                        point.department_id,
                        NULL::int4 AS employee_id,
                        %(now)s::timestamp AS moment,
                        (
                            %(now)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE site.tz
                        )::date AS local_day
                    FROM kpi_feedback_point AS point
                    JOIN kpi_site AS site
                        ON site.id = point.site_id
                    WHERE point.id = ANY(%(points)s)
                ) AS present
                %(question)s
                LEFT JOIN LATERAL (%(intended)s) AS intended
                    ON TRUE
                %(seller)s
                """,
                now=fields.Datetime.now(),
                points=self._origin.ids,
                question=question_at(
                    SQL("present.point_id"),
                    SQL("present.local_day"),
                    SQL("present.moment"),
                ),
                intended=planned_at(SQL("present.point_id"), SQL("present.local_day")),
                seller=seller_of(
                    SQL("present.employee_id"),
                    SQL("present.point_id"),
                    SQL("present.department_id"),
                    SQL("present.moment"),
                ),
            )
        )

    @api.depends_context("uid")
    def _compute_event_count(self):
        self._count("kpi.feedback.event", "event_count")

    @api.depends_context("uid")
    def _compute_poll_count(self):
        self._count("kpi.feedback.poll", "poll_count")

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        self._count("kpi.feedback.complaint", "complaint_count")

    def _count(self, model, name):
        """How many records of a model the user may see."""
        records = self.env[model]
        counts = {}
        if records.has_access("read"):
            counts = dict(
                records._read_group(
                    [("point_id", "in", self.ids)], ["point_id"], ["__count"]
                )
            )
        for point in self:
            point[name] = counts.get(point, 0)

    @api.onchange("kind")
    def _onchange_kind(self):
        """Nobody can answer at a seller's button: its polls would all be silent."""
        if self.kind == "seller_button":
            self.seller_meaning = "attempt"

    @api.constrains("response_window", "long_press", "bounce", "force_majeure_limit")
    def _check_times(self):
        for point in self:
            if point.response_window <= 0:
                problem = self.env._(
                    "The response window must be longer than 0 seconds."
                )
            elif point.long_press <= 0:
                problem = self.env._("A long press must be longer than 0 seconds.")
            elif point.bounce < 0:
                problem = self.env._("The bounce cannot be shorter than 0 seconds.")
            elif point.bounce >= point.response_window:
                problem = self.env._(
                    "The bounce must be shorter than the response window."
                )
            elif point.force_majeure_limit <= 0:
                problem = self.env._(
                    "Force majeure must be able to last longer than 0 minutes."
                )
            else:
                continue
            raise ValidationError(
                self.env._(
                    "Point “%(point)s”: %(problem)s", point=point.name, problem=problem
                )
            )

    @api.constrains("site_id", "department_id", "entrance_id", "camera_id")
    def _check_place(self):
        for point in self:
            places = {
                point.department_id: point.department_id.kpi_site_id,
                point.entrance_id: point.entrance_id.site_id,
                point.camera_id: point.camera_id.site_id,
            }
            for record, site in places.items():
                if record and site != point.site_id:
                    raise ValidationError(
                        self.env._(
                            "Point “%(point)s” is at “%(site)s”, but “%(other)s” is "
                            "not. Choose one of the same site.",
                            point=point.name,
                            site=point.site_id.name,
                            other=record.sudo().display_name,
                        )
                    )

    @api.constrains("kind", "entrance_id")
    def _check_entrance(self):
        for point in self:
            if point.entrance_id and point.kind != "counting":
                raise ValidationError(
                    self.env._(
                        "Only a point that counts visitors belongs to an entrance: "
                        "“%(point)s” does not.",
                        point=point.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        points = super().create(vals_list)
        points._keep_rules()
        points.filtered("has_plate")._take_plate_as_planned()
        return points

    def write(self, vals):
        plated = self.filtered("has_plate")
        result = super().write(vals)
        if not set(RULE_FIELDS).isdisjoint(vals):
            self._keep_rules()
        if vals.get("has_plate"):
            (self - plated)._take_plate_as_planned()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_pressed(self):
        # Whatever is tried, the foreign keys of the presses keep the point.
        events = self.env["kpi.feedback.event"].sudo()  # also of those who see none
        for point in self:
            if events.search_count([("point_id", "=", point.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Buttons of “%(point)s” have been pressed already. Archive it "
                        "instead: its figures stay as they were.",
                        point=point.name,
                    )
                )

    def action_open_events(self):
        return self._open("kpi.feedback.event", self.env._("Presses"))

    def action_open_polls(self):
        return self._open("kpi.feedback.poll", self.env._("Polls"))

    def action_open_complaints(self):
        return self._open("kpi.feedback.complaint", self.env._("Complaints"))

    def _open(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("point_id", "=", self.id)],
            "context": {"default_point_id": self.id},
        }

    def action_confirm_plate(self):
        self.env["kpi.feedback.question.confirmation"]._confirm(self)
        return True

    def _keep_rules(self):
        self.env["kpi.feedback.point.rule"]._keep(self)

    def _take_plate_as_planned(self):
        """A plate that is put up shows what is asked at that time.

        The first one of a point is taken to be as old as the question on it.
        """
        confirmations = self.env["kpi.feedback.question.confirmation"].sudo()  # by us
        for point in self:
            period = self.env["kpi.feedback.question.period"]._planned(point)
            if not period:
                continue
            known = confirmations.search_count([("point_id", "=", point.id)], limit=1)
            begun, _end = point.site_id._day_bounds(period.date_from)
            confirmations.create(
                {
                    "period_id": period.id,
                    "point_id": point.id,
                    "confirmed_at": fields.Datetime.now() if known else begun,
                }
            )
