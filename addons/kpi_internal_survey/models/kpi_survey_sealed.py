from odoo import fields, models


class KpiSurveySealed(models.Model):
    """What was answered, sealed until the campaign is closed; emptied by TRUNCATE."""

    _name = "kpi.survey.sealed"
    _description = "Sealed Answer of a Survey"
    _log_access = False
    _order = "id"

    campaign_id = fields.Many2one(
        "kpi.survey.campaign", required=True, index=True, ondelete="restrict"
    )
    box = fields.Binary(required=True, attachment=False, groups=fields.NO_ACCESS)
