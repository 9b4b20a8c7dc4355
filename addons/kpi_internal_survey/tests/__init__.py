from . import (
    test_ballot_key,
    test_campaign_start,
    test_internal_service,
    test_letters,
    test_letters_sending,
    test_meeting,
    test_meeting_access,
    test_meeting_follow_up,
    test_recommendation,
    test_rewards,
    test_survey_matrix_template,
)
