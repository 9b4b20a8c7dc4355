from odoo import fields, models

from ..const import STUDY_STATES


class KpiPopularityStudy(models.Model):
    """Which share of a site's visitors comes to each of its departments.

    While it runs, the presses of its points are observations and nothing else.
    """

    _name = "kpi.popularity.study"
    _description = "Popularity Study"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "start DESC, id DESC"

    name = fields.Char(required=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    state = fields.Selection(
        STUDY_STATES, required=True, default="draft", copy=False, tracking=True
    )
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime(copy=False)
    valid_from = fields.Date(copy=False)
    valid_to = fields.Date(copy=False)
    site_visitors = fields.Integer(copy=False)
    line_ids = fields.One2many("kpi.popularity.study.line", "study_id", copy=True)
