"""Before the start: who would take part, and what HR may want to put right."""

from odoo import api, fields, models

PREPARES = "kpi_quality.group_kpi_quality_manager"


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    unit_to_be_ids = fields.Many2many(
        "hr.department",
        string="Units that take part",
        compute="_compute_preview",
        groups=PREPARES,
    )
    to_invite_count = fields.Integer(
        string="People to invite", compute="_compute_preview", groups=PREPARES
    )
    small_count = fields.Integer(
        string="Units that are too small",
        compute="_compute_preview",
        groups=PREPARES,
        help="With fewer people than a figure needs: what they say is counted together "
        "with that of other small units.",
    )
    outside_count = fields.Integer(
        string="People of no unit", compute="_compute_preview", groups=PREPARES
    )
    without_email_count = fields.Integer(
        string="People without e-mail",
        compute="_compute_preview",
        groups=PREPARES,
        help="They get a slip of paper with a code.",
    )

    @api.depends("company_id", "minimum", "state")
    def _compute_preview(self):
        for campaign in self:
            if campaign.state not in ("draft", "agreed") or not campaign.company_id:
                campaign.unit_to_be_ids = False
                campaign.to_invite_count = campaign.small_count = 0
                campaign.outside_count = campaign.without_email_count = 0
                continue
            people = campaign._people()
            sizes = [len(employees) for employees in people.by_unit.values()]
            campaign.unit_to_be_ids = campaign._units_to_be()
            campaign.to_invite_count = sum(sizes)
            campaign.small_count = sum(size < campaign.minimum for size in sizes)
            campaign.outside_count = len(people.outside)
            campaign.without_email_count = len(people.without_email)

    def action_open_outside(self):
        return self._open_people(
            self._people().outside, self.env._("People of no unit")
        )

    def action_open_without_email(self):
        return self._open_people(
            self._people().without_email, self.env._("People without e-mail")
        )

    def _open_people(self, employees, name):
        """As everybody may see colleagues: HR's own data is not needed for it."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "hr.employee.public",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", employees.ids)],
        }
