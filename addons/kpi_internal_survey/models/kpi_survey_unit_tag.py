from odoo import fields, models


class KpiSurveyUnitTag(models.Model):
    """A word for units, for rules of who rates whom."""

    _name = "kpi.survey.unit.tag"
    _description = "Tag of Survey Units"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_unique = models.Constraint("UNIQUE (name)", "This tag exists already.")
