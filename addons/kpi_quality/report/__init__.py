from . import kpi_bonus_run_export
