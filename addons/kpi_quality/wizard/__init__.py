from . import kpi_figure_selection, kpi_handover_revocation, kpi_matrix_template
