from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.stretch import Stretch, stretch_of

PERIODS = ("today", "days_7", "month", "last_month", "days_30", "custom")
# A trend of fewer days shows none.
TREND_DAYS = 7
# More days are no look at a board, but an analysis.
MOST_DAYS = 366


class KpiBoardMixin(models.AbstractModel):
    """What the boards have in common: the days, what a figure opens, the actions."""

    _name = "kpi.board.mixin"
    _description = "Board"

    # ---------------------------------------------------------------- filters
    @api.model
    def _clean_period(self, filters, usual):
        """Filters come from an address or yesterday's session: take what fits.

        :param str usual: the period instead of one that is not known
        :return: the period and its days
        :rtype: tuple
        """
        period = filters.get("period")
        if period == "custom":
            return period, self._own_stretch(filters)
        if period not in PERIODS:
            period = usual
        return period, stretch_of(period, fields.Date.context_today(self))

    @api.model
    def _clean_id(self, value):
        return value if type(value) is int and value > 0 else None

    @api.model
    def _own_stretch(self, filters):
        try:
            stretch = Stretch(
                fields.Date.to_date(filters["date_from"]),
                fields.Date.to_date(filters["date_to"]),
            )
            days = stretch.days
        except (KeyError, TypeError, ValueError):
            raise UserError(self.env._("Choose the first and the last day.")) from None
        if days < 1:
            raise UserError(
                self.env._("The first day comes after the last one: swap them.")
            )
        if days > MOST_DAYS:
            raise UserError(self.env._("Choose a year at most."))
        return stretch

    @api.model
    def _describe_filters(self, filters, names):
        """The period and its days, and what was chosen of other filters."""
        return {
            "period": filters.period,
            "date_from": fields.Date.to_string(filters.stretch.date_from),
            "date_to": fields.Date.to_string(filters.stretch.date_to),
            **{name: getattr(filters, name) or False for name in names},
        }

    # ----------------------------------------------------------------- figures
    @api.model
    def _open_figure(self, filters, indicator, figure, places, **narrower):
        """Open what stands behind a figure: exactly its documents.

        :param dict figure: ``date_from``, ``date_to``, ``place`` (a dimension) and
            ``id`` (empty: nobody knows), ``label``
        :param places: dimensions by which the board's figures are told apart
        :param narrower: what else narrows the figure down
        :return: a window action
        """
        values = {
            "indicator_ids": indicator.ids,
            "company_id": self.env.company.id,
            "date_from": figure.get("date_from") or filters.stretch.date_from,
            "date_to": figure.get("date_to") or filters.stretch.date_to,
            "title": " · ".join(filter(None, (indicator.name, figure.get("label")))),
            **narrower,
        }
        if place := figure.get("place"):
            self._check_place(place, places)
            values |= {place: figure["id"]} if figure.get("id") else {"unknown": place}
        return self.env["kpi.figure.selection"].create(values).action_open_documents()

    @api.model
    def _check_place(self, place, places):
        if place not in places:
            raise UserError(self.env._("This figure cannot be narrowed down so."))

    @api.model
    def _begun_improvements(self, filters, codes, places):
        """The actions begun on the days of the trend, for its marks.

        :param codes: sources of the indicators that they are to improve
        :param places: filters that an action may be about, too
        """
        trend = filters.stretch.at_least(TREND_DAYS)
        domain = [
            ("indicator_id.source", "in", codes),
            ("company_id", "=", self.env.company.id),
            ("date_start", ">=", trend.date_from),
            ("date_start", "<=", trend.date_to),
            ("state", "!=", "cancelled"),
            *(
                (name, "in", [getattr(filters, name), False])
                for name in places
                if getattr(filters, name)
            ),
        ]
        improvements = self.env["kpi.improvement"].search(
            domain, order="date_start, id"
        )
        return [
            {
                "id": improvement.id,
                "name": improvement.name,
                "code": improvement.indicator_id.source,
                "date": fields.Date.to_string(improvement.date_start),
                "state": improvement.state,
            }
            for improvement in improvements
        ]
