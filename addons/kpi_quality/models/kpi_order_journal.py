from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..const import JOURNAL_EVENTS, JOURNAL_MODELS
from .kpi_order_journal_triggers import NOW, create_triggers


class KpiOrderJournal(models.Model):
    """What happened to an order: states, dates, goods, and who had it open.

    PostgreSQL writes it (see ``kpi_order_journal_triggers``), so nothing is missed and
    it costs no query of Odoo's; visits come from the browser. Values are stored as
    keys, numbers and UTC, and put into words for whoever reads them.
    """

    _name = "kpi.order.journal"
    _description = "Order Journal Entry"
    _log_access = False
    _order = "moment DESC, id DESC"
    _rec_name = "description"

    res_model = fields.Selection(
        JOURNAL_MODELS, string="Kind of document", required=True, readonly=True
    )
    res_id = fields.Many2oneReference(
        string="Document ID",
        model_field="res_model",
        required=True,
        readonly=True,
        aggregator=None,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    event = fields.Selection(JOURNAL_EVENTS, required=True, readonly=True)
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    line_id = fields.Integer(string="Line ID", readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    moment = fields.Datetime(required=True, readonly=True)
    seconds = fields.Integer(
        readonly=True, help="How long the document was open and worked on."
    )
    visit = fields.Char(readonly=True, help="One opening of a document by one user.")
    reference = fields.Char(string="Document", compute="_compute_reference")
    description = fields.Char(string="What happened", compute="_compute_description")
    is_readable = fields.Boolean(
        compute="_compute_is_readable",
        search="_search_is_readable",
        export_string_translation=False,
        help="The user may read the document.",
    )

    _document_idx = models.Index("(res_model, res_id)")
    _promise_idx = models.Index("(res_model, moment) WHERE event = 'promise'")
    _visit_unique = models.UniqueIndex(
        "(user_id, visit) WHERE visit IS NOT NULL", "This visit is noted already."
    )

    def init(self):
        create_triggers(self.env.cr)

    def action_open_document(self):
        """Open the document with the user's own rights on it."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(self.env._("This document does not exist any more."))
        return document.get_formview_action()

    # ------------------------------------------------------------- documents
    @api.depends("res_model", "res_id")
    def _compute_reference(self):
        names = {}
        for model, entries in self.grouped("res_model").items():
            documents = self.env[model].sudo()  # the name only
            documents = documents.browse(set(entries.mapped("res_id"))).exists()
            names |= {(model, record.id): record.display_name for record in documents}
        for entry in self:
            entry.reference = names.get((entry.res_model, entry.res_id), False)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_is_readable(self):
        readable = set()
        for model, entries in self.grouped("res_model").items():
            documents = self.env[model].with_user(self.env.uid)
            documents = documents.browse(set(entries.mapped("res_id"))).exists()
            readable |= {
                (model, res_id) for res_id in documents._filtered_access("read").ids
            }
        for entry in self:
            entry.is_readable = (entry.res_model, entry.res_id) in readable

    def _search_is_readable(self, operator, value):
        """By EXISTS: a journal of one order need not look at all orders."""
        if operator != "in":
            return NotImplemented

        def documents_found(_model, alias, _query):
            found = [SQL("FALSE")]
            for model, _name in JOURNAL_MODELS:
                # Rules are evaluated as superuser: back to the rights of the reader.
                documents = self.env[model].with_user(self.env.uid)
                if not documents.has_access("read"):
                    continue
                query = documents._search(Domain.TRUE, active_test=False)
                query.add_where(
                    SQL(
                        "%s = %s",
                        SQL.identifier(query.table, "id"),
                        SQL.identifier(alias, "res_id"),
                    )
                )
                found.append(
                    SQL(
                        "(%s = %s AND EXISTS %s)",
                        SQL.identifier(alias, "res_model"),
                        model,
                        query.subselect(SQL("1")),
                    )
                )
            return SQL("(%s)", SQL(" OR ").join(found))

        readable = Domain.custom(to_sql=documents_found)
        return readable if True in value else ~readable

    # ----------------------------------------------------------------- words
    @api.depends("event", "old_value", "new_value", "product_id", "seconds")
    @api.depends_context("lang", "tz")
    def _compute_description(self):
        for entry in self:
            describe = getattr(entry, f"_describe_{entry.event}", None)
            entry.description = describe() if describe else False

    def _describe_change(self, old, new, subject=None):
        """“old → new”, what was empty before or after left out."""
        values = " → ".join(filter(None, (old, new))) if new else f"{old} → –"
        return f"{subject}: {values}" if subject else values

    def _describe_state(self):
        field = self.env[self.res_model]._fields["state"]
        labels = dict(field._description_selection(self.env))
        old, new = (
            labels.get(value, value) for value in (self.old_value, self.new_value)
        )
        return self._describe_change(old, new)

    def _describe_promise(self):
        if self.res_model == "sale.order" and self.line_id:
            return self.env._(
                "%(product)s: lead time of %(old)s → %(new)s days",
                product=self._product_name(),
                old=self._format_quantity(self.old_value),
                new=self._format_quantity(self.new_value),
            )
        old, new = (
            self._format_date(self.old_value),
            self._format_date(self.new_value),
        )
        # A date given for the first time comes from “none”, not from nowhere.
        return self._describe_change(
            old or "–", new, self.line_id and self._product_name()
        )

    def _describe_goods(self):
        unit = self.product_id.sudo().uom_id.name  # whoever may read no products
        quantities = {
            "product": self._product_name(),
            "old": self._format_quantity(self.old_value),
            "new": self._format_quantity(self.new_value),
            "unit": unit or "",
        }
        if not self.old_value:
            return self.env._("%(product)s: added, %(new)s %(unit)s", **quantities)
        if not self.new_value:
            return self.env._(
                "%(product)s: taken out, was %(old)s %(unit)s", **quantities
            )
        return self.env._("%(product)s: %(old)s → %(new)s %(unit)s", **quantities)

    def _describe_opened(self):
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        if minutes:
            return self.env._(
                "%(minutes)s min %(seconds)s s", minutes=minutes, seconds=seconds
            )
        return self.env._("%(seconds)s s", seconds=seconds)

    def _product_name(self):
        return self.product_id.sudo().display_name or self.env._("Product")

    def _format_quantity(self, value):
        if not value:
            return ""
        number = float(value)
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        decimals = len(f"{number:.5f}".rstrip("0").partition(".")[2])
        return (
            self.env["res.lang"]
            .browse(language.id)
            .format(f"%.{decimals}f", number, grouping=True)
        )

    def _format_date(self, value):
        if not value:
            return ""
        return format_datetime(
            self.env, value[:19], tz=str(self.env.tz), dt_format="short"
        )

    # ---------------------------------------------------------------- writing
    @api.model
    def _log_reschedule(self, pickings_before):
        """A person moved what is planned: the one date that no trigger can tell.

        :param pickings_before: ``(transfer, planned date before)``
        """
        for picking, before in pickings_before:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO kpi_order_journal (
                        res_model, res_id, company_id, event, old_value, new_value,
                        user_id, moment
                    ) VALUES (
                        %(model)s, %(id)s, %(company)s, 'promise', %(old)s, %(new)s,
                        %(user)s, %(now)s
                    )
                    """,
                    model=picking._name,
                    id=picking.id,
                    company=picking.company_id.id or None,
                    old=fields.Datetime.to_string(before) or None,
                    new=fields.Datetime.to_string(picking.scheduled_date),
                    user=self.env.uid,
                    now=NOW,
                )
            )

    @api.model
    def _log_visit(self, document, visit, seconds):
        """Note how long the user worked on a document that is open.

        The browser tells the whole length again whenever the page is hidden: one
        visit is one entry, however often it is told and in whatever order.

        :param visit: key of the visit, made by the browser
        :param seconds: worked so far
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_order_journal AS entry (
                    res_model, res_id, company_id, event, user_id, visit, seconds,
                    moment
                ) VALUES (
                    %(model)s, %(id)s, %(company)s, 'opened', %(user)s, %(visit)s,
                    %(seconds)s, %(now)s - %(seconds)s * INTERVAL '1 second'
                )
                ON CONFLICT (user_id, visit) WHERE visit IS NOT NULL
                DO UPDATE SET seconds = GREATEST(entry.seconds, EXCLUDED.seconds)
                WHERE entry.res_model = EXCLUDED.res_model
                    AND entry.res_id = EXCLUDED.res_id
                """,
                model=document._name,
                id=document.id,
                company=document.company_id.id or None,
                user=self.env.uid,
                visit=visit,
                seconds=seconds,
                now=NOW,
            )
        )
