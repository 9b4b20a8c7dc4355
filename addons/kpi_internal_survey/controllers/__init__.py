from . import survey, survey_key, survey_report
