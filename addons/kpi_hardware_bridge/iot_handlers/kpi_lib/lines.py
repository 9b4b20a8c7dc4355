"""The lines that a serial console writes.

===========  ==========================================================
``P 1 0120``  button 1 was held for 120 milliseconds and let go
``T``         the console is alive (every ten seconds)
===========  ==========================================================

A line ends with a line feed; a carriage return before it is allowed. Whatever else
arrives is noise on the wire: it is counted, and spoils one line at most.
"""

import re
from typing import NamedTuple

PRESS = re.compile(rb"P ([1-9][0-9]?) ([0-9]{1,6})")
ALIVE = b"T"
LONGEST = 32


class ButtonPress(NamedTuple):
    button: int
    held_ms: int


class LineDecoder:
    """Make presses of bytes, however these are cut into pieces."""

    def __init__(self):
        self._rest = b""
        self._skipping = False
        self.noise = 0

    def feed(self, data):
        """:return: the presses that these bytes complete

        :param bytes data: what was read from the wire
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        presses = []
        for line in lines:
            if self._skipping:
                self._skipping = False
                continue
            presses += self._read(line.removesuffix(b"\r"))
        if len(self._rest) > LONGEST:
            # no line of ours: forget it up to its end
            self.noise += not self._skipping
            self._skipping = True
            self._rest = b""
        return presses

    def _read(self, line):
        if match := PRESS.fullmatch(line):
            return [ButtonPress(int(match[1]), int(match[2]))]
        if line not in (ALIVE, b""):
            self.noise += 1
        return []
