from odoo import models
from odoo.fields import Domain


class KpiJournalMixin(models.AbstractModel):
    """A document whose journal can be opened."""

    _name = "kpi.journal.mixin"
    _description = "Document With a Journal"

    def _kpi_journal_documents(self):
        """:return: recordsets whose entries belong into this document's journal"""
        return [self]

    def action_kpi_open_journal(self):
        self.ensure_one()
        self.check_access("read")
        return self._kpi_journal_action()

    def _kpi_journal_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kpi_quality.kpi_order_journal_action"
        )
        action["display_name"] = self.env._(
            "Journal of %(document)s", document=self.display_name
        )
        action["domain"] = Domain.OR(
            Domain("res_model", "=", documents._name)
            & Domain("res_id", "in", documents.ids)
            for documents in self._kpi_journal_documents()
        )
        return action
