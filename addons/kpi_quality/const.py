"""Selections, transitions and limits shared by models, reports and tests."""

UNITS = [
    ("percent", "Percent"),
    ("money", "Money"),
    ("hours", "Hours"),
    ("minutes", "Minutes"),
    ("seconds", "Seconds"),
    ("count", "Count"),
    ("points", "Points"),
]

DIRECTIONS = [("rising", "Higher is better"), ("falling", "Lower is better")]

NATURES = [("process", "Process"), ("result", "Result")]

KINDS = [("quantitative", "Quantitative"), ("qualitative", "Qualitative")]

BUSINESS_PROCESSES = [
    ("sales", "Sales"),
    ("order_processing", "Order processing"),
    ("procurement", "Procurement"),
    ("warehouse", "Warehouse"),
    ("delivery", "Delivery"),
    ("contact_centre", "Contact centre"),
    ("after_sales", "After-sales service"),
    ("marketing", "Marketing"),
    ("other", "Other"),
]

AGGREGATIONS = [
    ("ratio", "Ratio of sums"),
    ("sum", "Sum"),
    ("distinct", "Number of different keys"),
    ("snapshot", "Snapshot"),
]

SCOPES = [
    ("personal", "Personal"),
    ("department", "Department"),
    ("site", "Site"),
    ("warehouse", "Warehouse"),
    ("company", "Company"),
]

SCORE_METHODS = [
    ("anchors", "Anchors (straight lines between base, plan and challenge)"),
    ("from_base", "From base"),
    ("share_of_plan", "Share of plan"),
]

MISSING_FACT = [
    ("exclude", "Leave out"),
    ("heir", "Weight goes to another line"),
    ("zero", "Counts as zero"),
    ("block", "Blocks the closing"),
]

