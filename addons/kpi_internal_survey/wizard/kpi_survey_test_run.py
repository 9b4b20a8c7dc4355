from odoo import fields, models


class KpiSurveyTestRun(models.TransientModel):
    """Who tries the form before it goes to everybody."""

    _name = "kpi.survey.test.run"
    _description = "Test Run of a Survey"
    _check_company_auto = True

    campaign_id = fields.Many2one("kpi.survey.campaign", required=True, readonly=True)
    employee_ids = fields.Many2many(
        "hr.employee.public",
        string="Testers",
        required=True,
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="A few people of different units: each gets a letter with a link to try.",
    )
    company_id = fields.Many2one(related="campaign_id.company_id")

    def action_invite(self):
        self.ensure_one()
        self._check_company()
        campaign = self.campaign_id
        campaign._prepare_test()
        # Their addresses are HR's; the letters are the only ones who read them.
        testers_sudo = self.env["hr.employee"].sudo().browse(self.employee_ids.ids)
        return campaign._feedback(campaign._send_test_invitations(testers_sudo))
