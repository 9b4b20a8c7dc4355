"""The stretch of local days that is measured, and the moment it is measured at."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

# Local days lie within 14 hours of UTC days; a day on each side is enough.
MARGIN = timedelta(days=1)


class Window(NamedTuple):
    """Local days from ``date_from`` to ``date_to`` (both included).

    ``now`` (naive, UTC) is the moment up to which open promises are late.
    """

    date_from: date
    date_to: date
    now: datetime

    @property
    def utc_from(self) -> datetime:
        """The earliest UTC moment that can belong to the first local day."""
        return datetime.combine(self.date_from, time.min) - MARGIN

    @property
    def utc_to(self) -> datetime:
        """The first UTC moment that can no longer belong to the last local day."""
        return datetime.combine(self.date_to, time.min) + 2 * MARGIN
