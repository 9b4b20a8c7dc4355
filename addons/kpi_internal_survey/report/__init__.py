from . import (
    kpi_survey_report,
    kpi_survey_report_parts,
    kpi_survey_report_words,
    kpi_survey_report_page,
    kpi_survey_slips,
)
