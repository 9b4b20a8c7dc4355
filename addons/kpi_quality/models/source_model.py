"""Figures counted over the records of any Odoo model."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..exceptions import SourceError

# Which record each path has to lead to.
PATHS = {
    "model_employee_path": ("hr.employee", "res.users"),
    "model_department_path": ("hr.department",),
    "model_warehouse_path": ("stock.warehouse",),
    "model_partner_path": ("res.partner",),
}
NUMBERS = ("integer", "float", "monetary")


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    source = fields.Selection(
        selection_add=[("model", "Records of a model")], ondelete={"model": "cascade"}
    )
    model_id = fields.Many2one(
        "ir.model",
        ondelete="cascade",
        domain=[("transient", "=", False), ("abstract", "=", False)],
    )
    model_name = fields.Char(related="model_id.model", string="Model Name")
    model_domain = fields.Char(string="Records", default="[]", tracking=True)
    model_date_path = fields.Char(string="Date", default="create_date")
    model_measure_path = fields.Char(
        string="Added up", help="What is added up; empty: the number of records."
    )
    model_base_path = fields.Char(
        string="Divided by",
        help="For ratios: what the measure is divided by; empty: the number of "
        "records, i.e. a mean.",
    )
    model_key_path = fields.Char(
        string="Counted once",
        help="For the number of different keys: e.g. the customer of an order.",
    )
    model_employee_path = fields.Char(
        string="Employee", help="Leads to an employee or a user."
    )
    model_department_path = fields.Char(
        string="Department", help="Empty: the employee's department on that day."
    )
    model_warehouse_path = fields.Char(string="Warehouse")
    model_partner_path = fields.Char(string="Partner")

    def _get_source(self):
        options = super()._get_source()
        if self.source == "model":
            options["by_user"] = self._leads_to_user()
        return options

    def _leads_to_user(self):
        try:
            _model, field = self._resolve_path(
                self._get_model(), "model_employee_path", comodels=("res.users",)
            )
        except SourceError:
            return False
        return bool(field)

    @api.constrains(
        "source",
        "aggregation",
        "model_id",
        "model_domain",
        "model_date_path",
        "model_measure_path",
        "model_base_path",
        "model_key_path",
        *PATHS,
    )
    def _check_model(self):
        for indicator in self.filtered(lambda i: i.source == "model"):
            try:
                indicator._validate_model()
            except SourceError as error:
                raise ValidationError(str(error)) from error

    def _check_source(self, window):
        result = super()._check_source(window)
        if self.source == "model":
            self._validate_model()
            self._check_model_currency(window)
        return result

    def _validate_model(self):
        """:raise SourceError: the definition does not fit the model (any more)"""
        self.ensure_one()
        model = self._get_model()
        self._get_model_domain(model)
        self._resolve_path(model, "model_date_path", types=("date", "datetime"))
        for name in ("model_measure_path", "model_base_path"):
            if self[name]:
                self._resolve_path(model, name, types=NUMBERS)
        if self.aggregation == "distinct":
            self._resolve_path(model, "model_key_path", types=("many2one", "integer"))
        for name, comodels in PATHS.items():
            if self[name]:
                self._resolve_path(model, name, comodels=comodels)

    def _definition_error(self, message):
        return SourceError(f"{self.name}: {message}", "definition")

    def _get_model(self):
        # model_name, for a KPI manager may not read ir.model.
        if not self.model_id or self.model_name not in self.env:
            raise self._definition_error(
                self.env._("choose the model whose records are counted.")
            )
        model = self.env[self.model_name].sudo()  # figures are of all records
        if model._abstract or model._transient:
            raise self._definition_error(
                self.env._("records of %(model)s are not kept.", model=model._name)
            )
        return model

    def _get_model_domain(self, model):
        try:
            domain = Domain(literal_eval(self.model_domain or "[]"))
            domain.validate(model)
        except (ValueError, SyntaxError, TypeError, KeyError) as error:
            raise self._definition_error(
                self.env._(
                    "the filter does not fit %(model)s: %(error)s. "
                    "Correct it with the filter editor.",
                    model=model._name,
                    error=error,
                )
            ) from error
        return domain

    def _resolve_path(self, model, name, types=(), comodels=()):
        """Follow a dotted path of stored many2one fields.

        :return: the last model and field
        """
        path = self[name]
        label = self._fields[name].get_description(self.env)["string"]
        *steps, last = (path or "").split(".")
        leads_on = True
        for step in steps:
            field = self._resolve_field(model, step, label)
            leads_on = field.type == "many2one"
            if not leads_on:
                break
            model = self.env[field.comodel_name].sudo()
        field = leads_on and self._resolve_field(model, last, label)
        if (
            not field
            or (types and field.type not in types)
            or (comodels and field.comodel_name not in comodels)
        ):
            raise self._definition_error(
                self.env._(
                    "%(label)s: “%(path)s” does not lead to %(expected)s.",
                    label=label,
                    path=path,
                    expected=" / ".join(comodels or types),
                )
            )
        return model, field

    def _resolve_field(self, model, fname, label):
        field = model._fields.get(fname)
        if field is None:
            raise self._definition_error(
                self.env._(
                    "%(label)s: %(model)s has no field “%(field)s”.",
                    label=label,
                    model=model._name,
                    field=fname,
                )
            )
        if not (field.store or field.related):
            raise self._definition_error(
                self.env._(
                    "%(label)s: “%(field)s” is calculated on the fly and cannot be "
                    "counted; choose a stored field.",
                    label=label,
                    field=fname,
                )
            )
        return field

    def _path_sql(self, model, query, path):
        """SQL of what a path leads to, with the joins added to the query."""
        alias = model._table
        *steps, last = path.split(".")
        for step in steps:
            model, alias = model._fields[step].join(model, alias, query)
            model = model.sudo()
        return model._field_to_sql(alias, last, query)

    def _company_sql(self, model, query):
        """SQL of a record's company: its own, else its employee's, else the
        indicator's; the first of all when there is none, whoever measures.
        """
        companies = []
        if "company_id" in model._fields:
            companies.append("company_id")
        if self.model_employee_path:
            companies.append(f"{self.model_employee_path}.company_id")
        first = self.env["res.company"].sudo().search([], order="id", limit=1)
        return SQL(
            "COALESCE(%s)",
            SQL(", ").join(
                [
                    *(self._path_sql(model, query, path) for path in companies),
                    SQL("%s", (self.company_id or first).id),
                ]
            ),
        )

    def _model_query(self, window):
        """The records of a window, before their local days are known."""
        model = self._get_model()
        domain = self._get_model_domain(model)
        _last, date_field = self._resolve_path(model, "model_date_path")
        if self.aggregation != "snapshot":
            low, high = (
                (window.date_from, window.date_to)
                if date_field.type == "date"
                else (window.utc_from, window.utc_to)
            )
            domain &= Domain(self.model_date_path, ">=", low)
            domain &= Domain(self.model_date_path, "<=", high)
        return model, model._search(domain), date_field

    def _check_model_currency(self, window):
        """:raise SourceError: amounts of different currencies would be added up"""
        for name in ("model_measure_path", "model_base_path"):
            if not self[name]:
                continue
            owner, field = self._resolve_path(self._get_model(), name)
            currency = field.type == "monetary" and field.get_currency_field(owner)
            if not currency:
                continue
            if not (owner._fields[currency].store or owner._fields[currency].related):
                continue  # cannot be told by SQL
            model, query, _date_field = self._model_query(window)
            steps = self[name].split(".")[:-1]
            currency = self._path_sql(model, query, ".".join([*steps, currency]))
            company = self._company_sql(model, query)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT currency.name
                    FROM %(records)s
                    JOIN res_currency AS currency ON currency.id = %(currency)s
                    JOIN res_company AS company ON company.id = %(company)s
                    WHERE %(where)s
                        AND currency.id != company.currency_id
                    ORDER BY currency.name
                    """,
                    records=query.from_clause,
                    currency=currency,
                    company=company,
                    where=query.where_clause or SQL("TRUE"),
                )
            )
            if rows:
                raise self._definition_error(
                    self.env._(
                        "some amounts are in %(currencies)s and cannot be added to "
                        "those in the company's currency. Choose a measure in the "
                        "company's currency, or leave these records out by the filter.",
                        currencies=", ".join(currency for [currency] in rows),
                    )
                )

    def _select_model(self, window):
        """Any model: domain, date, measure and paths as the indicator says."""
        model, query, date_field = self._model_query(window)

        def path_sql(name):
            return self._path_sql(model, query, self[name])

        columns = {
            "res_model": SQL("%s", model._name),
            "res_id": SQL.identifier(model._table, "id"),
            "company_id": self._company_sql(model, query),
            "numerator": path_sql("model_measure_path")
            if self.model_measure_path
            else SQL("1"),
        }
        if self.aggregation == "snapshot":
            columns["moment"] = SQL("%s", window.now)
        else:
            name = "day" if date_field.type == "date" else "moment"
            columns[name] = path_sql("model_date_path")
        if self.aggregation == "ratio":
            columns["denominator"] = (
                path_sql("model_base_path") if self.model_base_path else SQL("1")
            )
        if self.aggregation == "distinct":
            # An empty number is 0: no key.
            columns["item_key"] = SQL("NULLIF(%s, 0)", path_sql("model_key_path"))
        if self.model_employee_path:
            name = "user_id" if self._leads_to_user() else "employee_id"
            columns[name] = path_sql("model_employee_path")
        for name in ("department", "warehouse", "partner"):
            if self[f"model_{name}_path"]:
                columns[f"{name}_id"] = path_sql(f"model_{name}_path")
        return self.env["kpi.engine"]._document_select(
            SQL(
                "FROM %s WHERE %s",
                query.from_clause,
                query.where_clause or SQL("TRUE"),
            ),
            **columns,
        )
