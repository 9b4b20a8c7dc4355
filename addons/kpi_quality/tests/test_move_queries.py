"""What our facts cost those who work in the warehouse: nothing a line."""

from odoo.tests import tagged

from .common import KpiCommon


@tagged("post_install", "-at_install")
class TestMoveQueries(KpiCommon):
    def _moves(self, *deadlines):
        """Confirmed moves of one transfer."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.partner.property_stock_customer.id,
            }
        )
        moves = self.env["stock.move"].create(
            [
                {
                    "picking_id": picking.id,
                    "product_id": self.product.id,
                    "product_uom_qty": 2,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "date_deadline": deadline,
                }
                for deadline in deadlines
            ]
        )
        moves._action_confirm(merge=False)
        self.env.flush_all()
        return moves

    def test_parts_of_moves(self):
        """A backorder asks for all roots at once, however long it is."""

        def ours(count):
            """Statements more than with superuser rights, where nothing is checked."""
            moves = self._moves(*[self.utc("2025-03-05 10:00")] * count)
            statements = []
            for model in (moves.with_user(self.user_picker), moves.sudo()):
                values = [move._prepare_move_split_vals(1) for move in model]
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                parts = model.create(
                    [
                        vals
                        | {"product_id": self.product.id}
                        | {"location_id": move.location_id.id}
                        | {"location_dest_id": move.location_dest_id.id}
                        for move, vals in zip(model, values, strict=True)
                    ]
                )
                statements.append(self.env.cr.sql_log_count - before)
                self.assertEqual(parts.kpi_root_move_id, model)
            return statements[0] - statements[1]

        ours(1)  # reads access rights
        self.assertLessEqual(ours(12), ours(2))

    def test_merging_writes_the_move_that_is_kept(self):
        """The others are deleted next; and mostly the kept one has it already."""
        first, second = self.utc("2025-03-05 10:00"), self.utc("2025-03-09 10:00")
        for deadlines in ((first, second), (second, first)):
            moves = self._moves(*deadlines)
            moves._merge_moves_fields()
            self.assertEqual(moves[0].kpi_due_at, first)
            self.assertEqual(moves[1].kpi_due_at, deadlines[1])
