from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import RECIPIENT_KINDS


class Person(NamedTuple):
    """Whom to tell: a user, an employee, or an employee who is a user."""

    user: models.BaseModel
    employee: models.BaseModel

    @property
    def name(self):
        return self.user.name or self.employee.name

    @property
    def partner(self):
        return self.user.partner_id or self.employee.work_contact_id


class KpiFeedbackRecipient(models.Model):
    """Who is told of a held red button: where, how, and after how long a silence."""

    _name = "kpi.feedback.recipient"
    _description = "Recipient of Red Alarms"
    _inherit = ["kpi.guarded.mixin"]
    _order = "level, after_minutes, id"
    _rec_name = "who"

    active = fields.Boolean(default=True)
    who = fields.Selection(RECIPIENT_KINDS, required=True, default="duty_manager")
    user_id = fields.Many2one("res.users", help="E.g. the manager of claims.")
    company_id = fields.Many2one("res.company", help="Empty: of all companies.")
    site_ids = fields.Many2many("kpi.site", string="Sites", help="Empty: of all sites.")
    level = fields.Integer(
        required=True, default=1, aggregator=None, help="1 is told first."
    )
    after_minutes = fields.Integer(
        string="After (minutes)",
        required=True,
        default=0,
        aggregator=None,
        help="0: at once. Else when nobody has taken care for so long.",
    )
    by_sms = fields.Boolean(string="SMS", default=True)
    in_odoo = fields.Boolean(default=True)

    _level_positive = models.Constraint(
        "CHECK (level >= 1 AND after_minutes >= 0)",
        "Levels begin with 1, and nobody can be told before the press.",
    )
    _user_known = models.Constraint(
        "CHECK (who != 'user' OR user_id IS NOT NULL)", "Choose which user is told."
    )
    _some_way = models.Constraint(
        "CHECK (by_sms OR in_odoo)", "Choose SMS, Odoo, or both."
    )

    @api.depends("who", "user_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["who"]._description_selection(self.env))
        for recipient in self:
            recipient.display_name = recipient.user_id.name or kinds.get(recipient.who)

    @api.onchange("who")
    def _onchange_who(self):
        if self.who != "user":
            self.user_id = False

    @api.constrains("site_ids", "company_id")
    def _check_sites(self):
        for recipient in self:
            companies = recipient.site_ids.company_id
            if recipient.company_id and companies - recipient.company_id:
                raise ValidationError(
                    self.env._("These sites belong to another company.")
                )

    @api.model
    def _of_site(self, site, company):
        """The recipients for a site, those told first first."""
        return self.search(
            [
                ("company_id", "in", (False, company.id)),
                "|",
                ("site_ids", "=", False),
                ("site_ids", "in", site.ids),
            ],
            order="after_minutes, level, id",
        )

    def _people(self, site, moment):
        """Who that is at a site, at a moment.

        :rtype: list[Person]
        """
        self.ensure_one()
        employees = self.env["hr.employee"]
        users = self.env["res.users"]
        if self.who == "duty_manager":
            employees = site._duty_managers(moment)
        elif self.who == "director":
            users = site.manager_id
        else:
            users = self.user_id
        people = [Person(employee.user_id, employee) for employee in employees]
        # A recipient of all companies is told where the user works.
        for user in users.filtered(
            lambda user: user.active and site.company_id in user.company_ids
        ):
            own = user.employee_ids.filtered(
                lambda employee: employee.company_id == site.company_id
            )
            people.append(Person(user, own[:1]))
        return people
