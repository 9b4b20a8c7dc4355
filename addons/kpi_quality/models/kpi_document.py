from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# The rows of a figure are numbered, so the same id is another row in another figure.
OF_FIGURE = {"depends_context": ("kpi_figure_model", "kpi_figure_id", "uid")}
# Above this many the client would choke on the list of ids.
OPEN_LIMIT = 10000


class KpiDocument(models.Model):
    """The documents behind one figure: the source's own SELECT, with a WHERE.

    Which figure is named by the context (``kpi_figure_model``, ``kpi_figure_id``)
    that ``action_open_documents`` of ``kpi.figure.mixin`` sets. Whoever may read
    the figure may see these rows, and nobody else: there is no table to read.
    """

    _name = "kpi.document"
    _description = "Document Behind a Figure"
    _auto = False
    _order = "date DESC, id"

    indicator_id = fields.Many2one("kpi.indicator", readonly=True, **OF_FIGURE)
    unit = fields.Selection(related="indicator_id.unit")
    res_model = fields.Char(string="Document Model", readonly=True, **OF_FIGURE)
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        readonly=True,
        aggregator=None,
        **OF_FIGURE,
    )
    reference = fields.Char(compute="_compute_reference", **OF_FIGURE)
    kind = fields.Char(compute="_compute_reference", **OF_FIGURE)
    date = fields.Date(readonly=True, **OF_FIGURE)
    moment = fields.Datetime(readonly=True, **OF_FIGURE)
    company_id = fields.Many2one("res.company", readonly=True, **OF_FIGURE)
    site_id = fields.Many2one("kpi.site", readonly=True, **OF_FIGURE)
    department_id = fields.Many2one("hr.department", readonly=True, **OF_FIGURE)
    employee_id = fields.Many2one("hr.employee", readonly=True, **OF_FIGURE)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, **OF_FIGURE)
    partner_name = fields.Char(
        string="Partner", compute="_compute_partner_name", **OF_FIGURE
    )
    partner_ref = fields.Integer(readonly=True, aggregator=None, **OF_FIGURE)
    numerator = fields.Float(string="Counted", digits=0, readonly=True, **OF_FIGURE)
    denominator = fields.Float(
        string="Divided by", digits=0, readonly=True, **OF_FIGURE
    )

    @property
    def _table_query(self):
        figure = self._get_figure_source()
        if figure is None or not figure.indicators:
            return SQL(
                """
                SELECT
                    0 AS id, NULL::int4 AS indicator_id,
                    NULL::varchar AS res_model, NULL::int4 AS res_id,
                    NULL::date AS date, NULL::timestamp AS moment,
                    NULL::int4 AS company_id, NULL::int4 AS site_id,
                    NULL::int4 AS department_id, NULL::int4 AS employee_id,
                    NULL::int4 AS warehouse_id, NULL::int4 AS partner_ref,
                    NULL::numeric AS numerator, NULL::numeric AS denominator
                WHERE FALSE
                """
            )
        self.env.flush_all()
        engine = self.env["kpi.engine"].sudo()  # reading the figure was checked
        return SQL(
            """
            SELECT
                row_number() OVER (
                    ORDER BY indicator_id, res_model, res_id, numerator, denominator
                )::int4 AS id,
                indicator_id, res_model, res_id, date, moment,
                company_id, site_id, department_id, employee_id, warehouse_id,
                document_partner_id AS partner_ref,
                numerator, denominator
            FROM (%s) AS document
            """,
            SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s AS indicator_id, part.* FROM (%s) AS part",
                    indicator.id,
                    engine._placed(
                        indicator,
                        window,
                        SQL(
                            "placed.company_id = %s AND %s",
                            figure.company.id,
                            figure.condition_of(indicator),
                        ),
                    ),
                )
                # the definition (model, domain) is read, not the user's own records
                for indicator in figure.indicators.sudo()
                for window in engine._measured_windows(
                    indicator, figure.company, figure.date_from, figure.date_to
                )
            ),
        )

    @api.model
    def _get_figure_source(self):
        """The figure named by the context, when the user may read it."""
        model = self.env.context.get("kpi_figure_model")
        res_id = self.env.context.get("kpi_figure_id")
        if not isinstance(model, str) or type(res_id) is not int:
            return None
        mixin = self.pool["kpi.figure.mixin"]
        if model not in self.pool or not issubclass(self.pool[model], mixin):
            return None
        if self.env[model]._abstract:
            return None
        figure = self.env[model].browse(res_id).exists()
        if not figure:
            return None
        figure.check_access("read")
        return figure._figure_source()

    @api.depends("res_model", "res_id")
    def _compute_reference(self):
        names = {}
        for model, documents in self.grouped("res_model").items():
            if model not in self.env:
                continue
            name = self.env["ir.model"]._get(model).name
            records = self.env[model].sudo().browse(set(documents.mapped("res_id")))
            for record in records.exists():  # sudo: see the class docstring
                # An invoice and its refund share a model, but not the word for it.
                kind = record.type_name if "type_name" in record._fields else name
                names[model, record.id] = (record.display_name, kind)
        for document in self:
            document.reference, document.kind = names.get(
                (document.res_model, document.res_id), (False, False)
            )

    @api.depends("partner_ref")
    def _compute_partner_name(self):
        partners = self.env["res.partner"].sudo()  # the name only
        names = {
            partner.id: partner.display_name
            for partner in partners.browse(set(self.mapped("partner_ref")) - {0})
        }
        for document in self:
            document.partner_name = names.get(document.partner_ref, False)

    # ------------------------------------------------------------- actions
    def action_open(self):
        """Open one document, with the user's own rights on it."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(
                self.env._("This document does not exist any more; measure again.")
            )
        if not record.has_access("read"):
            raise UserError(
                self.env._(
                    "You may see that %(document)s counts in this figure, but opening "
                    "it needs further rights. Ask your team lead.",
                    document=self.reference,
                )
            )
        return record.get_formview_action()

    def action_open_all(self):
        """Open all documents of the figure as a plain list of their own model."""
        figure = self._get_figure_source()
        groups = self._read_group([], ["res_model"], ["res_id:array_agg_distinct"])
        if not figure or not groups:
            raise UserError(self.env._("There are no documents behind this figure."))
        model, ids = max(groups, key=lambda group: len(group[1]))
        if len(ids) > OPEN_LIMIT:
            raise UserError(
                self.env._(
                    "These are %(count)s documents. Narrow the figure down first, "
                    "e.g. to one employee or day.",
                    count=len(ids),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": figure.title,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }
