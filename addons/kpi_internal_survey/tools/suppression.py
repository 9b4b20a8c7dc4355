"""Which entries of a table with margins may be shown (FORMULAS.md, Anonymity).

The table is extended by its margins: rows i and :data:`MARGIN`, columns j and
:data:`MARGIN`; every extended row and column is one equation, and every entry lies in
exactly one row and one column. Hidden entries are the edges of a graph between rows and
columns. An entry follows from what is shown exactly when it is a bridge of that graph
(D. Gusfield, "A graph theoretic approach to statistical data security", SIAM Journal on
Computing 17, 1988), in whatever order rows and columns are added and subtracted.

Hidden first are entries with fewer than k people. Then, until nothing changes:

1. The people behind the hidden entries of a line are none or at least k.
2. No hidden entry is a bridge.

What offends is joined by the next smallest shown entry of its line, cells before
margins, and those before the total. A line with nothing left to hide is left: nothing
shown stands in it.

People of a set of entries: the sum over raters of the rater's largest entry in the set,
because answers carry no key that would tell how many different people they are of.
"""

from collections import defaultdict

MARGIN = object()
ROW, COLUMN = "row", "column"


def suppress(cells, minimum, fixed=None):
    """The entries to hide.

    :param cells: by ``(row, column)`` the people by rater, e.g. ``{it: 7}``
    :param minimum: k
    :param fixed: by entry, e.g. ``(row, MARGIN)``, whether it is hidden: decided
        elsewhere, not to be changed here. ``None``: there is no such figure, so nobody
        can subtract it, and it needs no protection.
    :return: set of ``(row, column)``, either of them :data:`MARGIN` for a margin
    """
    return _Table(cells, minimum, fixed or {}).protected()


class _Table:
    def __init__(self, cells, minimum, fixed):
        self.minimum = minimum
        self.fixed = fixed
        # In an order of their own: that of the answers must not decide a tie.
        self.entries = _with_margins(
            {cell: cells[cell] for cell in sorted(cells, key=repr) if cells[cell]}
        )
        self.hidden = set()
        # What is hidden (as keys, in order), and who is behind it, by line.
        self.lines = defaultdict(dict)
        self.behind = defaultdict(dict)
        self.waiting = self._queues()

    def protected(self):
        for entry, by_rater in self.entries.items():
            too_few = sum(by_rater.values()) < self.minimum
            if self.fixed.get(entry, too_few) in (True, None):
                self._hide(entry)
        while self._mend_lines() or self._mend_bridges():
            pass
        return self.hidden

    def _queues(self):
        """What may be hidden of each line, the last one first."""
        queues = defaultdict(list)
        for entry, by_rater in self.entries.items():
            if entry not in self.fixed:
                for line in _lines_of(entry):
                    size = entry.count(MARGIN), sum(by_rater.values())
                    queues[line].append((*size, entry))
        order = {entry: number for number, entry in enumerate(self.entries)}
        for queue in queues.values():
            queue.sort(key=lambda item: (*item[:2], order[item[2]]), reverse=True)
        return queues

    def _hide(self, entry):
        self.hidden.add(entry)
        for line in _lines_of(entry):
            self.lines[line][entry] = True
            behind = self.behind[line]
            for rater, people in self.entries[entry].items():
                behind[rater] = max(people, behind.get(rater, 0))

    def _next(self, line):
        """The next smallest shown entry of a line, as its place in the queue."""
        queue = self.waiting[line]
        while queue and queue[-1][-1] in self.hidden:
            queue.pop()
        return queue[-1] if queue else None

    def _hide_next(self, *lines):
        """
        :return: whether there was anything left
        """
        found = [item for item in map(self._next, lines) if item]
        if found:
            self._hide(min(found, key=lambda item: item[:2])[-1])
        return bool(found)

    # ------------------------------------------------------------- the rules
    def _mend_lines(self):
        """Rule 1: never fewer than k people behind what is hidden of a line."""
        changed = False
        for line in list(self.lines):
            while sum(self.behind[line].values()) < self.minimum:
                if not self._hide_next(line):
                    break
                changed = True
        return changed

    def _mend_bridges(self):
        """Rule 2: nothing hidden follows from what is shown.

        All loose ends are mended at once; a bridge between two parts only when
        there are none, because mending one may mend the others.
        """
        bridges = [
            entry
            for entry in _bridges(self.lines)
            if self.fixed.get(entry, True) is not None
        ]
        changed = False
        for entry in bridges:
            for line in _lines_of(entry):
                if len(self.lines[line]) == 1:
                    changed |= self._hide_next(line)
        if not changed:
            changed = any(self._hide_next(*_lines_of(entry)) for entry in bridges)
        return changed


def _lines_of(entry):
    row, column = entry
    return (ROW, row), (COLUMN, column)


def _with_margins(cells):
    """The cells with the margins of their rows, of their columns, and of all."""
    margins = defaultdict(lambda: defaultdict(int))
    for (row, column), by_rater in cells.items():
        for margin in ((row, MARGIN), (MARGIN, column), (MARGIN, MARGIN)):
            largest = margins[margin]
            for rater, people in by_rater.items():
                largest[rater] = max(people, largest[rater])
    return cells | {margin: dict(largest) for margin, largest in margins.items()}


def _bridges(lines):
    """The bridges of the graph of hidden entries, by one depth-first search.

    R. E. Tarjan, "A note on finding the bridges of a graph", 1974.

    :param lines: hidden entries by line
    :return: list of entries
    """
    found, low, number = [], {}, {}
    for root in lines:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        path = [(root, None, iter(lines[root]))]
        while path:
            line, came_by, entries = path[-1]
            for entry in entries:
                if entry == came_by:
                    continue
                row, column = _lines_of(entry)
                other = column if line == row else row
                if other in number:
                    low[line] = min(low[line], number[other])
                else:
                    number[other] = low[other] = len(number)
                    path.append((other, entry, iter(lines[other])))
                    break
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    low[before] = min(low[before], low[line])
                    if low[line] > number[before]:
                        found.append(came_by)
    return found
