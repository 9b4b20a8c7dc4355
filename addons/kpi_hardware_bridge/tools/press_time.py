"""When a button went down, by clocks that may be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Sending:
    """What a device says of its clocks while it sends.

    :param received_at: naive UTC, by the server
    :param sent_at: naive UTC, by the device's wall clock; None when it has none
    :param boot_id: which run of the device's system this is; None when unknown
    :param sent_boottime: seconds since that run began
    """

    received_at: datetime
    sent_at: datetime | None = None
    boot_id: str | None = None
    sent_boottime: float | None = None

    @property
    def skew(self):
        """How far the device's wall clock is behind, as a timedelta."""
        return self.received_at - self.sent_at if self.sent_at else timedelta()

    def pressed_at(self, at=None, boot_id=None, boottime=None):
        """The moment of a press, with milliseconds.

        Within one boot the steady clock tells how long ago that was, whatever the wall
        clock says; else the wall clock does, corrected by what it is wrong now.

        :return: naive UTC, never after the receipt; None when there is no time at all
        """
        if boottime is not None and boot_id and boot_id == self.boot_id:
            moment = self._by_steady_clock(boottime)
        elif at is not None:
            moment = self._by_wall_clock(at)
        else:
            return None
        moment = min(moment, self.received_at)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def _by_steady_clock(self, boottime):
        return self.received_at - timedelta(seconds=self.sent_boottime - boottime)

    def _by_wall_clock(self, at):
        return at + self.skew
