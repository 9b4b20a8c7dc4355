"""Whether a figure changed by more than noise, from sums alone.

Two stretches of days are compared by the 95 % interval of the difference of their
means. It is built from what a measurement keeps: number of cases, sum and sum of
squares. When the interval leaves out zero, chance alone hardly explains the change.

- Means (hours): B. L. Welch, "The generalization of Student's problem when several
  different population variances are involved", Biometrika 34 (1947), with the
  degrees of freedom after F. E. Satterthwaite (1946).
- Shares (each case counts 0 or 1): R. G. Newcombe, "Interval estimation for the
  difference between independent proportions", Statistics in Medicine 17 (1998),
  method 10: stays right near 0 and 100 %, where the interval for means is too narrow.

Both take the cases for independent. Cases that share one cause (all goods of one late
truck) are fewer than they look, so the interval is rather too narrow than too wide.
"""

from math import inf, isclose, sqrt
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
# As for the indexes of FORMULAS.md: fewer say nothing.
LEAST_CASES = 30
TOLERANCE = 1e-9


class Cases(NamedTuple):
    """What is known of a stretch of days.

    :param count: sum of the denominators, 1 for each case and 0 for what is none
    :param total: sum of the values
    :param squares: sum of the squared values
    :param items: documents behind them, at least as many as there are cases
    """

    count: float
    total: float
    squares: float
    items: int

    @property
    def mean(self):
        return self.total / self.count

    @property
    def spread(self):
        """Sum of the squared distances from the mean."""
        return self.squares - self.total * self.mean

    @property
    def are_cases(self):
        """Whether values and squares are those of ``count`` single cases.

        They are not where something is divided by amounts (a share of revenue).
        """
        return (
            self.count <= self.items
            and isclose(self.count, round(self.count), abs_tol=1e-6)
            and self.spread >= -TOLERANCE * max(self.squares, 1.0)
        )

    @property
    def are_shares(self):
        """Whether each case counts 0 or 1: then a square is the value itself."""
        return isclose(self.squares, self.total, rel_tol=1e-9, abs_tol=1e-9)


class Change(NamedTuple):
    """:param verdict: ``improved``, ``worse``, ``noise``, ``too_few`` or ``unknown``

    ``low`` and ``high`` bound the difference of the means (after minus before); both
    are None when the verdict is one of the last two.
    """

    verdict: str
    low: float | None = None
    high: float | None = None


def compare(before, after, rising, least_cases=LEAST_CASES):
    """
    :param Cases before:
    :param Cases after:
    :param rising: whether higher is better
    :rtype: Change
    """
    if min(before.count, after.count) < least_cases:
        return Change("too_few")
    if not (before.are_cases and after.are_cases):
        return Change("unknown")
    if before.are_shares and after.are_shares:
        low, high = share_difference(before, after)
    else:
        low, high = mean_difference(before, after)
    if low <= 0 <= high:
        return Change("noise", low, high)
    return Change("improved" if (low > 0) == rising else "worse", low, high)


def mean_difference(before, after):
    """Welch's interval of the difference of two means.

    :return: ``(low, high)``
    """
    parts = [
        max(0.0, cases.spread) / (cases.count - 1) / cases.count
        for cases in (before, after)
    ]
    variance = sum(parts)
    if variance:
        freedom = variance**2 / sum(
            part**2 / (cases.count - 1)
            for part, cases in zip(parts, (before, after), strict=True)
        )
    else:
        freedom = inf
    difference = after.mean - before.mean
    reach = student_quantile(freedom) * sqrt(variance)
    return difference - reach, difference + reach


def share_difference(before, after):
    """Newcombe's interval of the difference of two shares.

    :return: ``(low, high)``
    """
    (low_1, high_1), (low_2, high_2) = wilson(before), wilson(after)
    share_1, share_2 = before.mean, after.mean
    difference = share_2 - share_1
    return (
        difference - sqrt((share_2 - low_2) ** 2 + (high_1 - share_1) ** 2),
        difference + sqrt((high_2 - share_2) ** 2 + (share_1 - low_1) ** 2),
    )


def wilson(cases):
    """Wilson's score interval of one share, as ``(low, high)``."""
    share, count = cases.mean, cases.count
    z = normal_quantile()
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = (
        z
        / (1 + z * z / count)
        * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    )
    # At 0 and 100 % the end is the share itself; the sum may miss it by a digit.
    return min(share, middle - reach), max(share, middle + reach)


def normal_quantile():
    return NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def student_quantile(freedom):
    """Two-sided quantile of Student's t (Abramowitz and Stegun, 26.7.5).

    Exact to five digits from 10 degrees of freedom on; here there are 29 or more.
    """
    z = normal_quantile()
    return (
        z
        + (z**3 + z) / 4 / freedom
        + (5 * z**5 + 16 * z**3 + 3 * z) / 96 / freedom**2
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 / freedom**3
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z)
        / 92160
        / freedom**4
    )
