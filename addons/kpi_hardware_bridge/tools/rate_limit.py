"""How often somebody may call, as one worker process sees it."""

from collections import OrderedDict


class RateLimit:
    """A bucket of calls for each caller, filled again as time goes by.

    Each worker counts for itself, so the server as a whole takes at most the limit
    times its workers: enough to keep a flood out, and nothing to share or clean.
    """

    def __init__(self, per_second, burst, most_callers=10_000):
        self.per_second = per_second
        self.burst = burst
        self.most_callers = most_callers
        self._buckets = OrderedDict()  # caller: (calls left, moment)

    def allows(self, caller, now):
        """Take one call of a caller.

        :param now: seconds of a steady clock
        :return: whether there was one left
        """
        left, moment = self._buckets.pop(caller, (self.burst, now))
        left = min(self.burst, left + (now - moment) * self.per_second)
        allowed = left >= 1
        self._buckets[caller] = (left - 1 if allowed else left, now)
        while len(self._buckets) > self.most_callers:
            self._buckets.popitem(last=False)  # who was silent longest
        return allowed
