from . import kpi_plate
