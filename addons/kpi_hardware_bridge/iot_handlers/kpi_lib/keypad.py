"""Presses of a keypad, from the events that Linux gives for its keys.

The structure is read as the kernel writes it, so no library is needed: two longs of
time, type, code and value (``struct input_event``).
"""

import struct
from typing import NamedTuple

from .lines import ButtonPress

EVENT = struct.Struct("@llHHi")
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN, REPEAT = 0, 1, 2

#: keys by the number on them, on the main block and on the number block
BUTTONS = {code: number for number, code in enumerate(range(2, 12), 1)}
BUTTONS |= dict(
    zip((79, 80, 81, 75, 76, 77, 71, 72, 73, 82), range(1, 11), strict=True)
)
#: any other key is a button, too: its code and this
OTHER = 100
#: shift, control, alt, meta and the locks, which some keypads send around each digit
SILENT = {29, 42, 54, 56, 58, 69, 70, 97, 100, 125, 126}
LONGEST_MS = 999_999


class KeyEvent(NamedTuple):
    seconds: int
    microseconds: int
    type: int
    code: int
    value: int

    @property
    def milliseconds(self):
        return self.seconds * 1000 + self.microseconds // 1000


class KeypadDecoder:
    """Make presses of key events. Each key that went down gives one press."""

    def __init__(self):
        self._rest = b""
        self._down = {}
        self._lost = False
        self.resets = 0

    def feed(self, data):
        """:return: the presses that these bytes complete"""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        return [
            press
            for fields in EVENT.iter_unpack(data[:whole])
            for press in self._take(KeyEvent(*fields))
        ]

    def end(self, milliseconds=None):
        """The keypad is gone or lost count: what is down counts as let go.

        :param int milliseconds: when; None when nobody knows
        :return: these presses, in the order in which the keys went down
        """
        down, self._down = self._down, {}
        return [self._press(code, since, milliseconds) for code, since in down.items()]

    def _take(self, event):
        if event.type == EV_SYN and event.code == SYN_DROPPED:
            self._lost = True
            self.resets += 1
            return self.end(event.milliseconds)
        if self._lost:
            # up to the next report these are remains of what the kernel threw away
            if event.type == EV_SYN and event.code == SYN_REPORT:
                self._lost = False
            return []
        if event.type != EV_KEY or event.code in SILENT or event.value == REPEAT:
            return []
        since = self._down.pop(event.code, None)
        presses = []
        if since is not None:
            presses.append(self._press(event.code, since, event.milliseconds))
        if event.value == DOWN:
            self._down[event.code] = event.milliseconds
        return presses

    @staticmethod
    def _press(code, since, until):
        held = 0 if until is None else min(max(until - since, 0), LONGEST_MS)
        return ButtonPress(BUTTONS.get(code, OTHER + code), held)
