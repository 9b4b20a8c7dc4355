"""What the order, the regulation and the instruction say of a campaign."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import MEETING_LEVELS


class PaperUnit(NamedTuple):
    name: str
    kind: str
    director: str


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    slip_count = fields.Integer(
        string="Slips of paper",
        compute="_compute_slip_count",
        groups="kpi_quality.group_kpi_quality_manager",
        help="For those who have no e-mail address.",
    )

    @api.depends("participant_ids.has_email")
    def _compute_slip_count(self):
        groups = self.env["kpi.survey.participant"]._read_group(
            [("campaign_id", "in", self.ids), ("has_email", "=", False)],
            ["campaign_id"],
            ["__count"],
        )
        counts = dict(groups)
        for campaign in self:
            campaign.slip_count = counts.get(campaign._origin, 0)

    def action_print_slips(self):
        """For all units in which somebody has no e-mail address."""
        self.ensure_one()
        self.check_access("write")
        groups = self.env["kpi.survey.participant"]._read_group(
            [("campaign_id", "=", self.id), ("has_email", "=", False)],
            ["unit_id"],
            ["__count"],
        )
        if not groups:
            raise UserError(
                self.env._(
                    "Nobody here needs a slip of paper: everybody who is invited has "
                    "an e-mail address."
                )
            )
        self._message_log(
            body=self.env._(
                "Slips with codes printed: %(units)s",
                units=", ".join(f"{unit.name} ({count})" for unit, count in groups),
            )
        )
        units = self.env["kpi.survey.unit"].union(*(unit for unit, _count in groups))
        report = self.env.ref("kpi_internal_survey.action_report_slips")
        return report.report_action(units, config=False)

    def _paper_units(self):
        """The units that take part; before the start, those that will.

        :rtype: list[PaperUnit]
        """
        self.ensure_one()
        kinds = dict(self.unit_ids._fields["kind"]._description_selection(self.env))
        if self.unit_ids:
            rows = [
                (unit.department_id, unit.name, unit.kind) for unit in self.unit_ids
            ]
        else:
            departments = self._units_to_be()
            names = departments._kpi_unit_names()
            rows = [
                (department, names[department.id], department.kpi_unit_kind)
                for department in departments
            ]
        return [
            # Who heads a department is known to all who work there.
            PaperUnit(name, kinds[kind], department.sudo().manager_id.name or "")
            for department, name, kind in sorted(rows, key=lambda row: (row[2], row[1]))
        ]

    def _paper_rules(self):
        """Who rates whom, in words.

        :return: ``[(units that rate, units that are rated)]``
        """
        return [
            (
                self._name_units_of(rule, "rater_kind", rule.rater_tag_ids),
                self._name_units_of(rule, "rated_kind", rule.rated_tag_ids),
            )
            for rule in self.rule_ids
        ]

    def _name_units_of(self, rule, field, tags):
        kinds = dict(rule._fields[field]._description_selection(self.env))
        kind = kinds.get(rule[field], self.env._("All units"))
        return f"{kind} ({', '.join(tags.mapped('name'))})" if tags else kind

    def _paper_meetings(self):
        """How results go from the board to everybody: the levels, one after another."""
        return self.env["kpi.survey.meeting.template"].search(
            [("level", "in", [level for level, _name in MEETING_LEVELS])]
        )
