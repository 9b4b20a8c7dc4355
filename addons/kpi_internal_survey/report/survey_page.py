"""The charts of a printed report: from its data to SVG."""

from ..tools.charts import (
    Bar,
    Heat,
    Point,
    bars,
    heat_map,
    profile,
    shade,
    trend,
)

# What fits on a page.
MOST_BARS = 34
MOST_COLUMNS = 18
MOST_ROWS = 22
# As far from the company's score a colour is full.
SPREAD = 2.0


class Charts:
    """:param report: a :class:`~.survey_data.Report`"""

    def __init__(self, report):
        self.report = report
        self.words = report.words

    # ------------------------------------------------------------------ words
    def number(self, value):
        return f"{value:.2f}".replace(".", self.words["point"])

    def text(self, figure):
        """A figure as it is read: a hidden one is words, never a number."""
        if figure.score is not None:
            return self.number(figure.score)
        return self.words["too_few" if figure.is_hidden else "no_data"]

    def interval(self, figure):
        if figure.score is None or not figure.margin:
            return ""
        return f"± {self.number(figure.margin)}"

    def difference(self, figure, other):
        """By how much the first is higher; nothing where one is not known."""
        if None in (figure.score, other.score):
            return ""
        value = round(figure.score, 2) - round(other.score, 2)
        sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
        return sign + self.number(abs(value))

    def share(self, participation):
        """:return: "60 of 80 (75 %)", or that there are too few"""
        if participation.submitted is None:
            return self.words["too_few"]
        share = 100 * participation.submitted / participation.invited
        return f"{participation.submitted} / {participation.invited} ({share:.0f} %)"

    def date(self, date):
        return date.strftime(self.words["date"])

    # ----------------------------------------------------------------- charts
    def ranking(self):
        """A list of charts, each as long as a page."""
        middle = self.report.figure.score
        rows = [
            Bar(
                label=f"{place.rank}. {place.unit}" if place.rank else place.unit,
                value=place.figure.score,
                text=self._changed(place),
                is_own=place.is_mine,
            )
            for place in self.report.ranking
        ]
        return [bars(part, middle) for part in _parts(rows, MOST_BARS)]

    def _changed(self, place):
        """The figure, and in brackets the change since the cycle before."""
        change = self.difference(place.figure, place.before)
        return self.text(place.figure) + (f" ({change})" if change else "")

    def profile(self, rows, of_unit=False):
        """Others' view beside the company's and the unit's own."""
        if not of_unit:
            series = (self.words["company"], self.words["before"])
            values = [(row.figure, row.before) for row in rows]
        else:
            series = tuple(self.words[key] for key in ("others", "company", "own"))
            values = [(row.figure, row.company, row.own) for row in rows]
        points = [
            Point(
                label=row.name,
                values=tuple(figure.score for figure in figures),
                text=self.text(row.figure),
            )
            for row, figures in zip(rows, values, strict=True)
        ]
        known = [
            place
            for place in range(len(series))
            if place == 0 or any(point.values[place] is not None for point in points)
        ]
        return profile(
            [
                point._replace(values=tuple(point.values[place] for place in known))
                for point in points
            ],
            [series[place] for place in known],
        )

    def trend(self):
        """Of the company."""
        return self._trend(self.report.trend.cycles, self.report.trend.lines[:1])

    def trend_of(self, part):
        """Of a unit, beside the company."""
        return self._trend(part.trend.cycles, part.trend.lines[::-1])

    def _trend(self, cycles, lines):
        points = [
            Point(cycle, tuple(figures[number].score for _name, figures in lines))
            for number, cycle in enumerate(cycles)
        ]
        return trend(points, [name for name, _figures in lines])

    def heat(self, matrix):
        """The blocks of a matrix, each as large as a page."""
        middle = self.report.figure.score
        return [
            heat_map(
                [matrix.columns[column] for column in columns],
                [
                    (
                        matrix.rows[row],
                        [self._heat(matrix, row, column, middle) for column in columns],
                    )
                    for row in rows
                ],
            )
            for rows in _parts(range(len(matrix.rows)), MOST_ROWS)
            for columns in _parts(range(len(matrix.columns)), MOST_COLUMNS)
        ]

    def _heat(self, matrix, row, column, middle):
        cell = matrix.cells.get((row, column))
        if cell is None:
            return None
        score = cell.figure.score
        place = None if None in (score, middle) else shade(score, middle, SPREAD)
        text = self.text(cell.figure)
        return Heat(
            value=place,
            text=self.words["few"] if cell.figure.is_hidden else text,
            title=f"{matrix.rows[row]} → {matrix.columns[column]}: {text}",
            mark="own" if (row, column) in matrix.own else cell.sign,
        )


def _parts(rows, most):
    """Parts of about the same size, none larger than that."""
    count = -(-len(rows) // most)
    size = -(-len(rows) // count) if count else 1
    return [rows[start : start + size] for start in range(0, len(rows), size)]
