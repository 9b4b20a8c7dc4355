"""Selections and limits shared by models, controllers and tests."""

from datetime import timedelta

CONSOLE_KINDS = [
    ("serial", "Serial console"),
    ("hid", "Keypad"),
    ("web", "Tablet or phone"),
    ("counter", "Door counter"),
    ("other", "Other"),
]
# What the buttons 1, 2, ... of a console mean at a point, unless somebody says else.
USUAL_BUTTONS = {
    "three_button": ("yes", "no", "unsure", "seller", "over"),
    "red_button": ("complaint",),
    "seller_button": ("seller", "over"),
    "counting": ("visitor",),
}
WEB_BUTTONS = [
    ("all", "All"),
    ("customer", "The customer's only"),
    ("seller", "The seller's only"),
]
WEB_INVITATIONS = [
    ("question", "The question's own sound or video, else a chime"),
    ("video", "A video from an address"),
    ("silent", "None but on the screen"),
]
DEVICE_STATES = [
    ("ok", "In order"),
    ("warning", "Needs a look"),
    ("silent", "Silent"),
    ("new", "Never heard of"),
    ("revoked", "Revoked"),
]
# The key is what the device is told.
REJECT_REASONS = [
    ("shape", "Not a press"),
    ("large", "Too large"),
    ("uuid", "No usable uuid"),
    ("time", "No usable time"),
    ("held", "No usable hold time"),
    ("console", "Unknown console"),
    ("button", "Unknown button"),
    ("point", "The console has no point"),
]

# What a request may carry.
MOST_BYTES = 1024 * 1024
MOST_EVENTS = 1000
# What is kept of a refused press, and how many of a device.
MOST_RAW = 4096
MOST_REJECTS = 10_000

# A device tells how it is once a minute.
SILENT_AFTER = timedelta(minutes=15)
# What happened once is shown so long.
SHOWN_FOR = timedelta(days=1)
MOST_SKEW = timedelta(minutes=5)
LONG_QUEUE = 100
QUEUE_FOR = timedelta(minutes=15)
# How far back opening hours are looked at.
LOOK_BACK = timedelta(days=31)
LOG_KEPT_FOR = timedelta(days=7)
# A test of buttons, and how many presses of it are shown.
TRIAL_FOR = timedelta(minutes=2)
MOST_TRIED = 50

PAIRING_STATES = [
    ("waiting", "Waiting for the box"),
    ("expired", "Token expired"),
    ("unreachable", "Server without an address"),
    ("paired", "Paired, not heard yet"),
    ("working", "Paired"),
    ("revoked", "Revoked"),
]
ADDRESS_PROBLEMS = [
    ("none", "No address"),
    ("local", "The box would call itself"),
    ("http", "Not encrypted"),
]
BOX_COMMANDS = [
    ("restart", "Restart"),
    ("update", "Update the handlers"),
    ("test", "Test the network"),
]
COMMAND_STATES = [
    ("waiting", "Waiting for the box"),
    ("delivered", "The box has it"),
    ("answered", "The box answered"),
]
