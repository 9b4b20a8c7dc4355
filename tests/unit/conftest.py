"""The library of the IoT Box's handlers stands alone there, and here, too."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = ROOT / "addons" / "kpi_hardware_bridge" / "iot_handlers"

sys.path.insert(0, str(HANDLERS))
