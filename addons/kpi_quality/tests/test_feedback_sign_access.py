from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .feedback_common import FeedbackCommon

FACTS = {
    "kind": "burst",
    "presses": 9,
    "date": "2025-03-05",
    "start": "2025-03-05 07:00:00",
    "stop": "2025-03-05 07:01:00",
}


@tagged("post_install", "-at_install")
class TestFeedbackSignAccess(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sign = cls._sign(cls.seller)

    @classmethod
    def _sign(cls, employee, **values):
        return cls.env["kpi.feedback.sign"].create(
            {
                **FACTS,
                "company_id": cls.company.id,
                "site_id": cls.shop.id,
                "department_id": employee.department_id.id,
                "point_id": cls.counter.id,
                "employee_id": employee.id,
                **values,
            }
        )

    def seen_by(self, user):
        return self.env["kpi.feedback.sign"].with_user(user).search([])

    def test_experts_and_managers_look_nobody_else(self):
        for user in (self.user_expert, self.user_manager):
            with self.subTest(user.login):
                self.assertIn(self.sign, self.seen_by(user))
        for user in (self.user_seller, self.user_lead, self.user_payroll):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.seen_by(user)

    def test_nobody_reads_about_himself(self):
        for employee, user in (
            (self.expert, self.user_expert),
            (self.manager, self.user_manager),
        ):
            with self.subTest(user.login):
                sign = self._sign(employee, department_id=False, kind="streak")
                self.assertNotIn(sign, self.seen_by(user))
                with self.assertRaises(AccessError):
                    sign.with_user(user).read(["sentence"])

    def test_a_sign_about_nobody_is_for_all(self):
        sign = self._sign(self.seller, employee_id=False, kind="silent")
        for user in (self.user_expert, self.user_manager):
            self.assertIn(sign, self.seen_by(user))

    def test_an_expert_does_not_judge_the_own_department_or_site(self):
        own = self._sign(self.seller, department_id=self.office.id, start="2025-03-05")
        self.assertNotIn(own, self.seen_by(self.user_expert))
        self.assertIn(own, self.seen_by(self.user_manager))
        self.assertTrue(own.with_user(self.user_expert).sudo().is_own)
        self.office.kpi_site_id = self.shop
        self.assertNotIn(self.sign, self.seen_by(self.user_expert))
        with self.assertRaises(AccessError):
            self.sign.with_user(self.user_expert).action_seen()

    def test_nothing_of_another_company(self):
        other = self._create_company("Other")
        site = self.env["kpi.site"].create(
            {"name": "There", "company_id": other.id, "tz": "Europe/Moscow"}
        )
        sign = self._sign(
            self.seller,
            company_id=other.id,
            site_id=site.id,
            point_id=False,
            employee_id=False,
        )
        self.assertNotIn(sign, self.seen_by(self.user_manager))

    def test_facts_are_nobodys_to_change(self):
        for user in (self.user_expert, self.user_manager):
            sign = self.sign.with_user(user)
            for values in (
                {"presses": 0},
                {"employee_id": self.seller_2.id},
                {"state": "seen", "kind": "far"},
                {"reviewed_by_id": self.user_seller.id},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(AccessError),
                ):
                    sign.write(values)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                sign.create({**FACTS, "site_id": self.shop.id})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                sign.unlink()

    def test_who_says_something_signs_it(self):
        sign = self.sign.with_user(self.user_expert)
        sign.action_seen()
        self.assertRecordValues(
            self.sign,
            [
                {
                    "state": "seen",
                    "reviewed_by_id": self.user_expert.id,
                    "reviewed_at": self.utc("2025-03-20 12:00"),
                }
            ],
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            sign.write({"state": "explained", "note": " "})
        self.sign.with_user(self.user_manager).write(
            {"state": "explained", "note": "The console was being tested."}
        )
        self.assertEqual(self.sign.reviewed_by_id, self.user_manager)
        sign.write({"state": "new"})
        self.assertFalse(self.sign.reviewed_by_id or self.sign.reviewed_at)
