"""The library of the IoT Box's handlers stands alone there, and here, too."""

import sys
from pathlib import Path

from pytest import fixture

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = ROOT / "addons" / "kpi_hardware_bridge" / "iot_handlers"

sys.path.insert(0, str(HANDLERS))


@fixture
def odoo():
    from bridge_box import Odoo

    server = Odoo()
    yield server
    server.shutdown()
    server.server_close()


@fixture
def box(tmp_path, odoo):
    from bridge_box import paired_box

    box = paired_box(tmp_path, odoo)
    yield box
    box.spool.close()
