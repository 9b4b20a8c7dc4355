from . import (
    kpi_figure_selection,
    kpi_feedback_selection,
    kpi_feedback_invitation,
    kpi_feedback_question_change,
    kpi_feedback_settings,
    kpi_handover_revocation,
    kpi_matrix_template,
)
