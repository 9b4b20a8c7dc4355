from odoo import models


class KpiGuardedMixin(models.AbstractModel):
    """What nobody can move to where he may not write.

    Odoo looks at the record rules before a write only: who may write a row could hand
    it to another company, or to another's site.
    """

    _name = "kpi.guarded.mixin"
    _description = "Row That Stays in Reach"

    def write(self, vals):
        result = super().write(vals)
        self.check_access("write")
        return result
