"""Two people tap the same receipt at once, with cursors of their own."""

from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name
from odoo.tests.common import BaseCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestHandoverWriters(BaseCase):
    """A receipt of one line, committed, and deleted again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            picking_type = env["stock.picking.type"].search(
                [
                    ("code", "=", "incoming"),
                    ("company_id", "=", env.ref("base.main_company").id),
                ],
                limit=1,
            )
            product = env["product.product"].create(
                {"name": "KPI writers at the dock", "type": "consu"}
            )
            picking = env["stock.picking"].create(
                {
                    "picking_type_id": picking_type.id,
                    "location_id": env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": picking_type.default_location_dest_id.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1,
                                "location_id": env.ref(
                                    "stock.stock_location_suppliers"
                                ).id,
                                "location_dest_id": (
                                    picking_type.default_location_dest_id.id
                                ),
                            }
                        )
                    ],
                }
            )
            picking.action_confirm()
            cls.picking_id = picking.id
            cls.template_id = product.product_tmpl_id.id
        cls.addClassCleanup(cls._delete_all)

    @classmethod
    def _delete_all(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            picking = env["stock.picking"].browse(cls.picking_id)
            picking.action_cancel()
            picking.unlink()
            env["product.template"].browse(cls.template_id).unlink()

    def test_one_wins_and_the_other_is_told(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            picking, late = (
                api.Environment(cr, SUPERUSER_ID, {})["stock.picking"].browse(
                    self.picking_id
                )
                for cr in (first, second)
            )
            self.assertFalse(late.kpi_handover_ids)  # its snapshot is taken
            picking._kpi_mark("arrival", "tap")
            first.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises((UserError, ValidationError)) as caught,
            ):
                retrying(partial(late._kpi_mark, "arrival", "tap"), late.env)
            self.assertIn("Somebody else marked", str(caught.exception))
            second.rollback()
            second_env = api.Environment(second, SUPERUSER_ID, {})
            marks = second_env["stock.picking"].browse(self.picking_id)
            self.assertEqual(len(marks.kpi_handover_ids), 1)
            self.assertEqual(marks.kpi_arrived_at, marks.kpi_handover_ids.moment)
