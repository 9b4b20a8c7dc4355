"""Two boxes with one token at the same moment: what is here is really committed."""

import threading
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from .concurrency_common import PATIENCE, ConcurrencyCase

FIRST, SECOND = "30000000aaaaaaaa", "30000000bbbbbbbb"


@tagged("post_install", "-at_install")
class TestIotBoxConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        # Requests are tried again after a random pause: the test does without.
        self.startPatcher(patch("odoo.service.model.time.sleep"))
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            site = env["kpi.site"].create({"name": "KPI Concurrent Boxes"})
            box = env["kpi.iot.box"].create({"name": "Box", "site_id": site.id})
            self.box_id, self.site_id, self.token = box.id, site.id, box.token
        self.addCleanup(self._delete_all)

    def _delete_all(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["kpi.iot.box"].browse(self.box_id).unlink()
            env["kpi.site"].browse(self.site_id).unlink()

    def pair(self, env, identifier):
        info = {"identifier": identifier, "token": self.token}
        return env["kpi.iot.box"]._setup(self.token, info, {})

    @mute_logger("odoo.sql_db")  # the second is tried again: it could not serialize
    def test_one_of_them_is_paired(self):
        outcome = []

        def meanwhile():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                outcome.append(retrying(partial(self.pair, env, SECOND), env))

        thread = threading.Thread(target=meanwhile)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            channel = self.pair(env, FIRST)
            env.flush_all()
            thread.start()
            self.wait_for_somebody_waiting(env)
        thread.join(PATIENCE)
        self.assertTrue(channel)
        self.assertEqual(outcome, [None])
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            box = env["kpi.iot.box"].browse(self.box_id)
            self.assertEqual(box.identifier, FIRST)
            self.assertEqual(box.channel, channel)
            self.assertIn(SECOND, box.pairing_problem)
