from . import kpi_console
