"""Which moments an expert looks at: at random, but the same whenever it is drawn."""

from datetime import timedelta
from random import Random


def draw_slices(seed, intervals, count, minutes):
    """Time slices that do not overlap, anywhere in the opening hours.

    Each interval is cut into slices from its start; of all of them some are drawn.
    What is left at an interval's end is too short to be looked at.

    :param str seed: of company, point and day: the same seed draws the same slices
    :param intervals: ``(start, stop)`` of any kind of datetime, not overlapping
    :param int count: how many; fewer when there is no room
    :param int minutes: of each
    :return: ``(start, stop)``, the earliest first
    """
    if count < 1 or minutes < 1:
        return []
    length = timedelta(minutes=minutes)
    slices = [
        (start + number * length, start + (number + 1) * length)
        for start, stop in intervals
        for number in range((stop - start) // length)
    ]
    # A string seeds by its SHA-512, the same in every process and release.
    return sorted(Random(seed).sample(slices, min(count, len(slices))))  # noqa: S311
