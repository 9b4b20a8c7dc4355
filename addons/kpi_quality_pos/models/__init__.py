from . import (
    kpi_feedback_event,
    kpi_feedback_poll,
    pos_config,
    pos_order,
    receipt_sql,
    res_config_settings,
    source_receipts,
)
