"""Measured delays without documents, for the delays board."""

from odoo.tools import SQL

from .delay_common import DelayCommon


class BoardCommon(DelayCommon):
    """A second warehouse that ``warehouse_lead`` does not lead, and atoms by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far_warehouse = cls.env["stock.warehouse"].create(
            {"name": "Far away", "code": "FAR", "company_id": cls.company.id}
        )

    @classmethod
    def give(cls, code, day, numerator, due=1, bucket=0, **dimensions):
        """An atom of March, as the engine would store it.

        :param numerator: hours late, all promises of the bucket together
        """
        place = {
            "company_id": cls.company,
            "warehouse_id": cls.warehouse,
            **dimensions,
        }
        values = {
            "indicator_id": cls.indicator(code).id,
            "date": f"2025-03-{day:02}",
            "item_key": bucket,
            "numerator": numerator,
            "denominator": due,
            "squares": 0,
            "sample": due,
            **{name: record.id for name, record in place.items() if record},
        }
        cls.env.cr.execute(
            SQL(
                "INSERT INTO kpi_measurement (%s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )

    @classmethod
    def give_picks(cls):
        """Twenty due in the depot (37 h by 5 late), one far away (50 h).

        The week before: ten, of which two were late by 16 h together.
        """
        code = "pick_delay_hours"
        for day, hours, due, bucket, picker in (
            (18, 0, 6, 0, cls.picker),
            (18, 6, 2, 2, cls.picker),
            (18, 30, 2, 4, cls.picker),
            (19, 0, 9, 0, cls.picker_2),
            (19, 1, 1, 1, cls.picker_2),
            (10, 0, 8, 0, cls.picker),
            (10, 16, 2, 3, cls.picker),
        ):
            cls.give(
                code,
                day,
                hours,
                due,
                bucket,
                employee_id=picker,
                department_id=cls.storage,
                site_id=cls.depot,
            )
        cls.give(code, 19, 50, 1, 5, warehouse_id=cls.far_warehouse)

    @classmethod
    def give_inbound(cls, supplier, own, late=10, in_time=30, day=18, **dimensions):
        """Lines of receipts; hours of all late ones together."""
        dimensions.setdefault("partner_id", cls.vendor)
        place = {**dimensions, "employee_id": cls.buyer}
        if in_time:
            cls.give("inbound_delay_hours", day, 0, in_time, 0, **place)
        if late:
            cls.give("inbound_delay_hours", day, supplier + own, late, 4, **place)
        due = late + in_time
        cls.give("inbound_delay_supplier", day, supplier, due, **place)
        cls.give("inbound_delay_receiving", day, own, due, **place)

    @classmethod
    def board(cls, user=None, **filters):
        board = cls.env["kpi.delays.board"].with_user(user or cls.user_manager)
        return board.get_board(filters)

    def assertFigures(self, figures, **expected):
        for name, value in expected.items():
            with self.subTest(name):
                if value is None:
                    self.assertIsNone(figures[name])
                else:
                    self.assertAlmostEqual(figures[name], value, 9)
