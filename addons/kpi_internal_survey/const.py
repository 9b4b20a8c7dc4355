"""Selections, transitions and limits shared by models, reports and tests."""

CAMPAIGN_STATES = [
    ("draft", "Draft"),
    ("agreed", "Agreed"),
    ("running", "Running"),
    ("closed", "Closed"),
    ("published", "Published"),
]
CAMPAIGN_TRANSITIONS = {
    "draft": {"agreed"},
    "agreed": {"draft", "running"},
    "running": {"closed"},
    "closed": {"published"},
    "published": set(),
}
UNIT_KINDS = [("head_office", "Head office"), ("regional", "Regional unit")]
AGREEMENT_STATES = [
    ("waiting", "Not answered"),
    ("agreed", "Agrees"),
    ("remark", "Has a remark"),
]
# What a mark beyond the limits asks for.
COMMENT_RULES = [
    ("optional", "May be explained"),
    ("required", "Must be explained"),
]
VOTE_SCOPES = [
    ("head_office", "Colleagues of the head office"),
    ("all", "All colleagues"),
]
# Marks of the scale (seed 001).
LOWEST_MARK, HIGHEST_MARK = 1, 10
# No campaign may show figures of fewer people (FORMULAS.md, Anonymity).
FEWEST_PEOPLE = 3
USUAL_PEOPLE = 5
MOST_VOTES = 5
# Best colleagues and the like: how many places are honoured.
BEST_PLACES = 3

CELL_KINDS = [
    ("cell", "One unit rates another"),
    ("own", "A unit rates itself"),
    ("row", "What a unit gives"),
    ("column", "What a unit gets"),
    ("total", "All marks"),
]
CELL_SIGNS = [
    ("conflict", "Significantly below its row and its column"),
    ("praise", "Mutually high"),
]
VIEWS = [("others", "Other units"), ("own", "The unit itself")]
TONES = [("low", "Low mark"), ("high", "High mark"), ("plain", "Comment")]

AWARDS = [("person", "Best colleague"), ("unit", "Best unit")]

MEETING_LEVELS = [
    ("board", "Session of the board"),
    ("talk", "Individual talk"),
    ("directors", "Directors' meeting"),
    ("specialists", "Meeting with specialists"),
]
MEETING_STATES = [
    ("planned", "Planned"),
    ("held", "Held"),
    ("cancelled", "Cancelled"),
]

LETTERS = [
    ("announcement", "Announcement"),
    ("invitation", "Invitation"),
    ("reminder", "Reminder"),
    ("thanks", "Thank-you"),
    ("results", "Results are published"),
    ("test", "Test run"),
]
# Those with a personal code, and while the campaign is what the code opens something.
LETTERS_WITH_CODE = {
    "invitation": {"running"},
    "reminder": {"running"},
    "test": {"draft", "agreed"},
}
# Stands in a letter until it goes to the mail server.
PLACE_OF_CODE = "[[kpi_survey_code]]"

REPORT_KINDS = [
    ("board", "The whole company, for the board"),
    ("director", "My units, for their director"),
    ("unit", "One unit"),
]
