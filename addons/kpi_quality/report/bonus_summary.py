"""The first sheet of the workbook: the run, its checks, and a row per line."""

from .bonus_page import Page
from .excel import sheet_ref, text_literal

(
    NUMBER,
    EMPLOYEE,
    DEPARTMENT,
    POSITION,
    KIND,
    SCHEME,
    COEFFICIENT,
    PREMIUM,
    PRORATION,
    SHARE,
    PERCENT,
    BEFORE_FUND,
    FUND_FACTOR,
    AMOUNT,
    NOTE,
) = range(15)
WIDTHS = (5, 28, 22, 22, 13, 22, 12, 14, 11, 11, 10, 14, 11, 14, 60)
# Above the table, the run stands on the left and its checks on the right.
CHECK, VERDICT = COEFFICIENT, NOTE
FIRST_CHECK, FACTOR = 1, 5
HEADER = 9


class Summary(Page):
    def rows(self, column):
        """The cells of a column of the table."""
        return self.column(column, HEADER + 1, HEADER + len(self.run.lines))

    @property
    def factor(self):
        """The cell of the fund factor."""
        return self.cell(AMOUNT, FACTOR)

    def fill(self, names, sheets_totals, differences):
        """Fill the sheet.

        :param names: of the employees' sheets
        :param sheets_totals: cells, with their sheet, of what these add up to
        :param differences: cells of where they differ from this sheet
        """
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(HEADER + 1, EMPLOYEE + 1)
        self.set_up(HEADER)
        self._write_run()
        self._write_header()
        if self.run.people:
            self._write_lines(names)
            self._write_totals()
            self._write_checks(sheets_totals, differences)
        else:
            self.text(EMPLOYEE, self.run.empty_reason)

    # ------------------------------------------------------------------- run
    def _write_run(self):
        run, labels, styles = self.run, self.labels, self.styles
        self.text(NUMBER, run.name, styles.title)
        for label, text in (
            (labels.company, run.company),
            (labels.state, run.state),
            (labels.period, run.period),
        ):
            self.row += 1
            self.text(NUMBER, label)
            self.text(DEPARTMENT, text)
        self.date(POSITION, run.date_from, styles.date)
        self.date(KIND, run.date_to, styles.date)
        for step in run.steps:
            self.row += 1
            self.text(NUMBER, step.label)
            self.text(DEPARTMENT, step.user)
            self.date(POSITION, step.moment, styles.moment)

    # ---------------------------------------------------------------- checks
    def _write_checks(self, sheets_totals, differences):
        """Do the sheets add up to the summary, and the bonuses to the fund?"""
        run, labels, money = self.run, self.labels, self.styles.money
        self.row = FIRST_CHECK
        total = self._figure(
            labels.total, run.amount, money, f"=SUM({self.rows(AMOUNT)})"
        )
        on_sheets = self._figure(
            labels.on_sheets, run.amount, money, f"=SUM({sheets_totals})"
        )
        self._verdict(
            f"AND(ROUND({total}-{on_sheets},{run.decimals})=0,"
            f"SUMPRODUCT(ABS({differences}))=0)",
            labels.wrong,
        )
        before = self._figure(
            labels.bonuses_before_fund,
            sum(line.before_fund for line in run.bonuses),
            money,
            self._sum_of_bonuses(BEFORE_FUND),
        )
        fund = self._write_fund(before)
        paid = self._figure(
            labels.bonuses,
            sum(line.amount for line in run.bonuses),
            money,
            self._sum_of_bonuses(AMOUNT),
        )
        if fund:
            self._verdict(f"ROUND({paid}-{fund},{run.decimals})<=0", labels.over_fund)

    def _write_fund(self, before):
        """:return: the cell of the fund, None without one"""
        run, labels = self.run, self.labels
        if run.fund is None:
            self.text(AMOUNT, labels.no_fund)
            self._figure(labels.fund, None, None)
            self._figure(labels.fund_factor, 1.0, self.styles.factor)
            return None
        fund = self._figure(labels.fund, run.fund, self.styles.money)
        self._figure(
            labels.fund_factor,
            run.fund_factor,
            self.styles.factor,
            f"=IF({before}>{fund},{fund}/{before},1)",
        )
        return fund

    def _figure(self, label, value, style, formula=None):
        """:return: the cell of the figure"""
        self.text(CHECK, label)
        if formula:
            self.formula(AMOUNT, formula, value, style)
        else:
            self.number(AMOUNT, value, style)
        cell = self.cell(AMOUNT)
        self.row += 1
        return cell

    def _verdict(self, condition, failure):
        """Say beside the figure written last whether it is as it should be."""
        good = text_literal(self.labels.ok)
        formula = f"=IF({condition},{good},{text_literal(failure)})"
        self.row -= 1
        self.formula(VERDICT, formula, self.labels.ok, self.styles.check)
        self.sheet.conditional_format(
            self.row,
            VERDICT,
            self.row,
            VERDICT,
            {
                "type": "cell",
                "criteria": "!=",
                "value": good,
                "format": self.styles.failed,
            },
        )
        self.row += 1

    def _sum_of_bonuses(self, column):
        kind = text_literal(self.labels.kinds["bonus"])
        return f"=SUMIF({self.rows(KIND)},{kind},{self.rows(column)})"

    # ----------------------------------------------------------------- table
    def _write_header(self):
        labels = self.labels
        self.row = HEADER
        self.header(
            [
                labels.number,
                labels.employee,
                labels.department,
                labels.position,
                labels.kind,
                labels.scheme,
                labels.coefficient,
                labels.premium,
                labels.proration,
                labels.share,
                labels.percent,
                labels.before_fund,
                labels.fund_factor,
                labels.amount,
                labels.note,
            ]
        )

    def _write_lines(self, names):
        rows = zip(self.run.people, names, strict=True)
        for number, (person, name) in enumerate(rows, 1):
            for line in person.lines:
                self._write_line(number, person, name, line)
        self.sheet.autofilter(HEADER, NUMBER, self.row - 1, NOTE)

    def _write_line(self, number, person, name, line):
        styles, bonus = self.styles, line.bonus
        self.number(NUMBER, number, styles.count)
        self.link(EMPLOYEE, sheet_ref(name, "A1"), person.name)
        self.text(DEPARTMENT, line.department)
        self.text(POSITION, line.position)
        self.text(KIND, self.labels.kinds[line.kind])
        if bonus:
            self.text(SCHEME, bonus.scheme)
            self.number(COEFFICIENT, bonus.coefficient, styles.percent)
            self.number(PREMIUM, bonus.premium, styles.money)
            self.number(PRORATION, bonus.proration, styles.weight)
            self.number(SHARE, bonus.share, styles.weight)
            self.number(PERCENT, bonus.percent, styles.percent)
        self.number(BEFORE_FUND, line.before_fund, styles.money)
        self.number(FUND_FACTOR, line.fund_factor, styles.factor)
        self.number(AMOUNT, line.amount, styles.money)
        self.text(NOTE, line.note, styles.wrapped)
        self.row += 1

    def _write_totals(self):
        self.text(EMPLOYEE, self.labels.total, self.styles.total)
        for column, value in (
            (BEFORE_FUND, sum(line.before_fund for line in self.run.lines)),
            (AMOUNT, self.run.amount),
        ):
            self.formula(
                column, f"=SUM({self.rows(column)})", value, self.styles.money_total
            )
