"""Tests without a database: ``make sh ARGS="pytest -p no:odoo tests/unit"``.

Makes the add-ons of this checkout importable as ``odoo.addons.<name>``, as Odoo's own
module loader would, and ``kpienv`` (the development environment) for its tests.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

sys.path.insert(0, str(ROOT / "config"))

try:
    import odoo.addons
except ImportError as error:
    raise ImportError("run the tests through the Makefile (`make help`)") from error

if str(ROOT / "addons") not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT / "addons"))
