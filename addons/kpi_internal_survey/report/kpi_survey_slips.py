import base64

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.image import image_data_uri

from ..tools import qr

MANAGER = "kpi_quality.group_kpi_quality_manager"
ON_A_PAGE = 8
IN_A_ROW = 2


class KpiSurveySlips(models.AbstractModel):
    """Codes on paper, for people without e-mail: by unit, without names.

    Whoever prints could see codes; he cannot tell who draws which. The button that
    prints them writes it into the campaign's log.
    """

    _name = "report.kpi_internal_survey.slips"
    _description = "Slips with Codes"

    @api.model
    def _get_report_values(self, docids, data=None):
        units = self.env["kpi.survey.unit"].browse(docids)
        self._check_may_print(units)
        counts = self._counts(units)
        return {
            "doc_ids": docids,
            "doc_model": units._name,
            "docs": units,
            "pages": [
                page
                for unit in units
                if unit in counts
                for page in self._pages(unit, counts[unit])
            ],
        }

    @api.model
    def _check_may_print(self, units):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a KPI manager prints slips with codes."))
        units.check_access("read")
        units.campaign_id.check_access("write")
        for campaign in units.campaign_id:
            if campaign.state != "running":
                raise UserError(
                    self.env._(
                        "“%(survey)s” does not run: its codes open nothing now.",
                        survey=campaign.name,
                    )
                )

    @api.model
    def _counts(self, units):
        """:return: ``{unit: people without an e-mail address}``"""
        groups = self.env["kpi.survey.participant"]._read_group(
            [("unit_id", "in", units.ids), ("has_email", "=", False)],
            ["unit_id"],
            ["__count"],
        )
        return dict(groups)

    @api.model
    def _pages(self, unit, count):
        """:return: dicts of a page: its unit and language, its rows of slips"""
        campaign = unit.campaign_id
        lang = campaign.company_id.partner_id.lang or self.env.lang
        codes = self.env["kpi.survey.key"]._slip_codes(campaign, unit, count)
        slips = [
            {"code": code, "picture": self._picture(campaign._form_link(code))}
            for code in codes
        ]
        for start in range(0, count, ON_A_PAGE):
            page = slips[start : start + ON_A_PAGE]
            yield {
                "unit": unit,
                "campaign": campaign.with_context(lang=lang),
                "lang": lang,
                "address": campaign._form_address(),
                "rows": [
                    page[row : row + IN_A_ROW] for row in range(0, len(page), IN_A_ROW)
                ],
            }

    @api.model
    def _picture(self, link):
        """In the page itself: in an address the code would be in the server's log."""
        return image_data_uri(base64.b64encode(qr.png(link)))
