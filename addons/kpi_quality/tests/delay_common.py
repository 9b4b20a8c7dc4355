"""Orders with promises, trucks at the dock and multi-step warehouses."""

from odoo.fields import Command
from odoo.tools import SQL

from ..tools.window import Window
from .common import MARCH, KpiCommon

SUPPLIER = "supplier_delay_hours"
INBOUND = "inbound_delay_hours"
INBOUND_PARTS = ("inbound_delay_supplier", "inbound_delay_receiving")
DELIVERY = "delivery_delay_hours"
PICK = "pick_delay_hours"


class DelayCommon(KpiCommon):
    """Promised for Wednesday, 5 March 2025, 10:00 in Moscow, unless a test says more.

    Ordered on Monday the 3rd at 10:00; it is noon of the 20th: 362 hours after the
    promise. ``buyer`` buys, ``picker`` receives and delivers.
    """

    promise = "2025-03-05 10:00"
    open_hours = 15 * 24 + 2.0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls.utc(cls.promise)
        cls.vendor = cls._create_partner("Vendor")
        cls.user_buyer = cls._create_user(
            "kpi_buyer", "user", ["purchase.group_purchase_user"]
        )
        cls.buyer = cls._create_employee(
            "buyer", cls.office, cls.job_clerk, cls.user_buyer
        )
        cls.receipt_type = cls.warehouse.in_type_id
        cls.delivery_type = cls.warehouse.out_type_id

    # ---------------------------------------------------------------- purchases
    @classmethod
    def purchase(cls, quantities=(5,), promise=None, at="2025-03-03 10:00", **values):
        """A confirmed purchase order.

        :param quantities: of chairs, a line each; or ``(product, quantity[, values])``
        :param promise: local moment
        """
        lines = [
            item if isinstance(item, tuple) else (cls.product, item)
            for item in quantities
        ]
        with cls.at(at):
            order = cls.env["purchase.order"].create(
                {
                    "partner_id": cls.vendor.id,
                    "user_id": cls.user_buyer.id,
                    "picking_type_id": cls.receipt_type.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": quantity,
                                "price_unit": 10.0,
                                "date_planned": cls.utc(promise or cls.promise),
                                **(more[0] if more else {}),
                            }
                        )
                        for product, quantity, *more in lines
                    ],
                    **values,
                }
            )
            order.button_confirm()
        return order

    @classmethod
    def receive(cls, order, moment, quantity=None, backorder=True):
        """Validate the open receipt of a purchase order at a local moment.

        :param quantity: of each line; all of it without
        """
        picking = cls._open(order)
        quantities = None
        if quantity is not None:
            quantities = dict.fromkeys(picking.move_ids.product_id, quantity)
        cls.deliver(picking, moment, quantities, cls.user_picker, backorder)
        return picking

    @classmethod
    def ship(cls, order, moment, quantity=None, backorder=True, user=None):
        """Validate the open transfer of a sales order at a local moment."""
        picking = cls._open(order)
        quantities = None
        if quantity is not None:
            quantities = dict.fromkeys(picking.move_ids.product_id, quantity)
        cls.deliver(picking, moment, quantities, user or cls.user_picker, backorder)
        return picking

    @classmethod
    def _open(cls, order):
        return order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    @classmethod
    def mark(cls, pickings, moment, kind="arrival", source="tap", user=None):
        """Goods changed hands at a local moment, and somebody said so."""
        with cls.at(moment):
            return pickings.with_user(user or cls.user_picker)._kpi_mark(kind, source)

    @classmethod
    def take_back(cls, marks, moment):
        with cls.at(moment):
            marks._revoke("Wrong truck")

    @classmethod
    def needs_mark(cls, picking_type, since="2025-03-01 00:00"):
        with cls.at(since):
            picking_type.kpi_needs_mark = True
            cls.env.flush_all()

    @classmethod
    def send_back(cls, picking, moment, quantity):
        """Return goods of a done transfer; to the vendor, or from the customer."""
        wizard = cls.env["stock.return.picking"].with_context(
            active_id=picking.id, active_model="stock.picking"
        )
        with cls.at(moment):
            wizard = wizard.create({})
            wizard.product_return_moves.quantity = quantity
            back = cls.env["stock.picking"].browse(
                wizard.action_create_returns()["res_id"]
            )
        cls.deliver(back, moment, user=cls.user_picker)
        return back

    # -------------------------------------------------------------------- sales
    @classmethod
    def sale(cls, quantity=5, promise=None, at="2025-03-03 10:00", **values):
        """A confirmed sales order of chairs, for a promised local moment."""
        values.setdefault("commitment_date", cls.utc(promise or cls.promise))
        return cls.order(at, cls.user_seller, [(cls.product, quantity)], **values)

    @classmethod
    def _journal_at(cls, order, moment):
        """The journal's moments are the real clock's: put them where the test is."""
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """
                UPDATE kpi_order_journal
                SET moment = %s
                WHERE res_model = %s
                    AND res_id = %s
                    AND moment > %s
                """,
                cls.utc(moment),
                order._name,
                order.id,
                cls.utc("2025-03-21 00:00"),
            )
        )
        cls.env["kpi.order.journal"].invalidate_model()

    # ------------------------------------------------------------------ figures
    def assertDelay(self, code, hours, due=1, place=None, now=None):
        """Hours late over the promises that were due.

        :param now: local moment of measuring
        """
        with self.at(now or "2025-03-20 12:00"):
            self.measure(code)
        fact = self.fact(code, place)
        self.assertAlmostEqual(fact.numerator, hours, 6)
        self.assertEqual(fact.denominator, due)

    def assertInbound(self, supplier, receiving, due=1, now=None):
        """Both parts of the inbound delay; row by row they make up the whole."""
        now = now or "2025-03-20 12:00"
        with self.at(now):
            self.measure(" ".join((INBOUND, *INBOUND_PARTS)))
            whole, *parts = (self._rows(code) for code in (INBOUND, *INBOUND_PARTS))
        self.assertEqual(sum(count for _key, _hours, count in whole), due)
        for (key, hours, count), of_supplier, own in zip(whole, *parts, strict=True):
            self.assertEqual((key, count), (of_supplier[0], of_supplier[2]))
            self.assertEqual((key, count), (own[0], own[2]))
            self.assertAlmostEqual(hours, of_supplier[1] + own[1], 6)
            self.assertGreaterEqual(min(of_supplier[1], own[1]), 0)
        for code, hours in zip(INBOUND_PARTS, (supplier, receiving), strict=True):
            fact = self.fact(code)
            self.assertAlmostEqual(fact.numerator, hours, 6, code)
            self.assertEqual(fact.denominator, due)
        self.assertBuckets(INBOUND)

    def assertBuckets(self, code):
        """The buckets of the stored rows add up to the figure."""
        fact = self.fact(code)
        atoms = self.atoms(code)
        self.assertAlmostEqual(sum(atoms.mapped("numerator")), fact.numerator or 0, 6)
        self.assertEqual(sum(atoms.mapped("sample")), fact.denominator or 0)
        for atom in atoms:
            self.assertEqual(atom.item_key > 0, atom.numerator > 0)

    def _rows(self, code):
        """The documents of a figure: ``(key, hours, promises)``."""
        window = Window(*MARCH, self.env["kpi.engine"]._now())
        return [
            (key, hours, count)
            for *key, hours, count in self.env.execute_query(
                SQL(
                    """
                    SELECT
                        res_model, res_id, moment, employee_id, warehouse_id,
                        document_partner_id, SUM(numerator), SUM(denominator)
                    FROM (%s) AS placed
                    WHERE company_id = %s
                    GROUP BY 1, 2, 3, 4, 5, 6
                    ORDER BY 1, 2, 3
                    """,
                    self.env["kpi.engine"]._placed(self.indicator(code), window),
                    self.company.id,
                )
            )
        ]
