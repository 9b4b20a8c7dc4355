"""Odoo in this process: a database's registry, environments, and the clock."""

from contextlib import contextmanager
from unittest.mock import patch

from company import NOW

from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tools import config


def connect(database):
    """Load the registry of a database; the engine's clock stands at ``NOW``."""
    config.parse_config(["--database", database, "--no-http"], setup_logging=False)
    registry = Registry(database)
    patch.object(registry["kpi.engine"], "_now", lambda _self: NOW).start()
    return registry


def disconnect(registry):
    """Let go of a database, so that another copy can take its name."""
    Registry.delete(registry.db_name)
    close_db(registry.db_name)


@contextmanager
def environment(registry, login=None, keep=True):
    """A transaction of its own, as a request or a scheduled action has it.

    :param login: whose; None is the system
    :param keep: commit at the end
    """
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        if login:
            user = env["res.users"].search([("login", "=", login)])
            env = api.Environment(cr, user.id, {})
        yield env
        env.flush_all()
        if not keep:
            cr.rollback()
            registry.clear_all_caches()
