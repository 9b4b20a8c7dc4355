"""When a button went down, by clocks that may be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A wall clock that says less was never set.
EARLIEST = datetime(2020, 1, 1)
MOST_BOOTS = 8
# Longer than a request of the boot before can be under way.
OVERLAP = timedelta(minutes=2)
# Up to this a request may have been slow; what is more, the device's clock did.
SLOWEST = timedelta(seconds=10)
# No steady clock goes more wrong than that.
DRIFT = 0.0005


@dataclass(frozen=True)
class Boot:
    """A run of a device's system, by the server's clock.

    :param id: as the device names it
    :param first_heard: when it first sent something
    :param began: when its steady clock stood at zero
    :param heard: when it last sent something
    """

    id: str
    first_heard: datetime
    began: datetime
    heard: datetime | None = None

    @classmethod
    def from_json(cls, items):
        return tuple(
            cls(boot_id, *map(datetime.fromisoformat, moments))
            for boot_id, *moments in items or ()
        )

    def to_json(self):
        moments = (self.first_heard, self.began, self.heard or self.first_heard)
        return [self.id, *(moment.isoformat() for moment in moments)]


@dataclass(frozen=True)
class Sending:
    """What a device says of its clocks while it sends.

    :param received_at: naive UTC, by the server
    :param sent_at: naive UTC, by the device's wall clock; None when it has none
    :param boot_id: which run of the device's system this is; None when unknown
    :param sent_boottime: seconds since that run began; None when unknown
    :param boots: the runs known from before, the oldest first
    """

    received_at: datetime
    sent_at: datetime | None = None
    boot_id: str | None = None
    sent_boottime: float | None = None
    boots: tuple[Boot, ...] = ()

    @property
    def skew(self):
        """How far the device's wall clock is behind, as a timedelta."""
        return self.received_at - self.sent_at if self.sent_at else timedelta()

    @property
    def began(self):
        """When this run began; None when unknown.

        The fastest request tells best: after a slow one a seller's press would come
        later than the customer's answer that followed in a fast one.
        """
        if not self.boot_id or self.sent_boottime is None:
            return None
        began = self.received_at - timedelta(seconds=self.sent_boottime)
        for boot in self.boots:
            if boot.id == self.boot_id:
                silence = self.received_at - (boot.heard or boot.first_heard)
                latest = boot.began + max(silence, timedelta()) * DRIFT
                if latest < began <= latest + SLOWEST:
                    return latest
        return began

    @property
    def boots_now(self):
        """The known runs with this one, the oldest first."""
        began = self.began
        if began is None:
            return self.boots
        known = {boot.id: boot for boot in self.boots}
        first_heard = getattr(known.get(self.boot_id), "first_heard", self.received_at)
        known[self.boot_id] = Boot(self.boot_id, first_heard, began, self.received_at)
        return tuple(known.values())[-MOST_BOOTS:]

    @property
    def is_twin(self):
        """Whether a run speaks after a later one did: two devices share the name."""
        if not self.boots:
            return False
        latest = self.boots[-1]
        return (
            any(boot.id == self.boot_id for boot in self.boots[:-1])
            and self.received_at - latest.first_heard > OVERLAP
        )

    def pressed_at(self, at=None, boot_id=None, boottime=None):
        """The moment of a press, with milliseconds.

        The steady clock of a run that the server knows tells how long ago it was,
        whatever the wall clock says; else the wall clock does, corrected by what it is
        wrong now. What neither tells happened on receipt.

        :return: naive UTC, never after the receipt
        """
        moment = self._by_steady_clock(boot_id, boottime) or self._by_wall_clock(at)
        if not moment or not EARLIEST <= moment <= self.received_at:
            moment = self.received_at
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def _by_steady_clock(self, boot_id, boottime):
        if not boot_id or boottime is None:
            return None
        for boot in self.boots_now:
            if boot.id == boot_id:
                return boot.began + timedelta(seconds=boottime)
        return None

    def _by_wall_clock(self, at):
        try:
            return at and at + self.skew
        except OverflowError:
            return None
