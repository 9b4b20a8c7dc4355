"""A survey report as a workbook: tables, native charts, coloured matrices.

Of the project it knows :mod:`tools` and :mod:`survey_data`, of Odoo nothing. Texts are
written as texts: what somebody wrote is never a formula.
"""

import io

import xlsxwriter

from odoo.addons.kpi_quality.report.bonus_page import printable
from odoo.addons.kpi_quality.report.bonus_styles import Styles
from odoo.addons.kpi_quality.tools.sheet_names import unique_sheet_names

from ..tools.charts import colour
from .survey_page import SPREAD
from .survey_profile_sheet import fill_criteria, fill_unit
from .survey_sheet import SurveySheet

# More lines than this say nothing in one chart.
MOST_LINES = 10


def write_workbook(report) -> bytes:
    """
    :param report: :class:`~.survey_data.Report`
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"title": printable(report.title), "company": printable(report.company)}
    )
    styles = Styles(book, "0.00")
    words = report.words
    plan = [
        (words["summary"], _summary, True),
        *((part.name, fill_unit(part), True) for part in report.units),
        (words["ranking"], _ranking, report.ranking),
        (words["criteria"], fill_criteria, report.rows),
        (words["criteria_by_unit"], _matrix_sheet(report.criteria), report.criteria),
        (words["participation"], _participation, report.units_participation),
        (words["matrix"], _matrix_sheet(report.matrix), report.matrix),
        (words["pairs"], _pairs, report.conflicts or report.praise),
        (words["comments"], _comments, _all_comments(report)),
        (words["trend"], _trend, len(report.trend.cycles) > 1),
        (words["advice"], _advice, _all_advice(report)),
        (words["actions"], _actions, report.actions_before or report.actions),
    ]
    plan = [(name, fill) for name, fill, wanted in plan if wanted]
    names = unique_sheet_names([name for name, _fill in plan])
    for name, (_title, fill) in zip(names, plan, strict=True):
        fill(SurveySheet(book, book.add_worksheet(name), name, styles, report))
    book.close()
    return buffer.getvalue()


# ----------------------------------------------------------------------- sheets
def _summary(sheet):
    report, words, styles = sheet.report, sheet.labels, sheet.styles
    sheet.widths(34, 30, 26, 14)
    sheet.set_up()
    sheet.text(0, report.title, styles.title)
    for label, text in (
        (words["company"], report.company),
        (words["survey"], report.campaign),
        (words["band"], report.band),
        (words["best_unit"], ", ".join(report.best_units)),
    ):
        sheet.row += 1
        sheet.text(0, label)
        sheet.text(1, text)
    sheet.row += 1
    sheet.text(0, words["days"])
    sheet.date(1, report.date_from, styles.date)
    sheet.date(2, report.date_to, styles.date)
    sheet.row += 2
    sheet.header(
        [
            words["score"],
            words["margin"],
            words["people"],
            "",
            words["invited"],
            words["submitted"],
            f"{words['share']}, %",
        ]
    )
    sheet.figure(0, report.figure)
    sheet.number(1, report.figure.margin, styles.figure(2))
    sheet.people(2, report.figure)
    sheet.participation(4, report.participation)
    sheet.row += 2
    if report.best:
        sheet.text(0, words["best"], styles.bold)
        sheet.row += 1
        sheet.header(
            [words["colleague"], words["unit"], words["place"], words["votes"]]
        )
        for best in report.best:
            sheet.text(0, best.name)
            sheet.text(1, best.unit)
            sheet.number(2, best.place, styles.count)
            sheet.number(3, best.votes, styles.count)
            sheet.row += 1
        sheet.row += 1
    sheet.text(0, words["hidden_note"] % {"minimum": report.minimum})


def _ranking(sheet):
    """Own views stand here for those who see all; others find theirs on its sheet."""
    words, styles = sheet.labels, sheet.styles
    last = words["own" if sheet.report.kind == "board" else "own_unit"]
    sheet.begin(
        [
            words["unit"],
            words["place"],
            words["score"],
            words["margin"],
            words["people"],
            words["band"],
            last,
            words["before"],
        ],
        *(34, 8, 12, 10, 9, 26, 12, 14),
    )
    places = sorted(sheet.report.ranking, key=lambda place: place.figure.score is None)
    own = []
    for place in places:
        sheet.text(0, place.unit, styles.bold if place.is_mine else None)
        sheet.number(1, place.rank, styles.count)
        sheet.figure(2, place.figure)
        sheet.number(3, place.figure.margin, styles.figure(2))
        sheet.people(4, place.figure)
        sheet.text(5, place.band)
        if sheet.report.kind == "board":
            sheet.figure(6, place.own)
        elif place.is_mine:
            sheet.text(6, words["yes"])
            own.append(sheet.row)
        sheet.figure(7, place.before)
        sheet.row += 1
    shown = sum(1 for place in places if place.figure.score is not None)
    chart = sheet.bar_chart(words["ranking"], 1, shown, names=0, values=2, own=own)
    if chart:
        sheet.sheet.insert_chart(0, 9, chart)


def _participation(sheet):
    words = sheet.labels
    sheet.begin(
        [words["unit"], words["invited"], words["submitted"], f"{words['share']}, %"],
        *(40, 12, 18, 12),
    )
    for row in sheet.report.units_participation:
        sheet.text(0, row.unit)
        sheet.participation(1, row)
        sheet.row += 1


def _matrix_sheet(matrix):
    def fill(sheet):
        words, styles = sheet.labels, sheet.styles
        sheet.begin(["", *map(printable, matrix.columns)], 30)
        sheet.sheet.set_column(1, len(matrix.columns), 11)
        own = sheet.book.add_format({"num_format": "0.00", "italic": True})
        signs = {
            sign: sheet.book.add_format(
                {
                    "num_format": "0.00",
                    "bold": True,
                    "border": 5,
                    "border_color": tint,
                }
            )
            for sign, tint in (("conflict", "#8B1A1A"), ("praise", "#1A6B3C"))
        }
        for row, name in enumerate(matrix.rows):
            sheet.text(0, name, styles.bold)
            for column in range(len(matrix.columns)):
                cell = matrix.cells.get((row, column))
                if cell:
                    style = own if (row, column) in matrix.own else signs.get(cell.sign)
                    sheet.figure(column + 1, cell.figure, style)
            sheet.row += 1
        _colour(sheet, len(matrix.rows), len(matrix.columns))
        if matrix.own:
            sheet.row += 1
            for key in ("own_note", "conflict_note", "praise_note"):
                sheet.text(0, words[key])
                sheet.row += 1

    return fill


def _colour(sheet, rows, columns):
    """Conditional colours: orange below the company's score, blue above it."""
    middle = sheet.report.figure.score
    if middle is None or not rows or not columns:
        return
    sheet.sheet.conditional_format(
        1,
        1,
        rows,
        columns,
        {
            "type": "3_color_scale",
            "min_type": "num",
            "mid_type": "num",
            "max_type": "num",
            "min_value": middle - SPREAD,
            "mid_value": middle,
            "max_value": middle + SPREAD,
            "min_color": colour(-1),
            "mid_color": colour(0),
            "max_color": colour(1),
        },
    )


