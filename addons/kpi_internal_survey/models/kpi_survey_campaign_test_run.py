"""Before the start: some people try the form, and nothing of it is kept."""

from odoo import fields, models
from odoo.exceptions import UserError


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    test_findings = fields.Html(
        string="What the testers found",
        copy=False,
        groups="kpi_quality.group_kpi_quality_manager",
        help="Words that are not understood, links that do not open, and what became "
        "of it.",
    )

    def action_test_run(self):
        """Choose who tries the form."""
        self._prepare_test()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_internal_survey.kpi_survey_test_run_action"
        )
        action["context"] = {"default_campaign_id": self.id}
        return action

    def action_try_form(self):
        """Open the form as a tester has it."""
        self._prepare_test()
        code = self.env["kpi.survey.key"]._test_code(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/kpi/survey/{self.access_token}#{code}",
            "target": "new",
        }

    def _prepare_test(self):
        """Give the form the units as they are today; the start takes them anew."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "agreed"):
            raise UserError(
                self.env._(
                    "“%(campaign)s” has started: a test run comes before it.",
                    campaign=self.name,
                )
            )
        people = self._people()
        if len(people.by_unit) < 2:
            raise UserError(
                self.env._(
                    "There are not two units with people in them: mark the departments "
                    "that take part under Internal survey > Units."
                )
            )
        self._snapshot_units(people)
