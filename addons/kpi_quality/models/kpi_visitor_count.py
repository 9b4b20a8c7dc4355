from odoo import fields, models

from ..const import VISITOR_SOURCES

WHOLE_DAY = -1


class KpiVisitorCount(models.Model):
    """Who came in by a door in an hour of a local day, as its counter says."""

    _name = "kpi.visitor.count"
    _description = "Visitor Count"
    _order = "date DESC, hour DESC, entrance_id"
    _rec_name = "entrance_id"

    entrance_id = fields.Many2one(
        "kpi.site.entrance", required=True, index=False, ondelete="restrict"
    )
    site_id = fields.Many2one(related="entrance_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="entrance_id.company_id", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    hour = fields.Integer(
        required=True,
        default=WHOLE_DAY,
        aggregator=None,
        help="Local hour, 0 to 23; -1 when the whole day was counted at once.",
    )
    visitors = fields.Integer(required=True)
    source = fields.Selection(VISITOR_SOURCES, required=True, default="manual")

    _count_unique = models.UniqueIndex(
        "(entrance_id, date, hour)",
        "This hour of this entrance is counted already: change that figure.",
    )
    _hour_range = models.Constraint(
        "CHECK (hour BETWEEN -1 AND 23)", "An hour is 0 to 23, or -1 for a whole day."
    )
    _visitors_positive = models.Constraint(
        "CHECK (visitors >= 0)", "A number of visitors cannot be negative."
    )
