from . import kpi_quality
