from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..const import DELAY_BUCKETS
from ..models.kpi_engine_documents import KEY
from ..models.kpi_figure_mixin import FigureSource

# What delimits a selection; an empty one lets everything through.
PLACES = ("site_id", "department_id", "employee_id", "warehouse_id", "partner_id")
LAST_BUCKET = len(DELAY_BUCKETS)


class KpiFigureSelection(models.TransientModel):
    """A figure put together on a screen: indicators, days, a place, delay buckets.

    Its documents are those of exactly the atoms that the user may read, so a bar and
    what opens from it agree, and nothing is seen through it that is not seen without.
    """

    _name = "kpi.figure.selection"
    _description = "Selected Figure"
    _inherit = ["kpi.figure.mixin"]
    _rec_name = "title"

    title = fields.Char()
    indicator_ids = fields.Many2many("kpi.indicator", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    site_id = fields.Many2one("kpi.site")
    department_id = fields.Many2one("hr.department")
    employee_id = fields.Many2one("hr.employee")
    warehouse_id = fields.Many2one("stock.warehouse")
    partner_id = fields.Many2one("res.partner")
    unknown = fields.Selection(
        [
            ("site_id", "Site"),
            ("department_id", "Department"),
            ("employee_id", "Employee"),
            ("warehouse_id", "Warehouse"),
            ("partner_id", "Partner"),
        ],
        help="What nobody knows of the documents wanted, e.g. who did it.",
    )
    bucket_from = fields.Integer(default=0, help="See DELAY_BUCKETS.")
    bucket_to = fields.Integer(default=LAST_BUCKET)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for selection in self:
            if selection.date_to < selection.date_from:
                raise ValidationError(
                    self.env._("The first day comes after the last one: swap them.")
                )

    # -------------------------------------------------------------- figure
    def _figure_source(self):
        self.ensure_one()
        return FigureSource(
            indicators=self.indicator_ids,
            company=self.company_id,
            date_from=self.date_from,
            date_to=self.date_to,
            condition=self._readable_documents,
            title=self.title or ", ".join(self.indicator_ids.mapped("name")),
        )

    def _atom_domain(self):
        """The atoms of this figure."""
        self.ensure_one()
        domain = [
            ("indicator_id", "in", self.indicator_ids.ids),
            ("company_id", "=", self.company_id.id),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            *((name, "=", self[name].id) for name in PLACES if self[name]),
        ]
        if self.unknown:
            domain.append((self.unknown, "=", False))
        if self.bucket_from > 0:
            domain.append(("item_key", ">=", self.bucket_from))
        if self.bucket_to < LAST_BUCKET:
            domain += [
                "|",
                ("item_key", "<=", self.bucket_to),
                ("item_key", "=", False),
            ]
        return domain

    def _readable_documents(self, indicator):
        """SQL over ``placed``: it is counted in an atom that the user may read.

        :param indicator: whose documents; an atom of another one does not count
        """
        atoms = self.env["kpi.measurement"]._search(
            [("indicator_id", "=", indicator.id), *self._atom_domain()]
        )
        return SQL(
            "(%s) IN %s",
            SQL(", ").join(self._key_of("placed")),
            atoms.subselect(*self._key_of(atoms.table)),
        )

    @api.model
    def _key_of(self, alias):
        """What tells the atoms of an indicator apart, without NULL."""
        return [
            SQL("COALESCE(%s, -1)", SQL.identifier(alias, name))
            if name != "date"
            else SQL.identifier(alias, name)
            for name in KEY
        ]
