from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..const import VISITOR_SOURCES

WHOLE_DAY = -1


class KpiVisitorCount(models.Model):
    """Who came in by a door in an hour of a local day, as its counter says."""

    _name = "kpi.visitor.count"
    _description = "Visitor Count"
    _inherit = ["kpi.guarded.mixin"]
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
    hour_slot = fields.Selection(
        selection="_get_hour_slots",
        string="Time",
        compute="_compute_hour_slot",
        readonly=False,
    )
    visitors = fields.Integer(required=True)
    source = fields.Selection(
        VISITOR_SOURCES,
        required=True,
        default=lambda self: (
            "import" if self.env.context.get("import_file") else "manual"
        ),
    )

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

    @api.model
    def _get_hour_slots(self):
        return [
            (str(WHOLE_DAY), self.env._("Whole day")),
            *((str(hour), f"{hour:02}:00 – {hour + 1:02}:00") for hour in range(24)),
        ]

    @api.depends("entrance_id", "date", "hour")
    def _compute_display_name(self):
        slots = dict(self._get_hour_slots())
        for count in self:
            day = format_date(self.env, count.date)
            slot = slots.get(str(count.hour), "")
            count.display_name = f"{count.entrance_id.display_name}, {day}, {slot}"

    @api.depends("hour")
    def _compute_hour_slot(self):
        for count in self:
            count.hour_slot = str(count.hour)

    # ---------------------------------------------------------------- checks
    @api.constrains("entrance_id", "date", "hour")
    def _check_counted_once(self):
        """A whole day and an hour of it would count the same people twice."""
        of_day = defaultdict(self.browse)
        for count in self.search(
            [
                ("entrance_id", "in", self.entrance_id.ids),
                ("date", "in", list(set(self.mapped("date")))),
            ]
        ):
            of_day[count.entrance_id, count.date] |= count
        for count in self:
            whole = count.hour == WHOLE_DAY
            others = of_day[count.entrance_id, count.date] - count
            if any(whole or other.hour == WHOLE_DAY for other in others):
                raise ValidationError(
                    self.env._(
                        "%(entrance)s, %(date)s: there is a figure for the whole day "
                        "and one for an hour of it. Keep either the day or the hours, "
                        "so that nobody is counted twice.",
                        entrance=count.entrance_id.display_name,
                        date=format_date(self.env, count.date),
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        today = self.env["kpi.engine"]._today_window().date_to
        for count in self:
            if count.date > today:
                raise ValidationError(
                    self.env._(
                        "%(entrance)s: nobody can have been counted on %(date)s yet.",
                        entrance=count.entrance_id.display_name,
                        date=format_date(self.env, count.date),
                    )
                )

    # ------------------------------------------------------------------ CRUD
    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_hour(vals) for vals in vals_list])

    def write(self, vals):
        """What somebody corrected is that person's figure, not the counter's."""
        vals = self._with_hour(vals)
        if "visitors" in vals and "source" not in vals:
            vals = {**vals, "source": "manual"}
        return super().write(vals)

    @api.model
    def _with_hour(self, vals):
        """An hour chosen in words goes before the one that the form suggested.

        Not an inverse: that would come after the insert, which takes a whole day for
        counted twice.
        """
        slot = vals.get("hour_slot")
        return {**vals, "hour": int(slot)} if slot else vals

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for visitor counts"),
                "template": "/kpi_quality/static/xls/visitor_counts.xlsx",
            }
        ]

    # -------------------------------------------------------------- business
    @api.model
    def _record(self, entrance, date, hour, visitors, source="counter"):
        """Take a figure of a device: sent again, it takes the place of the former.

        What a person entered or corrected by hand stays.

        :param hour: local, 0 to 23; ``WHOLE_DAY`` for the day at once
        :param source: a key of ``VISITOR_SOURCES``
        :return: the count
        """
        if source not in dict(VISITOR_SOURCES):
            raise UserError(
                self.env._("“%(source)s” is no source of visitors.", source=source)
            )
        known = self.search(
            [
                ("entrance_id", "=", entrance.id),
                ("date", "=", date),
                ("hour", "=", hour),
            ]
        )
        if not known:
            return self.create(
                {
                    "entrance_id": entrance.id,
                    "date": date,
                    "hour": hour,
                    "visitors": visitors,
                    "source": source,
                }
            )
        by_hand = known.source == "manual" and source != "manual"
        if not by_hand and (known.visitors, known.source) != (visitors, source):
            known.write({"visitors": visitors, "source": source})
        return known
