"""The scorecard on an employee's sheet: from facts to the coefficient."""

from ..tools.coefficient import LineScore, bearers
from .excel import score_formula

(
    INDICATOR,
    UNIT,
    WEIGHT,
    BASE,
    PLAN,
    CHALLENGE,
    FACT,
    SCORE,
    COUNTED,
    IN_FORCE,
    CONTRIBUTION,
    NOTE,
) = range(12)


def write_card(page, card):
    """Write the table of a scorecard.

    :return: cell of the coefficient, None when no line has a figure
    """
    _write_header(page)
    anchors = _write_anchors(page, card)
    first, last = page.row, page.row + len(card.lines) - 1
    borne = _borne_weights(page, card)
    counted = page.column(COUNTED, first, last)
    for line in card.lines:
        _write_line(page, line, anchors, borne[line.key], counted)
    return _write_coefficient(page, card, first, last)


def _write_header(page):
    labels = page.labels
    page.header(
        [
            labels.indicator,
            labels.unit,
            labels.weight,
            labels.base,
            labels.plan,
            labels.challenge,
            labels.fact,
            labels.score,
            labels.weight_counted,
            labels.weight_in_force,
            labels.contribution,
            labels.note,
        ]
    )


def _write_anchors(page, card):
    """The scores at base, plan and challenge, above those columns.

    :return: their cells
    """
    columns = (BASE, PLAN, CHALLENGE)
    if all(line.method != "anchors" for line in card.lines):
        return None
    page.text(INDICATOR, page.labels.score_at)
    for column, score in zip(columns, card.anchors, strict=True):
        page.number(column, score, page.styles.percent)
    cells = tuple(page.cell(column) for column in columns)
    page.row += 1
    return cells


def _borne_weights(page, card):
    """Which weights each line bears: its own, those it inherits, or none.

    :return: ``{key of a line: [(line, cell of its weight), ...]}``
    """
    borne = {line.key: [] for line in card.lines}
    bearer_keys = bearers(
        LineScore(
            line.key,
            line.weight,
            None if line.fact is None else line.score,
            line.missing,
            line.heir,
        )
        for line in card.lines
    )
    for place, line in enumerate(card.lines):
        if line.key in bearer_keys:
            cell = page.cell(WEIGHT, page.row + place)
            borne[bearer_keys[line.key]].append((line, cell))
    return borne


def _write_line(page, line, anchors, borne, counted):
    styles = page.styles
    figure = styles.figure(line.decimals)
    page.text(INDICATOR, line.indicator)
    page.text(UNIT, line.unit)
    page.number(WEIGHT, line.weight, styles.weight)
    for column, value in zip((BASE, PLAN, CHALLENGE), line.thresholds, strict=True):
        page.number(column, value, figure)
    if line.fact is not None:
        page.number(FACT, line.fact, figure)
        formula = score_formula(
            line.thresholds,
            line.method,
            page.cell(FACT),
            tuple(page.cell(column) for column in (BASE, PLAN, CHALLENGE)),
            anchors,
        )
        page.formula(SCORE, formula, line.score, styles.percent)
    else:
        page.text(FACT, page.labels.no_data)
        if line.missing == "zero":
            page.number(SCORE, 0, styles.percent)
    if borne:
        weights = "+".join(cell for _line, cell in borne)
        weight = sum(bearing.weight for bearing, _cell in borne)
        page.formula(COUNTED, f"={weights}", weight, styles.weight)
    else:
        page.number(COUNTED, 0, styles.weight)
    page.formula(
        IN_FORCE,
        f"=IF(SUM({counted})=0,0,{page.cell(COUNTED)}/SUM({counted}))",
        line.weight_in_force,
        styles.weight,
    )
    page.formula(
        CONTRIBUTION,
        f"={page.cell(IN_FORCE)}*{page.cell(SCORE)}",
        line.contribution,
        styles.percent,
    )
    page.text(NOTE, " ".join(_remarks(page.labels, line, borne)))
    page.row += 1


def _remarks(labels, line, borne):
    if line.fact is None:
        yield f"{labels.no_data}: {line.no_data}."
        if line.missing == "zero":
            yield labels.counts_as_zero
    inherited = [heirloom.indicator for heirloom, _cell in borne if heirloom != line]
    if inherited:
        yield f"{labels.heir}: {', '.join(inherited)}."


def _write_coefficient(page, card, first, last):
    page.text(INDICATOR, page.labels.coefficient, page.styles.bold)
    if card.coefficient is None:
        page.text(CONTRIBUTION, page.labels.no_data)
        page.row += 1
        return None
    weights = page.column(IN_FORCE, first, last)
    scores = page.column(SCORE, first, last)
    page.formula(
        CONTRIBUTION,
        f"=SUMPRODUCT({weights},{scores})",
        card.coefficient,
        page.styles.percent,
    )
    cell = page.cell(CONTRIBUTION)
    page.row += 1
    return cell
