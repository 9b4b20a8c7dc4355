from . import (
    kpi_survey_slips,
)
