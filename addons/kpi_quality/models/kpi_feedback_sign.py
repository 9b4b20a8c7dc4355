import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

from ..const import ANSWERS, SIGN_KINDS, SIGN_STATES

# What people say about a sign; what it says itself is found, not entered.
OWN_WORDS = {"state", "note"}


class KpiFeedbackSign(models.Model):
    """Presses that look as if they were not made for a customer.

    Nothing but a reason to look at the video and to ask: no figure knows of it. The
    facts are numbers, the sentence is made of them.
    """

    _name = "kpi.feedback.sign"
    _description = "Sign of Foul Play"
    _log_access = False
    _order = "date DESC, start, id"
    _rec_name = "sentence"

    kind = fields.Selection(SIGN_KINDS, required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    site_id = fields.Many2one("kpi.site", required=True, readonly=True, index=True)
    point_id = fields.Many2one("kpi.feedback.point", readonly=True, index=False)
    department_id = fields.Many2one("hr.department", readonly=True, index=False)
    employee_id = fields.Many2one("hr.employee", readonly=True, index=True)
    date = fields.Date(required=True, readonly=True, help="By the site's clock.")
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(required=True, readonly=True)
    presses = fields.Integer(required=True, readonly=True)
    compared = fields.Float(
        string="Compared with",
        digits=0,
        readonly=True,
        aggregator=None,
        help="Answers in all, usual presses, or the usual share of the answer in "
        "percent; what it is depends on the kind.",
    )
    visits = fields.Float(
        digits=0, readonly=True, help="Of the department, or the seller's part of it."
    )
    answer = fields.Selection(ANSWERS, readonly=True)
    sentence = fields.Char(string="What was seen", compute="_compute_sentence")
    state = fields.Selection(SIGN_STATES, required=True, default="new")
    note = fields.Text(help="What the video shows, and what people say.")
    reviewed_by_id = fields.Many2one("res.users", readonly=True, index=False)
    reviewed_at = fields.Datetime(readonly=True)
    is_own = fields.Boolean(
        string="Of the own department or site",
        compute="_compute_is_own",
        search="_search_is_own",
        export_string_translation=False,
    )

    _sign_unique = models.UniqueIndex(
        "(kind, date, COALESCE(point_id, 0), COALESCE(employee_id, 0), start)"
    )
    _point_idx = models.Index("(point_id, date)")

    # ------------------------------------------------------------- sentences
    @api.depends(
        "kind", "start", "stop", "presses", "compared", "visits", "answer", "site_id"
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for sign in self:
            facts = sign._facts()
            sign.sentence = sign._sentences()[sign.kind](facts) if sign.kind else False

    def _facts(self):
        zone = pytz.timezone(self.site_id.sudo().tz or "UTC")
        answers = dict(self._fields["answer"]._description_selection(self.env))

        def clock(moment, pattern="%H:%M"):
            return pytz.utc.localize(moment).astimezone(zone).strftime(pattern)

        return {
            "presses": self.presses,
            "from": clock(self.start) if self.start else "",
            "until": clock(self.stop) if self.stop else "",
            "since": clock(self.start, "%H:%M:%S") if self.start else "",
            "to": clock(self.stop, "%H:%M:%S") if self.stop else "",
            "compared": round(self.compared),
            "visits": round(self.visits),
            "share": round(100 * self.presses / self.visits) if self.visits else 0,
            "answer": answers.get(self.answer, ""),
        }

    def _sentences(self):
        """What each kind says, by facts."""
        return {
            "burst": lambda facts: self.env._(
                "The seller's button was pressed %(presses)s times between %(since)s "
                "and %(to)s.",
                **facts,
            ),
            "outside": lambda facts: self.env._(
                "%(presses)s presses outside opening hours, between %(from)s and "
                "%(until)s.",
                **facts,
            ),
            "unattended": lambda facts: self.env._(
                "%(presses)s presses while nobody of the department had checked in, "
                "between %(from)s and %(until)s.",
                **facts,
            ),
            "instant": lambda facts: self.env._(
                "%(presses)s of %(compared)s answers came within a second.", **facts
            ),
            "streak": lambda facts: self._streak_sentence(facts),
            "silent": lambda facts: self._silent_sentence(facts),
            "far": lambda facts: self.env._(
                "%(presses)s attempts on %(visits)s visits: %(share)s %%.", **facts
            ),
        }

    def _streak_sentence(self, facts):
        if not self.compared:
            return self.env._(
                "“%(answer)s” %(presses)s times in a row, between %(from)s and "
                "%(until)s.",
                **facts,
            )
        return self.env._(
            "“%(answer)s” %(presses)s times in a row, between %(from)s and %(until)s; "
            "usually %(compared)s %% of the answers are that.",
            **facts,
        )

    def _silent_sentence(self, facts):
        if not self.visits:
            return self.env._(
                "Not one press from %(from)s to %(until)s; usually there are "
                "%(compared)s.",
                **facts,
            )
        return self.env._(
            "Not one press from %(from)s to %(until)s, with %(visits)s visits of the "
            "department.",
            **facts,
        )

    @api.depends("kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for sign in self:
            day = format_date(self.env, sign.date) if sign.date else ""
            sign.display_name = f"{kinds.get(sign.kind, '')}, {day}"

    # ----------------------------------------------------------- who may look
    @api.depends("department_id", "site_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        departments, sites = self.env["kpi.feedback.check"]._own_places()
        for sign in self:
            sign.is_own = sign.department_id in departments or sign.site_id in sites

    def _search_is_own(self, operator, value):
        """Evaluated at every search, like that of what experts check."""
        return self.env["kpi.feedback.check"]._search_is_own(operator, value)

    # ------------------------------------------------------------ what is said
    @api.constrains("state", "note")
    def _check_note(self):
        for sign in self:
            if sign.state == "explained" and not (sign.note or "").strip():
                raise ValidationError(
                    self.env._("Say in the note how these presses are explained.")
                )

    def write(self, vals):
        """Whoever says something signs it; the facts are nobody's to change."""
        if not self.env.su and set(vals) - OWN_WORDS:
            raise AccessError(
                self.env._("What was seen cannot be changed, only explained.")
            )
        if "state" in vals and "reviewed_by_id" not in vals:
            is_new = vals["state"] == "new"
            result = super().write(vals)
            # sudo: who and when are not entered
            self.sudo().write(
                {
                    "reviewed_by_id": False if is_new else self.env.uid,
                    "reviewed_at": False if is_new else fields.Datetime.now(),
                }
            )
            return result
        return super().write(vals)

    def action_seen(self):
        return self.write({"state": "seen"})

    def action_explained(self):
        return self.write({"state": "explained"})

    def action_open_presses(self):
        """The presses behind: those of the point in this time, or of the seller."""
        self.ensure_one()
        self.check_access("read")
        domain = [("pressed_at", ">=", self.start), ("pressed_at", "<=", self.stop)]
        if self.point_id:
            domain.append(("point_id", "=", self.point_id.id))
        else:
            attempts = self.env["kpi.feedback.attempt"].search(
                [
                    ("employee_id", "=", self.employee_id.id),
                    ("site_id", "=", self.site_id.id),
                    ("moment", ">=", self.start),
                    ("moment", "<", self.stop),
                ]
            )
            domain = [("id", "in", attempts.event_id.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Presses: %(sign)s", sign=self.display_name),
            "res_model": "kpi.feedback.event",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }

    @api.model
    def _for_point(self, point, date):
        """What the user may know of signs at a point on a local day, e.g. for the desk.

        :return: signs of the point, and those of its department's sellers
        """
        return self.search(
            [
                ("date", "=", date),
                ("site_id", "=", point.site_id.id),
                "|",
                ("point_id", "=", point.id),
                "&",
                ("point_id", "=", False),
                ("department_id", "=", point.department_id.id),
            ],
            order="start, id",
        )
