from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .matrix_templates import TEMPLATES


class KpiMatrixTemplate(models.TransientModel):
    """A new matrix from a template, in the languages that are installed."""

    _name = "kpi.matrix.template"
    _description = "New Matrix From a Template"

    template = fields.Selection(
        lambda self: [
            (key, self.env._(template.name))
            for key, template in self._templates().items()
        ],
        string="Job",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _templates(self):
        """:return: ``{key: Template}``; add-ons extend it by their jobs"""
        return TEMPLATES

    def action_create_matrix(self):
        self.ensure_one()
        matrix = self._create_matrix()
        return {
            "type": "ir.actions.act_window",
            "res_model": matrix._name,
            "res_id": matrix.id,
            "views": [(False, "form")],
        }

    def _create_matrix(self):
        template = self._templates()[self.template]
        indicators = self._indicators(template)
        names = self._free_names(template)
        matrix = (
            self.env["kpi.matrix"]
            .with_context(lang="en_US")
            .create(
                {
                    "name": names.pop("en_US"),
                    "period_kind": template.period_kind,
                    "company_id": self.company_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "sequence": 10 * position,
                                "indicator_id": indicators[line.code].id,
                                "scope": line.scope,
                                "weight": line.weight,
                                "base": line.base,
                                "plan": line.plan,
                                "challenge": line.challenge,
                            }
                        )
                        for position, line in enumerate(template.lines, 1)
                    ],
                }
            )
        )
        self._set_heirs(matrix, template)
        matrix.update_field_translations("name", names)
        return matrix.with_env(self.env)

    @api.model
    def _set_heirs(self, matrix, template):
        """Say whose the weight is of what may not be measured at all."""
        lines = {line.indicator_id.code: line for line in matrix.line_ids}
        for line in template.lines:
            if line.heir:
                lines[line.code].write(
                    {"missing": "heir", "heir_id": lines[line.heir].id}
                )

    def _indicators(self, template):
        """:raise UserError: when one is not measured, so that the line had no figure"""
        codes = [line.code for line in template.lines]
        found = self.env["kpi.indicator"].search(
            [
                ("code", "in", codes),
                ("state", "=", "active"),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        indicators = found.grouped("code")
        missing = [code for code in codes if code not in indicators]
        if missing:
            raise UserError(
                self.env._(
                    "This matrix needs indicators that are not active: %(codes)s. "
                    "Activate them first.",
                    codes=", ".join(missing),
                )
            )
        return indicators

    def _free_names(self, template):
        """A name that no other matrix of the company has.

        :return: ``{language: name}``, of all installed ones and English
        """
        languages = {code for code, _name in self.env["res.lang"].get_installed()}
        names = {
            lang: self.with_context(lang=lang).env._(template.name)
            for lang in languages | {"en_US"}
        }
        matrices = self.env["kpi.matrix"].with_context(lang="en_US")
        taken = set(
            matrices.search([("company_id", "=", self.company_id.id)]).mapped("name")
        )
        name, number = names["en_US"], 1
        while name in taken:
            number += 1
            name = f"{names['en_US']} {number}"
        if number == 1:
            return names
        return {lang: f"{text} {number}" for lang, text in names.items()}
