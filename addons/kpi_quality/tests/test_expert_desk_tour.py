"""One expert at the keyboard while another works: nobody gets what the other has."""

import threading
from datetime import timedelta

import requests
from freezegun.api import real_datetime

from odoo.tests import HttpCase, tagged
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME, freeze_time

from .test_feedback_check import DeskCommon

ITEMS = 20
# Longer than the whole tour: a browser that hangs fails the test, not this.
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestExpertDeskTour(DeskCommon, HttpCase):
    """In a browser, so in the present: presses of the day before."""

    def test_by_keyboard_while_another_works(self):
        now = real_datetime.utcnow()
        with freeze_time(now):
            self._presses_of_yesterday(now)
            other = self._log_in(self.user_expert_2)
        verdicts = self.env["kpi.feedback.verdict"]
        with freeze_time(now, tick=True):
            self._work_beside(other)
            self.start_tour(
                "/odoo/expert-desk",
                "kpi_expert_desk",
                login=self.user_expert.login,
            )
            self.worker.join(PATIENCE)
        self.assertFalse(self.worker.is_alive())
        self.assertEqual(self.errors, [])
        by_expert = {
            user: verdicts.search([("user_id", "=", user.id)], order="id")
            for user in (self.user_expert, self.user_expert_2)
        }
        mine, others = by_expert.values()
        # The tour takes back one, and judges it again.
        self.assertEqual(len(others), ITEMS)
        self.assertEqual(len(mine), ITEMS + 2)
        in_force = mine.filtered("is_in_force")
        self.assertEqual(len(in_force), ITEMS)
        self.assertEqual(len(in_force.check_id), ITEMS)
        self.assertEqual(len(others.check_id), ITEMS)
        self.assertFalse(mine.check_id & others.check_id, "no item twice")
        self.assertGreater(others.ids[-1], mine.ids[1], "they worked at the same time")
        self.assertGreater(mine.ids[-1], others.ids[0], "they worked at the same time")
        polls = self.env["kpi.feedback.poll"].search(
            [("event_id", "in", in_force.event_id.ids)]
        )
        self.assertEqual(len(polls.filtered(lambda p: p.state == "rejected")), 10)
        self.assertEqual(in_force.reason_id, self.reason("poll_rejected_own_answer"))

    def _presses_of_yesterday(self, now):
        """Half a hundred polls: more than both of them manage."""
        start = now - timedelta(days=1)
        self.presses(
            self.counter,
            f"{start:%Y-%m-%d} 10:00:00",
            [
                press
                for number in range(50)
                for press in ((120 * number, "seller"), (120 * number + 4, "yes"))
            ],
        )

    def _log_in(self, user):
        """:return: a session of the other expert that the browser's login leaves"""
        sid = self.authenticate(user.login, user.login).sid
        self.session = None
        session = requests.Session()
        session.cookies.set("session_id", sid, domain=HOST)
        return session

    def _work_beside(self, session):
        """The other expert judges one item for each that the browser judged."""
        self.errors = []
        turns = threading.Semaphore(0)
        desk = self.env.registry["kpi.feedback.desk"]
        judge = desk.judge

        def judge_in_turn(desk, check_id, values, skipped=()):
            page = judge(desk, check_id, values, skipped)
            if desk.env.uid == self.user_expert.id:
                turns.release()
            return page

        judge_in_turn._api_model = True
        self.patch(desk, "judge", judge_in_turn)

        def call(method, *args):
            response = session.post(
                f"{self.base_url()}/web/dataset/call_kw",
                json={
                    "jsonrpc": "2.0",
                    "params": {
                        "model": "kpi.feedback.desk",
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    },
                },
                cookies={TEST_CURSOR_COOKIE_NAME: self.http_request_key},
                timeout=PATIENCE,
            ).json()
            if "error" in response:
                self.errors.append(response["error"])
            return response["result"]

        def work():
            try:
                page = None
                for _number in range(ITEMS):
                    if not turns.acquire(timeout=PATIENCE):
                        self.errors.append("the browser does not go on")
                        return
                    page = page or call("get_desk")
                    page = call("judge", page["items"][0]["id"], {"verdict": "valid"})
            except Exception as error:
                self.errors.append(error)

        self.worker = threading.Thread(target=work)
        self.worker.start()
