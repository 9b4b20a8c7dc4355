"""Sums of delays and the figures made of them; see FORMULAS.md, "Delays".

Two figures that are not to be mixed: the mean lateness of the late ones, and the mean
delay over all that was due.
"""

from typing import NamedTuple

# [ours] A part this large is the bottleneck; between its rest and it both are.
BOTTLENECK_SHARE = 2 / 3


class DelaySums(NamedTuple):
    """Promises due and missed, and hours late: whole and, inbound, by whose part."""

    due: int = 0
    late: int = 0
    hours: float = 0.0
    supplier: float = 0.0
    own: float = 0.0

    def __add__(self, other):
        return DelaySums(*map(sum, zip(self, other, strict=True)))

    @property
    def mean_lateness(self) -> float | None:
        """Hours by late one; None when nothing is late."""
        return self.hours / self.late if self.late else None

    @property
    def mean_delay(self) -> float | None:
        """Hours by due one; None when nothing was due."""
        return self.hours / self.due if self.due else None

    @property
    def late_share(self) -> float | None:
        """Percent of what was due."""
        return 100.0 * self.late / self.due if self.due else None

    @property
    def own_share(self) -> float | None:
        """Percent of the hours that the own receiving holds the goods."""
        parts = self.supplier + self.own
        return 100.0 * self.own / parts if parts else None


def bottleneck(sums: DelaySums) -> str:
    """Say who holds the goods.

    :return: ``no_data``, ``in_time``, ``own``, ``supplier`` or ``both``
    """
    if not sums.due:
        return "no_data"
    if sums.own_share is None:
        return "in_time"
    if sums.own_share >= 100 * BOTTLENECK_SHARE:
        return "own"
    if sums.own_share <= 100 * (1 - BOTTLENECK_SHARE):
        return "supplier"
    return "both"
