"""What the expert's desk gives and does by RPC, and two experts at once."""

import threading
import time
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name
from odoo.tests.common import BaseCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW
from .test_feedback_check import DeskCommon

# Longer than any of it takes: a deadlock fails instead of hanging.
PATIENCE = 60


@freeze_time(NOW)
class TestExpertDesk(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counter.camera_id = cls.env["kpi.feedback.camera"].create(
            {
                "name": "Above the counter",
                "site_id": cls.shop.id,
                "clip_link": "https://video.example.com/{start_unix}.mp4",
            }
        )
        cls.question = cls.env["kpi.feedback.question"].create(
            {"text": "Are you satisfied with our staff?", "kind": "staff"}
        )
        cls.env["kpi.feedback.question.period"].create(
            {
                "company_id": cls.company.id,
                "question_id": cls.question.id,
                "date_from": "2025-01-01",
            }
        )

    def screen(self, user=None):
        return self.env["kpi.feedback.desk"].with_user(user or self.user_expert)

    def ids(self, desk):
        return [item["id"] for item in desk["items"]]

    def ask_many(self, count):
        for minute in range(count):
            self.ask(f"2025-03-19 10:{minute + 10}:00")

    def test_what_it_shows(self):
        self.presses(
            self.counter,
            "2025-03-19 10:00:00",
            [
                (-61, "seller"),
                (-20, "visitor"),
                (0.4, "seller", 0.25),
                (5.9, "no"),
                (59, "yes"),
                (65, "yes"),
            ],
            employee_id=self.seller.id,
        )
        desk = self.screen().get_desk()
        item = desk["items"][1]
        self.assertEqual(
            item,
            {
                **item,
                "kind": "poll",
                "point": "Counter",
                "site": "Arbat",
                "department": "Retail",
                "tz": "Europe/Moscow",
                "moment": "2025-03-19 07:00:00",
                "stop": False,
                "employee": "Seller",
                "question": "Are you satisfied with our staff?",
                "answer": "no",
                "response_ms": 5500,
            },
        )
        self.assertEqual(
            [
                (press["button"], round(press["seconds"], 3), press["is_item"])
                for press in item["presses"]
            ],
            [
                ("visitor", -20.4, False),
                ("seller", 0, True),
                ("no", 5.5, False),
                ("yes", 58.6, False),
            ],
        )
        # 10:00:00 in Moscow, less the 30 seconds of the camera.
        self.assertEqual(
            item["video"],
            {
                "archive": False,
                "clip": "https://video.example.com/1742367570.mp4",
                "before": 30,
            },
        )
        self.assertEqual(
            [reason["name"] for reason in desk["reasons"]["complaint"]["unfair"]][:2],
            ["Pressed by mistake", "No customer there"],
        )
        self.assertTrue(desk["next_fill"])

    def test_two_at_hand_and_progress(self):
        self.ask_many(5)
        desk = self.screen().get_desk()
        self.assertEqual(len(desk["items"]), 2)
        self.assertEqual((desk["done"], desk["total"]), (0, 5))
        first, second = self.ids(desk)
        desk = self.screen().judge(first, {"verdict": "valid"})
        self.assertEqual(self.ids(desk)[0], second)
        self.assertEqual((desk["done"], desk["total"]), (1, 5))
        other = self.screen(self.user_expert_2).get_desk()
        self.assertFalse(set(self.ids(desk)) & set(self.ids(other)))
        self.assertEqual((other["done"], other["total"]), (0, 4))

    def test_red_presses_go_first(self):
        self.ask_many(3)
        desk = self.screen().get_desk()
        self.press(self.red, "2025-03-19 12:00:00", "complaint")
        self.screen(self.user_expert_2).get_desk()
        desk = self.screen().judge(self.ids(desk)[0], {"verdict": "valid"})
        self.assertNotIn("complaint", [item["kind"] for item in desk["items"]])
        other = self.screen(self.user_expert_2).get_desk()
        self.assertEqual(other["items"][0]["kind"], "complaint")

    def test_skipping(self):
        self.ask_many(3)
        first, second = self.ids(self.screen().get_desk())
        desk = self.screen().skip(first, [first])
        self.assertEqual(self.ids(desk)[0], second)
        self.assertNotIn(first, self.ids(desk))
        self.assertEqual(self.ids(self.screen(self.user_expert_2).get_desk()), [first])

    def test_undo_goes_back_one_by_one(self):
        self.ask_many(4)
        desk = self.screen()
        first, second = self.ids(desk.get_desk())
        desk.judge(first, {"verdict": "valid"})
        desk.judge(second, {"verdict": "valid"})
        page = desk.undo()
        self.assertEqual((self.ids(page)[0], page["done"]), (second, 1))
        page = desk.undo()
        self.assertEqual((self.ids(page)[0], page["done"]), (first, 0))
        page = desk.undo()
        self.assertEqual(page["done"], 0)
        self.assertEqual(
            self.env["kpi.feedback.verdict"]
            .search([("user_id", "=", self.user_expert.id)])
            .sorted("id")
            .mapped("verdict"),
            ["valid", "valid", "undone", "undone"],
        )

    def test_nobody_undoes_for_others(self):
        self.ask_many(2)
        first = self.ids(self.screen().get_desk())[0]
        self.screen().judge(first, {"verdict": "valid"})
        self.screen(self.user_expert_2).undo()
        self.assertEqual(self.checks().browse(first).state, "done")

    def test_the_same_verdict_twice_is_recorded_once(self):
        """The answer got lost: the browser sends it again."""
        self.ask_many(2)
        first = self.ids(self.screen().get_desk())[0]
        self.screen().judge(first, {"verdict": "valid"})
        self.screen().judge(first, {"verdict": "valid"})
        self.assertEqual(len(self.checks().browse(first).verdict_ids), 1)
        with self.assertRaises(UserError):
            self.screen().judge(
                first,
                {
                    "verdict": "rejected",
                    "reason_id": self.reason("poll_rejected_test").id,
                },
            )

    def test_lease_lost(self):
        self.ask_many(1)
        [first] = self.ids(self.screen().get_desk())
        self.assertEqual(self.screen().renew([first]), [first])
        with freeze_time("2025-03-20 09:11:00"):
            [same] = self.ids(self.screen(self.user_expert_2).get_desk())
            self.assertEqual(same, first)
            self.assertEqual(self.screen().renew([first]), [])
            with self.assertRaisesRegex(UserError, "not yours"):
                self.screen().judge(first, {"verdict": "valid"})

    def test_experts_only(self):
        for user in (self.user_seller, self.user_lead, self.user_manager):
            desk = self.screen(user)
            for call in (
                desk.get_desk,
                desk.undo,
                lambda desk=desk: desk.judge(1, {}),
                lambda desk=desk: desk.skip(1),
                lambda desk=desk: desk.renew([1]),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_the_own_shop_is_out_of_reach(self):
        """Whatever an insider calls: he neither gets, sees, keeps nor judges it."""
        self.ask_many(1)
        insider = self._create_user("kpi_insider", "expert")
        self._create_employee("insider", self.wholesale, user=insider)
        desk = self.screen(insider)
        check = self.fill()
        page = desk.get_desk()
        self.assertEqual((page["items"], page["total"]), ([], 0))
        self.assertEqual(desk.renew(check.ids), [])
        desk.skip(check.id)
        with self.assertRaisesRegex(ValidationError, "own department"):
            desk.judge(check.id, {"verdict": "valid"})
        self.assertEqual(check.state, "waiting")

    def test_one_fill_for_all(self):
        """The cron does what opening the desk does."""
        self.ask_many(2)
        self.checks()._cron_fill()
        self.assertEqual(
            self.checks().search_count([("company_id", "=", self.company.id)]), 2
        )


@tagged("post_install", "-at_install")
class TestTwoExperts(BaseCase):
    """With cursors of their own: what is here is really committed, and removed."""

    ITEMS = 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._delete_all)
        with cls.registry.cursor() as cr:
            cls._create_all(api.Environment(cr, SUPERUSER_ID, {}))

    @classmethod
    def _create_all(cls, env):
        env = env(context={"tracking_disable": True, "no_reset_password": True})
        cls.created = []
        company = env.ref("base.main_company")
        group = env.ref("kpi_quality.group_kpi_quality_expert")
        cls.users = [
            cls._create(
                env,
                "res.users",
                name=login,
                login=login,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
                group_ids=[Command.set((group | env.ref("base.group_user")).ids)],
            ).id
            for login in ("kpi_desk_1", "kpi_desk_2")
        ]
        site = cls._create(
            env, "kpi.site", name="Far", company_id=company.id, tz="Europe/Moscow"
        )
        point = cls._create(
            env, "kpi.feedback.point", name="Far", code="FAR", site_id=site.id
        )
        cls.company_id, cls.point_id = company.id, point.id
        env.cr.execute(
            """
            INSERT INTO kpi_feedback_check (
                kind, point_id, company_id, site_id, moment, stop, priority, state
            )
            SELECT
                'slice', %s, %s, %s, moment, moment + INTERVAL '5 minutes', 20,
                'waiting'
            FROM generate_series(
                '2020-01-01'::timestamp,
                '2020-01-01'::timestamp + (%s - 1) * INTERVAL '1 hour',
                '1 hour'
            ) AS moment
            """,
            [point.id, company.id, site.id, cls.ITEMS],
        )

    @classmethod
    def _create(cls, env, model, **values):
        record = env[model].create(values)
        cls.created.append((model, record.id))
        return record

    @classmethod
    def _delete_all(cls):
        """Verdicts are for ever, but for those that never were."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            for table in ("kpi_feedback_verdict", "kpi_feedback_check"):
                cr.execute(
                    f"DELETE FROM {table} WHERE point_id = %s",  # noqa: S608
                    [cls.point_id],
                )
            env.invalidate_all()
            users = env["res.users"].browse(cls.users)
            partners = users.partner_id
            for model, record_id in reversed(cls.created):
                env[model].browse(record_id).unlink()
            partners.unlink()

    @contextmanager
    def as_user(self, number):
        with self.registry.cursor() as cr:
            context = {"allowed_company_ids": [self.company_id]}
            yield api.Environment(cr, self.users[number], context)

    def judge_all(self, number, judged):
        """One expert works until his desk is empty, an RPC after the other."""
        skipped = []
        with self.as_user(number) as env:
            page = retrying(partial(env["kpi.feedback.desk"].get_desk), env)
        while page["items"]:
            check_id = page["items"][0]["id"]
            judged.append(check_id)
            with self.as_user(number) as env:
                page = retrying(
                    partial(
                        env["kpi.feedback.desk"].judge,
                        check_id,
                        {"verdict": "seen", "served": 2, "missed": 1},
                        skipped,
                    ),
                    env,
                )

    def test_a_locked_item_is_passed_over(self):
        """The first has not even committed: the second gets the next ones, at once."""
        with self.as_user(0) as first, self.as_user(1) as second:
            mine = first["kpi.feedback.check"].sudo()._claim(3)
            others = second["kpi.feedback.check"].sudo()._claim(3)
            self.assertEqual((len(mine), len(others)), (3, 3))
            self.assertFalse(set(mine.ids) & set(others.ids))
            self.assertLess(max(mine.mapped("moment")), min(others.mapped("moment")))
            for env in (first, second):
                env.cr.rollback()

    def test_two_work_at_once(self):
        judged, errors = ([], []), []

        def work(number):
            try:
                with mute_logger("odoo.sql_db", "odoo.service.model"):
                    self.judge_all(number, judged[number])
            except Exception as error:
                errors.append(error)

        # The server waits by chance before it tries again: here a twentieth of it.
        sleep = time.sleep
        with patch("odoo.service.model.time.sleep", lambda wait: sleep(wait / 20)):
            threads = [
                threading.Thread(target=work, args=(number,)) for number in (0, 1)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
        self.assertFalse(errors)
        self.assertFalse([thread for thread in threads if thread.is_alive()])
        self.assertTrue(judged[0] and judged[1], "both worked")
        self.assertEqual(len({*judged[0], *judged[1]}), self.ITEMS)
        self.assertEqual(len(judged[0]) + len(judged[1]), self.ITEMS)
        with self.as_user(0) as env:
            groups = env["kpi.feedback.verdict"]._read_group(
                [("point_id", "=", self.point_id)], ["check_id"], ["__count"]
            )
        self.assertEqual({count for _check, count in groups}, {1})
        self.assertEqual(len(groups), self.ITEMS)
