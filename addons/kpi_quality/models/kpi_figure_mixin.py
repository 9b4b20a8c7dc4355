from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What an atom is about, beside its indicator, day and hour. Unknown is NULL.
DIMENSIONS = (
    "company_id",
    "site_id",
    "department_id",
    "employee_id",
    "warehouse_id",
    "partner_id",
    "item_key",
)


class FigureSource(NamedTuple):
    """Which documents a shown figure was made of: of these indicators, on these
    days of this company, and ``condition``, SQL over ``placed`` (see ``kpi.engine``),
    or what gives it for one of the indicators.
    """

    indicators: models.BaseModel
    company: models.BaseModel
    date_from: date
    date_to: date
    condition: SQL | Callable[[models.BaseModel], SQL]
    title: str

    def condition_of(self, indicator):
        return self.condition(indicator) if callable(self.condition) else self.condition


class KpiFigureMixin(models.AbstractModel):
    """A record that shows a figure, and can open the documents behind it.

    Whoever may read the figure may see what it was made of: reference, day and
    amount. Opening a document itself needs the rights on that document.
    """

    _name = "kpi.figure.mixin"
    _description = "Figure With Documents"

    def _figure_source(self):
        """:rtype: FigureSource or None when no document stands behind it"""
        raise NotImplementedError

    def action_open_documents(self):
        self.ensure_one()
        figure = self._figure_source()
        if figure is None:
            raise UserError(
                self.env._("There are no documents behind this figure yet: no data.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_document_action"
        )
        action["display_name"] = figure.title
        action["context"] = {
            "kpi_figure_model": self._name,
            "kpi_figure_id": self.id,
            "kpi_has_base": "ratio" in figure.indicators.mapped("aggregation"),
            "search_default_group_by_indicator": len(figure.indicators) > 1,
        }
        return action

    def _atom_source(self):
        """The documents of one atom: a record with all dimensions of a measurement."""
        self.ensure_one()
        conditions = [
            SQL(
                "COALESCE(placed.%s, 0) = %s",
                SQL.identifier(name),
                self[name].id or 0 if name != "item_key" else self.item_key,
            )
            for name in DIMENSIONS
        ]
        if self.indicator_id.grain == "hour":
            # Read past the ORM, which shows an unknown hour as midnight.
            conditions.append(
                SQL(
                    """
                    placed.hour IS NOT DISTINCT FROM (
                        SELECT hour FROM %s WHERE id = %s
                    )
                    """,
                    SQL.identifier(self._table),
                    self.id,
                )
            )
        return FigureSource(
            indicators=self.indicator_id,
            company=self.company_id,
            date_from=self.date,
            date_to=self.date,
            condition=SQL(" AND ").join(conditions),
            title=self.indicator_id.name,
        )
