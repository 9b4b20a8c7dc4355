"""Criteria in a workbook: of the company, and of one unit beside its figures."""


def fill_criteria(sheet):
    """The company by criteria."""
    sheet.widths(46, 22, 12, 9, 12, 12)
    sheet.set_up(0)
    _profile(sheet, sheet.report.rows, of_unit=False)


def fill_unit(part):
    """:return: what fills the sheet of one unit"""

    def fill(sheet):
        words, styles = sheet.labels, sheet.styles
        sheet.widths(46, 22, 12, 12, 12, 12, 12)
        sheet.set_up()
        sheet.text(0, part.name, styles.title)
        sheet.row += 1
        place = part.place
        if place:
            sheet.text(0, words["others"])
            sheet.figure(1, place.figure)
            sheet.row += 1
            if place.figure.margin:
                sheet.text(0, words["margin"])
                sheet.number(1, place.figure.margin, styles.figure(2))
                sheet.row += 1
            sheet.text(0, words["own"])
            sheet.figure(1, place.own)
            sheet.row += 1
            if place.band:
                sheet.text(0, words["band"])
                sheet.text(1, place.band)
                sheet.row += 1
            if place.rank:
                sheet.text(0, words["place"])
                sheet.number(1, place.rank, styles.count)
                sheet.text(2, words["all_ranked"] % {"count": part.ranked})
                sheet.row += 1
        if part.participation:
            sheet.text(0, words["participation"])
            sheet.participation(1, part.participation)
            sheet.row += 1
        sheet.row += 1
        if part.rows:
            _profile(sheet, part.rows, of_unit=True)

    return fill


def _profile(sheet, rows, of_unit):
    """The criteria with a chart beside them; those without a figure come last."""
    words = sheet.labels
    header = sheet.row
    columns = ["figure", "company", "own"] if of_unit else ["figure"]
    titles = {
        "figure": words["others" if of_unit else "company"],
        "company": words["company"],
        "own": words["own"],
    }
    sheet.header(
        [
            words["criterion"],
            words["group"],
            *(titles[name] for name in columns),
            *([words["gap"]] if of_unit else []),
            words["before"],
        ]
    )
    rows = sorted(
        rows,
        key=lambda row: [getattr(row, name).score is None for name in columns],
    )
    for row in rows:
        sheet.text(0, row.name, sheet.styles.wrapped)
        sheet.text(1, row.group)
        for column, name in enumerate(columns, 2):
            sheet.figure(column, getattr(row, name))
        column = 2 + len(columns)
        if of_unit:
            if None not in (row.own.score, row.figure.score):
                gap = row.own.score - row.figure.score
                formula = f"={sheet.cell(column - 1)}-{sheet.cell(2)}"
                sheet.formula(column, formula, gap, sheet.styles.figure(2))
            else:
                sheet.text(column, "–")
            column += 1
        sheet.figure(column, row.before)
        sheet.row += 1
    series = []
    for column, _name in enumerate(columns, 2):
        shown = [
            row
            for row in rows
            if all(
                getattr(row, name).score is not None for name in columns[: column - 1]
            )
        ]
        series.append((column, header + 1, header + len(shown)))
    chart = sheet.profile_chart(words["criteria"], 0, series)
    if chart:
        sheet.sheet.insert_chart(header, 8, chart)
