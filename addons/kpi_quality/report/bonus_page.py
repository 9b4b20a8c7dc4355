"""Writing a worksheet from top to bottom."""

import re

from xlsxwriter.utility import xl_rowcol_to_cell

MOST_CHARACTERS = 32_767
"""In a cell of Excel."""
MOST_LINK_CHARACTERS = 255
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text, most=MOST_CHARACTERS):
    """What may stand in the file: one wrong character, and Excel refuses all of it."""
    return _NOT_XML.sub(" ", text)[:most]


class Page:
    """A worksheet, the row that is written next, and what all pages share.

    Words are written as words: never a formula, a link or a number. A formula always
    comes with its figure as stored, for readers that do not calculate.
    """

    def __init__(self, sheet, styles, labels, run):
        self.sheet = sheet
        self.styles = styles
        self.labels = labels
        self.run = run
        self.row = 0

    def cell(self, column, row=None):
        """Refer to a cell, of the present row unless said otherwise."""
        row = self.row if row is None else row
        return xl_rowcol_to_cell(row, column)

    def column(self, column, first, last):
        """Refer to the cells of a column."""
        return f"{self.cell(column, first)}:{self.cell(column, last)}"

    def text(self, column, text, style=None):
        if text:
            self.sheet.write_string(self.row, column, printable(text), style)

    def number(self, column, value, style):
        if value is not None:
            self.sheet.write_number(self.row, column, value, style)

    def date(self, column, value, style):
        if value is not None:
            self.sheet.write_datetime(self.row, column, value, style)

    def formula(self, column, formula, value, style):
        self.sheet.write_formula(self.row, column, formula, style, value)

    def link(self, column, target, text):
        """:param target: reference to a cell, with its sheet"""
        text = printable(text, MOST_LINK_CHARACTERS)
        self.sheet.write_url(
            self.row, column, f"internal:{target}", self.styles.link, text
        )

    def header(self, texts):
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text, self.styles.header)
        self.row += 1

    def set_up(self, header_row=None):
        """A4 across, as wide as the page, numbered, with the heading repeated."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        title = printable(f"{self.run.name} · {self.run.company}", 80)
        title = title.replace("&", "&&")  # a single one begins a code there
        self.sheet.set_footer(f"&L{title}&C&A&R&P / &N")
        if header_row is not None:
            self.sheet.repeat_rows(header_row)
