"""A worksheet of a survey report, and the charts on it.

Charts refer to cells of figures only: rows with words ("too few people") stand below
those with numbers, out of the reach of any chart, which would draw them as zero.
"""

from odoo.addons.kpi_quality.report.bonus_page import Page, printable

from ..tools.charts import HIGHEST, LOWEST, OTHER, OWN, SERIES

BAR_HEIGHT = 20
LEAST_HEIGHT = 260
WIDTH = 620


class SurveySheet(Page):
    """:param name: of the sheet, as Excel knows it"""

    def __init__(self, book, sheet, name, styles, report):
        super().__init__(sheet, styles, report.words, report)
        self.book = book
        self.name = name
        self.report = report

    def set_up(self, header_row=None):
        """A4 across, as wide as the page, numbered, with the heading repeated."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        title = printable(f"{self.report.campaign} · {self.report.company}", 80)
        title = title.replace("&", "&&")  # a single one begins a code there
        self.sheet.set_footer(f"&L{title}&C&A&R&P / &N")
        if header_row is not None:
            self.sheet.repeat_rows(header_row)

    def widths(self, *widths):
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def begin(self, header, *widths):
        """A sheet that is one table."""
        self.widths(*widths)
        self.set_up(0)
        self.sheet.freeze_panes(1, 1)
        self.header(header)

    # ---------------------------------------------------------------- figures
    def figure(self, column, figure, style=None):
        """A number, or in words why there is none."""
        if figure.score is not None:
            self.number(column, figure.score, style or self.styles.figure(2))
        else:
            word = "too_few" if figure.is_hidden else "no_data"
            self.text(column, self.labels[word], self.styles.wrapped)

    def people(self, column, figure):
        if figure.score is not None:
            self.number(column, figure.people, self.styles.count)

    def participation(self, column, row):
        """Invited, answered and the share, in three cells."""
        self.number(column, row.invited, self.styles.count)
        if row.submitted is None:
            self.text(column + 1, self.labels["too_few"])
        else:
            self.number(column + 1, row.submitted, self.styles.count)
            share = 100 * row.submitted / row.invited if row.invited else None
            self.number(column + 2, share, self.styles.percent)

    # ----------------------------------------------------------------- charts
    def bar_chart(self, title, first, last, names, values, own=()):
        """:param first: the first row, ``last`` the last one; none when it is before
        :param own: rows that are marked"""
        if last < first:
            return None
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": title,
                "categories": [self.name, first, names, last, names],
                "values": [self.name, first, values, last, values],
                "fill": {"color": OTHER},
                "gap": 40,
                "data_labels": {"value": True, "num_format": "0.00"},
                "points": [
                    {"fill": {"color": OWN}} if row in own else None
                    for row in range(first, last + 1)
                ],
            }
        )
        chart.set_legend({"none": True})
        height = 120 + BAR_HEIGHT * (last - first + 1)
        return self._place(chart, title, max(LEAST_HEIGHT, height))

    def profile_chart(self, title, names, series):
        """The criteria from top to bottom, a group of bars for each.

        :param series: ``(column, first row, last row)``, the longest first
        """
        chart = self.book.add_chart({"type": "bar"})
        for place, (column, first, last) in enumerate(series):
            if last >= first:
                chart.add_series(
                    {
                        "name": [self.name, first - 1, column],
                        "categories": [self.name, first, names, last, names],
                        "values": [self.name, first, column, last, column],
                        "fill": {"color": SERIES[place][0]},
                    }
                )
        if not chart.series:
            return None
        chart.set_legend({"position": "bottom"})
        rows = series[0][2] - series[0][1] + 1
        height = 120 + 16 * rows * len(series)
        return self._place(chart, title, max(LEAST_HEIGHT, height))

    def _place(self, chart, title, height):
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_x_axis({"min": LOWEST, "max": HIGHEST, "major_unit": 1})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": WIDTH, "height": height})
        return chart

    def line_chart(self, title, header, columns, rows):
        """:param columns: first and last of the cycles, ``rows`` those drawn"""
        first, last = columns
        chart = self.book.add_chart({"type": "line"})
        for row in rows:
            chart.add_series(
                {
                    "name": [self.name, row, 0],
                    "categories": [self.name, header, first, header, last],
                    "values": [self.name, row, first, row, last],
                    "marker": {"type": "automatic"},
                }
            )
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": WIDTH, "height": 320})
        return chart