def _pairs(sheet):
    words = sheet.labels
    sheet.begin(
        [
            words["kind"],
            words["rater"],
            words["rated"],
            words["score"],
            words["score_of_rater"],
            words["score_of_rated"],
        ],
        *(18, 34, 34, 12, 18, 18),
    )
    for kind, pairs in (
        ("conflict", sheet.report.conflicts),
        ("praise", sheet.report.praise),
    ):
        for pair in pairs:
            sheet.text(0, words[kind])
            sheet.text(1, pair.rater)
            sheet.text(2, pair.rated)
            sheet.figure(3, pair.figure)
            sheet.figure(4, pair.given)
            sheet.figure(5, pair.got)
            sheet.row += 1


def _all_comments(report):
    return [
        *report.comments,
        *((part.name, part.comments) for part in report.units if part.comments),
    ]


def _comments(sheet):
    words = sheet.labels
    sheet.begin([words["unit"], words["tone"], words["comment"]], 34, 16, 110)
    for unit, notes in _all_comments(sheet.report):
        for note in notes:
            sheet.text(0, unit, sheet.styles.wrapped)
            sheet.text(1, note.tone, sheet.styles.wrapped)
            sheet.text(2, note.text, sheet.styles.wrapped)
            sheet.row += 1


def _trend(sheet):
    words, trend = sheet.labels, sheet.report.trend
    sheet.begin([words["unit"], *map(printable, trend.cycles)], 34)
    sheet.sheet.set_column(1, len(trend.cycles), 16)
    whole = []
    for name, figures in trend.lines:
        sheet.text(0, name)
        for column, figure in enumerate(figures, 1):
            sheet.figure(column, figure)
        if all(figure.score is not None for figure in figures):
            whole.append(sheet.row)
        sheet.row += 1
    if whole:
        chart = sheet.line_chart(
            words["trend"], 0, (1, len(trend.cycles)), whole[:MOST_LINES]
        )
        sheet.sheet.insert_chart(0, len(trend.cycles) + 2, chart)


def _all_advice(report):
    return [*report.advice, *(row for part in report.units for row in part.advice)]


def _advice(sheet):
    words = sheet.labels
    sheet.begin([words["unit"], words["recommendation"]], 34, 110)
    for row in _all_advice(sheet.report):
        sheet.text(0, row.unit or words["whole_company"], sheet.styles.wrapped)
        sheet.text(1, row.text, sheet.styles.wrapped)
        sheet.row += 1


def _actions(sheet):
    words, styles = sheet.labels, sheet.styles
    sheet.begin(
        [
            words["action"],
            words["cycle"],
            words["unit"],
            words["responsible"],
            words["deadline"],
            words["state"],
            words["score_before"],
            words["score_after"],
            words["verdict"],
        ],
        *(50, 24, 30, 26, 12, 12, 12, 12, 22),
    )
    for label, actions in (
        (words["actions_before"], sheet.report.actions_before),
        (words["actions_now"], sheet.report.actions),
    ):
        for action in actions:
            sheet.text(0, action.name, styles.wrapped)
            sheet.text(1, label, styles.wrapped)
            sheet.text(2, action.unit or words["whole_company"])
            sheet.text(3, action.responsible)
            sheet.date(4, action.deadline, styles.date)
            sheet.text(5, action.state)
            sheet.figure(6, action.before)
            sheet.figure(7, action.after)
            sheet.text(8, action.verdict)
            sheet.row += 1
