from . import survey, survey_report
