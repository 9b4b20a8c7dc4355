from . import (
    kpi_matrix_template,
    kpi_survey_key_copy,
    kpi_survey_report_request,
    kpi_survey_reward,
    kpi_survey_reward_line,
    kpi_survey_test_run,
)
