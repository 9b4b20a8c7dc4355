from . import journal, kpi_quality
