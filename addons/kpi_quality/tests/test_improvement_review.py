"""“Read five orders of this person”: drawn by chance, but not until they suit."""

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import freeze_time

from .common import NOW, KpiCommon


@freeze_time(NOW)
class TestImprovementReview(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["sale.order"]
        for number in range(8):
            cls.orders |= cls.order(f"2025-03-1{number} 10:00", cls.user_seller)
        cls.of_colleague = cls.order("2025-03-12 10:00", cls.user_seller_2)
        cls.measure("orders_processed")

    def review(self, user=None, **values):
        return (
            self.env["kpi.improvement"]
            .with_user(user or self.user_lead)
            .create(
                {
                    "name": "Far from the others",
                    "kind": "review",
                    "indicator_id": self.indicator("orders_processed").id,
                    "employee_id": self.seller.id,
                    "user_id": self.user_lead.id,
                    "origin_date_from": "2025-03-01",
                    "origin_date_to": "2025-03-31",
                    **values,
                }
            )
        )

    def test_five_documents_of_this_person(self):
        review = self.review()
        lines = review.document_ids
        self.assertEqual(len(lines), 5)
        drawn = self.orders.browse(lines.mapped("res_id"))
        self.assertEqual(set(lines.mapped("res_model")), {"sale.order"})
        self.assertLessEqual(drawn, self.orders)
        self.assertEqual(lines.mapped("reference"), drawn.mapped("display_name"))
        self.assertTrue(review.sudo().activity_ids)

    def test_chance_depends_on_the_review_alone(self):
        draws = set()
        for _number in range(6):
            review = self.review()
            drawn = tuple(review.document_ids.mapped("res_id"))
            review.document_ids.sudo().unlink()
            review.action_draw()
            self.assertEqual(tuple(review.document_ids.mapped("res_id")), drawn)
            draws.add(frozenset(drawn))
        self.assertGreater(len(draws), 1)

    def test_not_drawn_again_until_they_suit(self):
        with self.assertRaises(UserError):
            self.review().action_draw()

    def test_fewer_than_five(self):
        colleague = self.review(employee_id=self.seller_2.id)
        self.assertEqual(colleague.document_ids.res_id, self.of_colleague.id)
        nobody = self.review(employee_id=self.nobody.id)
        self.assertFalse(nobody.document_ids)
        self.assertFalse(nobody.read_progress)

    def test_other_kinds_draw_nothing(self):
        self.assertFalse(self.review(kind="cure").document_ids)

    def test_progress(self):
        review = self.review()
        self.assertEqual(review.read_progress, "0 of 5 read")
        review.document_ids[:2].verdict = "ok"
        review.document_ids[2].write({"verdict": "problem", "note": "No price"})
        self.assertEqual(review.read_progress, "3 of 5 read")
        self.assertEqual(review.problem_count, 1)

    def test_only_what_the_planner_may_see(self):
        """What the employee did while working elsewhere is not the lead's to read."""
        self._move_employee(self.picker, "2025-03-18", self.retail)
        for day in ("2025-03-14", "2025-03-19"):
            self.order(f"{day} 10:00", self.user_picker)
        self.measure("orders_processed")
        self.picker.invalidate_recordset()
        with self.at("2025-03-20 12:00"):
            everything = self.review(
                self.user_manager, employee_id=self.picker.id
            ).document_ids
            own = self.review(employee_id=self.picker.id).document_ids
        self.assertEqual((len(everything), len(own)), (2, 1))

    def test_each_opens_with_the_readers_rights(self):
        review = self.review(user_id=self.user_expert.id)
        line = review.document_ids[0]
        reader = line.with_user(self.user_expert)
        with self.assertRaisesRegex(UserError, line.reference):
            reader.action_open()
        self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        ).user_ids |= self.user_expert
        action = reader.action_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", line.res_id)
        )

    def test_who_notes_what_was_found(self):
        line = self.review(user_id=self.user_expert.id).document_ids[0]
        line.with_user(self.user_expert).verdict = "ok"
        line.with_user(self.user_lead).note = "Seen"
        for user in (self.user_seller, self.user_warehouse_lead, self.user_payroll):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    line.with_user(user).read(["reference"])
                with self.assertRaises(AccessError):
                    line.with_user(user).verdict = "problem"
        for user in (self.user_expert, self.user_lead, self.user_manager):
            with self.assertRaises(AccessError):
                line.with_user(user).unlink()
            with self.assertRaises(AccessError):
                line.with_user(user).create(
                    {
                        "improvement_id": line.improvement_id.id,
                        "res_model": "sale.order",
                        "res_id": self.of_colleague.id,
                    }
                )
