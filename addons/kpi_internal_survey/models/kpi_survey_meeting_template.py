from odoo import api, fields, models

from ..const import MEETING_LEVELS


class KpiSurveyMeetingTemplate(models.Model):
    """What a meeting of one level is about, and how soon it follows."""

    _name = "kpi.survey.meeting.template"
    _description = "Template of Meetings on Survey Results"
    _order = "days, id"

    level = fields.Selection(MEETING_LEVELS, required=True)
    days = fields.Integer(
        string="Days after planning",
        required=True,
        help="The next working day after so many days.",
    )
    agenda = fields.Html(translate=True)

    _level_unique = models.Constraint(
        "UNIQUE (level)", "This level has a template already: change that one."
    )
    _days_range = models.Constraint(
        "CHECK (days BETWEEN 0 AND 366)", "Plan meetings within a year."
    )

    @api.depends("level")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["level"]._description_selection(self.env))
        for template in self:
            template.display_name = names.get(template.level)