# Who may do what next with a bonus run: state -> states reachable from it.
BONUS_RUN_STATES = [
    ("draft", "Draft"),
    ("computed", "Computed"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("paid", "Paid"),
]
BONUS_RUN_TRANSITIONS = {
    "draft": {"computed"},
    "computed": {"draft", "computed", "submitted"},
    "submitted": {"computed", "approved"},
    "approved": {"paid"},
    "paid": set(),
}
BONUS_RUN_FROZEN = ("approved", "paid")

PERIOD_STATES = [("open", "Open"), ("measured", "Measured"), ("closed", "Closed")]
# From measured on, the figures of the period's days do not move any more.
PERIOD_FIXED = ("measured", "closed")
PERIOD_TRANSITIONS = {
    "open": {"measured"},
    "measured": {"open", "closed"},
    "closed": set(),
}

SCORECARD_STATES = [
    ("draft", "Draft"),
    ("agreed", "Agreed"),
    ("measured", "Measured"),
    ("closed", "Closed"),
]
SCORECARD_TRANSITIONS = {
    "draft": {"agreed", "measured"},
    "agreed": {"draft", "measured"},
    "measured": {"draft", "agreed", "closed"},
    "closed": set(),
}

# Why a figure shows "no data": the key is stored, the words are shown.
NO_DATA_REASONS = [
    ("no_measurement", "Nothing was measured in this period"),
    ("zero_denominator", "Nothing to divide by: there was no case in this period"),
    ("no_user", "The employee has no user, so no document can be credited to them"),
    ("no_department", "The employee has no department"),
    ("no_site", "The employee's department belongs to no site"),
    ("no_warehouse", "The site has no warehouse"),
    ("not_started", "The period has not started yet"),
    ("formula", "A figure that the formula needs has no data"),
    ("retired", "The indicator is not active"),
    ("source_error", "The indicator could not be measured: see its error message"),
]

# Goods change hands: at our dock, and at the customer.
HANDOVER_KINDS = [("arrival", "Arrived at the dock"), ("delivery", "Delivered")]
HANDOVER_SOURCES = [
    ("tap", "Tapped"),
    ("scan", "Scanned"),
    ("import", "Entered or imported"),
    ("carrier", "Reported by the carrier"),
]
# Somebody stood there.
PERSONAL_HANDOVER_SOURCES = ("tap", "scan")

IMPROVEMENT_KINDS = [("reaction", "Reaction"), ("cure", "Cure"), ("review", "Review")]

IMPROVEMENT_STATES = [("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")]

# Upper ends, in hours, of the buckets that delays are sorted into: bucket 0 is in time,
# 1 up to 2 hours late, the last one beyond all.
DELAY_BUCKETS = (0, 2, 4, 12, 24, 72)

IMPROVEMENT_VERDICTS = [
    ("waiting", "Not yet"),
    ("too_few", "Too few cases to say"),
    ("improved", "Improved"),
    ("worse", "Got worse"),
    ("noise", "No more than noise"),
    ("unknown", "Judge for yourself"),
]

REVIEW_VERDICTS = [("ok", "In order"), ("problem", "Problem")]

# What the order journal knows: the kinds of documents and of events.
JOURNAL_MODELS = [
    ("sale.order", "Sales order"),
    ("purchase.order", "Purchase order"),
    ("stock.picking", "Transfer"),
]
JOURNAL_EVENTS = [
    ("state", "State"),
    ("promise", "Date moved"),
    ("goods", "Goods"),
    ("opened", "Opened"),
]

# ---------------------------------------------------------------- customer feedback
POINT_KINDS = [
    ("three_button", "Three-button console"),
    ("red_button", "Red button"),
    ("seller_button", "Seller's button only"),
    ("counting", "Counting visitors"),
]
SELLER_MEANINGS = [
    ("attempt", "An attempt to sell"),
    ("poll", "A customer is asked"),
    ("both", "An attempt, and the customer is asked"),
]
EVENT_BUTTONS = [
    ("yes", "Yes"),
    ("no", "No"),
    ("unsure", "Hard to say"),
    ("seller", "Seller's button"),
    ("over", "Force majeure is over"),
    ("complaint", "Red button"),
    ("visitor", "Visitor"),
]
EVENT_SOURCES = [
    ("console", "Console"),
    ("web", "Web console"),
    ("import", "Import"),
    ("manual", "Entered by hand"),
    ("order", "Started by an order"),
]
ANSWERS = [
    ("yes", "Yes"),
    ("no", "No"),
    ("unsure", "Hard to say"),
    ("silent", "Silent"),
]
QUESTION_KINDS = [
    ("staff", "Staff"),
    ("office", "Office"),
    ("recommend", "Recommendation"),
]
QUESTION_CHANGES = [
    ("manual", "By hand"),
    ("calendar", "By the calendar"),
    ("random", "At random"),
]
QUESTION_LENGTHS = [
    ("decade", "Decade of the month"),
    ("week", "Week"),
    ("month", "Month"),
]
POLL_STATES = [
    ("unchecked", "Not checked"),
    ("valid", "Valid"),
    ("rejected", "Rejected"),
]
FORCE_MAJEURE_STATES = [
    ("unchecked", "Not checked"),
    ("confirmed", "Confirmed"),
    ("rejected", "Rejected"),
]
FORCE_MAJEURE_ENDS = [
    ("press", "Long press"),
    ("over", "“Over” button"),
    ("limit", "Time limit"),
]
COMPLAINT_CHANNELS = [
    ("red_button", "Red button"),
    ("counter", "At the counter"),
    ("phone", "Telephone"),
    ("mail", "E-mail"),
    ("web", "Web site"),
    ("other", "Other"),
]
COMPLAINT_KINDS = [
    ("passive", "Passive dissatisfaction"),
    ("active", "Active dissatisfaction"),
]
COMPLAINT_STATES = [
    ("unchecked", "Not checked"),
    ("fair", "Fair"),
    ("unfair", "Unfair"),
]
# Who is told of a held red button.
RECIPIENT_KINDS = [
    ("duty_manager", "Duty manager"),
    ("director", "Director of the site"),
    ("user", "A user"),
]
DUTY_KINDS = [("login", "Logged in at the console"), ("roster", "Roster")]
DUTY_ROLES = [("seller", "Works at the counter"), ("duty_manager", "Duty manager")]
VISITOR_SOURCES = [
    ("counter", "Counter"),
    ("import", "Import"),
    ("manual", "Entered by hand"),
]
STUDY_STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("done", "Accepted"),
    ("cancelled", "Cancelled"),
]
STUDY_TRANSITIONS = {
    "draft": {"running", "cancelled"},
    "running": {"done", "cancelled"},
    "done": set(),
    "cancelled": set(),
}
# While and after: what was pressed at its points then was an observation.
STUDY_OBSERVING = ("running", "done")
# Fewer observed visitors of the site say nothing (seed 002).
STUDY_MINIMUM = 100
CHECK_KINDS = [
    ("complaint", "Red button"),
    ("force_majeure", "Force majeure"),
    ("poll", "Poll"),
    ("slice", "Time slice"),
]
CHECK_STATES = [("waiting", "Waiting"), ("done", "Checked")]
VERDICTS = [
    ("valid", "Valid"),
    ("rejected", "Invalid"),
    ("confirmed", "Confirmed"),
    ("fair", "Fair"),
    ("unfair", "Unfair"),
    ("seen", "Seen"),
    ("undone", "Taken back"),
]
KIND_VERDICTS = {
    "complaint": ("fair", "unfair"),
    "force_majeure": ("confirmed", "rejected"),
    "poll": ("valid", "rejected"),
    "slice": ("seen",),
}
SILENT_READINGS = [
    ("published", "Published formula (each counts k)"),
    ("other_reasons", "Share silent for other reasons (each counts 1 - k)"),
]
SHARE_ASKED_BASES = [("sales", "Sales"), ("visits", "Visits")]
FEEDBACK_INDEXES = [
    ("dissatisfaction_staff", "Dissatisfaction: staff"),
    ("dissatisfaction_office", "Dissatisfaction: office"),
    ("emotional_loyalty", "Emotional loyalty"),
]
DIAGNOSES = [
    ("staff", "Staff"),
    ("office", "Office and processes"),
    ("product", "Products and prices"),
    ("none", "Nothing stands out"),
    ("force_majeure", "Fix the causes of force majeure first"),
    ("unknown", "Not known yet"),
]
AUDIT_STATES = [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")]
AUDIT_CHANGES = [
    ("improved", "Improved"),
    ("worse", "Got worse"),
    ("noise", "No more than noise"),
    ("too_few", "Too few polls to say"),
    ("unknown", "Cannot be compared"),
]
SIGN_KINDS = [
    ("burst", "Burst of presses"),
    ("outside", "Presses outside opening hours"),
    ("unattended", "Presses with nobody at work"),
    ("instant", "Answers within a second"),
    ("streak", "The same answer again and again"),
    ("silent", "Console silent at peak"),
    ("far", "Attempts far from visits"),
]
SIGN_STATES = [("new", "New"), ("seen", "Seen"), ("explained", "Explained")]
