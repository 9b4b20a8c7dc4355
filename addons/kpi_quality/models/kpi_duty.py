from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import DUTY_KINDS, DUTY_ROLES
from .duty_sql import LOGIN_HOURS, LONG

WEEK = timedelta(days=7)


class KpiDuty(models.Model):
    """Who works at a point, or answers for a site, from when to when.

    Logins are written by the consoles alone; the roster is kept by leads.
    """

    _name = "kpi.duty"
    _description = "Duty"
    _inherit = ["kpi.guarded.mixin"]
    _order = "start DESC, id DESC"
    _rec_name = "employee_id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, check_company=True
    )
    kind = fields.Selection(DUTY_KINDS, required=True, default="roster", readonly=True)
    role = fields.Selection(DUTY_ROLES, required=True, default="seller")
    site_id = fields.Many2one(
        "kpi.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
    )
    department_id = fields.Many2one("hr.department", check_company=True)
    point_id = fields.Many2one(
        "kpi.feedback.point",
        check_company=True,
        help="Empty: anywhere in the department.",
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime(help="Empty: still there.")

    _point_idx = models.Index("(point_id, start) WHERE point_id IS NOT NULL")
    _department_idx = models.Index("(department_id, start) WHERE point_id IS NULL")
    _long_idx = models.Index(f"(point_id, department_id) WHERE {LONG.code}")
    _site_idx = models.Index("(site_id, start)")
    _order_of_times = models.Constraint(
        "CHECK (stop IS NULL OR stop >= start)", "A duty ends after its start."
    )

    @api.depends("point_id", "department_id")
    def _compute_site_id(self):
        for duty in self:
            duty.site_id = (
                duty.point_id.site_id or duty.department_id.kpi_site_id or duty.site_id
            )

    @api.constrains("kind", "role", "site_id", "department_id", "point_id")
    def _check_place(self):
        for duty in self:
            site = duty.site_id
            department_site = duty.department_id.kpi_site_id
            if (duty.point_id and duty.point_id.site_id != site) or (
                duty.department_id and department_site != site
            ):
                raise ValidationError(
                    self.env._(
                        "The point and the department of a duty must be at its site "
                        "“%(site)s”.",
                        site=site.name,
                    )
                )
            if duty.kind == "login" and not duty.point_id:
                raise ValidationError(self.env._("A login belongs to a point."))
            if duty.role == "seller" and not (duty.point_id or duty.department_id):
                raise ValidationError(
                    self.env._(
                        "Say at which point, or in which department, "
                        "%(employee)s works.",
                        employee=duty.employee_id.sudo().name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        duties = super().create(vals_list)
        duties._check_not_login()
        return duties

    def write(self, vals):
        self._check_not_login()
        result = super().write(vals)
        self._check_not_login()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_login(self):
        # The record rules keep others out; this only says why.
        self._check_not_login()

    def _check_not_login(self):
        """Who was at a console is what the console knows, not what somebody writes."""
        if not self.env.su and any(duty.kind == "login" for duty in self):
            raise AccessError(
                self.env._(
                    "Logins are made at the console and cannot be changed. Keep the "
                    "roster instead."
                )
            )

    # ---------------------------------------------------------------- roster
    def action_repeat_next_week(self):
        """The same people at the same local times a week later."""
        rosters = self.filtered(lambda duty: duty.kind == "roster" and duty.stop)
        if not rosters:
            raise UserError(
                self.env._("Select duties of the roster that have a start and an end.")
            )
        copies = rosters._copy_a_week_on()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if copies else "info",
                "message": self.env._(
                    "Copied: %(copied)s. Planned already: %(known)s.",
                    copied=len(copies),
                    known=len(rosters) - len(copies),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _copy_a_week_on(self):
        """:return: the new duties; those that are there already are left out"""
        values = [
            {
                "employee_id": duty.employee_id.id,
                "role": duty.role,
                "site_id": duty.site_id.id,
                "department_id": duty.department_id.id,
                "point_id": duty.point_id.id,
                "start": duty._week_later(duty.start),
                "stop": duty._week_later(duty.stop),
            }
            for duty in self
        ]
        known = self.search(
            [
                ("kind", "=", "roster"),
                ("employee_id", "in", self.employee_id.ids),
                ("start", "in", [item["start"] for item in values]),
            ]
        )
        places = {known_duty._place_and_start() for known_duty in known}
        return self.create(
            [
                item
                for item in values
                if (
                    item["employee_id"],
                    item["role"],
                    item["site_id"],
                    item["department_id"],
                    item["point_id"],
                    item["start"],
                )
                not in places
            ]
        )

    def _place_and_start(self):
        return (
            self.employee_id.id,
            self.role,
            self.site_id.id,
            self.department_id.id,
            self.point_id.id,
            self.start,
        )

    def _week_later(self, moment):
        """By the clock of the site, also when it changes to summer time."""
        zone = pytz.timezone(self.site_id.tz)
        local = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None) + WEEK
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    # ---------------------------------------------------------------- logins
    @api.model
    def _log_in(self, point, employee):
        """Begin a login; whoever was logged in there, and he or she elsewhere, leaves.

        It ends by itself when the site closes, or after twelve hours.
        """
        now = fields.Datetime.now()
        point._log_out()
        self._logins([("employee_id", "=", employee.id)]).stop = now
        latest = now + timedelta(hours=LOGIN_HOURS)
        closes_at = point.site_id._closes_at(now) or latest
        return self.create(
            {
                "kind": "login",
                "point_id": point.id,
                "department_id": point.department_id.id,
                "employee_id": employee.id,
                "start": now,
                "stop": min(closes_at, latest),
            }
        )

    @api.model
    def _logins(self, domain):
        """Logins that have not ended."""
        now = fields.Datetime.now()
        return self.search(
            [
                ("kind", "=", "login"),
                ("start", "<=", now),
                "|",
                ("stop", "=", False),
                ("stop", ">", now),
                *domain,
            ]
        )
