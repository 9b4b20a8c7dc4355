"""The handlers run on the Pythons of a box."""

import ast
import sys
from pathlib import Path

from kpi_lib import bridge
from pytest import mark

HANDLERS = Path(bridge.__file__).parents[1]
FILES = sorted(HANDLERS.rglob("*.py"))
ON_A_BOX = {"kpi_lib", "odoo", "requests", "serial", *sys.stdlib_module_names}


@mark.parametrize("version", [(3, 11), (3, 13)], ids=str)
@mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_syntax(path, version):
    ast.parse(path.read_text(), feature_version=version)


@mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_imports(path):
    """What a box lacks must not be imported; of its own code, two classes only."""
    own = {"odoo.addons.iot_drivers.driver", "odoo.addons.iot_drivers.interface"}
    library = "odoo.addons.iot_drivers.iot_handlers.kpi_lib."
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            assert name.split(".")[0] in ON_A_BOX
            if name.startswith("odoo"):
                assert name in own or name.startswith(library)


@mark.parametrize(
    "path", [path for path in FILES if path.parent.name != "kpi_lib"], ids=str
)
def test_a_box_takes_the_file(path):
    # it passes over files whose name ends in the letter of the other system
    assert path.stem[-1] not in "WL"
    # and it runs them without a module, which this import does not bear
    assert "from __future__" not in path.read_text()
