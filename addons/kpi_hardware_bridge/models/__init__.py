from . import (
    kpi_device_mixin,
    kpi_console,
    kpi_console_button,
    kpi_console_reject,
    kpi_ingestion,
    kpi_console_box,
    kpi_iot_box,
    kpi_iot_box_call,
    kpi_iot_box_command,
    ir_http,
)
