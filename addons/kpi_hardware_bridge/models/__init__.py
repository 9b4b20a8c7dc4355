from . import (
    kpi_device_mixin,
    kpi_console,
    kpi_console_button,
    kpi_ingestion,
)
