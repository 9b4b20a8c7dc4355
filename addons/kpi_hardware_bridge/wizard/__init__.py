from . import kpi_device_key
