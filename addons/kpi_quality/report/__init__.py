from . import kpi_bonus_run_export, kpi_order_report
