"""Score of one matrix line: a fact against base, plan and challenge.

Source: FORMULAS.md, "Score of one matrix line"; `share_of_plan` is that of seed 003,
the other two methods are [ours].
"""

import math
from typing import NamedTuple

METHODS = ("anchors", "from_base", "share_of_plan")

_TOLERANCE = 1e-6


class Thresholds(NamedTuple):
    """Three values of an indicator, in its own unit, running in one direction."""

    base: float
    plan: float
    challenge: float

    @property
    def rising(self) -> bool:
        """Whether a higher fact is a better one."""
        return self.plan > self.base


class ThresholdError(ValueError):
    """Thresholds that give no score.

    :ivar reason: ``base_equals_plan`` or ``wrong_order``
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def check_thresholds(thresholds: Thresholds) -> str | None:
    """Tell what is wrong with thresholds.

    The challenge may equal the plan, the base may not. NaN is in no order.

    :return: ``base_equals_plan``, ``wrong_order``, or None when they are good
    """
    base, plan, challenge = thresholds
    if base == plan:
        return "base_equals_plan"
    if base < plan <= challenge or base > plan >= challenge:
        return None
    return "wrong_order"


def score(
    fact: float | None,
    thresholds: Thresholds,
    method: str = "anchors",
    anchors: tuple[float, float, float] = (0.0, 100.0, 120.0),
) -> float | None:
    """Score a fact, in percent.

    - ``anchors``: `anchors` are the scores at base, plan and challenge, straight lines
      between them; worse than the base (by more than 1e-6) gives 0, better than the
      challenge what the challenge gives.
    - ``from_base``: (fact - base) / (plan - base) x 100, from 0 up to its value at the
      challenge.
    - ``share_of_plan``: fact / plan x 100, or plan / fact x 100 when lower is better,
      from 0 up to its value at the challenge. See :func:`_share_of_plan` for plans
      that are not above 0.

    :param fact: in the indicator's unit; None or NaN is no fact
    :param thresholds: in the indicator's unit
    :param method: one of :data:`METHODS`
    :param anchors: non-negative and not falling, which is the caller's to check
    :return: the score, or None without a fact
    :raise ThresholdError: thresholds that :func:`check_thresholds` refuses
    :raise ValueError: an unknown method
    """
    reason = check_thresholds(thresholds)
    if reason:
        raise ThresholdError(reason)
    if method not in METHODS:
        raise ValueError(f"unknown method: {method}")
    if fact is None or math.isnan(fact):
        return None
    if method == "anchors":
        return _anchored(fact, thresholds, anchors)
    if method == "from_base":
        return _from_base(fact, thresholds)
    return _share_of_plan(fact, thresholds)


def _anchored(fact, thresholds, anchors):
    direction = 1 if thresholds.rising else -1
    fact, base, plan, challenge = (
        direction * value for value in (fact, *thresholds)
    )  # from here on, higher is better
    if fact < base - _TOLERANCE:
        return 0.0
    at_base, at_plan, at_challenge = anchors
    fact = min(max(fact, base), challenge)
    if fact <= plan:
        return _between(at_base, at_plan, (fact - base) / (plan - base))
    return _between(at_plan, at_challenge, (fact - plan) / (challenge - plan))


def _between(start, end, part):
    """Go `part` (0 to 1) of the way from `start` to `end`, hitting both exactly."""
    return start * (1 - part) + end * part


def _from_base(fact, thresholds):
    base, plan, challenge = thresholds
    cap = (challenge - base) / (plan - base) * 100
    return min(max((fact - base) / (plan - base) * 100, 0.0), cap)


def _share_of_plan(fact, thresholds):
    """Score as a share of the plan.

    [ours] A share of a plan that is 0 or negative says nothing, so ``from_base`` takes
    its place: 5 / 0 / 0 complaints give 100 for none and 50 for 2.5. A challenge that
    is not above 0 (12 / 4 / 0 hours late) would set no limit to plan / fact, so the
    cap alone is that of ``from_base``. When lower is better, a fact of 0 or less gives
    the cap.
    """
    _base, plan, challenge = thresholds
    if plan <= 0:
        return _from_base(fact, thresholds)
    if thresholds.rising:
        return min(max(fact / plan * 100, 0.0), challenge / plan * 100)
    if challenge > 0:
        cap = plan / challenge * 100
    else:
        cap = _from_base(challenge, thresholds)
    return min(plan / fact * 100, cap) if fact > 0 else cap
