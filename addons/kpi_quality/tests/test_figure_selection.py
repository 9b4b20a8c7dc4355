from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .board_common import BoardCommon

DAYS = {
    "period": "custom",
    "date_from": "2025-03-01",
    "date_to": "2025-03-20",
}


@tagged("post_install", "-at_install")
class TestFigureSelection(BoardCommon):
    """Bars open their documents, those that add up to them and no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, (promise, done, user) in enumerate(
            (
                ("2025-03-05 10:00", "2025-03-05 09:00", cls.user_picker),
                ("2025-03-05 10:00", "2025-03-05 13:00", cls.user_picker),
                ("2025-03-05 10:00", "2025-03-06 16:00", cls.user_picker_2),
                ("2025-03-10 10:00", "2025-03-10 11:00", cls.user_picker_2),
                ("2025-03-10 10:00", None, cls.user_picker),
            ),
            1,
        ):
            order = cls.sale(number, promise)
            order.picking_ids.user_id = user
            if done:
                cls.deliver(order.picking_ids, done, user=user)
        far = cls.sale(7, warehouse_id=cls.far_warehouse.id)
        cls.deliver(far.picking_ids, "2025-03-05 20:00", user=cls.user_picker)
        cls.receipt = cls.purchase()
        cls.mark(cls.receipt.picking_ids, "2025-03-05 12:00")
        cls.receive(cls.receipt, "2025-03-06 02:00")
        cls.purchase(promise="2025-03-18 10:00")
        cls.measure(
            "pick_delay_hours inbound_delay_hours inbound_delay_supplier"
            " inbound_delay_receiving"
        )
        cls.env.invalidate_all()

    def _documents(self, user, action):
        self.env.invalidate_all()
        context = action["context"]
        documents = self.env["kpi.document"].with_user(user)
        return documents.with_context(
            kpi_figure_model=context["kpi_figure_model"],
            kpi_figure_id=context["kpi_figure_id"],
        ).search([])

    def _opened(self, user, figure, **filters):
        board = self.env["kpi.delays.board"].with_user(user)
        return self._documents(
            user, board.action_open_documents(DAYS | filters, figure)
        )

    def _sums(self, documents):
        return (
            round(sum(documents.mapped("numerator")), 6),
            sum(documents.mapped("denominator")),
        )

    # -------------------------------------------------------------- adding up
    def test_bars_and_documents_agree(self):
        """Every day, bucket and row, for everybody who sees some."""
        opened = 0
        for user in (
            self.user_manager,
            self.user_warehouse_lead,
            self.user_picker,
            self.user_picker_2,
            self.user_seller,
        ):
            for process in ("pick", "inbound"):
                board = self.board(user, process=process, **DAYS)
                figures = [(board["total"], {})]
                figures += [
                    (day, {"date_from": day["date"], "date_to": day["date"]})
                    for day in board["days"]
                ]
                figures += [
                    (row, {"place": ranking["place"], "id": row["id"]})
                    for ranking in board["rankings"]
                    for row in ranking["rows"]
                ]
                for sums, figure in figures:
                    with self.subTest(user.login, process=process, figure=figure):
                        documents = self._opened(user, figure, process=process)
                        self.assertEqual(
                            self._sums(documents),
                            (round(sums["hours"], 6), sums["due"]),
                        )
                        opened += len(documents)
                for bucket in board["buckets"]:
                    only = dict.fromkeys(("bucket_from", "bucket_to"), bucket["bucket"])
                    documents = self._opened(user, only, process=process)
                    self.assertEqual(len(documents), bucket["due"])
        self.assertGreater(opened, 60)

    def test_parts_add_up_to_the_whole(self):
        """Two hours late at the dock, ten on it: 12 h beyond promise and norm."""
        day = {"date_from": "2025-03-05", "date_to": "2025-03-05"}
        whole, supplier, own = (
            self._opened(self.user_manager, day | part, process="inbound")
            for part in ({}, {"part": "supplier"}, {"part": "own"})
        )
        self.assertEqual(self._sums(whole), (12.0, 1.0))
        self.assertEqual(self._sums(supplier), (2.0, 1.0))
        self.assertEqual(self._sums(own), (10.0, 1.0))
        self.assertEqual(own.res_id, self.receipt.picking_ids.id)

    def test_late_ones(self):
        documents = self._opened(self.user_manager, {"bucket_from": 1})
        self.assertEqual(self._sums(documents), (3 + 30 + 1 + 242 + 10, 5))

    def test_what_nobody_is_known_for(self):
        """The open receipt of the 18th has a buyer; a day with nobody has none."""
        unknown = {"place": "employee_id", "id": False}
        self.assertFalse(self._opened(self.user_manager, unknown))
        self.picker.user_id = False
        self.measure("pick_delay_hours")
        documents = self._opened(self.user_manager, unknown)
        self.assertEqual(self._sums(documents), (3 + 242 + 10, 4))

    # ------------------------------------------------------------- breaking in
    def test_foreign_figures_stay_closed(self):
        """A selection asks for anything; what it gives is what one may see."""
        for user, figure, hours in (
            (self.user_picker, {"place": "employee_id", "id": self.picker_2.id}, 0),
            (self.user_picker, {}, 3 + 242 + 10),
            (self.user_seller, {}, 0),
            (self.user_lead, {}, 0),
            (
                self.user_warehouse_lead,
                {"place": "warehouse_id", "id": self.far_warehouse.id},
                # The own picker helped out there: that is the own department's.
                10,
            ),
        ):
            with self.subTest(user.login, figure=figure):
                self.assertEqual(self._sums(self._opened(user, figure))[0], hours)

    def test_the_selection_of_somebody_else(self):
        board = self.env["kpi.delays.board"].with_user(self.user_manager)
        action = board.action_open_documents(DAYS, {})
        self.assertTrue(self._documents(self.user_manager, action))
        for user in (self.user_picker, self.user_warehouse_lead, self.user_lead):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._documents(user, action)

    def test_another_company(self):
        other = self._create_company("Elsewhere")
        foreigner = self._create_user("kpi_stranger", "manager", company=other)
        selections = (
            self.env["kpi.figure.selection"]
            .with_user(foreigner)
            .with_context(allowed_company_ids=other.ids)
        )
        values = {
            "indicator_ids": self.indicator("pick_delay_hours").ids,
            "date_from": "2025-03-01",
            "date_to": "2025-03-31",
        }
        with self.assertRaises(AccessError):
            selections.create(values | {"company_id": self.company.id})
        own = selections.create(values)
        self.assertFalse(self._foreign_documents(own))
        own.sudo().company_id = self.company
        with self.assertRaises(AccessError):
            self._foreign_documents(own)
        # Past the rule on selections, the rules on figures still hold.
        self.env.ref("kpi_quality.kpi_figure_selection_rule_own").sudo().active = False
        self.assertFalse(self._foreign_documents(own))

    def _foreign_documents(self, selection):
        self.env.invalidate_all()
        documents = selection.env["kpi.document"].with_context(
            kpi_figure_model=selection._name, kpi_figure_id=selection.id
        )
        return documents.search([])

    def test_one_readable_indicator_opens_no_other(self):
        """A lead sees warehouse delays of the own warehouse, and no revenue there."""
        order = self.order("2025-03-05 10:00", self.user_seller)
        self.invoice("2025-03-05", order=order)
        self.measure("revenue")
        self.env.cr.execute(
            "UPDATE kpi_measurement SET warehouse_id = %s WHERE indicator_id = %s",
            [self.warehouse.id, self.indicator("revenue").id],
        )
        selection = (
            self.env["kpi.figure.selection"]
            .with_user(self.user_warehouse_lead)
            .create(
                {
                    "indicator_ids": (
                        self.indicator("revenue") | self.indicator("pick_delay_hours")
                    ).ids,
                    "date_from": "2025-03-01",
                    "date_to": "2025-03-31",
                }
            )
        )
        documents = self._documents(
            self.user_warehouse_lead, selection.action_open_documents()
        )
        self.assertTrue(documents)
        self.assertEqual(documents.indicator_id, self.indicator("pick_delay_hours"))

    def test_what_a_client_may_not_ask(self):
        board = self.env["kpi.delays.board"].with_user(self.user_manager)
        for figure in (
            {"place": "company_id", "id": 1},
            {"place": "create_uid", "id": 1},
            {"place": "partner_id", "id": 1},  # no ranking of picks
        ):
            with self.subTest(figure), self.assertRaises(UserError):
                board.action_open_documents(DAYS, figure)
        with self.assertRaises(ValidationError):
            board.action_open_documents(
                DAYS, {"date_from": "2025-03-10", "date_to": "2025-03-09"}
            )

    def test_selections_are_not_changed(self):
        board = self.env["kpi.delays.board"].with_user(self.user_picker)
        action = board.action_open_documents(DAYS, {})
        selection = self.env["kpi.figure.selection"].browse(
            action["context"]["kpi_figure_id"]
        )
        with self.assertRaises(AccessError):
            selection.with_user(self.user_picker).title = "Mine"
