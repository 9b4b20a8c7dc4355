from collections import defaultdict
from datetime import date, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import STUDY_MINIMUM, STUDY_OBSERVING, STUDY_STATES, STUDY_TRANSITIONS
from ..tools.popularity import last_due
from .visit_sql import visitors_between

# What an accepted study rests on. Until when it is valid may change.
FACTS = {
    "name",
    "site_id",
    "start",
    "stop",
    "valid_from",
    "site_visitors",
    "line_ids",
}
REMINDER = "mail.mail_activity_data_todo"


class KpiPopularityStudy(models.Model):
    """Which share of a site's visitors comes to each of its departments.

    While it runs, the presses of its points are observations and nothing else.
    """

    _name = "kpi.popularity.study"
    _description = "Popularity Study"
    _inherit = ["mail.thread", "mail.activity.mixin", "kpi.guarded.mixin"]
    _order = "start DESC, id DESC"
    _check_company_auto = True

    name = fields.Char(required=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    state = fields.Selection(
        STUDY_STATES, required=True, default="draft", copy=False, tracking=True
    )
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime(copy=False)
    valid_from = fields.Date(
        copy=False, help="Empty: from the day after the study stopped."
    )
    valid_to = fields.Date(
        copy=False,
        tracking=True,
        help="Empty: until a newer study of the site is accepted.",
    )
    site_visitors = fields.Integer(
        copy=False, help="Who came in at the site from start to stop."
    )
    line_ids = fields.One2many("kpi.popularity.study.line", "study_id", copy=True)
    missing_visitors = fields.Integer(compute="_compute_missing_visitors")
    reminded_on = fields.Date(
        copy=False, readonly=True, help="The last due date that was reminded of."
    )

    _order_of_times = models.Constraint(
        "CHECK (stop > start)", "A study stops after its start."
    )
    _order_of_days = models.Constraint(
        "CHECK (valid_to >= valid_from)",
        "A study is valid until a day after the first.",
    )
    _visitors_positive = models.Constraint(
        "CHECK (site_visitors >= 0)", "A number of visitors cannot be negative."
    )

    @api.depends("site_visitors")
    def _compute_missing_visitors(self):
        for study in self:
            study.missing_visitors = max(STUDY_MINIMUM - study.site_visitors, 0)

    # ---------------------------------------------------------------- checks
    @api.constrains("site_id", "line_ids")
    def _check_points(self):
        """A press is one visitor of one department of this site."""
        for study in self:
            observing = defaultdict(study.line_ids.browse)
            for line in study.line_ids:
                for point in line.point_ids:
                    observing[point] |= line
            for point, lines in observing.items():
                if point.site_id != study.site_id:
                    raise ValidationError(
                        self.env._(
                            "The point “%(point)s” is not at %(site)s.",
                            point=point.name,
                            site=study.site_id.name,
                        )
                    )
                if len(lines) > 1:
                    raise ValidationError(
                        self.env._(
                            "The point “%(point)s” observes for several departments "
                            "(%(departments)s): nobody could tell whose visitor a "
                            "press is. Choose one.",
                            point=point.name,
                            departments=", ".join(lines.department_id.mapped("name")),
                        )
                    )

    def _check_accepted(self, vals):
        for study in self:
            if study.state == "done" and vals.keys() & FACTS:
                raise UserError(
                    self.env._(
                        "“%(study)s” is accepted: figures rest on it, and it stays as "
                        "it is. Set the day until which it is valid, or make a new "
                        "study.",
                        study=study.name,
                    )
                )

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Said outright, so that no default of the context steps in.
            vals_list = [vals | {"state": "draft"} for vals in vals_list]
        studies = super().create(vals_list)
        studies._derive_changed({})
        return studies

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("The state of a study changes by its buttons only.")
            )
        self._check_accepted(vals)
        before = self._observations()
        result = super().write(vals)
        self._derive_changed(before)
        return result

    # --------------------------------------------------------------- actions
    def action_start(self):
        self._set_state("running")

    def action_count(self):
        """Stop, and take from presses and counters what can be taken."""
        self.ensure_one()
        if self.state != "running":
            raise UserError(self.env._("“%(study)s” does not run.", study=self.name))
        if not self.stop:
            self.stop = fields.Datetime.now().replace(microsecond=0)
        self._count_departments()
        by_hand = not self._count_site()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if by_hand else "success",
                "sticky": by_hand,
                "message": self._message_of_count(by_hand),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_accept(self):
        """From the day after on, the department visits follow from this study."""
        for study in self:
            study._check_can_accept()
            study._do_accept()

    def action_cancel(self):
        self._set_state("cancelled")

    # -------------------------------------------------------------- business
    def _set_state(self, state, **values):
        """The only way a study changes its state."""
        states = dict(self._fields["state"]._description_selection(self.env))
        for study in self:
            if state not in STUDY_TRANSITIONS[study.state]:
                raise UserError(
                    self.env._(
                        "“%(study)s” is %(from)s; it cannot become %(to)s now.",
                        **{
                            "study": study.name,
                            "from": states[study.state].lower(),
                            "to": states[state].lower(),
                        },
                    )
                )
        before = self._observations()
        result = super().write({"state": state, **values})
        self._derive_changed(before)
        return result

    def _check_can_accept(self):
        self.ensure_one()
        if not self.stop:
            raise UserError(
                self.env._(
                    "“%(study)s” has no end yet: press “Stop and Count”, or enter when "
                    "it stopped.",
                    study=self.name,
                )
            )
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "“%(study)s” has no departments: add those that were observed.",
                    study=self.name,
                )
            )
        if self.missing_visitors:
            raise UserError(
                self.env._(
                    "“%(study)s” observed %(visitors)s visitors of the site: "
                    "%(missing)s more are needed. Fewer than %(least)s say nothing.",
                    study=self.name,
                    visitors=self.site_visitors,
                    missing=self.missing_visitors,
                    least=STUDY_MINIMUM,
                )
            )
        for line in self.line_ids:
            if line.observed > self.site_visitors:
                raise UserError(
                    self.env._(
                        "%(department)s: %(observed)s visitors, but only %(visitors)s "
                        "came in at the site. Either somebody was counted twice in the "
                        "department, or a door of the site was not counted.",
                        department=line.department_id.name,
                        observed=line.observed,
                        visitors=self.site_visitors,
                    )
                )

    def _do_accept(self):
        self.ensure_one()
        values = {}
        if not self.valid_from:
            zone = pytz.timezone(self.site_id.tz)
            stopped = pytz.utc.localize(self.stop).astimezone(zone)
            values["valid_from"] = stopped.date() + timedelta(days=1)
        self._set_state("done", **values)
        self.search([("site_id", "=", self.site_id.id)]).activity_unlink([REMINDER])

    # ------------------------------------------------------------- observing
    def _observations(self):
        """Where presses are observations: ``{study: (start, stop, points)}``."""
        return {
            study: (study.start, study.stop, study.line_ids.point_ids)
            for study in self
            if study.state in STUDY_OBSERVING
        }

    def _derive_changed(self, before):
        """Take presses for what they are, now that other ones are observations.

        :param before: ``_observations()`` of these studies before
        """
        after = self._observations()
        for study in self:
            if before.get(study) == after.get(study):
                continue
            changed = [each[study] for each in (before, after) if study in each]
            points = study.line_ids.point_ids.union(*(what[2] for what in changed))
            if points:
                # Polls and attempts are nobody's to write.
                self.env["kpi.feedback.derivation"].sudo()._derive_all(
                    point_ids=points.ids, since=min(what[0] for what in changed)
                )

    def _count_departments(self):
        """Every press of the seller's button was one visitor of the department."""
        events = self.env["kpi.feedback.event"].sudo()  # the study's own presses
        for line in self.line_ids.filtered("point_ids"):
            line.observed = events.search_count(
                [
                    ("point_id", "in", line.point_ids.ids),
                    ("button", "=", "seller"),
                    ("pressed_at", ">=", self.start),
                    ("pressed_at", "<", self.stop),
                ]
            )

    def _count_site(self):
        """Count who came in, when that can be known exactly.

        :return: False when it has to be entered by hand
        """
        self.env.flush_all()
        [[visitors, in_part]] = self.env.execute_query(
            visitors_between(self.site_id.id, self.start, self.stop)
        )
        if visitors is None or in_part:
            return False
        self.site_visitors = visitors
        return True

    def _message_of_count(self, by_hand):
        if by_hand:
            return self.env._(
                "The visitors of the site cannot be told exactly: nothing was counted "
                "at its doors, or a counter knows whole hours only and the study began "
                "or stopped within one. Enter the number by hand."
            )
        if self.missing_visitors:
            return self.env._(
                "%(visitors)s visitors of the site were observed; %(missing)s more are "
                "needed.",
                visitors=self.site_visitors,
                missing=self.missing_visitors,
            )
        return self.env._(
            "%(visitors)s visitors of the site were observed.",
            visitors=self.site_visitors,
        )

    # -------------------------------------------------------------- reminder
    @api.model
    def _cron_remind(self):
        """Twice a year: once for each due date, unless a new study is under way."""
        today = fields.Date.context_today(self)
        newest = {}
        studies = self.search([("state", "!=", "cancelled")], order="valid_from, id")
        for study in studies.filtered(lambda study: study.state == "done"):
            newest[study.site_id] = study
        for site in studies.filtered(lambda study: study.state != "done").site_id:
            newest.pop(site, None)
        for site, study in newest.items():
            due = last_due(study.valid_from, today)
            if site.active and due and due > (study.reminded_on or date.min):
                study._remind(due)

    def _remind(self, due):
        self.ensure_one()
        user = self._user_to_remind()
        if not user:
            return
        speaking = self.with_context(lang=user.lang)
        speaking.activity_schedule(
            REMINDER,
            date_deadline=due,
            summary=speaking.env._(
                "Observe again which departments the visitors of %(site)s go to",
                site=self.site_id.name,
            ),
            user_id=user.id,
        )
        self.reminded_on = due

    def _user_to_remind(self):
        """Who made the study, else another KPI manager of the company."""
        managers = self.env.ref("kpi_quality.group_kpi_quality_manager").all_user_ids
        managers = managers.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        # Root is nobody who looks at activities.
        managers = managers.sorted("id") - self.env.ref("base.user_root")
        return (self.create_uid & managers or managers)[:1]
