import secrets

from odoo import fields, models


class KpiSurveyCampaign(models.Model):
    """How an answer comes in: once, sealed, and without its author."""

    _inherit = "kpi.survey.campaign"

    access_token = fields.Char(default=lambda self: secrets.token_urlsafe(16))
    public_key = fields.Char(
        copy=False,
        groups=fields.NO_ACCESS,
        help="Seals answers; empty before the start and after the count.",
    )
    test_count = fields.Integer(
        string="Test answers",
        readonly=True,
        copy=False,
        help="Forms sent in test runs: checked, and thrown away.",
    )

    _access_token_unique = models.UniqueIndex("(access_token)")
