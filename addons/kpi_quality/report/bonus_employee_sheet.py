"""The sheet of one employee: how every amount was computed, as live formulas."""

import math

from ..tools.money import round_money
from . import excel
from .bonus_card_table import INDICATOR, NOTE, UNIT, write_card
from .bonus_page import Page

# Below the scorecard: a step of the calculation, its figure, a remark.
STEP, FIGURE, REMARK = range(3)


class EmployeeSheet(Page):
    """:param fund_factor: the cell of the run's factor, with its sheet"""

    def __init__(self, sheet, styles, labels, run, fund_factor):
        super().__init__(sheet, styles, labels, run)
        self.fund_factor = fund_factor

    def fill(self, person, back):
        """Fill the sheet.

        :param back: the cell of the summary that leads here, with its sheet
        :return: the cell of the total
        """
        self._write_head(person, back)
        amounts = [self._write_bonus(line) for line in person.lines if line.bonus]
        amounts += self._write_others([ln for ln in person.lines if not ln.bonus])
        self.text(STEP, self.labels.total, self.styles.total)
        self.formula(
            FIGURE, "=" + "+".join(amounts), person.amount, self.styles.money_total
        )
        return self.cell(FIGURE)

    def _write_head(self, person, back):
        self.sheet.set_column(INDICATOR, INDICATOR, 46)
        self.sheet.set_column(UNIT, UNIT, 16)
        self.sheet.set_column(UNIT + 1, NOTE - 1, 13)
        self.sheet.set_column(NOTE, NOTE, 60)
        self.sheet.freeze_panes(2, 1)
        self.set_up()
        places = dict.fromkeys(
            ", ".join(filter(None, [line.position, line.department]))
            for line in person.lines
        )
        self.text(STEP, person.name, self.styles.title)
        self.text(REMARK, "; ".join(filter(None, places)))
        self.row += 1
        self.link(STEP, back, self.labels.back)
        self.text(REMARK, f"{self.run.name} · {self.run.period}")
        self.row += 2

    def _step(self, label, value, style, formula=None, remark=""):
        """:return: the cell of the figure"""
        self.text(STEP, label)
        if formula:
            self.formula(FIGURE, formula, value, style)
        else:
            self.number(FIGURE, value, style)
        self.text(REMARK, remark)
        cell = self.cell(FIGURE)
        self.row += 1
        return cell

    # ----------------------------------------------------------------- bonus
    def _write_bonus(self, line):
        """:return: the cell of the amount"""
        bonus, labels, styles = line.bonus, self.labels, self.styles
        title = " · ".join(filter(None, [bonus.scheme, bonus.card.title, bonus.days]))
        self.text(STEP, title, styles.bold)
        self.row += 1
        coefficient = self._paid_coefficient(bonus, write_card(self, bonus.card))
        self.row += 1
        percent = self._write_percent(bonus, coefficient)
        factors = [
            self._write_premium(bonus),
            self._step(labels.proration, bonus.proration, styles.weight),
            self._step(labels.share, bonus.share, styles.weight),
            percent,
        ]
        before = self._step(
            labels.before_fund,
            line.before_fund,
            styles.money,
            f"={'*'.join(factors)}/100",
        )
        amount = self._write_amount(line, before)
        self.row += 1
        return amount

    def _paid_coefficient(self, bonus, cell):
        """The coefficient that the run paid for.

        Usually the scorecard's. When the scorecard changed after the run was computed,
        that of the run, with a warning.
        """
        now, paid = bonus.card.coefficient, bonus.coefficient
        if paid is None or (now is not None and math.isclose(now, paid, abs_tol=1e-9)):
            return cell
        self.text(STEP, self.labels.card_changed, self.styles.warning)
        self.row += 1
        return self._step(self.labels.run_coefficient, paid, self.styles.percent)

    def _write_percent(self, bonus, coefficient):
        """The curve and what it gives.

        :return: the cell of the percent
        """
        if bonus.problem or coefficient is None:
            return self._step(
                self.labels.percent,
                bonus.percent,
                self.styles.percent,
                remark=bonus.problem,
            )
        curve, labels, percent = bonus.curve, self.labels, self.styles.percent
        earned = self._write_curve(bonus, coefficient)
        gate = cap = None
        if curve.gate is not None:
            gate = self._step(labels.gate, curve.gate, percent)
        if curve.cap is not None:
            cap = self._step(labels.cap, curve.cap, percent)
        formula = excel.percent_formula(coefficient, earned, gate, cap)
        return self._step(labels.percent, bonus.percent, percent, formula)

    def _write_curve(self, bonus, coefficient):
        """:return: the expression of what the curve alone gives"""
        curve, labels, style = bonus.curve, self.labels, self.styles.percent
        if curve.kind == "power":
            exponent = self._step(labels.exponent, curve.exponent, self.styles.weight)
            return excel.power_formula(coefficient, exponent)
        self.header([labels.curve_coefficient, labels.curve_percent])
        cells = []
        for x, y in curve.points:
            self.number(STEP, x, style)
            self.number(FIGURE, y, style)
            cells.append((self.cell(STEP), self.cell(FIGURE)))
            self.row += 1
        if len(cells) == 1:
            return cells[0][1]
        segment = self._step(
            labels.segment,
            excel.segment_value(bonus.coefficient, curve.points),
            self.styles.count,
            excel.segment_formula(coefficient, cells),
        )
        return excel.line_formula(coefficient, segment, cells)

    def _write_premium(self, bonus):
        labels, money = self.labels, self.styles.money
        if bonus.wage is None:
            return self._step(labels.premium, bonus.premium, money)
        wage = self._step(labels.wage, bonus.wage, money)
        percent = self._step(
            labels.wage_percent, bonus.wage_percent, self.styles.percent
        )
        return self._step(
            labels.premium, bonus.premium, money, f"={wage}*{percent}/100"
        )

    def _write_amount(self, line, before):
        factor = self._step(
            self.labels.fund_factor,
            line.fund_factor,
            self.styles.factor,
            f"={self.fund_factor}",
        )
        formula = f"=ROUND({before}*{factor},{self.run.decimals})"
        moved = self._moved_unit(line)
        if moved:
            cell = self._step(self.labels.moved_unit, moved, self.styles.money)
            formula = f"{formula}+{cell}"
        return self._step(
            self.labels.amount, line.amount, self.styles.money_total, formula
        )

    def _moved_unit(self, line):
        """The unit of the currency that the fund's remainder moved here, or 0.

        See :func:`odoo.addons.kpi_quality.tools.money.scale_to_fund`. A greater
        difference is no remainder and stays visible.
        """
        if self.run.fund is None:
            return 0.0
        decimals = self.run.decimals
        rounded = round_money(line.before_fund * line.fund_factor, decimals)
        moved = round_money(line.amount - rounded, decimals)
        return moved if abs(moved) < 1.5 * 10**-decimals else 0.0

    # ---------------------------------------------------------- other items
    def _write_others(self, lines):
        """One-off items, deductions and adjustments.

        :return: the cells of their amounts
        """
        if not lines:
            return []
        labels = self.labels
        self.text(STEP, labels.other_items, self.styles.bold)
        self.row += 1
        self.header([labels.kind, labels.amount, labels.note])
        cells = [
            self._step(
                labels.kinds[line.kind], line.amount, self.styles.money, None, line.note
            )
            for line in lines
        ]
        self.row += 1
        return cells
