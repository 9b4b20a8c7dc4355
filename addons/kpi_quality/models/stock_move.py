from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

# What happened to a move, and what was promised: nobody types it.
FACTS = {
    "kpi_due_at",
    "kpi_root_move_id",
    "kpi_done_at",
    "kpi_done_by_id",
    "kpi_cancelled_at",
}


class StockMove(models.Model):
    _inherit = "stock.move"

    kpi_due_at = fields.Datetime(
        string="First due",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The deadline when the move was first confirmed; rescheduling does not "
        "move it.",
    )
    kpi_root_move_id = fields.Many2one(
        "stock.move",
        string="Split from",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The move that the promise was given for, before it was split.",
    )
    kpi_done_at = fields.Datetime(
        string="Really done", readonly=True, copy=False, index="btree_not_null"
    )
    kpi_done_by_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, copy=False, ondelete="set null"
    )
    kpi_cancelled_at = fields.Datetime(string="Cancelled on", readonly=True, copy=False)

    # Open promises are few, done ones many: the delays board asks for the few.
    _kpi_open_due_idx = models.Index(
        "(kpi_due_at) WHERE kpi_due_at IS NOT NULL"
        " AND state NOT IN ('draft', 'done', 'cancel')"
    )
    _kpi_open_step_idx = models.Index(
        "(picking_type_id) WHERE state NOT IN ('draft', 'done', 'cancel')"
    )
    _kpi_awaited_idx = models.Index(
        "(purchase_line_id) WHERE purchase_line_id IS NOT NULL"
        " AND state NOT IN ('draft', 'done', 'cancel')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = self._kpi_with_known_facts(vals_list)
        return super().create(vals_list)

    def _kpi_with_known_facts(self, vals_list):
        """What new moves may have of the facts: a part has the promise of its root.

        Said outright, so that no default of the context steps in either.
        """
        root_ids = [vals.get("kpi_root_move_id") for vals in vals_list]
        roots = self.sudo().browse(filter(None, root_ids)).exists()
        due_of = {root.id: root.kpi_due_at for root in roots}
        nothing = dict.fromkeys(FACTS, False)
        known = []
        for vals, root_id in zip(vals_list, root_ids, strict=True):
            due = fields.Datetime.to_datetime(vals.get("kpi_due_at")) or False
            facts = {"kpi_root_move_id": root_id, "kpi_due_at": due}
            of_root = root_id in due_of and due_of[root_id] == due
            known.append(vals | nothing | (facts if of_root else {}))
        return known

    def write(self, vals):
        if not self.env.su and FACTS & vals.keys():
            raise UserError(
                self.env._(
                    "When a transfer was due and done is a fact and cannot be changed."
                )
            )
        return super().write(vals)

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        moves = super()._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc
        )
        moves._kpi_freeze_due()
        return moves

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        done = moves.exists().filtered(
            lambda move: move.state == "done" and not move.kpi_done_at
        )
        by_person = self.env.uid != SUPERUSER_ID
        done.sudo().write(
            {
                "kpi_done_at": fields.Datetime.now(),
                "kpi_done_by_id": by_person and self.env.uid,
            }
        )
        return moves

    def _action_cancel(self):
        result = super()._action_cancel()
        cancelled = self.exists().filtered(
            lambda move: move.state == "cancel" and not move.kpi_cancelled_at
        )
        cancelled.sudo().kpi_cancelled_at = fields.Datetime.now()
        return result

    def _kpi_freeze_due(self):
        """Keep the deadline that the customer was given first.

        A sale line that was promised before (confirmed, cancelled, confirmed again;
        quantity raised after a new date) passes its first promise on.
        """
        for move in self.sudo():  # a fact, whoever confirms
            if move.kpi_due_at or not move.date_deadline:
                continue
            due = move.date_deadline
            line = move.sale_line_id
            if line.kpi_promised_at:
                due -= line._kpi_promise() - line.kpi_promised_at
            move.kpi_due_at = due

    def _kpi_promise_vals(self):
        """What a move made of this one carries on."""
        self.ensure_one()
        return {"kpi_due_at": self.kpi_due_at}

    def _prepare_move_split_vals(self, qty):
        root = self.kpi_root_move_id or self
        return (
            super()._prepare_move_split_vals(qty)
            | self._kpi_promise_vals()
            | {"kpi_root_move_id": root.id}
        )

    def _merge_moves_fields(self):
        due = min(filter(None, self.mapped("kpi_due_at")), default=False)
        kept = self[0]
        if kept.kpi_due_at != due:
            # Not among the values: those are written with the rights of the user.
            kept.sudo().kpi_due_at = due
        return super()._merge_moves_fields()
