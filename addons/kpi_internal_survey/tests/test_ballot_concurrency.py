"""The same ballot from two requests at once: what is here is really committed."""

import threading
import time
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name, tagged
from odoo.tests.common import BaseCase

from ..models.kpi_survey_campaign_submission import Refused
from .form_common import open_boxes
from .test_ballot_key import use_folder

# Longer than any of it takes: a deadlock fails instead of hanging.
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestBallotConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        # Requests are tried again after a random pause: the test does without.
        self.startPatcher(patch("odoo.service.model.time.sleep"))
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            use_folder(self, env)
            self._create(env)
        self.addCleanup(self._delete_all)

    def _create(self, env):
        company = env.ref("base.main_company")
        campaign = env["kpi.survey.campaign"].create(
            {
                "name": "KPI Concurrent",
                "company_id": company.id,
                "date_from": "2025-01-01",
                "date_to": "2025-01-02",
                "rule_ids": [Command.create({})],
            }
        )
        self.campaign_id = campaign.id
        for name in ("One", "Two"):
            department = env["hr.department"].create(
                {"name": name, "company_id": company.id, "kpi_is_unit": True}
            )
            env["hr.employee"].create(
                [
                    {
                        "name": f"{name} {number}",
                        "company_id": company.id,
                        "department_id": department.id,
                        "work_email": f"{name}{number}@survey.example.com",
                    }
                    for number in range(6)
                ]
            )
        campaign._snapshot()
        env["kpi.survey.key"]._make(campaign)
        env["kpi.survey.ballot"]._issue(campaign)
        campaign.state = "running"
        people = campaign.participant_ids.sorted("id")
        self.codes = [env["kpi.survey.key"]._code(campaign, one) for one in people]
        self.rated_id = people[-1].unit_id.id
        self.criterion_id = campaign.group_ids.criterion_ids[0].id

    def _delete_all(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.cr.execute(
                "DELETE FROM kpi_survey_sealed WHERE campaign_id = %s",
                [self.campaign_id],
            )
            campaign = env["kpi.survey.campaign"].browse(self.campaign_id)
            departments = campaign.unit_ids.department_id
            employees = departments.member_ids
            resources = employees.resource_id
            campaign.state = "draft"
            campaign.unlink()
            employees.unlink()
            resources.unlink()
            departments.unlink()

    # ---------------------------------------------------------------- machinery
    def submit(self, env, code, mark=7):
        answer = {
            "ratings": [
                {"unit": self.rated_id, "marks": {str(self.criterion_id): mark}}
            ]
        }
        campaign = env["kpi.survey.campaign"].browse(self.campaign_id)
        return campaign._submit(code, answer)["is_new"]

    def in_thread(self, code, mark=7):
        """Do what a request does, meanwhile.

        :return: a function that waits and gives the outcome
        """
        outcome = []

        def work():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    outcome.append(retrying(partial(self.submit, env, code, mark), env))
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=work)
        thread.start()

        def result():
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "blocked for ever")
            return outcome[0]

        return result

    def wait_for_somebody_waiting(self, cr):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            cr.execute(
                """
                SELECT COUNT(*)
                FROM pg_locks
                WHERE NOT granted
                    AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
                """
            )
            if cr.fetchone()[0]:
                return
        self.fail("nobody waits")

    def counted(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            campaign = env["kpi.survey.campaign"].browse(self.campaign_id)
            ballots = env["kpi.survey.ballot"]._submitted_by_unit(campaign)
            return sum(ballots.values()), open_boxes(env, campaign)

    # -------------------------------------------------------------------- tests
    def test_second_while_the_first_is_under_way(self):
        with self.assertNoLogs("odoo", "WARNING"):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                self.assertTrue(self.submit(env, self.codes[0], 3))
                second = self.in_thread(self.codes[0], 9)
                self.wait_for_somebody_waiting(cr)
            self.assertIs(second(), False)
        submitted, [ballot] = self.counted()
        self.assertEqual(submitted, 1)
        self.assertEqual(set(ballot["ratings"][0]["marks"].values()), {3})

    def test_first_is_undone_while_the_second_waits(self):
        """The server was killed in the middle of the first."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertTrue(self.submit(env, self.codes[0], 3))
            second = self.in_thread(self.codes[0], 9)
            self.wait_for_somebody_waiting(cr)
            cr.rollback()
            self.assertIs(second(), True)
        submitted, [ballot] = self.counted()
        self.assertEqual(submitted, 1)
        self.assertEqual(set(ballot["ratings"][0]["marks"].values()), {9})

    def test_many_at_once(self):
        """Each of them twice: nothing is lost, and nothing counts twice."""
        outcomes = [self.in_thread(code) for code in self.codes * 2]
        results = [outcome() for outcome in outcomes]
        self.assertEqual(results.count(True), 12)
        self.assertEqual(results.count(False), 12)
        submitted, boxes = self.counted()
        self.assertEqual((submitted, len(boxes)), (12, 12))

    def test_closed_while_somebody_sends(self):
        """Who closes waits for him; his answer is there to be counted."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.assertTrue(self.submit(env, self.codes[0]))
            with self.registry.cursor() as other:
                other.execute("SET LOCAL lock_timeout = '200ms'")
                with self.assertRaises(Exception) as caught:
                    other.execute(
                        "UPDATE kpi_survey_campaign SET state = 'closed' WHERE id = %s",
                        [self.campaign_id],
                        log_exceptions=False,
                    )
                other.rollback()
            self.assertEqual(type(caught.exception).__name__, "LockNotAvailable")
        self.assertEqual(self.counted()[0], 1)

    def test_read_open_sent_closed(self):
        """His transaction saw it open, and it was closed before he stored."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT state FROM kpi_survey_campaign")  # his snapshot
            with self.registry.cursor() as other:
                other.execute(
                    "UPDATE kpi_survey_campaign SET state = 'closed' WHERE id = %s",
                    [self.campaign_id],
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            with self.assertRaises(Refused) as caught:
                retrying(partial(self.submit, env, self.codes[0]), env)
        self.assertEqual(caught.exception.reason, "over")
        self.assertEqual(self.counted(), (0, []))
