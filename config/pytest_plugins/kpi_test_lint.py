"""pytest plugin: lets Odoo's own ``test_lint`` look at our add-ons only.

Its tests walk over every add-on there is, which takes long and reports what is not
ours. All of them ask one of two functions; these are narrowed here. Used by
``make lint`` with ``-p kpi_test_lint``; ``KPI_LINT_ADDONS`` names the add-ons.
"""

import os
from pathlib import Path

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

    # set before the tests are imported: they import these names
    Manifest.all_addon_manifests = staticmethod(all_addon_manifests)
    odoo.modules.get_modules = odoo.modules.module.get_modules = get_modules


def pytest_collection_modifyitems(items):
    """Spare eslint an empty list of files.

    Point-of-sale add-ons have rules of their own, with plugins that Odoo does not
    bring; without scripts in such add-ons they are not needed.
    """
    for item in items:
        case = getattr(item, "cls", None)
        if case and case.__name__ == "TestESLint" and not hasattr(case, "kpi_original"):
            case.kpi_original = case._test_eslint
            case._test_eslint = lambda self, modules, rules: (
                self.kpi_original(modules, rules)
                if any(map(_has_scripts, modules))
                else None
            )


def _has_scripts(module):
    static = Path(Manifest.for_addon(module).path) / "static"
    return any(static.rglob("*.js"))
