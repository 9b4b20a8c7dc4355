from odoo import models
from odoo.tools import SQL


class KpiJournalLineMixin(models.AbstractModel):
    """A line of an order: who deletes it is its last writer, so the journal knows."""

    _name = "kpi.journal.line.mixin"
    _description = "Line in the Order Journal"

    def unlink(self):
        self.check_access("unlink")
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_uid = %s WHERE id IN %s",
                    SQL.identifier(self._table),
                    self.env.uid,
                    tuple(self.ids),
                )
            )
        return super().unlink()
