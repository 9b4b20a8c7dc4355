"""Hours of work between two moments.

[ours] FORMULAS.md, "Delays": hours are calendar hours or working hours. Moments
without a time zone are UTC, as Odoo stores them.
"""

from bisect import bisect_right
from datetime import datetime, timezone
from typing import NamedTuple


class WorkingTime(NamedTuple):
    """Stretches of work, sorted, without overlaps: when each begins (naive, UTC), how
    many seconds it is long, and how many seconds were worked before it.
    """

    starts: list[datetime]
    lengths: list[int]
    worked: list[int]

    @classmethod
    def of(cls, stretches):
        """:param stretches: (start, stop) in the order of time, with time zone"""
        starts, lengths, worked, total = [], [], [], 0
        for start, stop in stretches:
            starts.append(start.astimezone(timezone.utc).replace(tzinfo=None))
            lengths.append(round((stop - start).total_seconds()))
            worked.append(total)
            total += lengths[-1]
        return cls(starts, lengths, worked)

    def hours(self, start: datetime, stop: datetime) -> float:
        """Give the hours of work from one moment to another; 0 when it is earlier."""
        return max(self._seconds_until(stop) - self._seconds_until(start), 0) / 3600

    def _seconds_until(self, moment):
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0
        since = (moment - self.starts[place]).total_seconds()
        return self.worked[place] + min(since, self.lengths[place])
