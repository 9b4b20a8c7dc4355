"""What stands out in a unit's profile: where a recommendation begins."""

from typing import NamedTuple

MOST_WEAK = 3
# A gap that nobody would call rounding.
LEAST_GAP = 0.5


class Criterion(NamedTuple):
    """:param score: by others, None when it is hidden or nobody marked it
    :param company: the mean of the company, ``own`` the unit's own view; so are they
    """

    name: str
    score: float | None
    company: float | None = None
    own: float | None = None


def weakest(criteria, most=MOST_WEAK):
    """The lowest criteria: of a unit those below the company's mean.

    :return: the lowest first; of equal ones in their order
    :rtype: list[Criterion]
    """
    shown = [criterion for criterion in criteria if criterion.score is not None]
    low = [
        criterion
        for criterion in shown
        if criterion.company is None or criterion.score < criterion.company
    ]
    return sorted(low, key=lambda criterion: criterion.score)[:most]


def strongest(criteria):
    """:return: the highest criterion, None without one
    :rtype: Criterion | None"""
    shown = [criterion for criterion in criteria if criterion.score is not None]
    return max(shown, key=lambda criterion: criterion.score, default=None)


def widest_gap(criteria, least=LEAST_GAP):
    """The criterion at which the unit sees itself most above others' view.

    :return: None when no gap is worth a word
    :rtype: Criterion | None
    """
    gaps = [
        (criterion.own - criterion.score, -place, criterion)
        for place, criterion in enumerate(criteria)
        if criterion.own is not None and criterion.score is not None
    ]
    gap, _place, criterion = max(gaps, default=(0.0, 0, None))
    return criterion if gap >= least else None
