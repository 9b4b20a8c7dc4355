"""The clocks of a box. The wall clock may be wrong: a box has no battery for it."""

import time
from datetime import datetime, timezone
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock:
    def __init__(self):
        #: which run of the system this is; the steady clock counts within one
        self.boot_id = BOOT_ID.read_text(encoding="ascii").strip()

    def boottime(self):
        """:return: seconds since the system started, time asleep included"""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wall(self):
        """:return: seconds since 1970, as far as the box knows"""
        return time.time()


def iso(seconds):
    """:return: UTC with milliseconds, e.g. ``2026-11-22T08:30:00.120+00:00``"""
    moment = datetime.fromtimestamp(seconds, timezone.utc)  # noqa: UP017
    return moment.isoformat(timespec="milliseconds")
