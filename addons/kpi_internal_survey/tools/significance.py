"""How sure a mean is, and which cells of the matrix stand out.

The interval is that of kpi_quality's indexes (mean +- 1.96 s / sqrt n). A cell stands
out when Welch's 95 % interval of the difference leaves out zero, against the rest of
its row (what else the rater gives: he may be strict with everybody) **and** against the
rest of its column (what the rated gets elsewhere: he may be weak for everybody), and
both differences are at least :data:`LEAST_DIFFERENCE` marks [ours]: of 14,000 cells
many differ a little by chance.

Only what is shown is looked at: a cell with a hidden margin bears no sign, so a sign
says nothing that the shown cells and margins with their squares would not.
"""

from odoo.addons.kpi_quality.tools.change import Cases, mean_difference
from odoo.addons.kpi_quality.tools.satisfaction import interval

LEAST_DIFFERENCE = 1
LEAST_PEOPLE = 2


def margin_of(people, total, squares):
    """Half the width of the 95 % interval of a mean.

    :return: None where one person is behind it
    """
    found = interval(people, total, squares, least_cases=LEAST_PEOPLE)
    return found and found.margin


def signs_of(cells, rows, columns):
    """Conflicts, and pairs that praise each other.

    - ``conflict``: significantly below the rest of its row and of its column
    - ``praise``: significantly above both, and so is the cell of the other direction

    :param cells: sums ``(people, total, squares)`` of the shown cells by (rater, rated)
    :param rows: sums of the shown margins by rater
    :param columns: sums of the shown margins by rated unit
    :return: sign by (rater, rated)
    """
    low, high = set(), set()
    for (rater, rated), sums in cells.items():
        if rater not in rows or rated not in columns:
            continue
        rests = [_without(margin, sums) for margin in (rows[rater], columns[rated])]
        if all(_is_above(rest, sums) for rest in rests):
            low.add((rater, rated))
        elif all(_is_above(sums, rest) for rest in rests):
            high.add((rater, rated))
    signs = dict.fromkeys(low, "conflict")
    signs.update((cell, "praise") for cell in high if cell[::-1] in high)
    return signs


def _without(margin, sums):
    return tuple(whole - part for whole, part in zip(margin, sums, strict=True))


def _is_above(upper, lower):
    """Whether the one mean is surely and clearly above the other."""
    upper, lower = _cases(upper), _cases(lower)
    if min(upper.count, lower.count) < LEAST_PEOPLE:
        return False
    if upper.mean - lower.mean < LEAST_DIFFERENCE:
        return False
    return mean_difference(lower, upper)[0] > 0


def _cases(sums):
    people, total, squares = sums
    return Cases(people, float(total), float(squares), people)
