from odoo import fields, models


class KpiHandoverRevocation(models.TransientModel):
    """Why a mark of the dock or of a delivery is taken back."""

    _name = "kpi.handover.revocation"
    _description = "Take a Mark Back"

    handover_id = fields.Many2one("kpi.handover", required=True, ondelete="cascade")
    picking_id = fields.Many2one(related="handover_id.picking_id")
    moment = fields.Datetime(related="handover_id.moment")
    reason = fields.Char(required=True)

    def action_take_back(self):
        self.ensure_one()
        self.handover_id._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
