from . import (
    kpi_figure_selection,
    kpi_feedback_selection,
    kpi_feedback_invitation,
    kpi_handover_revocation,
    kpi_matrix_template,
)
