"""Who takes part: units and people as they are at the start, and who rates whom."""

from collections import defaultdict
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import email_normalize


class People(NamedTuple):
    by_unit: dict  # unit's department -> its employees
    outside: models.Model  # employees of no unit
    without_email: models.Model  # employees of a unit that no letter reaches


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    participant_ids = fields.One2many("kpi.survey.participant", "campaign_id")

    # ------------------------------------------------------------ the people
    def _people(self):
        """Who would be invited today: active employees of the company, by unit.

        :return: People; the employees are sudo, as their departments and addresses
            are no business of who prepares a campaign
        """
        self.ensure_one()
        departments = self.env["hr.department"].sudo()
        employees_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search_fetch(
                [("company_id", "=", self.company_id.id)],
                ["department_id", "work_email", "private_email", "user_id"],
                order="id",
            )
        )
        unit_of = departments._kpi_units(self.company_id)
        by_unit, outside, without_email = defaultdict(list), [], []
        for employee in employees_sudo:
            unit = unit_of.get(employee.department_id.id)
            if not unit:
                outside.append(employee.id)
                continue
            by_unit[unit].append(employee.id)
            if not self._email_of(employee):
                without_email.append(employee.id)
        browse = employees_sudo.browse
        return People(
            {departments.browse(unit): browse(ids) for unit, ids in by_unit.items()},
            browse(outside),
            browse(without_email),
        )

    def _email_of(self, employee_sudo):
        """The address that belongs to the work comes before the private one."""
        addresses = (
            employee_sudo.work_email,
            employee_sudo.user_id.email,
            employee_sudo.private_email,
        )
        return next(filter(None, map(_clean, addresses)), False)

    def _snapshot(self):
        """Write down the units and who is invited; from now on nothing moves them.

        A unit without people is left out: there is nobody to rate, or to be rated.
        """
        self.ensure_one()
        people = self._people()
        units = self._snapshot_units(people)
        self.env["kpi.survey.participant"].sudo().create(
            [
                {
                    "campaign_id": self.id,
                    "unit_id": units[department].id,
                    "employee_id": employee.id,
                    "email": self._email_of(employee),
                }
                for department, employees in people.by_unit.items()
                for employee in employees
            ]
        )

    def _snapshot_units(self, people):
        """:return: ``{department: unit}``"""
        self.sudo().unit_ids.unlink()  # those of a test run
        language = self.user_id.lang or self.company_id.partner_id.lang
        departments = self.env["hr.department"].sudo().union(*people.by_unit)
        names = departments.with_context(lang=language)._kpi_unit_names()
        units = (
            self.env["kpi.survey.unit"]
            .sudo()  # nobody writes them by hand
            .create(
                [
                    {
                        "campaign_id": self.id,
                        "department_id": department.id,
                        "name": names[department.id],
                        "kind": department.kpi_unit_kind,
                        "tag_ids": department.kpi_unit_tag_ids.ids,
                        "invited": len(people.by_unit[department]),
                    }
                    for department in departments
                ]
            )
        )
        return {unit.department_id: unit for unit in units}

    # -------------------------------------------------------- who rates whom
    def _rated_units(self, unit):
        """The units that people of this one may rate: by the rules, not their own."""
        self.ensure_one()
        rules = self.sudo().rule_ids
        return self.unit_ids.filtered(lambda rated: rules._allows(unit, rated))

    def _vote_candidates(self, unit):
        """Colleagues who may be named: of other units, as they were at the start.

        :return: hr.employee, sudo: whoever fills in the form need not be logged in
        """
        self.ensure_one()
        domain = [("campaign_id", "=", self.id), ("unit_id", "!=", unit.id)]
        if self.vote_scope == "head_office":
            domain.append(("unit_id.kind", "=", "head_office"))
        invited = self.env["kpi.survey.participant"].sudo()._search(domain)
        employees_sudo = self.env["hr.employee"].sudo()
        return employees_sudo.with_context(active_test=False).search(
            [("id", "in", invited.subselect("employee_id"))]
        )

    def _led_units(self):
        """The units that the user leads."""
        return self.env["kpi.survey.unit"].search(
            [
                ("campaign_id", "in", self.ids),
                ("department_id.kpi_is_led", "=", True),
            ]
        )


def _clean(address):
    """One plain address, or nothing: a letter goes to exactly one person."""
    return email_normalize(address) if address else False
