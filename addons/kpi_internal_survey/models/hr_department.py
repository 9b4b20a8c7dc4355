from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import UNIT_KINDS

# What the KPI manager keeps, though the departments are HR's.
UNIT_FIELDS = {"kpi_is_unit", "kpi_unit_kind", "kpi_unit_tag_ids"}


class HrDepartment(models.Model):
    _inherit = "hr.department"

    kpi_is_unit = fields.Boolean(
        string="Survey unit",
        help="Rates other departments and is rated as a whole. "
        "The people of departments below that are no units themselves belong to it.",
    )
    kpi_unit_kind = fields.Selection(
        UNIT_KINDS, string="Kind of unit", default="head_office"
    )
    kpi_unit_tag_ids = fields.Many2many("kpi.survey.unit.tag", string="Unit tags")
    kpi_head_count = fields.Integer(
        string="People of the unit",
        compute="_compute_kpi_head_count",
        help="With the people of departments below that are no units themselves.",
    )

    def _compute_kpi_head_count(self):
        """One pass per company, however many departments.

        Depends on other rows, so on nothing: it is for reading. (On a field of the own
        row it would ask for an onchange, which only HR may.)
        """
        counts = {}
        for company in self.company_id:
            counts |= self._kpi_head_counts(company)
        for department in self:
            department.kpi_head_count = counts.get(department.id, 0)

    @api.constrains("kpi_is_unit", "company_id", "kpi_unit_kind")
    def _check_kpi_unit(self):
        for department in self.filtered("kpi_is_unit"):
            if not department.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(department)s” belongs to no company: a unit of the "
                        "internal survey needs one, as campaigns are a company's.",
                        department=department.name,
                    )
                )
            if not department.kpi_unit_kind:
                raise ValidationError(
                    self.env._(
                        "Choose whether “%(department)s” is of the head office or a "
                        "regional unit: that says who rates it.",
                        department=department.name,
                    )
                )

    def write(self, vals):
        """The KPI manager says what a unit is, without being an HR officer."""
        if (
            vals
            and vals.keys() <= UNIT_FIELDS
            and self.env.user.has_group("kpi_quality.group_kpi_quality_manager")
        ):
            self.check_access("read")  # of his companies
            return super(HrDepartment, self.sudo()).write(vals)
        return super().write(vals)

    # -------------------------------------------------------------- business
    @api.model
    def _kpi_units(self, company):
        """Which unit the people of each department belong to.

        :return: ``{department id: id of the nearest unit, itself or above}``; without
            the departments that belong to no unit
        """
        departments = (
            self.sudo()  # the units are no secret, and a manager need not be HR
            .with_context(active_test=False)
            .search_fetch(
                [("company_id", "in", (False, company.id))],
                ["parent_path", "kpi_is_unit", "company_id", "active"],
            )
        )
        units = {
            department.id
            for department in departments
            if department.kpi_is_unit
            and department.active
            and department.company_id == company
        }
        nearest = {}
        for department in departments:
            path = map(int, reversed(department.parent_path.split("/")[:-1]))
            unit = next((place for place in path if place in units), None)
            if unit:
                nearest[department.id] = unit
        return nearest

    @api.model
    def _kpi_head_counts(self, company):
        """:return: ``{unit's department id: active employees}``"""
        units = self._kpi_units(company)
        counts = defaultdict(int)
        groups = (
            self.env["hr.employee"]
            .sudo()  # counted only
            ._read_group(
                [("company_id", "=", company.id)], ["department_id"], ["__count"]
            )
        )
        for department, count in groups:
            if department.id in units:
                counts[units[department.id]] += count
        return dict(counts)

    def _kpi_unit_names(self):
        """Names that tell units apart: with the place above where two are the same.

        :return: ``{department id: name}``
        """
        same = self.grouped("name")
        return {
            department.id: department.name
            if len(same[department.name]) == 1
            else department.complete_name
            for department in self
        }
