"""Transactions at the same moment, really committed."""

import time

from odoo.tests.common import BaseCase

# Longer than any of it takes: a deadlock fails instead of hanging.
PATIENCE = 60


class ConcurrencyCase(BaseCase):
    def wait_for_somebody_waiting(self, env):
        """Until another transaction waits for this one."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            env.cr.execute(
                """
                SELECT COUNT(*)
                FROM pg_locks
                WHERE NOT granted
                    AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
                """
            )
            if env.cr.fetchone()[0]:
                return
        self.fail("nobody waits")
