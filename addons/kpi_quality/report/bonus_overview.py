"""One row per employee: does the employee's sheet agree with the summary?"""

from .bonus_page import Page
from .bonus_summary import AMOUNT as SUMMARY_AMOUNT
from .bonus_summary import NUMBER as SUMMARY_NUMBER
from .excel import sheet_ref

NUMBER, EMPLOYEE, IN_SUMMARY, ON_SHEET, DIFFERENCE = range(5)
HEADER = 0


class Overview(Page):
    def rows(self, column):
        """The cells of a column of the table."""
        return self.column(column, HEADER + 1, HEADER + len(self.run.people))

    def fill(self, summary, summary_name, names, totals):
        """Fill the sheet.

        :param summary: the summary, whose amounts are compared
        :param names: of the employees' sheets
        :param totals: their cells with the total
        """
        labels = self.labels
        for column, width in enumerate((5, 34, 22, 22, 14)):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(HEADER + 1, EMPLOYEE + 1)
        self.set_up(HEADER)
        self.header(
            [
                labels.number,
                labels.employee,
                labels.in_summary,
                labels.on_sheet,
                labels.difference,
            ]
        )
        if not self.run.people:
            return
        numbers, amounts = (
            sheet_ref(summary_name, summary.rows(column))
            for column in (SUMMARY_NUMBER, SUMMARY_AMOUNT)
        )
        rows = zip(self.run.people, names, totals, strict=True)
        for number, (person, name, total) in enumerate(rows, 1):
            self.number(NUMBER, number, self.styles.count)
            self.link(EMPLOYEE, sheet_ref(name, "A1"), person.name)
            in_summary = f"=SUMIF({numbers},{self.cell(NUMBER)},{amounts})"
            self.formula(IN_SUMMARY, in_summary, person.amount, self.styles.money)
            self.formula(ON_SHEET, f"={total}", person.amount, self.styles.money)
            self._write_difference(self.styles.money)
            self.row += 1
        self._write_totals()

    def _write_totals(self):
        amount = self.run.amount
        self.text(EMPLOYEE, self.labels.total, self.styles.total)
        for column in (IN_SUMMARY, ON_SHEET):
            self.formula(
                column, f"=SUM({self.rows(column)})", amount, self.styles.money_total
            )
        self._write_difference(self.styles.money_total)

    def _write_difference(self, style):
        in_summary, on_sheet = self.cell(IN_SUMMARY), self.cell(ON_SHEET)
        formula = f"=ROUND({on_sheet}-{in_summary},{self.run.decimals})"
        self.formula(DIFFERENCE, formula, 0, style)
