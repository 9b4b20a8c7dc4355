"""From a tally to what may be shown: rows without a figure that is too small.

Three tables share their margins, so what is hidden in one is decided with the others:

- the matrix, rater x rated: its columns' margins are the units' scores, its total the
  company's score;
- the profile, unit x criterion: its rows' margins are the units' scores again, its
  columns' margins the company's profile. Where everybody marks all criteria they add
  up to the score, so a unit with a hidden score shows no criterion;
- the own view, unit x criterion: nothing adds it up over units.
"""

from functools import cached_property

from .significance import margin_of, signs_of
from .suppression import MARGIN, suppress
from .tally import Sums, band_of, places, rounded

# Digits of sums that are kept for further calculation.
SUM_DIGITS = 6
NO_UNIT = None


class Figures:
    """
    :param Tally tally:
    :param dict kinds: kind by unit, for all units
    :param bands: ``(from, to, band id)``
    :param minimum: fewest people behind a figure
    """

    def __init__(self, tally, kinds, bands, minimum):
        self.tally = tally
        self.kinds = kinds
        self.bands = bands
        self.minimum = minimum
        self.rows = tally.rows()
        self.columns = tally.columns()
        self.total = tally.total()

    # ------------------------------------------------------ what is hidden
    @cached_property
    def hidden(self):
        """Of the matrix, with its margins."""
        return suppress(
            {cell: {cell[0]: sums.people} for cell, sums in self.tally.cells.items()},
            self.minimum,
        )

    @cached_property
    def hidden_criteria(self):
        """Of the profiles of units, and of the company's in row MARGIN."""
        people = {
            cell: {rater: sums.people for rater, sums in by_rater.items()}
            for cell, by_rater in self.tally.criteria.items()
        }
        fixed = {(unit, MARGIN): (MARGIN, unit) in self.hidden for unit in self.columns}
        fixed[MARGIN, MARGIN] = (MARGIN, MARGIN) in self.hidden
        if fixed[MARGIN, MARGIN]:
            fixed |= {(MARGIN, criterion): True for _unit, criterion in people}
        fixed |= _fixed_criteria(people, fixed)
        return suppress(people, self.minimum, fixed)

    @cached_property
    def hidden_own(self):
        """Of the own views; a unit's own score is (unit, MARGIN)."""
        people = {
            (unit, criterion): {unit: sums.people}
            for (unit, criterion), sums in self.tally.own_criteria.items()
        }
        fixed = {
            (unit, MARGIN): sums.people < self.minimum
            for unit, sums in self.tally.own.items()
        }
        # There is no company's own view.
        fixed |= {(MARGIN, criterion): None for _unit, criterion in people}
        fixed[MARGIN, MARGIN] = None
        fixed |= _fixed_criteria(people, fixed)
        return suppress(people, self.minimum, fixed)

    # ------------------------------------------------------------- the rows
    def results(self):
        """One row per unit, and the company's with no unit."""
        shown = {
            unit: sums
            for unit, sums in self.columns.items()
            if (MARGIN, unit) not in self.hidden
        }
        ranks = places(
            {
                unit: rounded(self.tally.mean(sums))
                for unit, sums in shown.items()
                if self.kinds[unit] == "head_office"
            }
        )
        yield self._result(NO_UNIT, self.total, (MARGIN, MARGIN) in self.hidden)
        for unit in self.kinds:
            sums = self.columns.get(unit)
            hidden = (MARGIN, unit) in self.hidden
            yield self._result(unit, sums, hidden) | {"rank": ranks.get(unit)}

    def _result(self, unit, sums, hidden):
        row = {"unit_id": unit} | self._figure(sums, hidden)
        row["has_score"] = "score" in row
        if row["has_score"]:
            total, squares = self.tally.total_of(sums), self.tally.squares_of(sums)
            row["total"] = rounded(total, SUM_DIGITS)
            row["squares"] = rounded(squares, SUM_DIGITS)
            row["margin"] = round(
                margin_of(sums.people, float(total), float(squares)), 2
            )
            row["band_id"] = band_of(self.tally.mean(sums), self.bands)
        return row

    def criteria(self):
        """One row per unit (none: the company), criterion and view."""
        for criterion, sums in self.tally.company_criteria().items():
            hidden = (MARGIN, criterion) in self.hidden_criteria
            yield self._criterion(NO_UNIT, criterion, "others", sums, hidden)
        for (unit, criterion), by_rater in self.tally.criteria.items():
            sums = sum(by_rater.values(), Sums())
            hidden = (unit, criterion) in self.hidden_criteria
            yield self._criterion(unit, criterion, "others", sums, hidden)
        for (unit, criterion), sums in self.tally.own_criteria.items():
            hidden = (unit, criterion) in self.hidden_own
            yield self._criterion(unit, criterion, "own", sums, hidden)

    def _criterion(self, unit, criterion, view, sums, hidden):
        return {
            "unit_id": unit,
            "criterion_id": criterion,
            "view": view,
            **self._figure(sums, hidden),
        }

    def cells(self):
        """The matrix with its margins, and the own views on its diagonal."""
        signs = self._signs()
        for (rater, rated), sums in self.tally.cells.items():
            hidden = (rater, rated) in self.hidden
            sign = signs.get((rater, rated))
            yield self._cell("cell", rater, rated, sums, hidden) | {"sign": sign}
        for rater, sums in self.rows.items():
            hidden = (rater, MARGIN) in self.hidden
            yield self._cell("row", rater, None, sums, hidden)
        for rated, sums in self.columns.items():
            hidden = (MARGIN, rated) in self.hidden
            yield self._cell("column", None, rated, sums, hidden)
        if self.total.people:
            hidden = (MARGIN, MARGIN) in self.hidden
            yield self._cell("total", None, None, self.total, hidden)
        for unit, sums in self.tally.own.items():
            hidden = sums.people < self.minimum
            yield self._cell("own", unit, unit, sums, hidden)

    def _cell(self, kind, rater, rated, sums, hidden):
        return {
            "kind": kind,
            "rater_id": rater,
            "rated_id": rated,
            **self._figure(sums, hidden),
        }

    def _signs(self):
        def shown(sums_by, entry_of):
            return {
                key: (
                    sums.people,
                    self.tally.total_of(sums),
                    self.tally.squares_of(sums),
                )
                for key, sums in sums_by.items()
                if entry_of(key) not in self.hidden
            }

        return signs_of(
            shown(self.tally.cells, lambda cell: cell),
            shown(self.rows, lambda rater: (rater, MARGIN)),
            shown(self.columns, lambda rated: (MARGIN, rated)),
        )

    def _figure(self, sums, hidden):
        """What every row has; a hidden one has neither figure nor people."""
        if hidden or not sums or not sums.people:
            return {"is_hidden": hidden}
        return {
            "is_hidden": False,
            "respondents": sums.people,
            "score": rounded(self.tally.mean(sums)),
        }

    def best(self):
        """Whom at least k people named, by place."""
        votes = {
            employee: count
            for employee, count in self.tally.votes.items()
            if count >= self.minimum
        }
        for employee, place in places(votes).items():
            yield {"employee_id": employee, "votes": votes[employee], "place": place}

    def comments(self):
        """What was written, in no meaningful order.

        A unit with too few people bears no figure, so neither does a comment on it:
        its tone would tell of a single mark. Where fewer than k people could have
        written it, as in a small unit that rates itself alone, it is not kept.
        """
        for unit, tone, text in self.tally.comments:
            if self.tally.writers(unit) < self.minimum:
                continue
            shown = unit in self.columns and (MARGIN, unit) not in self.hidden
            yield {"unit_id": unit, "tone": tone if shown else "plain", "text": text}


def _fixed_criteria(people, fixed):
    """Criteria that go with their unit's score.

    They are hidden with it. And one that nobody marked another with *is* the score: it
    is as shown, hiding it would protect nothing.
    """
    found, alone = {}, {}
    for unit, criterion in people:
        alone[unit] = unit not in alone
        if fixed[unit, MARGIN]:
            found[unit, criterion] = True
    found |= {
        (unit, criterion): False
        for unit, criterion in people
        if alone[unit] and not fixed[unit, MARGIN]
    }
    return found
