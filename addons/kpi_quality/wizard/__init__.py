from . import kpi_handover_revocation
