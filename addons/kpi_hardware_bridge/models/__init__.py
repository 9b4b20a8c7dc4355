from . import (
    kpi_device_mixin,
    kpi_console,
    kpi_console_button,
    kpi_console_reject,
    kpi_ingestion,
)
