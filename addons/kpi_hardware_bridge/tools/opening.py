"""Opening hours as a measure of time."""

from datetime import timedelta


def open_time(hours, since):
    """How long it was open since a moment.

    :param hours: ``[(from, until)]``, not overlapping
    :rtype: timedelta
    """
    return sum(
        (stop - max(start, since) for start, stop in hours if stop > since),
        timedelta(),
    )
