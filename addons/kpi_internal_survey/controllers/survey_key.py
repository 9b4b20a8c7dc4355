from odoo.http import Controller, content_disposition, request, route


class SurveyKeyController(Controller):
    @route(
        "/kpi/survey/key/<int:campaign_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def survey_key(self, campaign_id):
        """A copy of the key for HR; that it was taken is written down."""
        campaign = request.env["kpi.survey.campaign"].browse(campaign_id).exists()
        if not campaign:
            raise request.not_found()
        campaign._check_can_copy_key()
        return request.make_response(
            campaign._copy_key(),
            [
                ("Content-Type", "text/plain; charset=us-ascii"),
                (
                    "Content-Disposition",
                    content_disposition(f"kpi_survey_{campaign.id}.key"),
                ),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
