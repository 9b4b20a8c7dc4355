from . import kpi_handover_revocation, kpi_matrix_template
