"""pytest plugin: lets Odoo's own ``test_lint`` look at our add-ons only.

Its tests walk over every add-on there is, which takes long and reports what is not
ours. All of them ask one of two functions; these are narrowed here. Used by
``make lint`` with ``-p kpi_test_lint``; ``KPI_LINT_ADDONS`` names the add-ons.
"""

import os

import odoo.modules
import odoo.modules.module
from odoo.modules.module import Manifest

NAMES = frozenset(os.environ["KPI_LINT_ADDONS"].split(","))


def pytest_configure(config):
    every = Manifest.all_addon_manifests

    def all_addon_manifests():
        return [manifest for manifest in every() if manifest.name in NAMES]

    def get_modules():
        return sorted(NAMES)

    Manifest.all_addon_manifests = staticmethod(all_addon_manifests)
    odoo.modules.get_modules = odoo.modules.module.get_modules = get_modules
