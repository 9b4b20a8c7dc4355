"""The same presses from two requests at once: what is here is really committed."""

import threading
from datetime import timedelta
from functools import partial
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name
from odoo.tests.common import tagged

from .concurrency_common import PATIENCE, ConcurrencyCase
from .ingest_common import RECEIVED_AT


@tagged("post_install", "-at_install")
class TestIngestConcurrency(ConcurrencyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls.site_id = env["kpi.site"].create({"name": "KPI Concurrent"}).id
            point = env["kpi.feedback.point"].create(
                {"name": "Door", "kind": "counting", "site_id": cls.site_id}
            )
            cls.point_id = point.id
            cls.console_id = (
                env["kpi.console"]
                .create({"name": "KPI Concurrent", "point_id": point.id})
                .id
            )
        cls.addClassCleanup(cls._delete_all)

    @classmethod
    def _delete_all(cls):
        """Presses are for ever: without their trigger they are not."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("ALTER TABLE kpi_feedback_event DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM kpi_feedback_event WHERE point_id = %s", [cls.point_id]
            )
            cr.execute("ALTER TABLE kpi_feedback_event ENABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM kpi_feedback_pending WHERE point_id = %s", [cls.point_id]
            )
            env["kpi.console"].browse(cls.console_id).unlink()
            env["kpi.feedback.point"].browse(cls.point_id).unlink()
            env["kpi.site"].browse(cls.site_id).unlink()

    # --------------------------------------------------------------------- machinery
    def setUp(self):
        super().setUp()
        # Requests are tried again after a random pause: the test does without.
        self.startPatcher(patch("odoo.service.model.time.sleep"))

    def events(self, count):
        return [
            {"uuid": str(uuid4()), "button": "visitor", "boot_id": "b", "boottime": n}
            for n in range(count)
        ]

    def ingest(self, env, events, boot="b"):
        body = {"boot_id": boot, "sent_boottime": 9000, "events": events}
        console = env["kpi.console"].browse(self.console_id)
        received_at = RECEIVED_AT + timedelta(days=1)
        return env["kpi.ingestion"]._ingest(console, body, received_at)["results"]

    def in_thread(self, events, **more):
        """Do what a request does, meanwhile.

        :return: a function that waits and gives the results
        """
        outcome = []

        def work():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    outcome.append(
                        retrying(partial(self.ingest, env, events, **more), env)
                    )
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=work)
        thread.start()

        def results():
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "blocked for ever")
            [result] = outcome
            if isinstance(result, Exception):
                raise result
            return [item["status"] for item in result]

        return results

    def stored(self, events):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM kpi_feedback_event WHERE uuid = ANY(%s)",
                [[event["uuid"] for event in events]],
            )
            return cr.fetchone()[0]

    # ------------------------------------------------------------------------- tests
    def test_same_batch_while_the_first_is_under_way(self):
        events = self.events(30)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            first = [item["status"] for item in self.ingest(env, events)]
            second = self.in_thread(events)
            self.wait_for_somebody_waiting(env)
        self.assertEqual(first, ["stored"] * 30)
        self.assertEqual(second(), ["known"] * 30)
        self.assertEqual(self.stored(events), 30)

    def test_first_is_undone_while_the_second_waits(self):
        """The server was killed in the middle of the first."""
        events = self.events(30)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.ingest(env, events)
            second = self.in_thread(events)
            self.wait_for_somebody_waiting(env)
            cr.rollback()
        self.assertEqual(second(), ["stored"] * 30)
        self.assertEqual(self.stored(events), 30)

    def test_many_at_once(self):
        """All of them are answered, and each press is stored by one of them."""
        shared, own = self.events(40), [self.events(3) for _sender in range(5)]
        outcomes = [
            self.in_thread([*shared[n * 5 :], *mine, *shared[: n * 5]], boot=f"b{n}")
            for n, mine in enumerate(own)
        ]
        statuses = [status for results in outcomes for status in results()]
        self.assertEqual(statuses.count("stored"), 40 + 5 * 3)
        self.assertEqual(statuses.count("known"), 4 * 40)
        self.assertEqual(self.stored([*shared, *sum(own, [])]), 40 + 5 * 3)
