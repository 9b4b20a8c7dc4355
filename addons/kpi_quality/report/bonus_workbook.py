"""The workbook of a bonus run: summary, totals check, a sheet per employee.

Of the project it knows :mod:`tools` and :mod:`bonus_data`, of Odoo nothing. Every
formula carries the figure stored in the run; Excel calculates all anew when it opens
the file, and where the two differ, the check says so.
"""

import io

import xlsxwriter

from ..tools.sheet_names import unique_sheet_names
from .bonus_employee_sheet import EmployeeSheet
from .bonus_overview import DIFFERENCE, ON_SHEET, Overview
from .bonus_page import printable
from .bonus_styles import Styles
from .bonus_summary import EMPLOYEE, HEADER, Summary
from .excel import sheet_ref


def write_workbook(run, labels) -> bytes:
    """Write a run as xlsx.

    :param run: :class:`~.bonus_data.Run`
    :param labels: :class:`~.bonus_data.Labels`
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"title": printable(run.name), "company": printable(run.company)}
    )
    styles = Styles(book, run.money)
    summary_name, overview_name, *names = unique_sheet_names(
        [labels.summary, labels.overview, *(person.name for person in run.people)]
    )
    summary = Summary(book.add_worksheet(summary_name), styles, labels, run)
    overview = Overview(book.add_worksheet(overview_name), styles, labels, run)
    factor = sheet_ref(summary_name, summary.factor)
    totals = []
    row = HEADER + 1
    for person, name in zip(run.people, names, strict=True):
        sheet = EmployeeSheet(book.add_worksheet(name), styles, labels, run, factor)
        back = sheet_ref(summary_name, summary.cell(EMPLOYEE, row))
        totals.append(sheet_ref(name, sheet.fill(person, back)))
        row += len(person.lines)
    overview.fill(summary, summary_name, names, totals)
    summary.fill(
        names,
        sheets_totals=sheet_ref(overview_name, overview.rows(ON_SHEET)),
        differences=sheet_ref(overview_name, overview.rows(DIFFERENCE)),
    )
    book.close()
    return buffer.getvalue()
