from odoo import fields, models


class KpiFeedbackCamera(models.Model):
    """Where the video of a point is found."""

    _name = "kpi.feedback.camera"
    _description = "Camera"
    _order = "site_id, name"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("kpi.site", required=True, index=True)
    company_id = fields.Many2one(related="site_id.company_id", store=True)
    archive_link = fields.Char(
        help="Address of the archive's page; {start} and {end} are put in its place."
    )
    clip_link = fields.Char(
        help="Address of a video file that plays in the page; the same places."
    )
    seconds_before = fields.Integer(default=30)
    seconds_after = fields.Integer(default=60)
