"""The three indexes from single polls, and how sure they are.

Source: FORMULAS.md, "Indexes". A poll counts as a number by its answer, the index is
the mean of these numbers, and the mean's interval follows from three sums: how many,
of the values, of their squares. Values are fractions here, x 100 in percent.
"""

from math import sqrt
from typing import NamedTuple

from .change import LEAST_CASES

# Index -> the kind of question it is asked by.
QUESTIONS = {
    "dissatisfaction_staff": "staff",
    "dissatisfaction_office": "office",
    "emotional_loyalty": "recommend",
}
# What a poll counts as; a silent one times its effective weight.
VALUES = {
    "dissatisfaction_staff": {"yes": 0, "no": 1, "unsure": 0, "silent": 1},
    "dissatisfaction_office": {"yes": 0, "no": 1, "unsure": 0, "silent": 1},
    "emotional_loyalty": {"yes": 1, "no": -1, "unsure": 0, "silent": -1},
}
# Polls inside confirmed force majeure are nobody's merit and nobody's fault.
WITHOUT_FORCE_MAJEURE = ("dissatisfaction_staff",)
# Two-sided quantile of the normal distribution, 95 %.
QUANTILE = 1.96


class Interval(NamedTuple):
    """:param margin: half its width; None when there are too few polls to say"""

    value: float
    margin: float | None


def silent_weight(coefficient, reading):
    """The effective weight of a silent customer.

    :param coefficient: the correction coefficient k
    :param reading: ``published`` (silent enter as k) or ``other_reasons`` (k of them
        are silent for other reasons, so they enter as 1 - k)
    """
    if reading == "published":
        return coefficient
    if reading == "other_reasons":
        return 1 - coefficient
    raise ValueError(f"unknown reading: {reading}")


def poll_value(index, answer, weight):
    """What one poll counts as.

    :param weight: of a silent customer, see :func:`silent_weight`
    """
    value = VALUES[index][answer]
    return value * weight if answer == "silent" else value


def interval(count, total, squares, least_cases=LEAST_CASES):
    """The mean of polls with its 95 % interval: mean +- 1.96 s / sqrt(n).

    :param count: valid polls
    :param total: sum of their values
    :param squares: sum of their squared values
    :return: None without any poll
    :rtype: Interval or None
    """
    if not count:
        return None
    mean = total / count
    if count < max(least_cases, 2):
        return Interval(mean, None)
    variance = max(0.0, squares - total * mean) / (count - 1)
    return Interval(mean, QUANTILE * sqrt(variance / count))
