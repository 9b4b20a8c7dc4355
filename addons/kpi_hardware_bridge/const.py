"""Selections and limits shared by models, controllers and tests."""

CONSOLE_KINDS = [
    ("serial", "Serial console"),
    ("hid", "Keypad"),
    ("web", "Tablet or phone"),
    ("counter", "Door counter"),
    ("other", "Other"),
]
DEVICE_STATES = [
    ("ok", "In order"),
    ("warning", "Needs a look"),
    ("silent", "Silent"),
    ("new", "Never heard of"),
    ("revoked", "Revoked"),
]

# What a request may carry.
MOST_BYTES = 1024 * 1024
MOST_EVENTS = 1000
