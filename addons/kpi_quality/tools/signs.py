"""From when on presses look as if they were not made for a customer.

A sign is no proof, and takes nothing out of any figure: an expert looks at the video
and asks. So the limits are where an honest day at a busy counter does not come.
"""

from datetime import timedelta
from typing import NamedTuple


class Limits(NamedTuple):
    """What an expert is shown; the kinds are those of ``SIGN_KINDS``."""

    # burst: so many customers are not served within a minute
    burst_presses: int = 5
    burst_time: timedelta = timedelta(minutes=1)
    # outside, unattended: who opens early tries the console once or twice
    outside_presses: int = 3
    grace: timedelta = timedelta(minutes=15)
    # who was at work is known where somebody checked in within these days
    attendance_days: int = 7
    # instant: a customer reads the question before answering
    instant_ms: int = 1000
    instant_polls: int = 10
    instant_share: float = 0.8
    # streak: this row of the same answer comes by chance less than once in ...
    streak_chance: float = 0.001
    streak_answers: int = 10
    # ... and where too few answers are known to say, this one is long enough
    streak_unknown: int = 30
    streak_known: int = 100
    # silent: presses of that hour on other days, or visits of the department
    silent_presses: float = 6.0
    silent_visits: float = 20.0
    silent_days: int = 5
    # far: attempts by visits of a seller's day
    far_visits: float = 20.0
    far_above: float = 1.3
    far_below: float = 0.3
    # how far back "usually" looks, in days
    history: int = 28


LIMITS = Limits()
