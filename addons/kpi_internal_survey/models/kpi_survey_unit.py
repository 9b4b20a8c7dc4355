from odoo import api, fields, models

from ..const import UNIT_KINDS
from ..tools.participation import percent
from .kpi_survey_campaign_participation import WATCHERS


class KpiSurveyUnit(models.Model):
    """A department as it was when the campaign started: later moves change nothing."""

    _name = "kpi.survey.unit"
    _description = "Unit of a Survey"
    _order = "campaign_id, name, id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    department_id = fields.Many2one(
        "hr.department", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(UNIT_KINDS, required=True, readonly=True)
    tag_ids = fields.Many2many("kpi.survey.unit.tag", string="Tags", readonly=True)
    invited = fields.Integer(readonly=True, aggregator="sum")
    submitted = fields.Integer(
        string="Answered", compute="_compute_participation", groups=WATCHERS
    )
    submitted_percent = fields.Integer(
        string="Participation, %",
        compute="_compute_participation",
        groups=WATCHERS,
        aggregator=None,
    )
    is_participation_hidden = fields.Boolean(
        compute="_compute_participation",
        groups=WATCHERS,
        help="So few were invited or have answered that it would tell who.",
    )
    participation_note = fields.Char(
        string="Note", compute="_compute_participation", groups=WATCHERS
    )

    _department_unique = models.Constraint(
        "UNIQUE (campaign_id, department_id)", "The unit takes part already."
    )

    @api.depends("invited", "campaign_id.state")
    @api.depends_context("uid")
    def _compute_participation(self):
        """All units' for HR and the board; a director learns the own units'."""
        seen = self
        if not self._sees_all_participation():
            seen = self.filtered("department_id.kpi_is_led")
        shown = seen.campaign_id._participation()
        for unit in self:
            submitted = shown[unit][1] if unit in seen else None
            unit.is_participation_hidden = submitted is None
            unit.participation_note = submitted is None and self.env._(
                "Too few to be shown"
            )
            unit.submitted = submitted or 0
            unit.submitted_percent = percent(unit.submitted, unit.invited)

    @api.model
    def _sees_all_participation(self):
        user = self.env.user
        return (
            self.env.su
            or user.has_group("kpi_quality.group_kpi_quality_manager")
            or user.has_group("kpi_internal_survey.group_kpi_survey_board")
        )
